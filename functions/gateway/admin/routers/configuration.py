"""The whole configuration as one document: taken out, planned and applied."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from gateway.admin.access import access
from gateway.admin.changing import Changing
from gateway.admin.configuration_schemas import (
    ConfigurationApplied,
    ConfigurationApplyIn,
    ConfigurationIn,
    ConfigurationPlan,
    DocumentFormat,
)
from gateway.admin.errors import Unavailable
from gateway.admin.services import Services, services_of
from gateway.stores.users import User

router = APIRouter(prefix="/api/admin/configuration", tags=["configuration"])
S = Annotated[Services, Depends(services_of)]
Actor = Annotated[User, Depends(access("configuration"))]


@router.get("", response_class=Response, responses={200: {"content": {"application/yaml": {}, "application/json": {}}}})
def export_configuration(
    services: S,
    _actor: Actor,
    format: Annotated[DocumentFormat, Query(description="What kind of text")] = "yaml",  # noqa: A002
) -> Response:
    """Everything that is configured, as a document that `apply` reads. No secret is in it: an upstream key is a reference, or `stored: true`."""
    raise Unavailable("Not yet.")


@router.post("/plan")
def plan_configuration(body: ConfigurationIn, services: S, _actor: Actor) -> ConfigurationPlan:
    """What applying a document would change. Nothing is written."""
    raise Unavailable("Not yet.")


@router.post("/apply")
def apply_configuration(body: ConfigurationApplyIn, services: Changing, actor: Actor) -> ConfigurationApplied:
    """Make the configuration what a document says, as one release."""
    raise Unavailable("Not yet.")
