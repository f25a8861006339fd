"""Whole answers, both ways, and errors."""

from __future__ import annotations

import base64
from typing import Any

import orjson
import pytest
from openai.types.chat import ChatCompletion
from tests.wire.openai_chat.parts import CASES, PLAIN, asked, context, decoded, fixture

from gateway.errors import BadAnswer
from gateway.neutral.blocks import (
    Block,
    Media,
    Opaque,
    Refusal,
    Signature,
    Text,
    Thinking,
    TokenLogprob,
    ToolCall,
)
from gateway.neutral.response import Choice, Failed, Response, Stop, StopReason
from gateway.neutral.usage import Usage
from gateway.wire.openai_chat.codec import CODEC
from gateway.wire.openai_chat.response import usage

CALL = ToolCall("c1", "f", '{"a":1}')


def told(message: dict[str, Any], finish: str = "stop", **choice: Any) -> Choice:
    body = {"choices": [{"index": 0, "message": message, "finish_reason": finish, **choice}]}
    return CODEC.decode_response(body, "seed").choices[0]


def answer(
    *blocks: Block, stop: Stop | None = None, request: Any = PLAIN, **members: Any
) -> tuple[dict[str, Any], Any]:
    assert CODEC.encode_response is not None
    body, losses = CODEC.encode_response(Response((Choice(blocks, stop),), **members), context(request))
    raw = orjson.dumps(body)
    return orjson.loads(raw), {(loss.field, loss.action) for loss in losses}


def strict(body: dict[str, Any]) -> None:
    """The SDK's own types take the body and give the same back."""
    assert ChatCompletion.model_validate(body).model_dump(exclude_unset=True) == body


@pytest.mark.parametrize("case", CASES)
def test_fixtures(case: str) -> None:
    expected = orjson.loads(fixture(case, "expected.json"))
    found = CODEC.decode_response(orjson.loads(fixture(case, "response.json")), "seed")
    choice = found.choices[0]
    said = "".join(block.text for block in choice.blocks if isinstance(block, Text | Refusal))
    assert said == expected.get("text", expected.get("refusal", ""))
    calls = [
        {"name": block.name, "arguments": orjson.loads(block.arguments)}
        for block in choice.blocks
        if isinstance(block, ToolCall)
    ]
    assert calls == expected.get("tools", [])
    assert choice.stop is not None
    assert choice.stop.raw == expected["finish"]
    if expected["usage"] is None:
        assert found.usage is None
    else:
        assert found.usage is not None
        assert {name: getattr(found.usage, name) for name in expected["usage"]} == expected["usage"]


@pytest.mark.parametrize("case", CASES)
def test_fixtures_come_back_as_they_were(case: str) -> None:
    """Encoded for a client again, an answer says the same in everything the SDK knows."""
    sent = orjson.loads(fixture(case, "response.json"))
    found = CODEC.decode_response(sent, "seed")
    assert CODEC.encode_response is not None
    body, losses = CODEC.encode_response(found, context())
    strict(orjson.loads(orjson.dumps(body)))
    assert losses == ()
    for mine, theirs in zip(body["choices"], sent["choices"], strict=True):
        for name in ("content", "tool_calls", "reasoning_content"):
            assert mine["message"].get(name) == theirs["message"].get(name), name
        assert mine["finish_reason"] == theirs["finish_reason"]
    if "usage" in sent:
        assert body["usage"]["total_tokens"] == sent["usage"]["total_tokens"]


def test_names_of_the_answer() -> None:
    body, _ = answer(Text("x"), id="up-1", model="up-model", created=1)
    assert (body["id"], body["model"], body["created"]) == ("chatcmpl-req1", "asked", 1763683200)
    assert "usage" not in body


