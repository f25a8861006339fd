"""A stream of events as a whole answer, and a whole answer as a stream.

`Collector` undoes `replay`: collecting what a response was replayed as gives an equal response, but for extras of a choice, which no event carries.
The other way a stream comes back with its pieces joined.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from gateway.neutral.blocks import NO_EXTRAS, Block, Extras, Refusal, Signature, Text, Thinking, TokenLogprob, ToolCall
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


class _Growing:
    """A block and what came for it since it started."""

    __slots__ = ("block", "extras", "logprobs", "signature", "texts")

    def __init__(self, block: Block) -> None:
        self.block = block
        self.texts: list[str] = []
        self.logprobs: list[TokenLogprob] = []
        self.signature: Signature | None = None
        self.extras: list[BlockExtra] = []

    def whole(self) -> Block:
        """The block with everything in it."""
        changes: dict[str, Any] = {}
        block, more = self.block, "".join(self.texts)
        if more and isinstance(block, ToolCall):
            changes["arguments"] = block.arguments + more
        elif more and isinstance(block, Text | Thinking | Refusal):
            changes["text"] = block.text + more
        if self.signature is not None:
            changes["signature"] = self.signature
        if self.logprobs and isinstance(block, Text):
            changes["logprobs"] = (*(block.logprobs or ()), *self.logprobs)
        if self.extras:
            changes["extras"] = merged(getattr(block, "extras", NO_EXTRAS), self.extras)
        return replace(block, **changes) if changes else block


def merged(extras: Extras, more: Iterable[BlockExtra]) -> Extras:
    """Extras with later ones added: lists of one name are joined, of other values the last one stays."""
    whole: dict[str, dict[str, Any]] = {dialect: dict(members) for dialect, members in extras.items()}
    for event in more:
        members = whole.setdefault(event.dialect, {})
        for name, value in event.data.items():
            before: Any = members.get(name)
            joined = isinstance(before, list) and isinstance(value, list)
            members[name] = before + value if joined else value
    return whole


class Collector:
    """Gathers well-ordered events (see `sequence`). `failed` is the bad end if there was one, `finished` whether there was the good one."""

    def __init__(self) -> None:
        self.failed: Failed | None = None
        self._started = Started()
        self._blocks: dict[int, list[_Growing]] = {}
        self._stops: dict[int, Stop | None] = {}
        self._end: Finished | None = None

    @property
    def finished(self) -> bool:
        """Whether the good end came."""
        return self._end is not None

    def feed(self, event: Event) -> None:
        """Take the next event."""
        if isinstance(event, BlockDelta | BlockSignature | BlockLogprobs | BlockExtra):
            self._grow(event)
        elif isinstance(event, BlockStart):
            self._blocks.setdefault(event.choice, []).append(_Growing(event.block))
        elif isinstance(event, ChoiceEnd):
            self._blocks.setdefault(event.choice, [])
            self._stops[event.choice] = event.stop
        elif isinstance(event, Started):
            self._started = event
        elif isinstance(event, Finished):
            self._end = event
        elif isinstance(event, Failed):
            self.failed = event

    def _grow(self, event: BlockDelta | BlockSignature | BlockLogprobs | BlockExtra) -> None:
        growing = self._blocks[event.choice][event.index]
        if isinstance(event, BlockDelta):
            growing.texts.append(event.text)
        elif isinstance(event, BlockSignature):
            growing.signature = event.signature
        elif isinstance(event, BlockLogprobs):
            growing.logprobs += event.tokens
        else:
            growing.extras.append(event)

    def response(self) -> Response:
        """The answer so far: whole when `finished`."""
        started, end = self._started, self._end or Finished()
        return Response(
            choices=tuple(
                Choice(tuple(one.whole() for one in blocks), self._stops.get(number))
                for number, blocks in sorted(self._blocks.items())
            ),
            id=started.id,
            model=started.model,
            created=started.created,
            usage=end.usage,
            service_tier=end.service_tier or started.service_tier,
            extras=end.extras,
        )


def replay(response: Response) -> list[Event]:
    """The answer as a well-ordered stream: one delta for each text, signatures of thoughts behind their text."""
    usage = response.usage
    events: list[Event] = [
        Started(
            response.id,
            response.model,
            response.created,
            usage and replace(usage, output=0, reasoning=0),
            response.service_tier,
        )
    ]
    for number, choice in enumerate(response.choices):
        for index, block in enumerate(choice.blocks):
            events += _replayed(index, block, number)
    events += [ChoiceEnd(choice.stop, number) for number, choice in enumerate(response.choices)]
    events.append(Finished(usage, response.service_tier, response.extras))
    return events


def _replayed(index: int, block: Block, choice: int) -> list[Event]:
    """Start, one delta, what belongs behind it, end. A signature without a text stays in the start: it is the block."""
    middle: list[Event] = []
    empty: Block = block
    if isinstance(block, ToolCall) and block.arguments:
        middle.append(BlockDelta(index, block.arguments, choice))
        empty = replace(block, arguments="")
    elif isinstance(block, Text | Thinking | Refusal) and block.text:
        middle.append(BlockDelta(index, block.text, choice))
        empty = replace(block, text="")
    if isinstance(empty, Text) and empty.logprobs:
        middle.append(BlockLogprobs(index, empty.logprobs, choice))
        empty = replace(empty, logprobs=None)
    if middle and isinstance(empty, Thinking) and empty.signature is not None:
        middle.append(BlockSignature(index, empty.signature, choice))
        empty = replace(empty, signature=None)
    return [BlockStart(index, empty, choice), *middle, BlockEnd(index, choice)]
