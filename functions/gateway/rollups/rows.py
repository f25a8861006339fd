"""From a record of the log table's stream to what the fold counts (pure).

Shape of a record: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_Record.html, its `NewImage` in DynamoDB JSON with
the attributes of `gateway/stores/README.md`. Only the attributes that the fold needs are decoded, strictly: a row that cannot be counted
truthfully is a `BadRecord`, never a guess. Other attributes may change without any effect here.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from gateway.neutral import playground
from gateway.rollups.buckets import Dimension, bounded
from gateway.rollups.cells import cell
from gateway.rollups.sketch import bin_of

TOKEN_KINDS = (
    "fresh_tokens",
    "cache_read_tokens",
    "cache_write_5m_tokens",
    "cache_write_1h_tokens",
    "output_tokens",
    "reasoning_tokens",
)
INPUT_KINDS = TOKEN_KINDS[:4]
CLASSES = ("status_2xx", "status_3xx", "status_4xx", "status_5xx")
MIRROR_COUNTERS = ("mirrors", "mirror_cost_nano", "mirror_unpriced")
CACHE_COUNTERS = ("cache_hits", "cache_semantic", "cache_misses", "cache_bypassed", "saved_nano")
COUNTERS = (
    "requests",
    "errors",
    *CLASSES,
    *TOKEN_KINDS,
    "input_tokens",
    "cost_nano",
    "unpriced",
    "lost_cost_nano",
    *MIRROR_COUNTERS,
    *CACHE_COUNTERS,
)
FIRST_BYTE, TOTAL = "f", "t"

_DIMENSIONS: tuple[tuple[Dimension, str], ...] = (
    ("key", "key_id"),
    ("user", "user_id"),
    ("team", "team_id"),
    ("model", "model"),
    ("provider", "provider"),
    ("route", "route"),
)
_TEXTS = (
    "id",
    "state",
    "error",
    "cost_state",
    "key_name",
    "mirror_of",
    "attempts",
    "requested_model",
    "cache",
    *(name for _, name in _DIMENSIONS),
)
_NUMBERS = (
    "time_ms",
    "status",
    "first_byte_ms",
    "total_ms",
    "input_tokens",
    "cost_nano",
    "swept_nano",
    "swept_tokens",
    "saved_nano",
    *TOKEN_KINDS,
)
_EARLIEST_MS, _LATEST_MS = 946_684_800_000, 4_102_444_800_000  # the years 2000 to 2099
_LARGEST = 10**18


class BadRecord(ValueError):
    """A record that cannot be counted. The message names the attribute and never shows its value."""


@dataclass(frozen=True, slots=True)
class Finished:
    """One finished request: what it adds (attribute name → amount, not 0; negative only where something is taken back) and the dimensions'
    values it adds to, beside `all`.

    Every dimension is there, with an empty value where the row has none; the last one is the `cell`.
    """

    id: str
    time_ms: int
    adds: Mapping[str, int]
    dimensions: tuple[tuple[Dimension, str], ...]
    key_name: str | None = None


def _text(name: str, value: Any) -> str:
    if not isinstance(value, str):
        raise BadRecord(f"{name} is not a string")
    try:
        value.encode()
    except UnicodeEncodeError:
        raise BadRecord(f"{name} is not Unicode text") from None
    return value


def _number(name: str, value: Any) -> Decimal:
    if not isinstance(value, str) or len(value) > 64:
        raise BadRecord(f"{name} is not a number")
    try:
        number = Decimal(value)
    except InvalidOperation:
        raise BadRecord(f"{name} is not a number") from None
    if not number.is_finite() or not 0 <= number <= _LARGEST:
        raise BadRecord(f"{name} is out of range")
    return number


def _attribute(image: Mapping[str, Any], name: str, tag: str, read: Callable[[str, Any], Any]) -> Any:
    """One decoded attribute, None when absent or NULL; BadRecord when it has another type."""
    typed = image.get(name)
    if typed is None:
        return None
    if not isinstance(typed, Mapping) or len(typed) != 1:
        raise BadRecord(f"{name} is not a DynamoDB value")
    return None if "NULL" in typed else read(name, typed.get(tag))


def decode(image: Mapping[str, Any]) -> dict[str, Any]:
    """The needed attributes of a `NewImage` as strings and Decimals; absent ones are left out. BadRecord on a wrong type or range."""
    texts = {name: _attribute(image, name, "S", _text) for name in _TEXTS}
    numbers = {name: _attribute(image, name, "N", _number) for name in _NUMBERS}
    flags = {"swept": "true" if image.get("swept") == {"BOOL": True} else None}
    return {name: value for name, value in {**texts, **numbers, **flags}.items() if value is not None}


def whole(row: Mapping[str, Any], name: str) -> int:
    """An attribute as an integer, 0 when absent; BadRecord for a fraction."""
    number = Decimal(row.get(name, 0))
    if number != number.to_integral_value():
        raise BadRecord(f"{name} is not a whole number")
    return int(number)


def _lost(text: str) -> int:
    """Nano-dollars of the calls that did not win: they are paid for as well."""
    try:
        attempts = json.loads(text)
        costs = [attempt.get("cost_nano") or 0 for attempt in attempts]
    except (ValueError, AttributeError, TypeError, RecursionError):
        raise BadRecord("attempts cannot be read") from None
    if not all(type(cost) is int and 0 <= cost <= _LARGEST for cost in costs):
        raise BadRecord("the cost of an attempt is not a whole number in range")
    return sum(costs)


def _mirror_adds(row: Mapping[str, Any]) -> dict[str, int]:
    """A copy that nobody waited for is no traffic, but it is paid for."""
    cost = whole(row, "cost_nano") + _lost(row.get("attempts", "[]"))
    adds = {"mirrors": 1, "mirror_cost_nano": cost, "mirror_unpriced": int(row.get("cost_state") == "unpriced")}
    return {name: amount for name, amount in adds.items() if amount}


def _cache_adds(row: Mapping[str, Any]) -> dict[str, int]:
    """What the cache did (`neutral.caching.CacheState`); nothing for a state that only a later version knows."""
    state = row.get("cache")
    return {
        "cache_hits": int(state in {"hit", "semantic"}),
        "cache_semantic": int(state == "semantic"),
        "cache_misses": int(state == "miss"),
        "cache_bypassed": int(state == "bypass"),
        "saved_nano": whole(row, "saved_nano"),
    }


def _adds(row: Mapping[str, Any]) -> dict[str, int]:
    if row.get("mirror_of"):
        return _mirror_adds(row)
    adds = {name: whole(row, name) for name in TOKEN_KINDS}
    went_in = whole(row, "input_tokens") if "input_tokens" in row else sum(adds[name] for name in INPUT_KINDS)
    adds |= {"requests": 1, "input_tokens": went_in, "cost_nano": whole(row, "cost_nano")}
    status = whole(row, "status")
    adds["errors"] = int(status >= 400 or bool(row.get("error")))
    adds |= {name: int(name[7] == str(status // 100)) for name in CLASSES}
    adds |= _cache_adds(row)
    adds["lost_cost_nano"] = _lost(row.get("attempts", "[]"))
    adds["unpriced"] = int(row.get("cost_state") == "unpriced")
    for prefix, name in ((FIRST_BYTE, "first_byte_ms"), (TOTAL, "total_ms")):
        if name in row:
            adds[f"{prefix}{bin_of(float(row[name]))}"] = 1
    return {name: amount for name, amount in adds.items() if amount}


def _values(row: Mapping[str, Any]) -> tuple[tuple[Dimension, str], ...]:
    """The value in each dimension. What a client asked for counts only where it led to a model, or anybody could make buckets without end."""
    values = {dimension: row.get(name, "") for dimension, name in _DIMENSIONS}
    if values["key"].startswith(playground.PREFIX):
        values["key"] = playground.ID
    asked = row.get("requested_model", "") if values["model"] else ""
    whole = cell({**values, "requested_model": asked})  # type: ignore[dict-item]  # the six of `_DIMENSIONS` are parts
    return (*((dimension, bounded(value)) for dimension, value in values.items()), ("cell", whole))


def finished(row: Mapping[str, Any]) -> Finished | None:
    """What a plain log row counts for; None when it is not finished yet. BadRecord when it lacks what every row has."""
    if "state" not in row:
        raise BadRecord("state is missing")
    if row["state"] != "done":
        return None
    for name in ("id", "time_ms", "status"):
        if row.get(name, "") == "":
            raise BadRecord(f"{name} is missing")
    if len(row["id"].encode()) > 256:
        raise BadRecord("id is too long")
    time_ms = whole(row, "time_ms")
    if not _EARLIEST_MS <= time_ms < _LATEST_MS:
        raise BadRecord("time_ms is out of range")
    key_name = bounded(row["key_name"]) if row.get("key_name") else None
    if row.get("key_id", "").startswith(playground.PREFIX):
        key_name = playground.NAME
    return Finished(row["id"], time_ms, _adds(row), _values(row), key_name)


def read_record(record: Any) -> Finished | None:
    """The finished request of a stream record, None when the record tells of none (removed, still running); BadRecord otherwise."""
    row = attributes(record)
    return None if row is None else finished(row)


def attributes(record: Any) -> dict[str, Any] | None:
    """The decoded row of a stream record, None when one was removed; BadRecord otherwise."""
    if not isinstance(record, Mapping):
        raise BadRecord("the record is not an object")
    if record.get("eventName") == "REMOVE":
        return None
    change = record.get("dynamodb")
    image = change.get("NewImage") if isinstance(change, Mapping) else None
    if not isinstance(image, Mapping):
        raise BadRecord("NewImage is missing")
    return decode(image)
