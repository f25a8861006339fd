"""The grammar of a stream, made certain: whatever a decoder gives, encoders see the order that `response` describes.

Theory of operation: upstreams overlap blocks (parallel tool calls in fragments), leave gaps in their numbering and leave out ends. Per
choice there is a line of blocks in the order in which they started. The first in line is live: its events go through at once, with
a number of ours. Those behind it are held until it ends, so that a client sees one block after the other and no text is lost. Ends of
choices wait for the end of the stream, since another choice may still be talking.

What cannot be put in order (a delta for no open block, two ends) is the provider's fault: one `Failed`, then nothing.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import replace
from typing import Final

from gateway.neutral.blocks import Media, Refusal, Text, Thinking, ToolCall, ToolResult
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
)

BlockEvent = BlockDelta | BlockSignature | BlockLogprobs | BlockExtra

# What each kind of block can grow by; Opaque is complete when it starts.
_GROWS: Final[dict[type, frozenset[type]]] = {
    Text: frozenset([BlockDelta, BlockLogprobs, BlockExtra]),
    Thinking: frozenset([BlockDelta, BlockSignature, BlockExtra]),
    ToolCall: frozenset([BlockDelta, BlockSignature, BlockExtra]),
    Refusal: frozenset([BlockDelta, BlockExtra]),
    Media: frozenset([BlockExtra]),
    ToolResult: frozenset([BlockExtra]),
}
_NOTHING: Final[frozenset[type]] = frozenset()


class _OutOfOrder(Exception):
    """An event that has no place where it came."""


class _Line:
    """One choice: its blocks by the decoder's index, those not yet told in order, and its end once that came."""

    __slots__ = ("blocks", "end", "waiting")

    def __init__(self) -> None:
        self.blocks: dict[int, _Open] = {}
        self.waiting: deque[_Open] = deque()
        self.end: ChoiceEnd | None = None


class _Open:
    """A block that started. `held` are its events since, in our numbers, while another one is live."""

    __slots__ = ("ended", "grows", "held", "number", "signed")

    def __init__(self, number: int, start: BlockStart) -> None:
        self.number = number
        self.grows = _GROWS.get(type(start.block), _NOTHING)
        self.signed = getattr(start.block, "signature", None) is not None
        self.ended = False
        self.held: list[Event] = []


