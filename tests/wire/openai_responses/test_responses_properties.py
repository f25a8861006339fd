"""Whatever an upstream says, in whatever pieces: the client's stream keeps its grammar, and reading it back gives the same."""

from __future__ import annotations

from typing import Any

import orjson
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.wire.openai_responses.kit import parsed, read, told, written

from gateway.neutral.blocks import Refusal, Signature, Text, Thinking, ToolCall
from gateway.neutral.response import (
    BlockDelta,
    BlockEnd,
    BlockSignature,
    BlockStart,
    ChoiceEnd,
    Event,
    Failed,
    Finished,
    Started,
    Stop,
)

WORDS = st.text(max_size=12)
PIECES = st.lists(WORDS, max_size=4)
KINDS = st.sampled_from(["text", "refusal", "thinking", "signed", "call", "custom"])


def _block(index: int, kind: str, pieces: list[str]) -> list[Event]:
    blocks: dict[str, Any] = {
        "text": Text(""),
        "refusal": Refusal(""),
        "thinking": Thinking(""),
        "signed": Thinking(""),
        "call": ToolCall(f"call_{index}", "look", ""),
        "custom": ToolCall(f"call_{index}", "patch", "", custom=True),
    }
    if kind == "call":
        whole = orjson.dumps({"said": "".join(pieces)}).decode()
        pieces = [whole[:5], whole[5:]]
    events: list[Event] = [BlockStart(index, blocks[kind])]
    events += [BlockDelta(index, piece) for piece in pieces]
    if kind == "signed":
        events.append(BlockSignature(index, Signature("gemini", "Z2Vt")))
    return [*events, BlockEnd(index)]


@st.composite
def streams(draw: st.DrawFn) -> list[Event]:
    shapes = draw(st.lists(st.tuples(KINDS, PIECES), max_size=6))
    events: list[Event] = [Started()]
    for index, (kind, pieces) in enumerate(shapes):
        events += _block(index, kind, pieces)
    called = any(kind in ("call", "custom") for kind, _ in shapes)
    return [*events, ChoiceEnd(Stop("tool_call" if called else "end")), Finished()]


def grammar(events: list[dict[str, Any]]) -> None:
    """Numbered without gaps; items open one after the other; everything inside an item speaks of the open one; one end."""
    assert [event["sequence_number"] for event in events] == list(range(len(events)))
    kinds = [event["type"] for event in events]
    assert kinds[:2] == ["response.created", "response.in_progress"]
    open_item: dict[str, Any] | None = None
    open_part: int | None = None
    count = 0
    for kind, event in zip(kinds[2:-1], events[2:-1], strict=True):
        if kind == "response.output_item.added":
            assert open_item is None
            assert event["output_index"] == count
            open_item = event["item"]
        elif kind == "response.output_item.done":
            assert open_item is not None
            assert open_part is None
            assert event["item"]["id"] == open_item["id"]
            assert event["item"].get("status", "completed") == "completed"
            open_item, count = None, count + 1
        else:
            assert open_item is not None
            assert (event["item_id"], event["output_index"]) == (open_item["id"], count)
            part = event.get("content_index", event.get("summary_index"))
            if kind.endswith("part.added"):
                assert open_part is None
                open_part = part
            elif part is not None:
                assert part == open_part
            if kind.endswith("part.done"):
                open_part = None
    assert open_item is None
    assert kinds[-1] in ("response.completed", "response.incomplete")
    assert len(events[-1]["response"]["output"]) == count


def _without_empty(found: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in found.items() if value not in ("", [])}


@settings(max_examples=120, deadline=None)
@given(streams())
def test_grammar_and_return(events: list[Event]) -> None:
    out = written(events)
    found = parsed(out)
    assert all(name == data["type"] for name, data in found)
    grammar([data for _, data in found])
    back, sent = told(read([out])), told(events)
    assert back.pop("stop") in {sent["stop"], "refusal"}
    sent.pop("stop")
    assert _without_empty(back) == _without_empty(sent)


@settings(max_examples=60, deadline=None)
@given(streams(), st.integers(min_value=0, max_value=200))
def test_a_failure_anywhere_is_the_end(events: list[Event], at: int) -> None:
    out = written([*events[: min(at, len(events) - 1)], Failed("Off.", 502)])
    names = [name for name, _ in parsed(out)]
    assert names[-2:] == ["error", "response.failed"]
    assert "response.completed" not in names
    assert isinstance(read([out])[-1], Failed)


@settings(max_examples=60, deadline=None)
@given(streams(), st.lists(st.integers(min_value=1, max_value=300), max_size=30))
def test_cuts_change_nothing(events: list[Event], sizes: list[int]) -> None:
    out = written(events)
    chunks, start = [], 0
    for size in sizes:
        chunks.append(out[start : start + size])
        start += size
    assert read([*chunks, out[start:]]) == read([out])


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_end_in_one_failure(raw: bytes) -> None:
    events = read([b"data: ", raw, b"\n\n"])
    assert sum(isinstance(event, Failed) for event in events) == 1
    assert isinstance(events[-1], Failed)


NAMES = st.sampled_from(
    ["type", "item", "delta", "output_index", "content_index", "part", "response", "output", "content", "error", "text"]
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 3) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=8,
)
TYPES = st.sampled_from(
    [
        "response.created",
        "response.output_item.added",
        "response.output_item.done",
        "response.content_part.added",
        "response.content_part.done",
        "response.output_text.delta",
        "response.output_text.done",
        "response.output_text.annotation.added",
        "response.reasoning_summary_text.delta",
        "response.function_call_arguments.delta",
        "response.function_call_arguments.done",
        "response.refusal.done",
        "response.completed",
        "response.failed",
        "error",
    ]
)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(TYPES, st.dictionaries(NAMES, JSON, max_size=5)), max_size=5))
def test_no_shape_of_an_event_raises(shapes: list[tuple[str, dict[str, Any]]]) -> None:
    raw = b"".join(b"data: " + orjson.dumps({**held, "type": kind}) + b"\n\n" for kind, held in shapes)
    events = read([raw])
    assert isinstance(events[-1], Failed | Finished)
    written(events)
