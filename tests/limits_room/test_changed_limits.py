"""Limits that change while a scope is hot: what was lent to shards under the old ones is not spent under the new ones, and nothing of it is lost."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from tests.limits_room.ledgers import Environment, Fleet, budget, scope
from tests.limits_room.simulated import Store, run
from tests.limits_room.test_hot_scope import World

from gateway.neutral.limits import Ask, Limits, Refusal, Scope
from gateway.stores.limit_items import counters_key, shard_of, under
from gateway.stores.limit_shards import STRIKES, gather


def heat(one: Environment) -> None:
    """From now on it spends from a shard."""
    for _ in range(STRIKES + 1):
        one.limits._ledger.heat.strike(("key", "k1"))


def hot(fleet: Fleet) -> Environment:
    one, _ = fleet.one()
    heat(one)
    return one


def taken(fleet: Fleet, asked: Scope, name: str) -> int:
    return next(int(item.get(name, 0)) for item in fleet.table.counters(asked) if shard_of(item) == 0)


async def spend(one: Environment, asked: Scope, most: int, nano: int = 1000) -> int:
    """Requests one after the other; how many were let in."""
    for number in range(most):
        found = await one.admit(asked, nano=nano)
        if isinstance(found, Refusal):
            return number
        await one.settle(found, nano)
    return most


def test_a_lowered_budget_binds_a_hot_scope_at_once(fleet: Fleet) -> None:
    high, low = scope(budget(1_000_000)), scope(budget(5_000))
    one = hot(fleet)

    async def story() -> int:
        assert await spend(one, high, 1) == 1
        assert taken(fleet, high, "total_0") > 100_000, "a loan that would go far beyond the new cap"
        return await spend(one, low, 100)

    assert asyncio.run(story()) == 4, "up to the last request"
    assert fleet.table.standing(low, "total") == (5_000, 0)


def test_lowered_requests_at_once_bind_a_hot_scope_at_once(fleet: Fleet) -> None:
    high, low = scope(Limits(concurrent=400)), scope(Limits(concurrent=5))
    one = hot(fleet)

    async def story() -> None:
        running = [await one.let_in(high), await one.let_in(high)]
        running += [await one.let_in(low) for _ in range(3)]
        assert isinstance(await one.admit(low), Refusal)
        for admission in running:
            await one.settle(admission)

    asyncio.run(story())
    assert fleet.table.standing(low, "concurrent") == (0, 0)


def test_lowered_rates_bind_a_hot_scope_at_once(fleet: Fleet) -> None:
    high, low = scope(Limits(requests_per_minute=6000)), scope(Limits(requests_per_minute=3))
    one = hot(fleet)

    async def story() -> int:
        for _ in range(2):
            await one.settle(await one.let_in(high))
        return await spend(one, low, 100)

    assert asyncio.run(story()) <= 3


def test_what_an_old_request_gives_back_is_not_spent_beyond_the_new_cap(fleet: Fleet) -> None:
    """It held most of the old cap, used little, and ends when the new cap is in force, and some of it spent, on the same shard."""
    high, low = scope(budget(1_000_000)), scope(budget(4_000))
    one = hot(fleet)

    async def story() -> None:
        large = await one.let_in(high, nano=900_000)
        small = await one.admit(low, nano=1000)
        assert isinstance(small, Refusal)
        assert (small.limit, small.held) == (4_000, 900_000)
        await one.settle(large, 1000)
        assert await spend(one, low, 100) == 3

    asyncio.run(story())
    assert fleet.table.standing(low, "total") == (4_000, 0)


def test_a_raised_cap_is_used_up(fleet: Fleet) -> None:
    low, high = scope(budget(6_000)), scope(budget(9_000))
    one = hot(fleet)

    async def story() -> None:
        assert await spend(one, low, 4) == 4
        assert await spend(one, high, 100) == 5

    asyncio.run(story())
    assert fleet.table.standing(high, "total") == (9_000, 0)


def test_what_a_shard_owes_under_old_limits_is_paid_under_the_new_ones(fleet: Fleet) -> None:
    """A request that cost more than it held leaves its room below nothing."""
    old, new = scope(budget(100_000)), scope(budget(90_000))
    one = hot(fleet)

    async def story() -> None:
        await one.settle(await one.let_in(old, nano=100), 50_000)
        assert fleet.table.standing(old, "total") == (50_000, 0)
        assert await spend(one, new, 100, nano=10_000) == 4

    asyncio.run(story())
    assert fleet.table.standing(new, "total") == (90_000, 0)
    assert taken(fleet, new, "total_0") == 90_000


def test_old_limits_leave_no_trace_once_nobody_knows_them(fleet: Fleet) -> None:
    one = hot(fleet)
    asked = [scope(Limits(requests_per_minute=6000, budgets=budget(90_000 + at).budgets)) for at in range(4)]

    async def story() -> None:
        for each in asked:
            heat(one)
            await spend(one, each, 2)
            fleet.now.seconds += 130.0

    asyncio.run(story())
    (shard,) = (item for item in fleet.table.counters(asked[0]) if shard_of(item))
    left = {name.rpartition("_")[2] for name in shard if "_room_" in name or name.startswith("rates_until")}
    assert under(asked[3].limits) in left
    assert left == {under(asked[3].limits)}
    assert fleet.table.standing(asked[3], "total") == (8_000, 0)


def test_what_is_given_back_goes_where_it_came_from(fleet: Fleet) -> None:
    asked, other = scope(budget(90_000)), scope(budget(80_000))
    one = hot(fleet)

    async def story() -> None:
        first = await one.let_in(asked, nano=1000)
        await one.let_in(other, nano=1000)
        before = rooms(fleet, asked)
        await one.settle(first, 400)
        assert {name: units - before[name] for name, units in rooms(fleet, asked).items()} == {
            f"total_0_room_{under(asked.limits)}": 600,
            f"total_0_room_{under(other.limits)}": 0,
        }

    asyncio.run(story())


def rooms(fleet: Fleet, asked: Scope) -> dict[str, int]:
    (shard,) = (item for item in fleet.table.counters(asked) if shard_of(item))
    return {name: int(units) for name, units in shard.items() if "_room" in name}


def test_a_cap_is_demanded_although_what_is_gathered_is_all_that_is_needed() -> None:
    """Nothing changes on the scope's own item then, but another environment, under a higher cap, may have taken more of it since it was read."""
    asked = scope(Limits(concurrent=2))
    main = {**counters_key("key", "k1"), "running": 2}
    shard = {**counters_key("key", "k1", 3), f"slots_{under(asked.limits)}": 1}
    found = gather("state", asked, Ask("req_1", (asked,)), [main, shard], 0)
    assert found is not None
    first, second = found[1]
    assert (first.key, second.key) == (counters_key("key", "k1"), counters_key("key", "k1", 3))
    assert first.when is not None
    assert "running" in first.when.text or "running" in first.change.names.values()


