"""Silence on a stream, and on a whole answer."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
from tests.exchange.dialects import (
    CLIENTS,
    MODELS,
    WORDS,
    asked,
    ended_badly,
    ended_well,
    read,
    streamed,
    text_of,
    whole,
)
from tests.exchange.kit import SETTINGS, Door, release_for
from tests.upstream.server import Upstream
from tests.upstream.steps import EVENTS, Gate, gated, reply

from gateway.exchange import Abandoned


@pytest.mark.parametrize("model", ["chat-model", "claude-model", "gemini-model"])
@pytest.mark.parametrize("client", CLIENTS)
async def test_a_silent_stream_shows_signs_of_life_before_the_first_byte(
    upstream: Upstream, client: str, model: str
) -> None:
    door = Door(release_for(upstream.url), settings=replace(SETTINGS, keepalive_seconds=0.02))
    up = next(dialect for dialect, name in MODELS.items() if name == model)
    upstream.add(gated([b"".join(streamed(up))], headers=EVENTS))
    parts: list[bytes] = []

    def on_part(part: bytes) -> None:
        parts.append(part)
        if len(parts) == 2:  # two signs were seen: now the provider may speak
            upstream.open("part-0", "part-end")

    target, said = asked(client, model, stream=True)
    async with asyncio.timeout(5):
        heard = await door.ask("POST", target, said, on_part=on_part)
    assert heard.status == 200
    assert text_of(client, heard.body) == WORDS
    assert ended_well(client, heard.body)
    assert not b"".join(parts[:2]).strip() or parts[0].startswith((b":", b"event: ping"))
    assert door.row.error is None


async def test_a_refusal_behind_a_sign_of_life_is_an_event_of_the_stream(upstream: Upstream) -> None:
    for client, model in (("openai_chat", "chat-model"), ("anthropic_messages", "chat-model")):
        door = Door(release_for(upstream.url), settings=replace(SETTINGS, keepalive_seconds=0.02))
        refusal = reply(429, b'{"error":{"message":"Slow down","type":"rate_limit_error"}}')
        upstream.add((Gate(f"silence-{client}"), *refusal))
        target, said = asked(client, model, stream=True)
        async with asyncio.timeout(5):
            heard = await door.ask(
                "POST", target, said, on_part=lambda part, gate=f"silence-{client}": upstream.open(gate)
            )
        assert heard.status == 200
        assert ended_badly(client, heard.body)
        assert b"Slow down" in heard.body
        assert door.row.status == 429


async def test_a_slow_whole_answer_is_kept_alive_by_white_space(upstream: Upstream) -> None:
    for model in ("chat-model", "claude-model"):
        door = Door(release_for(upstream.url), settings=replace(SETTINGS, keepalive_seconds=0.01))
        up = next(dialect for dialect, name in MODELS.items() if name == model)
        upstream.add((Gate(model), *reply(200, whole(up))))
        target, said = asked("openai_chat", model, stream=False)
        async with asyncio.timeout(5):
            heard = await door.ask("POST", target, said, on_part=lambda part, gate=model: upstream.open(gate))
        assert heard.body.startswith(b" ")
        assert read("openai_chat", heard.body) == (WORDS, 9, 3)
        assert (door.row.status, door.row.error) == (200, None)


async def test_a_whole_answer_that_fails_behind_white_space_breaks_off(upstream: Upstream) -> None:
    """A JSON error under a status of 200 would be taken for an answer."""
    door = Door(release_for(upstream.url), settings=replace(SETTINGS, keepalive_seconds=0.01))
    upstream.add((Gate("slow"), *reply(503, b'{"error":{"message":"down"}}')))
    target, said = asked("openai_chat", "chat-model", stream=False)
    sent: list[bytes] = []

    def on_part(part: bytes) -> None:
        sent.append(part)
        upstream.open("slow")

    async with asyncio.timeout(5):
        with pytest.raises(Abandoned):
            await door.ask("POST", target, said, on_part=on_part)
    assert not b"".join(sent).strip()
    assert (door.row.status, door.row.error) == (503, "upstream_status")


@pytest.mark.parametrize("client", CLIENTS)
async def test_an_error_told_in_the_stream_behind_a_sign_of_life_reaches_the_client(
    upstream: Upstream, client: str
) -> None:
    """The provider began its stream, fell silent, and failed before any content: no status is left, and the stream must not just end."""
    door = Door(release_for(upstream.url), settings=replace(SETTINGS, keepalive_seconds=0.02))
    error = b'event: error\ndata: {"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}\n\n'
    upstream.add(gated([streamed("anthropic_messages")[0] + error], headers=EVENTS))
    target, said = asked(client, "claude-model", stream=True)
    async with asyncio.timeout(5):
        heard = await door.ask("POST", target, said, on_part=lambda _: upstream.open("part-0", "part-end"))
    assert heard.status == 200
    assert heard.ended
    assert ended_badly(client, heard.body)
    assert b"Overloaded" in heard.body
    assert not ended_well(client, heard.body)
    assert door.row.error == "overloaded_error"


async def test_an_array_that_comes_to_nothing_behind_signs_of_life_is_one_all_the_same(upstream: Upstream) -> None:
    door = Door(release_for(upstream.url), settings=replace(SETTINGS, keepalive_seconds=0.02))
    told = b'{"error":{"code":500,"message":"x","status":"INTERNAL"}}'
    upstream.add((Gate("late"), *reply(500, told)))
    body = {"contents": [{"role": "user", "parts": [{"text": "hi"}]}]}
    heard = await door.ask(
        "POST", "/v1beta/models/gemini-model:streamGenerateContent", body, on_part=lambda _: upstream.open("late")
    )
    assert heard.ended
    ((error),) = heard.json()
    assert error["error"]["code"] == 500
