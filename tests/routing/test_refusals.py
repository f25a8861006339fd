"""What is left out of a plan and why, and what the client is told when nothing is left."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from tests.routing.planners import NOW, WELL, features, names, planner_for, planner_of, provider, route, weights

from gateway.errors import Forbidden, GatewayError, InvalidRequest, ModelNotFound, NoTarget, TargetsLimited
from gateway.neutral.config import Model, Release, Target
from gateway.neutral.health import Health, KeyHealth, TargetHealth
from gateway.routing.plan import Planner

NEVER = {"field": "model", "op": "eq", "value": "another"}
BOTH = planner_of(route(*weights(1, 1)))


def health(**until: int) -> Health:
    """`p0="open"` and so on: until that many milliseconds from now, the breaker of `p0_open`, the key of `p0_cool`, `p0_dead`."""
    targets: dict[tuple[str, str], TargetHealth] = {}
    keys: dict[str, KeyHealth] = {}
    for name, end in until.items():
        who, what = name.split("_")
        if what == "open":
            targets[who, "m"] = TargetHealth(open_until_ms=NOW + end)
        else:
            keys[f"{who}-key"] = KeyHealth(**{{"cool": "cooling_until_ms", "dead": "dead_until_ms"}[what]: NOW + end})
    return Health(targets, keys, NOW)


def refused(planner: Planner, state: Health = WELL, **request: Any) -> GatewayError:
    with pytest.raises(GatewayError) as refusal:
        planner.plan(features(**request), state)
    return refusal.value


def test_health_never_hides() -> None:
    plan = BOTH.plan(features(), health(p0_open=30_000))
    assert names(plan) == ["p1/m"]
    assert [(one.provider, one.model, one.reason, one.until_ms) for one in plan.skipped] == [
        ("p0", "m", "breaker_open", NOW + 30_000)
    ]


def test_a_half_open_target_keeps_its_place() -> None:
    plan = BOTH.plan(features(), health(p0_open=-1))
    assert [(one.name, one.half_open) for one in plan.candidates] == [("p0/m", True), ("p1/m", False)]


def test_pauses_of_targets_and_of_providers_end_by_themselves() -> None:
    soon = NOW // 1000 + 5
    targets = (Target("a", "m", paused_until=soon), Target("b", "m"), Target("c", "m", paused_until=soon - 5))
    providers = [provider("a"), provider("b", paused_until=soon + 1), provider("c")]
    planner = planner_of(route(*targets), providers=providers)
    plan = planner.plan(features(), WELL)
    assert names(plan) == ["c/m"]
    assert [(one.reason, one.until_ms - NOW) for one in plan.skipped] == [("paused", 5_000), ("paused", 6_000)]
    assert len(planner.plan(features(now_ms=NOW + 6_000), WELL).candidates) == 3


def test_conditions_choose_the_targets() -> None:
    rule = {"field": "headers.x-team", "op": "eq", "value": "blue"}
    planner = planner_of(route(Target("a", "m", rules=rule), Target("b", "m", 1)))
    assert names(planner.plan(features(headers={"x-team": "blue"}), WELL)) == ["a/m", "b/m"]
    assert names(planner.plan(features(), WELL)) == ["b/m"]


def test_a_condition_that_is_wrong_never_holds_and_harms_nobody() -> None:
    planner = planner_of(route(Target("a", "m", rules={"field": "?", "op": "no"}), Target("b", "m", 1)))
    plan = planner.plan(features(), WELL)
    assert (names(plan), [one.reason for one in plan.skipped]) == (["b/m"], ["rules"])


def test_one_target_under_two_conditions_is_tried_once() -> None:
    targets = (Target("a", "m", 0, rules=NEVER), Target("b", "m", 1), Target("a", "m", 2), Target("b", "m", 3))
    assert names(planner_of(route(*targets)).plan(features(), WELL)) == ["b/m", "a/m"]


def test_only_the_clients_wishes_are_the_clients_fault() -> None:
    error = refused(BOTH, exclude=("p0", "p1"))
    assert isinstance(error, InvalidRequest)
    assert "p0, p1" in error.message
    error = refused(BOTH, require=("vision", "tools"))
    assert isinstance(error, InvalidRequest)
    assert "support: vision, tools" in error.message
    error = refused(BOTH, health(p0_open=9_000), exclude=("p1",))
    assert isinstance(error, NoTarget)


def test_what_a_model_is_known_to_do_is_enough() -> None:
    planner = planner_of(route(Target("p0", "m"), Target("p1", "seer-1", 1)))
    assert names(planner.plan(features(require=("vision",)), WELL)) == ["p1/seer-1"]
    assert isinstance(refused(planner, require=("vision", "audio_input")), InvalidRequest)
    assert "audio_input" in refused(planner, require=("vision", "audio_input"), exclude=("p0",)).message
    assert "support: audio_input." in refused(planner, require=("vision", "audio_input"), exclude=("p0",)).message


def test_nobody_left_says_why_of_each() -> None:
    error = refused(BOTH, health(p0_open=30_000, p1_dead=60_000))
    assert (error.status, error.code) == (503, "no_available_target")
    assert "p0/m (failing for 30 s)" in error.message
    assert "p1/m (refuses its keys for 60 s)" in error.message
    assert 30 <= int(error.headers["retry-after"]) <= 60


def test_limits_alone_are_a_429() -> None:
    error = refused(BOTH, health(p0_cool=10_000, p1_cool=20_000))
    assert (error.status, error.code, type(error)) == (429, "upstream_rate_limited", TargetsLimited)
    assert 10 <= int(error.headers["retry-after"]) <= 20
    assert refused(BOTH, health(p0_cool=10_000, p1_open=20_000)).status == 503


def test_a_target_that_is_none_for_this_request_does_not_hide_a_limit() -> None:
    planner = planner_of(route(Target("p0", "m"), Target("p1", "m", rules=NEVER)))
    assert refused(planner, health(p0_cool=10_000)).status == 429


def test_conditions_that_nobody_fulfils() -> None:
    """Waiting helps nobody, so it is the request's fault and not a 503, which clients repeat."""
    error = refused(planner_of(route(Target("p0", "m", rules=NEVER))))
    assert isinstance(error, InvalidRequest)
    assert (error.status, error.headers) == (400, {})
    assert "its conditions do not hold" in error.message


