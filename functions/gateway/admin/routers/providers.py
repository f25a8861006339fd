"""Providers and the kinds they may be of."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from gateway.admin.access import ADMIN_ONLY_FIELDS, access, refuse_fields
from gateway.admin.changing import Changing
from gateway.admin.paging import Active, Cursor, IfMatch, Limit, expected, listed, set_etag
from gateway.admin.schemas import Page, ProviderIn, ProviderKindOut, ProviderOut, ProviderPatch
from gateway.admin.secretless import shown_to
from gateway.admin.services import Services, services_of
from gateway.admin.shapes import ProviderRow, provider_out
from gateway.providers import kinds
from gateway.stores.users import User

kinds_router = APIRouter(tags=["providers"], dependencies=[Depends(access("provider-kinds"))])
router = APIRouter(prefix="/api/admin/providers", tags=["providers"])
S = Annotated[Services, Depends(services_of)]
Actor = Annotated[User, Depends(access("providers"))]


@kinds_router.get("/api/admin/provider-kinds")
def list_provider_kinds() -> Page[ProviderKindOut]:
    """Every vendor a provider may be of."""
    items = [
        ProviderKindOut(
            kind=row.kind,
            title=row.title,
            dialects=list(row.dialects),
            base_url=row.base_url,
            auth=row.auth,
            needs_key=row.needs_key,
        )
        for row in kinds()
    ]
    return Page(items=items, total=len(items))


@router.get("")
def list_providers(
    services: S,
    actor: Actor,
    q: Annotated[str | None, Query(max_length=128, description="Part of the id or the name, any case")] = None,
    active: Active = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Page[ProviderOut]:
    """Providers with their keys (hints only), by id."""
    needle = (q or "").lower()

    def keep(row: ProviderRow) -> bool:
        value = row.value
        return active in (None, value.active) and (needle in value.id.lower() or needle in value.name.lower())

    rows, following, total = listed(services.editors.providers.page, keep, cursor, limit)
    return Page(items=[shown_to(actor.role, provider_out(row)) for row in rows], next_cursor=following, total=total)


@router.post("", status_code=201)
def create_provider(body: ProviderIn, response: Response, services: Changing, actor: Actor) -> ProviderOut:
    """Add a provider. Its URL must not point at a private, loopback or metadata address unless that is allowed. `base_url`, `allow_private` and
    `extra_headers` are an administrator's: the proxy's environment may have a credential for a provider of that id."""
    refuse_fields(actor, {name for name in ADMIN_ONLY_FIELDS - {"kind"} if getattr(body, name)})
    row = services.editors.providers.create(body, actor.id)
    set_etag(response, row.version)
    return shown_to(actor.role, provider_out(row))


@router.get("/{id}")
def get_provider(id: str, response: Response, services: S, actor: Actor) -> ProviderOut:  # noqa: A002
    """One provider."""
    row = services.editors.providers.get(id)
    set_etag(response, row.version)
    return shown_to(actor.role, provider_out(row))


@router.patch("/{id}")
def update_provider(
    id: str,  # noqa: A002
    body: ProviderPatch,
    response: Response,
    services: Changing,
    actor: Actor,
    if_match: IfMatch = None,
) -> ProviderOut:
    """Change a provider. `base_url`, `kind`, `allow_private` and `extra_headers` are an administrator's."""
    refuse_fields(actor, body.model_fields_set)
    row = services.editors.providers.update(id, body, expected(if_match), actor.id)
    set_etag(response, row.version)
    return shown_to(actor.role, provider_out(row))


@router.delete("/{id}", status_code=204)
def delete_provider(id: str, services: Changing, actor: Actor, if_match: IfMatch = None) -> Response:  # noqa: A002
    """Remove a provider and its keys; 409 names the models and routes that still use it."""
    services.editors.providers.delete(id, expected(if_match), actor.id)
    return Response(status_code=204)
