"""Neutral events into a client's stream, read by a little checker of our own and by the vendor's SDK."""

from __future__ import annotations

import json
from typing import Any

import orjson
import pytest
from anthropic._streaming import SSEDecoder
from anthropic.lib.streaming._messages import accumulate_event
from anthropic.types import RawMessageStreamEvent
from pydantic import TypeAdapter
from tests.wire.anthropic_messages.grammar import check, parse
from tests.wire.anthropic_messages.telling import CASES, USAGE, chat, context, data, events, plain, raw
from tests.wire.anthropic_messages.telling import encode_stream as encode

from gateway.neutral.blocks import (
    Media,
    Opaque,
    Refusal,
    Signature,
    Text,
    Thinking,
    TokenLogprob,
    ToolCall,
)
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
from gateway.wire import signatures
from gateway.wire.anthropic_messages.codec import CODEC

EVENT: TypeAdapter[Any] = TypeAdapter(RawMessageStreamEvent)


def blocks_of(*found: Event) -> list[dict[str, Any]]:
    return check(encode([Started(), *found, ChoiceEnd(Stop("end")), Finished(USAGE)])[0])


def snapshot(stream: bytes) -> dict[str, Any]:
    """What the SDK makes of the bytes. It knows an event by the `event:` line; each must be of its types, to the last member."""
    found, buffers = None, {}
    for event in SSEDecoder().iter_bytes(iter([stream])):
        if event.event == "ping":
            continue
        value = json.loads(event.data)
        typed = EVENT.validate_python(value)
        assert typed.model_dump(mode="json", exclude_unset=True) == value
        found = accumulate_event(event=typed, current_snapshot=found, json_bufs=buffers)
    assert found is not None
    dumped: dict[str, Any] = found.model_dump(mode="json", exclude_unset=True)
    return dumped


@pytest.mark.parametrize("case", [case for case in CASES if case not in ("unknown_fields", "refusal")])
def test_the_sdk_hears_in_the_stream_what_the_whole_answer_says(case: str) -> None:
    assert CODEC.encode_response is not None
    body, _ = CODEC.encode_response(CODEC.decode_response(data(case, "response"), "s"), context())
    heard = snapshot(encode(events(raw(case, "stream.sse")))[0])
    wanted = plain(body)
    for block in heard["content"]:
        if block.get("citations") == []:
            del block["citations"]
    for message in (heard, wanted):
        message.pop("context_management", None)  # the SDK's accumulator leaves out what it does not know
        message.pop("container", None)
        message["usage"].pop("service_tier", None)
    wanted["usage"].setdefault("server_tool_use", None)
    heard["usage"].setdefault("server_tool_use", None)
    heard.pop("stop_details", None)
    assert heard == wanted


@pytest.mark.parametrize("case", CASES)
def test_what_the_vendor_streams_comes_out_the_same(case: str) -> None:
    again, losses = encode(events(raw(case, "stream.sse")))
    assert losses == []
    found = check(again)
    assert [block["type"] for block in found] == [block["type"] for block in check(_plain_stream(case))]
    assert events(again)[1:-1] == events(raw(case, "stream.sse"))[1:-1]


def _plain_stream(case: str) -> bytes:
    """The fixture in the checker's narrow form: one `event:` and one `data:` line per event, known types only."""
    kept = []
    for piece in raw(case, "stream.sse").replace(b"\r\n", b"\n").split(b"\n\n"):
        lines = [line for line in piece.split(b"\n") if line.startswith((b"event:", b"data:"))]
        if len(lines) == 2 and b"x_future_event" not in lines[0] and b"x_future_delta" not in lines[1]:
            kept.append(b"\n".join(lines) + b"\n\n")
    return b"".join(kept)


def test_an_empty_answer_is_well_formed() -> None:
    stream, losses = encode([Started(), ChoiceEnd(Stop("end")), Finished()], context(input_estimate=42))
    assert check(stream) == []
    assert losses == []
    assert [event["type"] for event in parse(stream)] == ["message_start", "message_delta", "message_stop"]
    assert snapshot(stream)["usage"]["input_tokens"] == 42


def test_input_tokens_are_told_at_the_start() -> None:
    def first(started: Started) -> dict[str, Any]:
        message: dict[str, Any] = parse(encode([started], context(input_estimate=42))[0])[0]["message"]
        assert message["id"] == "msg_req_01"
        assert message["model"] == "asked"
        return dict(message["usage"])

    assert first(Started())["input_tokens"] == 42
    assert first(Started(usage=Usage()))["input_tokens"] == 42
    known = first(Started(usage=USAGE))
    assert (known["input_tokens"], known["cache_read_input_tokens"], known["cache_creation_input_tokens"]) == (11, 3, 2)
    assert 1 <= first(Started())["output_tokens"] <= 3


def test_the_last_usage_is_whole() -> None:
    stream, _ = encode([Started(), ChoiceEnd(), Finished(USAGE)])
    assert parse(stream)[-2]["usage"] == {
        "input_tokens": 11,
        "cache_creation_input_tokens": 2,
        "cache_read_input_tokens": 3,
        "output_tokens": 9,
        "output_tokens_details": {"thinking_tokens": 4},
    }


