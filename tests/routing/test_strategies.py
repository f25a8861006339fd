"""The strategies, each over ten thousand plans."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import get_args

import pytest
from tests.routing.planners import (
    NOW,
    PLANS,
    WELL,
    features,
    firsts,
    names,
    planner_of,
    priced,
    provider,
    route,
    weights,
)

from gateway.neutral.config import Price, PriceOverride, PriceTier, Strategy, Target, UpstreamKey
from gateway.neutral.health import Health, KeyHealth, TargetHealth
from gateway.routing.features import Features
from gateway.routing.strategies import EXPLORED, held_by

SHARES = (50, 30, 15, 5)


def by_chance(**more: object) -> Iterator[Features]:
    chance = random.Random(1)
    return (features(seed=chance.getrandbits(64), turn=turn, **more) for turn in range(PLANS))


def known(**targets: tuple[int, int, float | None]) -> Health:
    """Health of targets `provider=(ok, bad, p50)`."""
    return Health({(name, "m"): TargetHealth(ok, bad, p50) for name, (ok, bad, p50) in targets.items()}, {}, NOW)


def test_round_robin_gives_everybody_the_share_of_its_weight() -> None:
    found = Counter(firsts(planner_of(route(*weights(*SHARES), strategy="round_robin")), by_chance()))
    for at, share in enumerate(SHARES):
        assert abs(found[f"p{at}"] - PLANS * share / 100) < 2


@pytest.mark.parametrize("strategy", ["weighted", "weighted_random"])
def test_chance_has_the_odds_of_the_weights(strategy: Strategy) -> None:
    """Four standard deviations of a binomial: chance is seeded, so this either always passes or never."""
    found = Counter(firsts(planner_of(route(*weights(*SHARES), strategy=strategy)), by_chance()))
    for at, share in enumerate(SHARES):
        deviation = (PLANS * share / 100 * (1 - share / 100)) ** 0.5
        assert abs(found[f"p{at}"] - PLANS * share / 100) < 4 * deviation


def test_who_comes_second_by_chance_has_the_odds_too() -> None:
    planner = planner_of(route(*weights(50, 30, 20), strategy="weighted"))
    plans = [names(planner.plan(each, WELL)) for each in by_chance()]
    second = Counter(plan[1] for plan in plans if plan[0] == "p0/m")
    assert abs(second["p1/m"] / second.total() - 0.6) < 0.03


def test_weighted_random_prefers_the_sound_and_fast_and_starves_nobody() -> None:
    health = known(p0=(99, 0, 200.0), p1=(99, 0, 400.0), p2=(49, 50, 200.0), p3=(0, 99, 9_000.0))
    found = Counter(firsts(planner_of(route(*weights(1, 1, 1, 1), strategy="weighted_random")), by_chance(), health))
    odds = {"p0": 1, "p1": 1 / 2, "p2": 1 / 2, "p3": 1 / 20}
    for name, share in odds.items():
        assert abs(found[name] / PLANS - share / sum(odds.values())) < 0.02


def test_weighted_random_takes_the_unmeasured_for_usual() -> None:
    health = known(p0=(99, 0, 100.0), p1=(99, 0, 300.0), p2=(99, 0, 500.0))
    found = Counter(firsts(planner_of(route(*weights(1, 1, 1, 1), strategy="weighted_random")), by_chance(), health))
    assert abs(found["p3"] - found["p1"]) < 250


def test_priority_asks_the_lower_first_and_takes_turns_within_one() -> None:
    targets = (Target("b1", "m", 1, 3), Target("a1", "m", 0, 2), Target("b2", "m", 1, 1), Target("a2", "m", 0, 1))
    planner = planner_of(route(*targets))
    plans = [names(planner.plan(each, WELL)) for each in by_chance()]
    assert {frozenset(plan[:2]) for plan in plans} == {frozenset({"a1/m", "a2/m"})}
    assert abs(Counter(plan[0] for plan in plans)["a1/m"] - PLANS * 2 / 3) < 2
    assert abs(Counter(plan[2] for plan in plans)["b1/m"] - PLANS * 3 / 4) < 2


def test_weight_zero_serves_only_when_nobody_else_of_its_priority_is_left() -> None:
    targets = (Target("idle", "m", 0, 0), Target("busy", "m", 0, 1), Target("later", "m", 1, 1))
    for strategy in ("priority", "round_robin", "weighted", "weighted_random", "sticky"):
        planner = planner_of(route(*targets, strategy=strategy))
        for turn in range(50):
            plan = names(planner.plan(features(turn=turn, seed=turn), WELL))
            assert plan.index("idle/m") > plan.index("busy/m")
    assert names(planner_of(route(*targets)).plan(features(exclude=("busy",)), WELL))[0] == "idle/m"


def test_cost_orders_by_what_this_request_costs() -> None:
    chance = random.Random(2)
    models = [priced(f"p{at}", chance.randint(1, 9) * 10**5, chance.randint(1, 40) * 10**5) for at in range(6)]
    planner = planner_of(route(*weights(*[1] * 6), strategy="cost"), models=models)
    for turn in range(PLANS):
        prompt, answer = chance.choice((0, 10, 1_000, 100_000)), chance.choice((1, 100, 5_000, 60_000))
        plan = planner.plan(features(turn=turn, input_tokens=prompt, output_tokens=answer), WELL)
        costs = [one.model.price.input * prompt + one.model.price.output * answer for one in plan.candidates]  # type: ignore[union-attr]
        assert costs == sorted(costs)


def test_long_prompts_and_long_answers_go_different_ways() -> None:
    models = [priced("p0", 1_000_000, 9_000_000), priced("p1", 3_000_000, 3_000_000)]
    planner = planner_of(route(*weights(1, 1), strategy="cost"), models=models)
    assert firsts(planner, [features(input_tokens=9_000, output_tokens=100)]) == ["p0"]
    assert firsts(planner, [features(input_tokens=100, output_tokens=9_000)]) == ["p1"]


def test_a_tier_of_prices_counts_when_it_is_reached() -> None:
    tiered = priced("p0", 1_000_000, 0, tiers=(PriceTier(200_000, 4_000_000, 0), PriceTier(500_000, 9_000_000, 0)))
    planner = planner_of(route(*weights(1, 1), strategy="cost"), models=[tiered, priced("p1", 2_000_000, 0)])
    assert firsts(planner, [features(input_tokens=tokens) for tokens in (200_000, 200_001)]) == ["p0", "p1"]


def test_what_a_provider_charges_counts_where_the_model_says_nothing() -> None:
    cheap = provider("p1", prices=(PriceOverride("m*", Price(1_000_000, 0)),))
    models = [priced("p0", 2_000_000, 0)]
    planner = planner_of(route(*weights(1, 1), strategy="cost"), models=models, providers=[provider("p0"), cheap])
    assert firsts(planner, [features(input_tokens=100)]) == ["p1"]


def test_a_providers_factor_counts_for_prices_of_the_catalog() -> None:
    half = provider("p1", price_factor_ppm=500_000)
    models = [priced("p0", 2_000_000, 0), replace(priced("p1", 3_000_000, 0), price_from="catalog")]
    planner = planner_of(route(*weights(1, 1), strategy="cost"), models=models, providers=[provider("p0"), half])
    assert firsts(planner, [features(input_tokens=100)]) == ["p1"]


def test_an_unsaid_answer_is_the_models_limit_at_most_five_hundred() -> None:
    short = priced("p0", 0, 3_000_000)
    models = [type(short)("s", "p0", "m", price=Price(0, 3_000_000), max_output_tokens=100), priced("p1", 0, 1_000_000)]
    planner = planner_of(route(*weights(1, 1), strategy="cost"), models=models)
    assert firsts(planner, [features(), features(output_tokens=200)]) == ["p0", "p1"]


def test_what_has_no_price_is_last_and_equals_take_turns() -> None:
    models = [priced("p1", 5, 5), priced("p2", 5, 5)]
    planner = planner_of(route(*weights(1, 1, 1), strategy="cost"), models=models)
    plans = [names(planner.plan(features(turn=turn, input_tokens=7), WELL)) for turn in range(300)]
    assert {plan[-1] for plan in plans} == {"p0/m"}
    assert {plan[0] for plan in plans} == {"p1/m", "p2/m"}


@pytest.mark.parametrize(("price", "first"), [(109, "p1"), (110, "p1"), (111, "p0")])
def test_a_preferred_provider_wins_within_a_tenth_of_the_cheapest(price: int, first: str) -> None:
    planner = planner_of(route(*weights(1, 1), strategy="cost"), models=[priced("p0", 100, 0), priced("p1", price, 0)])
    assert firsts(planner, [features(input_tokens=1000, prefer=("p1",))]) == [first]


@pytest.mark.parametrize(("p50", "first"), [(119.0, "p1"), (120.0, "p1"), (121.0, "p0")])
def test_a_preferred_provider_wins_within_a_fifth_of_the_fastest(p50: float, first: str) -> None:
    planner = planner_of(route(*weights(1, 1), strategy="latency"))
    assert firsts(planner, [features(prefer=("p1",))], known(p0=(1, 0, 100.0), p1=(1, 0, p50))) == [first]


def test_preferred_providers_go_first_by_priority_as_they_were_named_else_as_the_strategy_has_them() -> None:
    targets = [Target(name, "m", place) for place, name in enumerate("abcd")]
    wishes = features(prefer=("d", "b", "unknown"), turn=0)
    assert names(planner_of(route(*targets)).plan(wishes, WELL)) == ["d/m", "b/m", "a/m", "c/m"]
    turns = names(planner_of(route(*targets, strategy="round_robin")).plan(wishes, WELL))
    assert turns == ["b/m", "d/m", "a/m", "c/m"]


@pytest.mark.parametrize("strategy", get_args(Strategy))
def test_the_provider_that_is_wanted_first_is_first_by_every_strategy(strategy: Strategy) -> None:
    planner = planner_of(route(*weights(5, 5, 1), strategy=strategy))
    slow = known(p0=(9, 0, 100.0), p1=(9, 0, 100.0), p2=(9, 0, 9000.0))
    found = firsts(planner, [features(seed=seed, first=("p2",), prefer=("p0",)) for seed in range(20)], slow)
    assert set(found) == {"p2"}


def test_latency_asks_the_fastest_and_explores_the_unmeasured() -> None:
    health = known(p0=(9, 0, 900.0), p1=(9, 0, 300.0), p2=(9, 0, 600.0))
    planner = planner_of(route(*weights(1, 1, 1, 1, 1), strategy="latency"))
    plans = [names(planner.plan(each, health)) for each in by_chance()]
    found = Counter(plan[0] for plan in plans)
    assert abs((found["p3/m"] + found["p4/m"]) / PLANS - EXPLORED) < 0.01
    assert abs(found["p3/m"] - found["p4/m"]) < 150
    assert found["p1/m"] == PLANS - found["p3/m"] - found["p4/m"]
    assert all([name for name in plan if name[1] in "012"] == ["p1/m", "p2/m", "p0/m"] for plan in plans)


def test_latency_without_a_measurement_takes_turns() -> None:
    found = Counter(firsts(planner_of(route(*weights(2, 1), strategy="latency")), by_chance()))
    assert abs(found["p0"] - PLANS * 2 / 3) < 2


def test_usage_asks_who_has_most_left() -> None:
    chance = random.Random(3)
    keys = {
        f"p{at}": (UpstreamKey(f"{at}x", "", daily_quota=1000), UpstreamKey(f"{at}y", "", daily_quota=500))
        for at in range(3)
    }
    providers = [*(provider(name, keys=held) for name, held in keys.items()), provider("p3")]
    planner = planner_of(route(*weights(1, 1, 1, 1), strategy="usage"), providers=providers)
    for turn in range(PLANS // 10):
        used = {key.id: chance.randint(0, key.daily_quota - 1) for held in keys.values() for key in held}
        health = Health({}, {name: KeyHealth(used_tokens=n, window_ends_ms=NOW + 1) for name, n in used.items()}, NOW)
        plan = planner.plan(features(turn=turn), health)
        left = [sum(key.daily_quota - used[key.id] for key in keys[one.provider.id]) for one in plan.candidates[1:]]
        assert plan.candidates[0].provider.id == "p3"
        assert left == sorted(left, reverse=True)


def test_sticky_keeps_a_session_and_moves_only_what_a_leaver_had() -> None:
    four, three = planner_of(route(*weights(1, 1, 1, 1), strategy="sticky")), features
    chance = random.Random(4)
    moved, had = 0, 0
    for turn in range(PLANS // 2):
        session = f"s-{chance.getrandbits(60)}"
        before = names(four.plan(three(session=session, turn=turn, seed=chance.getrandbits(64)), WELL))
        after = names(four.plan(three(session=session, turn=turn + 7, seed=1, exclude=("p2",)), WELL))
        had += before[0] == "p2/m"
        moved += before[0] != after[0]
        assert after == [name for name in before if name != "p2/m"]
    assert moved == had
    assert abs(moved / (PLANS // 2) - 1 / 4) < 0.02


def test_sticky_has_the_odds_of_the_weights() -> None:
    sessions = (features(session=f"session {number}") for number in range(PLANS))
    found = Counter(firsts(planner_of(route(*weights(6, 3, 1), strategy="sticky")), sessions))
    assert [round(found[f"p{at}"] / PLANS, 1) for at in range(3)] == [0.6, 0.3, 0.1]


def test_what_sticky_holds_on_to() -> None:
    full, bare = features(session="s", prefix="p", user_id="u"), features()
    assert held_by(full, "auto") == "session:s"
    assert [held_by(full, by) for by in ("session", "prefix", "user")] == ["session:s", "prefix:p", "user:u"]
    assert held_by(full, "key") == f"key:{full.key.id}"
    assert held_by(bare, "prefix") == f"key:{bare.key.id}"
    assert held_by(features(prefix="p", user_id="u"), "session") == "prefix:p"


def test_the_clients_strategy_is_the_one_in_force() -> None:
    planner = planner_of(route(Target("a", "m", 0), Target("b", "m", 1)), models=[priced("a", 9, 9), priced("b", 1, 1)])
    assert firsts(planner, [features(), features(strategy="cost")]) == ["a", "b"]
