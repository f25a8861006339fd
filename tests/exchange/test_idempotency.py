"""An `Idempotency-Key`: the first answer again, byte for byte, and nobody is paid twice (R6.6)."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
from tests.exchange.dialects import CLIENTS, MODELS, asked, streamed, whole
from tests.exchange.fleet import fleet, provider, release
from tests.exchange.kit import SETTINGS, Door, MemoryKeys, release_for, virtual_key
from tests.exchange.protected import answers, ask, chat, told
from tests.upstream.server import Upstream
from tests.upstream.steps import EVENTS, JSON, Close, Gate, Send, Steps, chunk, events, framed, gated, head, reply

# -- replays -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("spoken", ["own", "bedrock_converse"])
@pytest.mark.parametrize("stream", [True, False], ids=["streamed", "whole"])
@pytest.mark.parametrize("client", CLIENTS)
async def test_a_replay_is_the_first_answer_byte_for_byte(
    door: Door, upstream: Upstream, client: str, stream: bool, spoken: str
) -> None:
    dialect = client if spoken == "own" else spoken
    answers(upstream, dialect, stream=stream)
    target, body = asked(client, MODELS[dialect], stream=stream)
    first = await ask(door, target, body)
    again = await ask(door, target, body, headers=[("x-request-id", "mine")])
    assert (first.status, first.ended, again.status, again.ended) == (200, True, 200, True)
    assert again.body == first.body
    assert len(first.body) > 20
    assert told(again) == told(first)
    assert (first.header(b"content-length") is None) == stream
    paid, free = door.logs.rows
    assert again.header(b"x-gateway-replay") == b"true"
    assert again.header(b"x-gateway-original-id") == paid.id.encode()
    assert again.header(b"x-gateway-request-id") == free.id.encode() != paid.id.encode()
    assert first.header(b"x-gateway-replay") is first.header(b"x-gateway-original-id") is None
    assert b"up-1" not in [value for _, value in again.headers]
    assert len(upstream.journal) == 1


async def test_the_row_of_a_replay_costs_nothing(door: Door, upstream: Upstream) -> None:
    answers(upstream, "openai_chat", stream=True)
    await chat(door, stream=True)
    await chat(door, stream=True)
    paid, free = door.logs.rows
    assert (paid.cache, paid.cost.state) == ("off", "priced")
    assert (free.status, free.error, free.cache, free.stream) == (200, None, "replay", True)
    assert (free.cost.nano_usd, free.cost.state, free.attempts, free.usage.output) == (None, "none", (), 0)
    assert (free.requested_model, free.caller.key_id) == ("chat-model", "key_1")


async def test_a_replay_is_recorded_where_the_key_asks_for_bodies(upstream: Upstream) -> None:
    door = Door(release_for(upstream.url), keys=MemoryKeys(virtual_key(record_bodies=True)))
    answers(upstream, "openai_chat", stream=False)
    for _ in range(2):
        await chat(door)
    assert [row.response_body for row in door.logs.rows] == [whole("openai_chat").decode()] * 2


@pytest.mark.parametrize("client", CLIENTS)
async def test_signs_of_life_are_part_of_what_is_replayed(upstream: Upstream, client: str) -> None:
    for stream in (True, False):
        door = Door(release_for(upstream.url), settings=replace(SETTINGS, keepalive_seconds=0.02))
        parts = streamed(client) if stream else [whole(client)]
        begun = head(200, (*(EVENTS if stream else JSON), *framed("chunked", 0)))
        upstream.add(
            (Gate(f"{stream}"), Send(begun), *(Send(chunk(part), len(part)) for part in parts), Send(chunk(b"")))
        )
        target, body = asked(client, MODELS[client], stream=stream)
        first = await ask(door, target, body, on_part=lambda _, name=f"{stream}": upstream.open(name))
        again = await ask(door, target, body)
        assert first.parts[0].strip() in {b"", b": keep-alive", b'event: ping\ndata: {"type": "ping"}'}
        assert (again.body, told(again)) == (first.body, told(first))
        assert again.header(b"content-length") is None


@pytest.mark.parametrize("status", [400, 401, 403, 404, 408, 409, 413, 422, 429, 500, 502, 503, 529])
async def test_what_is_refused_or_fails_costs_nothing_and_runs_again(
    door: Door, upstream: Upstream, status: int
) -> None:
    upstream.add(reply(status, b'{"error":{"message":"no"}}'), reply(200, whole("openai_chat")))
    assert (await chat(door)).status >= 400
    assert door.replays.places == {}
    again = await chat(door)
    assert (again.status, again.header(b"x-gateway-replay")) == (200, None)
    assert (await chat(door)).header(b"x-gateway-replay") == b"true"


# -- streams that did not end well, clients that left, requests that were stopped ---------------------------------------


def _cut(dialect: str) -> Steps:
    begun = Send(head(200, (*EVENTS, *framed("chunked", 0))))
    return (begun, *(Send(chunk(part), len(part)) for part in streamed(dialect)[:-1]), Close())


@pytest.mark.parametrize("client", CLIENTS)
async def test_a_stream_that_broke_is_not_kept(door: Door, upstream: Upstream, client: str) -> None:
    body = b"".join(streamed(client))
    upstream.add(_cut(client), events(body))
    target, question = asked(client, MODELS[client], stream=True)
    first = await ask(door, target, question)
    assert (first.status, door.row.status) == (200, 502)
    assert door.replays.states == []
    again = await ask(door, target, question)
    assert again.header(b"x-gateway-replay") is None
    assert door.logs.rows[-1].error is None
    assert door.replays.states == ["done"]


@pytest.mark.parametrize("policy", ["cancel", "drain"])
async def test_an_error_inside_a_stream_is_not_kept_even_if_the_client_left_meanwhile(
    upstream: Upstream, policy: str
) -> None:
    door = fleet(release(provider("a", upstream.url), on_disconnect=policy))
    error = b'data: {"error":{"type":"server_error","message":"x"}}\n\n'
    upstream.add(events(streamed("openai_chat")[0] + error))
    for leaves in (False, True):
        leave = asyncio.Event()

        def on_part(_: bytes, leaves: bool = leaves, leave: asyncio.Event = leave) -> None:
            if leaves:
                leave.set()

        await ask(door, *asked("openai_chat", "fleet", stream=True), leave=leave, on_part=on_part)
        assert door.replays.states == []


async def _left(door: Door, upstream: Upstream, *, read_on: bool) -> None:
    leave = asyncio.Event()
    body = b"".join(streamed("openai_chat"))
    upstream.add(gated(streamed("openai_chat")), events(body))
    upstream.open("part-0")
    target, question = asked("openai_chat", "fleet", stream=True)
    asking = asyncio.ensure_future(ask(door, target, question, leave=leave, on_part=lambda _: leave.set()))
    await leave.wait()
    if read_on:
        upstream.open(*(f"part-{number}" for number in range(1, 9)), "part-end")
    await asking
    assert door.row.error == "client_gone"


async def test_a_client_that_left_in_the_middle_finds_nothing(upstream: Upstream) -> None:
    door = fleet(release(provider("a", upstream.url), on_disconnect="cancel"))
    await _left(door, upstream, read_on=False)
    assert door.replays.states == []


async def test_a_client_that_left_finds_the_answer_where_it_was_read_to_its_end(upstream: Upstream) -> None:
    door = fleet(release(provider("a", upstream.url), on_disconnect="drain"))
    await _left(door, upstream, read_on=True)
    assert door.replays.states == ["done"]
    again = await ask(door, *asked("openai_chat", "fleet", stream=True))
    fresh = await ask(door, *asked("openai_chat", "fleet", stream=True), key=None)
    assert again.body == fresh.body
    assert len(upstream.journal) == 2


async def test_a_client_whose_connection_breaks_at_the_last_byte_finds_the_answer(
    door: Door, upstream: Upstream
) -> None:
    """The case the header is for: everything was paid and sent, and did not arrive."""
    answers(upstream, "openai_chat", stream=False)

    def broken(_: bytes) -> None:
        raise BrokenPipeError

    await chat(door, on_part=broken)
    assert door.row.error == "client_gone"
    again = await chat(door)
    assert (again.status, again.body, len(upstream.journal)) == (200, whole("openai_chat"), 1)


async def test_a_stopped_request_is_not_kept(door: Door, upstream: Upstream) -> None:
    upstream.add(gated(streamed("openai_chat")))
    upstream.open("part-0")
    door.stops.wanted.add(("my-turn", "*"))
    heard = await chat(door, stream=True, headers=[("x-request-id", "my-turn")])
    assert heard.status == 200
    assert door.row.error == "request_stopped"
    assert door.replays.states == []


async def test_a_cancelled_request_gives_its_key_up(door: Door, upstream: Upstream) -> None:
    upstream.add(gated(streamed("openai_chat")))
    task = asyncio.ensure_future(chat(door, stream=True))
    await upstream.seen()
    assert door.replays.states == ["running"]
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert door.replays.states == []
