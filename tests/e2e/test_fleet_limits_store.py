"""A store that loses answers, throttles, or is not there: counters stay exact, budgets stay shut, and requests without limits go on."""

from __future__ import annotations

import asyncio
import json
import random
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pytest
from tests.e2e.fleet import eventually
from tests.e2e.limits_client import Told
from tests.e2e.limits_room import Environment, Fleet, Room, chat, cost, fleet_in, streamed
from tests.e2e.store_proxy import CUT, LOST, PASS, SILENT, Fate, StoreCall, refuse
from tests.upstream.steps import gated

REQUESTS = 360
AT_ONCE = 4
OUTPUT = 9
ADMIT_S = 2.5
EVENTS = streamed(OUTPUT)
GATES = [*(f"part-{number}" for number in range(len(EVENTS))), "part-end"]
AWAY = (SILENT, CUT, refuse(500, "InternalServerError"))


def storm(fleet: Fleet, key: str, count: int) -> tuple[Counter[int], list[float]]:
    """Requests by a few clients per process, until so many have been answered: statuses, and how long each took in milliseconds."""
    waits: list[float] = []
    statuses: Counter[int] = Counter()

    async def client(environment: Environment) -> None:
        while len(waits) < count:
            began = time.monotonic()
            told = await environment.ask(key, chat(OUTPUT))
            waits.append((time.monotonic() - began) * 1000)
            statuses[told.status] += 1

    async def run() -> None:
        await asyncio.gather(*(client(one) for one in fleet.environments for _ in range(AT_ONCE)))

    asyncio.run(run())
    return statuses, sorted(waits)


def at(waits: Sequence[float], share: float) -> float:
    """A quantile."""
    return waits[int(len(waits) * share)]


def faulty(seed: int) -> Callable[[StoreCall], Fate]:
    """A fifth of the answers of writes are lost, a tenth of the writes are refused."""
    chance = random.Random(seed)

    def decide(call: StoreCall) -> Fate:
        if not call.writes:
            return PASS
        found = chance.random()
        return LOST if found < 0.2 else refuse(400, "ThrottlingException") if found < 0.3 else PASS

    return decide


@pytest.mark.parametrize("key", ["many", "plain"])
def test_lost_answers_and_throttles_count_nothing_twice_and_lose_no_row(limits_room: Room, key: str) -> None:
    with fleet_in(limits_room, warm=[key]) as fleet:
        good, quiet = storm(fleet, key, REQUESTS)
        fleet.proxy.decide = faulty(1)
        bad, waits = storm(fleet, key, REQUESTS)
        calls = fleet.proxy.kinds()
        fleet.proxy.forget()
        served = good[200] + bad[200]
        assert set(bad) <= {200, 503}
        # Nearly all get in within `ADMIT_S`, however slow the machine is; those that do not are refused, and counted nowhere.
        assert bad[200] >= 0.95 * bad.total()
        fleet.books.sweep()
        eventually(lambda: all(row["state"] == "done" for row in fleet.books.rows()))
        spent = fleet.books.balance(*(["key#many", "team#green"] if key == "many" else []))
        rows = Counter(row["status"] for row in fleet.books.rows())
        assert rows == good + bad
        assert spent == served * cost(OUTPUT)
    print(
        f"\nlost answers (20 %), throttles (10 %), {key}: {bad.total()} requests, {bad[503]} told 503, {rows.total()} rows, exact; "
        f"p50, p99 {at(quiet, 0.5):.0f}, {at(quiet, 0.99):.0f} ms before, {at(waits, 0.5):.0f}, {at(waits, 0.99):.0f} ms with them: "
        f"{at(waits, 0.99) - at(quiet, 0.99):+.0f} ms; calls {dict(calls)}"
    )


async def _timed(environment: Environment, key: str) -> tuple[Told, float]:
    began = time.monotonic()
    told = await environment.ask(key, chat(OUTPUT))
    return told, time.monotonic() - began


@dataclass(frozen=True, slots=True)
class Away:
    """What was seen while the store was away, and how long it took until every process served again."""

    running: list[Told]
    shut: list[tuple[Told, float]]
    free: list[tuple[Told, float]]
    recovery: float


def logged(fleet: Fleet) -> Counter[int]:
    """Statuses of the rows that the processes' logs say."""
    said = [line for one in fleet.environments for line in one.log.read_text("utf-8", "replace").splitlines()]
    return Counter(json.loads(line.partition(" row=")[2])["status"] for line in said if " row=" in line)


async def away(fleet: Fleet) -> Away:
    """Requests that run when the store goes, requests while it is away until all is said, and the first ones afterwards."""
    several = fleet.environments
    fleet.upstream.add(lambda _: gated(EVENTS))
    running = [asyncio.ensure_future(one.ask("many", chat(OUTPUT, stream=True))) for one in several]
    await asyncio.to_thread(eventually, lambda: sum(call.json()["stream"] for call in fleet.upstream.journal) == 3)
    fleet.begin()
    fates = {one.name: fate for one, fate in zip(several, AWAY, strict=True)}
    fleet.proxy.decide = lambda call: fates[call.process]
    began = time.monotonic()
    shut = await asyncio.gather(*(_timed(one, "many") for one in several for _ in range(3)))
    free = await asyncio.gather(*(_timed(one, "plain") for one in several for _ in range(3)))
    fleet.upstream.open(*GATES)
    told = [await one for one in running]
    await asyncio.to_thread(eventually, lambda: logged(fleet) == {503: 9, 200: 12})
    assert time.monotonic() - began < 28, "the caches are no longer warm"
    fleet.proxy.decide = lambda _: PASS
    back = time.monotonic()
    for one in several:
        while (await one.ask("many", chat(OUTPUT))).status != 200:
            assert time.monotonic() - back < 5
    return Away(told, shut, free, time.monotonic() - back)


def test_without_its_store_a_limit_is_shut_and_everybody_else_goes_on(limits_room: Room) -> None:
    """The first process gets no answers, the second no connections, the third errors."""
    with fleet_in(limits_room, warm=["plain", "many"], KEY_CACHE_SECONDS="30", CONFIG_POLL_SECONDS="30") as fleet:
        assert storm(fleet, "many", 6)[0].keys() == {200}
        fleet.books.settled()
        found = asyncio.run(away(fleet))
        assert {(told.status, told.whole) for told in found.running} == {(200, True)}
        assert {told.status for told, _ in found.shut} == {503}
        assert {told.status for told, _ in found.free} == {200}
        slowest = [max(seconds for _, seconds in some) for some in (found.shut, found.free)]
        assert slowest[0] < ADMIT_S + 1.0
        assert slowest[1] < 1.0
        # What could not be settled is kept, and written after one of the next requests.
        eventually(lambda: storm(fleet, "many", 3) and not fleet.books.holds(), pause=0.5)
        spent = fleet.books.balance("key#many", "team#green")
        assert Counter(row["status"] for row in fleet.books.rows())[200] * cost(OUTPUT) == spent
    print(
        f"\nstore away (silent, cut, 500): 9 limited requests told 503 after {slowest[0]:.2f} s at most, 9 free ones served within "
        f"{slowest[1]:.2f} s, 3 running ones whole; all rows in the log; served again after {found.recovery:.2f} s, counters exact"
    )
