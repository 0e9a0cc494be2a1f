"""Request bodies that are no pydantic model: spreadsheets, and dataclasses as `pos.core.codec` writes them."""

import dataclasses
import json
import types
from datetime import date
from enum import StrEnum
from functools import cache
from typing import Any, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from catalog.units import Quantity
from pos.core import codec
from pos.core.codec import CodecError
from pos.ledger.refusals import Invalid

T = TypeVar("T")

MOST_SHEET = 8 << 20
_MOST_TEXT = 200
_MOST_ITEMS = 2_000
_MOST_NUMBER = 10**12
_SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

XLSX: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {_SPREADSHEET: {"schema": {"type": "string", "format": "binary"}}},
    }
}
"""A spreadsheet as a route's body."""


def body(*kinds: type, description: str = "") -> dict[str, Any]:
    """One of these dataclasses as a route's body."""
    schemas = [schema(kind) for kind in kinds]
    shown = schemas[0] if len(schemas) == 1 else {"anyOf": schemas}
    return {
        "requestBody": {
            "required": True,
            "description": description,
            "content": {"application/json": {"schema": shown}},
        }
    }


def load(kind: type[T], data: bytes) -> T:
    """The value of JSON, whose fields may come in any order. Raises `Invalid`."""
    try:
        return codec.build(
            kind, _ordered(kind, json.loads(data, parse_int=_whole, parse_float=_refuse, parse_constant=_refuse))
        )
    except (ValueError, RecursionError) as error:
        raise Invalid("malformed", detail=str(error)[:80]) from None


@cache
def schema(kind: Any) -> dict[str, Any]:
    """The JSON schema of a value as `codec` writes it."""
    origin = get_origin(kind)
    if kind is str:
        return {"type": "string", "maxLength": _MOST_TEXT}
    if kind is int or (isinstance(kind, type) and issubclass(kind, Quantity)):
        return {"type": "integer", "minimum": -_MOST_NUMBER, "maximum": _MOST_NUMBER}
    if kind is types.NoneType:
        return {"type": "null"}
    if origin is tuple:
        return {"type": "array", "items": schema(get_args(kind)[0]), "maxItems": _MOST_ITEMS}
    if origin in (Union, types.UnionType):
        return {"anyOf": [schema(each) for each in get_args(kind)]}
    if issubclass(kind, StrEnum):
        return {"type": "string", "enum": [each.value for each in kind]}
    if issubclass(kind, date):
        return {"type": "string", "format": "date"}
    return _object(kind)


def _object(kind: type) -> dict[str, Any]:
    hints = get_type_hints(kind)
    names = [field.name for field in dataclasses.fields(cast(Any, kind))]
    return {
        "type": "object",
        "title": kind.__name__,
        "description": kind.__doc__ or "",
        "properties": {name: schema(hints[name]) for name in names},
        "required": names,
        "additionalProperties": False,
    }


def _ordered(kind: Any, data: Any) -> Any:
    """Plain data with every object's fields in the order of its dataclass, where they are those of one."""
    if isinstance(data, str | list) and len(data) > (_MOST_TEXT if isinstance(data, str) else _MOST_ITEMS):
        raise CodecError("too long")
    if isinstance(data, list) and get_origin(kind) is tuple:
        return [_ordered(get_args(kind)[0], each) for each in data]
    if not isinstance(data, dict):
        return data
    members = get_args(kind) if get_origin(kind) in (Union, types.UnionType) else (kind,)
    for member in members:
        if dataclasses.is_dataclass(member) and {field.name for field in dataclasses.fields(member)} == data.keys():
            hints = get_type_hints(member)
            return {field.name: _ordered(hints[field.name], data[field.name]) for field in dataclasses.fields(member)}
    return data


def _whole(number: str) -> int:
    found = int(number)
    if abs(found) > _MOST_NUMBER:
        raise CodecError("number too large")
    return found


def _refuse(number: str) -> Any:
    raise CodecError(f"not an integer: {number[:20]}")
