"""Whole answers, both ways, and errors."""

from __future__ import annotations

from typing import Any

import orjson
import pytest
from anthropic.types import Message
from tests.wire.anthropic_messages.telling import CASES, chat, context, data, plain, usage

from gateway.errors import BadAnswer
from gateway.neutral.blocks import Media, Opaque, Refusal, Signature, Text, Thinking, TokenLogprob, ToolCall
from gateway.neutral.response import Choice, Failed, Response, Stop
from gateway.neutral.usage import Usage
from gateway.wire import signatures
from gateway.wire.anthropic_messages.answer_encode import encode_count
from gateway.wire.anthropic_messages.codec import CODEC
from gateway.wire.codec import Context


def encode(
    *blocks: Any, stop: Stop | None = None, told: Context | None = None, **members: Any
) -> tuple[dict[str, Any], list[str]]:
    assert CODEC.encode_response is not None
    body, losses = CODEC.encode_response(Response((Choice(blocks, stop),), **members), told or context())
    return plain(body), [str(loss).split(":")[0] for loss in losses]


@pytest.mark.parametrize("case", CASES)
def test_the_neutral_answer(case: str) -> None:
    wanted = data(case, "expected")
    response = CODEC.decode_response(data(case, "response"), "seed")
    (choice,) = response.choices
    assert "".join(block.text for block in choice.blocks if isinstance(block, Text)) == wanted.get("text", "")
    assert [
        {"name": block.name, "arguments": orjson.loads(block.arguments)}
        for block in choice.blocks
        if isinstance(block, ToolCall)
    ] == wanted.get("tools", [])
    thoughts = [block for block in choice.blocks if isinstance(block, Thinking) and not block.redacted]
    assert "".join(block.text for block in thoughts) == wanted.get("thinking", "")
    assert [block.signature.data for block in thoughts if block.signature] == (
        [wanted["signature"]] if "signature" in wanted else []
    )
    assert choice.stop is not None
    assert choice.stop.raw == wanted["finish"]
    found = usage(response.usage)
    assert found is not None
    assert found == {name: wanted["usage"][name] for name in found}


@pytest.mark.parametrize("case", CASES)
def test_an_answer_comes_back_as_it_was(case: str) -> None:
    original = data(case, "response")
    response = CODEC.decode_response(original, "seed")
    assert CODEC.encode_response is not None
    body, losses = CODEC.encode_response(response, context())
    assert losses == ()
    again = CODEC.decode_response(plain(body), "seed")
    assert again.choices == response.choices
    assert again.usage == response.usage
    assert again.extras == response.extras
    for block in original["content"]:
        block.pop("caller", None)
        block.pop("citations", None) if block.get("citations") is None else None
    assert plain(body)["content"] == original["content"]


@pytest.mark.parametrize("case", [case for case in CASES if case != "unknown_fields"])
def test_the_sdk_knows_every_member_of_an_answer(case: str) -> None:
    assert CODEC.encode_response is not None
    body = plain(CODEC.encode_response(CODEC.decode_response(data(case, "response"), "seed"), context())[0])
    assert Message.model_validate(body).model_dump(mode="json", exclude_unset=True) == body


def test_an_answer_without_blocks_usage_and_reason() -> None:
    body, losses = encode(told=context(input_estimate=5))
    assert losses == []
    assert body["content"] == []
    assert body["stop_reason"] == "end_turn"
    assert (body["usage"]["input_tokens"], body["usage"]["output_tokens"]) == (5, 0)
    assert Message.model_validate(body).id == "msg_req_01"


def test_usage_and_its_details() -> None:
    found = Usage(1, 2, 3, 4, 5, 2, "upstream")
    body, _ = encode(usage=found, service_tier="default")
    assert body["usage"] == {
        "input_tokens": 1,
        "cache_read_input_tokens": 2,
        "cache_creation_input_tokens": 7,
        "cache_creation": {"ephemeral_5m_input_tokens": 3, "ephemeral_1h_input_tokens": 4},
        "output_tokens": 5,
        "output_tokens_details": {"thinking_tokens": 2},
        "service_tier": "standard",
    }
    again = CODEC.decode_response(body, "s")
    assert again.usage == found
    assert again.service_tier == "default"


def test_thoughts_of_other_dialects() -> None:
    foreign = Signature("openai_responses", "gAAA")
    body, losses = encode(
        Thinking("plain"),
        Thinking("", foreign),
        Thinking("", foreign, redacted=True),
        ToolCall("c", "f", "{}", signature=foreign),
    )
    assert losses == []
    kinds = [block["type"] for block in body["content"]]
    assert kinds == ["thinking", "thinking", "redacted_thinking", "thinking", "tool_use"]
    assert body["content"][0] == {"type": "thinking", "thinking": "plain", "signature": ""}
    assert body["content"][1]["signature"] == signatures.seal(foreign, "anthropic_messages")
    assert body["content"][2]["data"] == body["content"][3]["signature"] == body["content"][1]["signature"]
    assert body["stop_reason"] == "tool_use"


