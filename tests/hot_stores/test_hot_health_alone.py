"""What an environment does without the store, and what it keeps until the store is back."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

from tests.hot_stores.fleet import KEY, START_MS, Fleet

from gateway.neutral.health import Health


async def test_without_the_store_it_goes_by_what_it_saw(fleet: Fleet, caplog: Any) -> None:
    one = fleet.one()
    one.session.down = True
    assert await one.health.current() == Health()
    for number in range(20):
        one.call(False, first_ms=None)
        one.key(cooling_until_ms=START_MS + 50_000, reason="429", tokens=10)
        await one.health.current()
        await one.health.flush()
        await one.health.refresh()
        assert bool((await one.target()).open_until_ms) is (number >= 4)
    assert sum(one.session.calls.values()) == 2, "one look and one write, and nobody else pays"
    assert len(caplog.records) == 2
    known = (await one.health.current()).key(KEY)
    assert (known.cooling_until_ms, known.used(one.clock.now_ms())) == (START_MS + 50_000, 200)
    fleet.now.go(31)
    assert not await one.health.probe("p", "m", "r"), "nobody wins a probe without the store"
    one.session.down = False
    fleet.now.go(5.1)
    await one.health.flush()
    assert fleet.items("answers#")[0]["b0"] == 20, "kept and written later"
    assert fleet.items("key#")[0]["used_tokens"] == 200
    assert fleet.items("key#")[0]["cooling_until_ms"] == START_MS + 50_000
    await one.health.refresh()
    assert (await one.health.current()).taken_ms == one.clock.now_ms()


async def test_a_store_that_never_answers_holds_nobody_up(fleet: Fleet) -> None:
    one = fleet.one(patience=0.01)
    one.session.hanging = True
    one.key(tokens=5)
    async with asyncio.timeout(5):
        assert (await one.health.current()).taken_ms == 0
        await one.health.flush()
        assert not await one.health.probe("p", "m", "r")
    assert sum(one.session.calls.values()) == 2
    one.session.hanging = False
    fleet.now.go(5.1)
    await one.health.flush()
    assert fleet.items("key#")[0]["used_tokens"] == 5


async def test_a_target_does_not_stay_shut_because_the_store_is(fleet: Fleet) -> None:
    one = fleet.one()
    await one.fail()
    one.session.down = True
    fleet.now.go(60)
    assert (await one.target()).open_until_ms == START_MS + 30_000
    assert not await one.health.probe("p", "m", "r")
    fleet.now.go(31)
    assert (await one.target()).open_until_ms == 0
    for _ in range(5):
        one.call(False)
    assert (await one.target()).open_until_ms == START_MS + 121_000, "and opens again by what it sees"
    one.session.down = False
    fleet.now.go(5.1)
    await one.health.refresh()
    await one.health.flush()
    assert (await one.target()).open_until_ms == START_MS + 30_000, "the store's word again: half-open"
    assert await one.health.probe("p", "m", "r")


async def test_a_last_known_snapshot_goes_on(fleet: Fleet) -> None:
    one = fleet.one()
    fleet.one().key(dead_until_ms=START_MS + 1_800_000)
    fleet.sessions[-1].down = False
    other = fleet.one()
    other.key(dead_until_ms=START_MS + 1_800_000)
    await other.health.flush()
    await one.health.current()
    one.session.down = True
    fleet.now.go(600)
    for _ in range(30):
        assert (await one.health.current()).key(KEY).dead_until_ms == START_MS + 1_800_000
    assert one.session.calls["Query"] == 2


async def test_a_role_that_may_not_read_still_writes(fleet: Fleet) -> None:
    one = fleet.one()
    one.session.refused = {"Query"}
    await one.health.current()
    await one.fail()
    assert fleet.items("breaker#")[0]["opens"] == 1


async def test_calls_that_nobody_would_read_any_more_are_not_written(fleet: Fleet) -> None:
    one = fleet.one()
    one.session.down = True
    await one.fail()
    fleet.now.go(900)
    one.session.down = False
    await one.health.flush()
    assert fleet.items() == []


async def test_what_was_written_is_not_kept_for_ever_without_reads(fleet: Fleet) -> None:
    one = fleet.one()
    one.session.refused = {"Query"}
    for _ in range(5):
        await one.fail(1)
        fleet.now.go(300)
    assert len(one.health._memory._known.answers["p", "m"]) <= 2


async def test_what_waits_is_bounded(fleet: Fleet) -> None:
    one = fleet.one()
    one.session.down = True
    for number in range(3000):
        one.call(False, model=f"m{number}")
        one.key(replace(KEY, id=f"k{number}"), tokens=1)
        if number % 500 == 0:
            await one.health.flush()
    memory = one.health._memory
    for batches in (memory.calls, memory.facts):
        assert len(batches.waiting) + len(batches.sent) <= 2000
    assert ("p", "m2999") in (await one.health.current()).targets


async def test_what_cannot_be_stored_keeps_nothing_else_waiting(fleet: Fleet) -> None:
    one = fleet.one()
    one.call(False, model="\ud800")
    one.call(False, model="")
    one.call(False, model="good" * 500)
    await one.health.flush()
    assert not await one.health.probe("p", "\ud800", "r")
    one.session.poison = b"evil"
    one.call(False, model="evil")
    one.key(replace(KEY, id="evil"), tokens=1)
    one.call(False, model="fine")
    await one.health.flush()
    assert not await one.health.probe("p", "evil", "r")
    assert sorted(item["model"] for item in fleet.items()) == ["", "fine", "good" * 500]
    assert not one.health._memory.calls.sent
    before = one.session.calls.total()
    await one.health.flush()
    assert one.session.calls.total() == before


async def test_a_credential_replaced_meanwhile_begins_afresh(fleet: Fleet) -> None:
    one, successor = fleet.one(), replace(KEY, reference="arn:2")
    one.session.down = True
    one.key(dead_until_ms=START_MS + 1_800_000, reason="401", tokens=3)
    one.key(successor, cooling_until_ms=START_MS + 60_000, reason="429", tokens=4)
    for _ in range(2):
        found = (await one.health.current()).key(successor)
        assert (found.dead_until_ms, found.cooling_until_ms, found.used_tokens) == (0, START_MS + 60_000, 7)
        one.session.down = False
        fleet.now.go(6)
        await one.health.flush()
        await one.health.refresh()


async def test_facts_over_a_snapshot_of_an_earlier_credential(fleet: Fleet) -> None:
    one, successor = fleet.one(), replace(KEY, reference="arn:2")
    one.key(dead_until_ms=START_MS + 1_800_000)
    await one.health.flush()
    one.key(successor, cooling_until_ms=START_MS + 60_000)
    assert (await one.health.current()).key(successor).dead_until_ms == 0
