"""What is known of the upstreams, and putting it right by hand."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Response

from gateway.admin.access import access
from gateway.admin.changing import Leaving
from gateway.admin.errors import Missing
from gateway.admin.health_schemas import CloseIn, HealthOut
from gateway.admin.health_shapes import health_out
from gateway.admin.services import Services, services_of
from gateway.neutral import redaction
from gateway.routing.environment_keys import variable
from gateway.stores.users import User

router = APIRouter(tags=["health"])
S = Annotated[Services, Depends(services_of)]
Actor = Annotated[User, Depends(access("health"))]


@router.get("/api/admin/health")
def get_health(services: S, _actor: Actor) -> HealthOut:
    """Every provider with its keys and models, as the data plane knows them; some seconds old."""
    _, release = services.editors.publisher.current()
    return health_out(release, services.health.snapshot(), services.clock.now_ms())


@router.post("/api/admin/providers/{id}/keys/{key_id}/revive", status_code=204)
def revive_upstream_key(id: str, key_id: str, services: S, trail: Leaving, _actor: Actor) -> Response:  # noqa: A002
    """Let a cooling or dead credential be tried again, with the next request. One that is still refused is dead again."""
    provider = services.editors.providers.get(id)
    if key_id not in {f"env:{variable(id)}", *(row.value.id for row in provider.keys)}:
        raise Missing(f"The provider has no key {key_id[:128]!r}.")
    trail.about("revive", "upstream_key", key_id)
    services.health.revive(key_id)
    trail.noted("upstream_key", key_id, None, {"provider": id, "revived": True})
    return Response(status_code=204)


@router.post("/api/admin/providers/{id}/targets/close", status_code=204)
def close_breaker(id: str, body: CloseIn, services: S, trail: Leaving, _actor: Actor) -> Response:  # noqa: A002
    """Let a target be called again whose breaker is open. One that still fails opens it again."""
    services.editors.providers.get(id)
    trail.about("close", "target", f"{id}/{body.model}")
    services.health.close(id, body.model)
    trail.noted("target", f"{id}/{redaction.line(body.model, 256)}", None, {"breaker": "closed"})
    return Response(status_code=204)
