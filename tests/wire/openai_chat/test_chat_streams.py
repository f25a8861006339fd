"""Upstreams' streams: the fixtures however they are cut, and what servers do beside the protocol."""

from __future__ import annotations

import time
from typing import Any

import orjson
import pytest
from tests.wire.openai_chat.parts import CASES, chunk, ends, fixture, gathered, read, sse

from gateway.neutral.blocks import Signature, Thinking, ToolCall
from gateway.neutral.response import (
    BlockDelta,
    BlockExtra,
    BlockLogprobs,
    BlockSignature,
    BlockStart,
    ChoiceEnd,
    Failed,
    Finished,
    Started,
)
from gateway.neutral.usage import Usage
from gateway.wire.openai_chat.codec import CODEC

HI = chunk({"role": "assistant", "content": "hi"})
STOP = chunk({}, "stop")


@pytest.mark.parametrize("case", CASES)
def test_fixtures(case: str) -> None:
    """A stream says what the whole answer says."""
    events = read(fixture(case, "stream.sse"))
    whole = CODEC.decode_response(orjson.loads(fixture(case, "response.json")), "seed")
    blocks = gathered(events)
    for number, choice in enumerate(whole.choices):
        assert [text for _, text in blocks[number]] == [
            getattr(block, "text", None) or getattr(block, "arguments", "") for block in choice.blocks
        ]
        (end,) = [event for event in events if isinstance(event, ChoiceEnd) and event.choice == number]
        assert end.stop == choice.stop
    finished = events[-1]
    assert isinstance(finished, Finished)
    assert finished.usage == whole.usage
    assert isinstance(events[0], Started)
    first = orjson.loads(fixture(case, "stream.sse").partition(b"data:")[2].splitlines()[0])
    assert (events[0].id, events[0].model, events[0].created) == (first["id"], first["model"], first["created"])


@pytest.mark.parametrize("case", CASES)
def test_byte_by_byte(case: str) -> None:
    stream = fixture(case, "stream.sse")
    assert read(*(stream[n : n + 1] for n in range(len(stream)))) == read(stream)


@pytest.mark.parametrize("case", ["parallel_tools", "two_choices_crlf", "unknown_fields"])
def test_cut_anywhere_it_fails_once_unless_done_was_in(case: str) -> None:
    stream = fixture(case, "stream.sse")
    done = stream.index(b"[DONE]") + len(b"[DONE]")
    for cut in range(len(stream) + 1):
        events = read(stream[:cut])
        assert ends(events)[-1] == ("Finished" if cut >= done else "Failed"), cut
        assert sum(isinstance(event, Failed | Finished) for event in events) == 1


def test_a_cut_keeps_what_is_known_of_the_consumption() -> None:
    usage = {"prompt_tokens": 3, "completion_tokens": 1}
    failed = read(sse(HI, {**STOP, "usage": usage}, done=False))[-1]
    assert failed == Failed(
        "The provider's stream broke off before its end.",
        502,
        "upstream_cut",
        usage=Usage(3, output=1, source="upstream"),
    )


def test_nothing_comes_after_the_end() -> None:
    decoder = CODEC.decoder("seed")
    decoder.feed(sse(HI, STOP) + sse(HI))
    assert decoder.feed(sse(HI)) == []
    assert decoder.close() == []


@pytest.mark.parametrize(("stream", "message"), [
    (b"data: {broken\n\n", "not JSON"), (b"data: [1]\n\n", "no object"), (sse({"choices": [1]}), "no object"),
    (sse(chunk({"tool_calls": {"0": 1}})), "no list"),
    (sse(chunk({"tool_calls": [1]})), "no object"), (sse(chunk({"tool_calls": [{"index": 0, "id": "x"}]})), "names no tool"),
    (sse(), "without an answer"),
    (b"", "broke off"), (b"<html>", "broke off"), (b": comment\n\n", "broke off"),
])  # fmt: skip
def test_what_is_no_stream(stream: bytes, message: str) -> None:
    (failed,) = [event for event in read(stream) if isinstance(event, Failed)]
    assert message in failed.message
    assert failed.status == 502


