"""What ends a request from outside, at the worst moments: one row, no socket, task, probe or cancellation stays behind."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest
from tests.exchange import dialects
from tests.exchange.fleet import LIMITS, ROUTE, called, fleet, provider, release
from tests.exchange.kit import KEY, Door, Heard, MemoryHealth, MemorySecrets
from tests.upstream.server import Upstream
from tests.upstream.steps import Gate, Stall, events, reply

from gateway.neutral.config import Retry, Share, UpstreamKey
from gateway.neutral.health import Health, TargetHealth
from gateway.upstream import watchdog

CHAT = dialects.streamed("openai_chat")


@pytest.fixture(autouse=True)
async def _nothing_stays() -> AsyncIterator[None]:
    """No task is left, and none died unheard."""
    loop, unheard = asyncio.get_running_loop(), []
    before = asyncio.all_tasks()
    loop.set_exception_handler(lambda _, context: unheard.append(context))
    yield
    for _ in range(3):
        await asyncio.sleep(0)
    left = asyncio.all_tasks() - before - {asyncio.current_task()}
    loop.set_exception_handler(None)
    assert not left
    assert not unheard


async def asked(door: Door, leave: asyncio.Event | None = None, **more: Any) -> Heard:
    """One streamed request; it leaves no cancellation on the task that served it."""
    target, body = dialects.asked("openai_chat", ROUTE, stream=True)
    heard = await door.ask("POST", target, body, leave=leave, **more)
    task = asyncio.current_task()
    assert task is not None
    assert task.cancelling() == 0
    await asyncio.sleep(0)  # a cancellation that was only taken back by half would arrive here
    return heard


async def test_a_client_that_leaves_at_the_moment_of_a_timeout_is_not_served_on(
    upstream: Upstream, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both cancel the task, which hears of it once."""
    door = fleet(release(provider("a", upstream.url), provider("b", upstream.url)))
    upstream.add((Stall(),), model="up-a")
    upstream.add(events(b"".join(CHAT)), model="up-b")
    made: list[watchdog.Watchdog] = []
    bark = watchdog.Watchdog.bark
    both = [False]

    def barks(self: watchdog.Watchdog, reason: Exception) -> None:
        bark(self, reason)
        if not both[0]:
            both[0] = True
            made[-1]._ring_now()  # type: ignore[attr-defined]

    original = watchdog.Watchdog.__init__

    def keeps(self: watchdog.Watchdog, *args: Any, **named: Any) -> None:
        original(self, *args, **named)
        made.append(self)

    monkeypatch.setattr(watchdog.Watchdog, "__init__", keeps)
    monkeypatch.setattr(watchdog.Watchdog, "bark", barks)
    monkeypatch.setattr(watchdog.Watchdog, "_ring_now", lambda self: bark(self, self._fault()), raising=False)
    leave = asyncio.Event()
    asking = asyncio.ensure_future(asked(door, leave))
    await upstream.seen()
    leave.set()
    await asking
    await upstream.quiet()
    assert await called(upstream) == ["up-a"]
    assert (door.row.status, door.row.error) == (499, "client_gone")


