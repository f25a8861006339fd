"""Where the limits of several keys, teams or end users stand, for lists."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query

from gateway.admin.access import access
from gateway.admin.limit_schemas import ScopeIds, ScopesOut
from gateway.admin.services import Services, services_of
from gateway.neutral.limits import ScopeKind
from gateway.stores.users import User

router = APIRouter(prefix="/api/admin/limits", tags=["limits"])
S = Annotated[Services, Depends(services_of)]
Actor = Annotated[User, Depends(access("limits"))]


@router.get("")
def list_limits(
    services: S,
    _actor: Actor,
    scope: Annotated[ScopeKind, Query()],
    id: Annotated[ScopeIds, Query()],  # noqa: A002
) -> ScopesOut:
    """Where the limits of at most 50 keys, teams or users stand; `id` may be given many times."""
    return ScopesOut(items=services.standings.several(scope, id))
