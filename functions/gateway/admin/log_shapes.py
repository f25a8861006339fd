"""Log rows as replies."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from gateway.admin.log_schemas import AttemptOut, GuardrailVerdictOut, LogDetail, LogItem, TokensOut
from gateway.catalog.pricing import usd_from_nano
from gateway.neutral.logrow import LogRow


def _tokens(row: LogRow) -> TokensOut:
    usage = row.usage
    counted = {name: getattr(usage, name) for name in TokensOut.model_fields if name != "input"}
    return TokensOut(input=usage.input_total, **counted)


def _item(row: LogRow, names: Mapping[str, str]) -> dict[str, Any]:
    own = {name: getattr(row, name) for name in LogItem.model_fields if hasattr(row, name)}
    caller = row.caller
    return {
        **own,
        "key_id": caller.key_id,
        "key_name": caller.key_name,
        "user_id": caller.user_id,
        "user_name": names.get(caller.user_id or ""),
        "team_id": caller.team_id,
        "session": caller.session,
        "tokens": _tokens(row),
        "cost_nano": row.cost.nano_usd,
        "cost_state": row.cost.state,
        "guardrails": [GuardrailVerdictOut(**{**asdict(one), "sorts": list(one.sorts)}) for one in row.guardrails],
        "saved_usd": usd_from_nano(row.saved_nano),
    }


def log_item(row: LogRow, names: Mapping[str, str], retries: int | None = None) -> LogItem:
    """A row of the list. `names` of users by their ids; `retries` when the attempts themselves were not read."""
    fields = _item(row, names)
    return LogItem(**{**fields, "retries": row.retries if retries is None else retries})


def log_detail(row: LogRow, names: Mapping[str, str]) -> LogDetail:
    """A row in full."""
    caller = row.caller
    return LogDetail(
        **_item(row, names),
        price_source=row.cost.source,
        error_message=row.error_message,
        ip=caller.ip,
        client=caller.client,
        agent=caller.agent,
        upstream_model=row.upstream_model,
        upstream_key_id=row.upstream_key_id,
        release=row.release,
        candidates=row.candidates,
        attempts=[AttemptOut(**asdict(attempt)) for attempt in row.attempts],
        losses=list(row.losses),
        correlation_id=row.correlation_id,
        upstream_request_id=row.upstream_request_id,
        request_headers=dict(row.request_headers),
        request_body=row.request_body,
        response_body=row.response_body,
        body_stored=row.body_ref is not None,
        expires_at=row.ttl * 1000,
    )
