"""An upstream's stream into neutral events. https://platform.claude.com/docs/en/api/messages-streaming

Theory of operation: bytes are cut into events, and each event's `type` names the method that reads it. Blocks of the vendor's own tools are
gathered and given whole. Events and deltas that nobody knows are passed over, as the vendor asks of its readers; what contradicts the protocol ends
the stream as `Failed`. A tool call's `input` that stands complete in `content_block_start`, as some compatible servers write it, is given when the
block ends without a delta.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

import orjson

from gateway.errors import BadAnswer
from gateway.neutral.blocks import Opaque, Signature, Text, Thinking, ToolCall
from gateway.neutral.response import (
    BlockDelta,
    BlockEnd,
    BlockExtra,
    BlockSignature,
    BlockStart,
    ChoiceEnd,
    Event,
    Failed,
    Finished,
    Started,
    Stop,
)
from gateway.neutral.usage import Usage
from gateway.wire import sse
from gateway.wire.anthropic_messages import answer_decode, errors, response
from gateway.wire.anthropic_messages.members import DIALECT

_TEXTS: Final = {"text_delta": "text", "thinking_delta": "thinking", "input_json_delta": "partial_json"}
_OF_BLOCK: Final = {
    "text": frozenset(["text_delta", "citations_delta"]),
    "thinking": frozenset(["thinking_delta", "signature_delta"]),
    "tool_use": frozenset(["input_json_delta"]),
    "redacted_thinking": frozenset[str](),
}
_KNOWN_DELTAS: Final = frozenset(
    ["text_delta", "citations_delta", "thinking_delta", "signature_delta", "input_json_delta"]
)


class _Open:
    """A block that has begun: its place, what it is, and what waits for its end."""

    __slots__ = ("data", "index", "kind", "pieces", "signature", "told")

    def __init__(self, index: int, kind: str, data: dict[str, Any]) -> None:
        self.index = index
        self.kind = kind
        self.data = data
        self.pieces: list[str] = []
        self.signature = ""
        self.told = False


class MessagesDecoder:
    """See `codec.StreamDecoder`."""

    may_end = False

    def __init__(self, seed: str) -> None:
        del seed  # the vendor gives every id
        self._held = bytearray()
        self._open: dict[int, _Open] = {}
        self._blocks = 0
        self._started = False
        self._ended = False
        self._stop: Stop | None = None
        self._usage: Usage | None = None
        self._tier: str | None = None
        self._beside: dict[str, Any] = {}
        self._readers: dict[str, Callable[[Mapping[str, Any]], list[Event]]] = {
            "message_start": self._message_start,
            "content_block_start": self._block_start,
            "content_block_delta": self._block_delta,
            "content_block_stop": self._block_stop,
            "message_delta": self._message_delta,
            "message_stop": self._message_stop,
            "error": self._error,
        }

    def feed(self, chunk: bytes) -> list[Event]:
        """See `StreamDecoder.feed`."""
        found: list[Event] = []
        if self._ended:
            return found
        held = self._held
        if not held and chunk.endswith(b"\n\n") and b"\r" not in chunk:  # whole events, as most chunks are
            for event in chunk.split(b"\n\n"):
                if event:
                    self._read(event, found)
            return found
        for event in sse.split(sse.gather(held, chunk)):
            self._read(event, found)
        if len(held) > sse.LONGEST:
            self._fail("An event of the provider's stream does not end.", found)
        return found

    def close(self) -> list[Event]:
        """See `StreamDecoder.close`. A last event without its blank line counts when it is whole."""
        found: list[Event] = []
        rest, self._held = bytes(self._held), bytearray()
        if rest.strip() and not self._ended:
            self._last(rest, found)
        if not self._ended:
            self._fail("The provider's stream ended before the message did.", found, code="upstream_error")
        return found

    def _last(self, rest: bytes, found: list[Event]) -> None:
        """What stands behind the last blank line: an event, the beginning of one, or a JSON error that is no stream at all."""
        data = sse.fields(rest)[1] or rest
        try:
            value = orjson.loads(data)
        except orjson.JSONDecodeError:
            return
        if isinstance(value, dict) and not (data is rest and value.get("type") != "error"):
            self._take(value, found)

    def _read(self, event: bytes, found: list[Event]) -> None:
        if self._ended:
            return
        name, data = _parts(event)
        if not data or data == b"[DONE]":  # a habit of compatible servers; message_stop is the end
            return
        try:
            value = orjson.loads(data)
        except orjson.JSONDecodeError:
            self._fail("An event of the provider's stream is not valid JSON.", found)
            return
        if not isinstance(value, dict):
            self._fail("An event of the provider's stream is not an object.", found)
            return
        self._take(value if "type" in value else {**value, "type": name.decode(errors="replace")}, found)

    def _take(self, value: Mapping[str, Any], found: list[Event]) -> None:
        kind = value["type"]
        reader = self._readers.get(kind) if isinstance(kind, str) else None
        if reader is None:
            return
        try:
            found.extend(reader(value))
        except BadAnswer as broken:
            self._fail(broken.message, found)

    def _fail(self, message: str, found: list[Event], *, code: str = BadAnswer.code) -> None:
        self._ended = True
        found.append(Failed(message, 502, code, usage=self._usage))

    def _message_start(self, value: Mapping[str, Any]) -> list[Event]:
        message = value.get("message")
        if self._started or not isinstance(message, dict):
            raise BadAnswer("The provider's stream begins a message twice, or none.")
        self._started = True
        self._usage = response.opening(message)
        self._tier = answer_decode.tier(message.get("usage"))
        self._remember(message)
        name, model = message.get("id"), message.get("model")
        started = Started(
            name if isinstance(name, str) else None,
            model if isinstance(model, str) else None,
            usage=self._usage,
            service_tier=self._tier,
        )
        return [started]

    def _remember(self, told: Mapping[str, Any]) -> None:
        for name, given in answer_decode.beside(told).items():
            known = self._beside.get(name)
            joined = isinstance(known, dict) and isinstance(given, dict)
            self._beside[name] = dict(known or {}, **given) if joined else given

    def _block_start(self, value: Mapping[str, Any]) -> list[Event]:
        place, block = value.get("index"), value.get("content_block")
        if not self._started or not isinstance(place, int) or place in self._open or not isinstance(block, dict):
            raise BadAnswer("A content block of the provider's stream begins out of order.")
        kind = str(block.get("type"))
        opened = _Open(self._blocks, kind if kind in _OF_BLOCK else "opaque", block)
        self._blocks += 1
        self._open[place] = opened
        if opened.kind == "tool_use":
            call: Text | Thinking | ToolCall = answer_decode.call(block, "")
        elif opened.kind == "opaque":
            answer_decode.block(block)
            opened.data = dict(block)
            return []
        else:
            call = answer_decode.block(block)  # type: ignore[assignment]  # text and thinking are what is left
        if isinstance(call, Thinking) and call.signature is not None and not call.redacted:
            opened.signature = call.signature.data
            call = replace(call, signature=None)
        return [BlockStart(opened.index, call)]

    def _block_delta(self, value: Mapping[str, Any]) -> list[Event]:
        place, delta = value.get("index"), value.get("delta")
        opened = self._open.get(place) if isinstance(place, int) else None
        if opened is None or not isinstance(delta, dict):
            raise BadAnswer("A delta of the provider's stream belongs to no open block.")
        kind = delta.get("type")
        if not isinstance(kind, str):
            raise BadAnswer("A delta of the provider's stream has no type.")
        if opened.kind == "opaque":
            _grow(opened, delta)
            return []
        if kind not in _OF_BLOCK[opened.kind]:
            if kind in _KNOWN_DELTAS:
                raise BadAnswer(
                    f"A delta of the provider's stream is of type '{kind}' in a block of type '{opened.kind}'."
                )
            return []
        return _delta(opened, kind, delta)

    def _block_stop(self, value: Mapping[str, Any]) -> list[Event]:
        place = value.get("index")
        opened = self._open.pop(place, None) if isinstance(place, int) else None
        if opened is None:
            raise BadAnswer("The provider's stream ends a block that is not open.")
        return _end(opened)

    def _message_delta(self, value: Mapping[str, Any]) -> list[Event]:
        delta = value.get("delta")
        if not self._started or not isinstance(delta, dict):
            raise BadAnswer("The provider's stream changes a message that has not begun.")
        self._stop = answer_decode.stop(delta) or self._stop
        self._usage = response.added(self._usage, value)
        self._remember({**value, **delta, "delta": None})
        return []

    def _message_stop(self, _value: Mapping[str, Any]) -> list[Event]:
        if not self._started:
            raise BadAnswer("The provider's stream ends a message that has not begun.")
        found = [event for opened in self._open.values() for event in _end(opened)]
        self._ended = True
        return [*found, ChoiceEnd(self._stop), Finished(self._usage, self._tier, answer_decode.bag(self._beside))]

    def _error(self, value: Mapping[str, Any]) -> list[Event]:
        self._ended = True
        kind = response.error({**value, "type": "error"}) or "api_error"
        return [Failed(answer_decode.error_of(value), errors.status_of(kind), kind, usage=self._usage)]


def _parts(event: bytes) -> tuple[bytes, bytes]:
    """Name and data of an event; the common form of two lines is read without taking every line apart."""
    if event.startswith(b"event: ") and b"\r" not in event:
        head, found, data = event.partition(b"\ndata: ")
        if found and b"\n" not in head and b"\n" not in data.rstrip(b"\n"):
            return head[7:], data.rstrip(b"\n")
    return sse.fields(event)


def _delta(opened: _Open, kind: str, delta: Mapping[str, Any]) -> list[Event]:
    """More of a text, a thought or a call."""
    member = _TEXTS.get(kind)
    if member is not None:
        text = delta.get(member)
        if not isinstance(text, str):
            raise BadAnswer(f"A delta of the provider's stream has no '{member}'.")
        if not text:
            return []
        opened.told = True
        return [BlockDelta(opened.index, text)]
    if kind == "signature_delta":
        opened.signature = str(delta.get("signature") or "")
    elif delta.get("citation") is not None:
        return [BlockExtra(opened.index, DIALECT, {"citations": [delta["citation"]]})]
    return []


def _end(opened: _Open) -> list[Event]:
    """The end of a block, and before it what waited for it."""
    end = BlockEnd(opened.index)
    if opened.kind == "opaque":
        return [BlockStart(opened.index, _gathered(opened)), end]
    if opened.kind == "tool_use" and not opened.told and opened.data.get("input"):
        return [BlockDelta(opened.index, answer_decode.written(opened.data["input"])), end]
    if opened.signature:
        return [BlockSignature(opened.index, Signature(DIALECT, opened.signature)), end]
    return [end]


def _grow(opened: _Open, delta: Mapping[str, Any]) -> None:
    """More of a block of the vendor's own: its input in fragments, and of whatever else it has, texts and lists are joined."""
    if delta.get("type") == "input_json_delta":
        opened.pieces.append(str(delta.get("partial_json") or ""))
        return
    for name, value in delta.items():
        if name == "type":
            continue
        known = opened.data.get(name)
        joined = (isinstance(known, str) and isinstance(value, str)) or (
            isinstance(known, list) and isinstance(value, list)
        )
        opened.data[name] = known + value if joined else value


def _gathered(opened: _Open) -> Opaque:
    """The whole block; BadAnswer when its input is no JSON."""
    written = "".join(opened.pieces)
    if written.strip():
        try:
            opened.data["input"] = orjson.loads(written)
        except orjson.JSONDecodeError:
            raise BadAnswer("The input of a server tool in the provider's stream is not valid JSON.") from None
    return Opaque(DIALECT, str(opened.data["type"]), opened.data)
