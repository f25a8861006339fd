"""Thousands of requests of which three in ten go wrong: clients that leave, providers that fail or break off, processes that are killed."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from dataclasses import dataclass, field

from tests.e2e.limits_client import Leaving, Told
from tests.e2e.limits_room import DOLLAR, KEYS, LONGEST, Fleet, chat, patiently, said, streamed, wanted
from tests.upstream.journal import Recorded
from tests.upstream.steps import EVENTS, Send, Stall, Steps, cut, events, framed, head, reply, sends

TROUBLES = ("fails", "breaks", "hangs", "leaves", "leaves", "leaves")
"""What becomes of 30 of 100 requests, five of each; the client leaves in half of them, at different moments."""
AT_ONCE = 6


def troubled(request: Recorded) -> Steps:
    """The upstream: it does what the request says."""
    output, how = wanted(request)
    whole = b"".join(streamed(output))
    if how == "fails":
        return reply(500, b'{"error":{"message":"no","type":"server_error"}}')
    if how in {"breaks", "hangs"}:
        return cut(whole, len(whole) // 2, "reset" if how == "breaks" else "close")
    if how == "leaves":
        started = Send(head(200, (*EVENTS, *framed("chunked", 0))))
        return (started, *sends(streamed(output)[:2], "chunked"), Stall())
    return events(whole) if request.json()["stream"] else reply(200, said(output))


@dataclass
class Report:
    """What clients were told, and what it took."""

    statuses: Counter[int] = field(default_factory=Counter)
    troubles: Counter[str] = field(default_factory=Counter)
    repeated: int = 0
    killed: int = 0
    seconds: float = 0.0


def _how(number: int) -> str:
    place = number * 7 % 20  # spread over the twenties
    return TROUBLES[place] if place < len(TROUBLES) else "well"


def _leaving(number: int) -> Leaving | None:
    """Before anything was heard, after the head, after some of the stream."""
    return Leaving((0, 1, 400)[number // 20 % 3], 0.002 * (number % 5))


async def _one(fleet: Fleet, key: str, number: int, report: Report) -> None:
    how = _how(number)
    leaving = _leaving(number) if how == "leaves" else None
    body = chat(LONGEST, how, stream=how != "well" or number % 2 == 0)

    async def once() -> Told:
        one = fleet.environments[number % len(fleet.environments)]
        return await one.ask(key, body, leaving=leaving)

    told, repeated = await patiently(once)
    report.statuses[told.status] += 1
    report.troubles[how] += 1
    report.repeated += repeated


async def _kill(fleet: Fleet, report: Report, requests: int, kills: int) -> None:
    """Kill a process, and start another, whenever so many requests more have ended."""
    for number in range(1, kills + 1):
        while report.statuses.total() < number * requests // (kills + 1):
            await asyncio.sleep(0.01)
        await asyncio.to_thread(fleet.killed, fleet.environments[report.killed % 3])
        report.killed += 1


def trouble(fleet: Fleet, key: str, requests: int, kills: int) -> Report:
    """So many requests by a few clients per process."""
    report = Report()
    fleet.upstream.add(troubled)
    numbers = list(range(requests))

    async def client() -> None:
        while numbers:
            await _one(fleet, key, numbers.pop(), report)

    async def run() -> None:
        killing = asyncio.ensure_future(_kill(fleet, report, requests, kills))
        await asyncio.gather(*(client() for _ in range(3 * AT_ONCE)))
        killing.cancel()

    began = time.monotonic()
    asyncio.run(run())
    report.seconds = time.monotonic() - began
    return report


@dataclass(frozen=True, slots=True)
class Accounts:
    """The books afterwards. `held` nano-dollars were those of killed processes before the sweep."""

    rows: int
    swept: int
    held: int
    spent: int
    share: float
    errors: Counter[str]


def accounts(fleet: Fleet, *scopes: str) -> Accounts:
    """Let what still runs end, sweep when the holds' life is over, and see that counters equal rows; `share` is of the first scope's budget."""
    seen = -1
    while (now := len(fleet.books.holds())) != seen:
        seen = now
        time.sleep(1.0)
    held = fleet.books.scopes()[scopes[0]].held()
    swept = fleet.books.sweep()
    assert swept.good, swept
    spent = fleet.books.balance(*scopes)
    rows = fleet.books.rows()
    cap = float(KEYS[scopes[0].partition("#")[2]]["limits"]["budgets"][0]["usd"]) * DOLLAR
    errors = Counter(row.get("error") or "none" for row in rows)
    return Accounts(len(rows), swept.swept, held, spent, spent / cap, errors)
