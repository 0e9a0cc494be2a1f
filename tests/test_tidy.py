"""What no tool checks: size, purity, who may read clock, chance and environment, and what must not be left behind.

Each check is a function from source text to complaints, and is shown a bad piece of source before it is believed.
"""

import ast
import io
import re
import subprocess
import sys
import tokenize
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PRODUCT = sorted(path for folder in ("catalog", "drivers", "pos") for path in (ROOT / folder).rglob("*.py"))
TESTS = sorted((ROOT / "tests").rglob("*.py"))
PURE = [path for path in PRODUCT if path.relative_to(ROOT).as_posix().startswith(("catalog/", "pos/core/"))]

MODULE_LINES, FUNCTION_LINES, USUAL_FUNCTION_LINES = 400, 60, 30

PURE_IMPORTS = {
    "__future__", "abc", "base64", "bisect", "collections", "contextlib", "copy", "dataclasses", "datetime", "decimal",
    "enum", "fractions", "functools", "hashlib", "heapq", "hmac", "itertools", "json", "operator", "re", "string",
    "struct", "types", "typing", "unicodedata",
}  # fmt: skip

READS = {
    "wall clock": (
        "time.time", "time.time_ns", "time.localtime", "time.gmtime", "time.strftime", "time.ctime",
        "datetime.datetime.now", "datetime.datetime.utcnow", "datetime.datetime.today", "datetime.date.today",
    ),
    "monotonic clock": ("time.monotonic", "time.monotonic_ns", "time.perf_counter", "time.perf_counter_ns"),
    "chance": ("random", "secrets", "uuid", "os.urandom", "os.getrandom"),
    "environment": (
        "os.environ", "os.environb", "os.getenv", "os.putenv", "os.path.expanduser", "pathlib.Path.home",
        "pathlib.Path.cwd", "os.getcwd", "platformdirs", "getpass", "locale", "socket.gethostname",
    ),
}  # fmt: skip

READERS = {
    "wall clock": {"pos/clock.py"},
    "monotonic clock": {"pos/clock.py", "drivers/reader.py", "drivers/scanner/serial.py"}
    | {"drivers/printer/", "drivers/scale/", "drivers/simulated/", "drivers/camera/", "pos/demo/script.py"},
    "chance": {"pos/ledger/keys.py", "pos/storage/keys.py", "drivers/simulated/"},
    "environment": {"pos/places.py", "drivers/camera/source.py"},
}
"""Who may: a module, or a folder ending in a slash. Everybody else takes what they need as an argument."""

LOOP_TOPS = {
    "drivers/reader.py", "drivers/camera/camera.py", "pos/printing/loop.py", "pos/sync/loop.py", "pos/tui/app.py",
}  # fmt: skip
"""Where `except Exception` may stand, once each: the loops that must outlive any bug."""

PRINTERS = {"pos/cli/main.py", "pos/demo/live.py", "pos/demo/script.py"}
"""Who may `print`: standard output belongs to the commands."""


FOUND_BY_NAME = (
    "drivers.scale.protocols.", "drivers.simulated.", "pos.__main__", "pos.cli.", "pos.storage.migrations.",
    "pos.tui.screens.", "pos.ledger.migrations.",
)  # fmt: skip
"""Modules that nothing imports at its top: commands, and what configuration or a tool names."""


def name_of(path: Path) -> str:
    """A path as the tables above write it."""
    return path.relative_to(ROOT).as_posix()


def may(name: str, allowed: set[str]) -> bool:
    """Whether a module is in the set, by itself or by its folder."""
    return any(name == entry or (entry.endswith("/") and name.startswith(entry)) for entry in allowed)


def function_sizes(source: str) -> Iterator[tuple[int, str]]:
    """Each function's length in lines, with where it is."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno:
            yield node.end_lineno - node.lineno + 1, f"{node.lineno}: {node.name}"


def oversize(source: str) -> Iterator[str]:
    """A module or a function over the hard limit."""
    if (lines := source.count("\n")) > MODULE_LINES:
        yield f"module of {lines} lines"
    yield from (f"{where} of {lines} lines" for lines, where in function_sizes(source) if lines > FUNCTION_LINES)


def imports(source: str) -> Iterator[tuple[int, str, str]]:
    """Line, the name bound here, and the full name it stands for; imports inside functions too."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            for alias in node.names:
                full = alias.name if alias.asname else alias.name.partition(".")[0]
                yield node.lineno, alias.asname or full, full
                if full != alias.name:
                    yield node.lineno, full, alias.name
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                yield node.lineno, alias.asname or alias.name, f"{node.module}.{alias.name}"


