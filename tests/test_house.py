"""Style, types and import rules, each by its own tool, so that one command checks all."""

import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent


def run(*command: str) -> None:
    """Run a tool of this virtual environment at the repository's root; its output is the failure."""
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.returncode == 0, f"{' '.join(command)}\n{done.stdout}{done.stderr}"


def test_format() -> None:
    run(sys.executable, "-m", "ruff", "format", "--check", "--diff", ".")


def test_lint() -> None:
    run(sys.executable, "-m", "ruff", "check", "--output-format", "concise", ".")


def test_types() -> None:
    run(sys.executable, "-m", "mypy")


def test_import_contracts() -> None:
    tool = shutil.which("lint-imports", path=str(Path(sys.executable).parent))
    assert tool, "import-linter is not installed beside this interpreter"
    run(tool, "--no-cache")
