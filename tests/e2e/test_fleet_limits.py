"""Budgets under a thousand requests at once, through real processes on one set of tables."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from functools import partial

import pytest
from tests.e2e.limits_client import Told
from tests.e2e.limits_room import DOLLAR, LONGEST, Fleet, Room, chat, cost, fleet_in, patiently

REQUESTS = 1000


class Watch:
    """The counters of some scopes while requests run: the most that was ever taken of each."""

    def __init__(self, fleet: Fleet, pks: list[str]) -> None:
        self._fleet = fleet
        self.most = dict.fromkeys(pks, 0)
        self.samples = 0

    async def until(self, done: asyncio.Task[list[tuple[Told, int]]]) -> list[tuple[Told, int]]:
        """Sample until the work is done; what it gave."""
        while not done.done():
            for pk in self.most:
                taken = await asyncio.to_thread(self._fleet.books.taken, pk)
                self.most[pk] = max(self.most[pk], taken)
            self.samples += 1
            await asyncio.sleep(0.01)
        return await done


def crowd(fleet: Fleet, key: str, output: int, watch: Watch) -> tuple[Counter[int], int]:
    """So many requests at the same moment; their statuses, and how many 503 were repeated."""

    async def work() -> list[tuple[Told, int]]:
        each = [fleet.environments[number % len(fleet.environments)] for number in range(REQUESTS)]
        return list(await asyncio.gather(*(patiently(partial(one.ask, key, chat(output))) for one in each)))

    async def run() -> list[tuple[Told, int]]:
        return await watch.until(asyncio.ensure_future(work()))

    found = asyncio.run(run())
    return Counter(told.status for told, _ in found), sum(repeated for _, repeated in found)


def rest(fleet: Fleet, key: str, output: int) -> tuple[int, Told]:
    """Requests one after the other until one is refused: how many were served, and the refusal."""

    async def run() -> tuple[int, Told]:
        served = 0
        while True:
            environment = fleet.environments[served % len(fleet.environments)]
            told, _ = await patiently(partial(environment.ask, key, chat(output)))
            if told.status != 200:
                return served, told
            served += 1
            await asyncio.to_thread(fleet.books.settled)

    return asyncio.run(run())


@pytest.mark.parametrize(("key", "tight", "scopes"), [("dollar", "key", 1), ("three", "team", 3)])
def test_a_thousand_at_once_spend_a_dollar_and_not_a_nano_more(
    limits_room: Room, key: str, tight: str, scopes: int
) -> None:
    with fleet_in(limits_room, warm=[key]) as fleet:
        identifier = limits_room.key_id(key)
        pks = {"key": f"limit#key#{identifier}#0"}
        if scopes == 3:
            pks |= {"user": "limit#user#ada#0", "team": "limit#team#blue#0"}
        watch = Watch(fleet, list(pks.values()))
        began = time.monotonic()
        statuses, repeated = crowd(fleet, key, LONGEST, watch)
        took = time.monotonic() - began
        fleet.books.settled()
        more, refusal = rest(fleet, key, LONGEST)
        spent = fleet.books.balance(*fleet.books.scopes())
        needed = int(refusal.limit["needed"])
        assert (refusal.status, refusal.limit["scope"], refusal.limit["name"]) == (429, tight, "total")
        assert int(refusal.limit["used"]) == spent
        assert watch.most[pks[tight]] <= DOLLAR
        assert set(statuses) == {200, 429}
        assert statuses[200] + more == (DOLLAR - needed) // cost(LONGEST) + 1
        assert spent == (statuses[200] + more) * cost(LONGEST) <= DOLLAR < spent + needed
        assert len(fleet.books.scopes()) == scopes
        assert len(fleet.upstream.journal) == statuses[200] + more
    print(
        f"\nbudget, {scopes} scope(s): {REQUESTS} at once by 3 processes in {took:.1f} s: {statuses[200]} + {more} served of "
        f"${needed / DOLLAR:.6f} at worst, ${spent / DOLLAR:.9f} spent; most taken of {watch.samples} samples "
        f"${watch.most[pks[tight]] / DOLLAR:.9f}; {repeated} answers of 503 repeated"
    )


def test_what_is_held_and_not_spent_comes_back(limits_room: Room) -> None:
    """A thousand times a cent at worst and a hundredth of it in truth: all fit, one after the other, and none is refused."""
    with fleet_in(limits_room, warm=["dollar"]) as fleet:
        pk = f"limit#key#{limits_room.key_id('dollar')}#0"
        watch = Watch(fleet, [pk])
        statuses, repeated = crowd(fleet, "dollar", 9, watch)
        fleet.books.settled()
        assert statuses == {200: REQUESTS}
        spent = fleet.books.balance("key#dollar")
        assert spent == REQUESTS * cost(9)
        assert cost(9) * 100 < watch.most[pk] <= DOLLAR
    print(
        f"\nbudget: {REQUESTS} at once, at worst ${cost(LONGEST) * REQUESTS / DOLLAR:.2f}, in truth ${spent / DOLLAR:.6f}: "
        f"0 refused; most taken ${watch.most[pk] / DOLLAR:.6f} of $1; {repeated} answers of 503 repeated"
    )