def impure(source: str) -> Iterator[str]:
    """What keeps a module from being a pure function of its arguments: imports, built-ins that touch the world."""
    for line, _, full in imports(source):
        top = full.partition(".")[0]
        if top not in PURE_IMPORTS and not full.startswith(("catalog.", "pos.core.")):
            yield f"{line}: imports {full}"
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Name) and node.id in {"open", "input", "print", "eval", "exec", "__import__"}:
            yield f"{node.lineno}: {node.id}"


def floating(source: str) -> Iterator[str]:
    """A float by name or by number, and `/`, which makes one of two integers."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Name(id="float" | "complex", lineno=line):
                yield f"{line}: float"
            case ast.Constant(value=float() | complex(), lineno=line):
                yield f"{line}: float literal"
            case ast.BinOp(op=ast.Div(), lineno=line) | ast.AugAssign(op=ast.Div(), lineno=line):
                yield f"{line}: true division"


def reads(source: str, kind: str) -> Iterator[str]:
    """A use of the clock, of chance or of the environment, under whatever name it was imported."""
    bound: dict[str, str] = {}
    for _, name, full in imports(source):
        bound.setdefault(name, full)
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Attribute | ast.Name) and isinstance(node.ctx, ast.Load):
            first, *rest = ast.unparse(node).split(".")
            full = ".".join([bound.get(first, ""), *rest])
            if any(full == banned or full.startswith(banned + ".") for banned in READS[kind]):
                yield f"{node.lineno}: {full}"


def left_over(source: str) -> Iterator[str]:
    """A promise in a comment or docstring, or a debugger's trace."""
    promise = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT and promise.search(token.string):
            yield f"{token.start[0]}: {token.string}"
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            if promise.search(ast.get_docstring(node) or ""):
                yield "docstring with a promise"
        elif isinstance(node, ast.Name) and node.id == "breakpoint":
            yield f"{node.lineno}: breakpoint"


def prints(source: str) -> Iterator[str]:
    """A use of `print`."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Name) and node.id == "print":
            yield f"{node.lineno}: print"


def more_than_docstring(source: str) -> Iterator[str]:
    """Anything in a package's `__init__.py` that is not its one docstring."""
    tree = ast.parse(source)
    if len(tree.body) != 1 or not ast.get_docstring(tree):
        yield "holds more or less than one docstring"


def broad_excepts(source: str) -> list[str]:
    """Handlers that take any exception there is and do not raise it again."""
    broad = re.compile(r"\b(Base)?Exception\b")
    return [
        f"{node.lineno}: broad except"
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or broad.search(ast.unparse(node.type)))
        and ast.unparse(node.body[-1]) != "raise"
    ]


def dead_modules(sources: dict[str, str]) -> set[str]:
    """Of sources by dotted module name, those that no other source imports."""
    used = {full for name, source in sources.items() for _, _, full in imports(source) if full != name}
    return {name for name in sources if not any(full == name or full.startswith(name + ".") for full in used)}


def commented_out(paths: list[Path]) -> str:
    """What ruff takes for code in comments."""
    command = [sys.executable, "-m", "ruff", "check", "--isolated", "--no-cache", "--select", "ERA", *map(str, paths)]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
    return "" if done.returncode == 0 else done.stdout + done.stderr


def complaints(check: str, paths: list[Path]) -> list[str]:
    """All that one check finds in the files."""
    return [f"{name_of(path)}:{found}" for path in paths for found in CHECKS[check](path.read_text(encoding="utf-8"))]


CHECKS = {
    "floating": floating,
    "impure": impure,
    "left_over": left_over,
    "more_than_docstring": more_than_docstring,
    "oversize": oversize,
    "prints": prints,
}


def test_size() -> None:
    assert not complaints("oversize", PRODUCT + TESTS)


