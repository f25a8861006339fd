"""Members of a client's JSON, read strictly. `at` is the path of the object that holds them; every complaint names the whole path.

A member that is absent or null is None: https://platform.openai.com/docs/api-reference/chat/create takes both for the same.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, NoReturn

from gateway.errors import InvalidRequest


def path(at: str, name: str) -> str:
    """`messages[0]` and `role` give `messages[0].role`."""
    return f"{at}.{name}" if at else name


def refuse(where: str, what: str) -> NoReturn:
    """InvalidRequest about the field `where`."""
    raise InvalidRequest(f"The field '{where}' {what}.", param=where)


def text(data: Mapping[str, Any], name: str, at: str = "") -> str | None:
    """A string."""
    value = data.get(name)
    if value is not None and not isinstance(value, str):
        refuse(path(at, name), "must be a string")
    return value


def name_of(data: Mapping[str, Any], name: str, at: str = "") -> str:
    """A string that must be there and not be empty."""
    value = data.get(name)
    if not isinstance(value, str) or not value:
        refuse(path(at, name), "must be a non-empty string")
    return value


def flag(data: Mapping[str, Any], name: str, at: str = "") -> bool | None:
    """A boolean."""
    value = data.get(name)
    if value is not None and not isinstance(value, bool):
        refuse(path(at, name), "must be true or false")
    return value


def whole(data: Mapping[str, Any], name: str, low: int, high: int) -> int | None:
    """An integer between `low` and `high`."""
    value = data.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int):
        refuse(name, "must be an integer")
    if not low <= value <= high:
        refuse(name, f"must be between {low} and {high}")
    return value


def number(data: Mapping[str, Any], name: str, low: float, high: float) -> float | None:
    """A number between `low` and `high`, as it was written: 1 stays an integer."""
    value = data.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        refuse(name, "must be a number")
    if not low <= value <= high:
        refuse(name, f"must be between {low:g} and {high:g}")
    return value


def mapping(data: Mapping[str, Any], name: str, at: str = "") -> Mapping[str, Any] | None:
    """An object."""
    value = data.get(name)
    if value is not None and not isinstance(value, dict):
        refuse(path(at, name), "must be an object")
    return value


def sequence(data: Mapping[str, Any], name: str, at: str = "") -> list[Any] | None:
    """An array."""
    value = data.get(name)
    if value is not None and not isinstance(value, list):
        refuse(path(at, name), "must be an array")
    return value


def entry(value: Any, at: str) -> dict[str, Any]:
    """An object in an array."""
    if not isinstance(value, dict):
        refuse(at, "must be an object")
    return value


def rest(data: Mapping[str, Any], known: Collection[str]) -> dict[str, Any]:
    """Members nobody here knows; nulls say nothing and are left out."""
    return {name: value for name, value in data.items() if name not in known and value is not None}
