"""Any dialect in, any dialect out, through the whole exchange."""

from __future__ import annotations

import json
from typing import Any

import pytest
from tests.exchange.dialects import (
    CLIENTS,
    CONTENT_TYPE,
    MODELS,
    WORDS,
    asked,
    ended_badly,
    ended_well,
    events,
    read,
    streamed,
    text_of,
    whole,
)
from tests.exchange.kit import KEY, Door
from tests.upstream.server import Upstream
from tests.upstream.steps import JSON, cut, reply
from tests.upstream.steps import events as scripted

from gateway.neutral.blocks import Signature
from gateway.wire import signatures

PAIRS = [(client, upstream) for client in CLIENTS for upstream in MODELS if client != upstream]


def kind_of(upstream: str) -> tuple[tuple[str, str], ...]:
    return (("content-type", CONTENT_TYPE.get(upstream, "text/event-stream")),)


PATHS = {
    "openai_chat": ("/v1/chat/completions", "/v1/chat/completions"),
    "openai_responses": ("/v1/responses", "/v1/responses"),
    "anthropic_messages": ("/v1/messages", "/v1/messages"),
    "gemini": (
        "/v1beta/models/up-gemini:generateContent",
        "/v1beta/models/up-gemini:streamGenerateContent?alt=sse",
    ),
    "bedrock_converse": ("/model/up.bedrock%3A1/converse", "/model/up.bedrock%3A1/converse-stream"),
}


@pytest.mark.parametrize(("client", "up"), PAIRS)
async def test_a_whole_answer_comes_in_the_clients_dialect(
    door: Door, upstream: Upstream, client: str, up: str
) -> None:
    upstream.add(reply(200, whole(up)))
    target, body = asked(client, MODELS[up], stream=False)
    heard = await door.ask("POST", target, body)
    assert heard.status == 200, heard.body
    assert read(client, heard.body) == (WORDS, 9, 3)
    sent = (await upstream.seen())[0]
    assert sent.target == PATHS[up][False]
    assert b"authorization" in sent.head.lower() or b"x-api-key" in sent.head.lower() or b"x-goog" in sent.head.lower()
    assert KEY.encode() not in sent.head
    row = door.row
    assert (row.status, row.error, row.usage.fresh, row.usage.output, row.usage.source) == (200, None, 9, 3, "upstream")
    assert row.cost.state == "priced"


@pytest.mark.parametrize(("client", "up"), PAIRS)
async def test_a_stream_comes_in_the_clients_dialect(door: Door, upstream: Upstream, client: str, up: str) -> None:
    upstream.add(scripted(b"".join(streamed(up)), kind_of(up), parts=streamed(up)))
    target, body = asked(client, MODELS[up], stream=True)
    heard = await door.ask("POST", target, body)
    assert heard.status == 200, heard.body
    assert heard.header(b"content-type") == b"text/event-stream; charset=utf-8"
    assert text_of(client, heard.body) == WORDS
    assert ended_well(client, heard.body)
    assert (await upstream.seen())[0].target == PATHS[up][True]
    row = door.row
    assert (row.status, row.error, row.usage.fresh, row.usage.output, row.usage.source) == (200, None, 9, 3, "upstream")


@pytest.mark.parametrize("by", ["reset", "close", "clean"])
@pytest.mark.parametrize(("client", "up"), PAIRS)
async def test_a_cut_stream_ends_with_the_clients_error_event(
    door: Door, upstream: Upstream, client: str, up: str, by: Any
) -> None:
    parts = streamed(up)
    upstream.add(cut(b"".join(parts), sum(map(len, parts[:-1])) - 3, by, headers=kind_of(up)))
    target, body = asked(client, MODELS[up], stream=True)
    heard = await door.ask("POST", target, body)
    assert heard.status in {200, 502}
    if heard.status == 200:
        assert ended_badly(client, heard.body)
        assert not ended_well(client, heard.body)
    else:
        assert heard.json()["error"]
    assert door.row.status == 502
    assert door.row.error in {"upstream_reset", "upstream_cut"}
    assert door.row.usage.source in {"estimated", "none"}


@pytest.mark.parametrize("client", ["openai_chat", "openai_responses", "gemini"])
async def test_a_failure_in_the_middle_is_the_clients_error_event(door: Door, upstream: Upstream, client: str) -> None:
    said = b'event: error\ndata: {"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}\n\n'
    upstream.add(scripted(b"".join([*streamed("anthropic_messages")[:4], said])))
    target, body = asked(client, "claude-model", stream=True)
    heard = await door.ask("POST", target, body)
    assert heard.status == 200
    assert ended_badly(client, heard.body)
    assert not ended_well(client, heard.body)
    assert (door.row.status, door.row.error) == (502, "overloaded_error")