def test_a_pause_for_years_is_told_as_a_date_and_nobody_is_told_to_wait() -> None:
    paused = planner_of(route(Target("p0", "m", paused_until=4_102_444_800)))
    error = refused(paused)
    assert (error.status, error.headers) == (503, {})
    assert "paused until 2100-01-01 00:00 UTC" in error.message


def test_without_a_key_nobody_can_say_when() -> None:
    planner = planner_of(route(Target("bare", "m")), providers=[provider("bare", keys=())])
    error = refused(planner)
    assert (error.status, error.headers) == (503, {})
    assert "has no key" in error.message
    local = planner_of(route(Target("bare", "m")), providers=[provider("bare", keys=(), kind="local")])
    assert local.plan(features(), WELL).candidates[0].keys == ()


def test_a_herd_does_not_come_back_in_one_second() -> None:
    """Spread over as long again as the wait, at most half a minute; never early, never zero."""
    for wait, least, most in ((10_000, 10, 20), (300_000, 300, 330), (1, 1, 1)):
        state = health(p0_cool=wait, p1_cool=wait)
        back = [int(refused(BOTH, state, seed=seed).headers["retry-after"]) for seed in range(500)]
        assert (min(back) >= least, max(back) <= most) == (True, True)
        assert max(back.count(second) for second in back) <= 2 * 500 / max(1, most - least) + 30 or most == 1


def test_what_a_key_may_not_use_is_not_named() -> None:
    planner = planner_of(route(*weights(1, 1, 1)))
    error = refused(planner, health(p0_open=9_000), allowed_providers=("p0",))
    assert "p1" not in error.message
    assert "p2" not in error.message


def test_direct_names_have_one_candidate_and_the_same_checks() -> None:
    release = Release((provider("p0"), provider("p1")), (Model("known", "p0", "m"),))
    planner = planner_for(release)
    for name in ("known", "p0/m", "p0/known"):
        assert names(planner.plan(features(name), WELL)) == ["p0/m"]
        assert refused(planner, health(p0_cool=9_000), model=name).status == 429
        assert isinstance(refused(planner, model=name, exclude=("p0",)), InvalidRequest)
        assert isinstance(refused(planner, model=name, allowed_providers=("p1",)), Forbidden)
    assert planner.plan(features("p1/whatever"), WELL).route is None
    assert isinstance(refused(planner, model="knwon"), ModelNotFound)


def test_a_paused_provider_is_paused_under_every_name() -> None:
    paused = replace(provider("p0"), paused_until=NOW // 1000 + 60)
    assert refused(planner_for(Release((paused,))), model="p0/x").status == 503


def test_many_targets_make_no_endless_message() -> None:
    planner = planner_of(route(*weights(*[1] * 40)))
    state = health(**{f"p{at}_open": 5_000 for at in range(40)})
    assert "and 32 more" in refused(planner, state).message


def test_tokens_are_counted_where_they_decide() -> None:
    counting = {"any": [{"field": "tokens.input", "op": "gt", "value": 5}]}
    planner = planner_of(
        replace(route(Target("a", "m")), id="plain"),
        replace(route(Target("a", "m"), strategy="cost"), id="cheap"),
        replace(route(Target("a", "m", rules=counting), strategy="cost"), id="ruled"),
    )
    hints = {name: features(strategy=name).hints for name in (None, "cost", "priority")}
    needs = planner.needs_tokens
    assert [needs(name, hints[None]) for name in ("plain", "cheap", "ruled", "a/m", "?")] == [
        "no",
        "estimate",
        "count",
        "no",
        "no",
    ]
    assert [needs("plain", hints["cost"]), needs("cheap", hints["priority"])] == ["estimate", "no"]
