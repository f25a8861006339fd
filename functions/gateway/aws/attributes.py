"""Plain Python values ⇄ DynamoDB attribute values.

| Python | DynamoDB |
|---|---|
| str | S |
| bool | BOOL |
| int, Decimal | N (exact; at most 38 significant digits) |
| bytes | B |
| None | NULL |
| Mapping with str names | M |
| list, tuple | L |

Reading gives back the same types: an integral number is an `int`, any other a `Decimal`; sets (written by others) become frozensets.
`float` is refused on purpose: it cannot be stored exactly, and amounts of money pass through here.
https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_AttributeValue.html
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

_INT_LIMIT = 10**38


class NotStorable(ValueError):
    """The value has no exact form in DynamoDB. The message names its type, never its content."""


def encode(value: Any) -> dict[str, Any]:
    """The attribute value of a Python value; NotStorable when there is none."""
    if isinstance(value, str):
        return {"S": value}
    if value is True or value is False:
        return {"BOOL": value}
    if value is None:
        return {"NULL": True}
    if isinstance(value, int | Decimal):
        return {"N": _number(value)}
    if isinstance(value, bytes | bytearray | memoryview):
        return {"B": b64encode(value).decode("ascii")}
    if isinstance(value, Mapping):
        return {"M": encode_item(value)}
    if isinstance(value, list | tuple):
        return {"L": [encode(item) for item in value]}
    raise NotStorable(f"{type(value).__name__} cannot be stored")


def encode_item(item: Mapping[str, Any]) -> dict[str, Any]:
    """All attributes of an item."""
    try:
        return {name: {"S": value} if type(value) is str else encode(value) for name, value in item.items()}
    except RecursionError:
        raise NotStorable("nested too deeply") from None


def _number(value: int | Decimal) -> str:
    if isinstance(value, int):
        if not -_INT_LIMIT < value < _INT_LIMIT:
            raise NotStorable("an integer of more than 38 digits cannot be stored")
        return str(int(value))
    if not value.is_finite() or len(value.as_tuple().digits) > 38:
        raise NotStorable("a number that is not finite or has more than 38 digits cannot be stored")
    return str(value)


def decode(attribute: Mapping[str, Any]) -> Any:
    """The Python value of an attribute value; ValueError when it is none."""
    if len(attribute) != 1:
        raise ValueError("an attribute value has exactly one type")
    kind, raw = next(iter(attribute.items()))
    if kind in {"S", "BOOL"}:
        return raw
    if kind == "N":
        return _read_number(raw)
    if kind == "B":
        return b64decode(raw)
    if kind == "NULL":
        return None
    if kind == "M":
        return decode_item(raw)
    if kind == "L":
        return [decode(item) for item in raw]
    if kind in {"SS", "NS", "BS"}:
        return frozenset(decode({kind[0]: item}) for item in raw)
    raise ValueError(f"unknown attribute type {kind!r}")


def decode_item(item: Mapping[str, Any]) -> dict[str, Any]:
    """All attributes of an item."""
    return {name: decode(value) for name, value in item.items()}


def _read_number(text: str) -> int | Decimal:
    try:
        return int(text)
    except ValueError:
        value = Decimal(text)
    return int(value) if value == value.to_integral_value() else value
