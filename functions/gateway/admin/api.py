"""The admin application: routers, error shape, request ids, security headers. It knows no concrete service."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute

from gateway.admin.routers import auth, catalog, keys, logs, models, providers, release, routes, upstream_keys
from gateway.admin.schemas import ErrorReply

ROUTERS: tuple[APIRouter, ...] = (
    auth.router,
    providers.kinds_router,
    providers.router,
    upstream_keys.router,
    models.router,
    catalog.router,
    routes.router,
    keys.router,
    logs.router,
    release.router,
)
_ERRORS: dict[int | str, dict[str, Any]] = {
    401: {"model": ErrorReply, "description": "Not signed in"},
    403: {"model": ErrorReply, "description": "The role may not do this"},
    422: {"model": ErrorReply, "description": "The request does not fit"},
    "default": {"model": ErrorReply, "description": "Any other error"},
}


def _operation_id(route: APIRoute) -> str:
    return route.name


def assemble() -> FastAPI:
    """The application without services; `app.state.services` must be set before it serves."""
    app = FastAPI(
        title="Gateway admin API",
        version="1",
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        responses=_ERRORS,
        generate_unique_id_function=_operation_id,
        redirect_slashes=False,
    )
    for router in ROUTERS:
        app.include_router(router)
    return app
