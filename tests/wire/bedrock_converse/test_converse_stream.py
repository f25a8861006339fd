"""Streams of Bedrock that go wrong, or otherwise than usual."""

from __future__ import annotations

import time
from typing import Any

import pytest
from botocore.exceptions import EventStreamError
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.wire.bedrock_converse.aws_side import frame, frames, streamed
from tests.wire.bedrock_converse.telling import BEGIN, META, STOP, decode, delta, start, stop, told

from gateway.neutral.blocks import Opaque, Text, Thinking
from gateway.neutral.response import BlockDelta, BlockStart, ChoiceEnd, Failed, Finished, Stop
from gateway.wire.bedrock_converse.codec import CODEC
from gateway.wire.eventstream import Header, encode

# What a stream may hold, to be put together in any order.
PIECES = (
    BEGIN,
    STOP,
    META,
    delta(0, text="a"),
    delta(1, reasoningContent={"text": "b"}),
    stop(0),
    stop(1),
    start(1, toolUse={"toolUseId": "i", "name": "n"}),
    delta(1, toolUse={"input": "{}"}),
    delta(2, image={}),
    frame("throttlingException", {}, "exception"),
)


def test_every_flipped_byte_is_a_failure() -> None:
    data = b"".join(frames("tools"))
    for place in range(len(data)):
        broken = bytearray(data)
        broken[place] ^= 0x41
        events = decode(bytes(broken))
        assert isinstance(events[-1], Failed), place
        assert events[-1].status == 502
        assert sum(isinstance(event, Failed) for event in events) == 1


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        ("internalServerException", 500),
        ("modelStreamErrorException", 502),
        ("throttlingException", 429),
        ("validationException", 400),
        ("serviceUnavailableException", 503),
        ("somethingNewException", 502),
    ],
)
def test_exceptions_within_a_stream(kind: str, status: int) -> None:
    thrown = frame(kind, {"message": "Too many, wait."}, "exception")
    for before in (b"", BEGIN, BEGIN + delta(0, text="Hi")):
        events = decode(before + thrown + META)
        failed = events[-1]
        assert isinstance(failed, Failed)
        assert (failed.message, failed.status) == ("Too many, wait.", status)
        assert failed.code == kind[0].upper() + kind[1:]
        assert sum(isinstance(event, Failed | Finished) for event in events) == 1
    with pytest.raises(EventStreamError):
        streamed([BEGIN, thrown])


def test_an_unmodelled_error() -> None:
    headers = {":message-type": "error", ":error-code": "InternalError", ":error-message": "Oh no."}
    data = encode([Header(name, "string", value) for name, value in headers.items()], b"")
    assert decode(BEGIN + data)[-1] == Failed("Oh no.", 502, "InternalError")


@pytest.mark.parametrize(
    "data",
    [
        b"",
        BEGIN,
        BEGIN + delta(0, text="Hi") + stop(0),
        BEGIN + STOP,
        META,
        STOP,
        delta(0, text="Hi"),
        BEGIN + BEGIN,
        BEGIN + META,
        BEGIN + STOP + STOP,
        BEGIN + STOP + delta(0, text="late"),
        BEGIN + delta(0, text="a") + stop(0) + delta(0, text="late") + STOP + META,
        BEGIN + delta(None, text="a") + STOP + META,
        BEGIN + delta(0, toolUse={"input": "{}"}) + STOP + META,
        BEGIN + start(0, toolUse={"toolUseId": "a"}) + STOP + META,
        BEGIN + start(0, toolUse={"toolUseId": "a", "name": "f"}) * 2 + STOP + META,
        BEGIN + delta(0, reasoningContent={"redactedContent": "no base64!"}) + STOP + META,
        BEGIN + frame("contentBlockDelta", [1]) + STOP + META,
        BEGIN + frame("contentBlockDelta", {"contentBlockIndex": 0}) + STOP + META,
        BEGIN + frame("odd", {}, "odd") + STOP + META,
        b'{"message":"no stream at all"}',
    ],
    ids=[
        "nothing", "no text", "no end", "no usage", "usage alone", "end alone", "delta alone", "two messages", "usage before the end", "two ends",
        "text after the end", "text after its block", "no number", "arguments without a call", "call without a name", "call twice", "no base64",
        "no object", "no delta", "no known type", "JSON",
    ],
)  # fmt: skip
def test_what_is_no_stream_fails_once(data: bytes) -> None:
    for size in (None, 1, 7):
        events = decode(data, size)
        assert isinstance(events[-1], Failed)
        assert events[-1].status == 502
        assert not any(isinstance(event, Failed | Finished) for event in events[:-1])


