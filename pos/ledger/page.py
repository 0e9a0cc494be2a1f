"""Pages that the ledger draws itself, readable on any telephone: a receipt's check, and the notice for the board.

No scripts, nothing fetched from elsewhere, no cookies: everything is in the one answer, and its headers say so. The
amounts are what the paper says too; who it was is nowhere.
"""

import hashlib
from base64 import b64encode
from functools import cache
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Header, Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from catalog.units import Fen, Points
from pos.core.local_time import local_time
from pos.i18n import Words
from pos.ledger import notices, receipts
from pos.ledger.api.common import TheLedger, Township, limited
from pos.ledger.receipts import Stated, Verdict

router = APIRouter(tags=["pages"], dependencies=[limited("read")], include_in_schema=False)

_FOLDER = Path(__file__).parent / "templates"
_LAST_WALL = 253_402_000_000_000
"""The year 9999: a device's clock may say anything."""
_KINDS = frozenset({"weigh", "redeem", "reverse", "take-back", "voucher", "confirm", "cash", "day-close"})
_STATUS = {Verdict.UNKNOWN: 404}


@router.get("/R/{number}/{code}")
def receipt(
    request: Request, ledger: TheLedger, number: str, code: str, accept_language: Annotated[str, Header()] = ""
) -> HTMLResponse:
    """What the QR code on a paper leads to."""
    words, language = _words(request, accept_language)
    checked = receipts.check(ledger, number, code)
    lines = _lines(checked.stated, words) if checked.stated else []
    facts = {"verdict": checked.verdict.value, "number": checked.number, "lines": lines, "stated": checked.stated}
    return _answer("receipt.html", _STATUS.get(checked.verdict, 200), words, language=language, **facts)


@router.get("/N/{township}")
def notice(
    request: Request, ledger: TheLedger, township: Township, accept_language: Annotated[str, Header()] = ""
) -> HTMLResponse:
    """The notice for the board, to be printed on one sheet."""
    words, language = _words(request, accept_language)
    return _answer("notice.html", 200, words, language=language, notice=notices.notice(ledger, township))


def _lines(stated: Stated, words: Words) -> list[tuple[str, str, bool]]:
    """What the receipt says: label, value, and whether it is a figure; nothing that is not on the paper."""
    kind = words(f"kind.{stated.kind if stated.kind in _KINDS else 'other'}")
    time = local_time(stated.wall, stated.utc_offset_minutes) if 0 <= stated.wall < _LAST_WALL else "-"
    found = [
        (words("page.kind"), kind, False),
        (words("page.store"), f"{stated.store_name} {stated.store}", False),
        (words("page.time"), time, False),
    ]
    if stated.points:
        points = _signed(Points(stated.points))
        found.append((words("page.points"), words("page.points-value", points=points), True))
    if stated.cash:
        found.append((words("page.cash"), words("page.cash-value", yuan=_signed(Fen(stated.cash))), True))
    return found


def _signed(figure: Points | Fen) -> str:
    return f"+{figure}" if figure.amount > 0 else str(figure)


def _words(request: Request, accept_language: str) -> tuple[Words, str]:
    """The words of the language that the telephone asks for first, of those there are."""
    found: dict[str, Words] = request.app.state.words
    asked = (part.partition(";")[0].strip().lower()[:2] for part in accept_language.split(","))
    language = next((each for each in asked if each in found), "zh")
    return found[language], language


def _answer(name: str, status: int, words: Words, **facts: object) -> HTMLResponse:
    template, style = _template(name)
    policy = (
        f"default-src 'none'; style-src 'sha256-{style}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )

    def say(name: str) -> str:
        return words(f"page.{name}")

    headers = {"Content-Security-Policy": policy, "X-Frame-Options": "DENY", "Permissions-Policy": "camera=()"}
    return HTMLResponse(template.render(say=say, **facts), status, headers)


@cache
def _template(name: str) -> tuple[Template, str]:
    """A template, and the hash that lets its style in."""
    environment = Environment(loader=FileSystemLoader(_FOLDER), autoescape=True, undefined=StrictUndefined)
    style = (_FOLDER / "style.css").read_text(encoding="utf-8")
    environment.globals["style"] = style
    return environment.get_template(name), b64encode(hashlib.sha256(style.encode()).digest()).decode()
