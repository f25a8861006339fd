"""Teams: what holds for all keys of a team together."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from gateway.admin.access import access
from gateway.admin.account_schemas import TeamIn, TeamOut, TeamPatch
from gateway.admin.changing import Changing
from gateway.admin.limit_schemas import ResetIn, ScopeOut
from gateway.admin.limit_shapes import matches, team_out
from gateway.admin.paging import Active, Cursor, IfMatch, Limit, expected, listed, set_etag
from gateway.admin.schemas import Page
from gateway.admin.services import Services, services_of
from gateway.stores.users import User

router = APIRouter(prefix="/api/admin/teams", tags=["teams"])
S = Annotated[Services, Depends(services_of)]
Actor = Annotated[User, Depends(access("teams"))]


@router.get("")
def list_teams(
    services: S,
    _actor: Actor,
    q: Annotated[str | None, Query(max_length=128, description="Part of the id or the name, any case")] = None,
    active: Active = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Page[TeamOut]:
    """Teams by id."""
    rows, following, total = listed(
        services.editors.teams.page, lambda row: matches(row.value, q, active), cursor, limit
    )
    return Page(items=[team_out(row) for row in rows], next_cursor=following, total=total)


@router.post("", status_code=201)
def create_team(body: TeamIn, response: Response, services: Changing, _actor: Actor) -> TeamOut:
    """Add a team. Keys that name its id have its limits from then on."""
    row = services.editors.teams.create(body)
    set_etag(response, row.version)
    return team_out(row)


@router.get("/{id:path}/limits")
def get_team_limits(id: str, services: S, _actor: Actor) -> ScopeOut:  # noqa: A002
    """Where a team's limits stand."""
    return services.standings.of_account("team", id)


@router.post("/{id:path}/limits/reset")
def reset_team_limit(id: str, body: ResetIn, services: Changing, _actor: Actor) -> ScopeOut:  # noqa: A002
    """Forget what one budget of a team has spent in its present period; the limits as they stand then."""
    return services.standings.reset("team", id, body.name)


@router.get("/{id:path}")
def get_team(id: str, response: Response, services: S, _actor: Actor) -> TeamOut:  # noqa: A002
    """One team."""
    row = services.editors.teams.get(id)
    set_etag(response, row.version)
    return team_out(row)


@router.patch("/{id:path}")
def update_team(
    id: str,  # noqa: A002
    body: TeamPatch,
    response: Response,
    services: Changing,
    _actor: Actor,
    if_match: IfMatch = None,
) -> TeamOut:
    """Change a team; the gateway follows within half a minute."""
    row = services.editors.teams.update(id, body, expected(if_match))
    set_etag(response, row.version)
    return team_out(row)


@router.delete("/{id:path}", status_code=204)
def delete_team(id: str, services: Changing, _actor: Actor, if_match: IfMatch = None) -> Response:  # noqa: A002
    """Remove a team. **Keys that name it become unlimited at once** (the gateway follows within half a minute), but for their own limits and
    those of their user; if it was disabled, they work again. To stop its keys, disable it instead."""
    services.editors.teams.delete(id, expected(if_match))
    return Response(status_code=204)
