"""Many environments on one scope, over a store that locks, cancels and throttles: what is let in, what is written where."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import Any

import pytest
from tests.limits_room.ledgers import LOGS, STATE, budget, row, scope
from tests.limits_room.simulated import START, Store, clock, run

from gateway.errors import Unavailable
from gateway.neutral.limits import Ask, Budget, Limits, Refusal, Scope, Spent
from gateway.neutral.logrow import Cost
from gateway.stores.hot_limits import HotLimits
from gateway.stores.limit_items import all_counters_keys
from gateway.stores.limit_shards import STRIKES
from gateway.stores.limit_standing import standings


class World:
    """Environments of one request at a time, as Lambda has them."""

    def __init__(self, store: Store, environments: int) -> None:
        self.store = store
        self.clock = clock()
        database: Any = store
        self.environments = [
            HotLimits(database, STATE, LOGS, self.clock, f"environment {number}") for number in range(environments)
        ]
        self.told: Counter[str] = Counter()
        self.waits: list[float] = []
        self.spent = 0
        self.requests = 0

    async def request(self, one: HotLimits, asked: Scope, nano: int, lasts: float) -> None:
        ask = Ask(self.clock.new_id("req"), (asked,), nano=nano, tokens=10)
        begun = self.clock.monotonic()
        try:
            found = await one.admit(ask, row(ask.request_id, self.clock, state="running", status=0))
        except Unavailable:
            self.told["unavailable"] += 1
            return
        self.waits.append(self.clock.monotonic() - begun)
        if isinstance(found, Refusal):
            self.told[found.name] += 1
            return
        self.told["let in"] += 1
        await asyncio.sleep(lasts)
        try:
            await one.settle(found, Spent(nano - 1, 10), row(ask.request_id, self.clock, cost=Cost(nano - 1, "priced")))
        except Unavailable:
            self.told["later"] += 1
        self.spent += nano - 1

    def standing(self, asked: Scope, name: str) -> tuple[int, int]:
        keys = [("state", key["pk"], key["sk"]) for key in all_counters_keys(asked.kind, asked.id)]
        items = [self.store.items[key] for key in keys if key in self.store.items]
        found = {one.name: one for one in standings(asked, items, int(START * 1000))}[name]
        return found.used, found.held

    def counters_writes(self, second: int) -> Counter[str]:
        """Writes of one second by counters item."""
        return Counter(
            {key[1]: n for (key, at), n in self.store.writes.items() if at == second and key[2] == "counters"}
        )


def test_conflicts_never_let_too_many_in() -> None:
    asked = scope(Limits(concurrent=60, budgets=(Budget("total", 1000),)))

    async def story() -> World:
        world = World(Store(), 120)
        await asyncio.gather(*(world.request(one, asked, 21, 30.0) for one in world.environments))
        return world

    world = run(story())
    assert world.told["let in"] == 47
    assert world.told["let in"] + world.told["total"] + world.told["unavailable"] == 120
    assert world.told["unavailable"] == 0
    assert world.standing(asked, "total") == (world.spent, 0) == (47 * 20, 0)
    assert world.standing(asked, "concurrent") == (0, 0)
    assert world.store.outcomes["conflict"] > 50


ASKED = scope(budget(10**15))
COMING = 300
"""New environments a second: a platform starts them much more slowly."""


async def load(world: World, hot: int, seconds: float) -> None:
    """Requests of 0.4 s for one scope, one from each environment every 0.6 s. `hot` environments have met conflicts before, the others come one after
    the other."""
    loop = asyncio.get_running_loop()
    tasks: list[asyncio.Task[None]] = []
    for one in world.environments[:hot]:
        for _ in range(STRIKES):
            one._ledger.heat.strike(("key", "k1"))
    while (now := loop.time()) < seconds:
        used = hot + max(6, int(COMING * now))
        await asyncio.sleep(0.6 / used)
        one = world.environments[len(tasks) % used]
        tasks.append(asyncio.create_task(world.request(one, ASKED, 1000, 0.4)))
    await asyncio.gather(*tasks)
    for one in world.environments:
        await one.flush()
    world.requests = len(tasks)


def loaded(hot: int, seconds: float) -> list[int]:
    """Most writes of one item by second, tries that were refused among them."""

    async def story() -> World:
        world = World(Store(), hot + int(COMING * seconds) + 1)
        await load(world, hot, seconds)
        return world

    world = run(story())
    assert world.told == {"let in": world.requests}
    assert world.standing(ASKED, "total") == (world.spent, 0)
    assert world.spent == world.requests * 999
    most = [max(world.counters_writes(second).values()) for second in range(int(seconds))]
    waits = sorted(world.waits)
    quantiles = [round(waits[int(len(waits) * share)] * 1000) for share in (0.5, 0.99, 0.9999)]
    print(f"\nhot scope: {world.requests} requests: most writes of one item by second {most},")
    print(f"admission p50, p99, max {quantiles} ms; transactions {dict(world.store.outcomes)}")
    return most


@pytest.mark.slow
def test_a_scope_becomes_hot() -> None:
    """From nothing to 1,000 requests a second in two seconds. The second of them is shard 0's worst; later as many are new, and more know."""
    assert max(loaded(hot=0, seconds=2.0)) < 1000


@pytest.mark.slow
def test_2000_requests_a_second_of_one_scope() -> None:
    """Most environments know that it is hot, and one in seven is new."""
    assert max(loaded(hot=1050, seconds=1.0)) < 600


def test_rates_and_slots_over_shards_are_used_up_and_not_passed() -> None:
    """Conflicts drive most environments to shards; within the few seconds this takes, a bucket of 90 refills by less than ten."""
    rated, slots = scope(Limits(requests_per_minute=90)), scope(Limits(concurrent=33), "team", "t")

    async def story(asked: Scope) -> tuple[World, float]:
        world = World(Store(), 150)
        await asyncio.gather(*(world.request(one, asked, 0, 60.0) for one in world.environments))
        return world, max(world.waits)

    world, took = run(story(rated))
    assert 90 <= world.told["let in"] <= 90 + int(took * 90 / 60) + 1
    assert world.told["let in"] + world.told["requests"] == 150
    world, _ = run(story(slots))
    assert world.told == {"let in": 33, "concurrent": 117}
    assert world.standing(slots, "concurrent") == (0, 0)
    assert any(key[1].startswith("limit#team#t#") and key[1] != "limit#team#t#0" for key in world.store.items)
