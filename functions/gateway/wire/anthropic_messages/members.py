"""Reading a client's JSON strictly: each check names the field that is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from gateway.errors import InvalidRequest
from gateway.neutral.blocks import NO_EXTRAS, CacheMark, Extras

DIALECT: Final = "anthropic_messages"

ATTRIBUTION: Final = "x-anthropic-billing-header"
"""How the first block of Claude Code's system prompt begins; it is meant for Anthropic alone."""
_MARK: Final = frozenset(["type", "ttl"])


def wrong(field: str, must: str) -> InvalidRequest:
    """The error for a field that is not what it must be."""
    return InvalidRequest(f"The field '{field}' must be {must}.", param=field)


def entry(value: Any, at: str) -> Mapping[str, Any]:
    """An object."""
    if not isinstance(value, dict):
        raise wrong(at, "an object")
    return value


def entries(value: Any, at: str) -> list[Any]:
    """An array."""
    if not isinstance(value, list):
        raise wrong(at, "an array")
    return value


def words(data: Mapping[str, Any], name: str, at: str = "") -> str:
    """A required string, which may be empty."""
    value = data.get(name)
    if not isinstance(value, str):
        raise wrong(f"{at}.{name}" if at else name, "a string")
    return value


def name_of(data: Mapping[str, Any], name: str, at: str = "") -> str:
    """A required string that is not empty."""
    value = data.get(name)
    if not isinstance(value, str) or not value:
        raise wrong(f"{at}.{name}" if at else name, "a non-empty string")
    return value


def perhaps_words(data: Mapping[str, Any], name: str, at: str = "") -> str | None:
    """An optional string."""
    return None if data.get(name) is None else words(data, name, at)


def perhaps_flag(data: Mapping[str, Any], name: str, at: str = "") -> bool | None:
    """An optional boolean."""
    value = data.get(name)
    if value is not None and not isinstance(value, bool):
        raise wrong(f"{at}.{name}" if at else name, "true or false")
    return value


def perhaps_number(data: Mapping[str, Any], name: str, high: float) -> float | None:
    """An optional number from 0 to `high`."""
    value = data.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= high:
        raise wrong(name, f"a number from 0 to {high:g}")
    return value


def whole(data: Mapping[str, Any], name: str, least: int, most: int, at: str = "") -> int:
    """A required integer within limits."""
    value = data.get(name)
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise wrong(f"{at}.{name}" if at else name, f"an integer from {least} to {most}")
    return value


def rest(data: Mapping[str, Any], known: frozenset[str]) -> Extras:
    """The members that have no neutral meaning, kept for this dialect."""
    if data.keys() <= known:
        return NO_EXTRAS
    return {DIALECT: {name: value for name, value in data.items() if name not in known}}


def mark_of(data: Mapping[str, Any], at: str) -> CacheMark | None:
    """The block's cache mark."""
    value = data.get("cache_control")
    if value is None:
        return None
    found = entry(value, f"{at}.cache_control")
    name_of(found, "type", f"{at}.cache_control")
    return CacheMark(perhaps_words(found, "ttl", f"{at}.cache_control"))


def beside_mark(data: Mapping[str, Any], known: frozenset[str]) -> Extras:
    """`rest`, with a cache mark that says more than its time to live (`scope`) kept whole."""
    found = rest(data, known)
    mark = data.get("cache_control")
    if not isinstance(mark, dict) or mark.keys() <= _MARK:
        return found
    return {DIALECT: {**found.get(DIALECT, {}), "cache_control": mark}}


def own(extras: Extras) -> dict[str, Any]:
    """A copy of this dialect's members of a bag."""
    return dict(extras.get(DIALECT, {}))


def marked(block: dict[str, Any], cache: CacheMark | None, extras: Extras) -> dict[str, Any]:
    """The block with its cache mark and this dialect's own members."""
    if cache is not None:
        block["cache_control"] = {"type": "ephemeral"} if cache.ttl is None else {"type": "ephemeral", "ttl": cache.ttl}
    if extras:
        block.update(own(extras))
    return block
