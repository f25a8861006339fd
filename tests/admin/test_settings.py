"""Settings: what can be chosen, and what the deployment was made with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from tests.admin.conftest import Api
from tests.aws_mock import ENVIRON, World
from tests.infra.sam import template

from gateway.admin.routers.settings import _deployment
from gateway.admin.settings_schemas import DeploymentOut
from gateway.settings import from_environ

# What of the proxy the admin function must be told as well, or its page would show defaults.
OF_THE_PROXY = {
    "KEEPALIVE_SECONDS",
    "RETRY_ATTEMPTS",
    "UPSTREAM_HEALTH",
    "LOG_TTL_DAYS",
    "ALLOW_PRIVATE_UPSTREAMS",
    "TOKEN_GRANT",
    "EMBEDDER_FUNCTION",
}


def test_the_settings_of_a_fresh_deployment(api: Api, world: World, user: Callable[[Any], dict[str, str]]) -> None:
    answer = api("GET", "settings")
    told = answer.json()
    assert (told["publishing"], told["version"], answer.headers["etag"]) == ("direct", 0, '"0"')
    assert told["deployment"] == {
        "stage": "test",
        "region": "eu-central-1",
        "registration": "closed",
        "oidc_issuer": None,
        "log_ttl_days": 30,
        "audit_ttl_days": 400,
        "config_poll_seconds": 5.0,
        "key_cache_seconds": 15.0,
        "propagation_seconds": 25.0,
        "allow_private_upstreams": False,
        "durable_logs": False,
        "keepalive_seconds": 15.0,
        "upstream_health": True,
        "retry_attempts": 2,
        "token_grant": 0,
        "offline_embedder": False,
    }
    operator = user("operator")
    assert world.client.get("/api/admin/settings", headers=operator).json() == told
    refused = world.client.patch("/api/admin/settings", headers=operator, json={"publishing": "draft"})
    assert refused.status_code == 403


def test_the_facts_are_the_environments(world: World) -> None:
    more = {"KEEPALIVE_SECONDS": "0", "RETRY_ATTEMPTS": "4", "UPSTREAM_HEALTH": "false", "CONFIG_POLL_SECONDS": "30"}
    settings = from_environ({**ENVIRON, **more, "DURABLE_LOGS": "1", "TOKEN_GRANT": "7", "EMBEDDER_FUNCTION": "f"})
    told = _deployment(replace(world.services, settings=settings))
    assert (told.keepalive_seconds, told.retry_attempts, told.upstream_health, told.durable_logs) == (0, 4, False, True)
    assert (told.propagation_seconds, told.token_grant, told.offline_embedder) == (30.0, 7, True)
    assert set(DeploymentOut.model_fields) == set(told.model_dump())


def test_the_admin_function_is_told_what_the_proxy_is() -> None:
    proxy, admin = (
        template()["Resources"][name]["Properties"]["Environment"]["Variables"]
        for name in ("ProxyFunction", "AdminFunction")
    )
    assert {name: admin[name] for name in OF_THE_PROXY} == {name: proxy[name] for name in OF_THE_PROXY}
    unsaid = {"DURABLE_LOGS", "CONFIG_POLL_SECONDS", "KEY_CACHE_SECONDS"}  # both have the default, or both are told
    assert {name: admin.get(name) for name in unsaid} == {name: proxy.get(name) for name in unsaid}


@pytest.mark.parametrize(
    ("body", "field"),
    [({"publishing": "later"}, "publishing"), ({"publishing": None}, "publishing"), ({"stage": "prod"}, "stage")],
)
def test_what_does_not_fit_is_refused(api: Api, body: dict[str, Any], field: str) -> None:
    answer = api("PATCH", "settings", body)
    assert (answer.status_code, answer.json()["error"]["field"]) == (422, field)


def test_a_choice_that_is_none_writes_nothing(api: Api, world: World) -> None:
    before = world.items("config")
    assert api("PATCH", "settings", {}).json()["version"] == 0
    assert api("PATCH", "settings", {"publishing": "direct"}, if_match='"0"').json()["version"] == 0
    assert world.items("config") == before
    assert api("PATCH", "settings", {"publishing": "draft"}, if_match='"1"').status_code == 412
    assert api("PATCH", "settings", {"publishing": "draft"}, if_match='"0"').json()["version"] == 1
