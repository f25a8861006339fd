"""The dry run: who would serve a request, and why."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends

from gateway.admin.access import access
from gateway.admin.dry_run import ANYBODY, DryRun
from gateway.admin.errors import Invalid, Missing
from gateway.admin.plan_schemas import PlanIn, PlanOut
from gateway.admin.services import Services, services_of
from gateway.neutral.config import VirtualKey

router = APIRouter(prefix="/api/admin/plan", tags=["plan"], dependencies=[Depends(access("plan"))])


@router.post("")
def explain_plan(body: PlanIn, services: Annotated[Services, Depends(services_of)]) -> PlanOut:
    """Who would serve a request, in which order, who not, and why. Nothing is called. A request nobody would serve is an answer with a
    `refusal`; 422 is for a body, a key or a draft that does not fit."""
    editors = services.editors
    address, release = editors.publisher.current()
    draft = None
    if body.draft_route is not None:
        try:
            draft = editors.routes.value(body.draft_route)
        except Invalid as error:
            raise Invalid(error.message, field=f"draft_route.{error.field}") from None
    run = DryRun(release, address, services.health.snapshot(), _key(body.key_id, services), services.clock)
    return run.answer(body, draft)


def _key(identifier: str | None, services: Services) -> VirtualKey:
    if identifier is None:
        return ANYBODY
    try:
        return services.editors.keys.get(identifier).value
    except Missing as error:
        raise Invalid(error.message, field="key_id") from None
