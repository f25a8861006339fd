"""Streams of upstreams, cut everywhere, and what is wrong with them."""

from __future__ import annotations

from typing import Any

import pytest
from tests.wire.openai_responses.kit import CASES, GOOD, fixture, load, of_blocks, read, stream, told

from gateway.errors import BadAnswer
from gateway.neutral.blocks import Opaque, Text, ToolCall
from gateway.neutral.response import BlockEnd, BlockExtra, BlockLogprobs, BlockStart, ChoiceEnd, Failed, Finished
from gateway.wire.openai_responses.codec import CODEC

ITEM = {"type": "message", "id": "msg_1", "status": "in_progress", "role": "assistant", "content": []}
CALL = {"type": "function_call", "id": "fc_1", "call_id": "call_1", "name": "look", "arguments": "", "status": "x"}
CREATED = {"type": "response.created", "sequence_number": 0, "response": {"id": "resp_1", "model": "m"}}
DONE = {"type": "response.completed", "response": {"id": "resp_1", "status": "completed", "output": []}}


def added(item: dict[str, Any], index: int = 0) -> dict[str, Any]:
    return {"type": "response.output_item.added", "output_index": index, "item": item}


def done(item: dict[str, Any], index: int = 0) -> dict[str, Any]:
    return {"type": "response.output_item.done", "output_index": index, "item": item}


def delta(text: str, index: int = 0, part: int = 0) -> dict[str, Any]:
    return {"type": "response.output_text.delta", "output_index": index, "content_index": part, "delta": text}


@pytest.mark.parametrize("case", CASES)
def test_whole(case: str) -> None:
    assert told(read([fixture(case, "stream.sse")])) == load(case, "expected")


@pytest.mark.parametrize("case", CASES)
def test_byte_by_byte(case: str) -> None:
    raw = fixture(case, "stream.sse")
    assert read(raw[at : at + 1] for at in range(len(raw))) == read([raw])


@pytest.mark.parametrize("case", CASES)
def test_other_line_ends_say_the_same(case: str) -> None:
    raw = fixture(case, "stream.sse")
    assert read([raw.replace(b"\n", b"\r\n")]) == read([raw])


@pytest.mark.parametrize("case", GOOD)
def test_a_cut_is_never_a_good_end(case: str) -> None:
    raw = fixture(case, "stream.sse")
    last = raw.rstrip(b"\n")
    for at in range(0, len(last), 1 if len(raw) < 12_000 else 7):
        events = read([raw[:at]])
        assert isinstance(events[-1], Failed), at
        assert not any(isinstance(event, Finished | ChoiceEnd) for event in events), at
    assert isinstance(read([last])[-1], Finished)


@pytest.mark.parametrize("case", GOOD)
def test_the_whole_answer_says_what_the_stream_says(case: str) -> None:
    answer = CODEC.decode_response(load(case, "response"), "seed")
    expected = load(case, "expected")
    found = of_blocks(answer.choices[0].blocks)
    assert found == {name: value for name, value in expected.items() if name not in ("stop", "usage")}
    stop = answer.choices[0].stop
    assert stop is not None
    assert stop.reason == expected["stop"]


def test_a_failed_answer_is_none() -> None:
    with pytest.raises(BadAnswer, match="Rate limit"):
        CODEC.decode_response(load("failed", "response"), "seed")


@pytest.mark.parametrize("data", [{}, {"output": {}}, {"output": [1]}, {"output": [], "status": "queued"}])
def test_what_is_no_answer(data: dict[str, Any]) -> None:
    with pytest.raises(BadAnswer):
        CODEC.decode_response(data, "seed")


def test_event_lines_are_not_needed() -> None:
    raw = fixture("parallel_tools", "stream.sse")
    bare = b"\n".join(line for line in raw.split(b"\n") if not line.startswith(b"event:"))
    assert read([bare]) == read([raw])


