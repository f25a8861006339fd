"""Token buckets: never more than the bucket and its refill, whoever's clock is wrong."""

from __future__ import annotations

import random

import pytest

from gateway.policies.gcra import ABSURD_NS, MINUTE_NS, Bucket, refund

NOW = 1_790_000_000 * 10**9
SECOND = 10**9


@pytest.mark.parametrize("limit", [1, 3, 7, 60, 1000, 999_983, 10**7])
def test_a_full_bucket_holds_its_limit_and_refills_in_a_minute(limit: int) -> None:
    bucket = Bucket(limit)
    assert bucket.allows(0, limit, NOW)
    assert not bucket.allows(0, limit + 1, NOW)
    tat = bucket.take(0, limit, NOW)
    assert not bucket.allows(tat, 1, NOW)
    assert bucket.wait(tat, 1, NOW) == bucket.cost
    assert bucket.allows(tat, 1, NOW + bucket.cost)
    assert not bucket.allows(tat, 1, NOW + bucket.cost - 1)
    assert MINUTE_NS <= bucket.depth < MINUTE_NS + limit  # rounded, never in favour of the caller
    assert bucket.lacks(tat, NOW) == limit
    assert bucket.lacks(tat, NOW + bucket.depth) == 0


def test_nothing_passes_a_limit_of_nothing() -> None:
    for limit in (0, -1):
        assert not Bucket(limit).allows(0, 1, NOW)
        assert not Bucket(limit).allows(0, 0, NOW)
        assert Bucket(limit).clamp(5) == 0


def test_a_reservation_larger_than_the_bucket_needs_a_full_one() -> None:
    bucket = Bucket(100)
    assert bucket.clamp(10**9) == 100
    assert bucket.allows(NOW, 100, NOW)
    assert not bucket.allows(NOW + 1, 100, NOW)


def test_any_run_of_requests_stays_under_bucket_and_refill() -> None:
    chance = random.Random(5)
    for _ in range(25):
        bucket = Bucket(chance.choice([1, 6, 60, 997]))
        now = tat = NOW
        passed: list[tuple[int, int]] = []
        for _ in range(250):
            now += chance.randrange(0, 2 * bucket.cost)
            units = chance.randint(1, bucket.limit)
            if bucket.allows(tat, units, now):
                tat = bucket.take(tat, units, now)
                passed.append((now, units))
        for at, (first, _) in enumerate(passed):
            total = 0
            for moment, units in passed[at:]:
                total += units
                assert total * bucket.cost <= bucket.depth + moment - first


def test_a_refund_gives_back_what_has_not_drained_and_never_more() -> None:
    cost = SECOND
    until = NOW + 30 * SECOND
    assert refund(30, 10, cost, until, NOW) == 20 * SECOND
    assert refund(30, 10, cost, until, NOW + 15 * SECOND) == 15 * SECOND
    assert refund(30, 10, cost, until, NOW + 31 * SECOND) == 0
    assert refund(30, 40, cost, until, NOW + 31 * SECOND) == -10 * SECOND
    assert refund(30, 30, cost, until, NOW) == 0
    assert refund(30, 10**18, cost, until, NOW) == -60 * SECOND, "a full bucket more"


def test_a_refund_is_never_more_than_having_reserved_less() -> None:
    """Against the same run with the exact figure reserved in the first place."""
    chance = random.Random(6)
    for _ in range(2000):
        bucket = Bucket(60)
        tat = NOW + chance.randrange(0, 30 * SECOND)
        reserved, used = chance.randint(5, 30), chance.randint(0, 30)
        with_hold, exact = bucket.take(tat, reserved, NOW), bucket.take(tat, used, NOW)
        until, now = with_hold, NOW
        for _ in range(chance.randint(0, 5)):
            now += chance.randrange(0, 20 * SECOND)
            with_hold, exact = bucket.take(with_hold, 1, now), bucket.take(exact, 1, now)
        settled = max(with_hold - refund(reserved, used, bucket.cost, until, now), now)
        if used <= reserved:
            assert settled >= max(exact, now)


@pytest.mark.parametrize("skew_s", [300, -300])
def test_clocks_five_minutes_apart_let_through_one_window_more_at_most(skew_s: int) -> None:
    """Two environments on one bucket, one with a wrong clock: its jump fills the bucket once, and no more, however often they take turns."""
    chance = random.Random(7)
    bucket = Bucket(60)
    tat, passed, seconds = 0, 0, 240
    for tick in range(seconds * 10):
        now = NOW + tick * SECOND // 10 + chance.choice([0, skew_s]) * SECOND
        if bucket.allows(tat, 1, now):
            tat = bucket.take(tat, 1, now)
            passed += 1
    refilled = seconds * bucket.limit // 60
    assert passed <= bucket.limit + refilled + bucket.limit + 1


def test_a_bucket_that_a_wrong_clock_closed_for_years_heals() -> None:
    bucket, later = Bucket(60), NOW + ABSURD_NS
    assert not bucket.allows(later, 1, NOW)
    assert bucket.wait(later, 1, NOW) == ABSURD_NS - 59 * SECOND
    assert bucket.allows(later + 1, 60, NOW)
    assert (bucket.lacks(later + 1, NOW), bucket.wait(later + 1, 60, NOW)) == (0, 0)
    assert bucket.take(later + 1, 1, NOW) == NOW + SECOND
