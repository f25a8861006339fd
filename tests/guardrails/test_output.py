"""Answers under guardrails: a stream says what the whole answer says, however it is cut, and a block lets nothing of a match through."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from gateway.guardrails.checks import check_of
from gateway.guardrails.output import Watched
from gateway.neutral.blocks import Opaque, Signature, Text, Thinking, ToolCall
from gateway.neutral.collect import Collector, replay
from gateway.neutral.guardrails import Guardrail
from gateway.neutral.response import (
    BlockDelta,
    BlockEnd,
    BlockExtra,
    BlockSignature,
    BlockStart,
    Choice,
    ChoiceEnd,
    Event,
    Finished,
    Response,
    Started,
    Stop,
)
from gateway.neutral.usage import Usage

MASK = Guardrail("pii", "pii", stages=("output",), pii=("email", "credit_card", "iban"), action="mask")
BLOCK = Guardrail("deny", "deny", stages=("output",), keywords=("forbidden word",))
NOTE = Guardrail("note", "deny", stages=("output",), patterns=(r"\d{3}",), action="annotate")
USAGE = Usage(fresh=1, output=2, source="upstream")
TEXT = (
    "Write to jane.doe@example.org or pay DE89 3704 0044 0532 0130 00, card 4111 1111 1111 1111. "
    + "Nothing else is here; " * 40
    + "but at the end a@b.de"
)


def stream(text: str, rng: random.Random, most: int = 40, index: int = 0) -> list[Event]:
    pieces: list[Event] = [Started(), BlockStart(index, Text(""))]
    position = 0
    while position < len(text):
        size = rng.randint(1, most)
        pieces.append(BlockDelta(index, text[position : position + size]))
        position += size
    return [*pieces, BlockEnd(index), ChoiceEnd(Stop("end")), Finished(USAGE)]


def collected(events: list[Event]) -> Response:
    collector = Collector()
    for event in events:
        collector.feed(event)
    assert collector.finished
    return collector.response()


@pytest.mark.parametrize("seed", range(60))
def test_a_stream_is_masked_as_the_whole_answer_is(seed: int) -> None:
    whole, watched = Watched([check_of(MASK), check_of(NOTE)]), Watched([check_of(MASK), check_of(NOTE)])
    answer = whole.response(Response((Choice((Text(TEXT),)),)))
    found = collected(watched.feed(stream(TEXT, random.Random(seed))))
    assert found.choices[0].blocks == answer.choices[0].blocks
    assert watched.verdicts == whole.verdicts
    assert found.usage == USAGE
    assert "@" not in str(found.choices)


@pytest.mark.parametrize("size", [1, 2, 7, 50, 5000])
@pytest.mark.parametrize("before", [0, 10, 300, 1000])
def test_nothing_of_a_blocked_match_is_told(size: int, before: int) -> None:
    watched = Watched([check_of(BLOCK)])
    text = "x " * before + "a forbidden  word and more" + " y" * 500
    told = stream(text, random.Random(0), size)
    out: list[Event] = []
    for event in told:
        out += watched.feed([event])
    words = "".join(event.text for event in out if isinstance(event, BlockDelta))
    assert "forbidden" not in words
    assert text.startswith(words)
    assert watched.blocked is not None
    end = [event for event in out if isinstance(event, ChoiceEnd)]
    assert [one.stop.reason for one in end if one.stop] == ["content_filter"]
    assert isinstance(out[-1], Finished)
    assert out[-1].usage == USAGE
    starts = [event.index for event in out if isinstance(event, BlockStart)]
    assert starts == [event.index for event in out if isinstance(event, BlockEnd)]


def test_text_that_comes_with_the_beginning_of_a_block_is_looked_at() -> None:
    watched = Watched([check_of(MASK)])
    answer = Response((Choice((Thinking("I am a@b.de"), ToolCall("1", "f", '{"to":"a@b.de"}')), Stop("tool_call")),))
    found = collected(watched.feed(replay(answer)))
    thought, call = found.choices[0].blocks
    assert isinstance(thought, Thinking)
    assert isinstance(call, ToolCall)
    assert (thought.text, call.arguments) == ("I am [email]", '{"to":"[email]"}')


def test_a_whole_answer_that_is_blocked_has_no_content() -> None:
    watched = Watched([check_of(BLOCK)])
    answer = watched.response(Response((Choice((Text("fine"), Text("forbidden word"))),), usage=USAGE))
    assert answer.choices[0].blocks == ()
    assert answer.choices[0].stop == Stop("content_filter")
    assert answer.usage == USAGE


def test_text_that_is_short_comes_at_its_end_and_long_text_flows() -> None:
    watched = Watched([check_of(MASK)], hold_back=10)
    assert watched.feed([BlockStart(0, Text("")), BlockDelta(0, "short")])[1:] == []
    [told] = watched.feed([BlockDelta(0, "er than this, really")])
    assert told == BlockDelta(0, "shorter than th")
    watched.feed([BlockDelta(0, "x" * 500)])
    assert len("".join(watched._held.values())) == 10


def test_a_match_without_an_end_is_not_held_forever() -> None:
    rule = Guardrail("all", "deny", stages=("output",), patterns=(r"[a-z]+",), action="mask")
    watched = Watched([check_of(rule)], hold_back=10)
    told = watched.feed([BlockStart(0, Text("")), *(BlockDelta(0, "abcdefghij") for _ in range(30))])
    assert any(isinstance(event, BlockDelta) for event in told)
    assert len("".join(watched._held.values())) <= 90


@pytest.mark.parametrize(("thought", "kept"), [("I am a@b.de", False), ("I am nobody", True)])
def test_a_signature_comes_behind_its_thought_and_goes_with_it(thought: str, kept: bool) -> None:
    signature = Signature("anthropic_messages", "c2ln")
    events: list[Event] = [
        *(Started(), BlockStart(0, Thinking("")), BlockDelta(0, thought[:7]), BlockDelta(0, thought[7:])),
        *(BlockSignature(0, signature), BlockEnd(0), ChoiceEnd(Stop("end")), Finished(USAGE)),
    ]
    told = Watched([check_of(MASK)]).feed(events)
    [block] = collected(told).choices[0].blocks
    assert block == Thinking("I am nobody" if kept else "I am [email]", signature if kept else None)
    assert [type(event) for event in told].index(BlockEnd) == len(told) - 3


def test_notes_and_what_only_a_dialect_knows_are_looked_at() -> None:
    cited = BlockExtra(0, "anthropic_messages", {"citations": [{"cited_text": "a@b.de", "url": "https://a@b.de"}]})
    found = Opaque("anthropic_messages", "web_search_tool_result", {"content": [{"title": "a@b.de", "url": "a@b.de"}]})
    events: list[Event] = [
        *(
            Started(),
            BlockStart(0, Text("")),
            BlockDelta(0, "ok"),
            cited,
            BlockEnd(0),
            BlockStart(1, found),
            BlockEnd(1),
        ),
        *(ChoiceEnd(Stop("end")), Finished(USAGE)),
    ]
    text, other = collected(Watched([check_of(MASK)]).feed(events)).choices[0].blocks
    assert isinstance(text, Text)
    assert isinstance(other, Opaque)
    assert other.data["content"][0]["title"] == "[email]"
    watched = Watched([check_of(replace(MASK, action="block"))])
    told = watched.feed(events)
    assert watched.blocked is not None
    assert not any(isinstance(event, BlockExtra) for event in told)
