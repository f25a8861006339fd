"""Guardrails: what is looked for in requests and answers, and what happens then."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from gateway.admin.access import access
from gateway.admin.changing import Changing
from gateway.admin.errors import Invalid, Missing
from gateway.admin.guardrail_schemas import GuardrailIn, GuardrailOut, GuardrailPatch, TryIn, TryOut
from gateway.admin.guardrail_shapes import guardrail_out, guardrail_value, tried
from gateway.admin.paging import Active, Cursor, IfMatch, Limit, expected, listed, set_etag
from gateway.admin.schemas import Page
from gateway.admin.services import Services, services_of
from gateway.neutral.guardrails import Guardrail, Kind
from gateway.stores.users import User

router = APIRouter(prefix="/api/admin/guardrails", tags=["guardrails"])
S = Annotated[Services, Depends(services_of)]
Actor = Annotated[User, Depends(access("guardrails"))]


@router.get("")
def list_guardrails(
    services: S,
    _actor: Actor,
    q: Annotated[str | None, Query(max_length=128, description="Part of the id or name, any case")] = None,
    kind: Annotated[Kind | None, Query(description="Only those of this kind")] = None,
    active: Active = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Page[GuardrailOut]:
    """Guardrails by id."""
    needle = (q or "").lower()

    def keep(value: Guardrail) -> bool:
        named = needle in value.id.lower() or needle in (value.name or "").lower()
        return named and kind in (None, value.kind) and active in (None, value.active)

    rows, following, total = listed(services.editors.guardrails.page, lambda row: keep(row.value), cursor, limit)
    return Page(items=[guardrail_out(row) for row in rows], next_cursor=following, total=total)


@router.post("", status_code=201)
def create_guardrail(body: GuardrailIn, response: Response, services: Changing, actor: Actor) -> GuardrailOut:
    """Add a guardrail. With `everywhere` it holds from now on for every request, otherwise for those of the routes that name it."""
    row = services.editors.guardrails.create(body, actor.id)
    set_etag(response, row.version)
    return guardrail_out(row)


@router.post("/try")
def try_guardrail(body: TryIn, services: S, _actor: Actor) -> TryOut:
    """What a guardrail says of a text. Nothing is stored and nothing is called: one of the kind `moderation` is refused."""
    if isinstance(body.guardrail, GuardrailIn):
        try:
            value = guardrail_value(body.guardrail)
        except Invalid as error:
            raise Invalid(error.message, field=f"guardrail.{error.field}") from None
    else:
        try:
            value = services.editors.guardrails.get(body.guardrail).value
        except Missing as error:
            raise Invalid(error.message, field="guardrail") from None
    return tried(value, body.stage, body.role, body.text)


@router.get("/{id:path}")
def get_guardrail(id: str, response: Response, services: S, _actor: Actor) -> GuardrailOut:  # noqa: A002
    """One guardrail."""
    row = services.editors.guardrails.get(id)
    set_etag(response, row.version)
    return guardrail_out(row)


@router.patch("/{id:path}")
def update_guardrail(
    id: str,  # noqa: A002
    body: GuardrailPatch,
    response: Response,
    services: Changing,
    actor: Actor,
    if_match: IfMatch = None,
) -> GuardrailOut:
    """Change a guardrail."""
    row = services.editors.guardrails.update(id, body, expected(if_match), actor.id)
    set_etag(response, row.version)
    return guardrail_out(row)


@router.delete("/{id:path}", status_code=204)
def delete_guardrail(id: str, services: Changing, actor: Actor, if_match: IfMatch = None) -> Response:  # noqa: A002
    """Remove a guardrail; 409 while a route names it."""
    services.editors.guardrails.delete(id, expected(if_match), actor.id)
    return Response(status_code=204)
