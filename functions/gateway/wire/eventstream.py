"""AWS event streams, `application/vnd.amazon.eventstream`: binary frames, each with two checksums.

https://smithy.io/2.0/aws/amazon-eventstream.html. All numbers are big-endian::

    frame   := total:u32 headers_length:u32 crc32(of the 8 bytes before):u32 headers payload crc32(of everything before):u32
    header  := length:u8 name:utf-8 kind:u8 value

Theory of operation: bytes are held until the length that a frame's first 12 bytes announce has arrived; a frame is then checked and read
once, so that a stream which comes byte by byte costs no more than one that comes whole. After the first wrong frame nothing can be trusted,
not even where the next one begins: the decoder says so in `fault` and gives nothing any more.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, Literal

MEDIA_TYPE: Final = "application/vnd.amazon.eventstream"

FRAME_LIMIT: Final = 16 * 1024 * 1024
"""Bytes of one frame, its framing included. AWS's own frames are a few kilobytes."""
HEADERS_LIMIT: Final = 128 * 1024

Kind = Literal["true", "false", "byte", "short", "integer", "long", "bytes", "string", "timestamp", "uuid"]
Value = bool | int | bytes | str

_PRELUDE: Final = struct.Struct(">III")
_OVERHEAD: Final = 16  # the prelude and the last checksum
_KINDS: Final[tuple[Kind, ...]] = (
    "true",
    "false",
    "byte",
    "short",
    "integer",
    "long",
    "bytes",
    "string",
    "timestamp",
    "uuid",
)
_NUMBERS: Final[Mapping[str, struct.Struct]] = {
    "byte": struct.Struct(">b"),
    "short": struct.Struct(">h"),
    "integer": struct.Struct(">i"),
    "long": struct.Struct(">q"),
    "timestamp": struct.Struct(">q"),
}
_REMEMBERED: Final = 64


@dataclass(frozen=True, slots=True)
class Header:
    """One header. `value`: bool for `true` and `false`, int for numbers and `timestamp` (milliseconds since 1970), 16 bytes for `uuid`."""

    name: str
    kind: Kind
    value: Value


@dataclass(frozen=True, slots=True)
class Frame:
    """One message: header values by name, and the payload."""

    headers: Mapping[str, Value]
    payload: bytes


class _BadFrame(Exception):
    """Why the bytes are no frame."""


def encode(headers: Iterable[Header], payload: bytes) -> bytes:
    """One frame. ValueError or struct.error for what has no form: a name over 255 bytes, a value over 65,535, a number out of range."""
    block = b"".join(_header(header) for header in headers)
    total = len(block) + len(payload) + _OVERHEAD
    lengths = struct.pack(">II", total, len(block))
    head = lengths + struct.pack(">I", zlib.crc32(lengths)) + block
    return head + payload + struct.pack(">I", zlib.crc32(payload, zlib.crc32(head)))


def event(name: str, payload: bytes, kind: str = "event") -> bytes:
    """A JSON event as AWS's services send it: `kind` is `event` or `exception`."""
    headers = (
        Header(f":{kind}-type", "string", name),
        Header(":content-type", "string", "application/json"),
        Header(":message-type", "string", kind),
    )
    return encode(headers, payload)


def _header(header: Header) -> bytes:
    name = header.name.encode()
    if not 0 < len(name) < 256:
        raise ValueError("a header's name is 1 to 255 bytes long")
    start = bytes([len(name)]) + name + bytes([_KINDS.index(header.kind)])
    value = header.value
    if header.kind in {"true", "false"}:
        return start
    if header.kind in _NUMBERS:
        return start + _NUMBERS[header.kind].pack(value)
    data = value.encode() if isinstance(value, str) else bytes(value) if isinstance(value, bytes) else None
    if data is None or (header.kind == "uuid" and len(data) != 16):
        raise ValueError("a header's value does not fit its kind")
    return start + data if header.kind == "uuid" else start + struct.pack(">H", len(data)) + data


class Decoder:
    """Frames out of bytes that are cut anywhere. `fault` is set once something is wrong, in words without content."""

    def __init__(self) -> None:
        self.fault: str | None = None
        self._held = bytearray()
        self._needed = 12
        # The headers of one stream's events are the same few byte strings over and over.
        self._known: dict[bytes, Mapping[str, Value]] = {}

    @property
    def between_frames(self) -> bool:
        """Whether everything that came was whole frames."""
        return not self._held and self.fault is None

    def feed(self, chunk: bytes) -> list[Frame]:
        """The frames that are complete with this chunk; those before a wrong one are still given."""
        if self.fault is not None:
            return []
        held = self._held
        held += chunk
        if len(held) < self._needed:
            return []
        frames: list[Frame] = []
        position = 0
        try:
            while (length := self._length(position)) and len(held) - position >= length:
                frames.append(self._frame(bytes(held[position : position + length])))
                position += length
                self._needed = 12
        except _BadFrame as bad:
            self.fault = str(bad)
            held.clear()
            return frames
        del held[:position]
        return frames

    def _length(self, position: int) -> int:
        """Length of the frame that begins at `position`, 0 when its prelude is not whole. A prelude is looked at once."""
        if self._needed > 12:
            return self._needed
        held = self._held
        if len(held) - position < 12:
            return 0
        total, headers, checksum = _PRELUDE.unpack_from(held, position)
        if zlib.crc32(held[position : position + 8]) != checksum:
            raise _BadFrame("a frame's first checksum is wrong")
        if total < _OVERHEAD or headers > total - _OVERHEAD:
            raise _BadFrame("a frame's lengths contradict each other")
        if total > FRAME_LIMIT or headers > HEADERS_LIMIT:
            raise _BadFrame("a frame is too large")
        self._needed = total
        return int(total)

    def _frame(self, data: bytes) -> Frame:
        if zlib.crc32(data[:-4]) != int.from_bytes(data[-4:], "big"):
            raise _BadFrame("a frame's last checksum is wrong")
        end = 12 + int.from_bytes(data[4:8], "big")
        block = data[12:end]
        headers = self._known.get(block)
        if headers is None:
            headers = _read_headers(block)
            if len(self._known) < _REMEMBERED:
                self._known[block] = headers
        return Frame(headers, data[end:-4])


def _read_headers(block: bytes) -> dict[str, Value]:
    headers: dict[str, Value] = {}
    position = 0
    try:
        while position < len(block):
            start = position + 1
            end = start + block[position]
            name = block[start:end].decode()
            value, position = _read_value(block, _KINDS[block[end]], end + 1)
            if not name or name in headers:
                raise _BadFrame("a frame's header has no name, or that of another")
            headers[name] = value
    except (IndexError, UnicodeDecodeError, struct.error):
        raise _BadFrame("a frame's headers are malformed") from None
    return headers


def _read_value(block: bytes, kind: Kind, at: int) -> tuple[Value, int]:
    """A value and where the next header begins."""
    if kind in {"true", "false"}:
        return kind == "true", at
    if kind in _NUMBERS:
        number = _NUMBERS[kind]
        return number.unpack_from(block, at)[0], at + number.size
    if kind == "uuid":
        end = at + 16
    else:
        at += 2
        end = at + int.from_bytes(block[at - 2 : at], "big")
    if end > len(block):
        raise IndexError
    value = block[at:end]
    return value.decode() if kind == "string" else value, end