def test_a_usual_function_is_short() -> None:
    sizes = sorted(lines for path in PRODUCT for lines, _ in function_sizes(path.read_text(encoding="utf-8")))
    assert sizes[len(sizes) * 95 // 100] <= USUAL_FUNCTION_LINES


def test_the_rules_are_pure() -> None:
    assert not complaints("impure", PURE)


def test_no_float_near_points_grams_and_money() -> None:
    assert not complaints("floating", PURE)


@pytest.mark.parametrize("kind", READS)
def test_the_world_is_read_in_one_place(kind: str) -> None:
    others = [path for path in PRODUCT if not may(name_of(path), READERS[kind])]
    assert not [f"{name_of(path)}:{f}" for path in others for f in reads(path.read_text(encoding="utf-8"), kind)]


def test_nothing_left_over() -> None:
    assert not complaints("left_over", PRODUCT + TESTS)
    assert not complaints("prints", [path for path in PRODUCT if not may(name_of(path), PRINTERS)])
    assert not commented_out(PRODUCT + TESTS)


def test_packages_hold_a_docstring_only() -> None:
    assert not complaints("more_than_docstring", [path for path in PRODUCT if path.name == "__init__.py"])


def test_no_module_is_dead() -> None:
    modules = {
        name_of(path).removesuffix(".py").replace("/", "."): path.read_text(encoding="utf-8")
        for path in PRODUCT
        if path.name != "__init__.py"
    }
    assert not {name for name in dead_modules(modules) if not name.startswith(FOUND_BY_NAME)}


def test_only_loop_tops_catch_everything() -> None:
    found = {name_of(path): broad_excepts(path.read_text(encoding="utf-8")) for path in PRODUCT}
    assert not {name: f for name, f in found.items() if len(f) > (1 if name in LOOP_TOPS else 0)}


@pytest.mark.parametrize(
    ("check", "bad"),
    [
        ("floating", "x: float"),
        ("floating", "x = 1.5"),
        ("floating", "x = 1e3"),
        ("floating", "x = 3 / 2"),
        ("floating", "x /= 2"),
        ("impure", "import sqlite3"),
        ("impure", "from os import path"),
        ("impure", "import collections, time"),
        ("impure", "from pos.storage import store"),
        ("impure", "def f():\n    import secrets"),
        ("impure", "text = open('prices.csv')"),
        ("left_over", "x = 1  # TODO later"),
        ("left_over", 'def f():\n    """FIXME."""'),
        ("left_over", "breakpoint()"),
        ("more_than_docstring", ""),
        ("more_than_docstring", '"""Doc."""\nfrom x import y'),
        ("oversize", "x = 1\n" * 401),
        ("oversize", "def f():\n" + "    x = 1\n" * 60),
        ("prints", "print(1)"),
    ],
)
def test_a_fault_is_found(check: str, bad: str) -> None:
    assert list(CHECKS[check](bad))


@pytest.mark.parametrize(
    ("kind", "bad"),
    [
        ("wall clock", "from datetime import datetime\nx = datetime.now(UTC)"),
        ("wall clock", "import datetime as dt\nx = dt.date.today()"),
        ("wall clock", "import time\nx = time.time()"),
        ("wall clock", "import time\nread = time.time"),
        ("monotonic clock", "from time import monotonic as now\nx = now()"),
        ("chance", "from random import choice\nx = choice([1])"),
        ("chance", "import secrets\nx = secrets.token_bytes(8)"),
        ("chance", "import os\nx = os.urandom(8)"),
        ("environment", "import os\nx = os.environ['HOME']"),
        ("environment", "import os.path\nx = os.path.expanduser('~')"),
        ("environment", "from pathlib import Path\nx = Path.home()"),
    ],
)
def test_a_read_of_the_world_is_found(kind: str, bad: str) -> None:
    assert list(reads(bad, kind))


def test_what_is_fine_passes() -> None:
    fine = '"""Doc."""\n\nfrom datetime import datetime\n\n\ndef f(now: datetime) -> int:\n    return now.year // 2\n'
    assert not [found for check in ("floating", "impure", "left_over", "oversize") for found in CHECKS[check](fine)]
    assert not [found for kind in READS for found in reads(fine, kind)]


@pytest.mark.parametrize("bad", ["except Exception:", "except (ValueError, BaseException):", "except:"])
def test_a_broad_except_is_found(bad: str) -> None:
    assert broad_excepts(f"try:\n    x = 1\n{bad}\n    x = 2\n")


def test_a_broad_except_that_raises_again_is_fine() -> None:
    assert not broad_excepts("try:\n    x = 1\nexcept BaseException:\n    x = 2\n    raise\n")


def test_a_dead_module_is_found() -> None:
    assert dead_modules({"a.b": "from a import c", "a.c": "", "a.d": "import a.d, a.e", "a.e": "x = 1"}) == {
        "a.b",
        "a.d",
    }


def test_commented_out_code_is_found(tmp_path: Path) -> None:
    bad = tmp_path / "bad.py"
    bad.write_text("# total = add(a, b)\n", encoding="utf-8")
    assert commented_out([bad])
