"""Events cut out of a stream, however its bytes arrive."""

from __future__ import annotations

import itertools
import re
import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from gateway.wire import sse
from gateway.wire.anthropic_messages.stream import MessagesRelay
from gateway.wire.openai_chat.stream import ChatRelay
from gateway.wire.reading import EndlessEvent, EventRelay

PIECES = st.lists(
    st.sampled_from([b"data: x", b"event: y", b": c", b"\n", b"\r", b"\r\n", b"\n\n", b"\r\r", b"\r\n\r\n", b"a"]),
    max_size=30,
)


def reference(stream: bytes) -> int:
    """How many events a parser by the book dispatches or resets at: blank lines after a line."""
    lines = re.split(rb"\r\n|\n|\r", stream)
    return sum(1 for before, line in itertools.pairwise(lines[:-1]) if not line and before)


@settings(max_examples=200, deadline=None)
@given(PIECES, st.lists(st.integers(1, 4), min_size=1))
@example([b"a", b"\n", b"\r", b"b"], [1])
@example([b"a", b"\r\r", b"\n", b"b"], [1])
def test_no_byte_is_lost_or_moved_and_every_cut_is_a_boundary(pieces: list[bytes], sizes: list[int]) -> None:
    stream = b"".join(pieces)
    reader = ChatRelay(strip_usage=False)
    position, turn, passed = 0, 0, b""
    while position < len(stream):
        size = sizes[turn % len(sizes)]
        passed += reader.feed(stream[position : position + size])
        position, turn = position + size, turn + 1
        assert stream.startswith(passed)
        assert not passed or re.search(rb"(\n\n|\r\r\n?|\n\r\n?)$", passed), "the client holds half an event"
    reader.finished = True
    assert passed + reader.close() == stream
    assert b"".join(sse.split(stream)) == stream
    if re.search(rb"[\r\n]$", stream) is None:
        # Whatever a parser by the book saw as an end was passed on as one.
        assert sum(1 for event in sse.split(passed) if event.strip(b"\r\n")) == reference(stream.lstrip(b"\r\n"))


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
def test_each_line_ending_passes_events_at_once(end: bytes) -> None:
    reader = ChatRelay(strip_usage=False)
    for number in range(3):
        event = b"data: %d" % number + end + end
        assert reader.feed(event) == event


def test_fields_by_the_book() -> None:
    assert sse.fields(b"event: a\ndata: 1\ndata:2\n: comment\nid: 3\ndata\n\n") == (b"a", b"1\n2\n")
    assert sse.fields(b"\xef\xbb\xbfdata: x\r\n\r\n") == (b"", b"x")
    assert sse.fields(b"event:a\rdata:  b\r\r") == (b"a", b" b")


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
@pytest.mark.parametrize("size", [1, 2, 3, 1000])
def test_usage_error_and_end_are_seen_in_any_cut(end: bytes, size: int) -> None:
    lines = [
        b'data: {"choices":[{"delta":{"content":"hi"}}]}',
        b'data: {"choices":[],"usage":{"prompt_tokens":3,"completion_tokens":2}}',
        b"data: [DONE]",
    ]
    stream = b"\xef\xbb\xbf" + b"".join(line + end + end for line in lines)
    reader = ChatRelay(strip_usage=True)
    passed = b"".join(reader.feed(stream[at : at + size]) for at in range(0, len(stream), size)) + reader.close()
    assert passed == stream.replace(lines[1] + end + end, b"")
    assert reader.finished
    assert reader.usage is not None
    assert (reader.usage.fresh, reader.usage.output) == (3, 2)


@pytest.mark.parametrize(("relay", "event"), [
    (ChatRelay(strip_usage=True), b'data: {"error":{"type":"server_error","message":"x"}}'),
    (MessagesRelay(), b'event: error\ndata: {"type":"error","error":{"type":"server_error"}}'),
])  # fmt: skip
def test_an_error_event_without_its_blank_line_is_still_heard(relay: EventRelay, event: bytes) -> None:
    relay.feed(b"data: {}\n\n" + event)
    assert relay.close() == event + b"\n\n"
    assert relay.error == "server_error"


def test_half_an_event_at_the_end_of_a_cut_stream_is_not_passed() -> None:
    relay = ChatRelay(strip_usage=False)
    assert relay.feed(b'data: {"choices":[{"del') == b""
    assert relay.close() == b""
    assert not relay.finished


def feed_for_ever(relay: EventRelay) -> None:
    for _ in range(1_000_000):
        relay.feed(b"x" * 64)


def test_an_event_that_never_ends_costs_linear_time_and_bounded_memory() -> None:
    relay = ChatRelay(strip_usage=False)
    began = time.process_time()
    with pytest.raises(EndlessEvent):
        feed_for_ever(relay)
    assert time.process_time() - began < 6
    assert len(relay._held) <= 16 * 1024 * 1024 + 64
