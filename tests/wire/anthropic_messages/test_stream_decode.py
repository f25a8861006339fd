"""Streams of an upstream into neutral events."""

from __future__ import annotations

from typing import Any

import orjson
import pytest
from tests.wire.anthropic_messages.telling import CASES, data, events, raw, told_streamed, told_whole

from gateway.neutral.blocks import Opaque, ToolCall
from gateway.neutral.response import BlockDelta, BlockEnd, BlockSignature, BlockStart, ChoiceEnd, Failed, Finished
from gateway.neutral.sequence import Sequencer
from gateway.wire import sse
from gateway.wire.anthropic_messages.codec import CODEC

START: dict[str, Any] = {
    "type": "message_start",
    "message": {"id": "msg_1", "model": "m", "usage": {"input_tokens": 5, "output_tokens": 1}},
}
TEXT: dict[str, Any] = {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}}
CALL: dict[str, Any] = {
    "type": "content_block_start",
    "index": 0,
    "content_block": {"type": "tool_use", "id": "t", "name": "f", "input": {}},
}
END: dict[str, Any] = {"type": "content_block_stop", "index": 0}
DONE: dict[str, Any] = {"type": "message_delta", "delta": {"stop_reason": "end_turn"}, "usage": {"output_tokens": 7}}
STOP: dict[str, Any] = {"type": "message_stop"}


def delta(index: int = 0, **members: Any) -> dict[str, Any]:
    return {"type": "content_block_delta", "index": index, "delta": members}


def stream(*parts: dict[str, Any] | bytes) -> bytes:
    return b"".join(part if isinstance(part, bytes) else sse.encode(part["type"], orjson.dumps(part)) for part in parts)


@pytest.mark.parametrize("case", CASES)
def test_a_stream_says_what_the_whole_answer_says(case: str) -> None:
    streamed = told_streamed(events(raw(case, "stream.sse")))
    wanted = data(case, "expected")
    text = "".join(block.get("text", "") for block in streamed["blocks"])
    assert text == ("I" if case == "refusal" else wanted.get("text", ""))
    assert "".join(block.get("thinking", "") for block in streamed["blocks"]) == wanted.get("thinking", "")
    calls = [
        {"name": block["name"], "arguments": block["arguments"]} for block in streamed["blocks"] if "call" in block
    ]
    assert calls == wanted.get("tools", [])
    assert streamed["stop"].raw == wanted["finish"]
    assert streamed["usage"] == {name: wanted["usage"][name] for name in streamed["usage"]}
    if case in ("unknown_fields", "refusal"):
        return  # its two forms differ on purpose
    whole = told_whole(CODEC.decode_response(data(case, "response"), "seed"))
    ignored = ("tier", "id")
    assert {k: v for k, v in streamed.items() if k not in ignored} == {
        k: v for k, v in whole.items() if k not in ignored
    }


@pytest.mark.parametrize("size", [1, 7])
@pytest.mark.parametrize("case", CASES)
def test_where_the_bytes_are_cut_changes_nothing(case: str, size: int) -> None:
    stream = raw(case, "stream.sse")
    assert events(stream, size) == events(stream)
    crlf = stream.replace(b"\n", b"\r\n")
    assert events(crlf, size) == events(stream)


@pytest.mark.parametrize("case", ["thinking", "parallel_tools", "server_tools"])
def test_a_stream_cut_anywhere_has_failed(case: str) -> None:
    stream = raw(case, "stream.sse").rstrip(b"\n")
    whole = events(stream)
    for offset in range(len(stream)):
        found = events(stream[:offset])
        assert isinstance(found[-1], Failed), offset
        assert found[-1].status == 502
        assert not any(isinstance(event, Failed | Finished | ChoiceEnd) for event in found[:-1])
        assert found[:-1] == whole[: len(found) - 1]


def test_a_stream_without_blocks() -> None:
    found = events(stream(START, DONE, STOP))
    assert [type(event).__name__ for event in found] == ["Started", "ChoiceEnd", "Finished"]


def test_the_last_event_needs_no_blank_line() -> None:
    assert isinstance(events(stream(START, DONE, STOP).rstrip())[-1], Finished)


def test_pings_comments_and_what_nobody_knows_are_passed_over() -> None:
    found = events(
        stream(b": hello\n\n", START, {"type": "ping"}, TEXT, {"type": "x_event"}, delta(type="x_delta", a=1))
        + stream(delta(type="text_delta", text="a"), END, DONE, STOP, b"data: [DONE]\n\n")
    )
    assert [
        type(event).__name__ for event in found
    ] == "Started BlockStart BlockDelta BlockEnd ChoiceEnd Finished".split()


def test_a_server_that_leaves_out_the_type_is_read_by_the_events_name() -> None:
    unnamed = stream(START, DONE) + b"event: message_stop\ndata: {}\n\n"
    assert isinstance(events(unnamed)[-1], Finished)


def test_input_that_is_complete_at_the_start_is_given_once() -> None:
    whole = {**CALL, "content_block": {**CALL["content_block"], "input": {"a": 1}}}
    found = events(stream(START, whole, END, DONE, STOP))
    assert found[1:4] == [BlockStart(0, ToolCall("t", "f", "")), BlockDelta(0, '{"a":1}'), BlockEnd(0)]
    both = events(stream(START, whole, delta(type="input_json_delta", partial_json='{"a":1}'), END, DONE, STOP))
    assert both == found