def test_arguments_that_come_with_done_alone() -> None:
    finished = {"type": "response.function_call_arguments.done", "output_index": 0, "arguments": '{"a":1}'}
    for events in (
        [CREATED, added(CALL), finished, done({**CALL, "arguments": '{"a":1}'}), DONE],
        [CREATED, added(CALL), done({**CALL, "arguments": '{"a":1}'}), DONE],
        [CREATED, done({**CALL, "arguments": '{"a":1}'}), DONE],
        [{**DONE, "response": {"output": [{**CALL, "arguments": '{"a":1}'}]}}],
        [added(CALL), {**DONE, "response": {"output": [{**CALL, "arguments": '{"a":1}'}]}}],
    ):
        assert told(read([stream(*events)]))["tool_calls"] == [{"id": "call_1", "name": "look", "arguments": '{"a":1}'}]


def test_the_rest_of_arguments_comes_with_done() -> None:
    part = {"type": "response.function_call_arguments.delta", "output_index": 0, "delta": '{"a"'}
    events = read([stream(added(CALL), part, done({**CALL, "arguments": '{"a":1}'}), DONE)])
    assert told(events)["tool_calls"][0]["arguments"] == '{"a":1}'


def test_a_done_may_write_the_same_json_otherwise() -> None:
    part = {"type": "response.function_call_arguments.delta", "output_index": 0, "delta": '{"a": 1}'}
    events = read([stream(added(CALL), part, done({**CALL, "arguments": '{"a":1}'}), DONE)])
    assert told(events)["tool_calls"][0]["arguments"] == '{"a": 1}'


def test_text_that_comes_with_the_item_alone() -> None:
    item = {**ITEM, "content": [{"type": "output_text", "text": "Hi"}, {"type": "refusal", "refusal": "No"}]}
    found = told(read([stream(done(item), DONE)]))
    assert (found["text"], found["refusal"]) == ("Hi", "No")


def test_unknown_items_are_kept_whole_and_annotations_told_once() -> None:
    events = read([fixture("unknown_fields", "stream.sse")])
    kept = [event.block for event in events if isinstance(event, BlockStart) and isinstance(event.block, Opaque)]
    assert [(block.type, block.data["action"]["query"]) for block in kept] == [("web_search_call", "hi")]
    notes = [note for event in events if isinstance(event, BlockExtra) for note in event.data["annotations"]]
    assert [note["url"] for note in notes] == ["https://example.com/there"]


def test_logprobs_are_told_once() -> None:
    token = {"token": "Hi", "logprob": -0.5, "bytes": [72, 105], "top_logprobs": [{"token": "Ho", "logprob": -1}]}
    part = {"type": "output_text", "text": "Hi", "annotations": [], "logprobs": [token]}
    events = read([stream({**delta("Hi"), "logprobs": [token]}, done({**ITEM, "content": [part]}), DONE)])
    found = [event for event in events if isinstance(event, BlockLogprobs)]
    assert [(one.token, one.bytes, one.top[0].token) for event in found for one in event.tokens] == [
        ("Hi", (72, 105), "Ho")
    ]


def test_interleaved_items_close_each_its_own() -> None:
    other = {**CALL, "call_id": "call_2"}
    part = {"type": "response.function_call_arguments.delta"}
    events = read(
        [
            stream(
                added(CALL),
                added(other, 1),
                {**part, "output_index": 1, "delta": '{"b"'},
                {**part, "output_index": 0, "delta": "{}"},
                done({**CALL, "arguments": "{}"}),
                done({**other, "arguments": '{"b":2}'}, 1),
                DONE,
            )
        ]
    )
    assert [call["arguments"] for call in told(events)["tool_calls"]] == ["{}", '{"b":2}']
    assert sum(isinstance(event, BlockEnd) for event in events) == 2


