"""What the dashboard is told of the upstreams, and what an administrator can put right by hand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import boto3
import pytest
from boto3.dynamodb.types import TypeSerializer
from tests.admin.conftest import Api
from tests.aws_mock import World

from gateway.admin.health_shapes import health_out
from gateway.neutral.config import Model, Provider, Release, Route, Share, Target, UpstreamKey
from gateway.neutral.health import Health, KeyHealth, TargetHealth
from gateway.stores.health_items import answers_key, breaker_key, bucket_of, stop_key, upstream_key_key

NOW = 1_790_000_000_000
LATER = NOW + 60_000
SECRET = "sk-proj-abcdefghijklmnop1234"
Put = Callable[[dict[str, Any]], None]


@pytest.fixture
def put(world: World) -> Put:
    """Writes what an environment of the data plane would write."""
    serializer = TypeSerializer()

    def write(item: dict[str, Any]) -> None:
        values = {name: serializer.serialize(value) for name, value in {"ttl": 9_999_999_999, **item}.items()}
        world.dynamodb.put_item(TableName="state", Item=values)

    return write


def stored(world: World, key: dict[str, str]) -> dict[str, Any] | None:
    table = boto3.resource("dynamodb", region_name="eu-central-1").Table("state")
    return table.get_item(Key=key).get("Item")


def of(health: dict[str, Any], identifier: str) -> dict[str, Any]:
    return next(one for one in health["providers"] if one["id"] == identifier)


def test_a_failing_target_and_a_dead_key_are_shown_and_put_right(
    api: Api, world: World, openai: str, put: Put, user: Callable[[str], dict[str, str]]
) -> None:
    key = api("POST", "providers/openai/keys", {"value": SECRET, "daily_quota": 100}).json()
    api("POST", "models", {"id": "quiet", "provider": "openai"})
    now = world.clock.now_ms()
    target = ("openai", "gpt-4o")
    named = {"provider": "openai", "model": "gpt-4o"}
    counts = {"o1": 3, "b1": 6, "h40": 3, "mark": "x", "last_fault": "timeout", "last_fault_ms": now - 5}
    put({**answers_key(target, bucket_of(now)), **named, **counts})
    put({**breaker_key(target), **named, "until_ms": now + 30_000, "opens": 1})
    dead = {"key_id": key["id"], "stamp": "", "dead_until_ms": now + 60_000, "reason": "unauthorized"}
    put({**upstream_key_key(key["id"]), **dead, "used_tokens": 7, "window_ends_ms": now + 90_000})
    answer = api("GET", "health")
    assert answer.status_code == 200, answer.text
    assert SECRET not in answer.text
    told = of(answer.json(), "openai")
    assert (told["state"], told["reason"]) == ("down", "dead")
    shown = told["keys"][0]
    assert (shown["state"], shown["reason"], shown["until"], shown["hint"]) == (
        "dead",
        "unauthorized",
        now + 60_000,
        "sk-****1234",
    )
    assert (shown["used_tokens"], shown["daily_quota"], shown["window_ends"]) == (7, 100, now + 90_000)
    failing, quiet = told["targets"]
    assert (failing["model"], failing["breaker"], failing["until"]) == ("gpt-4o", "open", now + 30_000)
    assert (failing["ok"], failing["bad"], failing["last_fault"], failing["last_fault_at"]) == (
        3,
        6,
        "timeout",
        now - 5,
    )
    assert failing["p50_ms"] is not None
    assert (quiet["model"], quiet["breaker"], quiet["ok"], quiet["p50_ms"]) == ("quiet", "closed", 0, None)
    operator = user("operator")
    revive = f"/api/admin/providers/openai/keys/{key['id']}/revive"
    assert world.client.post(revive, headers=operator).status_code == 204
    told = of(api("GET", "health").json(), "openai")
    assert (told["state"], told["reason"]) == ("down", "breaker_open")
    assert (told["keys"][0]["state"], told["keys"][0]["used_tokens"]) == ("ok", 7), "a revival gives no quota back"
    close = "/api/admin/providers/openai/targets/close"
    assert world.client.post(close, json={"model": "gpt-4o"}, headers=operator).status_code == 204
    told = of(api("GET", "health").json(), "openai")
    assert told["targets"][0]["breaker"] == "closed"
    assert api("POST", "providers/openai/targets/close", {"model": "gpt-4o"}).status_code == 204, "twice is once"


def test_what_is_not_there_cannot_be_put_right(api: Api, world: World, openai: str) -> None:
    key = api("POST", "providers/openai/keys", {"value": SECRET}).json()["id"]
    api("POST", "providers", {"id": "groq", "kind": "groq"})
    assert api("POST", f"providers/groq/keys/{key}/revive").status_code == 404
    assert api("POST", "providers/openai/keys/uk_none/revive").status_code == 404
    assert api("POST", f"providers/nobody/keys/{key}/revive").status_code == 404
    assert api("POST", "providers/nobody/targets/close", {"model": "m"}).status_code == 404
    for body in ({}, {"model": ""}, {"model": 5}, {"model": "m", "provider": "x"}, {"model": "x" * 513}):
        assert api("POST", "providers/openai/targets/close", body).status_code == 422, body
    assert api("POST", f"providers/openai/keys/{key}/revive").status_code == 204, "nothing was known of it"
    assert [item for item in world.items("state") if item["pk"]["S"] == "health"] == []


def test_a_key_of_the_environment_is_revived_by_its_name(api: Api, world: World, openai: str, put: Put) -> None:
    name = "env:OPENAI_API_KEY"
    cooling = {"key_id": name, "stamp": "", "cooling_until_ms": world.clock.now_ms() + 60_000, "reason": "rate_limited"}
    put({**upstream_key_key(name), **cooling})
    told = of(api("GET", "health").json(), "openai")
    assert [(key["id"], key["state"]) for key in told["keys"]] == [(name, "cooling")]
    assert api("POST", f"providers/openai/keys/{name}/revive").status_code == 204
    assert of(api("GET", "health").json(), "openai")["keys"][0]["state"] == "ok"
    assert api("POST", "providers/openai/keys/env:GROQ_API_KEY/revive").status_code == 404


def test_a_request_is_asked_to_stop(api: Api, world: World) -> None:
    made = int(world.time.now * 1000)
    identifier = f"req_{made:012x}{world.clock.entropy(10).hex()}"
    assert api("POST", f"logs/{identifier}/stop").status_code == 202
    assert stored(world, stop_key(identifier, "*")) is not None
    for wrong in ("x", "req_1", identifier.upper(), "key_" + identifier[4:]):
        assert api("POST", f"logs/{wrong}/stop").status_code == 404
    assert len([item for item in world.items("state") if item["pk"]["S"].startswith("stop#")]) == 1


KEY = UpstreamKey("k", "****", reference="arn")
OPENAI = Provider("openai", "OpenAI", "openai", keys=(KEY,))
TARGET = ("openai", "m")


def told(provider: Provider = OPENAI, health: Health | None = None) -> tuple[str, str | None]:
    release = Release((provider,), (Model("m", "openai", "m"), Model("n", "openai", "n")))
    one = health_out(release, health or Health(), NOW).providers[0]
    return one.state, one.reason


@pytest.mark.parametrize(
    ("changes", "health", "expected"),
    [
        ({}, Health(), ("ok", None)),
        ({}, Health({TARGET: TargetHealth(ok=95, bad=5)}), ("ok", None)),
        ({}, Health({TARGET: TargetHealth(ok=9, bad=1)}), ("degraded", "faults")),
        ({}, Health({TARGET: TargetHealth(bad=4)}), ("ok", None)),
        ({}, Health({TARGET: TargetHealth(open_until_ms=LATER)}), ("down", "breaker_open")),
        (
            {},
            Health({TARGET: TargetHealth(open_until_ms=LATER), ("openai", "n"): TargetHealth(ok=1)}),
            ("degraded", "breaker_open"),
        ),
        ({}, Health({TARGET: TargetHealth(open_until_ms=NOW - 1)}), ("degraded", "breaker_half_open")),
        ({}, Health(keys={"k": KeyHealth(dead_until_ms=LATER)}), ("down", "dead")),
        ({}, Health(keys={"k": KeyHealth(cooling_until_ms=LATER)}), ("down", "cooling")),
        ({}, Health(keys={"k": KeyHealth(dead_until_ms=NOW)}), ("ok", None)),
        ({}, Health(keys={"k": KeyHealth("another credential", dead_until_ms=LATER)}), ("ok", None)),
        (
            {"keys": (KEY, UpstreamKey("spare", "****", reference="b"))},
            Health(keys={"k": KeyHealth(dead_until_ms=LATER)}),
            ("degraded", "dead"),
        ),
        (
            {"keys": (UpstreamKey("k", "****", reference="arn", daily_quota=10),)},
            Health(keys={"k": KeyHealth(used_tokens=10, window_ends_ms=LATER)}),
            ("down", "quota_used"),
        ),
        (
            {"keys": (UpstreamKey("k", "****", reference="arn", daily_quota=10),)},
            Health(keys={"k": KeyHealth(used_tokens=10, window_ends_ms=NOW)}),
            ("ok", None),
        ),
        ({"keys": (UpstreamKey("k", "****", reference="arn", active=False),)}, Health(), ("down", "no_key")),
        ({"keys": ()}, Health(), ("degraded", "no_key")),
        ({"keys": ()}, Health({TARGET: TargetHealth(ok=1)}), ("ok", None)),
        ({"keys": ()}, Health(keys={"env:OPENAI_API_KEY": KeyHealth()}), ("ok", None)),
        ({"keys": (), "kind": "ollama", "base_url": "http://x"}, Health(), ("ok", None)),
        ({"paused_until": LATER // 1000}, Health(), ("paused", "paused")),
        ({"paused_until": NOW // 1000}, Health(), ("ok", None)),
        ({"active": False, "paused_until": LATER // 1000}, Health(), ("inactive", "inactive")),
    ],
)
def test_the_state_of_a_provider(changes: dict[str, Any], health: Health, expected: tuple[str, str | None]) -> None:
    fields = {name: getattr(OPENAI, name) for name in OPENAI.__dataclass_fields__}
    assert told(Provider(**{**fields, **changes}), health) == expected


def test_every_model_that_is_configured_routed_or_called_is_a_target() -> None:
    route = Route(
        "r", (Target("openai", "routed"),), canary=Share("openai", "canary", 1), mirror=Share("openai", "copy", 1)
    )
    release = Release((OPENAI,), (Model("m", "openai", "listed"),), (route,))
    health = Health({("openai", "called"): TargetHealth(ok=1), ("gone", "x"): TargetHealth(ok=1)}, taken_ms=5)
    found = health_out(release, health, NOW)
    assert [one.model for one in found.providers[0].targets] == ["called", "canary", "copy", "listed", "routed"]
    assert (len(found.providers), found.taken_at) == (1, 5)