@pytest.mark.parametrize(("message", "blocks"), [
    ({"content": "a", "reasoning_content": "hm"}, (Thinking("hm"), Text("a"))), ({"content": "a", "reasoning": "hm"}, (Thinking("hm"), Text("a"))),
    ({"content": [{"type": "thinking", "thinking": [{"type": "text", "text": "hm"}]}, {"type": "text", "text": "a"}]}, (Thinking("hm"), Text("a"))),
    ({"content": [{"type": "reference", "reference_ids": [1]}]}, (Opaque("openai_chat", "reference", {"type": "reference", "reference_ids": [1]}),)),
    ({"content": "", "tool_calls": [{"type": "function", "function": {"name": "f", "arguments": {"a": 1}}}]}, (ToolCall("call_seed_0_0", "f",
     '{"a":1}'),)),
    ({"content": None, "tool_calls": [{"id": "c", "type": "custom", "custom": {"name": "g", "input": "x"}}]}, (ToolCall("c", "g", "x",
     custom=True),)),
    ({"content": None, "function_call": {"name": "f", "arguments": "{}"}}, (ToolCall("call_seed_0_0", "f", "{}"),)),
    ({"content": "a", "images": [{"type": "image_url", "image_url": {"url": "data:image/png;base64,eA=="}}]}, (Text("a"), Media("image",
     "image/png", "eA=="))),
    ({"content": "a", "annotations": [{"type": "url_citation"}]}, (Text("a", extras={"openai_chat": {"annotations": [{"type": "url_citation"}]}}),)),
    ({"content": None, "audio": {"id": "au"}}, (Opaque("openai_chat", "audio", {"id": "au"}),)),
    ({"content": None, "refusal": "no"}, (Refusal("no"),)),
])  # fmt: skip
def test_what_upstreams_write(message: dict[str, Any], blocks: tuple[Block, ...]) -> None:
    assert told(message).blocks == blocks


@pytest.mark.parametrize(("message", "finish", "more", "stop"), [
    ({"content": "a"}, "stop", {}, Stop("end", raw="stop")), ({"content": "a"}, "stop", {"stop_reason": "END"}, Stop("stop_sequence", "END", "stop")),
    ({"content": "a"}, "stop", {"stop_reason": 128009}, Stop("end", raw="stop")), ({"refusal": "no"}, "stop", {}, Stop("refusal", raw="stop")),
    ({"tool_calls": [{"id": "c", "function": {"name": "f", "arguments": ""}}]}, "stop", {}, Stop("tool_call", raw="stop")),
    ({"content": "a"}, "model_length", {}, Stop("context", raw="model_length")),
    ({"content": "a"}, "content_filter", {}, Stop("content_filter", raw="content_filter")),
    ({"content": "a"}, "insufficient_system_resource", {}, Stop("other", raw="insufficient_system_resource")), ({"content": "a"}, None, {}, None),
])  # fmt: skip
def test_stops_of_upstreams(message: dict[str, Any], finish: Any, more: dict[str, Any], stop: Stop | None) -> None:
    assert told(message, finish, **more).stop == stop


@pytest.mark.parametrize(("reason", "word"), [
    ("end", "stop"), ("length", "length"), ("stop_sequence", "stop"), ("tool_call", "tool_calls"), ("refusal", "content_filter"),
    ("content_filter", "content_filter"),
    ("pause", "stop"), ("context", "length"), ("bad_tool_call", "stop"), ("other", "stop"),
])  # fmt: skip
def test_stops_for_clients(reason: StopReason, word: str) -> None:
    body, _ = answer(Text("x"), stop=Stop(reason))
    strict(body)
    assert body["choices"][0]["finish_reason"] == word


def test_a_stop_nobody_named() -> None:
    assert answer(Text("x"))[0]["choices"][0]["finish_reason"] == "stop"
    assert answer(CALL)[0]["choices"][0]["finish_reason"] == "tool_calls"
    assert answer(Refusal("no"), stop=Stop("refusal"))[0]["choices"][0]["finish_reason"] == "stop"


def test_logprobs() -> None:
    token = {
        "token": "a",
        "logprob": -0.5,
        "bytes": [97],
        "top_logprobs": [{"token": "b", "logprob": -1, "bytes": None}],
    }
    choice = told({"content": "a"}, logprobs={"content": [token], "refusal": None})
    expected = (TokenLogprob("a", -0.5, (97,), (TokenLogprob("b", -1.0),)),)
    assert choice.blocks == (Text("a", logprobs=expected),)
    body, _ = answer(*choice.blocks)
    strict(body)
    assert body["choices"][0]["logprobs"]["content"] == [token]


