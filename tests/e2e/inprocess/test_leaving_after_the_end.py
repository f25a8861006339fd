"""Official SDKs hang up once they have read the terminal event, often before the provider has ended its side: a success, not a client that left."""

from __future__ import annotations

import asyncio

import pytest
from tests.e2e.expectations import expected
from tests.exchange.kit import Door, release_for
from tests.upstream import Gate, Upstream, fixtures, split_events
from tests.upstream.steps import EVENTS, chunk, framed, head, sends
from tests.upstream.steps import Send as SendStep

CASES = [
    ("openai_chat/text", "chat-model"),
    ("openai_responses/text", "responses-model"),
    ("anthropic_messages/text", "claude-model"),
    ("gemini/text", "gemini-model"),
]


async def outcome(name: str, model: str, events: int | None) -> tuple[Door, Upstream]:
    """The provider sends everything but the end of its transfer coding; the client leaves when it has `events` events (None: all)."""
    fixture = fixtures.by_name(name)
    assert fixture.stream is not None
    whole = split_events(fixture.stream)[:events]
    wanted, seen, leave = b"".join(whole), bytearray(), asyncio.Event()

    def on_part(part: bytes) -> None:
        seen.extend(part)
        if bytes(seen) == wanted:
            leave.set()

    async with Upstream() as upstream:
        start = SendStep(head(200, (*EVENTS, *framed("chunked", 0))))
        upstream.add((start, *sends(whole, "chunked"), Gate("never"), SendStep(chunk(b""))))
        door = Door(release_for(upstream.url))
        async with asyncio.timeout(4):
            target = fixture.target(True, model)
            await door.ask("POST", target, fixture.asked(True, model), leave=leave, on_part=on_part)
        await asyncio.wait_for(upstream.journal[0].finished.wait(), 4)
    return door, upstream


@pytest.mark.parametrize(("name", "model"), CASES)
async def test_hanging_up_after_the_terminal_event_is_a_success(name: str, model: str) -> None:
    door, upstream = await outcome(name, model, None)
    assert (door.row.status, door.row.error) == (200, None)
    assert [attempt.fault for attempt in door.row.attempts] == [None]
    assert door.row.usage.source == "upstream"
    assert door.row.usage.output == expected(fixtures.by_name(name))["usage"]["output"]
    assert upstream.journal[0].client_left


@pytest.mark.parametrize(("name", "model"), CASES)
async def test_hanging_up_one_event_earlier_is_not(name: str, model: str) -> None:
    door, _upstream = await outcome(name, model, -1)
    assert (door.row.status, door.row.error) == (499, "client_gone")
