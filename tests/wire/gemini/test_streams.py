"""Streams beyond the fixtures: what is no protocol, failures, grammar of what is written."""

from __future__ import annotations

from time import process_time
from typing import Any

import orjson
import pytest
from tests.wire.gemini.cases import choice_blocks, context, fed

from gateway.errors import BadAnswer
from gateway.neutral.blocks import Media, Opaque, Refusal, Signature, Text, Thinking, TokenLogprob, ToolCall
from gateway.neutral.response import (
    BlockDelta,
    BlockEnd,
    BlockExtra,
    BlockLogprobs,
    BlockSignature,
    BlockStart,
    Choice,
    ChoiceEnd,
    Event,
    Failed,
    Finished,
    Response,
    Started,
    Stop,
)
from gateway.neutral.usage import Usage
from gateway.wire.gemini import reasons
from gateway.wire.gemini.codec import CODEC
from gateway.wire.gemini.stream_decode import GeminiDecoder
from gateway.wire.gemini.stream_encode import GeminiEncoder


def line(**members: Any) -> bytes:
    return b"data: " + orjson.dumps(members) + b"\n\n"


def chunk(*parts: Any, finish: str | None = None, **more: Any) -> bytes:
    candidate: dict[str, Any] = {"content": {"parts": list(parts), "role": "model"}}
    return line(candidates=[{**candidate, **({"finishReason": finish} if finish else {})}], **more)


HI = chunk({"text": "Hi"})
STOP = chunk(finish="STOP")


@pytest.mark.parametrize(
    ("data", "message", "status"),
    [
        (b"", "complete", 502),
        (b"\n\n: comment\n\n", "complete", 502),
        (HI, "complete", 502),
        (HI + b"data: {oops\n\n" + STOP, "not a JSON object", 502),
        (HI + b"data: []\n\n" + STOP, "not a JSON object", 502),
        (HI + b"<html>", "complete", 502),
        (HI + line(error={"code": 503, "message": "busy", "status": "UNAVAILABLE"}) + STOP, "busy", 503),
        (HI + line(error={"code": 429, "message": "slow"}) + STOP, "slow", 429),
        (HI + line(error="what") + STOP, "The provider answered 500.", 500),
        (chunk({"text": "a"}, finish="FINISH_REASON_UNSPECIFIED"), "complete", 502),
    ],
)
@pytest.mark.parametrize("step", [1, 10_000])
def test_what_is_no_good_stream_is_one_failure(data: bytes, message: str, status: int, step: int) -> None:
    events = fed(data, step)
    assert [type(event) for event in events].count(Failed) == 1
    last = events[-1]
    assert isinstance(last, Failed)
    assert message in last.message
    assert last.status == status


def test_usage_of_a_failure_is_what_was_known() -> None:
    last = fed(chunk({"text": "a"}, usageMetadata={"promptTokenCount": 5, "candidatesTokenCount": 1}), 99)[-1]
    assert isinstance(last, Failed)
    assert last.usage == Usage(fresh=5, output=1, source="upstream")


def test_comments_done_and_odd_values_are_passed_over() -> None:
    odd = line(candidates=[{"content": {"parts": ["x", {"text": 5}, {}]}, "index": "a"}, 7], usageMetadata=3)
    events = fed(b": hi\n\n" + HI + odd + STOP + b"data: [DONE]\n\n", 3)
    assert choice_blocks(events)[0] == Text("Hi")
    assert isinstance(events[-1], Finished)


def test_an_event_that_does_not_end_is_given_up() -> None:
    decoder = GeminiDecoder("s")
    events: list[Event] = []
    for _ in range(20):
        events += decoder.feed(b"x" * (1024 * 1024))
    assert [type(event) for event in events] == [Failed]


def test_ids_of_calls_are_unique_between_answers_and_choices() -> None:
    call = {"functionCall": {"name": "f"}}
    body = {"candidates": [{"content": {"parts": [call, call]}, "finishReason": "STOP"}] * 2}
    answers = [CODEC.decode_response(body, seed) for seed in ("a", "b")]
    ids = [
        block.id
        for answer in answers
        for choice in answer.choices
        for block in choice.blocks
        if isinstance(block, ToolCall)
    ]
    assert len(ids) == len(set(ids)) == 8
    assert answers[0].choices[0].stop == Stop("tool_call", raw="STOP")
    streamed = choice_blocks(fed(chunk(call, call, finish="STOP"), 99))
    assert all(isinstance(block, ToolCall) and block.arguments == "{}" for block in streamed)


def test_a_signature_on_a_text_stands_behind_it() -> None:
    blocks = choice_blocks(fed(chunk({"text": "a", "thoughtSignature": "Zm9v"}, {"text": "b"}, finish="STOP"), 99))
    assert blocks == (Text("a"), Thinking("", Signature("gemini", "Zm9v")), Text("b"))


