"""A log row as a DynamoDB item, and where it lies. The reading side is `log_rows.py`; README.md lists the attributes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any, Final

import orjson

from gateway.clock import id_time_ms
from gateway.neutral.logrow import LogRow

SHARDS: Final = 4
SELDOM: Final[Mapping[str, str]] = {
    "audio_input": "audio_input_tokens",
    "audio_output": "audio_output_tokens",
    "image_input": "image_input_tokens",
    "image_output": "image_output_tokens",
    "images_in": "images_in",
    "images_out": "images_out",
    "audio_ms_in": "audio_ms_in",
    "audio_ms_out": "audio_ms_out",
    "characters": "characters",
    "searches": "searches",
    "picture": "picture",
    "service": "service_tier",
}
"""Members of `Usage` that most requests have nothing of, and their attributes, which are then left out."""

_PLAIN: Final = [
    "id",
    "time_ms",
    "method",
    "path",
    "dialect",
    "status",
    "state",
    "stream",
    "ttl",
    "requested_model",
    "model",
    "upstream_model",
    "provider",
    "upstream_key_id",
    "route",
    "release",
    "error",
    "error_message",
    "candidates",
    "mirror_of",
    "retries",
    "first_byte_ms",
    "total_ms",
    "cache",
    "correlation_id",
    "upstream_request_id",
    "request_body",
    "response_body",
    "body_ref",
]


def partition(identifier: str) -> str:
    """The partition of a request id: UTC day of the time it holds, and a shard from its last digit."""
    day = datetime.fromtimestamp(id_time_ms(identifier) / 1000, UTC).strftime("%Y-%m-%d")
    return f"{day}#{int(identifier[-1], 16) % SHARDS}"


def to_item(row: LogRow) -> dict[str, Any]:
    """The item of a row as plain values; facts that are None or empty are left out. Milliseconds keep one decimal, as text numbers do."""
    item: dict[str, Any] = {"pk": partition(row.id), "sk": row.id}
    for name in _PLAIN:
        value = getattr(row, name)
        if value is not None:
            item[name] = round(value) if isinstance(value, float) else _storable(value)
    caller = asdict(row.caller)
    item.update({name: _storable(value) for name, value in caller.items() if value is not None})
    usage = row.usage
    item["usage_source"] = usage.source
    if usage.source != "none":
        item["input_tokens"] = usage.input_total
        for name in ("fresh", "cache_read", "cache_write_5m", "cache_write_1h", "output", "reasoning"):
            item[f"{name}_tokens"] = getattr(usage, name)
        seldom = {attribute: getattr(usage, name) for name, attribute in SELDOM.items()}
        item.update({attribute: value for attribute, value in seldom.items() if value})
    item["cost_state"] = row.cost.state
    if row.cost.source is not None:
        item["price_source"] = row.cost.source
    if row.cost.nano_usd is not None:
        item["cost_nano"] = row.cost.nano_usd
    if row.saved_nano:
        item["saved_nano"] = row.saved_nano
    if row.attempts:
        item["attempts"] = orjson.dumps([asdict(attempt) for attempt in row.attempts]).decode()
    if row.guardrails:
        item["guardrails"] = orjson.dumps([asdict(one) for one in row.guardrails]).decode()
    if row.losses:
        item["losses"] = orjson.dumps(list(row.losses)).decode()
    if row.request_headers:
        item["request_headers"] = orjson.dumps(dict(row.request_headers)).decode()
    return item


def _storable(value: Any) -> Any:
    """DynamoDB takes UTF-8 only: a lone surrogate (a path or header of a hostile client) must not cost the row."""
    if isinstance(value, str) and not value.isascii():
        return value.encode("utf-8", "replace").decode()
    return value