def test_hour_long_cache_writes_are_told_apart() -> None:
    usage = Usage(fresh=1, cache_write_5m=2, cache_write_1h=3, output=4, source="upstream")
    stream, _ = encode([Started(), ChoiceEnd(), Finished(usage)])
    ending = events(stream)[-1]
    assert isinstance(ending, Finished)
    assert ending.usage == usage


def test_a_block_without_a_word_still_has_its_delta() -> None:
    for block in (Text(""), Thinking(""), ToolCall("t", "f", ""), Refusal("")):
        found, _ = blocks_of(BlockStart(0, block), BlockEnd(0), BlockStart(1, Text("x")), BlockEnd(1))
        assert found.get("input", {}) == {}


def test_a_call_begins_as_the_vendors_do() -> None:
    stream, _ = encode(
        [Started(), BlockStart(0, ToolCall("t", "f", "")), BlockDelta(0, '{"a":'), BlockDelta(0, "1}"), BlockEnd(0)]
    )
    heard = parse(stream)[1:]
    assert heard[0]["content_block"] == {"type": "tool_use", "id": "t", "name": "f", "input": {}}
    assert [event["delta"]["partial_json"] for event in heard[1:-1]] == ["", '{"a":', "1}"]


def test_texts_in_the_start_count_as_the_first_delta() -> None:
    found = blocks_of(
        BlockStart(0, Text("ab")),
        BlockDelta(0, "c"),
        BlockEnd(0),
        BlockStart(1, ToolCall("t", "f", '{"a"')),
        BlockDelta(1, ":1}"),
        BlockEnd(1),
    )
    assert found[0]["text"] == "abc"
    assert found[1]["input"] == {"a": 1}


def test_a_signature_comes_last_and_in_an_envelope_when_it_is_foreign() -> None:
    foreign = Signature("gemini", "c2ln")
    (found,) = blocks_of(BlockStart(0, Thinking("a", foreign)), BlockDelta(0, "b"), BlockEnd(0))
    assert found["thinking"] == "ab"
    assert signatures.opened(found["signature"], "anthropic_messages") == foreign
    late = blocks_of(
        BlockStart(0, Thinking("")),
        BlockSignature(0, Signature("bedrock_converse", "own")),
        BlockEnd(0),
        BlockStart(1, Text("x")),
        BlockEnd(1),
    )
    assert late[0]["signature"] == "own"


def test_a_signed_call_is_preceded_by_its_signature() -> None:
    found = blocks_of(
        BlockStart(0, Text("x")),
        BlockEnd(0),
        BlockStart(1, ToolCall("t", "f", "{}", signature=Signature("gemini", "c2ln"))),
        BlockEnd(1),
        BlockStart(2, Text("y")),
        BlockEnd(2),
    )
    assert [block["type"] for block in found] == ["text", "thinking", "tool_use", "text"]
    assert found[1]["thinking"] == ""
    assert signatures.opened(found[1]["signature"], "anthropic_messages") == Signature("gemini", "c2ln")


def test_redacted_thinking_comes_whole() -> None:
    redacted = Thinking("", Signature("anthropic_messages", "xx"), redacted=True)
    found = blocks_of(BlockStart(0, redacted), BlockEnd(0), BlockStart(1, Text("x")), BlockEnd(1))
    assert found[0] == {"type": "redacted_thinking", "data": "xx", "json": ""}


@pytest.mark.parametrize("redacted", [True, False])
def test_an_answer_does_not_end_in_a_thought_without_words(redacted: bool) -> None:
    quiet = Thinking("", Signature("gemini", "c2ln"), redacted=redacted)
    found: list[Event] = [Started(), BlockStart(0, Text("x")), BlockEnd(0)]
    for index in (1, 2):
        found += [BlockStart(index, quiet), BlockEnd(index)]
    stream, losses = encode([*found, ChoiceEnd(Stop("end")), Finished()])
    assert [block["type"] for block in check(stream)] == ["text"]
    assert [loss.split(":")[0] for loss in losses] == ["signature"]
    more: list[Event] = [BlockStart(3, Text("y")), BlockEnd(3), ChoiceEnd(Stop("end")), Finished()]
    stream, losses = encode([*found, *more])
    kind = "redacted_thinking" if redacted else "thinking"
    assert [block["type"] for block in check(stream)] == ["text", kind, kind, "text"]
    assert losses == []


def test_a_thought_whose_words_come_is_not_kept_waiting() -> None:
    assert CODEC.encoder is not None
    encoder = CODEC.encoder(context())
    encoder.feed(Started())
    assert encoder.feed(BlockStart(0, Thinking(""))) == b""
    assert encoder.feed(BlockDelta(0, "")) == b""
    assert [event["type"] for event in parse(encoder.feed(BlockDelta(0, "Hm")))] == [
        "content_block_start",
        "content_block_delta",
    ]
    assert [event["type"] for event in parse(encoder.feed(BlockDelta(0, "m")))] == ["content_block_delta"]
    assert [event["type"] for event in parse(encoder.feed(BlockEnd(0)))] == ["content_block_stop"]


