"""The configuration in force."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Response

from gateway.admin.access import access
from gateway.admin.paging import set_etag
from gateway.admin.schemas import ReleaseOut
from gateway.admin.services import Services, services_of

router = APIRouter(prefix="/api/admin/release", tags=["release"], dependencies=[Depends(access("release"))])


@router.get("")
def get_release(response: Response, services: Annotated[Services, Depends(services_of)]) -> ReleaseOut:
    """The release in force and what it holds. The ETag is its number."""
    found = services.editors.publisher.in_force()
    set_etag(response, found.number)
    return found
