"""Users of the dashboard."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from gateway.admin.access import access
from gateway.admin.changing import Leaving
from gateway.admin.identity_schemas import Source, UserIn, UserPatch, UserRow
from gateway.admin.identity_shapes import shown, source_of, user_row
from gateway.admin.paging import Cursor, IfMatch, Limit, expected, listed, set_etag
from gateway.admin.schemas import Page, Role
from gateway.admin.services import Services, services_of
from gateway.stores.users import Account, User

router = APIRouter(prefix="/api/admin/users", tags=["users"])
S = Annotated[Services, Depends(services_of)]
Actor = Annotated[User, Depends(access("users"))]


def matching(
    q: Annotated[str | None, Query(max_length=128, description="Part of the name, any case")] = None,
    role: Role | None = None,
    active: bool | None = None,
    source: Annotated[Source | None, Query(description="Who vouches for them")] = None,
) -> Callable[[Account], bool]:
    """Which users are asked for."""
    needle = (q or "").lower()

    def fits(row: Account) -> bool:
        user = row.user
        kind = role in (None, user.role) and active in (None, user.active) and source in (None, source_of(row))
        return kind and needle in user.username.lower()

    return fits


@router.get("")
def list_users(
    services: S,
    _actor: Actor,
    fits: Annotated[Callable[[Account], bool], Depends(matching)],
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Page[UserRow]:
    """Users, newest first."""
    rows, following, total = listed(services.identity.editor.page, fits, cursor, limit)
    return Page(items=[user_row(row) for row in rows], next_cursor=following, total=total)


@router.post("", status_code=201)
def create_user(body: UserIn, response: Response, services: S, _actor: Actor, trail: Leaving) -> UserRow:
    """Add a user with a password to begin with."""
    identifier = services.clock.new_id("usr")
    trail.about("create", "user", identifier)
    account = services.identity.editor.create(body, identifier)
    trail.noted("user", identifier, None, shown(account))
    set_etag(response, account.version)
    return user_row(account)


@router.get("/{id}")
def get_user(id: str, response: Response, services: S, _actor: Actor) -> UserRow:  # noqa: A002
    """One user."""
    account = services.identity.editor.get(id)
    set_etag(response, account.version)
    return user_row(account)


@router.patch("/{id}")
def update_user(
    id: str,  # noqa: A002
    body: UserPatch,
    response: Response,
    services: S,
    _actor: Actor,
    trail: Leaving,
    if_match: IfMatch = None,
) -> UserRow:
    """Change a user. It counts with their next request. The deployment's administrator and the last active one keep their role."""
    editor = services.identity.editor
    before = editor.get(id, expected(if_match))
    trail.about("update", "user", id)
    account = editor.update(id, body, expected(if_match))
    trail.noted("user", id, shown(before), shown(account))
    set_etag(response, account.version)
    return user_row(account)


@router.delete("/{id}", status_code=204)
def delete_user(id: str, services: S, _actor: Actor, trail: Leaving, if_match: IfMatch = None) -> Response:  # noqa: A002
    """Remove a user, but not the deployment's administrator nor the last active one; log rows keep the id."""
    before = services.identity.editor.get(id, expected(if_match))
    trail.about("delete", "user", id)
    services.identity.editor.delete(id, expected(if_match))
    trail.noted("user", id, shown(before), None)
    return Response(status_code=204)


@router.post("/{id}/logout", status_code=204)
def logout_user(id: str, services: S, _actor: Actor, trail: Leaving) -> Response:  # noqa: A002
    """End all sessions of a user."""
    services.identity.editor.get(id)
    trail.about("sign_out", "user", id)
    services.identity.editor.end_sessions(id)
    trail.noted("user", id, None, {"sessions": "ended"})
    return Response(status_code=204)
