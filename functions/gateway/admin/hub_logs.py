"""The request log as a hub of keys lists it."""

from __future__ import annotations

from typing import Final

from gateway.admin.hub_schemas import HubLog
from gateway.neutral.logrow import LogRow
from gateway.stores.log_filter import LogFilter
from gateway.stores.logs import LogReader
from gateway.stores.users import User

_PAGES: Final = 5


def hub_logs(reader: LogReader, limit: int, actor: User) -> list[HubLog]:
    """The newest requests that somebody may see, without copies that nobody waited for."""
    own = actor.role == "user"
    wanted = LogFilter(user_id=actor.id if own else None, mirror=False)
    rows: list[LogRow] = []
    position: str | None = None
    for _ in range(_PAGES):
        page = reader.page(wanted, limit - len(rows), position)
        rows += page.rows
        position = page.position
        if position is None or len(rows) >= limit:
            break
    return [_log(row, own) for row in rows]


def _log(row: LogRow, own: bool) -> HubLog:
    given, made = row.usage.input_total, row.usage.output
    return HubLog(
        id=row.id,
        api_key_id=None if own else row.upstream_key_id,
        timestamp=row.time_ms // 1000,
        model=row.requested_model,
        prompt_tokens=given,
        completion_tokens=made,
        total_tokens=given + made,
        provider=row.provider,
        status=row.status,
        latency_ms=row.total_ms,
        error=row.error,
        retries=row.retries,
    )
