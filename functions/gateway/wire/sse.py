"""Server-sent events, read beside a relay: https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream

The relay passes whole events only. A client never holds half an event, so that an error event of ours can follow at any moment and is
always read as one.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

# Ends of an event: a blank line, in the three line endings the specification allows (mixed forms end in one of these).
_ENDS: Final = (b"\n\n", b"\n\r\n", b"\r\r")


def boundary(data: bytes) -> int:
    """How many leading bytes of `data` are whole events (0 when none is)."""
    best = data.rfind(b"\n\n")
    best = best + 2 if best >= 0 else 0
    if b"\r" in data:
        for end in _ENDS[1:]:
            found = data.rfind(end)
            if found >= 0:
                best = max(best, found + len(end))
    return best


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
    while start < len(data):
        hits = [(found, len(end)) for end in _ENDS if (found := data.find(end, start)) >= 0]
        if not hits:
            yield data[start:]
            return
        found, size = min(hits)
        yield data[start : found + size]
        start = found + size


def fields(event: bytes) -> tuple[bytes, bytes]:
    """Name and data of one event (`b""` when absent); several data lines are joined by a newline, comments are skipped."""
    name = b""
    data: list[bytes] = []
    for line in event.splitlines():
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
