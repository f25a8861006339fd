"""A ConverseStream answer: https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ConverseStream.html

Theory of operation::

    messageStart (contentBlockStart? contentBlockDelta* contentBlockStop?)* messageStop metadata

`contentBlockStart` comes for tool calls and pictures alone: other blocks begin with their first delta, and their kind is the delta's. A block
of the model's is told by `contentBlockIndex`; should its kind change half-way (open thoughts, then withheld ones), a new block begins
here. Signatures and withheld thoughts may come in pieces and are given whole when their block ends. Pictures, and calls that Bedrock runs
itself, are collected and given whole, too. `metadata` with the usage is the good end; an `exception` frame is the bad one.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Mapping
from typing import Any, Final

import orjson

from gateway.neutral.blocks import Block, Opaque, Signature, Text, Thinking, ToolCall
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
)
from gateway.wire import eventstream
from gateway.wire.bedrock_converse.errors import stream_failure
from gateway.wire.bedrock_converse.response import (
    DIALECT,
    call_id,
    extras_of,
    picture_of,
    stop_of,
    tier_of,
    usage_of,
)

_READ: Final = frozenset({"usage", "metrics", "serviceTier", "p"})
"""`p` is padding, which hides the lengths of the words from whoever counts the bytes."""


class _Wrong(Exception):
    """What in the stream is not the protocol."""


class _Open:
    """A block of the model's that has begun: its kind, its number here, and what is given at its end."""

    __slots__ = ("index", "kind", "pieces", "said", "value")

    def __init__(self, kind: str, index: int, value: Mapping[str, Any] | None = None) -> None:
        self.kind = kind
        self.index = index
        self.value = value
        self.pieces: list[Any] = []
        self.said = False


