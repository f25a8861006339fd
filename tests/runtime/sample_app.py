"""A small ASGI application for the tests that run the runtime as a real process. Standard library only; never part of the product."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import Mapping
from typing import Any


async def create_app(environ: Mapping[str, str]) -> Any:
    if environ.get("SAMPLE_APP_FAILS"):
        raise RuntimeError("CONFIG_TABLE is not set")
    return SampleApp()


class SampleApp:
    def __init__(self) -> None:
        self.served = 0

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        request = await receive()
        self.served += 1
        action = getattr(self, "_" + scope["path"].strip("/"))
        await action(scope, request["body"], send)

    async def _echo(self, scope: Any, body: bytes, send: Any) -> None:
        facts = {
            "served": self.served,
            "method": scope["method"],
            "query": scope["query_string"].decode(),
            "headers": [[name.decode("latin-1"), value.decode("latin-1")] for name, value in scope["headers"]],
            "body": body.decode("latin-1"),
            "deadline": scope.get("gateway.deadline"),
            "python": list(sys.version_info[:2]),
            "cwd": os.getcwd(),
            "pid": os.getpid(),
        }
        await _start(send, 200, b"application/json")
        await send({"type": "http.response.body", "body": json.dumps(facts).encode()})

    async def _handshake(self, scope: Any, body: bytes, send: Any) -> None:
        """Sends part two only after the fake Runtime API has confirmed part one, and leaves a file after the client's stream has ended."""
        call = scope["aws.context"].aws_request_id
        await _start(send, 200, b"text/event-stream")
        await send({"type": "http.response.body", "body": b"part one", "more_body": True})
        await _ask(f"/test/chunks/{call}/2")
        await send({"type": "http.response.body", "body": b"part two"})
        await _ask(f"/test/ended/{call}")
        with open(json.loads(body)["after_work"], "w") as file:
            file.write("done")

    async def _large(self, scope: Any, body: bytes, send: Any) -> None:
        await _start(send, 200, b"application/octet-stream")
        await send({"type": "http.response.body", "body": bytes(range(256)) * 4096, "more_body": True})
        await send({"type": "http.response.body", "body": b"end"})

    async def _crash(self, scope: Any, body: bytes, send: Any) -> None:
        raise ValueError("sk-secret-in-a-message")

    async def _cut(self, scope: Any, body: bytes, send: Any) -> None:
        await _start(send, 200, b"text/event-stream")
        await send({"type": "http.response.body", "body": b"data: half", "more_body": True})
        raise ValueError("sk-secret-in-a-message")


async def _start(send: Any, status: int, content_type: bytes) -> None:
    await send({"type": "http.response.start", "status": status, "headers": [(b"content-type", content_type)]})


async def _ask(target: str) -> None:
    host, _, port = os.environ["AWS_LAMBDA_RUNTIME_API"].partition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(f"GET {target} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
    assert b" 204 " in await reader.readline()
    writer.close()