@pytest.mark.parametrize(("error", "status", "code"), [
    ({"message": "m", "type": "rate_limit_error", "code": None}, 429, "rate_limit_error"),
    ({"message": "m", "type": "server_error", "code": "boom"}, 502, "boom"),
    ({"message": "m", "code": 503}, 503, "upstream_error"), ({"message": "m", "code": "429"}, 429, "429"), ("words", 502, "upstream_error"),
])  # fmt: skip
def test_errors_in_the_stream(error: Any, status: int, code: str) -> None:
    for stream in (sse(HI, {"error": error}), sse(HI, {"error": error}, done=False)[:-2]):
        failed = read(stream)[-1]
        assert isinstance(failed, Failed)
        assert (failed.status, failed.code) == (status, code)
        assert failed.message in ("m", "words")


def test_an_event_without_end_is_given_up() -> None:
    decoder = CODEC.decoder("seed")
    piece = b"data: " + b"x" * (1 << 20)
    events = [event for _ in range(18) for event in decoder.feed(piece)]
    assert [type(event) for event in events] == [Failed]


def part(
    index: int | None, call_id: str | None = None, name: str | None = None, arguments: Any = None
) -> dict[str, Any]:
    function = {"name": name, "arguments": arguments}
    entry = {
        "index": index,
        "id": call_id,
        "type": "function",
        "function": {k: v for k, v in function.items() if v is not None},
    }
    return {key: value for key, value in entry.items() if value is not None}


def calls(*deltas: list[dict[str, Any]]) -> list[tuple[str, str]]:
    """The calls that come of these deltas."""
    events = read(sse(*(chunk({"tool_calls": entries}) for entries in deltas), chunk({}, "tool_calls")))
    assert ends(events) == ["tool_call", "Finished"]
    return gathered(events)[0]


@pytest.mark.parametrize("deltas", [
    [[part(0, "a", "f", "")], [part(0, None, None, '{"x":')], [part(1, "b", "g", "{")], [part(0, None, None, "1}")], [part(1, None, None, "}")]],
    [[part(0, "a", "f", '{"x":1}'), part(1, "b", "g", "{}")]], [[part(None, "a", "f", '{"x":1}'), part(None, "b", "g", "{}")]],
    [[part(0, "a", "f", '{"x":1}')], [part(0, "b", "g", "{}")]], [[part(None, "a", "f", '{"x":')], [part(None, "a", None, "1}")], [part(None, "b",
     "g", "{}")]],
    [[part(0, "a", "f", '{"x":')], [part(0, "a", "f", "1}")], [part(1, "b", "g", {})]], [[part(0, "a")], [part(0, None, "f", '{"x":1}')], [part(1,
     "b", "g", "{}")]],
    [[part(0, "a", None, '{"x"')], [part(0, "a", "f", ":1}")], [part(1, "b", "g", "{}")]], [[part(0, "a", "f", {"x": 1}), part(1, "b", "g", "{}")]],
    [[part(0, "a", "f")], [part(0, "", "", '{"x":1}')], [part(1, "b", "g", "{}")]],
])  # fmt: skip
def test_calls_however_they_are_told(deltas: list[list[dict[str, Any]]]) -> None:
    assert calls(*deltas) == [("toolcall f a", '{"x":1}'), ("toolcall g b", "{}")]


@pytest.mark.parametrize("deltas", [
    [[part(0, None, "f", "{}")], [part(1, None, "f", "{}")]], [[part(None, None, "f", "{}"), part(None, None, "f", "{}")]],
    [[part(None, None, "f", "{")], [part(None, None, None, "}")], [part(None, None, "f", "{}")]], [[part(None, None, "f", "{")], [part(None, None,
     "f", "}")],
     [part(None, None, "f", "{}")]],
])  # fmt: skip
def test_calls_without_ids_get_ids_of_their_own(deltas: list[list[dict[str, Any]]]) -> None:
    assert calls(*deltas) == [("toolcall f call_seed_0_0", "{}"), ("toolcall f call_seed_0_1", "{}")]


