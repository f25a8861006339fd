"""A client that can leave at any moment, and hundreds of them at once: HTTP/1.1 over asyncio's streams, one connection per request."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Told:
    """What a client got. `whole` False: the answer broke off, or the client left. Status 0: nothing came."""

    status: int = 0
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = field(default=b"", repr=False)
    whole: bool = False

    @property
    def limit(self) -> dict[str, str]:
        """What `x-gateway-limit` says."""
        said = self.headers.get("x-gateway-limit", "")
        return dict(part.split("=", 1) for part in said.split("; ")) if said else {}


@dataclass(frozen=True, slots=True)
class Leaving:
    """When a client leaves: when it has sent its request (`heard` 0), or has heard so many bytes; `seconds` later."""

    heard: int = 0
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Noticing:
    """What is done, once, when the client has heard these bytes; it goes on listening."""

    mark: bytes
    act: Callable[[], None]


async def ask(
    port: int,
    key: str,
    body: Mapping[str, Any],
    headers: Mapping[str, str] | None = None,
    leaving: Leaving | Noticing | None = None,
    seconds: float = 60.0,
) -> Told:
    """One request for a chat completion. TimeoutError after `seconds`."""
    raw = json.dumps(body).encode()
    given = {"authorization": f"Bearer {key}", "content-type": "application/json", "host": "localhost"} | dict(
        headers or {}
    )
    lines = ["POST /v1/chat/completions HTTP/1.1", *(f"{name}: {value}" for name, value in given.items())]
    head = "\r\n".join([*lines, "connection: close", f"content-length: {len(raw)}", "", ""]).encode()
    writer: asyncio.StreamWriter | None = None
    try:
        async with asyncio.timeout(seconds):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(head + raw)
            return await _answer(reader, leaving)
    except OSError as fault:
        if isinstance(fault, TimeoutError):
            raise
        return Told()
    finally:
        if writer is not None:
            writer.transport.abort()


async def _answer(reader: asyncio.StreamReader, leaving: Leaving | Noticing | None) -> Told:
    data = b""
    while True:
        if isinstance(leaving, Leaving) and len(data) >= leaving.heard:
            await asyncio.sleep(leaving.seconds)
            return _told(data, left=True)
        if isinstance(leaving, Noticing) and leaving.mark in data:
            leaving.act()
            leaving = None
        found = _told(data, left=False)
        if found.whole:
            return found
        try:
            more = await reader.read(65536)
        except ConnectionError:
            return _told(data, left=True)
        if not more:
            return _told(data, left=False)
        data += more


def _told(data: bytes, *, left: bool) -> Told:
    head, end, rest = data.partition(b"\r\n\r\n")
    if not end:
        return Told()
    first, *lines = head.decode("latin-1").split("\r\n")
    pairs = (line.partition(":") for line in lines)
    headers = {name.lower(): value.strip() for name, _, value in pairs}
    status = int(first.split()[1])
    if headers.get("transfer-encoding") == "chunked":
        body, whole = _dechunked(rest)
    else:
        body, whole = rest, len(rest) == int(headers.get("content-length", "-1"))
    return Told(status, headers, body, whole and not left)


def _dechunked(data: bytes) -> tuple[bytes, bool]:
    found = b""
    while True:
        size, end, rest = data.partition(b"\r\n")
        if not end or len(rest) < int(size, 16) + 2:
            return found, False
        if int(size, 16) == 0:
            return found, True
        found += rest[: int(size, 16)]
        data = rest[int(size, 16) + 2 :]
