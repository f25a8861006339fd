"""Virtual keys: what clients authenticate with."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Query, Response

from gateway.admin.access import access
from gateway.admin.changing import Changing
from gateway.admin.limit_schemas import KeyScopesOut, ResetIn, ScopeOut
from gateway.admin.paging import Active, Cursor, IfMatch, Limit, expected, listed, set_etag
from gateway.admin.schemas import KeyCreated, KeyIn, KeyOut, KeyPatch, Page
from gateway.admin.services import Services, services_of
from gateway.admin.shapes import key_out
from gateway.stores.users import User
from gateway.stores.virtual_keys import KeyKind

router = APIRouter(prefix="/api/admin/keys", tags=["virtual keys"])
S = Annotated[Services, Depends(services_of)]
Actor = Annotated[User, Depends(access("keys"))]
_KINDS: Final[dict[bool, KeyKind]] = {False: "key", True: "playground"}


@router.get("")
def list_keys(
    services: S,
    _actor: Actor,
    q: Annotated[str | None, Query(max_length=128, description="Part of the name, any case")] = None,
    active: Active = None,
    playground: Annotated[bool, Query(description="Playground keys, which are on no list else")] = False,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Page[KeyOut]:
    """Virtual keys, newest first."""
    needle, kind = (q or "").lower(), _KINDS[playground]
    rows, following, total = listed(
        lambda after, size: services.editors.keys.page(after, size, kind),
        lambda row: needle in row.value.name.lower() and active in (None, row.value.active),
        cursor,
        limit,
    )
    return Page(items=[key_out(row) for row in rows], next_cursor=following, total=total)


@router.post("", status_code=201)
def create_key(body: KeyIn, response: Response, services: Changing, _actor: Actor) -> KeyCreated:
    """Make a virtual key. The reply is the only place its secret is ever shown."""
    secret, row = services.editors.keys.create(body)
    set_etag(response, row.version)
    response.headers["cache-control"] = "no-store"
    return KeyCreated(**key_out(row).model_dump(), secret=secret)


@router.get("/{id}/limits")
def get_key_limits(id: str, services: S, _actor: Actor) -> KeyScopesOut:  # noqa: A002
    """Where a key's limits stand, and those of its user and team: a request needs room in all of them."""
    return services.standings.of_key(id)


@router.post("/{id}/limits/reset")
def reset_key_limit(id: str, body: ResetIn, services: Changing, _actor: Actor) -> ScopeOut:  # noqa: A002
    """Forget what one budget of a key has spent in its present period; the limits as they stand then."""
    return services.standings.reset("key", id, body.name)


@router.get("/{id}")
def get_key(id: str, response: Response, services: S, _actor: Actor) -> KeyOut:  # noqa: A002
    """One virtual key."""
    row = services.editors.keys.get(id)
    set_etag(response, row.version)
    return key_out(row)


@router.patch("/{id}")
def update_key(
    id: str,  # noqa: A002
    body: KeyPatch,
    response: Response,
    services: Changing,
    _actor: Actor,
    if_match: IfMatch = None,
) -> KeyOut:
    """Change a virtual key; `active: false` revokes it everywhere within 30 seconds."""
    row = services.editors.keys.update(id, body, expected(if_match))
    set_etag(response, row.version)
    return key_out(row)


@router.delete("/{id}", status_code=204)
def delete_key(id: str, services: Changing, _actor: Actor, if_match: IfMatch = None) -> Response:  # noqa: A002
    """Remove a virtual key; its log rows stay."""
    services.editors.keys.delete(id, expected(if_match))
    return Response(status_code=204)
