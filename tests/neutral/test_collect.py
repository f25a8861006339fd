"""A stream as a whole answer, and back."""

from __future__ import annotations

from hypothesis import given, settings
from tests.neutral.grammar import complaint
from tests.neutral.streams import SIGNATURE, TOKENS, legal_streams, responses

from gateway.neutral.blocks import Refusal, Text, Thinking, ToolCall
from gateway.neutral.collect import Collector, replay
from gateway.neutral.response import (
    BlockDelta,
    BlockEnd,
    BlockExtra,
    BlockLogprobs,
    BlockSignature,
    BlockStart,
    Choice,
    ChoiceEnd,
    Event,
    Failed,
    Finished,
    Response,
    Started,
    Stop,
)
from gateway.neutral.usage import Usage


def collected(events: list[Event]) -> Collector:
    collector = Collector()
    for event in events:
        collector.feed(event)
    return collector


@settings(max_examples=200, deadline=None)
@given(responses())
def test_a_replayed_answer_is_collected_as_it_was(response: Response) -> None:
    collector = collected(replay(response))
    assert collector.finished
    assert collector.response() == response


@settings(max_examples=200, deadline=None)
@given(responses())
def test_a_replay_is_a_well_ordered_stream(response: Response) -> None:
    found = complaint(replay(response))
    assert found in {None, "two calls of one id"}  # what an upstream wrote twice is the sequencer's to mend


@settings(max_examples=200, deadline=None)
@given(legal_streams())
def test_a_collected_stream_replays_as_the_same_answer(events: list[Event]) -> None:
    response = collected(events).response()
    assert collected(replay(response)).response() == response


def test_everything_of_a_stream_is_gathered() -> None:
    usage = Usage(fresh=1, output=2, source="upstream")
    events: list[Event] = [
        Started("id", "m", 9, Usage(fresh=1), "flex"),
        BlockStart(0, Thinking("a")),
        BlockDelta(0, "b"),
        BlockSignature(0, SIGNATURE),
        BlockEnd(0),
        BlockStart(1, Text("", extras={"gemini": {"list": [0], "one": 1}})),
        BlockDelta(1, "x"),
        BlockLogprobs(1, TOKENS),
        BlockDelta(1, "y"),
        BlockLogprobs(1, TOKENS),
        BlockExtra(1, "gemini", {"list": [2], "one": 2}),
        BlockExtra(1, "openai_chat", {"z": None}),
        BlockEnd(1),
        BlockStart(2, ToolCall("c", "f", '{"a"')),
        BlockDelta(2, ":1}"),
        BlockSignature(2, SIGNATURE),
        BlockEnd(2),
        BlockStart(0, Refusal("n"), 2),
        BlockDelta(0, "o", 2),
        BlockEnd(0, 2),
        ChoiceEnd(Stop("tool_call")),
        ChoiceEnd(None, 2),
        Finished(usage, None, {"gemini": {"q": 1}}),
    ]
    assert collected(events).response() == Response(
        (
            Choice(
                (
                    Thinking("ab", SIGNATURE),
                    Text(
                        "xy",
                        logprobs=TOKENS + TOKENS,
                        extras={"gemini": {"list": [0, 2], "one": 2}, "openai_chat": {"z": None}},
                    ),
                    ToolCall("c", "f", '{"a":1}', signature=SIGNATURE),
                ),
                Stop("tool_call"),
            ),
            Choice((Refusal("no"),)),
        ),
        "id",
        "m",
        9,
        usage,
        "flex",
        {"gemini": {"q": 1}},
    )


def test_a_failed_stream_keeps_what_came_and_says_so() -> None:
    failed = Failed("It broke.")
    collector = collected([Started(), BlockStart(0, Text("x")), BlockDelta(0, "y"), failed])
    assert collector.failed is failed
    assert not collector.finished
    assert collector.response().choices == (Choice((Text("xy"),)),)


def test_a_replay_tells_what_went_in_at_its_start_and_all_at_its_end() -> None:
    usage = Usage(fresh=3, cache_read=1, output=4, reasoning=2, source="upstream")
    events = replay(Response((Choice(()),), usage=usage))
    assert events[0] == Started(usage=Usage(fresh=3, cache_read=1, source="upstream"))
    assert events[-1] == Finished(usage)


def test_an_encrypted_thought_is_replayed_with_its_start() -> None:
    thought = Thinking("", SIGNATURE, redacted=True)
    assert replay(Response((Choice((thought,)),)))[1:3] == [BlockStart(0, thought), BlockEnd(0)]
