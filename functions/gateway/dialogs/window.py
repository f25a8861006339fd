"""The newest messages of a dialog that fit the model, oldest first, and never half a turn.

A *turn* is a question and everything until the next one: a call of a tool and its result are never apart. Turns without an answer are left out: a
question that failed was asked again in other words, or is being answered just now beside this one. The system prompt and the current question are
always kept; when they alone do not fit, the request is refused.

Tokens are the quick *estimate* of `gateway.catalog.tokens`, within a fifth of the truth, because an exact count would load a tokenizer before the
call, and most vendors' are not public. So a sixth of what the model takes stays free of history.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from gateway.catalog.tokens import quick_estimate
from gateway.errors import InvalidRequest
from gateway.neutral.dialogs import Message

UNKNOWN_WINDOW: Final = 8192
"""Tokens of a model whose context window nobody knows."""
USUAL_OUTPUT: Final = 4096
_DIALECT: Final = "openai_chat"
_LOOKS: Final = 4
"""So many windows' worth of messages are looked at: what is left out for want of an answer must not be read without end."""


@dataclass(frozen=True, slots=True)
class Sizes:
    """A model's limits in tokens, None = not known. `output` is the most it writes."""

    window: int | None = None
    output: int | None = None

    def smaller(self, other: Sizes) -> Sizes:
        """What holds for both."""
        windows = [one for one in (self.window, other.window) if one is not None]
        outputs = [one for one in (self.output, other.output) if one is not None]
        return Sizes(min(windows, default=None), min(outputs, default=None))


@dataclass(frozen=True, slots=True)
class Limits:
    """What a request may hold: `input` tokens, and `max_tokens` of output as it is asked for (None = nothing is asked)."""

    input: int
    max_tokens: int | None


def limits(sizes: Sizes, max_tokens: int | None) -> Limits:
    """The window less what is kept for the answer; InvalidRequest for more output than the window holds. More than the model writes is not asked."""
    window = sizes.window or UNKNOWN_WINDOW
    if max_tokens is not None and max_tokens > window:
        raise InvalidRequest(
            f"The field 'agent_config.max_tokens' is larger than the context window of the model, {window} tokens.",
            param="agent_config.max_tokens",
        )
    if max_tokens is None:
        return Limits(window - min(sizes.output or USUAL_OUTPUT, USUAL_OUTPUT, window // 4), None)
    asked = min(max_tokens, sizes.output or max_tokens)
    return Limits(max(1, window - asked), asked)


def tokens(message: Mapping[str, Any]) -> int:
    """Of a message in Chat Completions' shape, by estimate."""
    return quick_estimate(_DIALECT, {"messages": [message]})


def chat(message: Message) -> dict[str, Any]:
    """A message in Chat Completions' shape."""
    found: dict[str, Any] = {"role": message.role, "content": message.content}
    if message.tool_calls:
        found |= {"content": message.content or None, "tool_calls": [dict(call) for call in message.tool_calls]}
    return found if message.tool_call_id is None else found | {"tool_call_id": message.tool_call_id}


def room(most: Limits, fixed: Sequence[Mapping[str, Any]]) -> int:
    """Tokens of history beside what is always kept; InvalidRequest when that alone does not fit."""
    needed = sum(map(tokens, fixed))
    if needed > most.input:
        raise InvalidRequest(
            f"The message is too long for the model: with the system prompt it has about {needed} tokens, and there is room for {most.input}.",
            param="content",
        )
    return most.input * 5 // 6 - needed


class Window:
    """Takes messages newest first, as long as it is `open`."""

    def __init__(self, room: int, count: Callable[[Mapping[str, Any]], int] = tokens) -> None:
        self._left = room
        self._looks = _LOOKS * room
        self._count = count
        self._turn: list[Message] = []
        self._size = 0
        self._kept: list[list[Message]] = []
        self.open = room > 0

    def take(self, message: Message) -> bool:
        """One more, older than all before. Whether there may be room for more."""
        self._turn.append(message)
        size = self._count(chat(message))
        self._size += size
        self._looks -= size
        if self._size > self._left or self._looks < 0:
            self.open = False
        elif message.role == "user":
            self._close()
        return self.open

    def history(self) -> list[dict[str, Any]]:
        """What fits, oldest first. What came before the first question of a dialog is a turn as well, if all of it was taken."""
        if self.open and self._turn:
            self._close()
        return [chat(message) for turn in reversed(self._kept) for message in turn]

    def _close(self) -> None:
        turn = whole(list(reversed(self._turn)))
        if turn:
            self._kept.append(turn)
            self._left -= sum(self._count(chat(message)) for message in turn)
        self._turn, self._size = [], 0


def whole(turn: Sequence[Message]) -> list[Message]:
    """A turn that a provider takes: without calls that have no result, results that have no call, and nothing at all without an answer."""
    results = {message.tool_call_id for message in turn if message.role == "tool"}
    kept: list[Message] = []
    calls: set[Any] = set()
    for message in turn:
        ids = {call.get("id") for call in message.tool_calls}
        if message.role == "tool":
            if message.tool_call_id in calls:
                kept.append(message)
        elif ids <= results:
            calls |= ids
            kept.append(message)
        elif message.content:
            kept.append(replace(message, tool_calls=()))
    told = any(message.role == "assistant" and (message.content or message.tool_calls) for message in kept)
    system = [message for message in kept if message.role == "system"]
    return [one for one in kept if one.content or one.tool_calls or one.role == "tool"] if told else system
