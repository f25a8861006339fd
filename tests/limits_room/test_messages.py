"""Several requests that are tries of one message: its user's balance pays for the dearest of them, in one entry. Over moto."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import pytest
from tests.limits_room.ledgers import LOGS, START, STATE, Environment, Fleet

from gateway.clock import Clock
from gateway.neutral.limits import Admission
from gateway.stores.limit_items import Tables
from gateway.stores.limit_sweep import LimitSweep

TABLES = Tables(STATE, LOGS)
MESSAGE = Clock(lambda: START).new_id("msg")


class Tries:
    """A user with a balance of 1,000 and one message."""

    def __init__(self, fleet: Fleet) -> None:
        self.fleet = fleet
        self.one: Environment = fleet.one()[0]

    async def let_in(self, known: int = 0, message: str | None = MESSAGE) -> Admission:
        more = {"known_tokens": known, "balance_of": "u", "grant": 1000, "message_id": message}
        return await self.one.let_in(tokens=100, **more)

    async def settle(self, tokens: int, found: Admission | None = None) -> Admission:
        found = found or await self.let_in()
        await self.one.settle(found, tokens=tokens)
        return found

    async def sweep(self) -> Any:
        self.fleet.now.seconds += 130
        swept = await LimitSweep(self.one.database, TABLES, self.one.clock).run(5)
        assert swept.good, swept
        return swept

    @property
    def balance(self) -> tuple[int, int, int]:
        """Available, held, used."""
        (item,) = [item for item in self.fleet.table.scan(STATE) if item["sk"] == "balance"]
        return int(item["available"]), int(item["held"]), int(item["used"])

    @property
    def entries(self) -> list[int]:
        return [int(item["amount"]) for item in self.fleet.table.scan(STATE) if item["sk"].startswith("entry#")]


async def _failed_then_good(tries: Tries) -> None:
    await tries.settle(0)
    await tries.settle(70)


async def _cut_then_good(tries: Tries) -> None:
    await tries.settle(20)
    await tries.settle(70)


async def _cut_behind_good(tries: Tries) -> None:
    cut = await tries.let_in()
    await tries.settle(70)
    await tries.settle(20, cut)


async def _settled_again(tries: Tries) -> None:
    first = await tries.settle(20)
    second = await tries.settle(70)
    await tries.settle(20, first)
    await tries.settle(70, second)


async def _killed_then_good(tries: Tries) -> None:
    await tries.let_in(known=20)
    await tries.sweep()
    await tries.settle(70)


async def _killed_and_swept_behind_good(tries: Tries) -> None:
    await tries.let_in(known=20)
    await tries.settle(70)
    await tries.sweep()


async def _killed_dearer_than_the_cut(tries: Tries) -> None:
    await tries.let_in(known=70)
    await tries.settle(20)
    await tries.sweep()


async def _thawed_behind_good(tries: Tries) -> None:
    frozen = await tries.let_in(known=5)
    await tries.sweep()
    await tries.settle(20)
    await tries.settle(70, frozen)


STORIES: list[Callable[[Tries], Coroutine[Any, Any, None]]] = [
    _failed_then_good,
    _cut_then_good,
    _cut_behind_good,
    _settled_again,
    _killed_then_good,
    _killed_and_swept_behind_good,
    _killed_dearer_than_the_cut,
    _thawed_behind_good,
]


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.__name__.strip("_"))
def test_a_message_costs_what_its_dearest_try_took(
    fleet: Fleet, story: Callable[[Tries], Coroutine[Any, Any, None]]
) -> None:
    tries = Tries(fleet)
    asyncio.run(story(tries))
    assert tries.balance == (930, 0, 70)
    assert tries.entries == [-70]
    assert fleet.table.holds() == []


def test_another_message_has_an_entry_of_its_own(fleet: Fleet) -> None:
    tries = Tries(fleet)

    async def story() -> None:
        await tries.settle(20)
        await tries.settle(30, await tries.let_in(message=Clock(lambda: START).new_id("msg")))
        await tries.settle(40, await tries.let_in(message=None))

    asyncio.run(story())
    assert tries.balance == (910, 0, 90)
    assert sorted(tries.entries) == [-40, -30, -20]


def test_tries_at_once_are_one_deduction(fleet: Fleet) -> None:
    tries = Tries(fleet)

    async def story() -> None:
        found = [await tries.let_in() for _ in range(6)]
        await asyncio.gather(*(tries.settle(10 * number, one) for number, one in enumerate(found, 1)))

    asyncio.run(story())
    assert tries.balance == (940, 0, 60)
    assert tries.entries == [-60]


def test_a_hold_without_a_message_reads_as_before(fleet: Fleet) -> None:
    tries = Tries(fleet)
    asyncio.run(tries.let_in(message=None))
    assert "message_id" not in fleet.table.holds()[0]["held"]
