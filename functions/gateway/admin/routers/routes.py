"""Routes: virtual models and their targets."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from gateway.admin.access import access
from gateway.admin.changing import Changing
from gateway.admin.dry_run import built_in_routes
from gateway.admin.errors import Missing
from gateway.admin.paging import Active, Cursor, IfMatch, Limit, expected, listed, set_etag
from gateway.admin.route_schemas import RouteIn, RouteOut, RoutePatch
from gateway.admin.route_shapes import route_out
from gateway.admin.schemas import Page
from gateway.admin.services import Services, services_of
from gateway.neutral.config import Route
from gateway.stores.users import User
from gateway.stores.versioned import Versioned

router = APIRouter(prefix="/api/admin/routes", tags=["routes"])
S = Annotated[Services, Depends(services_of)]
Actor = Annotated[User, Depends(access("routes"))]


@router.get("")
def list_routes(
    services: S,
    _actor: Actor,
    q: Annotated[str | None, Query(max_length=128, description="Part of the id, any case")] = None,
    active: Active = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Page[RouteOut]:
    """Routes by id; behind them, on the last page, the built-in ones that are in force."""
    needle = (q or "").lower()

    def keep(route: Route) -> bool:
        return needle in route.id.lower() and active in (None, route.active)

    rows, following, total = listed(services.editors.routes.page, lambda row: keep(row.value), cursor, limit)
    items = [route_out(row) for row in rows]
    if following is None or total is not None:
        built_in = [_built_in(route) for route in _in_force(services) if keep(route)]
        items += built_in if following is None else []
        total = None if total is None else total + len(built_in)
    return Page(items=items, next_cursor=following, total=total)


def _in_force(services: Services) -> tuple[Route, ...]:
    _, release = services.editors.publisher.current()
    return built_in_routes(release)


def _built_in(route: Route) -> RouteOut:
    return route_out(Versioned(route, 0, 0), built_in=True)


@router.post("", status_code=201)
def create_route(body: RouteIn, response: Response, services: Changing, actor: Actor) -> RouteOut:
    """Add a route. One of the id of a built-in route takes its place."""
    row = services.editors.routes.create(body, actor.id)
    set_etag(response, row.version)
    return route_out(row)


@router.get("/{id:path}")
def get_route(id: str, response: Response, services: S, _actor: Actor) -> RouteOut:  # noqa: A002
    """One route. A built-in one has no version and no ETag."""
    try:
        row = services.editors.routes.get(id)
    except Missing:
        built_in = next((route for route in _in_force(services) if route.id == id), None)
        if built_in is None:
            raise
        return _built_in(built_in)
    set_etag(response, row.version)
    return route_out(row)


@router.patch("/{id:path}")
def update_route(
    id: str,  # noqa: A002
    body: RoutePatch,
    response: Response,
    services: Changing,
    actor: Actor,
    if_match: IfMatch = None,
) -> RouteOut:
    """Change a route."""
    row = services.editors.routes.update(id, body, expected(if_match), actor.id)
    set_etag(response, row.version)
    return route_out(row)


@router.delete("/{id:path}", status_code=204)
def delete_route(id: str, services: Changing, actor: Actor, if_match: IfMatch = None) -> Response:  # noqa: A002
    """Remove a route. Where it stood in the place of a built-in one, that is back."""
    services.editors.routes.delete(id, expected(if_match), actor.id)
    return Response(status_code=204)