def test_custom_calls_and_the_old_form() -> None:
    free = {"index": 0, "id": "a", "type": "custom", "custom": {"name": "g", "input": "so"}}
    events = read(
        sse(
            chunk({"tool_calls": [free]}),
            chunk({"tool_calls": [{"index": 0, "custom": {"input": "me"}}]}),
            chunk({}, "tool_calls"),
        )
    )
    (start,) = [event for event in events if isinstance(event, BlockStart)]
    assert isinstance(start.block, ToolCall)
    assert start.block.custom
    assert gathered(events)[0] == [("toolcall g a", "some")]
    old = read(
        sse(
            chunk({"function_call": {"name": "f", "arguments": "{"}}),
            chunk({"function_call": {"arguments": "}"}}),
            chunk({}, "function_call"),
        )
    )
    assert gathered(old)[0] == [("toolcall f call_seed_0_0", "{}")]


def test_thoughts_text_and_calls_in_order() -> None:
    events = read(sse(
        chunk({"reasoning_content": "h", "content": None}), chunk({"reasoning_content": "m"}), chunk({"content": "a"}),
         chunk({"reasoning": "again"}), chunk({"content": "b"}),
        chunk({"tool_calls": [part(0, "c", "f", "{}")]}), chunk({"content": "after"}), STOP,
    ))  # fmt: skip
    assert gathered(events)[0] == [
        ("thinking", "hm"), ("text", "a"), ("thinking", "again"), ("text", "b"), ("toolcall f c", "{}"), ("text", "after"),
    ]  # fmt: skip
    assert ends(events) == ["tool_call", "Finished"]


def test_openrouters_details() -> None:
    def detail(**members: Any) -> dict[str, Any]:
        return chunk(
            {
                "content": "",
                "reasoning": members.get("text"),
                "reasoning_details": [{"type": "reasoning.text", "format": "x", **members}],
            }
        )

    events = read(sse(
        detail(text="h", index=0), detail(text="m", index=0), detail(signature="s", index=0), detail(text="2", index=1),
        chunk({"reasoning_details": [{"type": "reasoning.encrypted", "data": "enc", "index": 2}]}), HI, STOP,
    ))  # fmt: skip
    assert gathered(events)[0] == [("thinking+signature", "hm"), ("thinking", "2"), ("thinking", ""), ("text", "hi")]
    (signature,) = [event.signature for event in events if isinstance(event, BlockSignature)]
    assert signature.dialect == "openai_chat"
    (hidden,) = [
        event.block
        for event in events
        if isinstance(event, BlockStart) and isinstance(event.block, Thinking) and event.block.redacted
    ]
    assert hidden.signature is not None


def test_a_thought_said_again_beside_its_signature() -> None:
    """This gateway's own streams, behind another gateway."""
    again = {"type": "reasoning.text", "text": "hm", "signature": "s", "index": 0}
    events = read(
        sse(
            chunk({"reasoning_content": "h"}),
            chunk({"reasoning_content": "m"}),
            chunk({"reasoning_details": [again]}),
            HI,
            STOP,
        )
    )
    assert gathered(events)[0] == [("thinking+signature", "hm"), ("text", "hi")]


def test_a_signature_beside_a_call() -> None:
    entry = {**part(0, "c", "f", "{}"), "extra_content": {"google": {"thought_signature": "x"}}}
    events = read(sse(chunk({"tool_calls": [entry]}), STOP))
    (start,) = [event for event in events if isinstance(event, BlockStart)]
    assert isinstance(start.block, ToolCall)
    assert isinstance(start.block.signature, Signature)
    late = read(
        sse(
            chunk({"tool_calls": [part(0, "c", "f", "{}")]}),
            chunk({"tool_calls": [{"index": 0, "extra_content": entry["extra_content"]}]}),
            STOP,
        )
    )
    assert [event.signature for event in late if isinstance(event, BlockSignature)] == [start.block.signature]


