"""A stream for a client of Gemini's: server-sent events, each a whole GenerateContentResponse.

- A call is one part: its arguments are gathered and told when it ends.
- The last piece of a thought waits for the signature: some clients (`@ai-sdk/google`) lose one on a part without text.
- The last chunk names the reasons to end and the usage. A stream that failed ends with `{"error": …}` and without them.
- The sign of life is a blank line. google-genai (Python) takes a comment line for data and raises (`_api_client.py`); it passes over blank
  lines, as google-genai for JavaScript and every parser of the standard do.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import orjson

from gateway.neutral.blocks import Block, Refusal, Text, Thinking, ToolCall
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
    Stop,
)
from gateway.wire import sse
from gateway.wire.carrying import Carrying
from gateway.wire.codec import Context
from gateway.wire.gemini import answer, errors, logprobs, reasons
from gateway.wire.gemini.fields import DIALECT
from gateway.wire.gemini.parts_answer import note_extras, note_tier, part, proof


class _Open:
    """The block of a choice that is being told. `words` gathers the arguments of a call, or holds the last piece of a thought."""

    def __init__(self, block: Block) -> None:
        self.block = block
        self.words: list[str] = []

    def take(self) -> str:
        """What is held, which is then held no more."""
        text = "".join(self.words)
        self.words.clear()
        return text


class GeminiEncoder:
    """See `wire.codec.StreamEncoder`."""

    def __init__(self, context: Context) -> None:
        self._carrying = Carrying()
        self._head = answer.head(context.model, context.id, context.created)
        self._tail = b"," + orjson.dumps(self._head)[1:] + b"\n\n"
        self._open: dict[int, _Open] = {}
        self._stops: dict[int, Stop | None] = {}
        self._bad: set[int] = set()
        self.losses: list[Loss] = []

    def feed(self, event: Event) -> bytes:
        """Bytes of whole events."""
        if isinstance(event, BlockDelta):
            return self._delta(event)
        if isinstance(event, BlockStart):
            return self._start(event)
        if isinstance(event, BlockEnd):
            return self._end(event)
        if isinstance(event, BlockSignature):
            return self._signature(event)
        if isinstance(event, BlockLogprobs):
            return self._chunk({"text": ""}, event.choice, logprobsResult=logprobs.encode(event.tokens))
        if isinstance(event, BlockExtra):
            return self._extra(event)
        if isinstance(event, ChoiceEnd):
            self._stops[event.choice] = event.stop
        if isinstance(event, Finished):
            return self._finish(event)
        return self._fail(event) if isinstance(event, Failed) else b""

    def ping(self) -> bytes:
        """A blank line."""
        return b"\n\n"

    def _start(self, event: BlockStart) -> bytes:
        block = event.block
        current = self._open[event.choice] = _Open(block)
        if isinstance(block, Text | Thinking | Refusal) and block.extras:
            note_extras(block, self._carrying)
            self.losses[:] = self._carrying.losses
        if isinstance(block, Text):
            words = self._words(block.text, event.choice, thought=False)
            return words + self._logprobs(block, event.choice)
        if isinstance(block, Thinking) and block.signature is None:
            current.words.append(block.text)
            return b""
        if isinstance(block, Refusal):
            self._note_refusal()
            return self._words(block.text, event.choice, thought=False)
        return b"" if isinstance(block, ToolCall) else self._whole(block, event.choice)

    def _delta(self, event: BlockDelta) -> bytes:
        current = self._open[event.choice]
        if isinstance(current.block, ToolCall):
            current.words.append(event.text)
            return b""
        if not isinstance(current.block, Thinking):
            return self._words(event.text, event.choice, thought=False)
        before = current.take()
        current.words.append(event.text)
        return self._words(before, event.choice, thought=True)

    def _signature(self, event: BlockSignature) -> bytes:
        current = self._open[event.choice]
        if isinstance(current.block, ToolCall):
            current.block = replace(current.block, signature=event.signature)
            return b""
        redacted = isinstance(current.block, Thinking) and current.block.redacted
        slot = proof(event.signature, redacted=redacted)
        return self._chunk({"text": current.take(), "thought": True, "thoughtSignature": slot}, event.choice)

    def _end(self, event: BlockEnd) -> bytes:
        current = self._open.pop(event.choice)
        block = current.block
        if not isinstance(block, ToolCall):
            return self._words(current.take(), event.choice, thought=True)
        if current.words:
            block = replace(block, arguments=block.arguments + current.take())
        told = self._whole(block, event.choice)
        if not told:
            self._bad.add(event.choice)
        return told

    def _whole(self, block: Block, choice: int) -> bytes:
        found = part(block, self._carrying)
        self.losses[:] = self._carrying.losses
        return b"" if found is None else self._chunk(found, choice)

    def _words(self, text: str, choice: int, *, thought: bool) -> bytes:
        if not text:
            return b""
        return self._chunk({"text": text, "thought": True} if thought else {"text": text}, choice)

    def _logprobs(self, block: Text, choice: int) -> bytes:
        if not block.logprobs:
            return b""
        return self._chunk({"text": ""}, choice, logprobsResult=logprobs.encode(block.logprobs))

    def _extra(self, event: BlockExtra) -> bytes:
        if event.dialect == DIALECT:
            return self._chunk({"text": ""}, event.choice, **event.data)
        self._carrying.leave_extras({event.dialect: event.data}, DIALECT, whose="provider's")
        self.losses[:] = self._carrying.losses
        return b""

    def _note_refusal(self) -> None:
        self._carrying.approximate("refusal", "a refusal is told as text")
        self.losses[:] = self._carrying.losses

    def _chunk(self, content: dict[str, Any], choice: int, **members: Any) -> bytes:
        """One part of one candidate. Every chunk has a part: SDKs take a content without one for an invalid turn."""
        more = b"," + orjson.dumps(members)[1:-1] if members else b""
        start = b'data: {"candidates":[{"content":{"parts":[' + orjson.dumps(content)
        return start + b'],"role":"model"},"index":%d' % choice + more + b"}]" + self._tail

    def _fail(self, event: Failed) -> bytes:
        """The bad end, behind what was held of a thought."""
        thoughts = [(choice, one) for choice, one in self._open.items() if isinstance(one.block, Thinking)]
        rest = b"".join(self._words(one.take(), choice, thought=True) for choice, one in thoughts)
        status = event.status if 400 <= event.status < 600 else 502
        return rest + sse.encode(None, orjson.dumps(errors.error_object(status, event.message)))

    def _finish(self, event: Finished) -> bytes:
        candidates: list[dict[str, Any]] = [
            {
                "content": {"parts": [{"text": ""}], "role": "model"},
                "finishReason": reasons.encode(stop, bad_calls=choice in self._bad),
                "index": choice,
            }
            for choice, stop in sorted(self._stops.items())
        ]
        self._carrying.leave_extras(event.extras, DIALECT, whose="provider's")
        note_tier(event.service_tier, self._carrying)
        self.losses[:] = self._carrying.losses
        body: dict[str, Any] = {"candidates": candidates, **answer.usage_metadata(event.usage), **self._head}
        for name, value in event.extras.get(DIALECT, {}).items():
            (body if name in answer.WHOLE or not candidates else candidates[0])[name] = value
        return sse.encode(None, orjson.dumps(body))