@pytest.mark.parametrize("client", ["openai_chat", "openai_responses", "gemini"])
async def test_a_stream_that_begins_with_an_error_is_a_real_status(door: Door, upstream: Upstream, client: str) -> None:
    said = b'event: error\ndata: {"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}\n\n'
    upstream.add(scripted(b"".join([streamed("anthropic_messages")[0], said])))
    target, body = asked(client, "claude-model", stream=True)
    heard = await door.ask("POST", target, body)
    assert heard.status == 529
    assert "Overloaded" in heard.json()["error"]["message"]
    assert door.row.status == 529


async def test_an_upstreams_refusal_is_told_in_the_clients_words(door: Door, upstream: Upstream) -> None:
    body = b'{"type":"error","error":{"type":"rate_limit_error","message":"Slow down"}}'
    upstream.add(reply(429, body, (*JSON, ("retry-after", "7"), ("x-should-retry", "true"))))
    target, said = asked("openai_chat", "claude-model", stream=False)
    heard = await door.ask("POST", target, said)
    assert heard.status == 429
    assert heard.json()["error"]["type"] == "rate_limit_error"
    assert "Slow down" in heard.json()["error"]["message"]
    assert heard.header(b"retry-after") == b"7"
    assert heard.header(b"x-should-retry") == b"true"
    assert door.row.status == 429


async def test_the_gateways_own_rejected_credential_is_not_the_clients(door: Door, upstream: Upstream) -> None:
    upstream.add(reply(401, b'{"error":{"message":"Incorrect API key provided: up-","type":"invalid_request_error"}}'))
    target, said = asked("anthropic_messages", "chat-model", stream=False)
    heard = await door.ask("POST", target, said)
    assert heard.status == 502
    assert heard.json()["type"] == "error"
    assert heard.header(b"x-should-retry") == b"false"


async def test_what_is_lost_is_named_in_a_header_and_in_the_row(door: Door, upstream: Upstream) -> None:
    upstream.add(reply(200, whole("anthropic_messages")))
    target, said = asked("openai_chat", "claude-model", stream=False, seed=7, frequency_penalty=0.5, max_tokens=5)
    heard = await door.ask("POST", target, said)
    assert heard.status == 200
    header = (heard.header(b"x-gateway-losses") or b"").decode()
    assert "seed;dropped" in header
    assert "frequency_penalty;dropped" in header
    assert {loss.partition(":")[0] for loss in door.row.losses} == {"seed", "frequency_penalty"}
    sent = (await upstream.seen())[0].json()
    assert "seed" not in sent


async def test_strict_refuses_before_anything_is_sent(door: Door, upstream: Upstream) -> None:
    target, said = asked("openai_chat", "claude-model", stream=False, seed=7)
    headers = [("authorization", f"Bearer {KEY}"), ("x-gateway-strict", "true")]
    heard = await door.ask("POST", target, said, headers)
    assert heard.status == 400
    assert heard.json()["error"]["param"] == "seed"
    assert heard.json()["error"]["code"] == "unsupported_by_provider"
    assert upstream.journal == []
    assert door.row.status == 400


async def test_strict_lets_pass_what_loses_nothing(door: Door, upstream: Upstream) -> None:
    upstream.add(reply(200, whole("anthropic_messages")))
    target, said = asked("openai_chat", "claude-model", stream=False)  # max_tokens is left to a default
    headers = [("authorization", f"Bearer {KEY}"), ("x-gateway-strict", "true")]
    assert (await door.ask("POST", target, said, headers)).status == 200


async def test_strict_must_be_a_flag(door: Door) -> None:
    target, said = asked("openai_chat", "claude-model", stream=False)
    heard = await door.ask("POST", target, said, [("authorization", f"Bearer {KEY}"), ("x-gateway-strict", "perhaps")])
    assert heard.status == 400
    assert heard.json()["error"]["param"] == "x-gateway-strict"


