"""A stored log item as a `LogRow`. A field the item lacks (an older writer, a list's projection) takes the row's default."""

from __future__ import annotations

import json
from typing import Any

from gateway.neutral.guardrails import Verdict
from gateway.neutral.logrow import Attempt, Caller, Cost, LogRow
from gateway.neutral.usage import Usage
from gateway.stores.log_items import SELDOM
from gateway.stores.tables import LogItem

_CALLER = ("key_id", "key_name", "user_id", "team_id", "ip", "client", "session", "agent")
_TEXTS = (
    "requested_model",
    "model",
    "upstream_model",
    "provider",
    "upstream_key_id",
    "route",
    "release",
    "error",
    "error_message",
    "mirror_of",
    "first_byte_ms",
    "correlation_id",
    "upstream_request_id",
    "request_body",
    "response_body",
    "body_ref",
)
_BUCKETS = ("fresh", "cache_read", "cache_write_5m", "cache_write_1h", "output", "reasoning")


def _usage(item: LogItem) -> Usage:
    counts: dict[str, Any] = {name: int(getattr(item, f"{name}_tokens") or 0) for name in _BUCKETS}
    for name, attribute in SELDOM.items():
        value = getattr(item, attribute)
        if value is not None:
            counts[name] = value if name in {"service", "picture"} else int(value)
    source = item.usage_source
    return Usage(**counts, source=source if source in {"upstream", "estimated"} else "none")  # type: ignore[arg-type]


def _attempts(text: str | None) -> tuple[Attempt, ...]:
    known = Attempt.__dataclass_fields__.keys()
    return tuple(Attempt(**{name: row[name] for name in row if name in known}) for row in json.loads(text or "[]"))


def _verdicts(text: str | None) -> tuple[Verdict, ...]:
    known = Verdict.__dataclass_fields__.keys()
    plain = ({name: row[name] for name in row if name in known} for row in json.loads(text or "[]"))
    return tuple(Verdict(**{**row, "sorts": tuple(row.get("sorts", ()))}) for row in plain)


def log_row(item: LogItem) -> LogRow:
    """The row of an item; KeyError or ValueError when the item is not one."""
    return LogRow(
        id=item.id,
        time_ms=int(item.time_ms),
        method=item.method,
        path=item.path,
        dialect=item.dialect,
        status=int(item.status),
        ttl=int(item.ttl or 0),
        state=item.state or "done",
        stream=bool(item.stream),
        caller=Caller(**{name: getattr(item, name) for name in _CALLER}),
        attempts=_attempts(item.attempts),
        candidates=int(item.candidates or 0),
        total_ms=float(item.total_ms or 0),
        usage=_usage(item),
        cost=Cost(
            None if item.cost_nano is None else int(item.cost_nano), item.cost_state or "none", item.price_source
        ),
        cache=item.cache or "off",
        saved_nano=int(item.saved_nano or 0),
        guardrails=_verdicts(item.guardrails),
        losses=tuple(json.loads(item.losses or "[]")),
        request_headers=json.loads(item.request_headers or "{}"),
        **{name: getattr(item, name) for name in _TEXTS},
    )
