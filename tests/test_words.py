"""Every message stands in every language, says what the code asks of it, and is as wide as it looks."""

import ast
import importlib
import io
import pkgutil
import string
import unicodedata
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TypeVar

import pytest
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

import drivers
import pos.core
from drivers.errors import DriverError
from drivers.scanner.codes import Flaw
from pos import i18n
from pos.core.refusals import Refused

ROOT = Path(__file__).parent.parent
SOURCES = sorted(path for folder in ("catalog", "drivers", "pos") for path in (ROOT / folder).rglob("*.py"))

T = TypeVar("T")

CALLED = {"t", "words"}
"""Names under which the sources call `Words`, bare or as an attribute."""

BY_CODE = ("fault.", "refused.", "scan.")
"""Ids made from a code at run time; each family is checked against its codes below."""

AMBIGUOUS_ALLOWED = set("●○×√·─│┌┐└┘")
"""Signs of ambiguous width that the shipped terminal and font draw as one cell."""


def texts(language: str) -> dict[str, str]:
    """The language's source texts by id."""
    with (i18n.LOCALE / language / "LC_MESSAGES" / "pos.po").open("rb") as source:
        return {str(message.id): str(message.string) for message in read_po(source) if message.id}


TEXTS = {language: texts(language) for language in i18n.LANGUAGES}
ZH = TEXTS["zh_CN"]


def placeholders(text: str) -> set[str]:
    """The names between braces."""
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def treacherous(text: str) -> set[str]:
    """Characters that one terminal draws in one cell and another in two."""
    return {sign for sign in text if unicodedata.east_asian_width(sign) == "A"} - AMBIGUOUS_ALLOWED


def calls(source: str) -> Iterator[tuple[str, set[str] | None]]:
    """Each message asked for by a literal id, with the fields given; None where they are unpacked."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        first = node.args[0]
        if name in CALLED and isinstance(first, ast.Constant) and isinstance(first.value, str):
            given = {keyword.arg for keyword in node.keywords}
            yield first.value, None if None in given else {field for field in given if field}


def literals(source: str) -> tuple[set[str], set[str]]:
    """All strings of a source, and the leading parts of its f-strings."""
    whole, leading = set(), set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            whole.add(node.value)
        elif isinstance(node, ast.JoinedStr) and node.values and isinstance(node.values[0], ast.Constant):
            leading.add(str(node.values[0].value))
    return whole, leading


def raises(source: str, classes: Mapping[str, str]) -> Iterator[tuple[str, set[str]]]:
    """Each refusal made by name, as its code with the fields given to it."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            given = {keyword.arg for keyword in node.keywords}
            if name in classes and None not in given:
                yield classes[name], {field for field in given if field}


def descendants(base: type[T]) -> Iterator[type[T]]:
    """The classes under a base, all the way down."""
    for child in base.__subclasses__():
        yield child
        yield from descendants(child)


def faults() -> set[str]:
    """The code of every fault a driver can report."""
    for module in pkgutil.walk_packages(drivers.__path__, "drivers."):
        importlib.import_module(module.name)
    return {DriverError.code} | {child.code for child in descendants(DriverError) if "code" in vars(child)}


def refusals() -> dict[str, str]:
    """Code by class name, of every refusal the rules can make."""
    for module in pkgutil.iter_modules(pos.core.__path__, "pos.core."):
        importlib.import_module(module.name)
    return {child.__name__: child.code for child in descendants(Refused) if "code" in vars(child)}


def test_every_language_has_every_message() -> None:
    assert all(TEXTS[language].keys() == ZH.keys() for language in i18n.LANGUAGES)
    assert not [msgid for of in TEXTS.values() for msgid, text in of.items() if not text.strip()]


def test_placeholders_agree() -> None:
    assert not [m for m, text in ZH.items() for of in TEXTS.values() if placeholders(of[m]) != placeholders(text)]


def test_compiled_is_what_the_sources_say() -> None:
    for language in i18n.LANGUAGES:
        folder = i18n.LOCALE / language / "LC_MESSAGES"
        with (folder / "pos.po").open("rb") as source:
            write_mo(compiled := io.BytesIO(), read_po(source))
        assert compiled.getvalue() == (folder / "pos.mo").read_bytes(), "run: pybabel compile -d pos/locale -D pos"


def test_words() -> None:
    words = i18n.load("zh_CN")

    assert words.language == "zh_CN"
    assert "3.00" in words("refused.points-short", short="3.00")
    with pytest.raises(KeyError):
        words("refused.no-such-thing")
    with pytest.raises(KeyError):
        words("refused.points-short")
    with pytest.raises(ValueError, match="fr"):
        i18n.load("fr")


def test_every_refusal_has_a_message() -> None:
    codes = set(refusals().values())
    assert {m.removeprefix("refused.") for m in ZH if m.startswith("refused.")} == codes


def test_every_refusal_is_given_what_its_message_names() -> None:
    classes = refusals()
    made = [(path, *one) for path in SOURCES for one in raises(path.read_text(encoding="utf-8"), classes)]
    assert not [
        f"{path}: {code} lacks {lacks}"
        for path, code, given in made
        if (lacks := placeholders(ZH.get(f"refused.{code}", "")) - given)
    ]


def test_every_fault_has_a_message() -> None:
    assert {m.removeprefix("fault.") for m in ZH if m.startswith("fault.")} == faults()


def test_every_flaw_of_a_scan_has_a_message() -> None:
    assert {m.removeprefix("scan.") for m in ZH if m.startswith("scan.")} == {flaw.value for flaw in Flaw}


def test_no_sign_of_doubtful_width() -> None:
    assert not {m: treacherous(text) for of in TEXTS.values() for m, text in of.items() if treacherous(text)}


def test_every_message_asked_for_exists() -> None:
    asked = [(path, *one) for path in SOURCES for one in calls(path.read_text(encoding="utf-8"))]
    assert not [f"{path}: {msgid}" for path, msgid, _ in asked if msgid not in ZH]
    assert not [f"{path}: {m}" for path, m, given in asked if given is not None and given != placeholders(ZH[m])]


def test_no_message_is_idle() -> None:
    found = [literals(path.read_text(encoding="utf-8")) for path in SOURCES]
    whole = set().union(*(w for w, _ in found))
    families = BY_CODE + tuple(prefix for _, leading in found for prefix in leading if prefix.endswith("."))
    assert not [msgid for msgid in ZH if msgid not in whole and not msgid.startswith(families)]


def test_faults_are_found() -> None:
    assert treacherous("还差“三”分…") == set("“”…")
    assert not treacherous("●稳定 ○ × √ 「好」，-3.00")
    assert placeholders("还差 {short} 分") == {"short"}
    assert list(calls("self.words('home.scan', n=1); t('a'); other('b'); words('c', **d)")) == [
        ("home.scan", {"n"}),
        ("a", set()),
        ("c", None),
    ]
    assert literals("x = f'kind.{k}' + 'home.scan'")[1] == {"kind."}
    assert list(raises("raise PointsShort(short=1)", {"PointsShort": "points-short"})) == [("points-short", {"short"})]
