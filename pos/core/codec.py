"""Values to JSON and back, strictly: what one release wrote, every later one reads as the same value or refuses.

Dataclasses become objects in field order, tuples arrays, quantities and enums their numbers and words, dates ISO text.
There are no floats and no booleans. A union of dataclasses is told apart by its field names.
"""

import dataclasses
import json
import types
from collections.abc import Callable
from datetime import date
from enum import StrEnum
from functools import cache
from typing import Any, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from catalog.units import Quantity

T = TypeVar("T")


class CodecError(ValueError):
    """Text that is not the canonical form of the value asked for."""


def plain(value: object) -> Any:
    """`value` as objects, arrays, text and integers."""
    if value is None or type(value) is int or type(value) is str:
        return value
    if isinstance(value, Quantity):
        return value.amount
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, tuple):
        return [plain(item) for item in value]
    if isinstance(value, date):
        return value.isoformat()
    if dataclasses.is_dataclass(value):
        kind: Any = type(value)
        return {name: plain(getattr(value, name)) for name in _names(kind)}
    raise CodecError(f"{type(value).__name__} has no canonical form")


def dumps(data: Any) -> bytes:
    """Plain data as one canonical line: UTF-8, fixed key order, no white space."""
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()


def loads(line: bytes) -> Any:
    """The plain data of one canonical line. Raises `CodecError` for anything `dumps` would write differently."""
    try:
        data = json.loads(line, parse_float=_refuse)
        again = dumps(data)
    except (ValueError, RecursionError) as error:
        raise CodecError(str(error)) from None
    if again != line:
        raise CodecError("not in canonical form")
    return data


def refuse_booleans(data: Any) -> None:
    """Raises `CodecError` when there is a true or false anywhere in plain `data`."""
    match data:
        case bool():
            raise CodecError("no booleans")
        case dict():
            refuse_booleans(list(data.values()))
        case list():
            for item in data:
                refuse_booleans(item)


def build(kind: type[T], data: Any) -> T:
    """The value of type `kind` that plain `data` stands for. Raises `CodecError` when it stands for none."""
    wanted: Any = kind
    return cast(T, _builder(wanted)(data))


def _refuse(text: str) -> None:
    raise CodecError(f"not an integer: {text[:20]}")


@cache
def _names(kind: Any) -> tuple[str, ...]:
    return tuple(field.name for field in dataclasses.fields(kind))


@cache
def _builder(kind: Any) -> Callable[[Any], Any]:
    origin = get_origin(kind)
    if kind in (int, str, type(None)):
        return lambda data: _exactly(kind, data)
    if origin is tuple:
        return _tuple_builder(kind)
    if origin in (Union, types.UnionType):
        return _union_builder(kind)
    if issubclass(kind, Quantity):
        return lambda data: _made(kind, _exactly(int, data))
    if issubclass(kind, StrEnum):
        return lambda data: _made(kind, _exactly(str, data))
    if issubclass(kind, date):
        return lambda data: _made(date.fromisoformat, _exactly(str, data))
    return _dataclass_builder(kind)


def _exactly(kind: type, data: Any) -> Any:
    if type(data) is not kind:
        raise CodecError(f"{kind.__name__} expected")
    return data


def _made(make: Callable[..., Any], *values: Any) -> Any:
    try:
        return make(*values)
    except ValueError as error:
        raise CodecError(str(error)) from None


def _tuple_builder(kind: Any) -> Callable[[Any], Any]:
    item, rest = get_args(kind)
    if rest is not Ellipsis:
        raise TypeError("only tuples of one type have a canonical form")

    def make(data: Any) -> Any:
        return tuple(_builder(item)(each) for each in _exactly(list, data))

    return make


def _union_builder(kind: Any) -> Callable[[Any], Any]:
    members = get_args(kind)
    classes: list[Any] = [m for m in members if dataclasses.is_dataclass(m) and not issubclass(cast(type, m), Quantity)]
    by_names = {frozenset(_names(m)): m for m in classes}
    if len(by_names) != len(classes):
        raise TypeError("classes of one union need different field names")
    simple = [m for m in members if m is not type(None) and m not in classes]

    def make(data: Any) -> Any:
        if data is None and type(None) in members:
            return None
        if isinstance(data, dict) and frozenset(data) in by_names:
            return _builder(by_names[frozenset(data)])(data)
        if len(simple) != 1:
            raise CodecError("no member of the union fits")
        return _builder(simple[0])(data)

    return make


def _dataclass_builder(kind: Any) -> Callable[[Any], Any]:
    hints = get_type_hints(kind)
    names = _names(kind)

    def make(data: Any) -> Any:
        if not isinstance(data, dict) or tuple(data) != names:
            raise CodecError(f"fields of {kind.__name__} expected")
        return _made(kind, *[_builder(hints[name])(data[name]) for name in names])

    return make