class ConverseDecoder:
    """See `codec.StreamDecoder`."""

    may_end = False

    def __init__(self, seed: str) -> None:
        self._seed = seed
        self._frames = eventstream.Decoder()
        self._open: dict[int, _Open] = {}
        self._ended: set[int] = set()
        self._count = 0
        self._state = "new"  # started, stopped (messageStop came), measured (metadata came without a usage), over
        self._out: list[Event] = []
        self._steps: dict[Any, Callable[[Mapping[str, Any]], None]] = {
            "contentBlockDelta": self._delta,
            "contentBlockStart": self._start,
            "contentBlockStop": self._stop,
            "messageStart": self._begin,
            "messageStop": self._finish_message,
            "metadata": self._finish,
        }

    def feed(self, chunk: bytes) -> list[Event]:
        """Events of the frames that are whole with this chunk."""
        if self._state == "over":
            return []
        self._out = []
        for frame in self._frames.feed(chunk):
            try:
                self._frame(frame)
            except _Wrong as wrong:
                self._fail(Failed(f"Amazon Bedrock's stream is broken: {wrong}.", 502, "upstream_bad_answer"))
            if self._state == "over":
                return self._out
        if self._frames.fault is not None:
            reason = f"Amazon Bedrock's stream is broken: {self._frames.fault}."
            self._fail(Failed(reason, 502, "upstream_bad_answer"))
        return self._out

    def close(self) -> list[Event]:
        """`Failed` when the metadata did not come."""
        if self._state == "over":
            return []
        self._out = []
        if self._state == "measured" and self._frames.between_frames:
            self._out.append(Finished())
            self._state = "over"
        else:
            self._fail(Failed("Amazon Bedrock's stream was cut off before its end.", 502, "upstream_error"))
        return self._out

    def _fail(self, failed: Failed) -> None:
        self._out.append(failed)
        self._state = "over"

    def _frame(self, frame: eventstream.Frame) -> None:
        headers = frame.headers
        kind = headers.get(":message-type")
        if kind == "event":
            step = self._steps.get(headers.get(":event-type"))
            if step is not None:
                step(_object(frame.payload))
            elif self._state == "new" and headers.get(":event-type") != "initial-response":
                raise _Wrong("it does not begin with a message")
        elif kind == "exception":
            self._fail(stream_failure(str(headers.get(":exception-type", "")), _lenient(frame.payload)))
        elif kind == "error":
            text = {"message": headers.get(":error-message")}
            self._fail(stream_failure(str(headers.get(":error-code", "")), text))
        else:
            raise _Wrong("a message has no known type")

    def _begin(self, data: Mapping[str, Any]) -> None:
        del data
        if self._state != "new":
            raise _Wrong("a second message begins")
        self._state = "started"
        self._out.append(Started())

    def _place(self, data: Mapping[str, Any]) -> int:
        """The model's number of the block; only between the message's start and stop, and not after the block's own stop."""
        place = data.get("contentBlockIndex")
        if not isinstance(place, int):
            raise _Wrong("a block has no number")
        if self._state != "started" or place in self._ended:
            raise _Wrong("a block goes on outside of its place")
        return place

    def _start(self, data: Mapping[str, Any]) -> None:
        place, start = self._place(data), data.get("start")
        if place in self._open:
            raise _Wrong("a block begins twice")
        if not isinstance(start, Mapping):
            raise _Wrong("a block begins without a kind")
        for kind, value in start.items():
            if not isinstance(value, Mapping):
                raise _Wrong("a block begins without a kind")
            if kind == "toolUse" and "type" not in value:
                self._start_call(place, value)
            else:
                self._open[place] = _Open(kind, -1, value)

    def _start_call(self, place: int, value: Mapping[str, Any]) -> None:
        name = value.get("name")
        if not isinstance(name, str):
            raise _Wrong("a tool call has no name")
        self._begin_block(place, "toolUse", ToolCall(call_id(value, f"{self._seed}_{place}"), name, ""))

    def _begin_block(self, place: int, kind: str, block: Block) -> _Open:
        found = self._open[place] = _Open(kind, self._count)
        self._out.append(BlockStart(self._count, block))
        self._count += 1
        return found

    def _delta(self, data: Mapping[str, Any]) -> None:
        place, delta = self._place(data), data.get("delta")
        if not isinstance(delta, Mapping):
            raise _Wrong("a delta holds nothing")
        for kind, value in delta.items():
            if kind == "text" and isinstance(value, str):
                self._say(self._opened(place, "text"), value)
            elif kind == "toolUse":
                self._arguments(place, value)
            elif kind == "reasoningContent" and isinstance(value, Mapping):
                self._think(place, value)
            elif kind == "citation":
                index = self._opened(place, "text").index
                self._out.append(BlockExtra(index, DIALECT, {"citations": [value]}))
            else:
                self._collect(place, kind, value)

    def _opened(self, place: int, kind: str) -> _Open:
        """The open block if it is of this kind, else a new one."""
        found = self._open.get(place)
        if found is not None and found.kind == kind:
            return found
        if found is not None:
            self._end(self._open.pop(place))
        block = Text("") if kind == "text" else Thinking("", redacted=kind == "redacted")
        return self._begin_block(place, kind, block)

    def _say(self, block: _Open, text: str) -> None:
        if text:
            block.said = True
            self._out.append(BlockDelta(block.index, text))

    def _arguments(self, place: int, value: Any) -> None:
        found = self._open.get(place)
        written = value.get("input") if isinstance(value, Mapping) else None
        if found is None or found.kind != "toolUse" or not isinstance(written, str):
            raise _Wrong("arguments belong to no tool call")
        if found.index < 0:
            found.pieces.append(written)
        else:
            self._say(found, written)

    def _think(self, place: int, value: Mapping[str, Any]) -> None:
        for kind, part in value.items():
            if not isinstance(part, str):
                raise _Wrong("a thought is not a text")
            if kind == "text":
                self._say(self._opened(place, "thinking"), part)
            elif kind == "signature":
                self._opened(place, "thinking").pieces.append(part)
            elif kind == "redactedContent":
                self._opened(place, "redacted").pieces.append(_decoded(part))
            else:
                self._collect(place, "reasoningContent", value)

    def _collect(self, place: int, kind: str, value: Any) -> None:
        """A delta of what is given whole."""
        found = self._open.get(place)
        if found is None or found.index >= 0:
            if found is not None:
                self._end(self._open.pop(place))
            found = self._open[place] = _Open(kind, -1)
        found.pieces.append(value)

    def _stop(self, data: Mapping[str, Any]) -> None:
        place = self._place(data)
        found = self._open.pop(place, None)
        self._ended.add(place)
        if found is not None:
            self._end(found)

    def _end(self, block: _Open) -> None:
        if block.index < 0:
            self._out += [BlockStart(self._count, _whole(block)), BlockEnd(self._count)]
            self._count += 1
            return
        if block.kind == "toolUse" and not block.said:
            self._out.append(BlockDelta(block.index, "{}"))
        if block.kind == "thinking" and block.pieces:
            self._out.append(BlockSignature(block.index, Signature(DIALECT, "".join(block.pieces))))
        if block.kind == "redacted":
            data = base64.b64encode(b"".join(block.pieces)).decode()
            self._out.append(BlockSignature(block.index, Signature(DIALECT, data)))
        self._out.append(BlockEnd(block.index))

    def _finish_message(self, data: Mapping[str, Any]) -> None:
        if self._state != "started":
            raise _Wrong("a message ends that is not open")
        for place in sorted(self._open):
            self._end(self._open[place])
        self._open.clear()
        self._state = "stopped"
        self._out.append(ChoiceEnd(stop_of(data.get("stopReason"), data.get("additionalModelResponseFields"))))

    def _finish(self, data: Mapping[str, Any]) -> None:
        if self._state not in {"stopped", "measured"}:
            raise _Wrong("the usage comes before the message's end")
        self._state = "measured"
        usage = usage_of(data)
        if usage is not None:
            self._out.append(Finished(usage, tier_of(data), extras_of(data, _READ)))
            self._state = "over"


def _whole(block: _Open) -> Block:
    """A collected block: a picture, or what only Bedrock understands."""
    sources = [piece.get("source") for piece in block.pieces if isinstance(piece, Mapping)]
    if block.kind == "image" and block.value is not None:
        data = [source.get("bytes") for source in sources if isinstance(source, Mapping)]
        joined = b"".join(_decoded(part) for part in data if isinstance(part, str))
        picture = (
            picture_of({**block.value, "source": {"bytes": base64.b64encode(joined).decode()}}) if joined else None
        )
        if picture is not None:
            return picture
    return Opaque(DIALECT, block.kind, {**(block.value or {}), "deltas": block.pieces})


def _decoded(data: str) -> bytes:
    try:
        return base64.b64decode(data, validate=True)
    except (binascii.Error, ValueError):
        raise _Wrong("bytes are not base64") from None


def _object(payload: bytes) -> Mapping[str, Any]:
    value = _lenient(payload)
    if not isinstance(value, dict):
        raise _Wrong("an event is no JSON object")
    return value


def _lenient(payload: bytes) -> Any:
    try:
        return orjson.loads(payload)
    except orjson.JSONDecodeError:
        return None
