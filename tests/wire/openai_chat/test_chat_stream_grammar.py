"""Streams for clients: the grammar of chunks, judged by the types of the openai SDK."""

from __future__ import annotations

from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openai.types.chat import ChatCompletionChunk
from tests.wire.openai_chat.parts import CASES, asked, context, decoded, ends, fixture, gathered, read

from gateway.neutral.blocks import Block, Media, Opaque, Refusal, Signature, Text, Thinking, TokenLogprob, ToolCall
from gateway.neutral.request import Request
from gateway.neutral.response import (
    BlockDelta,
    BlockEnd,
    BlockExtra,
    BlockLogprobs,
    BlockSignature,
    BlockStart,
    ChoiceEnd,
    Event,
    Failed,
    Finished,
    Started,
    Stop,
)
from gateway.neutral.usage import Usage
from gateway.wire import sse as events_of
from gateway.wire.openai_chat.codec import CODEC

USAGE = Usage(10, 4, 0, 0, 7, 5, "upstream")
TEXTS = st.text(max_size=4)
SIGNATURE = st.sampled_from([Signature("anthropic_messages", "c2ln"), Signature("gemini", "Z2Vt")])


def written(events: list[Event], request: Request) -> tuple[bytes, list[tuple[str, str]]]:
    assert CODEC.encoder is not None
    encoder = CODEC.encoder(context(request))
    return b"".join(encoder.feed(event) for event in events), [(loss.field, loss.action) for loss in encoder.losses]


def chunks(stream: bytes) -> list[dict[str, Any]]:
    """The JSON chunks of a stream that ends well; every one is a whole event."""
    events = list(events_of.split(stream))
    assert events[-1] == b"data: [DONE]\n\n"
    return [orjson.loads(event.removeprefix(b"data: ")) for event in events[:-1]]


@st.composite
def block(draw: st.DrawFn, index: int, choice: int) -> list[Event]:
    """A block from its start to its end."""
    kinds: tuple[Block, ...] = (Text(""), Thinking(""), Refusal(""), ToolCall(f"call_{choice}_{index}", "f", ""))
    kind = draw(st.sampled_from(kinds))
    head = draw(TEXTS)
    start = ToolCall(kind.id, "f", head) if isinstance(kind, ToolCall) else type(kind)(head)  # type: ignore[call-arg]
    more: list[Event] = [BlockDelta(index, text, choice) for text in draw(st.lists(TEXTS, max_size=3))]
    if isinstance(kind, Thinking | ToolCall) and draw(st.booleans()):
        more.append(BlockSignature(index, draw(SIGNATURE), choice))
    if isinstance(kind, Text) and draw(st.booleans()):
        more.insert(0, BlockLogprobs(index, (TokenLogprob("a", -0.5, (97,), (TokenLogprob("b", -1.0),)),), choice))
    return [BlockStart(index, start, choice), *more, BlockEnd(index, choice)]


@st.composite
def streams(draw: st.DrawFn) -> list[Event]:
    """A legal stream of one or two choices that end well."""
    choices = range(draw(st.integers(1, 2)))
    per = [[event for n in range(draw(st.integers(0, 3))) for event in draw(block(n, choice))] for choice in choices]
    middle: list[Event] = []
    while any(per):
        turn = draw(st.sampled_from([events for events in per if events]))
        middle.append(turn.pop(0))
    reasons = st.sampled_from([None, Stop("end"), Stop("length"), Stop("tool_call"), Stop("refusal"), Stop("other")])
    stops: list[Event] = [ChoiceEnd(draw(reasons), choice) for choice in choices]
    return [
        Started("up", "m", 1, service_tier="default"),
        *middle,
        *stops,
        Finished(draw(st.sampled_from([None, USAGE]))),
    ]


