"""Keys for the playground."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Depends, Response
from fastapi.security import HTTPAuthorizationCredentials

from gateway.admin.access import access, bearer
from gateway.admin.changing import Leaving
from gateway.admin.playground_schemas import PlaygroundKey
from gateway.admin.services import Services, services_of
from gateway.stores.users import User

router = APIRouter(prefix="/api/admin/playground", tags=["playground"])


def asking_again(
    services: Annotated[Services, Depends(services_of)],
    credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)],
) -> Callable[[], User]:
    """Who the bearer token's user is, each time it is asked."""
    return lambda: services.sessions.user("" if credentials is None else credentials.credentials)


@router.post("", status_code=201)
def create_playground_key(
    response: Response,
    services: Annotated[Services, Depends(services_of)],
    again: Annotated[Callable[[], User], Depends(asking_again)],
    user: Annotated[User, Depends(access("playground"))],
    trail: Leaving,
) -> PlaygroundKey:
    """A virtual key for the signed-in user, for an hour: it calls in their name (`user_id`), and ends when their user is changed or signed out
    everywhere. A user has five; a sixth takes the place of the oldest."""
    secret, key = services.playground.create(user, again, trail)
    response.headers["cache-control"] = "no-store"
    return PlaygroundKey(key=secret, key_id=key.id, expires_at=(key.valid_until or 0) * 1000)
