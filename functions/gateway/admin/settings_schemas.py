"""Bodies of the settings."""

from __future__ import annotations

from typing import Literal

from gateway.admin.cache_schemas import CacheRuleIO
from gateway.admin.fields import Reply, Strict
from gateway.admin.identity_settings import Mode


class DeploymentOut(Reply):
    """What the deployment was made with; parameters of its template change it. `propagation_seconds`: how late the gateway may follow a
    publication, at its next request. `keepalive_seconds` 0 = streams get no signs of life. `offline_embedder`: semantic caches may do without a
    model of their own."""

    stage: str
    region: str
    registration: Mode
    oidc_issuer: str | None
    log_ttl_days: int
    audit_ttl_days: int
    config_poll_seconds: float
    key_cache_seconds: float
    propagation_seconds: float
    allow_private_upstreams: bool
    durable_logs: bool
    keepalive_seconds: float
    upstream_health: bool
    retry_attempts: int
    token_grant: int
    offline_embedder: bool


class SettingsOut(Reply):
    """`publishing`: `direct` = every edit of providers, their keys, models and routes is in force at once; `draft` = edits wait until they are
    published together. `cache` holds for models that are asked for without a route; it is a part of the configuration, as a route's is. `version` 0 =
    nobody has ever chosen."""

    publishing: Literal["direct", "draft"]
    cache: CacheRuleIO | None
    version: int
    deployment: DeploymentOut


class SettingsPatch(Strict):
    """A change of the settings; absent fields stay. `cache` null: answers of models without a route are not kept."""

    publishing: Literal["direct", "draft"] | None = None
    cache: CacheRuleIO | None = None