def own_part(stream: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Chunks without the members that OpenAI's types do not have, which are checked elsewhere."""
    for chunk in stream:
        for choice in chunk["choices"]:
            for name in ("reasoning_content", "reasoning_details"):
                choice["delta"].pop(name, None)
            for call in choice["delta"].get("tool_calls", ()):
                call.pop("extra_content", None)
    return stream


@settings(max_examples=60, deadline=None)
@given(streams(), st.booleans())
def test_every_legal_stream_is_chunks_of_the_sdks_types(events: list[Event], usage: bool) -> None:
    request = decoded(stream=True, stream_options={"include_usage": usage})
    stream, losses = written(events, request)
    found = chunks(stream)
    assert losses == []
    for chunk in own_part([dict(one) for one in found]):
        assert ChatCompletionChunk.model_validate(chunk).model_dump(exclude_unset=True) == chunk
        assert (chunk["id"], chunk["created"], chunk["model"]) == ("chatcmpl-req1", 1763683200, "asked")
        assert ("usage" in chunk) == usage
    finished = events[-1]
    assert isinstance(finished, Finished)
    last = usage and finished.usage is not None
    assert [chunk["choices"] == [] for chunk in found] == [False] * (len(found) - last) + [True] * last
    for number in {event.choice for event in events if isinstance(event, ChoiceEnd)}:
        check_choice([choice for chunk in found for choice in chunk["choices"] if choice["index"] == number])


def check_choice(deltas: list[dict[str, Any]]) -> None:
    """The role comes once and first, the finish once and last; a call's id and name come once, with its first fragment."""
    assert [n for n, one in enumerate(deltas) if "role" in one["delta"]] == [0]
    assert [n for n, one in enumerate(deltas) if one["finish_reason"]] == [len(deltas) - 1]
    seen: list[int] = []
    for one in deltas:
        for call in one["delta"].get("tool_calls", ()):
            assert ("id" in call) == ("name" in call.get("function", {})) == (call["index"] not in seen)
            if call["index"] not in seen:
                seen.append(call["index"])
    assert seen == list(range(len(seen)))


@settings(max_examples=60, deadline=None)
@given(streams())
def test_what_was_written_is_read_again(events: list[Event]) -> None:
    """Written for a client and read as an upstream's: neighbouring blocks of one kind are one, empty ones none; calls come last."""

    def merged(found: dict[int, list[tuple[str, str]]]) -> dict[int, dict[str, str]]:
        sums: dict[int, dict[str, str]] = {}
        for choice, blocks in found.items():
            for kind, text in blocks:
                name = kind.split("+")[0]
                sums.setdefault(choice, {})
                sums[choice][name] = sums[choice].get(name, "") + text
        # A call without arguments is written with an empty object.
        return {choice: {k: v for k, v in one.items() if v not in ("", "{}")} for choice, one in sums.items()}

    stream, _ = written(events, decoded(stream=True))
    again = read(stream)
    assert ends(again)[-1] == "Finished"
    mine, theirs = merged(gathered(events)), merged(gathered(again))
    assert {k: v for k, v in theirs.items() if v} == {k: v for k, v in mine.items() if v}


@pytest.mark.parametrize("case", CASES)
def test_fixtures_come_back_as_they_were(case: str) -> None:
    sent = fixture(case, "stream.sse")
    request = decoded(stream=True, stream_options={"include_usage": True})
    stream, losses = written(read(sent), request)
    assert losses == []
    assert gathered(read(stream)) == gathered(read(sent))
    assert ends(read(stream)) == ends(read(sent))
    mine, theirs = read(stream)[-1], read(sent)[-1]
    assert isinstance(mine, Finished)
    assert isinstance(theirs, Finished)
    assert (mine.usage, mine.service_tier) == (theirs.usage, theirs.service_tier)


def test_usage_and_tier() -> None:
    events: list[Event] = [
        Started(service_tier="flex"),
        BlockStart(0, Text("x")),
        BlockEnd(0),
        ChoiceEnd(Stop("end")),
        Finished(USAGE),
    ]
    stream, _ = written(events, decoded(stream=True, stream_options={"include_usage": True}))
    *others, last = chunks(stream)
    assert [one["usage"] for one in others] == [None] * 3
    assert last["choices"] == []
    assert last["usage"]["prompt_tokens_details"] == {"cached_tokens": 4, "cache_write_tokens": 0, "audio_tokens": 0}
    assert last["usage"]["completion_tokens_details"]["reasoning_tokens"] == 5
    assert {one["service_tier"] for one in [*others, last]} == {"flex"}
    assert b"usage" not in written(events, decoded(stream=True))[0]


@pytest.mark.parametrize("before", [0, 1, 2])
def test_failures_are_error_events_without_a_good_end(before: int) -> None:
    events: list[Event] = [Started(), BlockStart(0, Text("x"))]
    stream, _ = written(
        [*events[:before], Failed("gone", 429, "rate_limit_exceeded", "p", USAGE)], decoded(stream=True)
    )
    last = list(events_of.split(stream))[-1]
    assert orjson.loads(last.removeprefix(b"data: ")) == {
        "error": {"message": "gone", "type": "rate_limit_error", "param": "p", "code": "rate_limit_exceeded"}
    }
    assert b"[DONE]" not in stream


def test_a_ping_is_a_comment() -> None:
    assert CODEC.encoder is not None
    assert CODEC.encoder(context()).ping() == b": ping\n\n"


def test_signed_thoughts_come_whole_with_their_signature() -> None:
    signature = Signature("anthropic_messages", "c2ln")
    events: list[Event] = [
        BlockStart(0, Thinking("")), BlockDelta(0, "h"), BlockDelta(0, "m"), BlockSignature(0, signature), BlockEnd(0),
        BlockStart(1, Thinking("", signature, redacted=True)), BlockEnd(1), BlockStart(2, Text("a")), BlockEnd(2), ChoiceEnd(), Finished(),
    ]  # fmt: skip
    deltas = [one["choices"][0]["delta"] for one in chunks(written(events, decoded(stream=True))[0])]
    thought = "".join(delta.get("reasoning_content", "") for delta in deltas)
    details = [entry for delta in deltas for entry in delta.get("reasoning_details", ())]
    assert thought == "hm"
    message = {"role": "assistant", "content": "a", "reasoning_content": thought, "reasoning_details": details}
    assert asked(message).messages[0].blocks == (
        Thinking("hm", signature), Thinking("", signature, redacted=True), Text("a"),
    )  # fmt: skip


def test_signatures_of_calls() -> None:
    gemini = Signature("gemini", "Z2Vt")
    for events in (
        [BlockStart(0, ToolCall("c", "f", "{}", signature=gemini)), BlockEnd(0)], [BlockStart(0, ToolCall("c", "f", "{}")), BlockSignature(0,
         gemini), BlockEnd(0)],
    ):  # fmt: skip
        found = chunks(written([*events, ChoiceEnd(), Finished()], decoded(stream=True))[0])
        calls = [call for one in found for choice in one["choices"] for call in choice["delta"].get("tool_calls", ())]
        assert [call["extra_content"] for call in calls if "extra_content" in call] == [
            {"google": {"thought_signature": "Z2Vt"}}
        ]


FREE = [{"type": "custom", "custom": {"name": "g"}}]


@pytest.mark.parametrize(("call", "deltas", "entries"), [
    (ToolCall("c", "g", ""), ['{"inp', 'ut":"say"}'], [{"index": 0, "id": "c", "type": "custom", "custom": {"name": "g", "input": "say"}}]),
    (ToolCall("c", "g", ""), ["[1]"], [{"index": 0, "id": "c", "type": "function", "function": {"name": "g", "arguments": "[1]"}}]),
    (ToolCall("c", "g", "", custom=True), ["sa", "y"], [
        {"index": 0, "id": "c", "type": "custom", "custom": {"name": "g", "input": ""}}, {"index": 0, "custom": {"input": "sa"}}, {"index": 0,
         "custom": {"input": "y"}}]),
])  # fmt: skip
def test_custom_tools_get_their_text_back(call: ToolCall, deltas: list[str], entries: list[dict[str, Any]]) -> None:
    events: list[Event] = [
        BlockStart(0, call),
        *(BlockDelta(0, text) for text in deltas),
        BlockEnd(0),
        ChoiceEnd(),
        Finished(),
    ]
    found = chunks(written(events, decoded(stream=True, tools=FREE))[0])
    assert [
        entry for one in found for choice in one["choices"] for entry in choice["delta"].get("tool_calls", ())
    ] == entries
    assert found[-1]["choices"][0]["finish_reason"] == "tool_calls"


def test_clients_of_functions_get_function_calls() -> None:
    events: list[Event] = [
        BlockStart(0, ToolCall("c", "f", "")), BlockDelta(0, "{}"), BlockEnd(0), BlockStart(1, ToolCall("d", "f", "")), BlockDelta(1, "{}"),
         BlockEnd(1),
        ChoiceEnd(Stop("tool_call")), Finished(),
    ]  # fmt: skip
    stream, losses = written(events, decoded(stream=True, functions=[{"name": "f"}]))
    found = chunks(stream)
    for one in found:
        assert ChatCompletionChunk.model_validate(one).model_dump(exclude_unset=True) == one
    deltas = [one["choices"][0]["delta"].get("function_call") for one in found]
    assert deltas == [None, {"name": "f", "arguments": ""}, {"arguments": "{}"}, None]
    assert found[-1]["choices"][0]["finish_reason"] == "function_call"
    assert losses == [("tool_calls", "dropped")]


def test_what_a_stream_cannot_hold_is_noted_once() -> None:
    server, sound = Opaque("anthropic_messages", "server_tool_use", {}), Media("audio", "audio/wav", "eA==")
    events: list[Event] = [
        BlockStart(0, Text("x", extras={"anthropic_messages": {"citations": []}})), BlockExtra(0, "anthropic_messages", {"citations": [1]}),
        BlockExtra(0, "openai_chat", {"annotations": [{"type": "url_citation"}]}), BlockEnd(0), BlockStart(1, server), BlockEnd(1), BlockStart(2,
         sound), BlockEnd(2),
        BlockStart(3, Media("image", "image/png", "eA==")), BlockEnd(3), ChoiceEnd(), Finished(extras={"gemini": {"groundingMetadata": {}}}),
    ]  # fmt: skip
    stream, losses = written(events, decoded(stream=True))
    assert losses == [
        ("citations", "dropped"), ("content", "dropped"), ("content", "dropped"), ("content", "approximated"), ("groundingMetadata", "dropped"),
    ]  # fmt: skip
    deltas = [choice["delta"] for one in chunks(stream) for choice in one["choices"]]
    assert {"annotations": [{"type": "url_citation"}]} in deltas
    assert {"images": [{"type": "image_url", "image_url": {"url": "data:image/png;base64,eA=="}}]} in deltas


@pytest.mark.parametrize("pieces", [(), ("",)])
def test_a_call_without_arguments_has_an_empty_object(pieces: tuple[str, ...]) -> None:
    """Clients parse what they joined; vendors of other dialects send nothing for a tool without parameters."""
    started = [Started(), BlockStart(0, ToolCall("call_1", "now", ""))]
    events: list[Event] = [*started, *(BlockDelta(0, piece) for piece in pieces), BlockEnd(0)]
    stream, _ = written([*events, ChoiceEnd(Stop("tool_call")), Finished()], decoded(stream=True))
    calls = [call for chunk in chunks(stream) for call in chunk["choices"][0]["delta"].get("tool_calls", ())]
    assert "".join(call["function"]["arguments"] for call in calls) == "{}"
