"""An answer under guardrails: whole, or while it streams.

Theory of operation, for a stream: the text of a block is held back until `HOLD_BACK` characters more have come, or the block ends, so that a
match that lies across pieces is seen before any of it is told. What is told was looked at together with what came behind it. A match of a
`mask` is replaced in what is still held; one of a `block` ends the answer where it stands: nothing held is told, the choice ends with
`content_filter`. A match longer than what is held back may have begun in what was told already: then only its rest is masked, and a block
comes late. Thoughts, arguments of tools and refusals are looked at like text; a mask has no quotes and no backslashes, so that arguments stay
the JSON they were.

What an upstream sends behind a block of ours is read for its usage and told to nobody.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from gateway.guardrails.checks import Check
from gateway.guardrails.finding import Found, masked
from gateway.neutral.blocks import Block, Refusal, Text, Thinking, ToolCall
from gateway.neutral.guardrails import HOLD_BACK, Verdict
from gateway.neutral.response import (
    BlockDelta,
    BlockEnd,
    BlockLogprobs,
    BlockStart,
    Choice,
    ChoiceEnd,
    Event,
    Failed,
    Finished,
    Response,
    Stop,
)

_STOP: Final = Stop("content_filter")
# How many times the usual length may be held back for a match that goes on and on.
_LONGEST_HELD: Final = 8
Place = tuple[int, int]


class Watched:
    """The output checks of one answer. `verdicts` grows as things are found; `blocked` is the check that ended it."""

    def __init__(self, checks: Sequence[Check], hold_back: int = HOLD_BACK) -> None:
        self._checks = [one for one in checks if "output" in one.guardrail.stages and one.find is not None]
        self._hold_back = hold_back
        self._sorts: dict[str, list[str]] = {}
        self._held: dict[Place, str] = {}
        self._open: dict[int, list[int]] = {}
        self.blocked: Check | None = None

    @property
    def verdicts(self) -> tuple[Verdict, ...]:
        """What was found, by guardrail in their order."""
        return tuple(
            one.verdict("output", self._sorts[one.guardrail.id])
            for one in self._checks
            if self._sorts.get(one.guardrail.id)
        )

    # -- a whole answer ---------------------------------------------------------------------------------------------

    def response(self, answer: Response) -> Response:
        """The answer as the client may have it; blocked choices are empty."""
        return replace(answer, choices=tuple(self._choice(choice) for choice in answer.choices))

    def _choice(self, choice: Choice) -> Choice:
        blocks = tuple(self._block(block) for block in choice.blocks)
        return replace(choice, blocks=(), stop=_STOP) if self.blocked is not None else replace(choice, blocks=blocks)

    def _block(self, block: Block) -> Block:
        if isinstance(block, ToolCall):
            return replace(block, arguments=self._looked(block.arguments))
        if isinstance(block, Text | Thinking | Refusal):
            return _said(block, self._looked(block.text))
        return block

    # -- a stream ---------------------------------------------------------------------------------------------------

    def feed(self, events: Iterable[Event]) -> list[Event]:
        """Well-ordered events (`neutral.sequence`) as the client may have them."""
        told: list[Event] = []
        for event in events:
            if self.blocked is not None:
                told += self._behind(event)
            elif isinstance(event, BlockDelta):
                told += self._delta(event)
            elif isinstance(event, BlockStart):
                told += self._start(event)
            elif isinstance(event, BlockEnd):
                told += self._end(event)
            elif isinstance(event, BlockLogprobs):
                continue  # they spell out the text that is held back
            else:
                told.append(event)
        return told

    def _start(self, event: BlockStart) -> list[Event]:
        self._open.setdefault(event.choice, []).append(event.index)
        block, text = _emptied(event.block)
        begun: list[Event] = [replace(event, block=block)]
        return begun + self._delta(BlockDelta(event.index, text, event.choice)) if text else begun

    def _delta(self, event: BlockDelta) -> list[Event]:
        place = event.choice, event.index
        held = self._held.get(place, "") + event.text
        if len(held) <= self._hold_back:
            self._held[place] = held
            return []
        return self._tell(place, held, len(held) - self._hold_back)

    def _end(self, event: BlockEnd) -> list[Event]:
        place = event.choice, event.index
        held = self._held.pop(place, "")
        told = self._tell(place, held, len(held)) if held else []
        if self.blocked is not None:
            return told
        self._open[event.choice].remove(event.index)
        return [*told, event]

    def _tell(self, place: Place, held: str, free: int) -> list[Event]:
        """Look at all that is held; tell what is free of it. A match that reaches into what stays may grow: it stays whole, within bounds."""
        last = free == len(held)
        for check in self._checks:
            found = _find(check, held)
            if found and check.guardrail.action == "block":
                self._note(check, [one.sort for one in found])
                return self._block_here()
            if not last and len(held) < _LONGEST_HELD * self._hold_back:
                free = min([free, *(one.start for one in found if one.end > free)])
        text = self._looked(held[:free])
        if free < len(held):
            self._held[place] = held[free:]
        return [BlockDelta(place[1], text, place[0])] if text else []

    def _block_here(self) -> list[Event]:
        """The end of the answer as it stands."""
        ends: list[Event] = []
        for choice in sorted(self._open) or [0]:
            ends += [BlockEnd(index, choice) for index in self._open.get(choice, [])]
            ends.append(ChoiceEnd(_STOP, choice))
        self._held.clear()
        return ends

    def _behind(self, event: Event) -> list[Event]:
        """Only the end counts, for its usage."""
        if isinstance(event, Finished):
            return [replace(event, extras={})]
        return [event] if isinstance(event, Failed) else []

    # -- what was found ---------------------------------------------------------------------------------------------

    def _looked(self, text: str) -> str:
        for check in self._checks:
            found = _find(check, text)
            if found:
                self._note(check, [one.sort for one in found])
                text = masked(text, found) if check.guardrail.action == "mask" else text
        return text

    def _note(self, check: Check, sorts: list[str]) -> None:
        self._sorts.setdefault(check.guardrail.id, []).extend(sorts)
        if check.guardrail.action == "block":
            self.blocked = self.blocked or check


def _said(block: Text | Thinking | Refusal, text: str) -> Block:
    """The block with another text, without what belongs to the very words: a signature, log probabilities."""
    if text is block.text or isinstance(block, Refusal):
        return replace(block, text=text)
    if isinstance(block, Thinking):
        return replace(block, text=text, signature=None)
    return replace(block, text=text, logprobs=None)


def _find(check: Check, text: str) -> Sequence[Found]:
    assert check.find is not None
    return check.find(text)


def _emptied(block: Block) -> tuple[Block, str]:
    """A block as it begins, and what of its text came with its beginning."""
    if isinstance(block, ToolCall):
        return replace(block, arguments=""), block.arguments
    if isinstance(block, Text | Thinking | Refusal):
        return replace(block, text=""), block.text
    return block, ""
