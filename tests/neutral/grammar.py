"""The grammar of `gateway.neutral.response`, checked by other means than those that keep it."""

from __future__ import annotations

from collections.abc import Sequence

from gateway.neutral.blocks import Thinking, ToolCall
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

TAKES = {
    BlockDelta: ("Text", "Thinking", "Refusal", "ToolCall"),
    BlockSignature: ("Thinking", "ToolCall"),
    BlockLogprobs: ("Text",),
    BlockExtra: ("Text", "Thinking", "Refusal", "ToolCall", "Media", "ToolResult"),
}


def complaint(events: Sequence[Event], *, whole: bool = True) -> str | None:
    """What is wrong with this stream; None = nothing. `whole`: it must have come to its end."""
    if whole and (not events or not isinstance(events[-1], Finished | Failed)):
        return "no terminal event"
    if [event for event in events[:-1] if isinstance(event, Finished | Failed)]:
        return "something follows the terminal event"
    if events and not isinstance(events[0], Started | Failed):
        return "does not begin with Started"
    if any(isinstance(event, Started) for event in events[1:]):
        return "two Started"
    body = [event for event in events if not isinstance(event, Started | Finished | Failed)]
    ends = [event for event in body if isinstance(event, ChoiceEnd)]
    blocks = body[: len(body) - len(ends)]
    if any(isinstance(event, ChoiceEnd) for event in blocks):
        return "a block behind an end of a choice"
    good = bool(events) and isinstance(events[-1], Finished)
    if good and not ends:
        return "no end of a choice"
    ended = [end.choice for end in ends]
    if len(set(ended)) != len(ended):
        return "a choice ended twice"
    choices = {event.choice for event in blocks}
    if ends and good and not choices <= set(ended):
        return "a choice without an end"
    for choice in choices:
        found = _choice([event for event in blocks if event.choice == choice], closed=bool(ends) or good)
        if found:
            return found
    names = [event.block.id for event in blocks if isinstance(event, BlockStart) and isinstance(event.block, ToolCall)]
    return "two calls of one id" if len(set(names)) != len(names) else None


def _choice(events: Sequence[Event], *, closed: bool) -> str | None:
    """The blocks of one choice, one after the other."""
    number, block, signed = -1, None, False
    for event in events:
        if isinstance(event, BlockStart):
            if block is not None or event.index != number + 1:
                return f"block {event.index} starts behind {number}"
            number, block = event.index, event.block
            signed = isinstance(block, Thinking | ToolCall) and block.signature is not None
        elif block is None or event.index != number:  # type: ignore[union-attr]
            return f"{event} is for no open block"
        elif isinstance(event, BlockEnd):
            block = None
        else:
            if type(block).__name__ not in TAKES[type(event)]:  # type: ignore[index]
                return f"{event} is not for {block}"
            if isinstance(event, BlockSignature):
                if signed:
                    return "two signatures"
                signed = True
    return "a block is left open" if closed and block is not None else None


def texts(events: Sequence[Event]) -> list[tuple[int, int, str]]:
    """Choice, number and joined text of every block, in the order in which they start."""
    found: dict[tuple[int, int], list[str]] = {}
    for event in events:
        if isinstance(event, BlockStart):
            start = (
                event.block.arguments
                if isinstance(event.block, ToolCall)
                else (getattr(event.block, "text", None) or "")
            )
            found[event.choice, event.index] = [start]
        elif isinstance(event, BlockDelta):
            found[event.choice, event.index].append(event.text)
    return [(choice, index, "".join(pieces)) for (choice, index), pieces in found.items()]
