"""A stream for a client of Chat Completions: https://platform.openai.com/docs/api-reference/chat-streaming

Theory of operation: every chunk is `data: {…}`, with the same id, created and model. A choice's first delta has the role; a tool call's first one has
its id and name, all have its index among the calls of the choice. When the client asked for usage, every chunk has `usage: null` and one more with
`choices: []` comes before `[DONE]`. An error is a chunk with `error`, and no `[DONE]` follows. Text runs through bytes joined around one JSON
string, since this happens for every token.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

import orjson

from gateway.neutral.blocks import Block, Media, Opaque, Refusal, Text, Thinking, ToolCall
from gateway.neutral.losses import Loss
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
from gateway.wire.arguments import custom_input
from gateway.wire.codec import Context
from gateway.wire.openai_chat import encode_response as whole
from gateway.wire.openai_chat import errors, finish, thoughts
from gateway.wire.openai_chat.thoughts import DIALECT

_DONE: Final = b"data: [DONE]\n\n"
_PING: Final = b": ping\n\n"
_ROLE: Final = b'{"role":"assistant","content":"","refusal":null}'
_ROLE_BEFORE_CALLS: Final = b'{"role":"assistant","content":null,"refusal":null}'
_DELTAS: Final[dict[type[Block], bytes]] = {
    Text: b'{"content":',
    Thinking: b'{"reasoning_content":',
    Refusal: b'{"refusal":',
}


@dataclass(slots=True)
class _Open:
    """The open block of a choice, and what of it must be known whole before it can be written."""

    block: Block
    call: int = -1
    argued: bool = False
    held: list[str] | None = None
    text: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _State:
    """What one choice has seen."""

    open: _Open | None = None
    head: bytes = b""
    calls: int = 0
    thoughts: int = 0
    refused: bool = False


class ChatEncoder:
    """Writes chunks; `losses` grows when an event has no form here."""

    def __init__(self, context: Context) -> None:
        self.losses: list[Loss] = []
        names = {
            "id": whole.answer_id(context),
            "object": "chat.completion.chunk",
            "created": context.created,
            "model": context.model,
        }
        self._common = orjson.dumps(names)[:-1]
        self._tier = b""
        self._wants_usage = context.request.stream_usage is True
        self._legacy = whole.legacy(context.request)
        self._custom = whole.custom_names(context.request)
        self._choices: dict[int, _State] = {}
        self._after = b',"logprobs":null,"finish_reason":null}]' + self._end()

    def _end(self) -> bytes:
        return b',"usage":null}\n\n' if self._wants_usage else b"}\n\n"

    def ping(self) -> bytes:
        """A comment, which parsers of the protocol skip."""
        return _PING

    def feed(self, event: Event) -> bytes:
        """Chunks for one event."""
        if isinstance(event, BlockDelta):
            return self._delta(self._state(event.choice), event.text)
        if isinstance(event, BlockStart):
            return self._start(event.choice, event.block)
        if isinstance(event, BlockEnd):
            return self._close(self._state(event.choice))
        if isinstance(event, Started):
            if event.service_tier in whole.TIERS:
                self._tier = b',"service_tier":' + orjson.dumps(event.service_tier)
            return b""
        if isinstance(event, ChoiceEnd):
            return self._choice_end(event)
        if isinstance(event, Finished):
            return self._finished(event)
        if isinstance(event, Failed):
            return b"data: " + errors.encode(event) + b"\n\n"
        return self._rare(event)

    def _state(self, choice: int) -> _State:
        state = self._choices.get(choice)
        if state is None:
            state = self._choices[choice] = _State()
            index = b',"choices":[{"index":' + str(choice).encode() + b',"delta":'
            state.head = b"data: " + self._common + self._tier + index
        return state

    def _chunk(self, state: _State, delta: bytes) -> bytes:
        return state.head + delta + self._after

    def _start(self, choice: int, block: Block) -> bytes:
        first = choice not in self._choices
        state = self._state(choice)
        state.open = _Open(block)
        out = b""
        if first:
            out = self._chunk(state, _ROLE_BEFORE_CALLS if isinstance(block, ToolCall) else _ROLE)
        self._leave(block)
        if isinstance(block, ToolCall):
            return out + self._call_start(state, state.open, block)
        if isinstance(block, Refusal):
            state.refused = True
        if isinstance(block, Media | Opaque):
            return out + self._media(state, block)
        if isinstance(block, Thinking) and block.redacted:
            return out
        if isinstance(block, Text | Thinking | Refusal) and block.text:
            out += self._delta(state, block.text)
        if isinstance(block, Text) and block.logprobs:
            out += self._logprobs(state, block.logprobs)
        return out

    def _leave(self, block: Block) -> None:
        if isinstance(block, Opaque) or not block.extras:
            return
        for owner, members in block.extras.items():
            if owner != DIALECT:
                for name in members:
                    self._lose(name, "known to the provider's dialect alone")

    def _lose(self, name: str, reason: str) -> None:
        loss = Loss(name, "dropped", reason)
        if loss not in self.losses:
            self.losses.append(loss)

    def _call_start(self, state: _State, opened: _Open, call: ToolCall) -> bytes:
        opened.call, state.calls = state.calls, state.calls + 1
        if self._legacy:
            if opened.call:
                self._lose("tool_calls", "the deprecated function_call holds one call")
                opened.held = []
                return b""
            held = {"function_call": {"name": call.name, "arguments": call.arguments}}
            return self._chunk(state, orjson.dumps(held))
        if call.name in self._custom and not call.custom:
            opened.held = [call.arguments]
            return b""
        entry: dict[str, Any] = {"index": opened.call, "id": call.id}
        if call.custom:
            entry |= {"type": "custom", "custom": {"name": call.name, "input": call.arguments}}
        else:
            entry |= {"type": "function", "function": {"name": call.name, "arguments": call.arguments}}
        if call.signature is not None:
            entry |= whole.extra_content(call.signature)
        return self._chunk(state, orjson.dumps({"tool_calls": [entry]}))

    def _delta(self, state: _State, text: str) -> bytes:
        opened = state.open
        if opened is None:
            return b""
        block = opened.block
        if isinstance(block, ToolCall):
            return self._arguments(state, opened, block, text)
        if isinstance(block, Thinking):
            opened.text.append(text)
            if block.redacted:
                return b""
        prefix = _DELTAS.get(type(block))
        return b"" if prefix is None else state.head + prefix + orjson.dumps(text) + b"}" + self._after

    def _arguments(self, state: _State, opened: _Open, call: ToolCall, text: str) -> bytes:
        if opened.held is not None:
            opened.held.append(text)
            return b""
        opened.argued = opened.argued or bool(text)
        if self._legacy:
            return self._chunk(state, b'{"function_call":{"arguments":' + orjson.dumps(text) + b"}}")
        kind = b'"custom":{"input":' if call.custom else b'"function":{"arguments":'
        head = b'{"tool_calls":[{"index":' + str(opened.call).encode() + b"," + kind
        return self._chunk(state, head + orjson.dumps(text) + b"}}]}")

    def _close(self, state: _State) -> bytes:
        opened, state.open = state.open, None
        if opened is None:
            return b""
        block = opened.block
        if isinstance(block, Thinking):
            return self._thought_end(state, opened, block)
        if isinstance(block, ToolCall) and opened.held is not None:
            return b"" if self._legacy else self._custom_call(state, opened, block)
        if isinstance(block, ToolCall) and not (opened.argued or block.arguments or block.custom):
            return self._arguments(
                state, opened, block, "{}"
            )  # clients parse the arguments, also of a call without any
        return b""

    def _thought_end(self, state: _State, opened: _Open, block: Thinking) -> bytes:
        """The whole thought once more, with its signature: what a client must hand back."""
        number, state.thoughts = state.thoughts, state.thoughts + 1
        said = Thinking("".join(opened.text), block.signature, block.redacted)
        entry = thoughts.detail(said, number)
        return b"" if entry is None else self._chunk(state, orjson.dumps({"reasoning_details": [entry]}))

    def _custom_call(self, state: _State, opened: _Open, call: ToolCall) -> bytes:
        """A call of a free-text tool that the upstream knew as a function: its text, or the arguments as they are."""
        arguments = "".join(opened.held or ())
        text = custom_input(arguments)
        entry: dict[str, Any] = {"index": opened.call, "id": call.id}
        if text is not None:
            entry |= {"type": "custom", "custom": {"name": call.name, "input": text}}
        else:
            entry |= {"type": "function", "function": {"name": call.name, "arguments": arguments}}
        if call.signature is not None:
            entry |= whole.extra_content(call.signature)
        return self._chunk(state, orjson.dumps({"tool_calls": [entry]}))

    def _media(self, state: _State, block: Media | Opaque) -> bytes:
        if isinstance(block, Opaque):
            self._lose("content", f"blocks of the type {block.type} have no form in Chat Completions")
            return b""
        held = whole.picture(block)
        if held is None:
            self._lose("content", f"an answer's {block.kind} has no form in Chat Completions")
            return b""
        loss = Loss("content", "approximated", "pictures stand in `images`, as OpenRouter has it")
        if loss not in self.losses:
            self.losses.append(loss)
        return self._chunk(state, orjson.dumps({"images": [held]}))

    def _rare(self, event: BlockSignature | BlockLogprobs | BlockExtra) -> bytes:
        state = self._state(event.choice)
        opened = state.open
        if opened is None:
            return b""
        if isinstance(event, BlockLogprobs):
            return self._logprobs(state, event.tokens)
        if isinstance(event, BlockExtra):
            if event.dialect == DIALECT:
                return self._chunk(state, orjson.dumps(event.data))
            for name in event.data:
                self._lose(name, "known to the provider's dialect alone")
            return b""
        block = opened.block
        if isinstance(block, Thinking):
            opened.block = Thinking(block.text, event.signature, block.redacted)
        elif isinstance(block, ToolCall) and not self._legacy:
            if opened.held is not None:
                opened.block = ToolCall(block.id, block.name, "", signature=event.signature)
                return b""
            entry = {"index": opened.call, **whole.extra_content(event.signature)}
            return self._chunk(state, orjson.dumps({"tool_calls": [entry]}))
        return b""

    def _logprobs(self, state: _State, tokens: Any) -> bytes:
        held = {"content": [whole.token_logprob(token) for token in tokens], "refusal": None}
        return state.head + b'{},"logprobs":' + orjson.dumps(held) + b',"finish_reason":null}]' + self._end()

    def _choice_end(self, event: ChoiceEnd) -> bytes:
        first = event.choice not in self._choices
        state = self._state(event.choice)
        out = self._chunk(state, _ROLE) if first else b""
        word = finish.written(event.stop, called=state.calls > 0, refused=state.refused, legacy=self._legacy)
        return out + state.head + b'{},"logprobs":null,"finish_reason":"' + word.encode() + b'"}]' + self._end()

    def _finished(self, event: Finished) -> bytes:
        for owner, members in event.extras.items():
            if owner != DIALECT:
                for name in members:
                    self._lose(name, "known to the provider's dialect alone")
        if not self._wants_usage or event.usage is None:
            return _DONE
        counts = orjson.dumps(whole.usage(event.usage))
        return b"data: " + self._common + self._tier + b',"choices":[],"usage":' + counts + b"}\n\n" + _DONE
