"""The cache rule of models without a route, what the cache did, and throwing kept answers away."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from tests.admin.conftest import Api
from tests.admin.test_configuration import in_force
from tests.aws_mock import World
from tests.rollups.samples import HOUR, row
from tests.rollups.test_usage import store

from gateway.neutral.caching import CacheRule
from gateway.rollups.buckets import floor
from gateway.stores.users import Role

RULE = {"mode": "exact", "ttl_seconds": 600, "scope": "key", "threshold": 0.95, "embedding_model": None}


@pytest.fixture
def models(api: Api, openai: str) -> None:
    for identifier, kind in (("vectors", "embedding"), ("talk", "chat")):
        assert api("POST", "models", {"id": identifier, "provider": openai, "kind": kind}).status_code == 201


def test_the_rule_of_models_without_a_route(api: Api, world: World, models: None) -> None:
    before = api("GET", "settings")
    assert before.json()["cache"] is None
    made = api("PATCH", "settings", {"cache": RULE}, if_match=before.headers["etag"])
    assert (made.status_code, made.json()["cache"]) == (200, RULE)
    assert in_force(world).cache == CacheRule(ttl_seconds=600, scope="key")
    stale = api("PATCH", "settings", {"cache": None}, if_match=before.headers["etag"])
    assert stale.status_code == 412, "somebody else's rule is not overwritten"
    same = api("PATCH", "settings", {"cache": RULE}, if_match=made.headers["etag"])
    assert same.headers["etag"] == made.headers["etag"], "what comes out goes in and changes nothing"
    semantic = {"mode": "semantic", "embedding_model": "vectors"}
    assert api("PATCH", "settings", {"cache": semantic}).json()["cache"]["embedding_model"] == "vectors"
    assert api("PATCH", "settings", {"cache": None}).json()["cache"] is None
    assert in_force(world).cache is None


@pytest.mark.parametrize(
    ("rule", "field"),
    [
        ({"mode": "fuzzy"}, "cache.mode"),
        ({"embedding_model": "nobody"}, "cache.embedding_model"),
        ({"embedding_model": "talk"}, "cache.embedding_model"),
        ({"ttl_seconds": 0}, "cache.ttl_seconds"),
    ],
)
def test_a_rule_that_cannot_work_is_refused(api: Api, models: None, rule: dict[str, Any], field: str) -> None:
    answer = api("PATCH", "settings", {"cache": rule})
    assert (answer.status_code, answer.json()["error"]["field"]) == (422, field)
    assert api("GET", "settings").json()["cache"] is None


def test_what_a_rule_may_name_as_its_embedding_model(api: Api, models: None) -> None:
    target = {"provider": "openai", "model": "vectors"}
    assert api("POST", "routes", {"id": "embed", "targets": [target]}).status_code == 201
    for name in ("vectors", "embed", "openai/anything", None):
        assert api("PATCH", "settings", {"cache": {"mode": "semantic", "embedding_model": name}}).status_code == 200


def test_in_draft_mode_a_rule_waits_and_a_rollback_brings_it_back(api: Api, world: World, openai: str) -> None:
    before = api("GET", "release").json()["release"]
    api("PATCH", "settings", {"publishing": "draft"})
    api("PATCH", "settings", {"cache": RULE})
    assert in_force(world).cache is None
    [change] = api("GET", "releases/draft").json()["changes"]
    assert (change["noun"], change["id"], change["before"], change["after"]) == ("cache", "default", None, RULE)
    assert api("POST", "releases/draft/publish").status_code == 200
    with_rule = api("GET", "release").json()["release"]
    assert in_force(world).cache is not None
    assert api("POST", f"releases/{before}/rollback").status_code == 200
    assert (in_force(world).cache, api("GET", "settings").json()["cache"]) == (None, None)
    assert api("POST", f"releases/{with_rule}/rollback").status_code == 200
    assert api("GET", "settings").json()["cache"] == RULE
    [item] = [one for one in api("GET", f"releases/{with_rule}").json()["items"] if one["noun"] == "cache"]
    assert item["fields"] == RULE


def test_a_dry_run_shows_the_rule(api: Api, models: None) -> None:
    api(
        "POST",
        "routes",
        {"id": "smart", "targets": [{"provider": "openai", "model": "talk"}], "cache": {"scope": "user"}},
    )
    api("PATCH", "settings", {"cache": RULE})
    assert api("POST", "plan", {"model": "smart"}).json()["cache"]["scope"] == "user"
    assert api("POST", "plan", {"model": "talk"}).json()["cache"] == RULE


def _told(world: World) -> int:
    """Rows of two routes, folded as they are from the log table's stream; the newest hour has none of the new counters, as an old bucket."""
    start = floor("hour", world.clock.now_ms()) - 2 * HOUR
    states = ("miss", "hit", "hit", "semantic", "bypass", "off")
    rows = [
        row(
            number,
            time_ms=start,
            cache=state,
            route="smart",
            saved_nano=1_500_000_001 if state in {"hit", "semantic"} else None,
        )
        for number, state in enumerate(states)
    ]
    rows += [
        row(10, time_ms=start + HOUR, cache="hit", route="other", model="gpt-y", saved_nano=7),
        row(11, time_ms=start + 2 * HOUR),
    ]
    store(world.dynamodb, "usage", rows)
    return start


