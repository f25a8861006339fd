"""Whatever a decoder gives, encoders see the grammar."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from tests.neutral.grammar import complaint, texts
from tests.neutral.streams import ANY_STREAM, SIGNATURE, TOKENS, legal_streams, overlapping_streams

from gateway.neutral.blocks import Media, Opaque, Refusal, Text, Thinking, ToolCall
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
from gateway.neutral.sequence import Sequencer

STARTED = Started("a", "m")
END = [ChoiceEnd(Stop("end")), Finished()]


def ordered(events: list[Event]) -> list[Event]:
    sequencer = Sequencer()
    return [told for event in events for told in sequencer.feed(event)] + sequencer.close()


@settings(max_examples=400, deadline=None)
@given(ANY_STREAM)
def test_any_stream_comes_out_in_order(events: list[Event]) -> None:
    assert complaint(ordered(events)) is None


@settings(max_examples=200, deadline=None)
@given(ANY_STREAM)
def test_the_order_holds_at_every_moment(events: list[Event]) -> None:
    sequencer = Sequencer()
    told: list[Event] = []
    for event in events:
        told += sequencer.feed(event)
        assert complaint(told, whole=False) is None


@settings(max_examples=200, deadline=None)
@given(legal_streams())
def test_a_legal_stream_passes_unchanged(events: list[Event]) -> None:
    assert complaint(events) is None
    assert ordered(events) == events


@settings(max_examples=300, deadline=None)
@given(overlapping_streams())
def test_overlapping_blocks_come_one_after_the_other_with_all_their_text(events: list[Event]) -> None:
    told = ordered(events)
    assert complaint(told) is None
    assert isinstance(told[-1], Finished)
    assert [text for _, _, text in texts(told)] == [text for _, _, text in texts(events)]
    extras = [type(event) for event in events if isinstance(event, BlockExtra | BlockLogprobs | BlockSignature)]
    kept = [type(event) for event in told if isinstance(event, BlockExtra | BlockLogprobs | BlockSignature)]
    assert sorted(map(repr, extras)) == sorted(map(repr, kept))


def test_the_first_open_block_is_live_and_later_ones_wait_for_it() -> None:
    sequencer = Sequencer()
    sequencer.feed(STARTED)
    first, second = ToolCall("a", "f", ""), ToolCall("b", "g", "")
    assert sequencer.feed(BlockStart(5, first)) == [BlockStart(0, first)]
    assert sequencer.feed(BlockStart(9, second)) == []
    assert sequencer.feed(BlockDelta(9, "2")) == []
    assert sequencer.feed(BlockDelta(5, "1")) == [BlockDelta(0, "1")]
    assert sequencer.feed(BlockEnd(5)) == [BlockEnd(0), BlockStart(1, second), BlockDelta(1, "2")]
    assert sequencer.feed(BlockDelta(9, "3")) == [BlockDelta(1, "3")]
    assert sequencer.feed(ChoiceEnd()) == [BlockEnd(1)]
    assert sequencer.feed(Finished()) == [ChoiceEnd(), Finished()]


def test_what_is_missing_is_added() -> None:
    text = BlockStart(3, Text("x"))
    assert ordered([text, Finished()]) == [
        Started(),
        BlockStart(0, Text("x")),
        BlockEnd(0),
        ChoiceEnd(),
        Finished(),
    ]
    assert ordered([Finished()]) == [Started(), ChoiceEnd(), Finished()]


def test_the_end_of_a_choice_waits_for_the_other_choices() -> None:
    events: list[Event] = [
        STARTED,
        BlockStart(0, Text("x"), 1),
        ChoiceEnd(Stop("end"), 1),
        BlockStart(0, Text("y"), 0),
        Finished(),
    ]
    assert ordered(events)[3:] == [
        BlockStart(0, Text("y")),
        BlockEnd(0),
        ChoiceEnd(Stop("end"), 1),
        ChoiceEnd(None, 0),
        Finished(),
    ]


def test_calls_of_one_id_are_told_apart_in_order() -> None:
    calls: list[Event] = [
        BlockStart(index, ToolCall(name, "f", "{}")) for index, name in enumerate(["c", "c", "c_2", "c"])
    ]
    told = ordered([STARTED, *calls, *END])
    assert [one.block.id for one in told if isinstance(one, BlockStart) and isinstance(one.block, ToolCall)] == [
        "c", "c_2", "c_2_2", "c_3",
    ]  # fmt: skip


def test_a_second_start_of_the_same_answer_is_let_go() -> None:
    assert ordered([STARTED, STARTED, Started(), *END]) == [STARTED, *END]


@pytest.mark.parametrize(
    "events",
    [
        [BlockDelta(0, "x")],
        [BlockEnd(0)],
        [BlockStart(0, Text("")), BlockEnd(0), BlockDelta(0, "x")],
        [BlockStart(0, Text("")), BlockEnd(0), BlockEnd(0)],
        [BlockStart(0, Text("")), BlockStart(0, Text(""))],
        [BlockStart(0, Text("")), BlockEnd(0), BlockStart(0, Text(""))],
        [BlockStart(0, Text("")), BlockDelta(0, "x", 1)],
        [BlockStart(0, Text("")), BlockSignature(0, SIGNATURE)],
        [BlockStart(0, Thinking("")), BlockSignature(0, SIGNATURE), BlockSignature(0, SIGNATURE)],
        [BlockStart(0, Thinking("", SIGNATURE)), BlockSignature(0, SIGNATURE)],
        [BlockStart(0, Thinking("")), BlockLogprobs(0, TOKENS)],
        [BlockStart(0, Refusal("")), BlockLogprobs(0, TOKENS)],
        [BlockStart(0, Media("image", data="AA==")), BlockDelta(0, "x")],
        [BlockStart(0, Opaque("gemini", "t", {})), BlockDelta(0, "x")],
        [BlockStart(0, Opaque("gemini", "t", {})), BlockExtra(0, "gemini", {})],
        [ChoiceEnd(), ChoiceEnd()],
        [ChoiceEnd(), BlockStart(0, Text(""))],
        [Started("b")],
    ],
    ids=repr,
)
def test_what_cannot_be_put_in_order_fails_once(events: list[Event]) -> None:
    told = ordered([STARTED, *events, BlockStart(8, Text("late")), *END])
    assert told[-1] == Failed("The provider's stream is out of order.", 502, "upstream_bad_answer")
    assert complaint(told) is None


def test_a_stream_that_just_stops_was_cut() -> None:
    cut = Failed("The provider's stream ended before it was complete.", 502, "upstream_cut")
    assert ordered([]) == [cut]
    assert ordered([STARTED, BlockStart(0, Text("")), BlockDelta(0, "x")])[-1] == cut


def test_nothing_follows_an_end() -> None:
    failed = Failed("It broke.")
    assert ordered([failed, STARTED, failed]) == [failed]
    assert ordered([STARTED, *END, failed, *END, BlockStart(0, Text(""))]) == [STARTED, *END]


def test_an_ordinary_delta_costs_next_to_nothing() -> None:
    sequencer = Sequencer()
    sequencer.feed(STARTED)
    sequencer.feed(BlockStart(0, Text("")))
    deltas = [BlockDelta(0, "x") for _ in range(20_000)]
    best = 1.0
    for _ in range(5):
        began = time.process_time()
        for delta in deltas:
            sequencer.feed(delta)
        best = min(best, (time.process_time() - began) / len(deltas))
    assert best < 1.5e-6


def test_many_waiting_blocks_are_linear() -> None:
    """Held events are moved once, whichever end they wait for."""
    sequencer = Sequencer()
    sequencer.feed(STARTED)
    began = time.process_time()
    for index in range(5_000):
        sequencer.feed(BlockStart(index, ToolCall(f"c{index}", "f", "")))
        sequencer.feed(BlockDelta(index, "{}"))
    told = sequencer.feed(ChoiceEnd())
    assert len(told) == 3 * 5_000 - 2
    assert time.process_time() - began < 1
