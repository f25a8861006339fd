"""The providers a key may use and how they are: nothing of others, null for what is not known, nobody called."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from gateway.errors import MethodNotAllowed, NotFound
from gateway.ingress import endpoints
from gateway.ingress.providers import View, render_provider, render_providers
from gateway.neutral.config import Model, Provider, Release, Route, Target, UpstreamKey, VirtualKey
from gateway.neutral.health import Health, KeyHealth, TargetHealth
from gateway.neutral.index import Index

NOW = 1_790_000_000_000
KEYS = (UpstreamKey("uk1", "****1", reference="arn:1"), UpstreamKey("uk2", "****2", reference="arn:2", daily_quota=100))
RELEASE = Release(
    providers=(
        Provider("oai", "OpenAI", "openai", keys=KEYS),
        Provider("ant", "Anthropic", "anthropic", keys=(UpstreamKey("uk3", "****3", reference="arn:3"),)),
        Provider("local", "House", "ollama"),
        Provider("off", "Off", "openai", active=False, keys=KEYS),
        Provider("keyless", "Keyless", "openai"),
    ),
    models=(
        Model("embed", "oai", "up-embed", kind="embedding"),
        Model("gpt", "oai", "up-gpt"),
        Model("old", "oai", "up-old", active=False),
        Model("claude", "ant", "up-claude"),
        Model("gone", "off", "up-gone"),
    ),
    routes=(Route("fast", (Target("oai", "up-mini"), Target("ant", "up-claude"))),),
)
SHAPE = ["is_healthy", "latency_ms", "p50", "p95", "p99", "success_rate", "error_count", "last_error", "last_check"]
UNKNOWN = dict.fromkeys(SHAPE[1:]) | {"is_healthy": True}


def key(**changes: Any) -> VirtualKey:
    return VirtualKey(**{"id": "k", "name": "k", "digest": "d", "hint": "h"} | changes)


def view(health: Health = Health(), release: Release = RELEASE, **changes: Any) -> View:  # noqa: B008 - frozen
    return View(Index(release, "hash", 1), key(**changes), health, NOW)


def listed(seen: View) -> dict[str, dict[str, Any]]:
    answer = json.loads(render_providers(seen))
    assert answer["total"] == len(answer["providers"])
    return {row["name"]: row for row in answer["providers"]}


def one(seen: View, provider: str = "oai") -> dict[str, Any]:
    found = render_provider(seen, provider)
    assert found is not None
    answer: dict[str, Any] = json.loads(found)
    assert list(answer) == SHAPE
    assert listed(seen)[provider]["health"] == answer
    return answer


def with_provider(**changes: Any) -> Release:
    return replace(RELEASE, providers=(replace(RELEASE.providers[0], **changes), *RELEASE.providers[1:]))


def test_a_key_without_limits_sees_every_active_provider() -> None:
    rows = listed(view())
    assert list(rows) == ["ant", "keyless", "local", "oai"]
    assert rows["oai"] == {
        "name": "oai",
        "display_name": "OpenAI",
        "is_available": True,
        "supported_models": ["fast", "embed", "gpt"],
        "default_model": "gpt",
        "capabilities": ["chat", "embedding"],
        "health": UNKNOWN,
    }
    assert (rows["local"]["supported_models"], rows["local"]["default_model"]) == ([], None)
    assert (rows["keyless"]["is_available"], rows["local"]["is_available"]) == (False, True)


@pytest.mark.parametrize(
    ("limits", "names"),
    [
        ({"allowed_providers": ("ant",)}, {"ant": ["fast", "claude"]}),
        ({"allowed_models": ("gpt",)}, {"oai": ["gpt"]}),
        ({"allowed_models": ("fast",)}, {"ant": ["fast"], "oai": ["fast"]}),
        ({"allowed_models": ("fast",), "allowed_providers": ("ant",)}, {"ant": ["fast"]}),
        ({"allowed_models": ("local/qwen",)}, {"local": []}),
        ({"allowed_models": ("loc*",)}, {"local": []}),
        ({"allowed_models": ("old", "gone", "nothing")}, {}),
        ({"allowed_providers": ("off", "nobody")}, {}),
    ],
)
def test_a_key_sees_what_it_may_use_and_nothing_else(limits: dict[str, Any], names: dict[str, list[str]]) -> None:
    seen = view(**limits)
    assert {name: row["supported_models"] for name, row in listed(seen).items()} == names
    for provider in ("oai", "ant", "local", "off", "keyless", "nobody", ""):
        assert (render_provider(seen, provider) is not None) == (provider in names)


def test_figures_are_of_the_keys_own_models() -> None:
    health = Health(
        {("oai", "up-gpt"): TargetHealth(ok=9, bad=1), ("oai", "up-mini"): TargetHealth(bad=5)}, taken_ms=NOW
    )
    assert one(view(health))["error_count"] == 6
    assert one(view(health, allowed_models=("gpt",)))["error_count"] == 1
    assert one(view(health, allowed_models=("embed",)))["error_count"] is None


def test_figures_of_several_targets() -> None:
    health = Health(
        {
            ("oai", "up-gpt"): TargetHealth(30, 10, 100.0, 200.0, 900.0, last_fault="upstream_reset", last_fault_ms=5),
            ("oai", "up-mini"): TargetHealth(10, 0, 300.0, 400.0, 500.0, last_fault="upstream_cut", last_fault_ms=9),
            ("oai", "called-by-name"): TargetHealth(10, 0),
            ("ant", "up-claude"): TargetHealth(1, 99, 1.0, 1.0, 9999.0, last_fault="other", last_fault_ms=99),
        },
        taken_ms=NOW,
    )
    assert one(view(health)) == {
        "is_healthy": True,
        "latency_ms": 150.0,
        "p50": 150.0,
        "p95": 400.0,
        "p99": 900.0,
        "success_rate": 0.8333,
        "error_count": 10,
        "last_error": "upstream_cut",
        "last_check": "2026-09-21T14:13:20.000+00:00",
    }


@pytest.mark.parametrize(
    ("until", "available", "healthy"), [(0, True, True), (NOW + 1, False, False), (NOW - 1, True, False)]
)
def test_breakers(until: int, available: bool, healthy: bool) -> None:
    """Open: no call. Half-open: a probe may be made, and nobody knows yet. One closed breaker is enough."""
    models = ("up-gpt", "up-embed", "up-mini")
    health = Health({("oai", model): TargetHealth(open_until_ms=until) for model in models})
    seen = view(health)
    assert (listed(seen)["oai"]["is_available"], one(seen)["is_healthy"]) == (available, healthy)
    some = view(replace(health, targets={("oai", "up-gpt"): TargetHealth(open_until_ms=until)}))
    assert (listed(some)["oai"]["is_available"], one(some)["is_healthy"]) == (True, True)


@pytest.mark.parametrize(
    ("first", "second", "usable"),
    [
        (KeyHealth(), KeyHealth(dead_until_ms=NOW + 1), True),
        (KeyHealth(dead_until_ms=NOW + 1), KeyHealth(cooling_until_ms=NOW + 1), False),
        (KeyHealth(dead_until_ms=NOW), KeyHealth(cooling_until_ms=NOW + 1), True),
        (KeyHealth(cooling_until_ms=NOW + 1), KeyHealth(used_tokens=100, window_ends_ms=NOW + 1), False),
        (KeyHealth(cooling_until_ms=NOW + 1), KeyHealth(used_tokens=100, window_ends_ms=NOW), True),
        (KeyHealth(stamp="another", dead_until_ms=NOW + 1), KeyHealth(dead_until_ms=NOW + 1), True),
    ],
)
def test_a_provider_needs_a_key_that_works(first: KeyHealth, second: KeyHealth, usable: bool) -> None:
    seen = view(Health(keys={"uk1": first, "uk2": second}))
    assert (listed(seen)["oai"]["is_available"], one(seen)["is_healthy"]) == (usable, usable)


def test_a_pause_ends_by_itself() -> None:
    for seconds, free in ((NOW // 1000 + 1, False), (NOW // 1000, True)):
        assert listed(view(release=with_provider(paused_until=seconds)))["oai"]["is_available"] is free


def test_a_kind_that_is_not_known_is_not_available() -> None:
    assert listed(view(release=with_provider(kind="from-the-future", keys=())))["oai"]["is_available"] is False


def test_what_models_can_do_is_told_without_how_they_are_asked() -> None:
    words = {"up-gpt": frozenset({"tools", "vision", "no_sampling"}), "up-mini": frozenset({"pdf"})}
    seen = replace(view(allowed_models=("gpt", "embed")), capabilities=lambda kind, model: words.get(model))
    assert listed(seen)["oai"]["capabilities"] == ["chat", "embedding", "tools", "vision"]


@pytest.mark.parametrize(
    ("method", "path", "action", "argument"),
    [
        ("GET", "/v1/providers", "providers", ""),
        ("HEAD", "/v1/providers/", "providers", ""),
        ("GET", "/v1/providers/oai/health", "provider_health", "oai"),
        ("HEAD", "/v1/providers/health/health/", "provider_health", "health"),
        ("DELETE", "/v1/requests/req_01", "stop", "req_01"),
    ],
)
def test_paths(method: str, path: str, action: str, argument: str) -> None:
    for asking in ("openai", "anthropic", "gemini"):
        found = endpoints.find(method, path, "", asking)
        assert (found.action, found.argument, found.relay) == (action, argument, None)
        assert found.errors is (endpoints.OPENAI if action == "stop" else endpoints.UNIFIED_FORM)


@pytest.mark.parametrize(
    "path",
    [
        *("/v1/providers/oai", "/v1/providers//health", "/v1/providers/health", "/v1/providers/a/b/health"),
        *("/v1/requests", "/v1/requests/", "/v1/requests/a/b", "/v1/providersx/a/health"),
    ],
)
def test_no_such_path(path: str) -> None:
    for method in ("GET", "DELETE"):
        with pytest.raises(NotFound):
            endpoints.find(method, path)


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("POST", "/v1/providers", "GET, HEAD"),
        ("DELETE", "/v1/providers/oai/health", "GET, HEAD"),
        ("GET", "/v1/requests/req_01", "DELETE"),
        ("HEAD", "/v1/requests/req_01", "DELETE"),
    ],
)
def test_other_methods(method: str, path: str, allowed: str) -> None:
    with pytest.raises(MethodNotAllowed) as refused:
        endpoints.find(method, path)
    assert refused.value.headers == {"allow": allowed}
