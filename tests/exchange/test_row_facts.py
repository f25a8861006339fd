"""Who a row says has served: the provider whose answer the client got, whoever else was called beside or before it."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import pytest
from tests.exchange import dialects
from tests.exchange.fleet import ROUTE, SecretsByKey, called, fleet, keys, provider, release
from tests.exchange.kit import Door, Heard
from tests.upstream.server import Upstream
from tests.upstream.steps import (
    EVENTS,
    JSON,
    Gate,
    Reset,
    Send,
    Stall,
    Steps,
    chunk,
    events,
    framed,
    head,
    reply,
    sends,
)

from gateway.neutral.health import Health, TargetHealth
from gateway.neutral.logrow import LogRow

CHAT = dialects.streamed("openai_chat")
WHOLE = dialects.whole("openai_chat")
SLOW, FAST = "slow", "fast"


def told(status: int, word: str) -> bytes:
    return b'{"error":{"message":"%b","type":"server_error","code":null,"param":null}}' % word.encode()


def named(name: str, *more: tuple[str, str]) -> tuple[tuple[str, str], ...]:
    return (*more, ("x-request-id", f"id-{name}"))


def begun(name: str, gate: str, parts: list[bytes] = CHAT) -> Steps:
    """A stream that says its head at once, and everything else behind a gate."""
    started = Send(head(200, (*named(name, *EVENTS), *framed("chunked", 0))))
    return (started, Gate(gate), *sends([b"".join(parts)], "chunked"), Send(chunk(b"")))


async def ask(door: Door, *, stream: bool = True, **more: Any) -> Heard:
    target, body = dialects.asked("openai_chat", ROUTE, stream=stream)
    return await door.ask("POST", target, body, **more)


def facts(row: LogRow) -> tuple[str | None, ...]:
    return row.provider, row.upstream_model, row.model, row.upstream_key_id, row.upstream_request_id


def of(name: str, request_id: bool = True) -> tuple[str | None, ...]:
    return name, f"up-{name}", f"m-{name}", f"{name}-k1", f"id-{name}" if request_id else None


@pytest.mark.parametrize("winner", ["a", "b"])
async def test_the_winner_of_a_hedge(upstream: Upstream, winner: str) -> None:
    """Both have said their head, and with it their id, before one of them has content."""
    door = Door(
        release(provider("a", upstream.url), provider("b", upstream.url), hedge_seconds=0.02), secrets=SecretsByKey()
    )
    upstream.add(begun("a", "a"), model="up-a")
    upstream.add(begun("b", "b"), model="up-b")
    asking = asyncio.ensure_future(ask(door))
    await upstream.seen(2)
    for _ in range(20):
        await asyncio.sleep(0.002)
    upstream.open(winner)
    heard = await asking
    assert facts(door.row) == of(winner)
    assert heard.header(b"x-gateway-target") == f"{winner}/up-{winner}".encode()
    assert heard.header(b"x-request-id") == f"id-{winner}".encode()
    assert (door.row.usage.input_total, door.row.usage.output) == (9, 3)
    costs = {made.provider: made.cost_nano for made in door.row.attempts}
    assert costs.pop(winner) is None
    assert all(cost is not None and cost > 0 for cost in costs.values())
    await upstream.until(lambda: len(upstream.connections) <= 1)


async def test_a_hedge_whose_first_call_fails_tells_the_fleet_of_it(upstream: Upstream) -> None:
    door = fleet(release(provider("a", upstream.url), provider("b", upstream.url), hedge_seconds=0.02))
    upstream.add((Gate("a"), *reply(500, told(500, "a"), named("a", *JSON))), model="up-a")
    upstream.add(begun("b", "b"), model="up-b")
    asking = asyncio.ensure_future(ask(door))
    await upstream.seen(2)
    upstream.open("a")
    await upstream.journal[0].finished.wait()
    await asyncio.sleep(0.02)
    upstream.open("b")
    assert (await asking).status == 200
    assert facts(door.row) == of("b")
    assert [(one.provider, one.ok) for one in door.health.targets] == [("a", False), ("b", True)]
    assert {(made.provider, made.next) for made in door.row.attempts} == {("a", "next_target"), ("b", "stop_success")}


async def test_of_two_hedged_calls_that_are_good_at_once_one_is_closed(upstream: Upstream) -> None:
    door = fleet(release(provider("a", upstream.url), provider("b", upstream.url), hedge_seconds=0.02))
    upstream.add((Gate("both"), *begun("a", "both", CHAT[:1])[:-1], Stall()), model="up-a")
    upstream.add((Gate("both"), *begun("b", "both", CHAT[:1])[:-1], Stall()), model="up-b")
    leave = asyncio.Event()
    words = asyncio.Event()
    asking = asyncio.ensure_future(ask(door, leave=leave, on_part=lambda part: words.set()))
    await upstream.seen(2)
    upstream.open("both")
    await words.wait()
    await upstream.until(lambda: len(upstream.connections) == 1)
    leave.set()
    await asking
    await upstream.quiet()
    assert len(door.row.attempts) == 2


async def test_a_client_that_leaves_when_a_hedge_is_decided_leaves_no_connection(upstream: Upstream) -> None:
    door = fleet(release(provider("a", upstream.url), provider("b", upstream.url), hedge_seconds=0.02))
    upstream.add((Gate("both"), *begun("a", "both", CHAT[:1])[:-1], Stall()), model="up-a")
    upstream.add((Gate("both"), *begun("b", "both", CHAT[:1])[:-1], Stall()), model="up-b")
    leave = asyncio.Event()
    asking = asyncio.ensure_future(ask(door, leave=leave))
    await upstream.seen(2)
    upstream.open("both")
    leave.set()
    await asking
    await upstream.quiet()
    assert door.row.status == 499


async def test_hedged_calls_that_both_fail_leave_the_rest_of_the_plan_and_are_not_made_again(
    upstream: Upstream,
) -> None:
    found = release(*(provider(name, upstream.url) for name in "abc"), hedge_seconds=0.02)
    door = fleet(found)
    upstream.add((Gate("late"), *reply(500, told(500, "a"))), model="up-a")
    upstream.add((Gate("late"), *reply(500, told(500, "b"))), model="up-b")
    upstream.add(reply(200, WHOLE, named("c", *JSON)), model="up-c")
    asking = asyncio.ensure_future(ask(door, stream=False))
    await upstream.seen(2)
    upstream.open("late")
    assert (await asking).status == 200
    assert sorted(await called(upstream)) == ["up-a", "up-b", "up-c"]
    assert facts(door.row) == of("c")


async def test_a_rival_that_refuses_the_request_does_not_end_a_call_that_may_succeed(upstream: Upstream) -> None:
    found = release(provider("a", upstream.url), provider("b", upstream.url, "anthropic_messages"), hedge_seconds=0.02)
    door = fleet(found)
    upstream.add(begun("a", "a"), model="up-a")
    target, body = dialects.asked("openai_chat", ROUTE, stream=True, temperature="warm")
    asking = asyncio.ensure_future(door.ask("POST", target, body))
    await upstream.seen()
    await asyncio.sleep(0.06)
    upstream.open("a")
    heard = await asking
    assert heard.status == 200, heard.body
    assert door.row.provider == "a"


@pytest.mark.parametrize("hedge", [None, 0.02])
async def test_a_provider_of_a_kind_this_version_does_not_know_is_the_next_targets_chance(
    upstream: Upstream, hedge: float | None
) -> None:
    strange = replace(provider("a", upstream.url), kind="of-tomorrow")
    door = fleet(release(strange, provider("b", upstream.url), hedge_seconds=hedge))
    upstream.add(events(b"".join(CHAT)), model="up-b")
    heard = await ask(door)
    assert heard.status == 200, heard.body
    assert [(made.provider, made.kind, made.next) for made in door.row.attempts] == [
        ("a", "skip", "next_target"),
        ("b", "call", "stop_success"),
    ]


async def test_when_all_fail_the_one_whose_words_the_client_hears(upstream: Upstream) -> None:
    """The second target is not called: another request holds the probe of its breaker."""
    door = fleet(release(provider("a", upstream.url), provider("b", upstream.url)))
    door.health.health = Health({("b", "up-b"): TargetHealth(open_until_ms=1)})
    door.health.probe_free = False
    upstream.add(reply(500, told(500, "a"), named("a", *JSON)))
    heard = await ask(door)
    assert (heard.status, heard.body) == (500, told(500, "a"))
    assert facts(door.row) == of("a")
    assert heard.header(b"x-gateway-target") == b"a/up-a"


async def test_an_id_of_an_earlier_attempt_is_not_the_later_ones(upstream: Upstream) -> None:
    door = fleet(release(provider("a", upstream.url), provider("b", upstream.url)))
    upstream.add(reply(500, told(500, "a"), named("a", *JSON)), model="up-a")
    upstream.add((Reset(),), model="up-b")
    await ask(door)
    assert facts(door.row) == of("b", request_id=False)


async def test_counting_tokens_is_not_hedged(upstream: Upstream) -> None:
    """Where a provider does not count, the answer is the gateway's own, and there is only one of it."""
    found = release(provider("a", upstream.url, "anthropic_messages"), provider("b", upstream.url), hedge_seconds=0.01)
    door = fleet(found)
    upstream.add((Gate("slow"), *reply(404, b'{"type":"error","error":{"type":"not_found_error","message":"x"}}')))
    body = {"model": ROUTE, "messages": [{"role": "user", "content": "hi"}]}
    asking = asyncio.ensure_future(door.ask("POST", "/v1/messages/count_tokens", body))
    await upstream.seen()
    await asyncio.sleep(0.05)
    upstream.open("slow")
    heard = await asking
    assert (heard.status, heard.json()["input_tokens"] > 0) == (200, True)
    assert door.row.provider == "a"


async def test_the_quota_that_counts_is_of_the_key_that_answered(upstream: Upstream) -> None:
    quota = tuple(replace(key, daily_quota=1000) for key in keys("a", 2))
    door = Door(release(provider("a", upstream.url, keys=quota)), secrets=SecretsByKey())
    upstream.add(reply(429, told(429, "busy")), events(b"".join(CHAT), named("a", *EVENTS)))
    assert (await ask(door)).status == 200
    used = [(seen.key.id, seen.tokens) for seen in door.health.keys if seen.tokens]
    assert used == [(door.row.upstream_key_id, 12)]
    assert door.row.attempts[1].upstream_key_id == door.row.upstream_key_id != door.row.attempts[0].upstream_key_id
