"""Goods and services found by what a keeper types: the digits of a code, or the pinyin initials of a name."""

from collections.abc import Iterable
from typing import TypeVar

from catalog.goods import Good, Service

T = TypeVar("T", Good, Service, Good | Service)


def find(goods: Iterable[T], typed: str) -> list[T]:
    """Goods and services that `typed` may mean, the best first; none for nothing typed.

    Digits are a code's number (`16`, `016`) or the end of a barcode; letters are initials from their beginning, then
    anywhere in them, or a whole code.
    """
    text = typed.strip().lower()
    if not text:
        return []
    ranked = [(rank, good.code, good) for good in goods if (rank := _rank(good, text)) is not None]
    return [good for *_, good in sorted(ranked, key=lambda found: found[:2])]


def _rank(good: Good | Service, text: str) -> int | None:
    if text.isdecimal():
        number = good.code.lstrip("abcdefghijklmnopqrstuvwxyz")
        if number.lstrip("0") == text.lstrip("0"):
            return 0
        if number.startswith(text) or number.lstrip("0").startswith(text):
            return 1
        return 2 if len(text) >= 4 and any(code.endswith(text) for code in good.barcodes) else None
    if text in (good.code, good.initials):
        return 0
    if good.initials.startswith(text) or good.code.startswith(text):
        return 1
    return 2 if text in good.initials else None