def test_mistrals_chunks() -> None:
    thinking = [{"type": "thinking", "thinking": [{"type": "text", "text": "hm"}]}]
    events = read(
        sse(
            chunk({"content": thinking}),
            chunk({"content": [{"type": "text", "text": "a"}]}),
            chunk({"content": "b"}),
            STOP,
        )
    )
    assert gathered(events)[0] == [("thinking", "hm"), ("text", "ab")]


def test_usage_wherever_it_comes() -> None:
    usage = {"prompt_tokens": 3, "completion_tokens": 2, "total_tokens": 5}
    expected = Usage(3, output=2, source="upstream")
    for stream in (
        sse(HI, {**STOP, "usage": usage}), sse(HI, STOP, {"choices": [], "usage": usage}), sse(HI, {**STOP, "usage": usage}, {"choices": [],
         "usage": None}),
        sse({**HI, "usage": {**usage, "completion_tokens": 1}}, STOP, chunk({"content": ""}, None, usage=usage)), sse(HI, STOP, chunk({}, "stop",
         usage=usage)),
    ):  # fmt: skip
        finished = read(stream)[-1]
        assert isinstance(finished, Finished)
        assert finished.usage == expected


def test_the_first_chunk_of_azure_and_annotations_and_logprobs() -> None:
    first = {"id": "", "model": "", "choices": [], "prompt_filter_results": []}
    token = {"token": "hi", "logprob": -1.0, "bytes": None, "top_logprobs": []}
    told = chunk({"content": "hi"})
    told["choices"][0]["logprobs"] = {"content": [token]}
    note = {"type": "url_citation"}
    events = read(sse(first, told, chunk({"annotations": [note]}), STOP))
    assert isinstance(events[0], Started)
    assert events[0].id == "c1"
    assert gathered(events)[0] == [("text+1", "hi")]
    assert [event.data for event in events if isinstance(event, BlockExtra)] == [{"annotations": [note]}]
    assert sum(isinstance(event, BlockLogprobs) for event in events) == 1


def test_pictures_are_blocks_of_their_own() -> None:
    image = {"type": "image_url", "image_url": {"url": "data:image/png;base64,eA=="}}
    events = read(sse(HI, chunk({"images": [image]}), STOP))
    assert gathered(events)[0] == [("text", "hi"), ("media", "")]


def test_choices_interleave() -> None:
    events = read(sse(
        chunk({"content": "a"}, index=1), chunk({"content": "b"}), chunk({"content": "c"}, index=1), chunk({}, "length", 1), chunk({}, "stop"),
    ))  # fmt: skip
    assert gathered(events) == {0: [("text", "b")], 1: [("text", "ac")]}
    assert ends(events) == ["end", "length", "Finished"]


def test_an_end_nobody_explained() -> None:
    assert ends(read(sse(HI))) == ["none", "Finished"]


def test_time_is_linear_in_bytes() -> None:
    """One event of 2 MB, byte by byte: each byte is looked at once."""
    stream = sse(chunk({"content": "x" * 300_000}), STOP)
    decoder = CODEC.decoder("seed")
    began = time.perf_counter()
    for n in range(len(stream)):
        decoder.feed(stream[n : n + 1])
    assert time.perf_counter() - began < 3


def test_time_of_thoughts_told_twice_is_linear() -> None:
    """OpenRouter gives each piece as `reasoning` and again in `reasoning_details`."""

    def seconds(count: int) -> float:
        piece = {"type": "reasoning.text", "text": "tok ", "index": 0}
        stream = sse(*[chunk({"reasoning": "tok ", "reasoning_details": [piece]})] * count, STOP)
        began = time.process_time()
        assert sum(len(event.text) for event in read(stream) if isinstance(event, BlockDelta)) == 4 * count
        return time.process_time() - began

    assert seconds(12_000) < 10 * seconds(3_000) + 0.05
