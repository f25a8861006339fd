"""The admin application: routers, error shape, request ids, security headers. It knows no concrete service."""

from __future__ import annotations

from typing import Any, Final

from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute
from starlette.middleware.cors import CORSMiddleware

from gateway.admin import answers, overview
from gateway.admin.door import Door
from gateway.admin.ending import Ending
from gateway.admin.routers import (
    agents,
    audit,
    auth,
    balances,
    bulk,
    cache,
    catalog,
    configuration,
    dialog_admin,
    dialog_export,
    dialog_models,
    dialog_tokens,
    dialogs,
    end_users,
    guardrails,
    health,
    hub_admin,
    hub_auth,
    invitations,
    keys,
    limits,
    logs,
    models,
    own_tokens,
    plan,
    playground,
    probing,
    providers,
    registration,
    release,
    releases,
    routes,
    settings,
    teams,
    upstream_keys,
    usage,
    users,
)
from gateway.admin.schemas import ErrorReply
from gateway.admin.services import Services
from gateway.admin.viewer import Viewer

ROUTERS: Final[tuple[APIRouter, ...]] = (
    auth.router,
    registration.router,
    providers.kinds_router,
    providers.router,
    probing.router,
    upstream_keys.router,
    models.router,
    catalog.router,
    guardrails.router,
    agents.router,
    routes.router,
    keys.router,
    teams.router,
    balances.router,
    end_users.router,
    limits.router,
    logs.router,
    logs.stops_router,
    health.router,
    plan.router,
    overview.router,
    usage.router,
    cache.router,
    users.router,
    invitations.router,
    release.router,
    releases.router,
    releases.rollback_router,
    releases.publish_router,
    settings.router,
    bulk.router,
    playground.router,
    configuration.router,
    audit.router,
    dialogs.router,
    dialog_models.router,
    own_tokens.router,
    dialog_export.router,
    dialog_admin.router,
    dialog_tokens.router,
    hub_auth.router,
    hub_admin.router,
)
_ERRORS: Final[dict[int | str, dict[str, Any]]] = {
    401: {"model": ErrorReply, "description": "Not signed in"},
    403: {"model": ErrorReply, "description": "The role may not do this"},
    422: {"model": ErrorReply, "description": "The request does not fit"},
    "default": {"model": ErrorReply, "description": "Any other error"},
}


def _operation_id(route: APIRoute) -> str:
    return route.name


def assemble() -> FastAPI:
    """The application without services: enough to describe it, not to serve."""
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
    answers.install(app)
    for router in ROUTERS:
        app.include_router(router)
    return app


def serve(services: Services, dashboard_origin: str | None = None, origin_secret: bytes | None = None) -> FastAPI:
    """The application at work. Another origin than its own may call it only if it is `dashboard_origin`, and without
    cookies: a dashboard of another origin signs in anew when its access token ends (`refresh_cookie.py`). `origin_secret` is what CloudFront
    adds to its requests (`viewer.py`); None = there is no CloudFront."""
    app = assemble()
    app.state.services = services
    app.add_middleware(Ending)  # innermost: what it answers passes the others
    if dashboard_origin:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=[dashboard_origin],
            allow_methods=["GET", "POST", "PATCH", "DELETE"],
            allow_headers=["authorization", "content-type", "if-match", "x-request-id"],
            expose_headers=["etag", "retry-after", "x-next-cursor", "x-request-id", "x-total-count"],
            max_age=600,
        )
    if origin_secret:
        app.add_middleware(Viewer, secret=origin_secret)
    app.add_middleware(Door, new_id=lambda: services.clock.new_id("req"))
    return app
