"""When an answer has begun: not before the first event with content, and with it. Until then another provider can be asked."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

import orjson
import pytest
from tests.wire.matrix import pairs

from gateway.passage import Arrayed
from gateway.wire import sse
from gateway.wire.anthropic_messages.stream import MessagesRelay
from gateway.wire.gemini.stream import GeminiRelay
from gateway.wire.openai_chat.stream import ChatRelay
from gateway.wire.openai_responses.stream import ResponsesRelay
from gateway.wire.reading import EventRelay

FIXTURES: Final = Path(__file__).parent / "fixtures"
READERS: Final[dict[str, Callable[[], EventRelay]]] = {
    "openai_chat": lambda: ChatRelay(strip_usage=False),
    "openai_responses": ResponsesRelay,
    "anthropic_messages": MessagesRelay,
    "gemini": GeminiRelay,
}
# The place of the first event with content; events are counted from 0, comments too.
FIRST: Final[dict[str, dict[str, int]]] = {
    "openai_chat": {
        "cached_usage": 1, "max_tokens": 1, "no_usage": 1, "parallel_tools": 1, "reasoning": 1, "refusal": 1, "text": 1,
        "tools": 0,  # the first delta has the role and the call
        "two_choices_crlf": 2,  # two roles
        "unicode": 1,
        "unknown_fields": 2,  # a comment and an event without a blank text
    },
    "openai_responses": {
        "cached_usage": 4, "failed": 4, "incomplete": 4, "parallel_tools": 4, "reasoning_encrypted": 4, "refusal": 4, "text": 4,
        "unicode": 4,
        "codex_request": 3,  # a sealed thought, whole
        "custom_tool": 2, "tools": 2,
        "unknown_fields": 2,  # a search of the web
    },
    "anthropic_messages": {
        "cached_usage": 2, "max_tokens": 2, "refusal": 2, "stop_sequence": 2, "thinking": 2, "tools": 2, "unicode": 2,
        "claude_code": 3, "documents": 3, "images": 3, "mid_system": 3, "server_tools": 3, "text": 3,  # a ping more
        "tool_results_with_image": 3,
        "omitted_thinking": 3,  # the signature
        "parallel_tools": 1,
        "unknown_fields": 3,  # behind an event that belongs nowhere: a block of an unknown kind
    },
    "gemini": dict.fromkeys(
        "blocked_prompt cached_usage google_schema images logprobs max_tokens parallel_tools safety "
        "snake_case structured text thinking_signature tools two_candidates unicode unknown_fields".split(),
        0,
    ),
}  # fmt: skip
CASES: Final = [(dialect, case) for dialect in READERS for case in FIRST[dialect]]


def events(dialect: str, case: str) -> list[bytes]:
    return list(sse.split((FIXTURES / dialect / f"{case}.stream.sse").read_bytes()))


def test_every_fixture_is_expected() -> None:
    for dialect, cases in FIRST.items():
        assert set(cases) == {path.name.partition(".")[0] for path in (FIXTURES / dialect).glob("*.stream.sse")}


@pytest.mark.parametrize(("dialect", "case"), CASES)
def test_an_answer_begins_with_its_first_content(dialect: str, case: str) -> None:
    reader = READERS[dialect]()
    said = []
    for event in events(dialect, case):
        assert reader.feed(event) == event
        said.append(reader.begun)
    first = FIRST[dialect][case]
    assert said == [False] * first + [True] * (len(said) - first)


@pytest.mark.parametrize(("dialect", "case"), CASES)
def test_where_the_bytes_are_cut_does_not_matter(dialect: str, case: str) -> None:
    whole = events(dialect, case)
    before = sum(map(len, whole[: FIRST[dialect][case] + 1]))
    data = b"".join(whole)
    for cut in sorted({*range(1, before, 17), before - 3, before - 2, before - 1, before}):
        reader = READERS[dialect]()
        reader.feed(data[:cut])
        assert reader.begun == (cut == before), cut
        reader.feed(data[cut:])
        assert reader.begun


def event(data: object, name: str | None = None) -> bytes:
    return sse.encode(name, orjson.dumps(data))


def delta(**members: object) -> bytes:
    return event({"choices": [{"index": 0, "delta": members, "finish_reason": None}]})


def parts(*members: object) -> bytes:
    return event({"candidates": [{"content": {"role": "model", "parts": members}, "index": 0}]})


FRAME: Final = [
    ("openai_chat", b": OPENROUTER PROCESSING\n\n"),
    ("openai_chat", b"data: \n\n"),
    ("openai_chat", event({"choices": [], "prompt_filter_results": [{}]})),
    ("openai_chat", event({"choices": [], "usage": {"prompt_tokens": 3}})),
    ("openai_chat", delta(role="assistant")),
    ("openai_chat", delta(role="assistant", content="", refusal=None, tool_calls=[])),
    ("openai_chat", event({"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]})),
    ("openai_chat", event({"choices": [7, {"delta": 7}]})),
    ("openai_chat", event({"error": {"message": "It broke.", "type": "server_error"}})),
    ("openai_chat", event({"x_rates": 1})),
    ("openai_chat", b"data: {half\n\n"),
    ("openai_responses", event({"type": "response.queued", "response": {}})),
    ("openai_responses", event({"type": "keepalive", "sequence_number": 3})),
    ("openai_responses", event({"type": "codex.rate_limits", "rate_limits": {"primary": 1}})),
    ("openai_responses", event({"type": "response.output_item.added", "item": {"type": "message", "content": []}})),
    (
        "openai_responses",
        event({"type": "response.output_item.added", "item": {"type": "reasoning", "summary": [], "encrypted_content": "g"}}),
    ),
    (
        "openai_responses",
        event({"type": "response.content_part.added", "item_id": "i", "part": {"type": "output_text", "text": ""}}),
    ),
    ("openai_responses", event({"type": "response.output_text.delta", "item_id": "i", "delta": ""})),
    ("openai_responses", event({"type": "response.failed", "response": {"status": "failed"}}, "response.failed")),
    ("openai_responses", event({"type": "error", "code": "server_error", "message": "It broke."})),
    ("openai_responses", event({"error": {"message": "It broke.", "type": "server_error"}})),
    ("anthropic_messages", event({"type": "ping"})),
    ("anthropic_messages", event({"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}})),
    ("anthropic_messages", event({"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": ""}})),
    ("anthropic_messages", event({"type": "content_block_stop", "index": 0})),
    ("anthropic_messages", event({"type": "message_delta", "delta": {"stop_reason": "end_turn"}})),
    ("anthropic_messages", event({"type": "error", "error": {"type": "overloaded_error"}}, "error")),
    ("anthropic_messages", event({"type": "x_note", "n": 1})),
    ("gemini", event({"usageMetadata": {"trafficType": "ON_DEMAND"}})),
    ("gemini", event({"responseId": "r"})),
    ("gemini", event({"candidates": [{"content": {"role": "model"}, "index": 0}]})),
    ("gemini", parts({"text": ""})),
    ("gemini", parts({"text": "", "thought": True})),
    ("gemini", event({"error": {"code": 503, "status": "UNAVAILABLE", "message": "It broke."}})),
]  # fmt: skip
CONTENT: Final = [
    ("openai_chat", delta(content="x")),
    ("openai_chat", delta(reasoning="x")),
    ("openai_chat", delta(reasoning_details=[{"type": "reasoning.encrypted", "data": "x"}])),
    ("openai_chat", delta(refusal="x")),
    ("openai_chat", delta(audio={"id": "a"})),
    ("openai_chat", delta(function_call={"name": "f", "arguments": ""})),
    ("openai_chat", delta(annotations=[{"type": "url_citation"}])),
    ("openai_chat", delta(x_hologram="x")),
    ("openai_chat", event({"choices": [{"index": 0, "message": {"role": "assistant", "content": "x"}}]})),
    ("openai_responses", event({"type": "response.output_text.delta", "item_id": "i", "delta": "x"})),
    ("openai_responses", event({"type": "response.output_text.done", "item_id": "i", "text": "x"})),
    ("openai_responses", event({"type": "response.content_part.added", "part": {"type": "refusal", "refusal": "x"}})),
    ("openai_responses", event({"type": "response.content_part.added", "part": {"type": "x_part"}})),
    ("openai_responses", event({"type": "response.output_item.added", "item": {"type": "x_item"}})),
    (
        "openai_responses",
        event({"type": "response.output_item.done", "item": {"type": "message", "content": [{"type": "output_text", "text": "x"}]}}),
    ),
    ("openai_responses", event({"type": "response.image_generation_call.partial_image", "output_index": 0})),
    ("openai_responses", event({"type": "response.x_future", "item_id": "i"})),
    ("anthropic_messages", event({"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": "x"}})),
    (
        "anthropic_messages",
        event({"type": "content_block_start", "index": 0, "content_block": {"type": "redacted_thinking", "data": "x"}}),
    ),
    ("anthropic_messages", event({"type": "content_block_start", "index": 0, "content_block": {"type": "x_block"}})),
    (
        "anthropic_messages",
        event({"type": "content_block_delta", "index": 0, "delta": {"type": "citations_delta", "citation": {"a": 1}}}),
    ),
    ("anthropic_messages", event({"type": "x_future", "index": 0})),
    ("gemini", parts({"text": "x", "thought": True})),
    ("gemini", parts({"text": "", "thoughtSignature": "x"})),
    ("gemini", parts({"functionCall": {"name": "f"}})),
    ("gemini", parts({"inlineData": {"data": "x"}})),
    ("gemini", parts({"xPart": {"a": 1}})),
    ("gemini", event({"candidates": [], "promptFeedback": {"blockReason": "SAFETY"}})),
]  # fmt: skip


@pytest.mark.parametrize(("dialect", "data"), FRAME)
def test_what_does_not_begin_an_answer(dialect: str, data: bytes) -> None:
    reader = READERS[dialect]()
    reader.feed(data)
    assert not reader.begun


@pytest.mark.parametrize(("dialect", "data"), CONTENT)
def test_what_begins_an_answer(dialect: str, data: bytes) -> None:
    reader = READERS[dialect]()
    reader.feed(data)
    assert reader.begun


@pytest.mark.parametrize(
    ("dialect", "end"),
    [
        ("openai_chat", b"data: [DONE]\n\n"),
        ("openai_responses", event({"type": "response.completed", "response": {"status": "completed", "output": []}})),
        ("anthropic_messages", event({"type": "message_stop"}, "message_stop")),
        ("gemini", event({"candidates": [{"finishReason": "STOP", "index": 0}]})),
    ],
)
@pytest.mark.parametrize("blank", [True, False])
def test_an_empty_answer_that_is_complete_has_begun(dialect: str, end: bytes, blank: bool) -> None:
    reader = READERS[dialect]()
    told = reader.feed(end if blank else end.rstrip()) + reader.close()
    assert told.rstrip() == end.rstrip()
    assert reader.finished
    assert reader.begun


@pytest.mark.parametrize(
    ("dialect", "unknown"),
    [
        ("openai_chat", event({"x": "hi"})),
        ("openai_responses", event({"type": "x.words", "words": "hi"})),
        ("anthropic_messages", event({"type": "x_words", "words": "hi"})),
        ("gemini", event({"x": "hi"})),
    ],
)
def test_unknown_events_do_not_hold_an_answer_back_for_ever(dialect: str, unknown: bytes) -> None:
    reader = READERS[dialect]()
    for number in range(17):
        assert not reader.begun, number
        reader.feed(unknown)
    assert reader.begun


def test_pings_hold_an_answer_back_for_ever() -> None:
    reader = MessagesRelay()
    for _ in range(100):
        reader.feed(b'event: ping\ndata: {"type": "ping"}\n\n')
    assert not reader.begun


def test_frame_and_content_in_one_piece() -> None:
    for dialect, case in CASES:
        reader = READERS[dialect]()
        reader.feed(b"".join(events(dialect, case)))
        assert reader.begun


def test_an_array_has_begun_with_its_stream() -> None:
    reader = Arrayed(GeminiRelay())
    reader.feed(parts())
    assert not reader.begun
    assert reader.feed(parts({"text": "x"})).endswith(b"}")
    assert reader.begun


# Answers that begin with something the client's dialect has no form for, or tells only later.
UNSEEN: Final = frozenset(
    ["unknown_fields", "redacted", "picture", "codex_request", "omitted_thinking", "two_choices_crlf"]
)


@pytest.mark.parametrize(("dialect", "client"), pairs.ANSWERING)
def test_a_translated_answer_gives_nothing_until_it_has_begun(dialect: str, client: str) -> None:
    """The client's own reader agrees: what is given out first holds content."""
    for case in pairs.answers(dialect):
        data = pairs.stream(dialect, case)
        translation = pairs.translator(dialect, client)
        told = b""
        for at in range(len(data)):
            assert translation.begun == translation.finished, (case, at)
            told = translation.feed(data[at : at + 1])
            if told:
                break
        told = told or translation.close()
        assert translation.begun, case
        reader = READERS[client]()
        reader.feed(told)
        assert reader.begun or reader.error or case in UNSEEN, (case, told)
