"""Streams of events for properties: any, legal ones, and legal ones with their blocks overlapping."""

from __future__ import annotations

from hypothesis import strategies as st

from gateway.neutral.blocks import Media, Opaque, Refusal, Signature, Text, Thinking, TokenLogprob, ToolCall
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

SIGNATURE = Signature("gemini", "c2ln")
TOKENS = (TokenLogprob("a", -0.5, (97,), (TokenLogprob("b", -1.0),)),)
_TEXT = st.text("ab ü", max_size=4)
_BLOCKS = st.one_of(
    _TEXT.map(Text),
    st.builds(Thinking, _TEXT, st.sampled_from([None, SIGNATURE])),
    st.builds(ToolCall, st.sampled_from(["c", "c_2", "d"]), st.just("f"), st.sampled_from(["", '{"a":'])),
    _TEXT.map(Refusal),
    st.just(Media("image", "image/png", data="AA==")),
    st.just(Opaque("gemini", "executableCode", {"code": "1"})),
)
_INDEX = st.integers(0, 3)
_CHOICE = st.sampled_from([0, 0, 0, 1])
_STOP = st.sampled_from([None, Stop("end"), Stop("tool_call", raw="tool_calls")])

_INNER = st.one_of(
    st.builds(BlockDelta, _INDEX, _TEXT, _CHOICE),
    st.builds(BlockSignature, _INDEX, st.just(SIGNATURE), _CHOICE),
    st.builds(BlockLogprobs, _INDEX, st.just(TOKENS), _CHOICE),
    st.builds(BlockExtra, _INDEX, st.just("gemini"), st.just({"citations": [1]}), _CHOICE),
)
ANY_EVENT: st.SearchStrategy[Event] = st.one_of(
    st.builds(Started, st.sampled_from([None, "a", "a", "b"])),
    st.builds(BlockStart, _INDEX, _BLOCKS, _CHOICE),
    st.builds(BlockStart, _INDEX, _BLOCKS, _CHOICE),
    _INNER,
    _INNER,
    st.builds(BlockEnd, _INDEX, _CHOICE),
    st.builds(ChoiceEnd, _STOP, _CHOICE),
    st.sampled_from([Finished(), Failed("It broke.", code="x")]),
)
ANY_STREAM = st.lists(ANY_EVENT, max_size=25)


@st.composite
def block_events(draw: st.DrawFn, index: int, choice: int, name: str = "") -> list[Event]:
    """A whole block: start, what it can grow by, end."""
    block = draw(_BLOCKS)
    if isinstance(block, ToolCall):
        block = ToolCall(name or f"call_{choice}_{index}", "f", block.arguments)
    more: list[Event] = []
    if isinstance(block, Text | Thinking | Refusal | ToolCall):
        more += [BlockDelta(index, text, choice) for text in draw(st.lists(_TEXT, max_size=4))]
        if isinstance(block, Text) and draw(st.booleans()):
            more.append(BlockLogprobs(index, TOKENS, choice))
        if isinstance(block, Thinking | ToolCall) and block.signature is None and draw(st.booleans()):
            more.append(BlockSignature(index, SIGNATURE, choice))
    if not isinstance(block, Opaque) and draw(st.booleans()):
        more.append(BlockExtra(index, "gemini", {"list": [1], "one": 2}, choice))
    return [BlockStart(index, block, choice), *more, BlockEnd(index, choice)]


def _merge(draw: st.DrawFn, lists: list[list[Event]]) -> list[Event]:
    """The lists zipped at random, the order within each kept."""
    merged: list[Event] = []
    rest = [list(one) for one in lists if one]
    while rest:
        one = rest[draw(st.integers(0, len(rest) - 1))]
        merged.append(one.pop(0))
        rest = [left for left in rest if left]
    return merged


def _framed(draw: st.DrawFn, body: list[Event], choices: int) -> list[Event]:
    stops: list[Event] = [ChoiceEnd(draw(_STOP), choice) for choice in range(choices)]
    return [Started("id", "m", 5), *body, *stops, Finished(Usage(1, output=2, source="upstream"))]


@st.composite
def legal_streams(draw: st.DrawFn) -> list[Event]:
    """Streams of the grammar, of one or two choices."""
    choices = draw(st.sampled_from([1, 1, 2]))
    lines = []
    for choice in range(choices):
        count = draw(st.integers(0, 4))
        lines.append([event for index in range(count) for event in draw(block_events(index, choice))])
    return _framed(draw, _merge(draw, lines), choices)


@st.composite
def overlapping_streams(draw: st.DrawFn) -> list[Event]:
    """Streams whose blocks are whole and in order each, but interleaved, with gaps in their numbers, some without an end."""
    blocks = []
    for index in sorted(draw(st.sets(st.integers(0, 9), min_size=1, max_size=4))):
        events = draw(block_events(index, 0))
        blocks.append(events if draw(st.booleans()) else events[:-1])
    return _framed(draw, _merge(draw, blocks), 1)


@st.composite
def responses(draw: st.DrawFn) -> Response:
    """Whole answers without extras of a choice, which no event carries."""
    choices = tuple(
        Choice(tuple(draw(st.lists(_BLOCKS, max_size=4))), draw(_STOP)) for _ in range(draw(st.integers(1, 3)))
    )
    usage = draw(st.sampled_from([None, Usage(fresh=3, cache_read=4, output=5, reasoning=1, source="upstream")]))
    return Response(choices, "id", "m", 7, usage, draw(st.sampled_from([None, "flex"])), {"gemini": {"x": [1]}})
