"""Any dialect in, any dialect out, through the whole exchange."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import replace
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
from tests.exchange.kit import KEY, SETTINGS, Door, release_for
from tests.upstream.server import Upstream
from tests.upstream.steps import EVENTS, JSON, Gate, cut, gated, reply
from tests.upstream.steps import events as scripted

from gateway.exchange import Abandoned
from gateway.neutral.config import Model

PAIRS = [(client, upstream) for client in CLIENTS for upstream in MODELS if client != upstream]


@pytest.fixture
async def upstream() -> AsyncIterator[Upstream]:
    async with Upstream() as server:
        yield server


@pytest.fixture
def door(upstream: Upstream) -> Door:
    return Door(release_for(upstream.url))


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


def expected_paths(upstream: str, *, stream: bool) -> set[str]:
    """OpenAI itself speaks two dialects; which one a request goes by is the translation's choice."""
    found = {PATHS[upstream][stream]}
    return found | {PATHS["openai_chat"][stream]} if upstream == "openai_responses" else found


@pytest.mark.parametrize(("client", "up"), PAIRS)
async def test_a_whole_answer_comes_in_the_clients_dialect(
    door: Door, upstream: Upstream, client: str, up: str
) -> None:
    upstream.add(lambda request: reply(200, whole("openai_chat" if "chat" in request.target else up)))
    target, body = asked(client, MODELS[up], stream=False)
    heard = await door.ask("POST", target, body)
    assert heard.status == 200, heard.body
    assert read(client, heard.body) == (WORDS, 9, 3)
    sent = (await upstream.seen())[0]
    assert sent.target in expected_paths(up, stream=False)
    assert b"authorization" in sent.head.lower() or b"x-api-key" in sent.head.lower() or b"x-goog" in sent.head.lower()
    assert KEY.encode() not in sent.head
    row = door.row
    assert (row.status, row.error, row.usage.fresh, row.usage.output, row.usage.source) == (200, None, 9, 3, "upstream")
    assert row.cost.state == "priced"


@pytest.mark.parametrize(("client", "up"), PAIRS)
async def test_a_stream_comes_in_the_clients_dialect(door: Door, upstream: Upstream, client: str, up: str) -> None:
    def answer(request: Any) -> Any:
        spoken = "openai_chat" if "chat" in request.target else up
        return scripted(b"".join(streamed(spoken)), kind_of(spoken), parts=streamed(spoken))

    upstream.add(answer)
    target, body = asked(client, MODELS[up], stream=True)
    heard = await door.ask("POST", target, body)
    assert heard.status == 200, heard.body
    assert heard.header(b"content-type") == b"text/event-stream; charset=utf-8"
    assert text_of(client, heard.body) == WORDS
    assert ended_well(client, heard.body)
    assert (await upstream.seen())[0].target in expected_paths(up, stream=True)
    row = door.row
    assert (row.status, row.error, row.usage.fresh, row.usage.output, row.usage.source) == (200, None, 9, 3, "upstream")


@pytest.mark.parametrize("by", ["reset", "close", "clean"])
@pytest.mark.parametrize(("client", "up"), PAIRS)
async def test_a_cut_stream_ends_with_the_clients_error_event(
    door: Door, upstream: Upstream, client: str, up: str, by: Any
) -> None:
    def answer(request: Any) -> Any:
        spoken = "openai_chat" if "chat" in request.target else up
        parts = streamed(spoken)
        return cut(b"".join(parts), sum(map(len, parts[:-1])) - 3, by, headers=kind_of(spoken))

    upstream.add(answer)
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
    upstream.add(reply(429, body, (*JSON, ("retry-after", "7"))))
    target, said = asked("openai_chat", "claude-model", stream=False)
    heard = await door.ask("POST", target, said)
    assert heard.status == 429
    assert heard.json()["error"]["type"] == "rate_limit_error"
    assert "Slow down" in heard.json()["error"]["message"]
    assert heard.header(b"retry-after") == b"7"
    assert door.row.status == 429


async def test_the_gateways_own_rejected_credential_is_not_the_clients(door: Door, upstream: Upstream) -> None:
    upstream.add(reply(401, b'{"error":{"message":"Incorrect API key provided: up-","type":"invalid_request_error"}}'))
    target, said = asked("anthropic_messages", "chat-model", stream=False)
    heard = await door.ask("POST", target, said)
    assert heard.status == 502
    assert heard.json()["type"] == "error"


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


async def test_a_model_that_its_vendor_serves_in_one_dialect_only_is_translated(upstream: Upstream) -> None:
    """OpenAI answers Chat and Responses, but this model on Responses alone."""
    release = release_for(upstream.url)
    door = Door(replace(release, models=(*release.models, Model("codex", "full", "gpt-5-codex"))))
    upstream.add(reply(200, whole("openai_responses")))
    target, said = asked("openai_chat", "codex", stream=False)
    heard = await door.ask("POST", target, said)
    assert read("openai_chat", heard.body) == (WORDS, 9, 3)
    assert (await upstream.seen())[0].target == "/v1/responses"


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