@pytest.mark.parametrize(("data", "expected"), [
    ({"prompt_tokens": 10, "completion_tokens": 5, "prompt_tokens_details": {"cached_tokens": 4, "cache_write_tokens": 3}}, Usage(3, 4, 3, 0, 5, 0,
     "upstream")),
    ({"prompt_tokens": 10, "completion_tokens": 5, "prompt_cache_hit_tokens": 6, "prompt_cache_miss_tokens": 4}, Usage(4, 6, 0, 0, 5, 0, "upstream")),
    ({"prompt_tokens": 663, "completion_tokens": 50, "total_tokens": 837, "completion_tokens_details": {"reasoning_tokens": 124}}, Usage(663, 0, 0,
     0, 174, 124, "upstream")),
    ({"prompt_tokens": 9, "completion_tokens": 8, "total_tokens": 17, "completion_tokens_details": {"reasoning_tokens": 7}}, Usage(9, 0, 0, 0, 8,
     7, "upstream")),
    ({"prompt_tokens": 9, "completion_tokens": 5, "completion_tokens_details": {"reasoning_tokens": 7}}, Usage(9, 0, 0, 0, 5, 5, "upstream")),
])  # fmt: skip
def test_usage_of_upstreams(data: dict[str, Any], expected: Usage) -> None:
    """The third is xAI's way: reasoning beside completion_tokens, which only the total gives away."""
    assert usage({"usage": data}) == expected


def test_usage_for_clients() -> None:
    body, _ = answer(Text("x"), usage=Usage(10, 4, 3, 2, 7, 5, "upstream"), service_tier="default")
    strict(body)
    assert body["usage"] == {
        "prompt_tokens": 19, "completion_tokens": 7, "total_tokens": 26, "prompt_tokens_details": {"cached_tokens": 4, "cache_write_tokens": 5,
         "audio_tokens": 0},
        "completion_tokens_details": {"reasoning_tokens": 5, "audio_tokens": 0, "accepted_prediction_tokens": 0, "rejected_prediction_tokens": 0},
    }  # fmt: skip
    assert body["service_tier"] == "default"
    assert "service_tier" not in answer(Text("x"), service_tier="standard")[0]


SIGNED = (
    Thinking("first", Signature("anthropic_messages", "c2ln")),
    Thinking("", Signature("anthropic_messages", "cmVk"), redacted=True),
    Thinking("", Signature("openai_responses", "ZW5j")),
    Text("so"),
    ToolCall("c1", "f", "{}", signature=Signature("gemini", "Z2Vt")),
    ToolCall("c2", "f", "{}", signature=Signature("anthropic_messages", "b3Ro")),
)


def test_signatures_go_out_and_come_back() -> None:
    body, losses = answer(*SIGNED)
    assert losses == set()
    message = body["choices"][0]["message"]
    assert message["reasoning_content"] == "first"
    shapes = [(entry["type"], entry["format"]) for entry in message["reasoning_details"]]
    assert shapes == [
        ("reasoning.text", "anthropic-claude-v1"), ("reasoning.encrypted", "anthropic-claude-v1"), ("reasoning.text", "openai-responses-v1"),
    ]  # fmt: skip
    assert message["tool_calls"][0]["extra_content"] == {"google": {"thought_signature": "Z2Vt"}}
    assert asked(message).messages[0].blocks == SIGNED


def test_openrouters_details_come_back_to_chat_clients_as_they_were() -> None:
    entry = {
        "type": "reasoning.text",
        "text": "t",
        "signature": "s",
        "id": "r",
        "format": "anthropic-claude-v1",
        "index": 0,
    }
    choice = told({"content": "a", "reasoning": "t", "reasoning_details": [entry]})
    assert answer(*choice.blocks)[0]["choices"][0]["message"]["reasoning_details"] == [entry]
    held = {"google": {"thought_signature": "x"}}
    called = told({"tool_calls": [{"id": "c", "function": {"name": "f", "arguments": "{}"}, "extra_content": held}]})
    assert answer(*called.blocks)[0]["choices"][0]["message"]["tool_calls"][0]["extra_content"] == held


