"""The credentials of a provider."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Response

from gateway.admin.access import access
from gateway.admin.changing import Changing
from gateway.admin.paging import IfMatch, expected, set_etag
from gateway.admin.schemas import Page, UpstreamKeyIn, UpstreamKeyOut, UpstreamKeyPatch
from gateway.admin.services import Services, services_of
from gateway.admin.shapes import upstream_key_out
from gateway.stores.users import User

router = APIRouter(prefix="/api/admin/providers/{id}/keys", tags=["upstream keys"])
S = Annotated[Services, Depends(services_of)]
Actor = Annotated[User, Depends(access("upstream-keys"))]


def _address(id: str, key_id: str) -> tuple[str, str]:  # noqa: A002
    return id, key_id


Address = Annotated[tuple[str, str], Depends(_address)]


@router.get("")
def list_upstream_keys(id: str, services: S, _actor: Actor) -> Page[UpstreamKeyOut]:  # noqa: A002
    """The credentials of a provider, as hints. All of them: a provider has at most 50."""
    keys = services.editors.providers.get(id).keys
    return Page(items=[upstream_key_out(id, row) for row in keys], total=len(keys))


@router.post("", status_code=201)
def create_upstream_key(
    id: str,  # noqa: A002
    body: UpstreamKeyIn,
    response: Response,
    services: Changing,
    actor: Actor,
) -> UpstreamKeyOut:
    """Add a credential. A value is encrypted on arrival and never shown again."""
    row = services.editors.upstream_keys.create(id, body, actor.id)
    set_etag(response, row.version)
    return upstream_key_out(id, row)


@router.patch("/{key_id}")
def update_upstream_key(
    address: Address,
    body: UpstreamKeyPatch,
    response: Response,
    services: Changing,
    actor: Actor,
    if_match: IfMatch = None,
) -> UpstreamKeyOut:
    """Change or replace a credential."""
    row = services.editors.upstream_keys.update(address, body, expected(if_match), actor.id)
    set_etag(response, row.version)
    return upstream_key_out(address[0], row)


@router.delete("/{key_id}", status_code=204)
def delete_upstream_key(address: Address, services: Changing, actor: Actor, if_match: IfMatch = None) -> Response:
    """Remove a credential; log rows keep its id."""
    services.editors.upstream_keys.delete(address, expected(if_match), actor.id)
    return Response(status_code=204)