# -- signs of life ------------------------------------------------------------------------------------------------------


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


# -- counting -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("model", ["chat-model", "gemini-model", "bedrock-model"])
async def test_tokens_are_counted_here_when_the_provider_does_not(door: Door, upstream: Upstream, model: str) -> None:
    said = {"model": model, "messages": [{"role": "user", "content": "one two three four five"}]}
    heard = await door.ask("POST", "/v1/messages/count_tokens", said)
    assert heard.status == 200
    assert 3 <= heard.json()["input_tokens"] <= 30
    assert heard.header(b"x-gateway-token-count") == b"estimated"
    assert upstream.journal == []
    assert (door.row.usage.source, door.row.cost.state) == ("none", "none")


async def test_tokens_are_counted_by_the_provider_that_can(door: Door, upstream: Upstream) -> None:
    upstream.add(reply(200, b'{"totalTokens": 31}'))
    said = {"contents": [{"parts": [{"text": "x"}]}]}
    heard = await door.ask("POST", "/v1beta/models/gemini-model:countTokens", said)
    assert heard.json() == {"totalTokens": 31}
    assert heard.header(b"x-gateway-token-count") is None
    assert (await upstream.seen())[0].target == "/v1beta/models/up-gemini:countTokens"


async def test_a_server_without_the_operation_leaves_counting_to_the_gateway(door: Door, upstream: Upstream) -> None:
    upstream.add(reply(404, b'{"detail":"Not Found"}'))
    said = {"model": "claude-model", "messages": [{"role": "user", "content": "one two three"}]}
    heard = await door.ask("POST", "/v1/messages/count_tokens", said)
    assert heard.status == 200
    assert heard.json()["input_tokens"] > 0
    assert heard.header(b"x-gateway-token-count") == b"estimated"
    assert (door.row.status, door.row.error) == (200, None)


async def test_gemini_counts_in_both_forms_for_a_foreign_model(door: Door) -> None:
    prompt = {"contents": [{"parts": [{"text": "one two three four"}]}]}
    plain = await door.ask("POST", "/v1beta/models/claude-model:countTokens", prompt)
    nested = await door.ask(
        "POST", "/v1beta/models/claude-model:countTokens", {"generateContentRequest": {"model": "models/x", **prompt}}
    )
    assert plain.json() == nested.json()
    assert plain.json()["totalTokens"] > 2


# -- Gemini's own ways --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("model", ["gemini-model", "claude-model"])
async def test_a_stream_without_alt_sse_is_one_json_array(door: Door, upstream: Upstream, model: str) -> None:
    up = "gemini" if model == "gemini-model" else "anthropic_messages"
    upstream.add(scripted(b"".join(streamed(up))))
    said = asked("gemini", model, stream=True)[1]
    heard = await door.ask("POST", f"/v1beta/models/{model}:streamGenerateContent", said)
    assert (heard.header(b"content-type") or b"").startswith(b"application/json")
    chunks = json.loads(heard.body)
    text = "".join(
        part["text"] for one in chunks for part in one["candidates"][0]["content"]["parts"] if "text" in part
    )
    assert text == WORDS
    if up == "gemini":
        assert (await upstream.seen())[0].target.endswith(":streamGenerateContent?alt=sse")


@pytest.mark.parametrize("model", ["gemini-model", "claude-model"])
async def test_a_cut_array_ends_with_an_error_element(door: Door, upstream: Upstream, model: str) -> None:
    up = "gemini" if model == "gemini-model" else "anthropic_messages"
    parts = streamed(up)
    upstream.add(cut(b"".join(parts), len(b"".join(parts)) - 30, "clean"))
    heard = await door.ask(
        "POST", f"/v1beta/models/{model}:streamGenerateContent", asked("gemini", model, stream=True)[1]
    )
    assert json.loads(heard.body)[-1]["error"]["code"] == 502


async def test_gemini_lists_models_in_its_own_shape(door: Door) -> None:
    heard = await door.ask("GET", "/v1beta/models")
    assert "models/claude-model" in {model["name"] for model in heard.json()["models"]}
    one = await door.ask("GET", "/v1beta/models/claude-model")
    assert one.json()["name"] == "models/claude-model"
    missing = await door.ask("GET", "/v1beta/models/nothing")
    assert missing.json()["error"]["status"] == "NOT_FOUND"


@pytest.mark.parametrize(
    ("target", "status"),
    [
        ("/v1beta/models/gemini-model:fly", 405),
        ("/v1beta/models/:generateContent", 404),
        ("/v1beta/models/nothing:generateContent", 404),
        ("/v1beta/other", 404),
    ],
)
async def test_odd_gemini_paths_are_told_in_geminis_words(door: Door, target: str, status: int) -> None:
    heard = await door.ask("POST", target, {"contents": [{"parts": [{"text": "x"}]}]})
    assert heard.status == status
    assert heard.json()["error"]["code"] == status
