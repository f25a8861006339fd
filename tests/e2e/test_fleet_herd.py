"""500 clients wait for a provider that is down: nobody makes it worse, and when it is back they do not come all at once.

The clients do as the official SDKs do (openai-python and anthropic-sdk-python, `_base_client.py`): 408, 409, 429 and 5xx are repeated, after
`Retry-After` where it is given and at most a minute, else after 0.5 s doubling up to 8 s, less a quarter at random. They are written here,
because 500 of the real ones would be most of what is measured; unlike those they never give up.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from tests.e2e.fleet import Fleet, chat, eventually, fails, serves
from tests.upstream.journal import Recorded
from tests.upstream.steps import Steps

CLIENTS = 500
OPEN_SECONDS = float(os.environ.get("HERD_OPEN_SECONDS", "6"))
"""How long the breaker is open yet when the clients come. A deployed one opens for 30 s: all times here are a fifth of life's."""
THINK_SECONDS = OPEN_SECONDS
"""Between two requests of a client, on average: what makes the steady load."""
RETRIED = {408, 409, 429}
RETRY_RESERVE = 2
"""Of each environment, see `gateway.routing.budget`; a second gives back a tenth."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a client got."""

    status: int
    retry_after: float | None


async def post(url: str, key: str, model: str) -> Answer:
    """One request over a connection of its own."""
    parts = urlsplit(url)
    body = json.dumps(chat(model)).encode()
    head = (
        f"POST /v1/chat/completions HTTP/1.1\r\nhost: {parts.netloc}\r\nauthorization: Bearer {key}\r\nuser-agent: fleet-herd\r\n"
        f"content-type: application/json\r\ncontent-length: {len(body)}\r\nconnection: close\r\n\r\n"
    )
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
    try:
        writer.write(head.encode() + body)
        raw = await reader.read()
    finally:
        writer.close()
    lines = raw.partition(b"\r\n\r\n")[0].decode("latin-1").lower().split("\r\n")
    given = [line.partition(":")[2] for line in lines if line.startswith("retry-after:")]
    return Answer(int(lines[0].split(" ")[1]), float(given[0]) if given else None)


def pause(answer: Answer, tried: int) -> float:
    """Seconds until the next try."""
    if answer.retry_after is not None and 0 < answer.retry_after <= 60:
        return answer.retry_after
    return min(8.0, 0.5 * 2.0**tried) * (1 - 0.25 * random.random())


@dataclass
class Herd:
    """All clients, and what they got."""

    urls: Sequence[str]
    key: str
    model: str
    tries: int = 0
    served: list[tuple[float, str]] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)
    over: Callable[[], bool] = lambda: False

    async def client(self, number: int) -> None:
        """Ask, try again until it is served, think, ask."""
        await asyncio.sleep(random.random())  # people do not begin in the same millisecond
        while not self.over():
            await self.until_served(self.urls[number % len(self.urls)])
            await asyncio.sleep(random.uniform(0, 2 * THINK_SECONDS))

    async def until_served(self, url: str) -> None:
        """One call of an SDK."""
        tried = 0
        while not self.over():
            answer = await post(url, self.key, self.model)
            self.tries += 1
            if answer.status == 200:
                self.served.append((time.monotonic(), url))
                return
            assert answer.status in RETRIED or answer.status >= 500, answer
            wait = pause(answer, tried)
            self.waits.append(wait)
            tried += 1
            await asyncio.sleep(wait)


@dataclass
class Arrivals:
    """When the upstream was called, and whether it works."""

    works: bool = False
    times: list[float] = field(default_factory=list)

    def __call__(self, request: Recorded) -> Steps:
        self.times.append(time.monotonic())
        return serves(request) if self.works else fails(503)

    def between(self, first: float, last: float) -> list[float]:
        return [at for at in self.times if first <= at < last]

    def peak(self, first: float, last: float) -> int:
        """The most calls within any second."""
        times = self.between(first, last)
        return max((sum(at <= other < at + 1 for other in times) for at in times), default=0)


def test_500_waiting_clients_come_back_no_faster_than_they_always_come(fleet: Fleet) -> None:
    arrivals = Arrivals()
    fleet.upstream.add(arrivals, model="herd")
    opens = time.time() + OPEN_SECONDS
    fleet.state.put_breaker("fleet-a", "herd", int(opens * 1000))
    for each in fleet.fast:
        eventually(lambda each=each: each.skips("fleet-a/herd", "fleet-a") == "breaker_open")  # type: ignore[misc]
    herd = Herd([each.url for each in fleet.fast], fleet.stack.secrets.virtual_key, "fleet-a/herd")
    back, spread = _run(herd, arrivals, opens)
    first, peak = len(arrivals.between(back, back + 1)), arrivals.peak(back, spread)
    steady = len(arrivals.between(spread, spread + THINK_SECONDS)) / THINK_SECONDS
    probes = [row for row in fleet.stack.rows.since(int(opens * 1000) - 20_000) if _is_probe(row)]
    latest = max(min(at for at, url in herd.served if url == each.url) for each in fleet.fast) - back
    print(
        f"\nherd: {CLIENTS} clients at {len(fleet.fast)} environments, told to wait {min(herd.waits):.0f} to {max(herd.waits):.0f} s;"
        f" {len(probes)} probe; upstream calls: {first} in the first second, at most {peak} in any second until all were served"
        f" ({spread - back:.1f} s), {steady:.0f} a second afterwards; the last environment used it again after {latest:.1f} s"
    )
    assert len(herd.waits) >= CLIENTS
    assert len(probes) == 1
    assert steady > 0.5 * CLIENTS / THINK_SECONDS, "the machine is too slow for this to say anything"
    assert first <= 2 * steady