def test_what_the_cache_did(api: Api, world: World) -> None:
    start = _told(world)
    told = api("GET", "cache").json()
    assert {name: told[name] for name in ("requests", "hits", "semantic", "misses", "bypassed", "saved_usd")} == {
        "requests": 8,
        "hits": 4,
        "semantic": 1,
        "misses": 1,
        "bypassed": 1,
        "saved_usd": "4.50000001",
    }
    assert told["hit_rate"] == 0.8
    assert [(one["route"], one["hits"], one["misses"], one["saved_usd"]) for one in told["routes"]] == [
        ("smart", 3, 1, "4.500000003"),
        ("other", 1, 0, "0.000000007"),
    ]
    assert [(one["start"], one["hits"]) for one in told["points"] if one["requests"]] == [
        (start, 3),
        (start + HOUR, 1),
        (start + 2 * HOUR, 0),
    ]
    assert told["points"][-1]["hit_rate"] is None
    narrow = api("GET", "cache?route=smart&model=gpt-x").json()
    assert (narrow["hits"], narrow["requests"]) == (3, 6)
    days = api("GET", f"cache?from={start - 20 * 24 * HOUR}&to={start + 3 * HOUR}").json()
    assert (days["hits"], len(days["points"])) == (4, 21 if start % (24 * HOUR) < 21 * HOUR else 22)
    for query in ("from=1790000000000&to=1780000000000", "from=978307200000", "tenant=all"):
        assert api("GET", f"cache?{query}").status_code == 422, query
    usage = api("GET", f"usage?from={start}&to={start + HOUR}&interval=hour").json()["totals"]
    assert (usage["cache_hits"], usage["cache_semantic"], usage["cache_misses"], usage["cache_bypassed"]) == (
        3,
        1,
        1,
        1,
    )
    assert usage["saved_nano"] == 4_500_000_003


def test_clearing_is_one_write_that_the_audit_log_knows(api: Api, world: World, user: Callable[[Role], Any]) -> None:
    began = world.clock.now_ms()
    for tenant in ("team%23red", "deployment", "all"):
        assert api("DELETE", f"cache?tenant={tenant}").status_code == 204
    assert api("DELETE", "cache").status_code == 204
    items = {item["pk"]["S"]: int(item["cleared_ms"]["N"]) for item in world.items("cache")}
    assert set(items) == {"tenant#team#red", "tenant#deployment", "everything"}
    assert all(began <= cleared <= world.clock.now_ms() for cleared in items.values())
    entries = api("GET", "audit?noun=cache").json()["items"]
    assert [(entry["action"], entry["noun_id"]) for entry in entries] == [
        ("clear", "all"),
        ("clear", "all"),
        ("clear", "deployment"),
        ("clear", "team#red"),
    ]
    for tenant in ("red", "tenant%23x", "team%23", "release%23x", ""):
        assert api("DELETE", f"cache?tenant={tenant}").status_code == 422, tenant
    refused = world.client.delete("/api/admin/cache", headers=user("user"))
    assert refused.status_code == 403
