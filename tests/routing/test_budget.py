"""The budget for retries: what it starts with, what fills it, and how far."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from gateway.routing.budget import RetryBudget


def taken(budget: RetryBudget, now: float) -> int:
    """How many retries it grants in a row."""
    count = 0
    while budget.take(now):
        count += 1
        assert count < 100
    return count


def test_a_new_environment_has_the_reserve() -> None:
    assert taken(RetryBudget(), 5.0) == 2


def test_ten_requests_are_one_retry() -> None:
    budget = RetryBudget()
    taken(budget, 0)
    for _ in range(9):
        budget.deposit(0)
    assert not budget.take(0)
    budget.deposit(0)
    assert taken(budget, 0) == 1


def test_requests_fill_it_up_to_ten() -> None:
    budget = RetryBudget()
    for _ in range(10_000):
        budget.deposit(0)
    assert taken(budget, 0) == 10


def test_time_fills_it_by_one_in_ten_seconds_up_to_the_reserve() -> None:
    budget = RetryBudget()
    taken(budget, 100)
    assert not budget.take(109.9)
    assert taken(budget, 110) == 1
    assert taken(budget, 100_000) == 2, "an environment that slept has no burst"


def test_time_takes_nothing_from_what_requests_brought() -> None:
    budget = RetryBudget()
    for _ in range(100):
        budget.deposit(0)
    assert taken(budget, 1_000) == 10


def test_a_clock_that_goes_back_gives_nothing() -> None:
    budget = RetryBudget()
    taken(budget, 1_000)
    assert not budget.take(0)
    assert not budget.take(1_000)
    assert taken(budget, 1_010) == 1


def test_environments_have_their_own() -> None:
    one, other = RetryBudget(), RetryBudget()
    taken(one, 0)
    assert taken(other, 0) == 2


@given(st.lists(st.tuples(st.booleans(), st.floats(0, 20)), max_size=300))
def test_it_never_grants_more_than_it_was_given(steps: list[tuple[bool, float]]) -> None:
    budget, now, granted, deposits = RetryBudget(), 0.0, 0, 0
    for is_request, passed in steps:
        now += passed
        if is_request:
            deposits += 1
            budget.deposit(now)
        else:
            granted += budget.take(now)
    assert granted <= 2 + deposits * 0.1 + now * 0.1 + 1e-6
