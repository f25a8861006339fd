"""An answer under guardrails: whole, or while it streams.

Theory of operation, for a stream: the text of a block is held back until `HOLD_BACK` characters more have come, or the block ends, so that a
match that lies across pieces is seen before any of it is told. What is told was looked at together with what came behind it. A match of a
`mask` is replaced in what is still held; one of a `block` ends the answer where it stands: nothing held is told, the choice ends with
`content_filter`. A match longer than what is held back may have begun in what was told already: then only its rest is masked, and a block
comes late. Thoughts and refusals are looked at like text. Arguments of tools are held to their end, which nobody acts on before, and looked at as the
JSON that they are: text by text, whatever is escaped in it, and a masked number becomes a text. What belongs to the very words goes with them when
they are masked: a signature, log probabilities. Notes beside the words (citations, results of the provider's own tools) are looked at whole.

What an upstream sends behind a block of ours is read for its usage and told to nobody.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any, Final

from gateway.guardrails.checks import Check
from gateway.guardrails.finding import Found, masked
from gateway.guardrails.texts import arguments, walked
from gateway.neutral.blocks import Block, Opaque, Refusal, Text, Thinking, ToolCall
from gateway.neutral.guardrails import HOLD_BACK, Verdict
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
    Stop,
)

_STOP: Final = Stop("content_filter")
# How many times the usual length may be held back for a match that goes on and on.
_LONGEST_HELD: Final = 8
_STEP: Final = 4
Place = tuple[int, int]


class Watched:
    """The output checks of one answer. `verdicts` grows as things are found; `blocked` is the check that ended it."""

    def __init__(self, checks: Sequence[Check], hold_back: int = HOLD_BACK) -> None:
        self._checks = [one for one in checks if "output" in one.guardrail.stages and one.find is not None]
        self._hold_back = hold_back
        self._sorts: dict[str, list[str]] = {}
        self._held: dict[Place, str] = {}
        self._open: dict[int, list[int]] = {}
        self._calls: set[Place] = set()
        self._late: dict[Place, list[Event]] = {}
        self._masked: set[Place] = set()
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
            return _called(block, self.arguments(block.arguments))
        if isinstance(block, Text | Thinking | Refusal):
            return self._beside(_said(block, self.text(block.text)))
        return self._beside(block)

    def _beside(self, block: Block) -> Block:
        """The block with what is no text of the answer looked at: notes in it, or all of one that only its dialect knows."""
        if isinstance(block, Opaque):
            data = self.data(block.data)
            return block if data is block.data else replace(block, data=data)
        if not block.extras:
            return block
        extras = self.data(block.extras)
        return block if extras is block.extras else replace(block, extras=extras)

    def text(self, text: str) -> str:
        """A text of the answer as the client may have it; look at `blocked` afterwards."""
        for check in self._checks:
            found = _find(check, text)
            if found:
                self._note(check, [one.sort for one in found])
                text = masked(text, found) if check.guardrail.action == "mask" else text
        return text

    def data(self, data: Any, *, free: bool = False) -> Any:
        """The same of JSON; `free` as in `texts.walked`."""
        return walked(data, lambda text, _side: self.text(text), free=free)

    def arguments(self, written: str) -> str:
        """The same of a tool's arguments."""
        return arguments(written, "assistant", lambda text, _side: self.text(text))

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
            elif isinstance(event, BlockSignature | BlockExtra):
                self._late.setdefault((event.choice, event.index), []).append(event)
            elif isinstance(event, Failed):
                told += [*self._rest(), event]
            else:
                told.append(event)
        return told

    def _start(self, event: BlockStart) -> list[Event]:
        self._open.setdefault(event.choice, []).append(event.index)
        block, text = _emptied(event.block)
        if isinstance(block, ToolCall):
            self._calls.add((event.choice, event.index))
        looked = self._beside(block)
        if self.blocked is not None:
            self._open[event.choice].remove(event.index)
            return self._block_here()
        begun: list[Event] = [replace(event, block=looked)]
        return begun + self._delta(BlockDelta(event.index, text, event.choice)) if text else begun

    def _delta(self, event: BlockDelta) -> list[Event]:
        place = event.choice, event.index
        held = self._held.get(place, "") + event.text
        # Not at every token: a look at the window costs as much for one more as for many.
        if len(held) <= self._hold_back + self._hold_back // _STEP or place in self._calls:
            self._held[place] = held
            return []
        return self._tell(place, held, len(held) - self._hold_back)

    def _end(self, event: BlockEnd) -> list[Event]:
        place = event.choice, event.index
        told = self._last(place, self._held.pop(place, ""))
        late = [] if self.blocked is not None else self._told_late(place)
        if self.blocked is not None:
            return [*told, *self._block_here()]
        self._open[event.choice].remove(event.index)
        return [*told, *late, event]

    def _last(self, place: Place, held: str) -> list[Event]:
        """The rest of a block."""
        if not held:
            return []
        if place not in self._calls:
            return self._tell(place, held, len(held))
        looked = self.arguments(held)
        if looked != held:
            self._masked.add(place)
        return [] if self.blocked is not None else [BlockDelta(place[1], looked, place[0])]

    def _told_late(self, place: Place) -> list[Event]:
        """What came beside the words of a block: behind them, and not what belongs to words that are masked."""
        told: list[Event] = []
        for event in self._late.pop(place, []):
            if isinstance(event, BlockExtra):
                told.append(replace(event, data=self.data(event.data)))
            elif place not in self._masked:
                told.append(event)
        return told

    def _rest(self) -> list[Event]:
        """All that is held, of an answer that ends in the middle. Half a tool's arguments are nobody's use."""
        told: list[Event] = []
        for place in [one for one in self._held if one not in self._calls]:
            told += self._last(place, self._held.pop(place, ""))
        return told

    def _tell(self, place: Place, held: str, free: int) -> list[Event]:
        """Look at all that is held; tell what is free of it. A match that reaches into what stays may grow: it stays whole, within bounds."""
        last = free == len(held)
        found = [(check, _find(check, held)) for check in self._checks]
        for check, matches in found:
            if matches and check.guardrail.action == "block":
                self._note(check, [one.sort for one in matches])
                return [] if last else self._block_here()
        if not last and len(held) < _LONGEST_HELD * self._hold_back:
            cut = [one for _, matches in found for one in matches]
            while starts := [one.start for one in cut if one.start < free < one.end]:
                free = min(starts)
        text, held = self._parted(place, held, free)
        if held:
            self._held[place] = held
        return [BlockDelta(place[1], text, place[0])] if text else []

    def _parted(self, place: Place, held: str, free: int) -> tuple[str, str]:
        """What may be told of `held`, and what stays. Judged with what comes behind it in sight; of a match that is cut, its beginning counts."""
        for check in self._checks:
            found = [replace(one, end=min(one.end, free)) for one in _find(check, held) if one.start < free]
            if not found:
                continue
            self._note(check, [one.sort for one in found])
            if check.guardrail.action == "mask":
                self._masked.add(place)
                told = masked(held[:free], found)
                held, free = told + held[free:], len(told)
        return held[:free], held[free:]

    def _block_here(self) -> list[Event]:
        """The end of the answer as it stands."""
        ends: list[Event] = []
        for choice in sorted(self._open) or [0]:
            ends += [BlockEnd(index, choice) for index in self._open.get(choice, [])]
            ends.append(ChoiceEnd(_STOP, choice))
        self._held.clear()
        self._late.clear()
        return ends

    def _behind(self, event: Event) -> list[Event]:
        """Only the end counts, for its usage."""
        if isinstance(event, Finished):
            return [replace(event, extras={})]
        return [event] if isinstance(event, Failed) else []

    # -- what was found ---------------------------------------------------------------------------------------------

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


def _called(block: ToolCall, arguments: str) -> ToolCall:
    return block if arguments is block.arguments else replace(block, arguments=arguments, signature=None)


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
