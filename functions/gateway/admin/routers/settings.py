"""Settings: what can be chosen here, and what the deployment was made with."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Response

from gateway.admin.access import access
from gateway.admin.changing import Changing
from gateway.admin.desk import changes
from gateway.admin.paging import IfMatch, expected, set_etag
from gateway.admin.route_shapes import rule_io
from gateway.admin.services import Services, services_of
from gateway.admin.settings_schemas import DeploymentOut, SettingsOut, SettingsPatch
from gateway.settings import PROPAGATION_SECONDS
from gateway.stores.publishing import Publishing
from gateway.stores.users import User

router = APIRouter(prefix="/api/admin/settings", tags=["settings"], dependencies=[Depends(access("settings"))])


def _settings(response: Response, services: Services, chosen: Publishing) -> SettingsOut:
    set_etag(response, chosen.version)
    return SettingsOut(
        publishing=chosen.mode,
        cache=rule_io(services.editors.cache.get()),
        version=chosen.version,
        deployment=_deployment(services),
    )


def _deployment(services: Services) -> DeploymentOut:
    settings, identity = services.settings, services.identity
    return DeploymentOut(
        stage=settings.stage,
        region=settings.region,
        registration=identity.registration.mode,
        oidc_issuer=identity.editor.issuer,
        log_ttl_days=settings.log_ttl_days,
        audit_ttl_days=settings.audit_ttl_days,
        config_poll_seconds=settings.config_poll_seconds,
        key_cache_seconds=settings.key_cache_seconds,
        propagation_seconds=max(PROPAGATION_SECONDS, settings.config_poll_seconds),
        allow_private_upstreams=settings.allow_private_upstreams,
        durable_logs=settings.durable,
        keepalive_seconds=settings.keepalive_seconds,
        upstream_health=settings.upstream_health,
        retry_attempts=settings.retry_attempts,
        token_grant=settings.token_grant,
        offline_embedder=settings.embedder_function is not None,
    )


@router.get("")
def get_settings(response: Response, services: Annotated[Services, Depends(services_of)]) -> SettingsOut:
    """The settings and the facts of the deployment."""
    return _settings(response, services, services.editors.publisher.mode())


@router.patch("")
def update_settings(
    body: SettingsPatch,
    response: Response,
    services: Changing,
    actor: Annotated[User, Depends(access("settings"))],
    if_match: IfMatch = None,
) -> SettingsOut:
    """Change the settings. 409 when a draft waits and `publishing` is to be `direct`: publish or discard it first. In draft mode a `cache` rule
    waits in the draft, as an edit of a route does."""
    asked = changes(body, nullable=frozenset({"cache"}))
    publisher = services.editors.publisher
    chosen = publisher.switch(body.publishing or publisher.mode().mode, expected(if_match))
    if "cache" in asked and services.editors.cache.differs(body.cache):
        # First, so that of two who change it on the same grounds one is told.
        chosen = publisher.count(chosen if if_match else None)
        services.editors.cache.put(body.cache, actor.id)
    return _settings(response, services, chosen)
