"""The whole configuration as one document: taken out, planned and applied."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Query, Response

from gateway.admin import applying
from gateway.admin.access import access
from gateway.admin.applying import Order
from gateway.admin.audit_shapes import change_out
from gateway.admin.changing import Leaving
from gateway.admin.configuration_schemas import (
    ConfigurationApplied,
    ConfigurationApplyIn,
    ConfigurationIn,
    ConfigurationPlan,
    DocumentFormat,
    GeneratedKey,
    MissingSecret,
    PlannedChange,
)
from gateway.admin.document import DocumentError
from gateway.admin.document_export import exported, json_text, yaml_text
from gateway.admin.document_text import parse
from gateway.admin.document_work import UNSENT, Variables
from gateway.admin.draft import read
from gateway.admin.errors import Invalid
from gateway.admin.paging import set_etag
from gateway.admin.recorded import recorded
from gateway.admin.services import Services, services_of
from gateway.admin.trail import Subject
from gateway.stores.users import User

router = APIRouter(prefix="/api/admin/configuration", tags=["configuration"])
S = Annotated[Services, Depends(services_of)]
Actor = Annotated[User, Depends(access("configuration"))]
NAME: Final = "document"


@router.get("", response_class=Response, responses={200: {"content": {"application/yaml": {}, "application/json": {}}}})
def export_configuration(
    services: S,
    _actor: Actor,
    format: Annotated[DocumentFormat, Query(description="What kind of text")] = "yaml",  # noqa: A002
) -> Response:
    """Everything that is configured, as a document that `apply` reads. No secret is in it: an upstream key is a reference, or `stored: true`, which
    leaves it as it is where the document comes from."""
    stored = read(services.editors)
    write = json_text if format == "json" else yaml_text
    headers = {"content-disposition": f'attachment; filename="gateway.{format}"'}
    answer = Response(write(exported(stored)), media_type=f"application/{format}; charset=utf-8", headers=headers)
    set_etag(answer, stored.pointer.number)
    return answer


def _order(body: ConfigurationIn) -> Order:
    parsed = parse(body.document, NAME, body.format)
    return Order(parsed, Variables(body.variables, UNSENT), body.prune, body.document)


def _refusal(error: DocumentError) -> Invalid:
    return Invalid(str(error), field=error.path or NAME)


@router.post("/plan")
def plan_configuration(body: ConfigurationIn, services: S, _actor: Actor) -> ConfigurationPlan:
    """What applying a document would change. Nothing is written. 422 says what is wrong with the document, and where."""
    try:
        planned = applying.plan(_order(body), services.editors)
    except DocumentError as error:
        raise _refusal(error) from None
    return ConfigurationPlan(
        changes=[PlannedChange(**change_out(change).model_dump(), path=path) for change, path in planned.changes],
        missing=[MissingSecret(path=one.path, provider=one.provider, message=one.message) for one in planned.missing],
        warnings=list(planned.warnings),
        number=planned.number,
        fingerprint=planned.fingerprint,
    )


@router.post("/apply")
def apply_configuration(
    body: ConfigurationApplyIn, response: Response, services: S, trail: Leaving, actor: Actor
) -> ConfigurationApplied:
    """Make the configuration what a document says, and put it in force as one release, in draft mode too. 409: things were changed since the plan."""
    trail.entitle(Subject("apply", "configuration", NAME))
    editors = recorded(services.editors, trail, publishing=False)
    try:
        applied = applying.put(_order(body), editors, actor.id, body.fingerprint)
    except DocumentError as error:
        raise _refusal(error) from None
    set_etag(response, applied.number)
    keys = [GeneratedKey(name=name, key=key) for name, key in applied.generated.items()]
    return ConfigurationApplied(release=applied.release, number=applied.number, changed=applied.changed, keys=keys)
