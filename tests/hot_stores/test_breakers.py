"""Breakers shared by environments: opened once, probed once, and nothing stays shut."""

from __future__ import annotations

import asyncio

import pytest
from tests.hot_stores.fleet import START_MS, Environment, Fleet

from gateway.routing.breaker import state


async def _open(fleet: Fleet) -> list[Environment]:
    """Two environments that know of an open breaker."""
    two = fleet.some(2)
    await two[0].fail()
    for one in two:
        assert (await one.target()).open_until_ms == START_MS + 30_000
    return two


async def test_faults_of_many_environments_open_it_once(fleet: Fleet) -> None:
    many = fleet.some(24)
    for one in many:
        await one.health.current()
        one.call(False)
    await asyncio.gather(*(one.health.flush() for one in many))
    (item,) = fleet.items("breaker#")
    assert (item["until_ms"], item["opens"]) == (START_MS + 30_000, 1)
    assert (item["last_fault"], item["last_fault_ms"]) == ("upstream_error", START_MS)
    (answers,) = fleet.items("answers#")
    assert answers["b0"] == 24, "no fault is lost"
    seen = [(await one.target()).open_until_ms for one in many]
    assert seen.count(START_MS + 30_000) >= 20, "all but those that wrote before the fifth know it without a look"
    fleet.now.go(5.1)
    for one in many:
        await one.health.refresh()
        assert (await one.target()).open_until_ms == START_MS + 30_000


@pytest.mark.parametrize(("ok", "bad", "opens"), [(0, 4, False), (0, 5, True), (5, 5, True), (6, 5, False)])
async def test_the_calls_of_all_count(fleet: Fleet, ok: int, bad: int, opens: bool) -> None:
    for number in range(ok):
        one = fleet.one()
        one.call(True)
        await one.health.flush()
        assert number < ok
    for _ in range(bad):
        await fleet.one().fail(1)
    assert bool(fleet.items("breaker#")) is opens


async def test_an_environment_that_sees_only_faults_is_overruled(fleet: Fleet) -> None:
    healthy, unlucky = fleet.some(2)
    await unlucky.health.current()
    for _ in range(50):
        healthy.call(True)
    await healthy.health.flush()
    for _ in range(5):
        unlucky.call(False)
    assert (await unlucky.target()).open_until_ms > 0, "at once, by what it saw itself"
    await unlucky.health.flush()
    assert (await unlucky.target()).open_until_ms == 0, "the store knows better"
    assert fleet.items("breaker#") == []


async def test_faults_across_five_minutes_count_together(fleet: Fleet) -> None:
    one = fleet.one()
    fleet.now.go(298)
    await one.fail(3)
    fleet.now.go(4)
    await fleet.one().fail(2)
    assert len(fleet.items("answers#")) == 2
    assert len(fleet.items("breaker#")) == 1


async def test_faults_more_than_a_minute_ago_do_not_count(fleet: Fleet) -> None:
    await fleet.one().fail(4)
    fleet.now.go(71)
    await fleet.one().fail(4)
    assert fleet.items("breaker#") == []


async def test_of_many_probes_one_is_let_through(fleet: Fleet) -> None:
    await _open(fleet)
    many = fleet.some(40)
    for one in many:
        await one.health.current()
    assert not any(await asyncio.gather(*(one.health.probe("p", "m", "early") for one in many[:3])))
    fleet.now.go(30)
    outcomes = await asyncio.gather(*(one.health.probe("p", "m", f"r{number}") for number, one in enumerate(many)))
    assert outcomes.count(True) == 1
    (item,) = fleet.items("breaker#")
    assert item["probe_owner"] == f"r{outcomes.index(True)}"
    assert item["opens"] == 1


async def test_of_many_requests_of_one_environment_one_asks(fleet: Fleet) -> None:
    _, other = await _open(fleet)
    fleet.now.go(30)
    before = other.session.calls["UpdateItem"]
    asked = [other.health.probe("p", "m", f"r{number}") for number in range(50)]
    assert (await asyncio.gather(*asked)).count(True) == 1
    assert not await other.health.probe("p", "m", "late")
    assert other.session.calls["UpdateItem"] - before == 1


async def test_a_good_probe_closes_it_for_all(fleet: Fleet) -> None:
    one, other = await _open(fleet)
    fleet.now.go(31)
    assert await one.health.probe("p", "m", "r1")
    one.call(True, probe="r1", first_ms=80.0)
    assert (await one.target()).open_until_ms == 0, "at once for this environment"
    assert (await other.target()).open_until_ms > 0
    await one.health.flush()
    fleet.now.go(5.1)
    await other.health.refresh()
    assert (await other.target()).open_until_ms == 0
    await other.fail(1)
    assert (await other.target()).open_until_ms == 0, "the faults from before do not count again"
    await other.fail(5)
    assert (await other.target()).open_until_ms == START_MS + 66_100
    (item,) = fleet.items("breaker#")
    assert item["opens"] == 1, "after a success the time begins anew"


async def test_each_bad_probe_doubles_the_time(fleet: Fleet) -> None:
    one, other = await _open(fleet)
    lasted = []
    for number in range(5):
        fleet.now.go(((await one.target()).open_until_ms - one.clock.now_ms()) / 1000)
        prober = (one, other)[number % 2]
        await prober.health.refresh()
        assert await prober.health.probe("p", "m", f"r{number}")
        prober.call(False, probe=f"r{number}")
        local = (await prober.target()).open_until_ms
        assert not await prober.health.probe("p", "m", f"r{number}"), "not even before it is written"
        await prober.health.flush()
        fleet.now.go(5.1)
        for each in (one, other):
            await each.health.refresh()
            assert (await each.target()).open_until_ms == local
        lasted.append(local - prober.clock.now_ms() + 5100)
    assert lasted == [60_000, 120_000, 240_000, 300_000, 300_000]
    (item,) = fleet.items("breaker#")
    assert item["opens"] == 6
    assert "probe_owner" not in item


