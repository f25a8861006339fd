"""Which call follows which, told as lists."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest
from tests.routing.courses import OK, TWO, candidate, course, plan, told

from gateway.neutral.config import Retry
from gateway.routing.attempts import Outcome, Try
from gateway.routing.budget import RetryBudget

ONE = plan(candidate("a/m", ["a1"]))
DOWN = Outcome(503, None)


def script(*outcomes: Outcome) -> Callable[[Try], Outcome]:
    """The n-th try gets the n-th outcome."""
    return lambda made: outcomes[made.number - 1]


def limited(seconds: float | None) -> Outcome:
    return Outcome(429, None, retry_after=seconds)


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ([OK], ["a/m a1 first", "stop_success"]),
        ([DOWN, OK], ["a/m a1 first", "a/m a1 retry", "stop_success"]),
        ([DOWN, DOWN, OK], ["a/m a1 first", "a/m a1 retry", "b/m b1 next_target", "stop_success"]),
        ([limited(None), OK], ["a/m a1 first", "a/m a2 next_key", "stop_success"]),
        # A retried target may still change its key, and a new key has its own retries.
        (
            [DOWN, limited(None), DOWN, OK],
            ["a/m a1 first", "a/m a1 retry", "a/m a2 next_key", "a/m a2 retry", "stop_success"],
        ),
        # Waiting is for those who have nobody else, however short the wait.
        (
            [limited(1), limited(1), limited(1), OK],
            ["a/m a1 first", "a/m a2 next_key", "b/m b1 next_target", "b/m b1 retry", "stop_success"],
        ),
        (
            [limited(1), limited(1), limited(1), limited(1)],
            ["a/m a1 first", "a/m a2 next_key", "b/m b1 next_target", "b/m b1 retry", "exhausted"],
        ),
        (
            [limited(1), limited(1), limited(11)],
            ["a/m a1 first", "a/m a2 next_key", "b/m b1 next_target", "stop_retry_after"],
        ),
        # Both keys are dead, so the last resort is no resort: a refused key is not asked again.
        (
            [Outcome(401, None), Outcome(403, None), Outcome(402, None)],
            ["a/m a1 first", "a/m a2 next_key", "b/m b1 next_target", "exhausted"],
        ),
        ([DOWN, Outcome(400, None)], ["a/m a1 first", "a/m a1 retry", "stop_client_error"]),
    ],
)
def test_courses(answers: list[Outcome], expected: list[str]) -> None:
    assert told(*course(TWO, script(*answers))) == expected


def test_keys_found_bad_are_not_used_by_another_model_of_the_provider() -> None:
    shared = plan(candidate("a/m", ["k1", "k2"]), candidate("a/n", ["k1", "k2"]), candidate("b/m", ["k1"]))
    dead_then_missing = script(Outcome(401, None), Outcome(404, None), OK)
    assert told(*course(shared, dead_then_missing)) == [
        "a/m k1 first",
        "a/m k2 next_key",
        "a/n k2 next_target",
        "stop_success",
    ]
    assert told(*course(shared, lambda _: limited(None))) == [
        "a/m k1 first",
        "a/m k2 next_key",
        "b/m k1 next_target",  # another provider's key that happens to have the same id
        "exhausted",
    ]


def test_a_provider_without_keys_is_called_without_one() -> None:
    local = plan(candidate("a/m"), candidate("a/n"))
    assert told(*course(local, lambda _: Outcome(401, None))) == ["a/m - first", "a/n - next_target", "exhausted"]


def test_a_half_open_target_gets_one_call() -> None:
    probing = plan(candidate("a/m", ["a1"], half_open=True))
    assert told(*course(probing, lambda _: DOWN)) == ["a/m a1 first", "stop_probe"]
    assert told(*course(plan(*probing.candidates, *TWO.candidates[1:]), script(DOWN, OK))) == [
        "a/m a1 first",
        "b/m b1 next_target",
        "stop_success",
    ]


def test_a_target_that_stands_twice_in_the_plan_is_tried_once() -> None:
    assert told(*course(plan(*TWO.candidates, *TWO.candidates), lambda _: Outcome(404, None))) == [
        "a/m a1 first",
        "b/m b1 next_target",
        "exhausted",
    ]


def test_calls_are_bounded_and_what_was_no_call_does_not_count() -> None:
    many = plan(*(candidate(f"p{n}/m", ["k"]) for n in range(20)))
    made, end = course(many, lambda _: DOWN, Retry(max_calls=5))
    assert (len(made), end) == (5, "stop_calls")
    made, end = course(many, lambda one: DOWN if one.number > 15 else Outcome(None, "cannot_carry"), Retry(max_calls=2))
    assert (len(made), end) == (17, "stop_calls")
    assert [one.number for one in made] == list(range(1, 18))


def test_an_empty_budget_stops_retries_but_not_the_next_target() -> None:
    budget = RetryBudget()
    assert budget.take(0)
    assert budget.take(0)
    assert told(*course(TWO, lambda _: DOWN, budget=budget)) == ["a/m a1 first", "b/m b1 next_target", "stop_budget"]
    assert told(*course(ONE, lambda _: limited(1), budget=budget)) == ["a/m a1 first", "stop_budget"]


def test_keys_and_targets_draw_nothing_from_the_budget() -> None:
    budget = RetryBudget()
    for outcome in (limited(None), Outcome(404, None), Outcome(401, None), Outcome(None, "probe_taken")):
        course(TWO, lambda _, outcome=outcome: outcome, budget=budget)
    assert [budget.take(0) for _ in range(3)] == [True, True, False]


@pytest.mark.parametrize(
    ("remaining", "expected"),
    [
        (None, ["a/m a1 first", "a/m a1 retry", "exhausted"]),
        (6.0, ["a/m a1 first", "a/m a1 retry", "exhausted"]),
        (3.9, ["a/m a1 first", "stop_time"]),  # 3 s of waiting would leave less than a second
        (0.9, ["a/m a1 first", "stop_time"]),
        (-1.0, ["a/m a1 first", "stop_time"]),
    ],
)
def test_a_retry_must_leave_time_for_its_call(remaining: float | None, expected: list[str]) -> None:
    budget = RetryBudget()
    outcome = Outcome(503, None, retry_after=3.0, remaining=remaining)
    assert told(*course(ONE, lambda _: outcome, budget=budget)) == expected
    left = sum(budget.take(0) for _ in range(3))
    assert left == (1 if "a/m a1 retry" in expected else 2), "a retry that was not made costs nothing"


def test_too_little_time_for_a_retry_may_be_enough_for_another_target() -> None:
    outcome = Outcome(503, None, retry_after=3.0, remaining=3.5)
    assert told(*course(TWO, lambda _: outcome)) == ["a/m a1 first", "b/m b1 next_target", "stop_time"]


def test_no_attempts_means_no_retry() -> None:
    for count in (0, 1):
        assert told(*course(ONE, lambda _: DOWN, Retry(attempts=count))) == ["a/m a1 first", "exhausted"]
    assert told(*course(ONE, lambda _: DOWN, Retry(max_calls=0))) == ["a/m a1 first", "stop_calls"]


def delays(retry: Retry, outcome: Outcome, seed: int) -> list[float]:
    return [one.delay for one in course(ONE, lambda _: outcome, retry, seed=seed)[0]]


def test_delays_follow_full_jitter() -> None:
    """Before the n-th retry: uniform between 0 and base * 2**n, at most the maximum. Bounds, mean and quarters of 4,000 draws."""
    retry = Retry(attempts=6, base_seconds=0.5, max_seconds=8.0, max_calls=100)
    courses = [delays(retry, DOWN, seed) for seed in range(4_000)]
    assert all(one[0] == 0.0 for one in courses)
    for number, most in enumerate([1.0, 2.0, 4.0, 8.0, 8.0], start=1):
        drawn = [one[number] / most for one in courses]
        assert 0.0 <= min(drawn) < 0.01
        assert 0.99 < max(drawn) <= 1.0
        assert sum(drawn) / len(drawn) == pytest.approx(0.5, abs=0.02)
        for quarter in range(4):
            share = sum(quarter / 4 <= value < (quarter + 1) / 4 for value in drawn) / len(drawn)
            assert share == pytest.approx(0.25, abs=0.03)


def test_the_same_chance_gives_the_same_delays() -> None:
    retry = Retry(attempts=4)
    assert delays(retry, DOWN, 7) == delays(retry, DOWN, 7) != delays(retry, DOWN, 8)


def test_a_retry_after_is_the_least_delay_and_is_jittered() -> None:
    """All who were told `5` would come back together otherwise."""
    drawn = [delays(Retry(), Outcome(503, None, retry_after=5.0), seed)[1] for seed in range(200)]
    assert 5.0 <= min(drawn) < 5.1
    assert 5.9 < max(drawn) <= 6.0


def test_a_retry_after_over_the_cap_is_left_to_somebody_else() -> None:
    outcome = Outcome(503, None, retry_after=10.1)
    assert told(*course(TWO, lambda _: outcome)) == ["a/m a1 first", "b/m b1 next_target", "stop_retry_after"]
    assert told(*course(ONE, lambda _: Outcome(503, None, retry_after=10.0)))[-2:] == ["a/m a1 retry", "exhausted"]


def test_very_many_retries_do_not_overflow() -> None:
    made, end = course(ONE, lambda _: DOWN, Retry(attempts=3_000, max_calls=3_000), seed=random.Random(1).randrange(9))
    assert (len(made), end) == (3_000, "stop_calls")
    assert max(one.delay for one in made) <= 8.0
