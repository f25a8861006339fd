"""Guardrails in every dialect: requests and answers, blocked, masked and noted, whole and streamed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from tests.exchange.guarded import (
    FILTERED,
    MAIL,
    MASKED,
    SAID,
    TARGETS,
    answer,
    asking,
    guarded,
    guarded_release,
    pii,
    reason,
    said,
    stream,
)
from tests.exchange.kit import SETTINGS, Door, MemoryKeys, virtual_key
from tests.upstream.server import Upstream
from tests.upstream.steps import EVENTS, JSON, cut, events, gated, reply

CLIENTS = tuple(TARGETS)
REFUSED = {
    "openai_chat": lambda data: data["error"]["code"],
    "openai_completions": lambda data: data["error"]["code"],
    "openai_responses": lambda data: data["error"]["code"],
    "anthropic_messages": lambda data: data["error"]["type"],
    "gemini": lambda data: data["error"]["status"],
}
CODES = {"anthropic_messages": "invalid_request_error", "gemini": "INVALID_ARGUMENT"}


def verdict(door: Door) -> tuple[Any, ...]:
    [one] = door.row.guardrails
    return one.guardrail, one.stage, one.action, one.count, one.sorts


def nowhere(door: Door, *but: str) -> None:
    """What was found stands nowhere in the row."""
    assert MAIL not in repr(door.row)
    assert all(MAIL.encode() not in body for body in door.logs.bodies.values())
    assert MAIL not in repr(but)


@pytest.mark.parametrize("streams", [False, True])
@pytest.mark.parametrize("client", CLIENTS)
async def test_a_request_is_blocked_before_anybody_is_asked(client: str, streams: bool, upstream: Upstream) -> None:
    door = guarded(upstream, pii("block", message="No addresses here."))
    heard = await door.ask("POST", *asking(client, SAID, stream=streams))
    assert heard.status == 400
    data = heard.json()
    assert REFUSED[client](data) == CODES.get(client, "guardrail_blocked")
    assert data["error"]["message"] == "No addresses here."
    assert heard.header(b"x-gateway-guardrails") == b"no-mail;block"
    assert not upstream.journal
    assert (door.row.status, door.row.error) == (400, "guardrail_blocked")
    assert verdict(door) == ("no-mail", "input", "block", 1, ("email",))
    assert "[email]" in (door.row.request_body or "")
    nowhere(door)
    door.close()


@pytest.mark.parametrize("streams", [False, True])
@pytest.mark.parametrize("client", CLIENTS)
async def test_a_request_is_masked_and_goes_on(client: str, streams: bool, upstream: Upstream) -> None:
    door = guarded(upstream, pii("mask"))
    upstream.add(events(stream(client, "a", "b")) if streams else reply(200, answer(client, "ab"), JSON))
    heard = await door.ask("POST", *asking(client, SAID, stream=streams, metadata={"n": 1.50}))
    assert heard.status == 200, heard.body
    [asked] = upstream.journal
    assert MAIL.encode() not in asked.body
    assert MASKED.encode() in asked.body
    assert heard.header(b"x-gateway-guardrails") == b"no-mail;mask"
    assert verdict(door) == ("no-mail", "input", "mask", 1, ("email",))
    nowhere(door)
    door.close()


@pytest.mark.parametrize("client", CLIENTS)
async def test_a_request_is_noted_and_goes_on_as_it_is(client: str, upstream: Upstream) -> None:
    door = guarded(upstream, pii("annotate"))
    upstream.add(reply(200, answer(client, "ab"), JSON))
    heard = await door.ask("POST", *asking(client, SAID))
    assert MAIL.encode() in upstream.journal[0].body
    assert heard.header(b"x-gateway-guardrails") == b"no-mail;annotate"
    assert verdict(door) == ("no-mail", "input", "annotate", 1, ("email",))
    assert heard.body == answer(client, "ab"), "an answer that nobody looks at passes byte for byte"
    door.close()


@pytest.mark.parametrize("streams", [False, True])
@pytest.mark.parametrize("client", CLIENTS)
async def test_an_answer_is_masked(client: str, streams: bool, upstream: Upstream) -> None:
    door = guarded(upstream, pii("mask", "output"))
    upstream.add(events(stream(client, SAID[:15], SAID[15:])) if streams else reply(200, answer(client, SAID), JSON))
    heard = await door.ask("POST", *asking(client, "hi", stream=streams))
    assert heard.status == 200
    assert said(client, heard.body, streams=streams) == MASKED
    assert MAIL.encode() not in heard.body
    assert verdict(door) == ("no-mail", "output", "mask", 1, ("email",))
    assert door.row.usage.output == 3
    assert (heard.header(b"x-gateway-guardrails") == b"no-mail;mask") is not streams
    nowhere(door)
    door.close()


@pytest.mark.parametrize("streams", [False, True])
@pytest.mark.parametrize("client", CLIENTS)
async def test_an_answer_is_blocked_in_the_dialects_own_words(client: str, streams: bool, upstream: Upstream) -> None:
    door = guarded(upstream, pii("block", "output"))
    upstream.add(events(stream(client, SAID[:15], SAID[15:])) if streams else reply(200, answer(client, SAID), JSON))
    heard = await door.ask("POST", *asking(client, "hi", stream=streams))
    assert (heard.status, heard.ended) == (200, True)
    assert reason(client, heard.body, streams=streams) == FILTERED[client]
    assert b"example.org" not in heard.body
    assert verdict(door) == ("no-mail", "output", "block", 1, ("email",))
    assert (door.row.status, door.row.error) == (200, None)
    assert door.row.usage.output > 0, "what was generated was paid for"
    assert door.row.cost.nano_usd or door.row.cost.state == "unpriced"
    nowhere(door)
    door.close()


@pytest.mark.parametrize("client", CLIENTS)
async def test_an_answer_is_noted_and_whole_ones_stay_as_they_are(client: str, upstream: Upstream) -> None:
    door = guarded(upstream, pii("annotate", "output"))
    upstream.add(reply(200, answer(client, SAID), JSON), events(stream(client, SAID[:15], SAID[15:])))
    heard = await door.ask("POST", *asking(client, "hi"))
    assert heard.body == answer(client, SAID)
    assert verdict(door) == ("no-mail", "output", "annotate", 1, ("email",))
    streamed = await door.ask("POST", *asking(client, "hi", stream=True))
    assert said(client, streamed.body, streams=True) == SAID
    assert door.logs.rows[1].guardrails == door.logs.rows[0].guardrails
    door.close()


async def test_the_provider_is_hung_up_on_when_a_stream_is_blocked(upstream: Upstream) -> None:
    """The rest never comes: a client that had to wait for it would wait for ever."""
    door = guarded(upstream, pii("block", "output"))
    whole = stream("openai_chat", SAID + " y" * 200, "never")
    upstream.add(cut(whole, whole.index(b"never") - 100, by="stall"))
    heard = await door.ask("POST", *asking("openai_chat", "hi", stream=True))
    assert heard.ended
    assert reason("openai_chat", heard.body, streams=True) == "content_filter"
    assert heard.body.endswith(b"data: [DONE]\n\n")
    assert door.row.usage.source == "estimated"
    assert door.row.usage.output > 0
    door.close()


@pytest.mark.parametrize("action", ["mask", "block"])
@pytest.mark.parametrize("streams", [False, True])
@pytest.mark.parametrize("client", ["openai_chat", "openai_responses", "anthropic_messages", "gemini"])
async def test_an_answer_of_another_dialect_is_looked_at_too(
    client: str, streams: bool, action: str, upstream: Upstream
) -> None:
    other = "openai_chat" if client == "anthropic_messages" else "anthropic_messages"
    door = guarded(upstream, pii(action, "output"))
    upstream.add(events(stream(other, SAID[:15], SAID[15:])) if streams else reply(200, answer(other, SAID), JSON))
    target, body = asking(client, "hi", stream=streams)
    at, wanted = f"r-{client}", f"r-{other}"
    if client == "gemini":
        target = target.replace(at, wanted)
    else:
        body["model"] = wanted
    heard = await door.ask("POST", target, body)
    if action == "mask":
        assert said(client, heard.body, streams=streams) == MASKED
    else:
        assert reason(client, heard.body, streams=streams) == FILTERED[client]
    assert MAIL.encode() not in heard.body
    door.close()


@pytest.mark.parametrize("action", ["mask", "block"])
@pytest.mark.parametrize("path", ["/v1/chat", "/v1/completions", "/v1/completions/stream"])
async def test_the_other_shapes_of_chat_are_looked_at_before_they_are_shaped(
    path: str, action: str, upstream: Upstream
) -> None:
    streams = path.endswith("stream")
    door = guarded(upstream, pii(action, "output"))
    whole, told = reply(200, answer("openai_chat", SAID), JSON), events(stream("openai_chat", SAID[:15], SAID[15:]))
    upstream.add(told if streams else whole)
    heard = await door.ask(
        "POST",
        path,
        {"model": "r-openai_chat", "messages": [{"role": "user", "content": "hi"}], "stop_sequences": ["x"]}
        if path != "/v1/chat"
        else {"model": "r-openai_chat", "messages": [{"role": "user", "content": "hi"}]},
    )
    assert heard.status == 200, heard.body
    assert MAIL.encode() not in heard.body
    assert (b"[email]" in heard.body) is (action == "mask")
    assert (b"content_filter" in heard.body) is (action == "block")
    assert door.row.guardrails
    door.close()


@pytest.mark.parametrize("action", ["mask", "block"])
@pytest.mark.parametrize("streams", [False, True])
async def test_signs_of_life_come_before_an_answer_that_is_looked_at(
    streams: bool, action: str, upstream: Upstream
) -> None:
    rule = pii(action, "output")
    settings = replace(SETTINGS, keepalive_seconds=0.02)
    door = Door(guarded_release(upstream.url, rule), MemoryKeys(virtual_key(record_bodies=True)), settings=settings)
    whole = stream("openai_chat", SAID[:15], SAID[15:]) if streams else answer("openai_chat", SAID)
    upstream.add(gated([whole], headers=EVENTS if streams else JSON))
    beaten: list[bytes] = []

    def beat(part: bytes) -> None:
        if not beaten:
            upstream.open("part-0")
            upstream.open("part-end")
        beaten.append(part)

    heard = await door.ask("POST", *asking("openai_chat", "hi", stream=streams), on_part=beat)
    assert len(beaten) > 1
    assert MAIL.encode() not in heard.body
    assert reason("openai_chat", heard.body, streams=streams) == ("stop" if action == "mask" else "content_filter")
    assert door.row.guardrails[0].action == action
    nowhere(door)
    door.close()


async def test_without_guardrails_nothing_of_them_is_at_work(door: Door, upstream: Upstream) -> None:
    upstream.add(reply(200, answer("openai_chat", SAID), JSON))
    body = {"model": "chat-model", "messages": [{"role": "user", "content": SAID}]}
    heard = await door.ask("POST", "/v1/chat/completions", body)
    assert heard.body == answer("openai_chat", SAID)
    assert door.exchange._relaying._guarding is None
    assert (door.row.guardrails, heard.header(b"x-gateway-guardrails")) == ((), None)