async def test_a_probe_that_tells_nothing_is_given_back(fleet: Fleet) -> None:
    one, other = await _open(fleet)
    fleet.now.go(31)
    assert await one.health.probe("p", "m", "r1")
    one.call(None, probe="r1")
    await one.health.flush()
    assert await other.health.probe("p", "m", "r2")
    assert (await one.target()).ok == 0


async def test_a_probe_goes_on_with_another_key(fleet: Fleet) -> None:
    one, other = await _open(fleet)
    fleet.now.go(31)
    assert await one.health.probe("p", "m", "r1")
    one.call(None, probe="r1")  # the key was refused, which tells nothing of the target
    assert await one.health.probe("p", "m", "r1")
    await one.health.flush()  # that of another request, while the second call is under way
    assert not await other.health.probe("p", "m", "r2")
    one.call(True, probe="r1")
    await one.health.flush()
    assert fleet.items("breaker#")[0]["until_ms"] == 0


async def test_the_lease_of_a_probe_that_vanished_ends(fleet: Fleet) -> None:
    one, other = await _open(fleet)
    fleet.now.go(31)
    assert await one.health.probe("p", "m", "r1")
    fleet.now.go(59.9)
    assert not await other.health.probe("p", "m", "r2")
    fleet.now.go(0.2)
    assert await other.health.probe("p", "m", "r2")
    one.call(False, probe="r1")
    await one.health.flush()
    (item,) = fleet.items("breaker#")
    assert (item["probe_owner"], item["opens"]) == ("r2", 1), "the late one decides nothing"
    other.call(True, probe="r2")
    await other.health.flush()
    assert fleet.items("breaker#")[0]["until_ms"] == 0
    fleet.now.go(26)
    assert (await one.target()).open_until_ms == 0
    one.call(False, probe="r1")
    assert (await one.target()).open_until_ms == 0, "neither here"


async def test_late_faults_do_not_keep_it_open(fleet: Fleet) -> None:
    one, other = await _open(fleet)
    for seconds in (10, 15, 10):
        fleet.now.go(seconds)
        await other.fail(5)
    (item,) = fleet.items("breaker#")
    assert (item["until_ms"], item["opens"]) == (START_MS + 30_000, 1)
    assert state((await one.target()).open_until_ms, one.clock.now_ms()) == "half_open"


async def test_who_does_not_know_yet_that_it_is_open_does_not_prolong_it(fleet: Fleet) -> None:
    one, late = fleet.some(2)
    await late.health.current()
    await one.fail()
    fleet.now.go(3)
    for until in (START_MS + 33_000, START_MS + 30_000):
        for _ in range(5):
            late.call(False)
        assert (await late.target()).open_until_ms == until, "its own opinion, then the store's"
        await late.health.flush()
    (item,) = fleet.items("breaker#")
    assert (item["until_ms"], item["opens"]) == (START_MS + 30_000, 1)


async def test_without_a_breaker_there_is_nothing_to_probe(fleet: Fleet) -> None:
    one = fleet.one()
    assert not await one.health.probe("p", "m", "r")
    assert fleet.items() == []


async def test_faults_from_before_it_closed_do_not_open_it_again_for_who_missed_it_all(fleet: Fleet) -> None:
    late, later = fleet.some(2)
    for each in (late, later):
        await each.health.current()
    one, _ = await _open(fleet)
    fleet.now.go(31)  # `late` and `later` know nothing of the breaker
    assert await one.health.probe("p", "m", "r1")
    one.call(True, probe="r1")
    await one.health.flush()
    await late.fail(1)
    assert fleet.items("breaker#")[0]["until_ms"] == 0
    await later.fail(4)
    assert fleet.items("breaker#")[0]["until_ms"] == START_MS + 61_000


@pytest.mark.parametrize("skew", [-5.0, 5.0])
async def test_clocks_that_differ_shift_times_and_keep_nothing_shut(fleet: Fleet, skew: float) -> None:
    """An open breaker lasts 25 to 35 s on the other's clock, a lease 55 s at least; one probe wins; faults count together."""
    one, odd = fleet.one(), fleet.one(skew)
    await one.fail(3)
    await odd.fail(2)
    (item,) = fleet.items("breaker#")
    assert item["until_ms"] == START_MS + 30_000 + int(skew * 1000)
    await one.health.flush()
    for each in (one.now, odd.now):
        each.go(25 if skew < 0 else 35)
    await one.health.refresh()
    assert await one.health.probe("p", "m", "r1")
    assert not await odd.health.probe("p", "m", "r2")
    odd.now.go(55 if skew > 0 else 65)
    assert await odd.health.probe("p", "m", "r2")
    odd.call(True, probe="r2")
    await odd.health.flush()
    one.now.go(61)
    assert (await one.target()).open_until_ms == 0


async def test_answers_that_are_lost_neither_lose_nor_double_anything(fleet: Fleet) -> None:
    one, other = fleet.some(2)
    one.session.repeating = True
    await one.fail(4)
    assert fleet.items("answers#")[0]["b0"] == 4
    await one.fail(1)
    assert fleet.items("breaker#")[0]["opens"] == 1
    fleet.now.go(31)
    assert await one.health.probe("p", "m", "r1")
    one.call(False, probe="r1")
    await one.health.flush()
    assert fleet.items("breaker#")[0]["opens"] == 2
    assert not await other.health.probe("p", "m", "r2")
