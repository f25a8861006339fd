"""Canaries and mirrors."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from tests.routing.planners import NOW, PLANS, WELL, features, names, planner_of, provider, route

from gateway.neutral.config import Share, Target
from gateway.neutral.health import Health, KeyHealth, TargetHealth
from gateway.routing.features import Features

CANARY = Share("new", "m", 20.0)
MIRROR = Share("new", "m", 100.0)
TARGETS = (Target("a", "m", 0), Target("b", "m", 1))
OPEN = Health({("new", "m"): TargetHealth(open_until_ms=NOW + 9)}, {}, NOW)
HALF_OPEN = Health({("new", "m"): TargetHealth(open_until_ms=NOW - 9)}, {}, NOW)
COOLING = Health({}, {"new-key": KeyHealth(cooling_until_ms=NOW + 9)}, NOW)


def with_key(identifier: str, **more: Any) -> Features:
    plain = features(**more)
    return replace(plain, key=replace(plain.key, id=identifier))


def test_a_share_of_the_requests_goes_to_the_canary_first() -> None:
    planner = planner_of(route(*TARGETS, canary=CANARY))
    plans = [planner.plan(features(seed=seed), WELL) for seed in range(PLANS)]
    hits = [names(plan) for plan in plans if plan.candidates[0].role == "canary"]
    others = [names(plan) for plan in plans if plan.candidates[0].role != "canary"]
    assert abs(len(hits) / PLANS - 0.2) < 0.02
    assert all(hit == ["new/m", "a/m", "b/m"] for hit in hits)
    assert all(other == ["a/m", "b/m"] for other in others)


def test_a_share_of_the_keys_is_always_the_same_keys() -> None:
    planner = planner_of(route(*TARGETS, canary=replace(CANARY, by="key")))
    found = {n: {names(planner.plan(with_key(f"k{n}", seed=seed), WELL))[0] for seed in range(3)} for n in range(2_000)}
    assert all(len(each) == 1 for each in found.values())
    assert abs(sum(each == {"new/m"} for each in found.values()) / 2_000 - 0.2) < 0.04


def test_the_keys_of_a_share_are_others_on_each_route() -> None:
    share = Share("new", "m", 50.0, "key")
    planner = planner_of(route(*TARGETS, canary=share), replace(route(*TARGETS, canary=share), id="other"))
    hits = [
        [names(planner.plan(with_key(f"k{n}", model=name), WELL))[0] == "new/m" for n in range(300)]
        for name in ("r", "other")
    ]
    assert 90 < sum(a == b for a, b in zip(*hits, strict=True)) < 210


@pytest.mark.parametrize(("percent", "first"), [(0.0, "a/m"), (100.0, "new/m")])
def test_none_and_all(percent: float, first: str) -> None:
    planner = planner_of(route(*TARGETS, canary=replace(CANARY, percent=percent)))
    assert {names(planner.plan(features(seed=seed), WELL))[0] for seed in range(500)} == {first}


def test_a_canary_that_is_a_target_too_is_there_once() -> None:
    planner = planner_of(route(*TARGETS, Target("new", "m", 2), canary=replace(CANARY, percent=100.0)))
    assert names(planner.plan(features(), WELL)) == ["new/m", "a/m", "b/m"]
    outside = planner_of(route(*TARGETS, Target("new", "m", 2), canary=replace(CANARY, percent=0.0)))
    plan = outside.plan(features(), WELL)
    assert names(plan) == ["a/m", "b/m", "new/m"]
    assert {one.role for one in plan.candidates} == {"target"}


@pytest.mark.parametrize(("health", "reason"), [(OPEN, "breaker_open"), (COOLING, "cooling")])
def test_a_canary_that_cannot_be_called_is_skipped_and_said(health: Health, reason: str) -> None:
    plan = planner_of(route(*TARGETS, canary=replace(CANARY, percent=100.0))).plan(features(), health)
    assert names(plan) == ["a/m", "b/m"]
    assert [(one.provider, one.reason) for one in plan.skipped] == [("new", reason)]


def test_a_canary_obeys_the_key_and_the_client() -> None:
    planner = planner_of(route(*TARGETS, canary=replace(CANARY, percent=100.0)))
    assert names(planner.plan(features(allowed_providers=("a", "b")), WELL)) == ["a/m", "b/m"]
    assert names(planner.plan(features(exclude=("new",)), WELL)) == ["a/m", "b/m"]


def test_a_canary_alone_serves_when_nobody_else_can() -> None:
    planner = planner_of(route(*TARGETS, canary=replace(CANARY, percent=100.0)))
    plan = planner.plan(features(exclude=("a", "b")), HALF_OPEN)
    assert [(one.name, one.role, one.half_open) for one in plan.candidates] == [("new/m", "canary", True)]


def test_a_mirror_changes_nothing_but_itself() -> None:
    with_one, without = planner_of(route(*TARGETS, mirror=MIRROR)), planner_of(route(*TARGETS))
    plan = with_one.plan(features(), WELL)
    assert plan.mirror is not None
    assert (plan.mirror.name, plan.mirror.role, plan.mirror.keys) == ("new/m", "mirror", provider("new").keys)
    assert plan.candidates == without.plan(features(), WELL).candidates
    assert plan.skipped == ()


@pytest.mark.parametrize("health", [OPEN, HALF_OPEN, COOLING])
def test_a_mirror_in_trouble_is_left_out_silently(health: Health) -> None:
    plan = planner_of(route(*TARGETS, mirror=MIRROR)).plan(features(), health)
    assert (plan.mirror, plan.skipped, names(plan)) == (None, (), ["a/m", "b/m"])


def test_a_mirror_gets_nothing_of_a_key_that_may_not_use_it() -> None:
    assert planner_of(route(*TARGETS, mirror=MIRROR)).plan(features(allowed_providers=("a",)), WELL).mirror is None


def test_a_share_of_a_provider_that_is_gone_is_none() -> None:
    away = planner_of(route(*TARGETS, canary=MIRROR, mirror=MIRROR), providers=[provider("a"), provider("b")])
    plan = away.plan(features(), WELL)
    assert (names(plan), plan.mirror, [one.reason for one in plan.skipped]) == (["a/m", "b/m"], None, ["inactive"])