def test_a_tier_that_is_known_at_the_end_is_told_there() -> None:
    stream, _ = encode([Started(), ChoiceEnd(), Finished(USAGE, "priority")])
    assert parse(stream)[-2]["usage"]["service_tier"] == "priority"


def test_free_text_of_a_custom_tool_becomes_an_object() -> None:
    (found,) = blocks_of(BlockStart(0, ToolCall("t", "f", "a", custom=True)), BlockDelta(0, '"b\n'), BlockEnd(0))
    assert found["input"] == {"input": 'a"b\n'}


def test_what_has_no_form_is_left_out_and_noted() -> None:
    found: list[Event] = [
        Started(),
        BlockStart(0, Media("image", "image/png", data="aa")),
        BlockEnd(0),
        BlockStart(1, Opaque("openai_responses", "web_search_call", {})),
        BlockEnd(1),
        BlockStart(2, Text("x", extras={"openai_chat": {"annotations": []}})),
        BlockLogprobs(2, (TokenLogprob("x", -1.0),)),
        BlockExtra(2, "openai_responses", {"annotations": [{}]}),
        BlockEnd(2),
        BlockStart(0, Text("second"), choice=1),
        BlockEnd(0, choice=1),
        ChoiceEnd(Stop("other")),
        Finished(extras={"openai_chat": {"system_fingerprint": "f"}}),
    ]
    stream, losses = encode(found)
    assert [block["text"] for block in check(stream)] == ["x"]
    assert [loss.split(":")[0] for loss in losses] == [
        "content",
        "content",
        "annotations",
        "logprobs",
        "choices",
        "system_fingerprint",
        "stop_reason",
    ]


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (529, "overloaded_error"),
        (429, "rate_limit_error"),
        (502, "api_error"),
        (504, "timeout_error"),
        (400, "invalid_request_error"),
    ],
)
def test_a_failure_is_the_error_event_and_never_a_good_end(status: int, kind: str) -> None:
    stream, _ = encode([Started(), BlockStart(0, Text("a")), Failed("No.", status), Finished(), Started()])
    last = parse(stream)[-1]
    assert last == {"type": "error", "error": {"type": kind, "message": "No."}, "request_id": "req_01"}
    assert b"message_stop" not in stream
    check(stream)
    assert check(encode([Failed("No.", status)])[0]) == []


def test_a_ping_is_one_before_the_first_event_too() -> None:
    assert CODEC.encoder is not None
    encoder = CODEC.encoder(context())
    assert encoder.ping() == b'event: ping\ndata: {"type": "ping"}\n\n'
    stream = (
        encoder.ping() + encoder.feed(Started()) + encoder.ping() + encoder.feed(ChoiceEnd()) + encoder.feed(Finished())
    )
    assert snapshot(stream)["role"] == "assistant"


STOPS = {
    "end": "end_turn",
    "length": "max_tokens",
    "tool_call": "tool_use",
    "refusal": "refusal",
    "content_filter": "refusal",
    "pause": "pause_turn",
    "context": "model_context_window_exceeded",
    "bad_tool_call": "end_turn",
    "other": "end_turn",
}


@pytest.mark.parametrize("reason", STOPS)
def test_every_stop_reason_has_its_word(reason: Any) -> None:
    stream, _ = encode([Started(), ChoiceEnd(Stop(reason)), Finished()])
    assert parse(stream)[-2]["delta"] == {"stop_reason": STOPS[reason], "stop_sequence": None}
    assert CODEC.encode_response is not None
    assert CODEC.encode_response(Response((Choice((), Stop(reason)),)), context())[0]["stop_reason"] == STOPS[reason]


def test_a_turn_with_a_call_waits_for_its_result_whatever_was_said() -> None:
    stream, _ = encode(
        [Started(), BlockStart(0, ToolCall("t", "f", "{}")), BlockEnd(0), ChoiceEnd(Stop("end")), Finished()]
    )
    assert parse(stream)[-2]["delta"]["stop_reason"] == "tool_use"


def test_the_only_stop_sequence_must_be_the_one_that_was_met() -> None:
    told = context(chat(stop=("###",)))
    stream, _ = encode([Started(), ChoiceEnd(Stop("stop_sequence")), Finished()], told)
    assert parse(stream)[-2]["delta"] == {"stop_reason": "stop_sequence", "stop_sequence": "###"}


def test_bytes_are_whole_events_at_every_step() -> None:
    assert CODEC.encoder is not None
    encoder = CODEC.encoder(context())
    for event in events(raw("thinking", "stream.sse")):
        given_bytes = encoder.feed(event)
        assert not given_bytes or given_bytes.endswith(b"\n\n")
        assert all(orjson.loads(piece.split(b"data: ", 1)[1]) for piece in given_bytes.split(b"\n\n")[:-1])