def test_a_server_tools_block_comes_whole_and_can_be_handed_back() -> None:
    found = events(raw("server_tools", "stream.sse"))
    blocks = [event.block for event in found if isinstance(event, BlockStart) and isinstance(event.block, Opaque)]
    assert [dict(block.data) for block in blocks] == data("server_tools", "response")["content"][1:3]


def test_a_signature_is_given_once_however_often_it_is_sent() -> None:
    thought = {
        "type": "content_block_start",
        "index": 0,
        "content_block": {"type": "thinking", "thinking": "", "signature": "aa"},
    }
    found = events(
        stream(
            START, thought, delta(type="signature_delta", signature="bb"), delta(type="signature_delta", signature="cc")
        )
        + stream(END, DONE, STOP)
    )
    assert [event.signature.data for event in found if isinstance(event, BlockSignature)] == ["cc"]


def test_usage_is_cumulative() -> None:
    first = {**DONE, "delta": {}, "usage": {"output_tokens": 3, "cache_read_input_tokens": 4}}
    ending = events(stream(START, first, DONE, STOP))[-1]
    assert isinstance(ending, Finished)
    assert ending.usage is not None
    assert (ending.usage.fresh, ending.usage.cache_read, ending.usage.output) == (5, 4, 7)
    assert ending.usage.source == "upstream"


@pytest.mark.parametrize(
    ("kind", "status"), [("overloaded_error", 529), ("rate_limit_error", 429), ("api_error", 502), ("strange", 502)]
)
def test_an_error_event_ends_the_stream(kind: str, status: int) -> None:
    error = {"type": "error", "error": {"type": kind, "message": "No."}}
    found = events(stream(START, TEXT, error, END, DONE, STOP))
    assert found[-1] == Failed("No.", status, kind, usage=found[-1].usage)  # type: ignore[union-attr]
    assert len(found) == 3
    assert found[-1].usage is not None  # type: ignore[union-attr]


def test_an_error_that_is_no_stream_at_all() -> None:
    failed = events(b'{"type":"error","error":{"type":"rate_limit_error","message":"Slow down."}}')
    assert failed == [Failed("Slow down.", 429, "rate_limit_error")]


DEEP = b'{"a":' * 400 + b"1" + b"}" * 400
BAD = {
    "nothing": b"",
    "not json": stream(START, b"event: ping\ndata: {oops\n\n", STOP),
    "no object": stream(START, b"data: [1]\n\n", STOP),
    "two starts": stream(START, START, DONE, STOP),
    "no start": stream(TEXT, END, DONE, STOP),
    "start without message": stream({"type": "message_start"}, STOP),
    "delta before start": stream(DONE, STOP),
    "stop before start": stream(STOP),
    "delta without block": stream(START, delta(type="text_delta", text="a"), STOP),
    "delta behind the end": stream(START, TEXT, END, delta(type="text_delta", text="a"), STOP),
    "thinking in text": stream(START, TEXT, delta(type="thinking_delta", thinking="a"), END, DONE, STOP),
    "text in a call": stream(START, CALL, delta(type="text_delta", text="a"), END, DONE, STOP),
    "delta without its member": stream(START, TEXT, delta(type="text_delta"), END, DONE, STOP),
    "delta that is a list": stream(START, TEXT, {**delta(), "delta": []}, END, DONE, STOP),
    "block twice": stream(START, TEXT, TEXT, END, DONE, STOP),
    "block without type": stream(START, {**TEXT, "content_block": {}}, END, DONE, STOP),
    "call without a name": stream(START, {**CALL, "content_block": {"type": "tool_use", "id": "t"}}, END, DONE, STOP),
    "end without block": stream(START, END, DONE, STOP),
    "server input no json": stream(
        START,
        {**CALL, "content_block": {"type": "server_tool_use", "id": "s", "name": "x", "input": {}}},
        delta(type="input_json_delta", partial_json="{"),
        END,
        DONE,
        STOP,
    ),
    "input too deep": stream(
        START,
        b'data: {"type":"content_block_start","index":0,"content_block":{"type":"tool_use","id":"t","name":"f","input":'
        + DEEP
        + b"}}\n\n",
        END,
        DONE,
        STOP,
    ),
    "html": b"<html><body>Bad Gateway</body></html>",
    "openai": b'data: {"choices":[]}\n\ndata: [DONE]\n\n',
}


@pytest.mark.parametrize("case", BAD)
@pytest.mark.parametrize("size", [None, 1])
def test_what_is_not_the_protocol_has_failed_once_and_for_all(case: str, size: int | None) -> None:
    found = events(BAD[case], size)
    assert isinstance(found[-1], Failed)
    assert sum(isinstance(event, Failed) for event in found) == 1
    assert not any(isinstance(event, Finished) for event in found)


def test_nothing_follows_the_end() -> None:
    decoder = CODEC.decoder("seed")
    decoder.feed(stream(START, DONE, STOP))
    assert decoder.feed(stream(START, TEXT)) == []
    assert decoder.close() == []


def test_an_event_without_end_fails() -> None:
    decoder = CODEC.decoder("seed")
    found = []
    for _ in range(18):
        found += decoder.feed(b"data: " + b"x" * (1 << 20))
    assert [type(event) for event in found] == [Failed]


@pytest.mark.parametrize("case", CASES)
def test_the_order_is_the_grammars_already(case: str) -> None:
    sequencer = Sequencer()
    found = events(raw(case, "stream.sse"))
    assert [out for event in found for out in sequencer.feed(event)] == found
