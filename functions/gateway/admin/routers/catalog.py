"""Known facts and prices of vendors' models."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query

from gateway.admin.access import access
from gateway.admin.paging import Limit
from gateway.admin.schemas import CatalogOut, Page
from gateway.admin.services import Services, services_of
from gateway.admin.shapes import catalog_out

router = APIRouter(prefix="/api/admin/catalog", tags=["models"], dependencies=[Depends(access("catalog"))])


@router.get("")
def search_catalog(
    services: Annotated[Services, Depends(services_of)],
    q: Annotated[str, Query(max_length=128, description="Part of a model's name")] = "",
    kind: Annotated[str | None, Query(max_length=64, description="A provider kind")] = None,
    limit: Limit = 20,
) -> Page[CatalogOut]:
    """The best matches; there is no second page: refine the query."""
    found = services.editors.models.catalog.search(q, kind, limit)
    return Page(items=[catalog_out(known) for known in found])
