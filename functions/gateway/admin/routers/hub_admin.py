"""Upstream keys, logs and figures as clients of a hub of keys know them, over the same services as `/api/admin`."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from gateway.admin.access import access
from gateway.admin.changing import Changing
from gateway.admin.errors import Unavailable
from gateway.admin.hub_keys import HubKeys, Seen
from gateway.admin.hub_logs import hub_logs
from gateway.admin.hub_schemas import (
    HUB_ERRORS,
    HubDeleted,
    HubDiscovered,
    HubDiscoverIn,
    HubKey,
    HubKeyIn,
    HubKeyPatch,
    HubLog,
    HubLogsQuery,
    HubStats,
)
from gateway.admin.hub_stats import hub_stats
from gateway.admin.overview import usage_of
from gateway.admin.paging import IfMatch, expected, set_etag
from gateway.admin.services import Services, services_of
from gateway.stores.usage import UsageReader, UsageUnavailable
from gateway.stores.users import User

router = APIRouter(prefix="/v1/admin", tags=["hub"], responses=HUB_ERRORS)
S = Annotated[Services, Depends(services_of)]
KeyActor = Annotated[User, Depends(access("upstream-keys"))]
Reader = Annotated[User, Depends(access("usage"))]


def _seen(services: Services) -> Seen:
    return Seen(services.health.snapshot(), services.clock.now_ms())


@router.get("/keys")
def hub_list_keys(services: S, _actor: KeyActor) -> list[HubKey]:
    """The keys of all providers, as masks."""
    seen = _seen(services)
    return [seen.out(provider, key) for provider, key in HubKeys(services.editors).all()]


@router.post("/keys")
def hub_create_key(body: HubKeyIn, response: Response, services: Changing, actor: KeyActor) -> HubKey:
    """Add a key. It is encrypted on arrival and never shown again. A vendor without a provider gets one."""
    provider, row = HubKeys(services.editors).create(body, actor.id)
    set_etag(response, row.version)
    return _seen(services).out(provider, row.value)


@router.post("/keys/discover")
def hub_discover_key(body: HubDiscoverIn, services: S, _actor: KeyActor) -> HubDiscovered:
    """Ask a vendor for its models with a key that is stored nowhere, for ten seconds at most. 400 with the vendor's reason when it refuses."""
    return HubKeys(services.editors).discover(body, services.prober)


@router.patch("/keys/{id}")
def hub_update_key(
    id: str,  # noqa: A002
    body: HubKeyPatch,
    response: Response,
    services: Changing,
    actor: KeyActor,
    if_match: IfMatch = None,
) -> HubKey:
    """Rename a key, switch it on or off, or give it another quota."""
    provider, row = HubKeys(services.editors).update(id, body, expected(if_match), actor.id)
    set_etag(response, row.version)
    return _seen(services).out(provider, row.value)


@router.delete("/keys/{id}")
def hub_delete_key(id: str, services: Changing, actor: KeyActor, if_match: IfMatch = None) -> HubDeleted:  # noqa: A002
    """Remove a key; log rows keep its id."""
    HubKeys(services.editors).delete(id, expected(if_match), actor.id)
    return HubDeleted()


@router.get("/logs")
def hub_list_logs(query: Annotated[HubLogsQuery, Query()], services: S, actor: Reader) -> list[HubLog]:
    """The newest requests, without their bodies. Users see their own, and not which key paid. One call reads a bounded amount: where somebody's
    requests are rare among many, the list may be short."""
    return hub_logs(services.logs, query.limit, actor)


@router.get("/stats")
def hub_get_stats(services: S, actor: Reader, reader: Annotated[UsageReader, Depends(usage_of)]) -> HubStats:
    """Figures of finished requests; a request appears some seconds after it ended. Users see their own."""
    try:
        return hub_stats(reader, actor.id if actor.role == "user" else None, services.clock.now_ms())
    except UsageUnavailable:
        raise Unavailable("The figures cannot be read now; try again.") from None
