"""End users: what holds for all keys of a person or an app together."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from gateway.admin.access import access
from gateway.admin.account_schemas import EndUserIn, EndUserOut, EndUserPatch
from gateway.admin.changing import Changing
from gateway.admin.limit_schemas import ResetIn, ScopeOut
from gateway.admin.limit_shapes import end_user_out, matches
from gateway.admin.paging import Active, Cursor, IfMatch, Limit, expected, listed, set_etag
from gateway.admin.schemas import Page
from gateway.admin.services import Services, services_of
from gateway.stores.users import User

router = APIRouter(prefix="/api/admin/end-users", tags=["end users"])
S = Annotated[Services, Depends(services_of)]
Actor = Annotated[User, Depends(access("end-users"))]


@router.get("")
def list_end_users(
    services: S,
    _actor: Actor,
    q: Annotated[str | None, Query(max_length=128, description="Part of the id or the name, any case")] = None,
    active: Active = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Page[EndUserOut]:
    """End users by id."""
    rows, following, total = listed(
        services.editors.end_users.page, lambda row: matches(row.value, q, active), cursor, limit
    )
    return Page(items=[end_user_out(row) for row in rows], next_cursor=following, total=total)


@router.post("", status_code=201)
def create_end_user(body: EndUserIn, response: Response, services: Changing, _actor: Actor) -> EndUserOut:
    """Add an end user. Keys that name its id have its limits from then on."""
    row = services.editors.end_users.create(body)
    set_etag(response, row.version)
    return end_user_out(row)


@router.get("/{id:path}/limits")
def get_end_user_limits(id: str, services: S, _actor: Actor) -> ScopeOut:  # noqa: A002
    """Where an end user's limits stand."""
    return services.standings.of_account("user", id)


@router.post("/{id:path}/limits/reset")
def reset_end_user_limit(id: str, body: ResetIn, services: Changing, _actor: Actor) -> ScopeOut:  # noqa: A002
    """Forget what one budget of an end user has spent in its present period; the limits as they stand then."""
    return services.standings.reset("user", id, body.name)


@router.get("/{id:path}")
def get_end_user(id: str, response: Response, services: S, _actor: Actor) -> EndUserOut:  # noqa: A002
    """One end user."""
    row = services.editors.end_users.get(id)
    set_etag(response, row.version)
    return end_user_out(row)


@router.patch("/{id:path}")
def update_end_user(
    id: str,  # noqa: A002
    body: EndUserPatch,
    response: Response,
    services: Changing,
    _actor: Actor,
    if_match: IfMatch = None,
) -> EndUserOut:
    """Change an end user; the gateway follows within half a minute."""
    row = services.editors.end_users.update(id, body, expected(if_match))
    set_etag(response, row.version)
    return end_user_out(row)


@router.delete("/{id:path}", status_code=204)
def delete_end_user(id: str, services: Changing, _actor: Actor, if_match: IfMatch = None) -> Response:  # noqa: A002
    """Remove an end user. **Keys that name it become unlimited at once** (the gateway follows within half a minute), but for their own limits and
    those of their team; if it was disabled, they work again. To stop its keys, disable it instead."""
    services.editors.end_users.delete(id, expected(if_match))
    return Response(status_code=204)
