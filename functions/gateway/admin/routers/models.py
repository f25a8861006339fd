"""Models and their prices, and the catalog that prefills them."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from gateway.admin.access import access
from gateway.admin.changing import Changing
from gateway.admin.paging import Active, Cursor, IfMatch, Limit, expected, listed, set_etag
from gateway.admin.schemas import ModelIn, ModelOut, ModelPatch, Page
from gateway.admin.services import Services, services_of
from gateway.admin.shapes import model_out
from gateway.neutral.config import Model
from gateway.stores.users import User

router = APIRouter(prefix="/api/admin/models", tags=["models"])
S = Annotated[Services, Depends(services_of)]
Actor = Annotated[User, Depends(access("models"))]
Search = Annotated[str | None, Query(max_length=128, description="Part of the id or the name, any case")]


def _asked(model: Model, needle: str) -> bool:
    return needle in model.id.lower() or needle in (model.display_name or "").lower()


@router.get("")
def list_models(
    services: S,
    _actor: Actor,
    q: Search = None,
    provider: Annotated[str | None, Query(max_length=128)] = None,
    active: Active = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Page[ModelOut]:
    """Models by id. A page may be short and still have a `next_cursor`."""
    needle = (q or "").lower()
    rows, following, total = listed(
        services.editors.models.page,
        lambda row: (
            _asked(row.value, needle) and provider in {None, row.value.provider} and active in {None, row.value.active}
        ),
        cursor,
        limit,
    )
    return Page(
        items=[model_out(row) for row in services.editors.models.quoted(rows)], next_cursor=following, total=total
    )


@router.post("", status_code=201)
def create_model(body: ModelIn, response: Response, services: Changing, actor: Actor) -> ModelOut:
    """Add a model. What is left out and known to the catalog (price, windows) is filled in; a price that is filled in is the model's list
    price: its provider's `prices` go before it, and its `price_factor_ppm` is applied to it. `price: null` fills in none."""
    row = services.editors.models.create(body, actor.id)
    set_etag(response, row.version)
    return model_out(services.editors.models.quoted([row])[0])


@router.get("/{id:path}")
def get_model(id: str, response: Response, services: S, _actor: Actor) -> ModelOut:  # noqa: A002
    """One model."""
    row = services.editors.models.get(id)
    set_etag(response, row.version)
    return model_out(services.editors.models.quoted([row])[0])


@router.patch("/{id:path}")
def update_model(
    id: str,  # noqa: A002
    body: ModelPatch,
    response: Response,
    services: Changing,
    actor: Actor,
    if_match: IfMatch = None,
) -> ModelOut:
    """Change a model. With another provider or upstream name, what the catalog said of the old model (price, windows, kind) becomes what it says
    of the new one, nothing where it knows nothing; what somebody set stays. A price that equals the present one is no change."""
    row = services.editors.models.update(id, body, expected(if_match), actor.id)
    set_etag(response, row.version)
    return model_out(services.editors.models.quoted([row])[0])


@router.delete("/{id:path}", status_code=204)
def delete_model(id: str, services: Changing, actor: Actor, if_match: IfMatch = None) -> Response:  # noqa: A002
    """Remove a model."""
    services.editors.models.delete(id, expected(if_match), actor.id)
    return Response(status_code=204)
