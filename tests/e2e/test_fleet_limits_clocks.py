"""Clocks that are five minutes off, in processes that hear the store's time: what they let through together.

Months and clock changes: tests/policies. What clocks that nobody puts right let through: tests/policies/test_gcra.py.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from functools import partial

import pytest
from tests.e2e.fleet import eventually
from tests.e2e.limits_client import Told
from tests.e2e.limits_room import DOLLAR, LONGEST, Fleet, Room, chat, cost, fleet_in, patiently, streamed
from tests.upstream.steps import gated

SKEWS = (-300, 0, 300)
EVENTS = streamed(9)
GATES = [*(f"part-{number}" for number in range(len(EVENTS))), "part-end"]
RATE = 30
"""Requests a minute of the key `rated`."""
AT_ONCE = 40
"""Of the key `daily`."""


def skewed(fleet: Fleet) -> None:
    """Processes whose clocks are wrong, each to another degree, from the slowest to the fastest."""
    for skew in SKEWS:
        fleet.start(skew_s=skew)


async def through(fleet: Fleet, number: int, key: str, count: int, output: int = 9) -> list[Told]:
    """So many requests at once through one of the processes."""
    one = fleet.environments[number]
    return [
        told
        for told, _ in await asyncio.gather(*(patiently(partial(one.ask, key, chat(output))) for _ in range(count)))
    ]


def served(found: list[Told]) -> int:
    """How many were let in."""
    assert {told.status for told in found} <= {200, 429}
    return sum(told.status == 200 for told in found)


async def everywhere(fleet: Fleet, key: str, count: int, output: int) -> int:
    """So many through each process, all at once; how many were let in."""
    found = await asyncio.gather(*(through(fleet, number, key, count, output) for number in range(len(SKEWS))))
    return sum(map(served, found))


def test_a_budget_holds_whatever_the_clocks_say(limits_room: Room) -> None:
    """Each window's cap holds to the nano-dollar; only that there may be two windows, where the clocks are on two days."""
    with fleet_in(limits_room, 0) as fleet:
        skewed(fleet)
        total = asyncio.run(everywhere(fleet, "dollar", 50, LONGEST))
        fleet.books.settled()
        assert total * cost(LONGEST) == fleet.books.scopes()["key#dollar"].used() <= DOLLAR
        daily = asyncio.run(everywhere(fleet, "daily", 50, LONGEST))
        fleet.books.settled()
        sums = fleet.books.scopes()["key#daily"].sums
        windows = {name: taken for name, taken in sums.items() if name.startswith("day_") and name[4:].isdigit()}
        assert all(taken <= DOLLAR for taken in windows.values())
        assert sum(windows.values()) == daily * cost(LONGEST)
        near = {int(time.time() + skew) // 86_400 * 86_400 for skew in SKEWS}
        assert {int(name[4:]) for name in windows} <= near
        assert sums["running"] == 0
    print(
        f"\nclocks 5 minutes off: {total} of 150 within $1 in all, {daily} of 150 in {len(windows)} day(s) of $1 each"
    )


def test_requests_at_once_and_holds_that_nobody_sweeps_too_early(limits_room: Room) -> None:
    with fleet_in(limits_room, 0) as fleet:
        skewed(fleet)
        fleet.upstream.add(lambda _: gated(EVENTS))

        async def story() -> list[Told]:
            each = [fleet.environments[number % 3] for number in range(60)]
            asking = [asyncio.ensure_future(one.ask("daily", chat(9, stream=True))) for one in each]
            await asyncio.to_thread(
                eventually, lambda: len(fleet.upstream.journal) + sum(one.done() for one in asking) == 60
            )
            for right in (0.0, 110.0):
                swept = await asyncio.to_thread(fleet.books.sweep, right)
                assert (swept.seen, swept.swept) == (AT_ONCE, 0)
            fleet.upstream.open(*GATES)
            return list(await asyncio.gather(*asking))

        found = asyncio.run(story())
        assert Counter(told.status for told in found) == {200: AT_ONCE, 429: 60 - AT_ONCE}
        fleet.books.settled()
        sums = fleet.books.scopes()["key#daily"].sums
        taken = sum(value for name, value in sums.items() if name.startswith("day_") and name[4:].isdigit())
        assert (taken, sums["running"]) == (AT_ONCE * cost(9), 0)
    print(
        f"\nclocks 5 minutes off: {AT_ONCE} of 60 at once let in, limit {AT_ONCE}; no hold of theirs swept within 110 s"
    )


@pytest.mark.parametrize("order", [(0, 1, 2, 0, 1), (2, 1, 0, 2, 1)])
def test_a_rate_is_one_bucket_for_all(limits_room: Room, order: tuple[int, ...]) -> None:
    """One after the other, so that each finds what another clock has written. The store tells whole seconds."""
    with fleet_in(limits_room, 0) as fleet:
        skewed(fleet)

        async def story() -> list[int]:
            return [served(await through(fleet, number, "rated", RATE + 6)) for number in order]

        began = time.monotonic()
        found = asyncio.run(story())
        refilled = int((time.monotonic() - began) * RATE / 60)
        assert RATE <= sum(found) <= RATE + refilled + 1
    print(
        f"\nclocks 5 minutes off, {RATE} requests a minute: {found} let in by {[SKEWS[one] for one in order]} s in turn"
    )


def test_a_rate_is_one_bucket_for_all_at_once(limits_room: Room) -> None:
    with fleet_in(limits_room, 0) as fleet:
        skewed(fleet)
        began = time.monotonic()
        found = asyncio.run(everywhere(fleet, "rated", RATE, 9))
        assert RATE <= found <= RATE + int((time.monotonic() - began) * RATE / 60) + 1
    print(f"\nclocks 5 minutes off: {found} of {3 * RATE} at once through 3 processes let in, limit {RATE} a minute")