ERROR = {"message": "Too long.", "code": "context_length_exceeded", "param": "input"}
BAD: dict[str, tuple[bytes, int, str]] = {
    "not JSON": (b"data: {nope\n\n", 502, "upstream_bad_answer"),
    "no object": (b"data: [1]\n\n", 502, "upstream_bad_answer"),
    "nothing": (b"", 502, "upstream_cut"),
    "only a start": (stream(CREATED), 502, "upstream_cut"),
    "done marker alone": (b"data: [DONE]\n\n", 502, "upstream_cut"),
    "flat error": (stream({"type": "error", **ERROR}), 400, "context_length_exceeded"),
    "nested error": (stream(CREATED, {"type": "error", "error": ERROR}), 400, "context_length_exceeded"),
    "error without a type": (b'data: {"error":{"message":"m","type":"rate_limit_error"}}\n\n', 429, "rate_limit_error"),
    "error as words": (b'data: {"error":"broken"}\n\n', 502, "upstream_error"),
    "cut error": (b'data: {"type":"error","code":"server_error","message":"m"}', 502, "server_error"),
    "cancelled": (stream({"type": "response.cancelled", "response": {}}), 502, "upstream_error"),
    "arguments without a call": (
        stream({"type": "response.function_call_arguments.delta", "output_index": 0, "delta": "{}"}),
        502,
        "upstream_bad_answer",
    ),
    "call without a name": (stream(added({**CALL, "name": None})), 502, "upstream_bad_answer"),
    "delta after done": (stream(added(ITEM), done(ITEM), delta("x")), 502, "upstream_bad_answer"),
    "delta after a grown text was done": (
        stream(delta("x"), done(ITEM | {"content": []}), delta("y")),
        502,
        "upstream_bad_answer",
    ),
    "added twice": (stream(added(ITEM), added(ITEM)), 502, "upstream_bad_answer"),
    "done twice": (stream(done(ITEM), done(ITEM)), 502, "upstream_bad_answer"),
    "text in a call": (stream(added(CALL), delta("x")), 502, "upstream_bad_answer"),
    "refusal in a text": (
        stream(added(ITEM), delta("x"), {"type": "response.refusal.delta", "output_index": 0, "delta": "n"}),
        502,
        "upstream_bad_answer",
    ),
    "contradiction": (
        stream(delta("abc"), done({**ITEM, "content": [{"type": "output_text", "text": "xyz"}]})),
        502,
        "upstream_bad_answer",
    ),
    "index that is no number": (stream({**delta("x"), "output_index": "0"}), 502, "upstream_bad_answer"),
}


@pytest.mark.parametrize("case", BAD)
def test_what_is_no_stream_fails_once(case: str) -> None:
    raw, status, code = BAD[case]
    events = read([raw, stream(DONE)] if code != "upstream_cut" and not case.startswith("cut") else [raw])
    failed = [event for event in events if isinstance(event, Failed)]
    assert [(event.status, event.code) for event in failed] == [(status, code)]
    assert events[-1] is failed[0]


def test_an_event_without_end_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gateway.wire.sse.LONGEST", 100)
    assert isinstance(read([b"data: " + b"x" * 200])[-1], Failed)


def test_a_call_keeps_its_namespace_in_its_name() -> None:
    events = read([stream(done({**CALL, "namespace": "mail", "arguments": "{}"}), DONE)])
    calls = [event.block for event in events if isinstance(event, BlockStart)]
    assert [call.name for call in calls if isinstance(call, ToolCall)] == ["mail__look"]


def test_content_filter_is_a_stop() -> None:
    end = {"status": "incomplete", "incomplete_details": {"reason": "content_filter"}, "output": []}
    found = told(read([stream(delta("x"), {"type": "response.incomplete", "response": end})]))
    assert (found["stop"], found["usage"], found["text"]) == ("content_filter", None, "x")


def test_a_text_block_is_not_opened_by_an_unknown_event() -> None:
    events = read([stream({"type": "response.x.delta", "output_index": 0, "delta": "x"}, DONE)])
    assert not any(isinstance(event, BlockStart) and isinstance(event.block, Text) for event in events)
