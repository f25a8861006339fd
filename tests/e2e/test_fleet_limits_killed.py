"""Environments that are killed, or frozen, at each point of a request: no row is lost, none is counted twice, and counters are exact."""

from __future__ import annotations

import asyncio
import os
import signal
import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from tests.e2e.fleet import eventually
from tests.e2e.limits_client import Noticing, Told
from tests.e2e.limits_room import Environment, Fleet, Room, chat, cost, fleet_in, streamed
from tests.e2e.store_proxy import PASS, Fate, StoreCall
from tests.upstream.journal import Recorded
from tests.upstream.steps import Gate, Send, Steps, gated

OUTPUT = 40
EVENTS = streamed(OUTPUT)
GATES = ["head", *(f"part-{number}" for number in range(len(EVENTS))), "part-end"]
STREAMING = ("called", "head", *(f"event {number}" for number in range(len(EVENTS))))
LIMITED = ("before admit", "after admit", *STREAMING, "before settle", "after settle")
DURABLE = ("after start row", *STREAMING, "before last row", "after last row")
SCOPES = ("key#many", "team#green")


def stepwise(_: Recorded) -> Steps:
    """A stream whose head and events come when their gates are opened; the head counts as one byte that was sent."""
    head, *rest = gated(EVENTS)
    assert isinstance(head, Send)
    return (Gate("head"), replace(head, body=1), *rest)


def write(call: StoreCall) -> str:
    """The name of a write, as points are named. Of durable keys, the beginning of the row and its end are puts."""
    if call.kind != "PutItem":
        return call.kind
    return "start row" if b'"running"' in call.body else "last row"


def killing(point: str, victim: Environment, struck: threading.Event) -> Callable[[StoreCall], Fate]:
    """Kill the process when its write arrives at the store, before or after it is done; `struck` is set then."""
    when, _, name = point.partition(" ")

    def strike() -> None:
        victim.kill()
        struck.set()

    fates = {
        "before": Fate(forward=False, answer="none", before=strike),
        "after": Fate(answer="none", after=strike),
    }

    def decide(call: StoreCall) -> Fate:
        return fates[when] if call.process == victim.name and write(call) == name else PASS

    return decide


async def request(fleet: Fleet, victim: Environment, key: str, point: str) -> Told:
    """A stream that ends at a point, with its process."""
    noticing = Noticing(EVENTS[int(point.split()[1])].strip(), victim.kill) if point.startswith("event") else None
    body = chat(OUTPUT, stream=True, stream_options={"include_usage": True})
    asking = asyncio.ensure_future(victim.ask(key, body, leaving=noticing))
    if point in {"called", "head"}:
        sent = int(point == "head")
        await asyncio.to_thread(eventually, lambda: [one for one in fleet.upstream.journal if one.sent >= sent])
        victim.kill()
    return await asking


def killed_at(fleet: Fleet, key: str, point: str) -> tuple[int, int]:
    """Kill a process of its own at a point: how often the provider was called, and how many rows there are more."""
    before = len(fleet.books.rows())
    victim = fleet.start()
    fleet.upstream.reset()
    fleet.upstream.add(stepwise)
    fleet.upstream.open(*(GATES if point not in STREAMING else GATES[: STREAMING.index(point)]))
    struck = threading.Event()
    fleet.proxy.decide = killing(point, victim, struck) if point not in STREAMING else lambda _: PASS
    told = asyncio.run(request(fleet, victim, key, point))
    # The last writes come after the client's last byte.
    assert point in STREAMING or struck.wait(20), point
    victim.kill()
    fleet.proxy.forget()
    assert told.whole == (point.endswith(("settle", "last row")))
    return len(fleet.upstream.journal), len(fleet.books.rows()) - before