@pytest.mark.parametrize("client", CLIENTS)
@pytest.mark.parametrize("garbage", [b"<html>", b"[]", b'{"hello":1}', b"", b'"text"'])
async def test_garbage_is_an_error_in_the_clients_dialect(
    door: Door, upstream: Upstream, client: str, garbage: bytes
) -> None:
    model = "claude-model" if client != "anthropic_messages" else "chat-model"
    upstream.add(reply(200, garbage))
    target, said = asked(client, model, stream=False)
    heard = await door.ask("POST", target, said)
    assert heard.status == 502, heard.body
    assert heard.json()["error"]["message"]
    assert door.row.error == "upstream_bad_answer"


@pytest.mark.parametrize("client", CLIENTS)
async def test_a_provider_that_does_not_stream_is_told_as_a_stream(door: Door, upstream: Upstream, client: str) -> None:
    up = "anthropic_messages" if client != "anthropic_messages" else "openai_chat"
    upstream.add(reply(200, whole(up)))
    target, said = asked(client, MODELS[up], stream=True)
    heard = await door.ask("POST", target, said)
    assert heard.header(b"content-type") == b"text/event-stream; charset=utf-8"
    assert text_of(client, heard.body) == WORDS
    assert ended_well(client, heard.body)
    assert (door.row.usage.fresh, door.row.usage.output) == (9, 3)


async def test_missing_usage_is_estimated(door: Door, upstream: Upstream) -> None:
    answer = json.loads(whole("openai_chat"))
    del answer["usage"]
    upstream.add(reply(200, json.dumps(answer).encode()))
    target, said = asked("anthropic_messages", "chat-model", stream=False)
    heard = await door.ask("POST", target, said)
    assert heard.status == 200
    assert door.row.usage.source == "estimated"
    assert door.row.usage.output > 0


async def test_message_start_knows_about_how_long_the_prompt_was(door: Door, upstream: Upstream) -> None:
    upstream.add(scripted(b"".join(streamed("openai_chat"))))
    target, said = asked("anthropic_messages", "chat-model", stream=True)
    said["messages"] = [{"role": "user", "content": "one two three four five six seven eight nine ten " * 40}]
    heard = await door.ask("POST", target, said)
    first = events(heard.body)[0]
    assert first["type"] == "message_start"
    assert 200 < first["message"]["usage"]["input_tokens"] < 1000
    last = next(event for event in events(heard.body) if event["type"] == "message_delta")
    assert last["usage"]["input_tokens"] == 9


async def test_a_conversation_may_change_its_model(door: Door, upstream: Upstream) -> None:
    """Thoughts of Gemini, which an Anthropic client has sealed, do not reach Claude, which would refuse them."""
    sealed = signatures.seal(Signature("gemini", "c2ln"), "anthropic_messages")
    thought = {"type": "thinking", "thinking": "", "signature": sealed}
    said = asked("anthropic_messages", "claude-model", stream=False)[1]
    said["messages"] += [
        {"role": "assistant", "content": [thought, {"type": "text", "text": "a"}]},
        said["messages"][0],
    ]
    upstream.add(reply(200, whole("anthropic_messages")))
    heard = await door.ask("POST", "/v1/messages", said)
    assert heard.body == whole("anthropic_messages")
    assert heard.header(b"x-gateway-losses") == b"messages[1].content[0];dropped"
    assert sealed.encode() not in (await upstream.seen())[0].body
    strict = [("authorization", f"Bearer {KEY}"), ("x-gateway-strict", "true")]
    assert (await door.ask("POST", "/v1/messages", said, strict)).status == 400


@pytest.mark.parametrize(("client", "name"), [("anthropic_messages", b"request-id"), ("openai_chat", b"x-request-id")])
async def test_an_answer_carries_the_id_where_the_clients_sdk_looks(
    door: Door, upstream: Upstream, client: str, name: bytes
) -> None:
    upstream.add(reply(200, whole("gemini")))
    target, said = asked(client, "gemini-model", stream=False)
    heard = await door.ask("POST", target, said)
    assert (heard.header(name) or b"").decode() == door.row.id
    timed = heard.header(b"openai-processing-ms")
    assert (timed is not None and timed.isdigit()) == (client == "openai_chat")


async def test_the_providers_own_time_stays(door: Door, upstream: Upstream) -> None:
    upstream.add(reply(200, whole("openai_chat"), (*JSON, ("openai-processing-ms", "77"))))
    target, said = asked("openai_chat", "chat-model", stream=False)
    heard = await door.ask("POST", target, said)
    assert [value for header, value in heard.headers if header == b"openai-processing-ms"] == [b"77"]
