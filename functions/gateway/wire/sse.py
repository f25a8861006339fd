"""Server-sent events, read beside a relay: https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream

The relay passes whole events only. A client never holds half an event, so that an error event of ours can follow at any moment and is
always read as one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

# Ends of an event: a blank line, in the three line endings the specification allows and their mixtures. `\n\r` at the end of what
# arrived waits: the other half of its line ending is on its way.
_END: Final = re.compile(rb"\n\n|\n\r\n|\n\r(?=[^\n])|\r\r\n?")
_MARK: Final = b"\xef\xbb\xbf"

OVERLAP: Final = 3
"""How many bytes before new data belong to the search: an end that was not yet whole."""


def told(headers: Iterable[tuple[bytes, bytes]]) -> bool:
    """Whether headers (names in lower case) announce events. Types are spelled in any case: https://www.rfc-editor.org/rfc/rfc9110#section-8.3.1"""
    return any(name == b"content-type" and value.lower().startswith(b"text/event-stream") for name, value in headers)


def boundary(data: bytes | bytearray, start: int = 0) -> int:
    """How many leading bytes of `data` are whole events (0 when none is); no event ends before `start`."""
    if data.find(b"\r", start) < 0:
        best = data.rfind(b"\n\n", start)
        return best + 2 if best >= 0 else 0
    best = 0
    for found in _END.finditer(data, start):
        best = found.end()
    return best


LONGEST: Final = 16 * 1024 * 1024
"""Bytes after which what is held back is no event any more: it lies in memory."""


def gather(held: bytearray, chunk: bytes) -> bytes:
    """The whole events that are complete with `chunk`; `held` keeps the beginning of the next. No byte is looked at twice, however small the
    chunks are."""
    if not held:
        cut = boundary(chunk)
        if cut < len(chunk):
            held += chunk[cut:]
        return chunk[:cut]
    seen = len(held)
    held += chunk
    cut = boundary(held, max(0, seen - OVERLAP))
    if not cut:
        return b""
    whole = bytes(held[:cut])
    del held[:cut]
    return whole


def split(data: bytes) -> Iterator[bytes]:
    """The whole events of `data`, each with its blank line, in order and without loss: their concatenation is `data`."""
    if b"\r" not in data:
        start = 0
        while (end := data.find(b"\n\n", start)) >= 0:
            yield data[start : end + 2]
            start = end + 2
        if start < len(data):
            yield data[start:]
        return
    start = 0
    for found in _END.finditer(data):
        yield data[start : found.end()]
        start = found.end()
    if start < len(data):
        yield data[start:]


def fields(event: bytes) -> tuple[bytes, bytes]:
    """Name and data of one event (`b""` when absent); several data lines are joined by a newline, comments are skipped."""
    name = b""
    data: list[bytes] = []
    for line in event.removeprefix(_MARK).splitlines():
        key, _, value = line.partition(b":")
        value = value[1:] if value.startswith(b" ") else value
        if key == b"event":
            name = value
        elif key == b"data":
            data.append(value)
    return name, b"\n".join(data)


def encode(name: str | None, data: bytes) -> bytes:
    """One event; `data` holds no line break (JSON from orjson never does)."""
    head = b"" if name is None else b"event: " + name.encode() + b"\n"
    return head + b"data: " + data + b"\n\n"
