"""What the applications of these tests say, and small applications."""

from __future__ import annotations

import asyncio

from tests.runtime.fake_runtime_api import Call

from gateway.runtime.bridge import Message, Receive, Scope, Send

START = {"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/event-stream")]}


def body(data: bytes, more: bool = False) -> Message:
    return {"type": "http.response.body", "body": data, "more_body": more}


async def polled(call: Call) -> None:
    """The runtime has asked for the event after `call`'s; waits without blocking the loop under test."""
    await asyncio.to_thread(call.wait_polled)


async def hello(scope: Scope, receive: Receive, send: Send) -> None:
    await send(START)
    await send(body(b"hello"))