def test_custom_tools_get_their_text_back() -> None:
    request = decoded(
        tools=[{"type": "custom", "custom": {"name": "g"}}, {"type": "function", "function": {"name": "f"}}]
    )
    blocks = (
        ToolCall("c1", "g", '{"input":"say"}'),
        ToolCall("c2", "g", "raw", custom=True),
        ToolCall("c3", "g", "[1]"),
    )
    calls = answer(*blocks, request=request)[0]["choices"][0]["message"]["tool_calls"]
    assert calls[0] == {"id": "c1", "type": "custom", "custom": {"name": "g", "input": "say"}}
    assert calls[1]["custom"]["input"] == "raw"
    assert calls[2]["function"]["arguments"] == "[1]"


def test_clients_of_functions_get_function_calls() -> None:
    body, losses = answer(CALL, CALL, stop=Stop("tool_call"), request=decoded(functions=[{"name": "f"}]))
    strict(body)
    assert body["choices"][0]["message"]["function_call"] == {"name": "f", "arguments": '{"a":1}'}
    assert body["choices"][0]["finish_reason"] == "function_call"
    assert "tool_calls" not in body["choices"][0]["message"]
    assert losses == {("tool_calls", "dropped")}


def test_what_an_answer_cannot_hold_is_noted() -> None:
    text = Text("x", extras={"anthropic_messages": {"citations": []}})
    server = Opaque("anthropic_messages", "server_tool_use", {})
    body, losses = answer(text, server, Media("audio", "audio/wav", "eA=="), Media("image", "image/png", "eA=="))
    assert body["choices"][0]["message"]["images"][0]["image_url"]["url"] == "data:image/png;base64,eA=="
    at = "choices[0].message"
    assert losses == {(f"{at}.citations", "dropped"), (f"{at}.content", "dropped"), (f"{at}.content", "approximated")}


def test_choices_keep_their_order() -> None:
    entries = [{"index": n, "message": {"content": str(n)}, "finish_reason": "stop"} for n in (1, 0)]
    found = CODEC.decode_response({"choices": entries}, "seed")
    assert [choice.blocks for choice in found.choices] == [(Text("0"),), (Text("1"),)]


@pytest.mark.parametrize("body", [
    {}, {"choices": []}, {"choices": None}, {"choices": [1]}, {"choices": [{}]}, {"choices": [{"message": "x"}]},
     {"choices": [{"message": {"tool_calls": [{"id": "c"}]}}]},
])  # fmt: skip
def test_what_is_no_answer(body: dict[str, Any]) -> None:
    with pytest.raises(BadAnswer):
        CODEC.decode_response(body, "seed")


@pytest.mark.parametrize(("status", "data", "failed"), [
    (429, {"error": {"message": "slow", "type": "rate_limit_error", "param": None, "code": "rate_limit_exceeded"}}, Failed("slow", 429,
     "rate_limit_exceeded")),
    (400, {"error": {"message": "bad", "type": "invalid_request_error", "param": "n"}}, Failed("bad", 400, "invalid_request_error", "n")),
    (400, {"object": "error", "message": "mistral", "type": "invalid_function_call", "code": "3280"}, Failed("mistral", 400, "3280")),
    (502, {"error": {"code": 502, "message": "openrouter"}}, Failed("openrouter", 502, "upstream_error")),
    (400, {"error": "words"}, Failed("words", 400)),
    (422, {"detail": "fast api"}, Failed("fast api", 422)),
    (404, [{"error": {"code": 404, "message": "list", "status": "NOT_FOUND"}}], Failed("list", 404)),
    (500, None, Failed("The provider answered 500.", 500)), (500, "text", Failed("The provider answered 500.", 500)),
    (500, [], Failed("The provider answered 500.", 500)),
])  # fmt: skip
def test_errors_of_upstreams(status: int, data: Any, failed: Failed) -> None:
    assert CODEC.decode_error(status, data) == failed


def test_a_foreign_signature_is_valid_base64() -> None:
    sealed = answer(*SIGNED)[0]["choices"][0]["message"]["reasoning_details"][0]["signature"]
    assert base64.b64decode(sealed, validate=True).endswith(b"anthropic_messages.c2ln")
