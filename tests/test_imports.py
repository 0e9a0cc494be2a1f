"""What a command may load before it has anything to do: imports are the till's start-up time.

The contracts in pyproject.toml see what a module imports at its top; only a running interpreter sees the rest.
"""

import json
import os
import subprocess
import sys

import pytest

HEAVY = {
    "alembic", "cv2", "escpos", "fastapi", "httpx", "openpyxl", "pydantic_settings", "sqlalchemy", "typer.rich_utils",
}  # fmt: skip
DRAWING = {"PIL", "argon2", "cryptography", "numpy"}
HARDWARE = {"drivers", "serial", "textual"}  # what the village ledger's server does without

PROBE = """
import atexit, json, sys
atexit.register(lambda: print(json.dumps(sorted(sys.modules)), file=sys.stderr))
sys.argv = ["pos"] + sys.argv[1:]
"""
COMMAND = PROBE + "from pos.__main__ import main\nmain()\n"
FIRST_PAINT = PROBE + "import pos.tui.app\n"
FIRST_CARD = FIRST_PAINT + "import pos.station, pos.tui.screens.home, pos.tui.screens.login\n"
LATER = {"pos.core.kinds", "pos.core.redemption", "pos.core.weigh_in", "pos.counter.paper", "pos.tui.menu"}


def loaded(code: str, *arguments: str) -> set[str]:
    """The modules a fresh interpreter holds when it has run the code, which must end well."""
    done = subprocess.run(
        [sys.executable, "-X", "utf8", "-c", code, *arguments],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        env=os.environ | {"TERM": "dumb"},
    )
    assert done.returncode == 0, done.stderr
    modules: list[str] = json.loads(done.stderr.splitlines()[-1])
    return set(modules)


@pytest.mark.parametrize(
    ("code", "arguments", "banned"),
    [
        pytest.param(COMMAND, ["till", "--help"], HEAVY | DRAWING, id="pos till --help"),
        pytest.param(COMMAND, ["ledger", "--help"], HEAVY | DRAWING | HARDWARE, id="pos ledger --help"),
        pytest.param(FIRST_PAINT, [], HEAVY | DRAWING, id="first paint"),
        pytest.param(FIRST_CARD, [], HEAVY - {"sqlalchemy"} | {"PIL", "numpy"} | LATER, id="ready for a card"),
    ],
)
def test_loads_nothing_heavy(code: str, arguments: list[str], banned: set[str]) -> None:
    assert not loaded(code, *arguments) & banned


def test_a_deferred_import_is_seen() -> None:
    assert "sqlalchemy" in loaded(PROBE + "def late():\n    import sqlalchemy\nlate()\n")
