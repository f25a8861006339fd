"""What the upstream does with a connection, as values: a reply is a tuple of steps, so that a test decides every byte and every pause.

Nothing is implied. A reply that should end the connection says so with `Close` or `Reset`; without either the connection stays open for the
next request, whatever the head promised. The builders below produce the usual shapes; a test may write its own tuples.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Literal, TypeAlias

Framing = Literal["length", "chunked", "close"]
Ending = Literal["reset", "close", "stall", "clean"]
Headers: TypeAlias = Sequence[tuple[str, str]]

_EVENT_END = re.compile(rb"(?<=\n\n)|(?<=\r\n\r\n)")
JSON: Headers = (("content-type", "application/json"),)
EVENTS: Headers = (("content-type", "text/event-stream; charset=utf-8"), ("cache-control", "no-cache"))


@dataclass(frozen=True, slots=True)
class Send:
    """Write exactly these bytes in one write. `body` says how many of them are body bytes (for the journal)."""

    data: bytes
    body: int = 0


@dataclass(frozen=True, slots=True)
class Gate:
    """Wait until the test opens the gate of this name (it stays open)."""

    name: str


@dataclass(frozen=True, slots=True)
class Stall:
    """Say nothing until the client leaves or the upstream stops."""


@dataclass(frozen=True, slots=True)
class Reset:
    """Abort the connection: the client sees RST."""


@dataclass(frozen=True, slots=True)
class Close:
    """End the connection in order: the client sees FIN after the bytes before it."""


Step: TypeAlias = Send | Gate | Stall | Reset | Close
Steps: TypeAlias = tuple[Step, ...]

ENDINGS: dict[str, Steps] = {"reset": (Reset(),), "close": (Close(),), "stall": (Stall(),), "clean": ()}


def head(status: int, headers: Headers = (), reason: str | None = None) -> bytes:
    """A status line and headers, with the empty line."""
    if reason is None:
        reason = HTTPStatus(status).phrase if status in HTTPStatus._value2member_map_ else "Site Is Overloaded"
    lines = [f"HTTP/1.1 {status} {reason}", *(f"{name}: {value}" for name, value in headers), "", ""]
    return "\r\n".join(lines).encode("latin-1")


def chunk(data: bytes) -> bytes:
    """One chunk of the chunked transfer coding; `b""` makes the last one."""
    return b"%x\r\n%b\r\n" % (len(data), data)


def framed(framing: Framing, whole: int) -> Headers:
    """The header that announces a body of `whole` bytes in this framing."""
    if framing == "length":
        return (("content-length", str(whole)),)
    return (("transfer-encoding", "chunked"),) if framing == "chunked" else (("connection", "close"),)


def pieces(body: bytes, size: int) -> list[bytes]:
    """The body in slices of `size` bytes."""
    return [body[at : at + size] for at in range(0, len(body), size)]


def sends(parts: Iterable[bytes], framing: Framing) -> Steps:
    """One `Send` per part, chunk-coded where the framing asks for it."""
    return tuple(Send(chunk(part) if framing == "chunked" else part, len(part)) for part in parts if part)


def ending(framing: Framing) -> Steps:
    """How a whole body ends in this framing."""
    if framing == "chunked":
        return (Send(chunk(b"")),)
    return (Close(),) if framing == "close" else ()


def reply(
    status: int = 200,
    body: bytes = b"",
    headers: Headers = JSON,
    framing: Framing = "length",
    parts: Sequence[bytes] | None = None,
) -> Steps:
    """A whole, well-formed answer. `parts` are the body's writes (its chunks when chunked); by default one."""
    writes = [body] if parts is None else list(parts)
    whole = sum(len(part) for part in writes)
    return (Send(head(status, (*headers, *framed(framing, whole)))), *sends(writes, framing), *ending(framing))


def events(body: bytes, headers: Headers = EVENTS, parts: Sequence[bytes] | None = None) -> Steps:
    """A whole event stream, chunked; by default one chunk per event."""
    return reply(200, b"", headers, "chunked", split_events(body) if parts is None else parts)


def split_events(body: bytes) -> list[bytes]:
    """The stream's events, each with its empty line; joined they are the body again."""
    return [part for part in _EVENT_END.split(body) if part]


def gated(parts: Sequence[bytes], prefix: str = "part", headers: Headers = EVENTS) -> Steps:
    """A chunked stream whose part number n (from 0) leaves when the gate `<prefix>-<n>` is opened; the end has the gate `<prefix>-end`."""
    steps: list[Step] = [Send(head(200, (*headers, *framed("chunked", 0))))]
    for number, part in enumerate(parts):
        steps += [Gate(f"{prefix}-{number}"), *sends([part], "chunked")]
    return (*steps, Gate(f"{prefix}-end"), Send(chunk(b"")))


def cut(
    body: bytes,
    at: int,
    by: Ending = "reset",
    headers: Headers = EVENTS,
    framing: Framing = "chunked",
) -> Steps:
    """An answer that promises `body` and dies after `at` bytes of it.

    `clean` ends the transfer coding in order, so that only the dialect can tell that something is missing; with "length" framing it
    announces just the bytes that come.
    """
    whole = at if by == "clean" else len(body)
    start = (Send(head(200, (*headers, *framed(framing, whole)))), *sends([body[:at]], framing))
    return (*start, *(ending(framing) if by == "clean" else ENDINGS[by]))


def to_json(steps: Steps) -> list[dict[str, Any]]:
    """Steps as JSON data for the control interface: `{"send": base64, "body": n}`, `{"gate": name}`, `{"stall"|"reset"|"close": true}`."""
    plain: list[dict[str, Any]] = []
    for step in steps:
        if isinstance(step, Send):
            plain.append({"send": base64.b64encode(step.data).decode(), "body": step.body})
        elif isinstance(step, Gate):
            plain.append({"gate": step.name})
        else:
            plain.append({type(step).__name__.lower(): True})
    return plain


def from_json(plain: Iterable[Mapping[str, Any]]) -> Steps:
    """Inverse of `to_json`; ValueError for anything else."""
    return tuple(_step(item) for item in plain)


def _step(item: Mapping[str, Any]) -> Step:
    if "send" in item:
        return Send(base64.b64decode(item["send"], validate=True), int(item.get("body", 0)))
    if "gate" in item:
        return Gate(str(item["gate"]))
    simple: dict[str, Step] = {"stall": Stall(), "reset": Reset(), "close": Close()}
    for name, step in simple.items():
        if item.get(name) is True:
            return step
    raise ValueError(f"not a step: {sorted(item)}")
