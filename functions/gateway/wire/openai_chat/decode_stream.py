"""An upstream's stream in the neutral form: https://platform.openai.com/docs/api-reference/chat-streaming

Theory of operation: every event is one JSON chunk, read as it comes. A choice has at most one open block of thoughts, text or refusal, and beside it
its tool calls, which stay open until the choice ends, since their fragments may interleave (see `stream_calls`). What a chunk says of the end is
kept until `[DONE]`, because servers send text, usage and a second finish behind the first one. Only `[DONE]` is a good end; bad JSON, an error
object, an endless event or an end without it is one `Failed`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import orjson

from gateway.neutral.blocks import Block, Refusal, Text, Thinking
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
from gateway.wire import sse
from gateway.wire.openai_chat import decode_response as whole
from gateway.wire.openai_chat import errors, finish, response, thoughts
from gateway.wire.openai_chat.stream_calls import Calls
from gateway.wire.openai_chat.thoughts import DIALECT

_BAD: Final = "upstream_bad_answer"
_CUT: Final = "upstream_cut"
_EMPTY: Final[Mapping[type[Block], Block]] = {Text: Text(""), Thinking: Thinking(""), Refusal: Refusal("")}


class _Choice:
    """One choice while it streams."""

    def __init__(self, number: int, seed: str) -> None:
        self.number = number
        self.kind: type[Block] | None = None
        self.index = -1
        self.blocks = 0
        self.calls = Calls(self, seed)
        self.last: Mapping[str, Any] | None = None
        self.said = False
        self.refused = False
        self.thought: Any = None
        self.plain: list[str] = []

    def start(self, block: Block, out: list[Event]) -> int:
        """Open a block; its number."""
        number = self.blocks
        self.blocks += 1
        out.append(BlockStart(number, block, self.number))
        return number

    def switch(self, kind: type[Block], out: list[Event]) -> int:
        """The open block of that kind, opened when there is none."""
        if self.kind is not kind:
            self.shut(out)
            self.kind, self.index = kind, self.start(_EMPTY[kind], out)
            self.plain = []
        return self.index

    def shut(self, out: list[Event]) -> None:
        """End the open block of thoughts, text or refusal."""
        if self.kind is not None:
            out.append(BlockEnd(self.index, self.number))
            self.kind = None

    def say(self, kind: type[Block], text: str, out: list[Event]) -> None:
        """More of a text of that kind."""
        index = self.index if self.kind is kind else self.switch(kind, out)
        out.append(BlockDelta(index, text, self.number))


class ChatDecoder:
    """Reads one stream. `seed` makes ids of calls where the upstream gave none."""

    may_end = False

    def __init__(self, seed: str) -> None:
        self._seed = seed
        self._held = bytearray()
        self._over = False
        self._started = False
        self._choices: dict[int, _Choice] = {}
        self._usage: Mapping[str, Any] | None = None
        self._tier: str | None = None

    def feed(self, chunk: bytes) -> list[Event]:
        """Events of the chunks that are whole with these bytes."""
        out: list[Event] = []
        if self._over:
            return out
        for event in sse.split(sse.gather(self._held, chunk)):
            if self._event(event, out):
                return out
        if len(self._held) > sse.LONGEST:
            self._fail(out, "The provider sends an event that does not end.", _BAD)
        return out

    def close(self) -> list[Event]:
        """The end of the bytes: a last event without its blank line counts when it is the terminal one or an error."""
        out: list[Event] = []
        if self._over:
            return out
        rest, self._held = bytes(self._held), bytearray()
        data = sse.fields(rest)[1]
        last = data.rstrip() == b"[DONE]" or b'"error"' in data
        if not (last and self._event(rest, out)):
            self._fail(out, "The provider's stream broke off before its end.", _CUT)
        return out

    def _event(self, event: bytes, out: list[Event]) -> bool:
        """Read one event; whether the stream is over with it."""
        plain = event.startswith(b"data: ") and event.find(b"\n") == len(event) - 2
        data = event[6:-2] if plain else sse.fields(event)[1]
        if data:
            self._data(data, out)
        return self._over

    def _data(self, data: bytes, out: list[Event]) -> None:
        if data.startswith(b"[DONE]"):
            self._done(out)
            return
        try:
            chunk = orjson.loads(data)
        except orjson.JSONDecodeError:
            self._fail(out, "The provider's stream holds an event that is not JSON.", _BAD)
            return
        if not isinstance(chunk, dict):
            self._fail(out, "The provider's stream holds an event that is no object.", _BAD)
        elif chunk.get("error"):
            self._fail_by(errors.in_stream(chunk), out)
        else:
            self._read(chunk, out)

    def _read(self, chunk: dict[str, Any], out: list[Event]) -> None:
        """One chunk; what is nested so deep that it cannot be written again (orjson: 254 levels) is no answer."""
        try:
            self._chunk(chunk, out)
        except orjson.JSONEncodeError:
            self._fail(out, "The provider's stream holds an event that is nested too deep.", _BAD)

    def _chunk(self, chunk: dict[str, Any], out: list[Event]) -> None:
        if chunk.get("usage"):
            self._usage = chunk
        choices = chunk.get("choices")
        if not isinstance(choices, list) or not choices:
            return
        if not self._started:
            self._start(chunk, out)
        for choice in choices:
            if not isinstance(choice, dict):
                self._fail(out, "The provider's stream holds a choice that is no object.", _BAD)
                return
            if self._choice(choice, out):
                return

    def _start(self, chunk: dict[str, Any], out: list[Event]) -> None:
        self._started = True
        self._tier = whole.text_of(chunk.get("service_tier"))
        name, model = whole.text_of(chunk.get("id")), whole.text_of(chunk.get("model"))
        out.append(Started(name, model, whole.created_of(chunk), service_tier=self._tier))

    def _choice(self, choice: dict[str, Any], out: list[Event]) -> bool:
        """Read one choice of a chunk; whether the stream is over with it."""
        number = choice.get("index")
        if not isinstance(number, int):
            number = 0
        state = self._choices.get(number)
        if state is None:
            state = self._choices[number] = _Choice(number, f"{self._seed}_{number}")
        delta = choice.get("delta")
        if isinstance(delta, dict) and delta:
            self._delta(state, delta, out)
        if choice.get("logprobs") and (tokens := whole.logprobs_of(choice)):
            out.append(BlockLogprobs(state.switch(Text, out), tokens, number))
        if choice.get("finish_reason"):
            state.last = choice
            state.shut(out)
        return self._over

    def _delta(self, state: _Choice, delta: dict[str, Any], out: list[Event]) -> None:
        if "reasoning_details" in delta and isinstance(delta["reasoning_details"], list) and delta["reasoning_details"]:
            self._details(state, delta["reasoning_details"], out)
        elif (thought := delta.get("reasoning_content") or delta.get("reasoning")) and isinstance(thought, str):
            state.say(Thinking, thought, out)
            state.plain.append(thought)
        if content := delta.get("content"):
            if isinstance(content, str):
                state.said = True
                state.say(Text, content, out)
            else:
                self._list(state, content, out)
        if (refusal := delta.get("refusal")) and isinstance(refusal, str):
            state.refused = True
            state.say(Refusal, refusal, out)
        if calls := delta.get("tool_calls"):
            state.shut(out)
            problem = state.calls.feed(calls, out)
            if problem is not None:
                self._fail(out, problem, _BAD)
        elif legacy := delta.get("function_call"):
            state.shut(out)
            state.calls.feed([{"index": 0, "function": legacy}], out)
        if delta.get("annotations") or delta.get("images"):
            self._rare(state, delta, out)

    def _list(self, state: _Choice, content: Any, out: list[Event]) -> None:
        """Mistral's chunks in place of a string."""
        for block in whole.content(content):
            if isinstance(block, Text | Thinking):
                if block.text:
                    state.said = state.said or isinstance(block, Text)
                    state.say(type(block), block.text, out)
            else:
                self._complete(state, block, out)

    def _complete(self, state: _Choice, block: Block, out: list[Event]) -> None:
        state.shut(out)
        out.append(BlockEnd(state.start(block, out), state.number))

    def _details(self, state: _Choice, entries: list[Any], out: list[Event]) -> None:
        """OpenRouter's thoughts: fragments of one entry share its `index`; the signature comes with the last one."""
        for entry in entries:
            if not isinstance(entry, dict):
                continue
            block = thoughts.one(entry)
            if block is None:
                continue
            if block.redacted:
                self._complete(state, block, out)
                continue
            if state.kind is Thinking and not state.plain and entry.get("index") != state.thought:
                state.shut(out)
            state.thought = entry.get("index")
            index = state.switch(Thinking, out)
            # A server that has no other place for a signature says the whole thought again beside it.
            if block.text and not _ends_with(state.plain, block.text):
                out.append(BlockDelta(index, block.text, state.number))
            if block.signature is not None:
                out.append(BlockSignature(index, block.signature, state.number))
                state.shut(out)

    def _rare(self, state: _Choice, delta: dict[str, Any], out: list[Event]) -> None:
        notes = delta.get("annotations")
        if isinstance(notes, list) and notes:
            out.append(BlockExtra(state.switch(Text, out), DIALECT, {"annotations": notes}, state.number))
        for picture in whole.images(delta):
            self._complete(state, picture, out)

    def _done(self, out: list[Event]) -> None:
        if not self._choices:
            self._fail(out, "The provider's stream ended without an answer.", _BAD)
            return
        states = [self._choices[number] for number in sorted(self._choices)]
        if any(state.calls.nameless for state in states):
            self._fail(out, "A tool call of the provider's stream names no tool.", _BAD)
            return
        for state in states:
            state.shut(out)
            state.calls.end(out)
            refused = state.refused and not state.said
            stop = finish.read(state.last or {}, called=state.calls.any, refused=refused)
            out.append(ChoiceEnd(stop, state.number))
        self._over = True
        usage = response.usage(self._usage) if self._usage is not None else None
        out.append(Finished(usage, self._tier))

    def _fail(self, out: list[Event], message: str, code: str) -> None:
        self._fail_by(Failed(message, code=code), out)

    def _fail_by(self, failed: Failed, out: list[Event]) -> None:
        self._over = True
        self._held.clear()
        usage = response.usage(self._usage) if self._usage is not None else None
        out.append(Failed(failed.message, failed.status, failed.code, failed.param, usage))


def _ends_with(pieces: list[str], text: str) -> bool:
    """Whether the pieces, joined, end with the text. Looks at no more of them than that takes: this happens for every event."""
    first, length = len(pieces), 0
    while first and length < len(text):
        first -= 1
        length += len(pieces[first])
    return length >= len(text) and "".join(pieces[first:]).endswith(text)
