"""Which keys of a provider are used, and in which order."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from tests.routing.planners import NOW, PLANS, WELL, features, planner_of, route, weights

from gateway.neutral.config import Provider, UpstreamKey
from gateway.neutral.health import Health, KeyHealth
from gateway.routing.pools import Usable, usable_keys

LATER = NOW + 60_000


def pool(*keys: UpstreamKey) -> Provider:
    return Provider("p", "P", "openai", keys=keys)


def key(name: str, **more: Any) -> UpstreamKey:
    return UpstreamKey(name, "h", reference="arn", **more)


def order(
    keys: tuple[UpstreamKey, ...], known: dict[str, KeyHealth] | None = None, seed: int = 0
) -> list[str] | Usable:
    found = usable_keys(pool(*keys), True, Health(keys=known or {}), NOW, seed)
    return found if found.reason else [one.id for one in found.keys]


@pytest.mark.parametrize(
    ("state", "reason"),
    [
        (KeyHealth(cooling_until_ms=LATER), "cooling"),
        (KeyHealth(dead_until_ms=LATER), "dead"),
        (KeyHealth(used_tokens=100, window_ends_ms=LATER), "quota"),
        (KeyHealth(cooling_until_ms=LATER - 1, dead_until_ms=LATER), "dead"),
        (KeyHealth(cooling_until_ms=LATER, used_tokens=100, window_ends_ms=LATER - 1), "cooling"),
        (KeyHealth(used_tokens=99, window_ends_ms=LATER), None),
        (KeyHealth(used_tokens=100, window_ends_ms=NOW), None),
        (KeyHealth(cooling_until_ms=NOW, dead_until_ms=NOW), None),
        (KeyHealth(stamp="another credential", dead_until_ms=LATER, cooling_until_ms=LATER), None),
        (KeyHealth(stamp="another credential", used_tokens=100, window_ends_ms=LATER), "quota"),
    ],
)
def test_a_key_is_used_unless_something_is_wrong_with_it(state: KeyHealth, reason: str | None) -> None:
    keys = (key("a", daily_quota=100),)
    found = usable_keys(pool(*keys), True, Health(keys={"a": state}), NOW, 0)
    assert found == (Usable(keys) if reason is None else Usable((), reason, LATER))  # type: ignore[arg-type]


def test_the_other_keys_serve_meanwhile() -> None:
    bad = {"a": KeyHealth(cooling_until_ms=LATER), "c": KeyHealth(dead_until_ms=LATER)}
    assert order((key("a"), key("b"), key("c")), bad) == ["b"]


def test_of_several_reasons_the_one_that_ends_first_is_told() -> None:
    bad = {"a": KeyHealth(dead_until_ms=LATER), "b": KeyHealth(cooling_until_ms=LATER - 5)}
    assert order((key("a"), key("b")), bad) == Usable((), "cooling", LATER - 5)


def test_without_a_key() -> None:
    assert usable_keys(pool(), True, Health(), NOW, 0) == Usable(reason="no_key")
    assert usable_keys(pool(key("a", active=False)), True, Health(), NOW, 0) == Usable(reason="no_key")
    assert usable_keys(pool(), False, Health(), NOW, 0) == Usable()
    assert usable_keys(pool(key("a", active=False)), False, Health(), NOW, 0) == Usable()


def test_a_cooling_key_is_not_gone_around_where_none_is_needed() -> None:
    known = Health(keys={"a": KeyHealth(cooling_until_ms=LATER)})
    assert usable_keys(pool(key("a")), False, known, NOW, 0).reason == "cooling"


def test_keys_have_the_odds_of_their_weights() -> None:
    keys = (key("a", weight=6), key("b", weight=3), key("c", weight=1), key("d", weight=0))
    found = [order(keys, seed=seed) for seed in range(PLANS)]
    firsts = Counter(each[0] for each in found if isinstance(each, list))
    assert [round(firsts[name] / PLANS, 1) for name in "abcd"] == [0.6, 0.3, 0.1, 0.0]
    assert all(isinstance(each, list) and len(set(each)) == 4 and each[3] == "d" for each in found)


def test_a_session_keeps_its_key_and_only_those_of_a_lost_key_move() -> None:
    keys, moved, lost = (key("a", weight=2), key("b"), key("c")), 0, 0
    known = Health(keys={"b": KeyHealth(cooling_until_ms=LATER)})
    for number in range(2_000):
        before = usable_keys(pool(*keys), True, Health(), NOW, number, f"s{number}").keys
        assert before == usable_keys(pool(*keys), True, Health(), NOW, number + 1, f"s{number}").keys
        after = usable_keys(pool(*keys), True, known, NOW, number, f"s{number}").keys
        lost += before[0].id == "b"
        moved += before[0] != after[0]
    assert moved == lost
    assert abs(lost / 2_000 - 1 / 4) < 0.04


def test_a_plan_keeps_the_key_of_a_session() -> None:
    planner = planner_of(
        route(*weights(1)), providers=[Provider("p0", "P", "openai", keys=(key("a"), key("b"), key("c")))]
    )
    kept = {planner.plan(features(seed=seed, session="s"), WELL).candidates[0].keys for seed in range(50)}
    free = {planner.plan(features(seed=seed), WELL).candidates[0].keys for seed in range(50)}
    assert (len(kept), len(free)) == (1, 6)
