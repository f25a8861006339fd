"""The little of HTTP that the demo upstream needs, over ASGI."""

from __future__ import annotations

import asyncio
import json
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, MutableMapping
from dataclasses import dataclass, field
from typing import Any

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[MutableMapping[str, Any], Receive, Send], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Request:
    """A whole request; header names are lower-case. `body` is the decoded JSON object, {} when there is none."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Reply:
    """A whole JSON answer, or a stream of bytes when `stream` is set."""

    body: Any = None
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    stream: AsyncIterator[bytes] | None = None
    media_type: str = "application/json"


def new_id(prefix: str, length: int = 24) -> str:
    """An identifier that looks like the vendor's."""
    return prefix + secrets.token_hex(length)[:length]


def to_bytes(value: Any) -> bytes:
    """Compact JSON."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()


def sse(value: Any, event: str | None = None) -> bytes:
    """One server-sent event. https://html.spec.whatwg.org/multipage/server-sent-events.html"""
    head = f"event: {event}\n".encode() if event else b""
    return head + b"data: " + to_bytes(value) + b"\n\n"


async def read_body(receive: Receive) -> bytes:
    """The request's body, as far as the client sent it."""
    parts = []
    while True:
        message = await receive()
        parts.append(message.get("body", b""))
        if message["type"] != "http.request" or not message.get("more_body", False):
            return b"".join(parts)


async def respond(reply: Reply, receive: Receive, send: Send) -> None:
    """Send the answer; a stream ends early when the client has gone."""
    headers = {"content-type": reply.media_type, **reply.headers}
    body = b"" if reply.stream is not None else to_bytes(reply.body)
    if reply.stream is None:
        headers["content-length"] = str(len(body))
    pairs = [(name.encode(), value.encode()) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": reply.status, "headers": pairs})
    if reply.stream is not None:
        await _pump(reply.stream, receive, send)
    await send({"type": "http.response.body", "body": body, "more_body": False})


async def _pump(stream: AsyncIterator[bytes], receive: Receive, send: Send) -> None:
    gone = asyncio.ensure_future(receive())
    try:
        async for part in stream:
            if gone.done():
                return
            await send({"type": "http.response.body", "body": part, "more_body": True})
    finally:
        gone.cancel()
