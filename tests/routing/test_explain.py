"""Why a plan is as it is; and that the plan told is the plan made."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any, get_args

import orjson
import pytest
from tests.routing.planners import NOW, WELL, features, names, planner_of, priced, provider, route

from gateway.errors import GatewayError, ModelNotFound
from gateway.neutral.config import PriceTier, Sealed, Share, Strategy, Target, UpstreamKey
from gateway.neutral.health import Health, KeyHealth, TargetHealth
from gateway.routing.explain import Explanation, to_data
from gateway.routing.features import Features
from gateway.routing.plan import Planner

RULE = {
    "all": [
        {"field": "tokens.input", "op": "lt", "value": 5_000},
        {"not": {"field": "headers.x-no", "op": "exists", "value": True}},
    ]
}
TARGETS = (Target("a", "m", 0, 3, RULE), Target("b", "m", 0, 1), Target("c", "m", 1), Target("gone", "m", 2))
SECRET = Sealed("the-data-key", "the-nonce", "the-ciphertext")


def some_planner(strategy: Strategy = "priority") -> Planner:
    keys = (UpstreamKey("k1", "sk-****1", SECRET), UpstreamKey("k2", "sk-****2", SECRET, daily_quota=900))
    return planner_of(
        route(*TARGETS, strategy=strategy, canary=Share("d", "m", 30.0), mirror=Share("e", "m", 40.0, "key")),
        models=[priced("a", 2_000_000, 8_000_000), priced("b", 1, 1, request=5), priced("c", 7_000, 9_000)],
        providers=[provider(name, keys=keys, extra_headers={"x": "a-header"}) for name in "abcde"],
    )


def some_request(chance: random.Random) -> Features:
    prefixes: dict[str, Any] = {"session": chance.choice((None, "s1", "s2")), "user_id": chance.choice((None, "u"))}
    wishes: dict[str, Any] = {
        "strategy": chance.choice((None, None, *get_args(Strategy))),
        "prefer": chance.choice(((), ("c",))),
        "exclude": chance.choice(((), (), ("b",), ("a", "b", "c", "d"))),
    }
    return features(
        seed=chance.getrandbits(64),
        turn=chance.randrange(10**6),
        input_tokens=chance.choice((None, 10, 9_000)),
        **prefixes,
        **wishes,
    )


def some_health(chance: random.Random) -> Health:
    moments = (0, 0, NOW - 5, NOW + 5_000)
    targets = {
        (name, "m"): TargetHealth(
            9, chance.randrange(9), chance.choice((None, 100.0, 300.0)), open_until_ms=chance.choice(moments)
        )
        for name in "abcde"
    }
    return Health(targets, {"k1": KeyHealth(cooling_until_ms=chance.choice(moments))}, NOW)


def made(planner: Planner, request: Features, health: Health) -> object:
    try:
        return planner.plan(request, health)
    except GatewayError as error:
        return error.status, error.code, error.message, error.headers.get("retry-after")


def test_the_plan_told_is_the_plan_made() -> None:
    chance = random.Random(1)
    planner = some_planner()
    for _ in range(1_000):
        request, health = some_request(chance), some_health(chance)
        told = planner.explain(request, health)
        plan = made(planner, request, health)
        if told.plan is None:
            assert told.refusal is not None
            after = None if told.refusal.retry_after is None else str(told.refusal.retry_after)
            assert plan == (told.refusal.status, told.refusal.code, told.refusal.message, after)
        else:
            assert told.plan == plan
            assert [f"{step.provider}/{step.model}" for step in told.candidates] == names(told.plan)


def explained(strategy: Strategy = "priority", health: Health = WELL, **request: Any) -> Explanation:
    return some_planner(strategy).explain(features(**request), health)


def test_every_condition_has_its_verdict() -> None:
    told = explained(input_tokens=9_000)
    first = told.targets[0]
    assert (first.reason, first.verdict.holds if first.verdict else None) == ("rules", False)
    assert first.verdict is not None
    assert [child.holds for child in first.verdict.children] == [False, True]
    assert [(one.provider, one.reason, one.verdict) for one in told.targets[1:]] == [
        ("b", None, None),
        ("c", None, None),
    ]
    assert [(one.provider, one.reason) for one in told.skipped] == [("gone", "inactive"), ("a", "rules")]


def test_a_wrong_condition_is_reported() -> None:
    planner = planner_of(route(Target("a", "m", rules={"field": "?"}), Target("b", "m")))
    assert planner.explain(features(), WELL).targets[0].fault


def test_the_strategy_in_force_and_who_chose_it() -> None:
    assert (explained().strategy, explained().strategy_from) == ("priority", "route")
    told = explained(strategy="priority", exclude=("a",))
    assert told.strategy_from == "route"
    told = some_planner("cost").explain(features(strategy="sticky", session="s"), WELL)
    assert (told.strategy, told.strategy_from, told.held_by) == ("sticky", "hint", "session:s")
    told = some_planner().explain(features("a/m"), WELL)
    assert (told.route, told.strategy, told.strategy_from) == (None, None, None)


def test_prices_say_how_they_came_about() -> None:
    step = explained(input_tokens=1_000, output_tokens=10, seed=1).candidates
    by_provider = {one.provider: one.estimate for one in step}
    found = by_provider["a"]
    assert found is not None
    assert (found.nano_usd, found.input_tokens, found.output_tokens) == (2_080_000, 1_000, 10)
    assert (found.input_price, found.output_price, found.tier_above, found.assumed, found.counted) == (
        2_000_000,
        8_000_000,
        None,
        False,
        True,
    )
    found = explained(model="a/m").candidates[0].estimate
    assert found is not None
    assert (found.output_tokens, found.assumed, found.counted) == (500, True, False)


def test_a_tier_is_named() -> None:
    tiered = priced("a", 1, 1, tiers=(PriceTier(10, 7, 9), PriceTier(99, 8, 9)))
    told = planner_of(route(Target("a", "m")), models=[tiered]).explain(
        features(input_tokens=50, output_tokens=1), WELL
    )
    found = told.candidates[0].estimate
    assert found is not None
    assert (found.tier_above, found.input_price, found.nano_usd) == (10, 7, 0)  # 359 pico-dollars


def test_draws_are_told() -> None:
    told = explained(seed=3)
    assert told.canary is not None
    assert told.mirror is not None
    assert told.canary.draw.hit == (told.canary.draw.number < 30.0) == (told.candidates[0].role == "canary")
    assert (told.mirror.draw.by, told.mirror.draw.hit) == ("key", told.mirrored_to is not None)
    shut = Health({("d", "m"): TargetHealth(open_until_ms=NOW + 9)}, {}, NOW)
    reasons = {
        hit.canary.reason
        for hit in (explained(health=shut, seed=n) for n in range(40))
        if hit.canary and hit.canary.draw.hit
    }
    assert reasons == {"breaker_open"}


def test_health_is_told() -> None:
    health = Health({("a", "m"): TargetHealth(5, 1, 80.0, 90.0, 99.0, NOW - 1)}, {}, NOW)
    step = next(one for one in explained(health=health, input_tokens=1).candidates if one.provider == "a")
    assert (step.health.ok, step.health.bad, step.health.p50_ms, step.half_open) == (5, 1, 80.0, True)
    assert (step.priority, step.weight) == (0, 3)


def test_no_secret_is_told() -> None:
    text = orjson.dumps(to_data(explained(seed=3), whole=True))
    for word in (b"the-data-key", b"the-nonce", b"the-ciphertext", b"a-header", b"sealed"):
        assert word not in text
    assert b"sk-****1" in text


def test_the_owner_of_a_key_reads_only_of_what_it_may_use() -> None:
    told = explained(allowed_providers=("b",), input_tokens=9_000)
    data = to_data(told)
    assert {one["provider"] for one in [*data["candidates"], *data["targets"], *data["skipped"]]} == {"b"}
    assert (data["canary"], data["mirror"]) == (None, None)
    whole = to_data(told, whole=True)
    assert {one["provider"] for one in whole["targets"]} == {"a", "b", "c"}
    assert whole["canary"]["draw"]["provider"] == "d"


def test_nobody_left_is_an_explanation_not_an_error() -> None:
    told = explained(exclude=tuple("abcd"))
    assert (told.plan, told.candidates) == (None, ())
    assert told.refusal is not None
    assert (told.refusal.status, told.refusal.code) == (400, "invalid_request")
    with pytest.raises(ModelNotFound):
        explained(model="nobody")


def test_anything_told_is_json() -> None:
    chance = random.Random(2)
    planner = some_planner()
    for _ in range(200):
        told = planner.explain(some_request(chance), some_health(chance))
        data = to_data(told)
        assert orjson.loads(orjson.dumps(data)) == data
        assert "plan" not in data
    listed = {"field": "model", "op": "in", "value": ["r", "s"]}
    by_regex = {"field": "headers.x", "op": "regex", "value": "^a"}
    rules = [replace(TARGETS[0], rules={"any": [listed, by_regex]})]
    assert orjson.dumps(to_data(planner_of(route(*rules)).explain(features(), WELL)))