def mixed(old: Limits, new: Limits, nano: int, lasts: float) -> tuple[World, int]:
    """Environments with requests without pause, on shards from the start; each learns of the new limits at its own moment, the last after a second
    and a half. The world, and what was spent of it, held or lent under the new ones when no request of the old ones was under way any more."""
    world = World(Store(), 30)
    then, old_ones = 0, [True] * 30

    async def use(number: int, one: Any) -> None:
        for _ in range(STRIKES + 1):
            one._ledger.heat.strike(("key", "k1"))
        while (now := asyncio.get_running_loop().time()) < 3.0:
            await world.request(one, scope(old if now < 0.5 + number / 30 else new), nano, lasts)
            old_ones[number] = asyncio.get_running_loop().time() < 0.5 + number / 30
            await asyncio.sleep(0.2 + 0.01 * (number % 7))

    async def look() -> None:
        nonlocal then
        while any(old_ones):
            await asyncio.sleep(0.01)
        then = sum(world.standing(scope(new), "total" if nano else "concurrent"))
        for item in world.store.items.values():
            then += sum(
                int(units) for name, units in item.items() if name.endswith(f"_{under(new)}") and "room" in name
            )

    async def story() -> None:
        await asyncio.gather(look(), *(use(number, one) for number, one in enumerate(world.environments)))
        for one in world.environments:
            await one.flush()

    run(story())
    return world, then


async def drain(world: World, asked: Scope) -> int:
    before = world.told["let in"]
    for _ in range(30):
        await world.request(world.environments[0], asked, 1000, 0.0)
    return world.told["let in"] - before


@pytest.mark.parametrize(("old", "new"), [(400_000, 150_000), (150_000, 250_000), (400_000, 20_000), (90_000, 80_000)])
def test_while_old_and_new_limits_are_in_use_nobody_passes_the_caps_it_knows(old: int, new: int) -> None:
    """A request holds 1,000 and costs 999, so room comes back all the time."""
    world, then = mixed(budget(old), budget(new), 1000, 0.02)
    asked = scope(budget(new))
    assert world.standing(asked, "total") == (world.spent, 0), "nothing is lost or counted twice"
    assert world.spent <= max(new, then), "the new cap binds whoever knows it"
    assert world.spent <= max(old, new)
    run(drain(world, asked))
    assert world.standing(asked, "total") == (world.spent, 0)
    assert world.spent > new - 1000 or world.told["total"] == 0, "a cap is used up to the last request"


def test_requests_at_once_under_two_caps() -> None:
    world, then = mixed(Limits(concurrent=20), Limits(concurrent=8), 0, 0.3)
    asked = scope(Limits(concurrent=8))
    assert world.standing(asked, "concurrent") == (0, 0)
    assert then <= 20
    assert world.told["concurrent"] > 0
    assert world.told["unavailable"] <= 2, "as near any cap that many want at once"
