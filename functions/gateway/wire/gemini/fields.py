"""Reading a client's JSON strictly: each check names the field that is wrong. Null and absent are the same, as in protobuf's JSON form."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from gateway.errors import InvalidRequest
from gateway.neutral.blocks import NO_EXTRAS, Extras

DIALECT: Final = "gemini"


def wrong(field: str, must: str) -> InvalidRequest:
    """The error for a field that is not what it must be."""
    return InvalidRequest(f"The field '{field}' must be {must}.", param=field)


def path(at: str, name: str) -> str:
    """The path of a member."""
    return f"{at}.{name}" if at else name


def camel(name: str) -> str:
    """`top_p` → `topP`; a name that begins with an underscore stays as it is."""
    head, *rest = name.split("_")
    return name if not head else head + "".join(word[:1].upper() + word[1:] for word in rest)


def members(value: Any, at: str) -> dict[str, Any]:
    """An object of Google's with its names in camelCase and without its nulls.

    Not for objects whose names are the user's (arguments, schemas). One member in both spellings is refused.
    """
    if not isinstance(value, dict):
        raise wrong(at or "body", "an object")
    found: dict[str, Any] = {}
    for name, one in value.items():
        if one is None:
            continue
        plain = camel(name) if "_" in name else name
        if plain in found:
            raise InvalidRequest(f"The field '{path(at, plain)}' is there in two spellings.", param=path(at, plain))
        found[plain] = one
    return found


def entries(value: Any, at: str) -> list[Any]:
    """An array; a lone object stands for an array of one, as Google reads it (its own examples leave the brackets out)."""
    if isinstance(value, dict):
        return [value]
    if not isinstance(value, list):
        raise wrong(at, "an array")
    return value


def words(data: Mapping[str, Any], name: str, at: str) -> str | None:
    """An optional string."""
    value = data.get(name)
    if value is not None and not isinstance(value, str):
        raise wrong(path(at, name), "a string")
    return value


def name_of(data: Mapping[str, Any], name: str, at: str) -> str:
    """A required string that is not empty."""
    value = words(data, name, at)
    if not value:
        raise wrong(path(at, name), "a non-empty string")
    return value


def flag(data: Mapping[str, Any], name: str, at: str) -> bool | None:
    """An optional boolean."""
    value = data.get(name)
    if value is not None and not isinstance(value, bool):
        raise wrong(path(at, name), "true or false")
    return value


def number(data: Mapping[str, Any], name: str, at: str, least: float, most: float) -> float | None:
    """An optional number within bounds."""
    value = data.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not least <= value <= most:
        raise wrong(path(at, name), f"a number from {least:g} to {most:g}")
    return value


def whole(data: Mapping[str, Any], name: str, at: str, least: int = 0, most: int = 2**31 - 1) -> int | None:
    """An optional integer within bounds; `40.0` is one."""
    value = data.get(name)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise wrong(path(at, name), f"a whole number from {least} to {most}")
    return value


def texts(data: Mapping[str, Any], name: str, at: str) -> tuple[str, ...] | None:
    """An optional array of strings."""
    value = data.get(name)
    if value is None:
        return None
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise wrong(path(at, name), "an array of strings")
    return tuple(value)


def extras(rest: Mapping[str, Any]) -> Extras:
    """What has no neutral meaning, under this dialect's name."""
    return {DIALECT: rest} if rest else NO_EXTRAS