def test_nothing_follows_the_end() -> None:
    decoder = CODEC.decoder("seed")
    assert isinstance(decoder.feed(BEGIN + STOP + META + META)[-1], Finished)
    assert decoder.feed(BEGIN) == []
    assert decoder.close() == []


def test_usage_may_come_in_a_second_metadata_event_or_never() -> None:
    bare = frame("metadata", {"metrics": {"latencyMs": 5}})
    assert decode(BEGIN + STOP + bare + META)[-1] == decode(BEGIN + STOP + META)[-1]
    assert decode(BEGIN + STOP + bare)[-1] == Finished()
    assert isinstance(decode(BEGIN + STOP + bare + META[:20])[-1], Failed)


def test_events_and_members_of_tomorrow_are_tolerated() -> None:
    events = decode(BEGIN + frame("heartbeat", {"x": 1}) + delta(0, text="Hi") + STOP + META)
    assert [event for event in events if isinstance(event, BlockDelta)] == [BlockDelta(0, "Hi")]
    assert isinstance(events[-1], Finished)


def test_a_block_whose_stop_is_missing_ends_with_the_message() -> None:
    events = decode(BEGIN + delta(0, reasoningContent={"signature": "c2ln"}) + delta(1, text="Hi") + STOP + META)
    assert told(events)["signature"] == "c2ln"
    assert told(events)["text"] == "Hi"


def test_thoughts_that_change_their_kind_become_two_blocks() -> None:
    data = BEGIN + delta(0, reasoningContent={"text": "Hm"}) + delta(0, reasoningContent={"redactedContent": "AAEC"})
    events = decode(data + stop(0) + STOP + META)
    blocks = [event.block for event in events if isinstance(event, BlockStart)]
    assert blocks == [Thinking(""), Thinking("", redacted=True)]
    assert told(events)["redacted"] == ["AAEC"]


def test_what_bedrock_runs_itself_is_kept_whole() -> None:
    call = {"toolUseId": "s1", "name": "search", "type": "server_tool_use"}
    data = BEGIN + start(0, toolUse=call) + delta(0, toolUse={"input": "{}"}) + stop(0)
    data += start(1, toolResult={"toolUseId": "s1"}) + delta(1, toolResult=[{"text": "found"}]) + stop(1)
    events = decode(data + delta(2, text="So.") + stop(2) + STOP + META)
    blocks = [event.block for event in events if isinstance(event, BlockStart)]
    assert blocks[0] == Opaque("bedrock_converse", "toolUse", {**call, "deltas": ["{}"]})
    assert blocks[1] == Opaque("bedrock_converse", "toolResult", {"toolUseId": "s1", "deltas": [[{"text": "found"}]]})
    assert blocks[2] == Text("")
    whole_call = CODEC.decode_response(
        {"output": {"message": {"content": [{"toolUse": {**call, "input": {}}}]}}, "stopReason": "end_turn"}, "s"
    )
    assert whole_call.choices[0].blocks == (Opaque("bedrock_converse", "toolUse", {**call, "input": {}}),)


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        ("malformed_model_output", "other"),
        ("malformed_tool_use", "bad_tool_call"),
        ("model_context_window_exceeded", "context"),
        ("content_filtered", "content_filter"),
        ("tomorrow", "other"),
    ],
)
def test_reasons_to_stop(raw: str, reason: Any) -> None:
    events = decode(BEGIN + frame("messageStop", {"stopReason": raw}) + META)
    assert ChoiceEnd(Stop(reason, None, raw)) in events


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=9), st.integers(1, 90))
def test_any_order_ends_exactly_once(pieces: list[bytes], size: int) -> None:
    events = decode(b"".join(pieces), size)
    assert isinstance(events[-1], Finished | Failed)
    assert sum(isinstance(event, Finished | Failed) for event in events) == 1
    if isinstance(events[-1], Finished):
        told(events)


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_never_raise(data: bytes) -> None:
    assert isinstance(decode(data)[-1], Failed)


def test_the_cost_of_an_event() -> None:
    """≤ 10 µs are the aim for both ends together; ten times as much is a fault on any machine."""
    data = BEGIN + delta(0, text="word ") * 5_000 + stop(0) + STOP + META
    began = time.perf_counter()
    events = decode(data, 1400)
    assert len(events) == 5_000 + 5
    assert (time.perf_counter() - began) / 5_000 < 100e-6
