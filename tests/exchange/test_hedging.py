"""Hedging: a second target beside a slow first one; who has content first is the answer, the other is ended and its cost shown."""

from __future__ import annotations

import asyncio

from tests.exchange import dialects
from tests.exchange.fleet import ROUTE, called, fleet, provider, release
from tests.exchange.kit import Door, Heard
from tests.upstream.server import Upstream
from tests.upstream.steps import Gate, events, gated, reply

CHAT = dialects.streamed("openai_chat")
WHOLE = dialects.whole("openai_chat")


async def ask(door: Door, *, stream: bool = False) -> Heard:
    target, body = dialects.asked("openai_chat", ROUTE, stream=stream)
    return await door.ask("POST", target, body)


async def test_a_second_target_starts_when_the_first_has_no_content_in_time(upstream: Upstream) -> None:
    door = fleet(release(provider("a", upstream.url), provider("b", upstream.url), hedge_seconds=0.05))
    upstream.add(gated(CHAT, "slow"), model="up-a")
    upstream.add(events(b"".join(CHAT)), model="up-b")
    heard = await ask(door, stream=True)
    assert heard.status == 200
    assert dialects.text_of("openai_chat", heard.body) == dialects.WORDS
    made = {one.provider: one for one in door.row.attempts}
    assert (made["b"].kind, made["b"].fault, made["b"].next) == ("hedge", None, "stop_success")
    assert made["a"].fault == "cancelled"
    assert made["a"].cost_nano is not None
    assert made["a"].cost_nano > 0
    assert door.row.provider == "b"
    await upstream.journal[0].finished.wait()
    assert upstream.journal[0].outcome == "client_left"


async def test_the_first_wins_when_it_is_first_after_all(upstream: Upstream) -> None:
    door = fleet(release(provider("a", upstream.url), provider("b", upstream.url), hedge_seconds=0.05))
    upstream.add(gated(CHAT, "a"), model="up-a")
    upstream.add(gated(CHAT, "b"), model="up-b")
    task = asyncio.ensure_future(ask(door, stream=True))
    await upstream.seen(2)
    upstream.open(*(f"a-{n}" for n in range(9)), "a-end")
    heard = await task
    assert dialects.text_of("openai_chat", heard.body) == dialects.WORDS
    assert door.row.provider == "a"
    await upstream.journal[1].finished.wait()
    assert upstream.journal[1].outcome == "client_left"


async def test_nothing_is_hedged_when_the_first_is_quick(upstream: Upstream) -> None:
    door = fleet(release(provider("a", upstream.url), provider("b", upstream.url), hedge_seconds=5.0))
    upstream.add(reply(200, WHOLE))
    await ask(door)
    assert await called(upstream) == ["up-a"]


async def test_when_both_hedged_calls_fail_the_rest_of_the_plan_is_tried(upstream: Upstream) -> None:
    found = release(*(provider(name, upstream.url) for name in "abc"), hedge_seconds=0.02)
    door = fleet(found)
    late = (Gate("late"), *reply(500, b'{"error":{"message":"x"}}'))
    upstream.add(late, model="up-a")
    upstream.add(late, model="up-b")
    upstream.add(reply(200, WHOLE), model="up-c")
    task = asyncio.ensure_future(ask(door))
    await upstream.seen(2)
    upstream.open("late")
    assert (await task).status == 200
    assert (await called(upstream))[-1] == "up-c"
    assert {(one.provider, one.ok) for one in door.health.targets} == {("a", False), ("b", False), ("c", True)}


async def test_a_client_that_leaves_ends_both_hedged_calls(upstream: Upstream) -> None:
    door = fleet(release(provider("a", upstream.url), provider("b", upstream.url), hedge_seconds=0.02))
    upstream.add(gated(CHAT))
    leave = asyncio.Event()
    target, body = dialects.asked("openai_chat", ROUTE, stream=True)
    task = asyncio.ensure_future(door.ask("POST", target, body, leave=leave))
    await upstream.seen(2)
    leave.set()
    await task
    await upstream.quiet()
    assert door.row.status == 499
    assert {made.fault for made in door.row.attempts} == {"client_gone"}