@pytest.mark.parametrize("at", ["before the second", "both run", "one failed"])
@pytest.mark.parametrize("by", ["leaves", "stopped", "cancelled"])
async def test_during_a_hedge(upstream: Upstream, at: str, by: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gateway.serving._STOP_POLL_SECONDS", 0.02)
    alone = at == "before the second"
    pair = provider("a", upstream.url), provider("b", upstream.url)
    door = fleet(release(*pair, hedge_seconds=9.0 if alone else 0.02))
    upstream.add((Gate("a"), *reply(500, b'{"error":{"message":"x"}}')), model="up-a")
    upstream.add((Stall(),), model="up-b")
    leave = asyncio.Event()
    asking = asyncio.ensure_future(asked(door, leave))
    await upstream.seen(1 if alone else 2)
    if at == "one failed":
        upstream.open("a")
        await asyncio.sleep(0.02)
    if by == "leaves":
        leave.set()
    elif by == "stopped":
        monkeypatch.setattr(door.stops, "asked", _yes)
    else:
        asking.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await asyncio.wait_for(asking, 3)
    await upstream.until(lambda: len(upstream.connections) == (1 if at == "one failed" else 0))
    word = {"leaves": "client_gone", "stopped": "request_stopped", "cancelled": "cancelled"}[by]
    assert door.row.error == word
    told = [(one.provider, one.ok) for one in door.health.targets]
    assert told == {"before the second": [("a", None)], "both run": [("a", None), ("b", None)]}.get(
        at, [("a", False), ("b", None)]
    )
    ended = [(made.fault, made.next) for made in door.row.attempts if made.status is None]
    assert set(ended) == {(word, "stop_client_gone")}


@pytest.mark.parametrize("by", ["leaves", "stopped", "deadline"])
async def test_during_the_wait_before_a_retry(upstream: Upstream, by: str, monkeypatch: pytest.MonkeyPatch) -> None:
    door = fleet(release(provider("a", upstream.url), retry=Retry(3, 60.0, 60.0)))
    monkeypatch.setattr("random.Random.uniform", lambda self, a, b: b)
    monkeypatch.setattr("gateway.serving._STOP_POLL_SECONDS", 0.02)
    upstream.add(reply(500, b'{"error":{"message":"x"}}'))
    leave = asyncio.Event()
    # 4 s are kept back, and a wait that is longer than what is left is not begun
    deadline = door.clock.wall() + 4.0 + 62.0 if by == "deadline" else None
    asking = asyncio.ensure_future(asked(door, leave, deadline=deadline))
    await upstream.seen()
    await upstream.journal[0].finished.wait()
    if by == "leaves":
        leave.set()
    elif by == "stopped":
        door.stops.wanted.add(("x", "*"))
        monkeypatch.setattr(door.stops, "asked", _yes)
    else:
        asking.cancel()
    try:
        heard = await asyncio.wait_for(asking, 3)
    except asyncio.CancelledError:
        heard = None
    assert await called(upstream) == ["up-a"]
    assert (door.row.error, heard.status if heard else None) == {
        "leaves": ("client_gone", 0),
        "stopped": ("request_stopped", heard.status if heard else None),
        "deadline": ("cancelled", None),
    }[by]
    assert len(door.row.attempts) == 1


async def _yes(request_id: str, key_id: str, since_ms: int = 0) -> bool:
    return True


class SlowSecrets(MemorySecrets):
    """A key service that takes its time."""

    def __init__(self) -> None:
        self.asked = asyncio.Event()

    async def secret(self, key: UpstreamKey) -> str:
        self.asked.set()
        await asyncio.Event().wait()
        raise AssertionError("unreachable")


async def test_while_the_credential_is_read(upstream: Upstream) -> None:
    door = Door(release(provider("a", upstream.url), provider("b", upstream.url)), secrets=SlowSecrets())
    leave = asyncio.Event()
    asking = asyncio.ensure_future(asked(door, leave))
    await door.secrets.asked.wait()  # type: ignore[attr-defined]
    leave.set()
    await asking
    assert (door.row.status, len(door.row.attempts)) == (499, 1)
    assert upstream.accepted == 0


class SlowBoard(MemoryHealth):
    """The lease is written, and the answer to that does not come."""

    def __init__(self) -> None:
        super().__init__()
        self.asked = asyncio.Event()
        self.answer = asyncio.Event()

    async def probe(self, provider: str, model: str, owner: str) -> bool:
        self.probes.append((provider, model, owner))
        self.asked.set()
        await self.answer.wait()
        return True


def half_open(door: Door, *models: str) -> Health:
    return Health({(model.removeprefix("up-"), model): TargetHealth(open_until_ms=1) for model in models})


async def test_while_the_probe_is_being_asked_for_its_lease_is_given_back(upstream: Upstream) -> None:
    door = Door(release(provider("a", upstream.url), provider("b", upstream.url)), health=SlowBoard())
    door.health.health = half_open(door, "up-a")
    leave = asyncio.Event()
    asking = asyncio.ensure_future(asked(door, leave))
    await door.health.asked.wait()  # type: ignore[attr-defined]
    leave.set()
    await asking
    assert door.row.status == 499
    ((_, _, owner),) = door.health.probes
    assert [(one.provider, one.ok, one.probe) for one in door.health.targets] == [("a", None, owner)]


async def test_a_probe_that_is_cancelled_tells_nothing_but_that_it_is_free(upstream: Upstream) -> None:
    door = Door(release(provider("a", upstream.url), provider("b", upstream.url)))
    door.health.health = half_open(door, "up-a")
    upstream.add((Stall(),))
    leave = asyncio.Event()
    asking = asyncio.ensure_future(asked(door, leave))
    await upstream.seen()
    leave.set()
    await asking
    ((_, _, owner),) = door.health.probes
    assert [(one.provider, one.ok, one.probe) for one in door.health.targets] == [("a", None, owner)]


async def test_a_client_that_reads_slowly_is_not_its_providers_fault(upstream: Upstream) -> None:
    """Five of them would open the breaker for everybody."""
    door = fleet(release(provider("a", upstream.url, timeouts=replace(LIMITS, idle=0.1))))
    upstream.add(events(b"".join(CHAT)))
    target, body = dialects.asked("openai_chat", ROUTE, stream=True)
    messages: list[dict[str, Any]] = []

    async def slow(message: Any) -> None:
        messages.append(dict(message))
        if len(messages) == 2:
            await asyncio.sleep(0.4)

    await _asked_slowly(door, target, body, slow)
    assert b"[DONE]" in b"".join(m.get("body", b"") for m in messages)
    assert (door.row.status, door.row.error) == (200, None)
    assert [one.ok for one in door.health.targets] == [True]


async def _asked_slowly(door: Door, target: str, body: dict[str, Any], send: Any) -> None:
    waiting = [{"type": "http.request", "body": json.dumps(body).encode(), "more_body": False}]

    async def receive() -> dict[str, Any]:
        if waiting:
            return waiting.pop()
        await asyncio.Event().wait()
        raise AssertionError("unreachable")

    scope = {
        "type": "http",
        "method": "POST",
        "path": target,
        "query_string": b"",
        "headers": [(b"authorization", f"Bearer {KEY}".encode())],
        "client": None,
    }
    await door.exchange(scope, receive, send)


async def test_the_end_of_the_environments_time_is_told_as_that(upstream: Upstream) -> None:
    """Both the guard and the call's own timer go off in this moment; a provider that lets everybody wait until then is at fault."""
    door = fleet(release(provider("a", upstream.url), provider("b", upstream.url)))
    upstream.add((Stall(),))
    heard = await asked(door, deadline=door.clock.wall() + 4.2)
    assert (heard.status, door.row.error) == (504, "upstream_total_timeout")
    assert [(made.fault, made.next) for made in door.row.attempts] == [("upstream_total_timeout", "stop_time")]
    assert [(one.provider, one.ok) for one in door.health.targets] == [("a", False)]
    await upstream.quiet()


@pytest.mark.parametrize("when", ["before the answer", "in the copy"])
async def test_a_mirror_of_a_cancelled_request_is_not_begun_and_a_cancelled_mirror_says_so(
    upstream: Upstream, when: str
) -> None:
    found = release(provider("a", upstream.url), provider("b", upstream.url))
    route = replace(found.routes[0], targets=found.routes[0].targets[:1], mirror=Share("b", "up-b", 100.0))
    door = fleet(replace(found, routes=(route,)))
    upstream.add((Stall(),) if when == "before the answer" else events(b"".join(CHAT)), model="up-a")
    upstream.add((Stall(),), model="up-b")
    asking = asyncio.ensure_future(asked(door))
    await upstream.seen(1 if when == "before the answer" else 2)
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    rows = [(row.status, row.error, row.mirror_of is not None) for row in door.logs.rows]
    cancelled = (503, "cancelled")
    assert rows == ([(*cancelled, False)] if when == "before the answer" else [(200, None, False), (*cancelled, True)])
    assert len(await called(upstream)) == len(rows)


@pytest.mark.parametrize("by", ["leaves", "cancelled"])
async def test_at_every_step_of_the_loop(upstream: Upstream, by: str) -> None:
    """Both providers answer at once, and the end comes after 0, 1, 2, … turns of the loop: before, in and behind everything there is."""
    for turns in range(40):
        upstream.reset()
        pair = provider("a", upstream.url), provider("b", upstream.url)
        door = fleet(release(*pair, hedge_seconds=0.0))
        upstream.add(events(b"".join(CHAT)))
        leave = asyncio.Event()
        asking = asyncio.ensure_future(asked(door, leave))
        for _ in range(turns):
            await asyncio.sleep(0)
        leave.set() if by == "leaves" else asking.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await asking
        door.close()
        await upstream.quiet()
        assert len(door.logs.rows) == (1 if turns or by == "leaves" else 0), turns
        assert door.row.error in {None, "client_gone", "cancelled"} if door.logs.rows else True
