"""An upstream's stream as a client's: what is given out when, and both kinds of bad end. The codecs here are toys."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.neutral.grammar import complaint
from tests.neutral.streams import ANY_STREAM, legal_streams

from gateway.errors import InvalidRequest
from gateway.neutral.blocks import Media, Text, Thinking, ToolCall
from gateway.neutral.losses import Loss
from gateway.neutral.response import (
    BlockDelta,
    BlockStart,
    ChoiceEnd,
    Event,
    Failed,
    Finished,
    Started,
)
from gateway.neutral.usage import Usage
from gateway.wire.reading import StreamEnd
from gateway.wire.translation import Translator

USAGE = Usage(fresh=3, output=2, source="upstream")
CUT = Failed("The provider's stream ended before it was complete.", code="upstream_cut")
OVERLOADED = Failed("Too much.", 529, "overloaded_error")
OPENING: list[Event] = [Started("a"), BlockStart(0, Text("")), BlockDelta(0, "x")]


class Decoder:
    """Every byte of a chunk stands for the next event of a list."""

    may_end = False

    def __init__(self, events: list[Event], last: list[Event] | None = None) -> None:
        self._events = list(events)
        self._last = last or []

    def feed(self, chunk: bytes) -> list[Event]:
        taken, self._events = self._events[: len(chunk)], self._events[len(chunk) :]
        return taken

    def close(self) -> list[Event]:
        return self._last


class Encoder:
    """One line for each event; nothing for the start of a block, as some dialects have it."""

    def __init__(self) -> None:
        self.losses: list[Loss] = []
        self.seen: list[Event] = []

    def feed(self, event: Event) -> bytes:
        self.seen.append(event)
        return b"" if isinstance(event, BlockStart) else f"{type(event).__name__}\n".encode()

    def ping(self) -> bytes:
        return b"ping\n"


def translator(events: list[Event], last: list[Event] | None = None) -> tuple[Translator, Encoder]:
    encoder = Encoder()
    return Translator(Decoder(events, last), encoder), encoder


def test_a_whole_stream() -> None:
    end: list[Event] = [ChoiceEnd(), Finished(USAGE)]
    translation, encoder = translator([*OPENING, *end])
    given_out = [translation.feed(b".") for _ in range(5)]
    assert given_out[:3] == [b"", b"", b"Started\nBlockDelta\n"]
    assert b"".join(given_out[3:]) == b"BlockEnd\nChoiceEnd\nFinished\n"
    assert complaint(encoder.seen) is None
    assert translation.finished
    assert translation.given
    assert translation.failed is None
    assert translation.close() == b""
    assert translation.fail(CUT) == b""
    assert translation.end() == StreamEnd(True, USAGE, None, None)


def test_nothing_is_given_out_before_there_is_content() -> None:
    translation, _ = translator([*OPENING])
    assert translation.feed(b"..") == b""
    assert (translation.given, translation.begun) == (False, False)
    assert translation.feed(b".") == b"Started\nBlockDelta\n"
    assert (translation.given, translation.begun) == (True, True)


def test_a_failure_before_content_is_left_to_the_caller() -> None:
    translation, encoder = translator([Started("a"), OVERLOADED])
    assert translation.feed(b"..") == b""
    assert (translation.failed, translation.error, translation.error_data) == (OVERLOADED, "overloaded_error", b"")
    assert not translation.given
    assert not translation.finished
    assert encoder.seen == []
    assert translation.end() == StreamEnd(False, None, "overloaded_error", "")


def test_a_failure_before_content_can_be_told_in_a_reply_that_has_begun_with_pings() -> None:
    translation, _ = translator([Started("a"), OVERLOADED])
    assert translation.ping() == b"ping\n"
    translation.feed(b"..")
    assert translation.failed is not None
    assert translation.fail(translation.failed) == b"Failed\n"
    assert translation.fail(translation.failed) == b""


def test_a_failure_in_the_first_bytes_is_still_a_status() -> None:
    """Whether content and failure arrive in one piece is chance; as long as nothing was given out, a status is the better answer."""
    translation, encoder = translator([*OPENING, OVERLOADED])
    assert translation.feed(b"....") == b""
    assert not translation.given
    assert translation.error == "overloaded_error"
    assert translation.fail(OVERLOADED) == b"Started\nBlockDelta\nFailed\n"
    assert complaint(encoder.seen) is None
    assert translation.end().text == "x"


def test_a_failure_behind_content_is_encoded() -> None:
    translation, _ = translator([*OPENING, OVERLOADED, BlockDelta(0, "y")])
    translation.feed(b"...")
    assert translation.feed(b"..") == b"Failed\n"
    assert (translation.failed, translation.error, translation.finished) == (OVERLOADED, "overloaded_error", False)
    assert translation.feed(b"..") == b""
    assert translation.close() == b""
    assert translation.fail(CUT) == b""


@pytest.mark.parametrize("last", [[], [CUT]], ids=["silent", "told"])
def test_a_cut_is_the_callers_to_judge(last: list[Event]) -> None:
    translation, _ = translator([*OPENING], last)
    translation.feed(b"...")
    assert translation.close() == b""
    assert (translation.finished, translation.error, translation.failed) == (False, None, None)
    assert translation.fail(CUT) == b"Failed\n"
    assert translation.fail(CUT) == b""
    assert translation.feed(b".") == b""
    assert translation.end() == StreamEnd(False, None, None, "x")


def test_a_fault_of_the_callers_before_content() -> None:
    translation, encoder = translator([Started("a")])
    translation.feed(b".")
    assert translation.fail(CUT) == b"Failed\n"
    assert encoder.seen == [CUT]


def test_an_error_of_ours_is_told_as_a_failure() -> None:
    translation, encoder = translator([*OPENING])
    translation.feed(b"...")
    assert translation.failure(InvalidRequest("Bad.", param="x"), "req_1") == b"Failed\n"
    assert encoder.seen[-1] == Failed("Bad.", 400, "invalid_request", "x")


def test_the_last_events_may_come_with_the_end_of_the_bytes() -> None:
    translation, _ = translator([*OPENING], [Finished(USAGE)])
    translation.feed(b"...")
    assert translation.close() == b"BlockEnd\nChoiceEnd\nFinished\n"
    assert translation.finished


def test_an_error_that_comes_with_the_end_of_the_bytes_is_the_upstreams() -> None:
    translation, _ = translator([*OPENING], [OVERLOADED])
    translation.feed(b"...")
    assert translation.close() == b"Failed\n"
    assert translation.error == "overloaded_error"


def test_an_impossible_order_is_the_upstreams_error() -> None:
    translation, _ = translator([*OPENING, BlockDelta(7, "x")])
    translation.feed(b"...")
    assert translation.feed(b".") == b"Failed\n"
    assert translation.error == "upstream_bad_answer"


def test_text_for_an_estimate_is_all_that_was_generated() -> None:
    events: list[Event] = [
        Started("a", usage=Usage(fresh=4, source="upstream")),
        BlockStart(0, Thinking("a")),
        BlockStart(1, ToolCall("c", "f", "{")),  # held back, and paid for all the same
        BlockStart(2, Media("image", data="AA==")),
        BlockDelta(1, "}"),
        BlockDelta(0, "b"),
    ]
    translation, _ = translator(events)
    translation.feed(b"." * 9)
    translation.close()
    assert translation.end() == StreamEnd(False, Usage(fresh=4, source="estimated"), None, "af{}b")


def test_usage_of_a_failure_counts() -> None:
    translation, _ = translator([Failed("It broke.", usage=USAGE)])
    translation.feed(b".")
    assert translation.end() == StreamEnd(False, USAGE, "upstream_error", None)


def test_losses_are_the_encoders() -> None:
    translation, encoder = translator([])
    encoder.losses.append(Loss("n", "dropped", "why"))
    assert translation.losses == [Loss("n", "dropped", "why")]


@settings(max_examples=200, deadline=None)
@given(ANY_STREAM, st.lists(st.integers(1, 4), max_size=30), st.booleans())
def test_a_client_sees_the_grammar_whatever_comes(events: list[Event], sizes: list[int], told: bool) -> None:
    translation, encoder = translator(events)
    out = b"".join(translation.feed(b"." * size) for size in [*sizes, 99]) + translation.close()
    assert bool(out) == translation.given
    if not translation.finished:
        out += translation.fail(translation.failed or CUT)
    assert complaint(encoder.seen) is None
    assert out.endswith(b"Finished\n" if translation.finished else b"Failed\n")
    assert b"".join(Encoder().feed(event) for event in encoder.seen) == out


@settings(max_examples=100, deadline=None)
@given(legal_streams(), st.lists(st.integers(1, 4), max_size=30))
def test_a_legal_stream_is_encoded_event_by_event(events: list[Event], sizes: list[int]) -> None:
    translation, encoder = translator(events)
    for size in [*sizes, 99]:
        translation.feed(b"." * size)
    assert encoder.seen == events
    assert translation.finished


def test_events_already_decoded_take_the_same_way() -> None:
    translation, encoder = translator([])
    out = translation.feed_events([*OPENING, Finished(USAGE)])
    assert out.endswith(b"Finished\n")
    assert complaint(encoder.seen) is None
    assert translation.finished
