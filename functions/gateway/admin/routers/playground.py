"""Keys for the playground."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Response

from gateway.admin.access import access
from gateway.admin.changing import Leaving
from gateway.admin.playground_schemas import PlaygroundKey
from gateway.admin.services import Services, services_of
from gateway.stores.users import User

router = APIRouter(prefix="/api/admin/playground", tags=["playground"])


@router.post("", status_code=201)
def create_playground_key(
    response: Response,
    services: Annotated[Services, Depends(services_of)],
    user: Annotated[User, Depends(access("playground"))],
    trail: Leaving,
) -> PlaygroundKey:
    """A virtual key for the signed-in user, for an hour: it calls in their name (`user_id`), and ends when their user is changed or signed out
    everywhere. A user has five; a sixth takes the place of the oldest."""
    secret, key = services.playground.create(user, trail)
    response.headers["cache-control"] = "no-store"
    return PlaygroundKey(key=secret, key_id=key.id, expires_at=(key.valid_until or 0) * 1000)