def test_a_signature_ends_a_thought() -> None:
    parts = [{"text": word, "thought": True, "thoughtSignature": word} for word in ("YQ==", "Yg==")]
    blocks = choice_blocks(fed(chunk(*parts, {"thoughtSignature": "Yw=="}, finish="STOP"), 99))
    assert blocks == (
        Thinking("YQ==", Signature("gemini", "YQ==")),
        Thinking("Yg==", Signature("gemini", "Yg==")),
        Thinking("", Signature("gemini", "Yw==")),
    )


@pytest.mark.parametrize(
    "body", [{}, {"candidates": []}, {"candidates": "x"}, {"usageMetadata": {}}, {"promptFeedback": {}}]
)
def test_a_body_that_is_no_answer(body: dict[str, Any]) -> None:
    with pytest.raises(BadAnswer):
        CODEC.decode_response(body, "s")


@pytest.mark.parametrize(
    ("word", "reason"),
    [
        ("STOP", "end"),
        ("MAX_TOKENS", "length"),
        ("SAFETY", "content_filter"),
        ("SPII", "content_filter"),
        ("LANGUAGE", "other"),
        ("MALFORMED_FUNCTION_CALL", "bad_tool_call"),
        ("UNEXPECTED_TOOL_CALL", "bad_tool_call"),
        ("SOMETHING_NEW", "other"),
    ],
)
def test_reasons(word: str, reason: str) -> None:
    found = reasons.decode(word, calls=False)
    assert (found.reason, found.raw) == (reason, word)
    assert reasons.decode("MAX_TOKENS", calls=True).reason == "length"
    if word in ("STOP", "MAX_TOKENS", "SAFETY", "MALFORMED_FUNCTION_CALL"):
        assert reasons.encode(found) == word


def test_no_reason_is_not_a_good_one() -> None:
    assert reasons.encode(None) == "OTHER"


def written(*events: Event) -> tuple[list[dict[str, Any]], list[str]]:
    encoder = GeminiEncoder(context())
    data = b"".join(encoder.feed(event) for event in events)
    assert data.endswith(b"\n\n")
    lines = [one for one in data.split(b"\n\n") if one]
    assert all(one.startswith(b"data: {") for one in lines)
    return [orjson.loads(one[6:]) for one in lines], [f"{loss.field}: {loss.action}" for loss in encoder.losses]


END: list[Event] = [ChoiceEnd(Stop("end")), Finished()]


def parts_of(chunks: list[dict[str, Any]]) -> list[Any]:
    return [part for one in chunks[:-1] for part in one["candidates"][0]["content"]["parts"]]


def test_every_chunk_has_the_head_and_the_last_one_the_end() -> None:
    usage = Usage(fresh=1, cache_read=2, cache_write_5m=3, output=9, reasoning=4)
    chunks, _ = written(
        Started(), BlockStart(0, Text("a")), BlockDelta(0, ""), BlockEnd(0), ChoiceEnd(Stop("length")), Finished(usage)
    )
    heads = [{name: one[name] for name in ("modelVersion", "responseId", "createTime")} for one in chunks]
    assert heads == [{"modelVersion": "public-model", "responseId": "req-1", "createTime": "2023-11-14T22:13:20Z"}] * 2
    assert chunks[-1]["candidates"][0]["finishReason"] == "MAX_TOKENS"
    assert "finishReason" not in chunks[0]["candidates"][0]
    assert chunks[-1]["usageMetadata"] == {
        "promptTokenCount": 6,
        "cachedContentTokenCount": 2,
        "candidatesTokenCount": 5,
        "thoughtsTokenCount": 4,
        "totalTokenCount": 15,
    }


def test_calls_are_told_whole() -> None:
    encoder = GeminiEncoder(context())
    assert encoder.feed(BlockStart(0, ToolCall("1", "f", '{"a"'))) == b""
    assert encoder.feed(BlockDelta(0, ": 1.0")) == b""
    assert encoder.feed(BlockDelta(0, "}")) == b""
    assert encoder.feed(BlockSignature(0, Signature("gemini", "Zm9v"))) == b""
    told = encoder.feed(BlockEnd(0))
    assert b'{"functionCall":{"id":"1","name":"f","args":{"a": 1.0}},"thoughtSignature":"Zm9v"}' in told


@pytest.mark.parametrize("arguments", ['{"a": ', "[1]", "text"])
def test_a_call_that_cannot_be_read_is_a_malformed_one(arguments: str) -> None:
    chunks, losses = written(BlockStart(0, ToolCall("1", "f", "")), BlockDelta(0, arguments), BlockEnd(0), *END)
    assert chunks[-1]["candidates"][0]["finishReason"] == "MALFORMED_FUNCTION_CALL"
    assert losses == ["functionCall: dropped"]
    assert CODEC.encode_response is not None
    body, lost = CODEC.encode_response(
        Response((Choice((ToolCall("1", "f", arguments),), Stop("tool_call")),)), context()
    )
    assert body["candidates"][0]["finishReason"] == "MALFORMED_FUNCTION_CALL"
    assert [loss.action for loss in lost] == ["dropped"]


