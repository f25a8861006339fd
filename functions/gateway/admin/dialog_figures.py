"""Figures and audit entries in the shapes of `/api/v1/admin`."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from typing import Final

from gateway.admin.audit_shapes import change_out
from gateway.admin.dialog_admin_schemas import AuditLineOut, ModelUse, StatsOut
from gateway.admin.errors import Invalid
from gateway.clock import id_time_ms
from gateway.neutral.audit import AuditEntry
from gateway.neutral.dialogs import iso
from gateway.rollups.buckets import Window
from gateway.rollups.rows import TOTAL
from gateway.stores.audit import AuditFilter, AuditLog
from gateway.stores.usage import UsageReader

LONGEST_DAYS: Final = 400
USUAL_DAYS: Final = 30
MOST_SKIPPED: Final = 10_000
_TOP: Final = 5
_READ: Final = 1000
_MOST_PAGES: Final = 20
"""Each looks at 2,000 items at most."""


def midnight_ms(day: date) -> int:
    """When a day begins in UTC, in Unix ms."""
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()) * 1000


def days(start: date | None, end: date | None, now_ms: int) -> tuple[int, int]:
    """From (at or after) and to (before), in Unix ms: whole days in UTC, the last one included. Without an end, today; without a start, 30 days."""
    last = end or datetime.fromtimestamp(now_ms / 1000, UTC).date()
    first = start or max(date.min, last - timedelta(days=USUAL_DAYS - 1))
    if first > last:
        raise Invalid("start_date must not lie after end_date.", field="start_date")
    if (last - first).days >= LONGEST_DAYS:
        raise Invalid(f"At most {LONGEST_DAYS} days can be asked for.", field="start_date")
    if not 2001 <= first.year <= last.year < 2099:
        raise Invalid("The years 2001 to 2098 can be asked for.", field="start_date")
    return midnight_ms(first), midnight_ms(last + timedelta(days=1))


def stats(reader: UsageReader, from_ms: int, to_ms: int) -> StatsOut:
    """Figures of the finished requests of whole days."""
    window = Window("day", from_ms, to_ms)
    total = reader.sum(window)
    models = reader.breakdown(window, "model").entries
    users = reader.breakdown(window, "user").entries
    return StatsOut(
        total_tokens=total["input_tokens"] + total["output_tokens"],
        active_users=sum(1 for one in users if one.value and one.sum["requests"]),
        top_models=[
            ModelUse(model=one.value, usage=one.sum["requests"])
            for one in [one for one in models if one.value and one.sum["requests"]][:_TOP]
        ],
        avg_latency_ms=total.mean_ms(TOTAL) or 0.0,
    )


def audit_lines(log: AuditLog, wanted: AuditFilter, skip: int, limit: int) -> list[AuditLineOut]:
    """Entries, newest first."""
    return [_line(entry) for entry in islice(_entries(log, wanted), skip, skip + limit)]


def _entries(log: AuditLog, wanted: AuditFilter) -> Iterator[AuditEntry]:
    """As far as one call may read; Invalid beyond that: a list that ends too early would look whole."""
    position = None
    for _ in range(_MOST_PAGES):
        page = log.page(wanted, _READ, position)
        yield from page.entries
        if page.position is None:
            return
        position = page.position
    raise Invalid("Too many entries would have to be looked at; ask for fewer days.", field="start_date")


def _line(entry: AuditEntry) -> AuditLineOut:
    changes = [change_out(change).model_dump() for change in entry.changes]
    return AuditLineOut(
        id=entry.id,
        user_id=entry.author.id or None,
        action=entry.action,
        resource_type=entry.noun,
        resource_id=entry.noun_id or None,
        details={"outcome": entry.outcome, "status": entry.status, "request_id": entry.request_id, "changes": changes},
        ip_address=entry.origin.address or None,
        user_agent=entry.origin.user_agent or None,
        created_at=iso(id_time_ms(entry.id)),
    )
