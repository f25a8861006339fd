"""The breaker's rules, with values alone."""

from __future__ import annotations

import pytest

from gateway.routing import breaker as rules
from gateway.routing.breaker import Breaker, Tally

NOW = 1_790_000_000_000


@pytest.mark.parametrize(
    ("ok", "bad", "opens"), [(0, 4, False), (0, 5, True), (5, 5, True), (6, 5, False), (500, 6, False), (0, 0, False)]
)
def test_it_opens_for_enough_bad_calls_that_are_half_of_all(ok: int, bad: int, opens: bool) -> None:
    assert rules.trips(Tally(ok, bad)) is opens


@pytest.mark.parametrize(
    ("ok", "bad", "opens"), [(0, 19, False), (0, 20, True), (2, 20, True), (3, 20, False), (100, 900, True)]
)
def test_a_busy_target_that_only_fails_does_not_wait_for_its_minute(ok: int, bad: int, opens: bool) -> None:
    assert rules.trips(Tally(6_000 + ok, bad, ok, bad)) is opens


def test_a_total_outage_of_a_busy_target_opens_within_twenty_seconds() -> None:
    """A hundred calls a second, all good for a minute, then none, whenever in a slot that begins."""
    for offset in range(0, 10_000, 500):
        start = NOW - NOW % rules.SLOT_MS + offset
        slots: dict[int, list[int]] = {}
        for at in range(start - 70_000, start, 10):
            slots.setdefault(rules.slot_of(at), [0, 0])[0] += 1
        for after in range(0, 30_000, 10):
            slots.setdefault(rules.slot_of(start + after), [0, 0])[1] += 1
            if rules.trips(rules.tally([(slot, *counts) for slot, counts in slots.items()], 0, start + after)):
                break
        assert after <= 20_000, (offset, after)


@pytest.mark.parametrize("start", range(0, 10_000, 499))
def test_bad_calls_within_a_minute_count_together_and_older_than_seventy_seconds_do_not(start: int) -> None:
    slots = [(rules.slot_of(NOW + start), 1, 4)]
    for later, counted in ((0, 4), (59_999, 4), (70_000, 0), (300_000, 0)):
        assert rules.tally(slots, 0, NOW + start + later).bad == counted


def test_calls_before_it_closed_do_not_count_and_those_of_a_clock_ahead_do() -> None:
    slot = rules.slot_of(NOW)
    slots = [(slot - 2, 9, 9), (slot, 1, 2), (slot + 1, 0, 1)]
    assert rules.tally(slots, NOW, NOW) == Tally(1, 3, 1, 3)
    assert rules.tally(slots, 0, NOW) == Tally(10, 12, 1, 3)
    assert rules.tally(slots, rules.closed_by_hand(NOW).since_ms, NOW) == Tally(0, 1, 0, 1)


def test_each_failed_probe_doubles_the_time_up_to_five_minutes() -> None:
    breaker, lasted = Breaker(), []
    for _ in range(7):
        breaker = rules.opened(breaker, NOW)
        lasted.append((breaker.until_ms - NOW) // 1000)
    assert lasted == [30, 60, 120, 240, 300, 300, 300]
    assert rules.open_ms(10**9) == 300_000
    assert rules.opened(rules.closed(NOW), NOW).until_ms - NOW == 30_000


def test_states() -> None:
    assert [rules.state(until, NOW) for until in (0, NOW + 1, NOW, NOW - 1)] == [
        "closed",
        "open",
        "half_open",
        "half_open",
    ]


def test_one_lease_at_a_time_and_it_ends_by_itself() -> None:
    half_open = Breaker(until_ms=NOW, opens=1)
    taken = rules.leased(half_open, "a", NOW)
    assert rules.leasable(half_open, "a", NOW)
    assert not rules.leasable(taken, "b", NOW + 59_999)
    assert rules.leasable(taken, "a", NOW + 1)
    assert rules.leasable(taken, "b", NOW + 60_000)
    assert rules.leasable(rules.released(taken), "b", NOW + 1)
    for other in (Breaker(), Breaker(until_ms=NOW + 1)):
        assert not rules.leasable(other, "a", NOW)