class Sequencer:
    """Takes a decoder's events, gives the same in the order of the grammar. Use one per stream."""

    def __init__(self) -> None:
        self._lines: dict[int, _Line] = {}
        self._calls: set[str] = set()
        self._started: Started | None = None
        self._over = False
        # The short way for the ordinary delta: the decoder's numbers of the live block that was told last, if they are also ours.
        self._quick_index: int | None = None
        self._quick_choice = 0
        self._take: Final[dict[type, Callable[..., list[Event]]]] = {
            Started: self._begin,
            BlockStart: self._open,
            BlockDelta: self._grow,
            BlockSignature: self._sign,
            BlockLogprobs: self._grow,
            BlockExtra: self._grow,
            BlockEnd: self._end,
            ChoiceEnd: self._end_choice,
            Finished: self._finish,
            Failed: self._fail,
        }

    def feed(self, event: Event) -> list[Event]:
        """What can be told now that this came; [] once the stream has ended."""
        if type(event) is BlockDelta and event.index == self._quick_index and event.choice == self._quick_choice:
            return [event]
        if self._over:
            return []
        try:
            told = self._take[type(event)](event)
        except _OutOfOrder:
            return self._fail(Failed("The provider's stream is out of order.", code="upstream_bad_answer"))
        if self._started is None and not self._over:
            self._started = Started()
            return [self._started, *told]
        return told

    def close(self) -> list[Event]:
        """The decoder has no more: an unfinished stream was cut."""
        if self._over:
            return []
        return self._fail(Failed("The provider's stream ended before it was complete.", code="upstream_cut"))

    def _begin(self, event: Started) -> list[Event]:
        """The first one counts; a second is let go when it speaks of the same answer."""
        first = self._started
        if first is None:
            self._started = event
            return [event]
        if event.id is not None and first.id is not None and event.id != first.id:
            raise _OutOfOrder
        return []

    def _open(self, event: BlockStart) -> list[Event]:
        line = self._lines.get(event.choice)
        if line is None:
            line = self._lines[event.choice] = _Line()
        if line.end is not None or event.index in line.blocks:
            raise _OutOfOrder
        block = line.blocks[event.index] = _Open(len(line.blocks), event)
        line.waiting.append(block)
        start = self._numbered(event, block.number)
        if line.waiting[0] is not block:
            block.held.append(start)
            return []
        self._hurry(event.index, event.choice, block)
        return [start]

    def _numbered(self, event: BlockStart, number: int) -> BlockStart:
        """The start of a block under our number, its call's id unique within the answer."""
        block = event.block
        if type(block) is ToolCall:
            unique = self._unique(block.id)
            if unique != block.id:
                return BlockStart(number, replace(block, id=unique), event.choice)
        return event if event.index == number else BlockStart(number, block, event.choice)

    def _unique(self, name: str) -> str:
        """The first of name, name_2, name_3, … that no call of this answer has."""
        unique, count = name, 1
        while unique in self._calls:
            count += 1
            unique = f"{name}_{count}"
        self._calls.add(unique)
        return unique

    def _hurry(self, index: int, choice: int, block: _Open) -> None:
        """Send the block's deltas the short way, if nothing about them needs a look."""
        if index == block.number and BlockDelta in block.grows:
            self._quick_index, self._quick_choice = index, choice

    def _grow(self, event: BlockEvent) -> list[Event]:
        line, block = self._find(event.index, event.choice)
        if type(event) not in block.grows:
            raise _OutOfOrder
        ours = self._renumbered(event, block.number)
        if line.waiting[0] is block:
            self._hurry(event.index, event.choice, block)
            return [ours]
        block.held.append(ours)
        return []

    @staticmethod
    def _renumbered(event: BlockEvent, number: int) -> BlockEvent:
        if event.index == number:
            return event
        if isinstance(event, BlockDelta):  # by far the most frequent, and `replace` is slow
            return BlockDelta(number, event.text, event.choice)
        return replace(event, index=number)

    def _sign(self, event: BlockSignature) -> list[Event]:
        _, block = self._find(event.index, event.choice)
        if block.signed:
            raise _OutOfOrder
        block.signed = True
        return self._grow(event)

    def _find(self, index: int, choice: int) -> tuple[_Line, _Open]:
        """The open block of these numbers of the decoder's."""
        line = self._lines.get(choice)
        block = line.blocks.get(index) if line is not None else None
        if line is None or block is None or block.ended:
            raise _OutOfOrder
        return line, block

    def _end(self, event: BlockEnd) -> list[Event]:
        line, block = self._find(event.index, event.choice)
        return self._end_block(line, block, event.choice)

    def _end_block(self, line: _Line, block: _Open, choice: int) -> list[Event]:
        """End one block; when it was live, those behind it come out up to the first that is still open."""
        self._quick_index = None
        block.ended = True
        block.held.append(BlockEnd(block.number, choice))
        told: list[Event] = []
        while line.waiting:
            first = line.waiting[0]
            told += first.held
            first.held = []
            if not first.ended:
                break
            line.waiting.popleft()
        return told

    def _end_choice(self, event: ChoiceEnd) -> list[Event]:
        line = self._lines.get(event.choice)
        if line is None:
            line = self._lines[event.choice] = _Line()
        if line.end is not None:
            raise _OutOfOrder
        told = self._end_blocks(line, event.choice)
        line.end = event
        # Ends are told in the order in which they came.
        self._lines[event.choice] = self._lines.pop(event.choice)
        return told

    def _end_blocks(self, line: _Line, choice: int) -> list[Event]:
        told: list[Event] = []
        while line.waiting:
            told += self._end_block(line, line.waiting[0], choice)
        return told

    def _finish(self, event: Finished) -> list[Event]:
        told: list[Event] = []
        open_lines = sorted(choice for choice, line in self._lines.items() if line.end is None)
        for choice in open_lines:
            told += self._end_blocks(self._lines[choice], choice)
        ends: list[Event] = [line.end for line in self._lines.values() if line.end is not None]
        ends += [ChoiceEnd(None, choice) for choice in open_lines]
        told += ends or [ChoiceEnd()]
        told.append(event)
        if self._started is None:
            told.insert(0, Started())
        self._stop()
        return told

    def _fail(self, event: Failed) -> list[Event]:
        self._stop()
        return [event]

    def _stop(self) -> None:
        self._over = True
        self._quick_index = None
        self._lines.clear()
