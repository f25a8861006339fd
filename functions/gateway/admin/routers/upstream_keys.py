"""The credentials of a provider."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Response

from gateway.admin.access import access
from gateway.admin.paging import IfMatch, expected, set_etag
from gateway.admin.schemas import Page, UpstreamKeyIn, UpstreamKeyOut, UpstreamKeyPatch
from gateway.admin.services import Services, services_of
from gateway.admin.shapes import upstream_key_out
from gateway.stores.users import User

router = APIRouter(prefix="/api/admin/providers/{id}/keys", tags=["upstream keys"])
S = Annotated[Services, Depends(services_of)]
Actor = Annotated[User, Depends(access("upstream-keys"))]


@router.get("")
def list_upstream_keys(id: str, services: S, _actor: Actor) -> Page[UpstreamKeyOut]:  # noqa: A002
    """The credentials of a provider, as hints. All of them: a provider has at most 50."""
    keys = services.editor.provider(id).keys
    return Page(items=[upstream_key_out(id, row) for row in keys], total=len(keys))


@router.post("", status_code=201)
def create_upstream_key(id: str, body: UpstreamKeyIn, response: Response, services: S, actor: Actor) -> UpstreamKeyOut:  # noqa: A002
    """Add a credential. A value is encrypted on arrival and never shown again."""
    row = services.editor.create_upstream_key(id, body, actor.id)
    set_etag(response, row.version)
    return upstream_key_out(id, row)


@router.patch("/{key_id}")
def update_upstream_key(
    id: str,  # noqa: A002
    key_id: str,
    body: UpstreamKeyPatch,
    response: Response,
    services: S,
    actor: Actor,
    if_match: IfMatch = None,
) -> UpstreamKeyOut:
    """Change or replace a credential."""
    row = services.editor.update_upstream_key((id, key_id), body, expected(if_match), actor.id)
    set_etag(response, row.version)
    return upstream_key_out(id, row)


@router.delete("/{key_id}", status_code=204)
def delete_upstream_key(id: str, key_id: str, services: S, actor: Actor, if_match: IfMatch = None) -> Response:  # noqa: A002
    """Remove a credential; log rows keep its id."""
    services.editor.delete_upstream_key((id, key_id), expected(if_match), actor.id)
    return Response(status_code=204)