def _is_probe(row: dict[str, Any]) -> bool:
    made = json.loads(row.get("attempts", "[]"))
    return row.get("upstream_model") == "herd" and any(one["kind"] == "probe" for one in made)


def _run(herd: Herd, arrivals: Arrivals, opens: float) -> tuple[float, float]:
    """Let the herd go: the moments when the upstream was called again, and when all had been served."""
    moments: list[float] = []

    async def story() -> None:
        herd.over = lambda: len(moments) > 1
        clients = [asyncio.ensure_future(herd.client(number)) for number in range(CLIENTS)]
        await _until(lambda: len(herd.waits) >= CLIENTS)
        assert time.time() < opens, "all clients wait before the breaker is half-open"
        assert not arrivals.times
        arrivals.works = True
        await _until(lambda: len(herd.served) >= CLIENTS)
        spread = time.monotonic()
        await asyncio.sleep(THINK_SECONDS)  # a steady load is measured over a time
        moments.extend([arrivals.times[0], spread])
        for one in clients:
            one.cancel()
        await asyncio.gather(*clients, return_exceptions=True)

    asyncio.run(asyncio.wait_for(story(), 60))
    return moments[0], moments[1]


async def _until(holds: Callable[[], bool]) -> None:
    while not holds():
        await asyncio.sleep(0.01)


def test_when_everything_fails_upstream_is_asked_hardly_more_often_than_the_clients_ask(fleet: Fleet) -> None:
    fleet.upstream.add(fails(409), model="locked")  # repeated, and no breaker ends it: the budget is all there is
    _ask_all(fleet, 150)  # uses up what earlier requests have saved
    before, began, calls = fleet.calls("locked"), time.monotonic(), 600
    answers = _ask_all(fleet, calls)
    made, seconds = fleet.calls("locked") - before, time.monotonic() - began
    reserve = len(fleet.fast) * (RETRY_RESERVE + 0.1 * seconds)
    print(
        f"\nretries: {calls} client calls, all failing, {made} upstream calls: {made / calls:.3f} each"
        f" (allowed: 1.1, and {reserve:.0f} calls in reserve of {len(fleet.fast)} environments)"
    )
    assert {answer.status for answer in answers} == {409}
    assert calls < made <= 1.1 * calls + reserve


def _ask_all(fleet: Fleet, calls: int) -> list[Answer]:
    """Requests at all environments in turn, sixty at a time."""

    async def all_of_them() -> list[Answer]:
        turns = asyncio.Semaphore(60)

        async def one(number: int) -> Answer:
            async with turns:
                url = fleet.fast[number % len(fleet.fast)].url
                return await post(url, fleet.stack.secrets.virtual_key, "fleet-a/locked")

        return await asyncio.gather(*(one(number) for number in range(calls)))

    return asyncio.run(all_of_them())


def test_when_a_provider_fails_altogether_the_breaker_ends_the_calls(fleet: Fleet) -> None:
    fleet.upstream.add(fails(503), model="dead")
    calls = 0
    answers = []
    for _ in range(20):
        for each in fleet.fast:
            answers.append(each.ask("fleet-a/dead"))
            calls += 1
    made = fleet.calls("dead")
    told = [float(answer.headers["retry-after"]) for answer in answers[-20:]]
    print(
        f"\noutage: {calls} client calls, {made} upstream calls: {made / calls:.2f} each; then refused at once with Retry-After"
        f" {min(told):.0f} to {max(told):.0f} s"
    )
    assert {answer.status_code for answer in answers} == {503}
    assert made <= 1.1 * calls + RETRY_RESERVE * len(fleet.fast)
    assert made < calls / 2
    assert 20 < min(told) < max(told) <= 60, (
        "nobody is told to come back before the breaker is half-open, nor all at once"
    )


def test_the_wait_that_a_provider_asks_for_reaches_the_client(fleet: Fleet) -> None:
    fleet.upstream.add(fails(429, retry_after="47"), model="throttled")
    fleet.upstream.add(fails(503, retry_after="48"), model="busy")
    busy = fleet.one.ask("fleet-wait/busy")
    assert (busy.status_code, busy.headers["retry-after"]) == (503, "48")
    answer = fleet.one.ask("fleet-wait/throttled")
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "47")
    again = fleet.one.ask("fleet-wait/throttled")
    assert again.status_code == 429, "all keys rest: refused without a call"
    # The model is one that nobody configured: any caller may name one, so the key does not rest for it as long as the provider says.
    assert 5 <= float(again.headers["retry-after"]) <= 2 * 10
    assert fleet.used("fleet-wait") == fleet.used("fleet-wait")[:3]
