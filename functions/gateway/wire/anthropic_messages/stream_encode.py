"""Neutral events into a client's stream. https://platform.claude.com/docs/en/api/messages-streaming

Theory of operation: blocks are numbered as they are written, because one neutral block may become two (a signed call) or none. Every block that the
vendor fills by deltas gets at least one; a signature comes last. `message_start` tells the input tokens as far as they are known or guessed, and
`message_delta` corrects them. A thought without words (a signature alone) waits for the block behind it and goes when none comes: clients
take an answer's last block for its result, and the vendor refuses messages that end in a thought.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

import orjson

from gateway.neutral.blocks import Block, Refusal, Signature, Text, Thinking, ToolCall
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
    Stop,
)
from gateway.wire import signatures, sse
from gateway.wire.anthropic_messages import answer_encode, errors
from gateway.wire.anthropic_messages.members import DIALECT, own
from gateway.wire.carrying import Carrying
from gateway.wire.codec import Context

_PING: Final = sse.encode("ping", b'{"type": "ping"}')
_STOP: Final = sse.encode("message_stop", b'{"type":"message_stop"}')
_DELTAS: Final = {
    "text": ("text_delta", "text"),
    "thinking": ("thinking_delta", "thinking"),
    "call": ("input_json_delta", "partial_json"),
}
_OF_DELTA: Final = ("container", "stop_details")
_NOTHING: Final = b""


class MessagesEncoder:
    """See `codec.StreamEncoder`."""

    def __init__(self, context: Context) -> None:
        self.losses: list[Loss] = []
        self._context = context
        self._carrying = Carrying()
        self._started = False
        self._ended = False
        self._index = -1  # of the block that is open, or was last
        self._kind = ""  # of the open block; "" when nothing of it is written
        self._head = b""
        self._told = False
        self._custom: list[str] | None = None
        self._signature = ""
        self._quiet = False  # the open block is a thought without words so far
        self._held = b""  # thoughts without words, not yet written
        self._calls = False
        self._refused = False
        self._stop: Stop | None = None
        self._tier: str | None = None
        self._writers: dict[type, Callable[[Any], bytes]] = {
            Started: self._start,
            BlockStart: self._block_start,
            BlockDelta: self._block_delta,
            BlockSignature: self._block_signature,
            BlockLogprobs: self._block_logprobs,
            BlockExtra: self._block_extra,
            BlockEnd: self._block_end,
            ChoiceEnd: self._choice_end,
            Finished: self._finish,
            Failed: self._fail,
        }

    def feed(self, event: Event) -> bytes:
        """See `StreamEncoder.feed`."""
        if self._ended:
            return _NOTHING
        if type(event) is BlockDelta and event.choice == 0:
            return self._block_delta(event)
        if getattr(event, "choice", 0):
            self._note_choice()
            return _NOTHING
        return self._writers[type(event)](event)

    def ping(self) -> bytes:
        """See `StreamEncoder.ping`."""
        return _PING

    def _note_choice(self) -> None:
        self._carrying.drop("choices", "the client's dialect holds one answer")
        self._publish()

    def _publish(self) -> None:
        if len(self._carrying.losses) != len(self.losses):
            self.losses[:] = self._carrying.losses

    def _start(self, event: Started) -> bytes:
        if self._started:
            return _NOTHING
        self._started = True
        self._tier = event.service_tier
        known = event.usage if event.usage is not None and event.usage.input_total else None
        usage = answer_encode.usage(known, self._context, event.service_tier)
        usage["output_tokens"] = max(1, usage["output_tokens"])
        del usage["output_tokens_details"]
        if known is None:
            del usage["cache_creation"]
        message = {
            **answer_encode.envelope(self._context),
            "content": [],
            "stop_reason": None,
            "stop_sequence": None,
            "usage": usage,
        }
        return _event("message_start", {"type": "message_start", "message": message})

    def _begun(self) -> bytes:
        """`message_start`, when nobody said that the answer began."""
        return _NOTHING if self._started else self._start(Started())

    def _block_start(self, event: BlockStart) -> bytes:
        begun, written = self._begun(), self._opened(event.block)
        self._publish()
        return begun + self._freed(written) if written else begun

    def _freed(self, written: bytes) -> bytes:
        """What waited goes before what is written now."""
        held, self._held = self._held, _NOTHING
        self._quiet = False
        return held + written

    def _opened(self, block: Block) -> bytes:
        if isinstance(block, Text):
            return self._open_text(block)
        if isinstance(block, ToolCall):
            return self._open_call(block)
        if isinstance(block, Thinking):
            return self._open_thinking(block)
        if isinstance(block, Refusal):
            self._refused = True
            return self._open_text(Text(block.text, extras=block.extras))
        self._kind = ""
        return b"".join(self._whole(data) for data in answer_encode.other(block, self._carrying))

    def _open_text(self, block: Text) -> bytes:
        if block.logprobs is not None:
            self._carrying.drop("logprobs", "the client's dialect has no log probabilities")
        answer_encode.leave(block.extras, self._carrying)
        mine = own(block.extras)
        citations = mine.get("citations") or []
        if "citations" in mine:
            mine["citations"] = []  # the vendor announces cited text so
        written = self._open("text", {"type": "text", "text": "", **mine}) + self._delta(block.text)
        return written + b"".join(self._cited(citation) for citation in citations)

    def _open_call(self, block: ToolCall) -> bytes:
        self._calls = True
        answer_encode.leave(block.extras, self._carrying)
        if block.signature is not None:
            self._open_thinking(Thinking("", block.signature))
            self._close()
        self._custom = [block.arguments] if block.custom else None
        data = {"type": "tool_use", "id": block.id, "name": block.name, "input": {}, **own(block.extras)}
        opened = self._open("call", data) + self._delta("", force=True)  # the vendor begins every call so
        return opened + (_NOTHING if block.custom else self._delta(block.arguments))

    def _open_thinking(self, block: Thinking) -> bytes:
        if block.redacted and block.signature is not None:
            self._kind = ""
            self._held += self._whole(answer_encode.thinking(block, self._carrying))
            return _NOTHING
        answer_encode.leave(block.extras, self._carrying)
        data = {"type": "thinking", "thinking": "", "signature": "", **own(block.extras)}
        opened = self._open("thinking", data)
        if block.signature is not None:
            self._seal(block.signature)
        if block.text:
            return opened + self._delta(block.text)
        self._held += opened
        self._quiet = True
        return _NOTHING

    def _open(self, kind: str, data: Mapping[str, Any]) -> bytes:
        self._index += 1
        self._kind, self._told, self._signature = kind, False, ""
        name, member = _DELTAS[kind]
        self._head = (
            b'event: content_block_delta\ndata: {"type":"content_block_delta","index":%d,"delta":{"type":"%b","%b":'
            % (self._index, name.encode(), member.encode())
        )
        return self._begin(data)

    def _begin(self, data: Mapping[str, Any]) -> bytes:
        started = {"type": "content_block_start", "index": self._index, "content_block": data}
        return _event("content_block_start", started)

    def _whole(self, data: Mapping[str, Any]) -> bytes:
        """A block without deltas; a server tool's input comes in one, as the vendor sends it."""
        self._index += 1
        given = data.get("input")
        if not isinstance(given, dict):
            return self._begin(data) + self._stopped()
        delta = {"type": "input_json_delta", "partial_json": orjson.dumps(given).decode() if given else ""}
        return self._begin({**data, "input": {}}) + self._other_delta(delta) + self._stopped()

    def _other_delta(self, delta: Mapping[str, Any]) -> bytes:
        return _event("content_block_delta", {"type": "content_block_delta", "index": self._index, "delta": delta})

    def _delta(self, text: str, *, force: bool = False) -> bytes:
        if not text and not force:
            return _NOTHING
        self._told = True
        return self._head + orjson.dumps(text) + b"}}\n\n"

    def _block_delta(self, event: BlockDelta) -> bytes:
        if not self._kind:
            return _NOTHING
        if self._custom is not None:
            self._custom.append(event.text)
            return _NOTHING
        if self._quiet and event.text:
            return self._freed(self._delta(event.text))
        return self._delta(event.text)

    def _seal(self, signature: Signature) -> None:
        self._signature = signatures.seal(signature, DIALECT)

    def _block_signature(self, event: BlockSignature) -> bytes:
        if self._kind == "thinking":
            self._seal(event.signature)
        elif self._kind:
            self._carrying.drop(
                "signature", "it came when the call had begun, and the client's dialect has its place before it"
            )
            self._publish()
        return _NOTHING

    def _block_logprobs(self, _event: BlockLogprobs) -> bytes:
        self._carrying.drop("logprobs", "the client's dialect has no log probabilities")
        self._publish()
        return _NOTHING

    def _block_extra(self, event: BlockExtra) -> bytes:
        citations = event.data.get("citations") if event.dialect == DIALECT and self._kind == "text" else None
        if isinstance(citations, list):
            return b"".join(self._cited(citation) for citation in citations)
        for name in event.data:
            self._carrying.drop(name, "known to the provider's dialect alone")
        self._publish()
        return _NOTHING

    def _cited(self, citation: Any) -> bytes:
        self._told = True
        return self._other_delta({"type": "citations_delta", "citation": citation})

    def _block_end(self, _event: BlockEnd) -> bytes:
        return self._close() if self._kind else _NOTHING

    def _close(self) -> bytes:
        last = _NOTHING
        if self._custom is not None:
            last = self._delta(orjson.dumps({"input": "".join(self._custom)}).decode())
            self._custom = None
        if self._signature:
            last = self._other_delta({"type": "signature_delta", "signature": self._signature})
        elif not self._told:
            last = self._delta("", force=True)
        self._kind = ""
        if self._quiet:
            self._held += last + self._stopped()
            self._quiet = False
            return _NOTHING
        return last + self._stopped()

    def _stopped(self) -> bytes:
        return b'event: content_block_stop\ndata: {"type":"content_block_stop","index":%d}\n\n' % self._index

    def _choice_end(self, event: ChoiceEnd) -> bytes:
        self._stop = event.stop
        return _NOTHING

    def _finish(self, event: Finished) -> bytes:
        self._ended = True
        if b"signature_delta" in self._held or b"redacted_thinking" in self._held:
            answer_encode.leave_last_thought(self._carrying)
        answer_encode.leave(event.extras, self._carrying)
        mine = own(event.extras)
        delta: dict[str, Any] = dict(
            answer_encode.stopped(self._stop, self._context, self._carrying, calls=self._calls, refused=self._refused)
        )
        delta.update({name: mine.pop(name) for name in _OF_DELTA if name in mine})
        usage = answer_encode.usage(event.usage, self._context, None if self._tier else event.service_tier)
        if not event.usage or not event.usage.cache_write_1h:
            del usage["cache_creation"]  # all of it is the 5-minute kind
        usage.update(mine.pop("usage", {}))
        self._publish()
        last = _event("message_delta", {"type": "message_delta", "delta": delta, "usage": usage, **mine})
        return self._begun() + last + _STOP

    def _fail(self, event: Failed) -> bytes:
        self._ended = True
        error = {"type": errors.kind_of(event.status), "message": event.message}
        return _event("error", {"type": "error", "error": error, "request_id": self._context.id})


def _event(name: str, data: Mapping[str, Any]) -> bytes:
    return sse.encode(name, orjson.dumps(data))