def test_a_key_with_limits_loses_no_row_wherever_its_process_is_killed(limits_room: Room) -> None:
    with fleet_in(limits_room, 0) as fleet:
        for point in LIMITED:
            expected = {"before admit": (0, 0), "after admit": (0, 1)}.get(point, (1, 1))
            assert killed_at(fleet, "many", point) == expected, point
        settled = [row for row in fleet.books.rows() if row["state"] == "done"]
        # Who is killed at the last event of a stream may have settled by then.
        assert len(settled) in {1, 2}
        held = len(LIMITED) - 1 - len(settled)
        assert len(fleet.books.holds()) == held
        swept = fleet.books.sweep()
        assert (swept.swept, swept.good) == (held, True)
        fleet.books.balance(*SCOPES)
        rows = fleet.books.rows()
        assert sorted(row.get("error") or "" for row in rows) == [*[""] * len(settled), *["interrupted"] * held]
        assert {row["cost_nano"] for row in rows if not row.get("error")} == {cost(OUTPUT)}
        assert all(row["cost_nano"] > 0 for row in rows)
        assert fleet.books.sweep().seen == 0
    print(f"\nSIGKILL at {len(LIMITED)} points, limited key: {len(rows)} admitted, {len(rows)} rows, counters exact")


def test_a_durable_key_keeps_a_trace_wherever_its_process_is_killed(limits_room: Room) -> None:
    with fleet_in(limits_room, 0) as fleet:
        for point in DURABLE:
            calls, traces = killed_at(fleet, "durable", point)
            assert traces == 1, point
            assert calls <= 1
        states = sorted(row["state"] for row in fleet.books.rows())
        assert states[0] == "done"
        assert states[2:] == ["running"] * (len(DURABLE) - 2)
        assert fleet.books.scopes() == {}
    print(f"\nSIGKILL at {len(DURABLE)} points, durable key without limits: {len(states)} of {len(DURABLE)} rows")


def frozen(fleet: Fleet, key: str) -> Environment:
    """A process that is stopped when its client has the last byte, and none of its last writes has arrived."""
    victim = fleet.start()
    fleet.proxy.decide = lambda call: Fate(gate=victim.name) if write(call) in {"settle", "last row"} else PASS
    told = asyncio.run(victim.ask(key, chat(OUTPUT, stream=True)))
    assert (told.status, told.whole) == (200, True)
    os.kill(victim.pid, signal.SIGSTOP)
    return victim


def thaw(fleet: Fleet, victim: Environment) -> None:
    """Let a process go on, and its writes."""
    fleet.proxy.decide = lambda _: PASS
    fleet.proxy.open(victim.name)
    os.kill(victim.pid, signal.SIGCONT)


def charged(fleet: Fleet) -> list[Any]:
    """What the rows cost."""
    return sorted(row.get("cost_nano") or 0 for row in fleet.books.rows() if row["state"] == "done")


def test_a_freeze_after_the_last_byte_loses_nothing(limits_room: Room) -> None:
    with fleet_in(limits_room, 0) as fleet:
        soon = frozen(fleet, "many")
        assert [row["state"] for row in fleet.books.rows()] == ["running"]
        thaw(fleet, soon)
        eventually(lambda: charged(fleet) == [cost(OUTPUT)])
        late = frozen(fleet, "many")
        assert fleet.books.sweep().swept == 1
        least = charged(fleet)[0]
        assert 0 < least < cost(OUTPUT)
        assert fleet.books.balance(*SCOPES) == least + cost(OUTPUT)
        thaw(fleet, late)
        eventually(lambda: charged(fleet) == [cost(OUTPUT)] * 2)
        never = frozen(fleet, "many")
        never.kill()
        # What the dead one had sent may be read only now, and must not pass.
        assert fleet.books.sweep().swept == 1
        fleet.proxy.forget()
        assert charged(fleet) == [least, cost(OUTPUT), cost(OUTPUT)]
        fleet.books.balance(*SCOPES)
        for key in ("durable", "plain"):
            thaw(fleet, frozen(fleet, key))
        eventually(lambda: charged(fleet) == [least, *[cost(OUTPUT)] * 4])
        assert len(fleet.books.rows()) == 5
    print("\nSIGSTOP after the last byte: 5 of 5 rows, 1 corrected after its sweep, counters exact")
