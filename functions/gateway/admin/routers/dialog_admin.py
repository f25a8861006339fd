"""Administration under `/api/v1/admin`: who has dialogs and balances, their tokens, figures, the audit log."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from gateway.admin.clients import Client, calling
from gateway.admin.dialog_admin_schemas import (
    AuditLineOut,
    AuditLinesQuery,
    BalancePage,
    BalanceRow,
    OwnedDialogPage,
    OwnerOut,
    ReloadOut,
    StatsOut,
)
from gateway.admin.dialog_figures import MOST_SKIPPED, audit_lines, days, midnight_ms, stats
from gateway.admin.dialog_schemas import DIALOG_ERRORS
from gateway.admin.dialog_shapes import owned_out
from gateway.admin.errors import BadRequest
from gateway.admin.overview import usage_of
from gateway.admin.owners import balance_row, everybody, owner_out, person, rows
from gateway.admin.paging import Cursor, Limit, decode_cursor, encode_cursor
from gateway.admin.services import Services, services_of
from gateway.neutral.dialogs import iso
from gateway.rollups.buckets import DAY_MS
from gateway.stores.audit import AuditFilter
from gateway.stores.usage import UsageReader

router = APIRouter(prefix="/api/v1/admin", tags=["dialogs administration"], responses=DIALOG_ERRORS)
S = Annotated[Services, Depends(services_of)]
Skip = Annotated[int, Query(ge=0, le=MOST_SKIPPED, description="How many to pass over")]
Start = Annotated[date | None, Query(description="First day, YYYY-MM-DD, in UTC")]
End = Annotated[date | None, Query(description="Last day, YYYY-MM-DD, in UTC; it is included")]
Search = Annotated[str, Query(max_length=128, description="Part of the id or the name, any case")]
TOTAL = "x-total-count"


@router.get("/stats")
def get_dialog_stats(
    services: S,
    reader: Annotated[UsageReader, Depends(usage_of)],
    _client: Annotated[Client, Depends(calling("overview"))],
    start_date: Start = None,
    end_date: End = None,
) -> StatsOut:
    """Figures of all finished requests, those of dialogs among them: of the last 30 days, or of the days asked for, the last one included."""
    return stats(reader, *days(start_date, end_date, services.clock.now_ms()))


@router.get("/users")
def list_owners(
    response: Response,
    services: S,
    _client: Annotated[Client, Depends(calling("balances"))],
    skip: Skip = 0,
    limit: Annotated[int, Query(ge=1, le=100, description="At most so many")] = 20,
    q: Search = "",
) -> list[OwnerOut]:
    """Everybody who has dialogs or may pay from a balance, those last active first. `x-total-count` says how many there are; it is absent where
    there are more than are counted."""
    found = everybody(services, q)
    if found.whole:
        response.headers[TOTAL] = str(len(found.people))
    return [owner_out(*row) for row in rows(services, found.people[skip : skip + limit])]


@router.get("/balances")
def list_balances(
    services: S,
    _client: Annotated[Client, Depends(calling("balances"))],
    q: Search = "",
    dialogs: Annotated[bool, Query(description="Only those who have dialogs")] = False,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> BalancePage:
    """The same people with all of their balances."""
    found, first = everybody(services, q, dialogs=dialogs), _place(decode_cursor(cursor))
    shown = found.people[first : first + limit]
    more = first + limit < len(found.people)
    grant = services.settings.token_grant
    return BalancePage(
        items=[balance_row(*row, grant) for row in rows(services, shown)],
        total=len(found.people) if found.whole else None,
        next_cursor=encode_cursor(str(first + limit)) if more else None,
    )


def _place(position: str | None) -> int:
    if position is None:
        return 0
    if not (position.isascii() and position.isdigit() and len(position) <= 9):
        raise BadRequest("The cursor is not valid.", field="cursor")
    return int(position)


@router.get("/balances/{id:path}")
def get_owner_balance(
    id: str,  # noqa: A002
    services: S,
    _client: Annotated[Client, Depends(calling("balances"))],
) -> BalanceRow:
    """One owner and their balance."""
    one = person(services, id)
    return balance_row(one, services.balances.get(one.id), services.settings.token_grant)


@router.get("/dialogs")
def list_owned_dialogs(
    services: S,
    _client: Annotated[Client, Depends(calling("all-dialogs"))],
    user: Annotated[str, Query(min_length=1, max_length=256, description="Whose: a `user_id` of the list of users")],
    limit: Limit = 50,
    cursor: Cursor = None,
) -> OwnedDialogPage:
    """An owner's dialogs, newest first: their titles, and none of the texts in them."""
    found, following = services.dialogs.page(user, decode_cursor(cursor), limit)
    return OwnedDialogPage(
        items=[owned_out(dialog) for dialog in found],
        next_cursor=None if following is None else encode_cursor(following),
    )


@router.post("/models/reload")
def reload_models(services: S, _client: Annotated[Client, Depends(calling("reload"))]) -> ReloadOut:
    """Nothing is to be reloaded here: a change of the configuration is in force everywhere within seconds. Says what is in force."""
    pointer, index = services.in_force.pointer(), services.in_force.index()
    names = index.names()
    told = f"{len(names)} models are in force since {iso(pointer.updated_at)}." if pointer.number else "None yet."
    return ReloadOut(status="ok", message=told, release=pointer.release or None, number=pointer.number, models=names)


@router.get("/audit")
def list_audit_lines(
    query: Annotated[AuditLinesQuery, Query()],
    services: S,
    _client: Annotated[Client, Depends(calling("audit"))],
) -> list[AuditLineOut]:
    """The audit log, newest first: the same entries as `/api/admin/audit`. Without dates, all that is kept."""
    first, last = query.start_date, query.end_date
    wanted = AuditFilter(
        actor=query.user_id,
        action=query.action,
        noun=query.resource_type,
        from_ms=None if first is None else midnight_ms(first),
        to_ms=None if last is None else midnight_ms(last) + DAY_MS,
    )
    return audit_lines(services.audit, wanted, query.skip, query.limit)
