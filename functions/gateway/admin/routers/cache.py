"""The cache: what was answered with kept answers and what that saved, and throwing kept answers away."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from gateway.admin.access import access
from gateway.admin.cache_report import report
from gateway.admin.cache_schemas import CacheQuery, CacheReport
from gateway.admin.changing import Leaving
from gateway.admin.errors import Unavailable
from gateway.admin.overview import usage_of
from gateway.admin.services import Services, services_of
from gateway.stores.usage import UsageReader, UsageUnavailable

router = APIRouter(prefix="/api/admin/cache", tags=["cache"], dependencies=[Depends(access("cache"))])
S = Annotated[Services, Depends(services_of)]
Tenant = Annotated[
    str,
    Query(
        max_length=300,
        pattern=r"^(all|deployment|(team|user|key)#.+)$",
        description="Whose: `team#<id>`, `user#<id>`, `key#<id>`, `deployment` (what everybody shares), or `all`",
    ),
]


@router.get("")
def get_cache(
    query: Annotated[CacheQuery, Query()], services: S, reader: Annotated[UsageReader, Depends(usage_of)]
) -> CacheReport:
    """How often kept answers were given again, and what that saved, from the hourly and daily figures; a request appears some seconds after it
    ended."""
    try:
        return report(reader, query, services.clock.now_ms())
    except UsageUnavailable as error:
        raise Unavailable(f"{error}; try again.") from None


@router.delete("", status_code=204)
def clear_cache(services: S, trail: Leaving, tenant: Tenant = "all") -> Response:
    """Throw kept answers away: nothing that was kept before is given again. One write, however much there is; it takes nothing from the figures."""
    trail.about("clear", "cache", tenant)
    services.cache.clear(tenant)
    trail.noted("cache", tenant, None, {"cleared": True})
    return Response(status_code=204)
