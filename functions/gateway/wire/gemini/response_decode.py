"""A whole answer of a Gemini upstream, in neutral form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from gateway.errors import BadAnswer
from gateway.neutral.blocks import Block, Text, Thinking
from gateway.neutral.response import (
    BlockDelta,
    BlockLogprobs,
    BlockSignature,
    BlockStart,
    Choice,
    Event,
    Response,
    Stop,
)
from gateway.wire.gemini import answer, response
from gateway.wire.gemini.candidate import CandidateReader
from gateway.wire.gemini.fields import extras


def decode_response(data: Mapping[str, Any], seed: str) -> Response:
    """The answer. A prompt that was blocked is one, without blocks; BadAnswer when there is neither a candidate nor a block."""
    choices = [_choice(one, index, seed) for index, one in enumerate(response.candidates(data))]
    blocked = response.blocked(data)
    if not choices and blocked is not None:
        choices = [Choice((), Stop("content_filter", raw=blocked))]
    if not choices:
        raise BadAnswer("The provider's answer has no candidates.")
    begun = answer.started(data)
    rest = {name: data[name] for name in data if name not in answer.READ}
    return Response(tuple(choices), begun.id, begun.model, begun.created, response.usage(data), extras=extras(rest))


def _choice(candidate: Mapping[str, Any], index: int, seed: str) -> Choice:
    reader = CandidateReader(index, seed)
    blocks = collected(reader.read(candidate))
    return Choice(blocks, reader.stop, extras(reader.extras))


def collected(events: list[Event]) -> tuple[Block, ...]:
    """The blocks that the events of one candidate amount to."""
    blocks: list[Block] = []
    texts: list[list[str]] = []
    for event in events:
        if isinstance(event, BlockStart):
            blocks.append(event.block)
            texts.append([])
        elif isinstance(event, BlockDelta):
            texts[event.index].append(event.text)
        elif isinstance(event, BlockSignature):
            block = blocks[event.index]
            assert isinstance(block, Thinking)
            blocks[event.index] = replace(block, signature=event.signature)
        elif isinstance(event, BlockLogprobs):
            block = blocks[event.index]
            assert isinstance(block, Text)
            blocks[event.index] = replace(block, logprobs=(*(block.logprobs or ()), *event.tokens))
    return tuple(_filled(block, "".join(words)) for block, words in zip(blocks, texts, strict=True))


def _filled(block: Block, words: str) -> Block:
    return replace(block, text=words) if words and isinstance(block, Text | Thinking) else block
