"""Any stream of the neutral grammar becomes one of the vendor's grammar."""

from __future__ import annotations

from collections.abc import Iterator

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.wire.anthropic_messages.grammar import check
from tests.wire.anthropic_messages.telling import USAGE, events
from tests.wire.anthropic_messages.telling import encode_stream as encode

from gateway.neutral.blocks import (
    Block,
    Media,
    Opaque,
    Refusal,
    Signature,
    Text,
    Thinking,
    ToolCall,
)
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

WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
SIGNED = st.none() | st.builds(
    Signature, st.sampled_from(["anthropic_messages", "gemini", "openai_responses"]), st.just("YWI=")
)
BLOCKS: st.SearchStrategy[Block] = st.one_of(
    st.builds(Text, WORDS),
    st.builds(Thinking, WORDS, SIGNED, st.booleans()),
    st.builds(ToolCall, st.just("t"), st.just("f"), st.just(""), st.booleans(), SIGNED),
    st.builds(Refusal, WORDS),
    st.builds(Media, st.just("image"), st.just("image/png"), st.just("aa")),
    st.just(Opaque("gemini", "executableCode", {})),
    st.just(
        Opaque(
            "anthropic_messages",
            "server_tool_use",
            {"type": "server_tool_use", "id": "s", "name": "web_search", "input": {"q": 1}},
        )
    ),
)
ENDINGS = st.sampled_from([Finished(USAGE), Finished(), Failed("No."), None])


@st.composite
def streams(draw: st.DrawFn) -> list[Event]:
    """Any stream of the grammar in `neutral.response`."""
    found: list[Event] = [Started(usage=draw(st.sampled_from([None, USAGE])))]
    for index, block in enumerate(draw(st.lists(BLOCKS, max_size=5))):
        found.append(BlockStart(index, block))
        found += list(_grown(draw, index, block))
        found.append(BlockEnd(index))
    ending = draw(ENDINGS)
    if ending is None:
        return [*found[: draw(st.integers(0, len(found)))], Failed("Cut.")]
    return [*found, ChoiceEnd(draw(st.sampled_from([None, Stop("end"), Stop("length")]))), ending]


def _grown(draw: st.DrawFn, index: int, block: Block) -> Iterator[Event]:
    if isinstance(block, ToolCall):
        pieces = ['{"a"', ":", "1}"] if draw(st.booleans()) else []
    elif isinstance(block, Opaque | Media) or (isinstance(block, Thinking) and block.redacted):
        pieces = []
    else:
        pieces = draw(st.lists(WORDS, max_size=3))
    for piece in pieces:
        yield BlockDelta(index, piece)
    if isinstance(block, Thinking) and block.signature is None and draw(st.booleans()):
        yield BlockSignature(index, Signature("gemini", "YWI="))


@settings(max_examples=150, deadline=None)
@given(streams())
def test_any_stream_of_the_grammar_is_one_that_clients_understand(found: list[Event]) -> None:
    stream, _ = encode(found)
    blocks = check(stream)
    texts = [block["text"] for block in blocks if block["type"] == "text"]
    said: dict[int, str] = {}
    for event in found:
        if isinstance(event, BlockStart) and isinstance(event.block, Text | Refusal):
            said[event.index] = event.block.text
        elif isinstance(event, BlockDelta) and event.index in said:
            said[event.index] += event.text
    assert texts == list(said.values())
    assert sum(block["type"] == "tool_use" for block in blocks) == sum(
        isinstance(event, BlockStart) and isinstance(event.block, ToolCall) for event in found
    )
    if isinstance(found[-1], Finished) and blocks:
        assert blocks[-1]["type"] != "redacted_thinking"
        assert blocks[-1].get("thinking") != ""
    again = events(stream)
    assert isinstance(again[-1], Failed) == isinstance(found[-1], Failed)