def test_blocks_of_every_kind() -> None:
    thought = Signature("openai_responses", "c2VjcmV0")
    blocks = [
        Thinking("t", thought),
        Media("image", "image/png", "aGk="),
        Media("image", url="https://example.com/x.png"),
        Media("document", file_id="f", file_dialect="openai_chat"),
        Opaque("gemini", "executableCode", {"executableCode": {"code": "1"}}),
        Opaque("anthropic_messages", "server_tool_use", {}),
        Refusal("No."),
        ToolCall("1", "f", ""),
    ]
    events: list[Event] = []
    for index, block in enumerate(blocks):
        events += [BlockStart(index, block), BlockEnd(index)]
    chunks, losses = written(*events, *END)
    assert CODEC.encode_response is not None
    body, lost = CODEC.encode_response(Response((Choice(tuple(blocks), Stop("end")),)), context())
    assert parts_of(chunks) == orjson.loads(orjson.dumps(body))["candidates"][0]["content"]["parts"]
    assert losses == [f"{loss.field}: {loss.action}" for loss in lost]
    assert losses == ["document: dropped", "server_tool_use: dropped", "refusal: approximated"]


def test_a_thoughts_last_piece_waits_for_its_signature() -> None:
    chunks, _ = written(
        BlockStart(0, Thinking("")),
        BlockDelta(0, "a"),
        BlockDelta(0, "b"),
        BlockSignature(0, Signature("gemini", "Zm9v")),
        BlockEnd(0),
        BlockStart(1, Thinking("")),
        BlockDelta(1, "c"),
        BlockEnd(1),
        *END,
    )
    assert parts_of(chunks) == [
        {"text": "a", "thought": True},
        {"text": "b", "thought": True, "thoughtSignature": "Zm9v"},
        {"text": "c", "thought": True},
    ]


def test_a_failure_is_the_last_word() -> None:
    chunks, _ = written(BlockStart(0, Thinking("")), BlockDelta(0, "held"), Failed("gone", 504, "x"))
    assert parts_of(chunks) == [{"text": "held", "thought": True}]
    assert chunks[-1] == {"error": {"code": 504, "message": "gone", "status": "DEADLINE_EXCEEDED"}}


def test_logprobs_and_extras() -> None:
    tokens = (TokenLogprob("a", -0.5, (97,), (TokenLogprob("a", -0.5), TokenLogprob("b", -2.0))),)
    chunks, losses = written(
        BlockStart(0, Text("a")),
        BlockLogprobs(0, tokens),
        BlockExtra(0, "gemini", {"citationMetadata": {"x": 1}}),
        BlockExtra(0, "anthropic_messages", {"citations": []}),
        BlockEnd(0),
        *END,
    )
    assert chunks[1]["candidates"][0]["logprobsResult"]["topCandidates"][0]["candidates"][1] == {
        "token": "b",
        "logProbability": -2.0,
    }
    assert chunks[2]["candidates"][0]["citationMetadata"] == {"x": 1}
    assert losses == ["citations: dropped"]


@pytest.mark.parametrize(("tier", "lost"), [(None, []), ("default", []), ("priority", ["service_tier: dropped"])])
def test_a_tier_that_is_not_the_usual_one_is_noted(tier: str | None, lost: list[str]) -> None:
    assert written(ChoiceEnd(Stop("end")), Finished(service_tier=tier))[1] == lost
    assert CODEC.encode_response is not None
    _, losses = CODEC.encode_response(Response((Choice(()),), service_tier=tier), context())
    assert [f"{loss.field}: {loss.action}" for loss in losses] == lost


def test_choices_stand_side_by_side() -> None:
    chunks, _ = written(
        BlockStart(0, Text("a"), 0),
        BlockStart(0, Text("b"), 1),
        BlockEnd(0, 1),
        BlockEnd(0, 0),
        ChoiceEnd(Stop("end"), 0),
        ChoiceEnd(Stop("content_filter"), 1),
        Finished(),
    )
    assert [one["candidates"][0]["index"] for one in chunks[:2]] == [0, 1]
    assert [one["finishReason"] for one in chunks[-1]["candidates"]] == ["STOP", "SAFETY"]


def test_a_sign_of_life_is_a_blank_line() -> None:
    assert GeminiEncoder(context()).ping().strip() == b""


def test_translation_of_an_event_takes_microseconds() -> None:
    """The bound is ten times what is wanted: machines that run tests are shared."""
    data = chunk({"text": "word "}, usageMetadata={"promptTokenCount": 5, "candidatesTokenCount": 1}) * 5_000
    decoder, encoder = GeminiDecoder("s"), GeminiEncoder(context())
    began = process_time()
    for event in decoder.feed(data):
        encoder.feed(event)
    assert (process_time() - began) / 5_000 < 100e-6


def test_single_bytes_take_linear_time() -> None:
    data = chunk({"text": "x" * 200_000}, finish="STOP")
    began = process_time()
    events = fed(data, 1)
    assert isinstance(events[-1], Finished)
    assert process_time() - began < 3
