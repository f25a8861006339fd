"""One action on many things."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends

from gateway.admin.access import access, allowed
from gateway.admin.bulk import METHODS, NOUNS, Bulk
from gateway.admin.bulk_schemas import BulkIn, BulkOut
from gateway.admin.changing import Leaving
from gateway.admin.errors import NotAllowed
from gateway.admin.recorded import recorded
from gateway.admin.services import Services, services_of
from gateway.stores.users import User

router = APIRouter(prefix="/api/admin/bulk", tags=["bulk"])


@router.post("")
def change_many(
    body: BulkIn,
    services: Annotated[Services, Depends(services_of)],
    actor: Annotated[User, Depends(access("bulk"))],
    trail: Leaving,
) -> BulkOut:
    """Switch on, switch off or delete up to 100 things of a kind: each by its own rules, one after another, without If-Match, and with one release
    at the end. 200 although some fail: `results` says which, and why."""
    if not allowed(actor.role, NOUNS[body.noun], METHODS[body.action]):
        raise NotAllowed("Your role does not allow this.")
    editors = recorded(services.editors, trail, publishing=False)
    return Bulk(editors, services.identity.editor, trail, services.clock).run(body, actor.id)