def test_an_answer_does_not_end_in_a_thought_without_words() -> None:
    quiet = Thinking("", Signature("gemini", "c2ln"))
    body, losses = encode(Text("a"), quiet, Text("b"), quiet, Thinking(""))
    assert [block["type"] for block in body["content"]] == ["text", "thinking", "text"]
    assert losses == ["signature"]
    assert encode(Text("a"), Thinking("words"))[0]["content"][-1]["type"] == "thinking"


def test_a_refusal_is_text_and_a_reason() -> None:
    body, losses = encode(Refusal("I can't."), stop=Stop("end"))
    assert losses == []
    assert body["content"] == [{"type": "text", "text": "I can't."}]
    assert body["stop_reason"] == "refusal"


def test_what_has_no_form_is_noted() -> None:
    body, losses = encode(
        Text("a", logprobs=(TokenLogprob("a", -1.0),), extras={"openai_chat": {"annotations": [1]}}),
        Media("audio", "audio/wav", data="aa"),
        Opaque("gemini", "executableCode", {}),
        stop=Stop("content_filter"),
        extras={"openai_chat": {"system_fingerprint": "f"}},
    )
    assert body["content"] == [{"type": "text", "text": "a"}]
    assert losses == ["logprobs", "annotations", "content", "content", "system_fingerprint", "stop_reason"]


@pytest.mark.parametrize(
    ("arguments", "wanted", "noted"),
    [
        ('{"a": 1}', {"a": 1}, []),
        ("", {}, []),
        (" ", {}, []),
        ('{"a": ', {"INVALID_JSON": '{"a": '}, ["input"]),
        ("[1]", {"INVALID_JSON": "[1]"}, ["input"]),
    ],
)
def test_arguments(arguments: str, wanted: dict[str, Any], noted: list[str]) -> None:
    body, losses = encode(ToolCall("c", "f", arguments))
    assert body["content"][0]["input"] == wanted
    assert losses == noted


def test_free_text_arguments_become_an_object() -> None:
    assert encode(ToolCall("c", "f", "free", custom=True))[0]["content"][0]["input"] == {"input": "free"}


def test_the_only_stop_sequence_must_be_the_one_that_was_met() -> None:
    assert encode(stop=Stop("stop_sequence"), told=context(chat(stop=("#",))))[0]["stop_sequence"] == "#"
    assert encode(stop=Stop("stop_sequence", "b"), told=context(chat(stop=("a", "b"))))[0]["stop_sequence"] == "b"
    assert encode(stop=Stop("end", "b"))[0]["stop_sequence"] is None


def test_counting() -> None:
    assert encode_count(7) == {"input_tokens": 7}


BAD: dict[str, dict[str, Any]] = {
    "nothing": {},
    "error": {"type": "error", "error": {"type": "overloaded_error", "message": "Busy."}},
    "content is a string": {"content": "hi"},
    "block is a string": {"content": ["hi"]},
    "block without type": {"content": [{}]},
    "text without text": {"content": [{"type": "text"}]},
    "call without id": {"content": [{"type": "tool_use", "name": "f", "input": {}}]},
    "call without input": {"content": [{"type": "tool_use", "id": "t", "name": "f"}]},
    "input is text": {"content": [{"type": "tool_use", "id": "t", "name": "f", "input": "{}"}]},
    "thought without thought": {"content": [{"type": "thinking"}]},
    "another dialect": {"choices": []},
}


@pytest.mark.parametrize("case", BAD)
def test_what_is_no_answer_is_said_to_be_none(case: str) -> None:
    with pytest.raises(BadAnswer):
        CODEC.decode_response(BAD[case], "seed")


def test_errors_in_the_vendors_shape_and_in_others() -> None:
    native = {"type": "error", "error": {"type": "overloaded_error", "message": "Busy."}, "request_id": "r"}
    assert CODEC.decode_error(529, native) == Failed("Busy.", 529, "overloaded_error")
    openai = {"error": {"message": "Bad.", "type": "invalid_request_error", "param": "max_tokens", "code": None}}
    assert CODEC.decode_error(400, openai) == Failed("Bad.", 400, "invalid_request_error", param="max_tokens")
    assert CODEC.decode_error(404, {"detail": "Not Found"}) == Failed("Not Found", 404, "not_found_error")
    assert CODEC.decode_error(404, {"error": "model gone"}) == Failed("model gone", 404, "not_found_error")
    for nothing in (None, [], {}, "x", {"error": {}}, {"message": 1}):
        assert CODEC.decode_error(503, nothing).status == 503
        assert CODEC.decode_error(503, nothing).code == "api_error"
        assert CODEC.decode_error(503, nothing).message
