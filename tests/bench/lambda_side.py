"""A Runtime API that does nothing but hand out one event after the other and note times: the bench's side of Lambda."""

from __future__ import annotations

import asyncio
import contextlib
import json
import time
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Sample:
    """Seconds (monotonic) of one invocation: handed out, first body byte, end of the client's stream; and the body."""

    started: float
    first: float = 0.0
    ended: float = 0.0
    body: bytearray = field(default_factory=bytearray)


def rest_event(body: dict[str, Any], key: str, method: str = "POST", path: str = "/v1/chat/completions") -> bytes:
    """A REST API proxy event as API Gateway sends it."""
    return json.dumps(
        {
            "resource": "/{proxy+}",
            "path": path,
            "httpMethod": method,
            "headers": {"content-type": "application/json"},
            "multiValueHeaders": {
                "content-type": ["application/json"],
                "authorization": [f"Bearer {key}"],
                "user-agent": ["OpenAI/Python 3.52.0"],
                "x-stainless-lang": ["python"],
                "accept": ["application/json"],
            },
            "queryStringParameters": None,
            "multiValueQueryStringParameters": None,
            "requestContext": {"stage": "prod", "identity": {"sourceIp": "203.0.113.7"}, "requestId": "bench"},
            "body": json.dumps(body),
            "isBase64Encoded": False,
        }
    ).encode()


_PATIENCE_S = 60.0


class LambdaSide:
    """Serves one runtime process. `invoke` returns when the client's stream has ended; `idle` when the runtime polls again."""

    def __init__(self) -> None:
        self._events: asyncio.Queue[tuple[bytes, Sample, asyncio.Future[Sample]]] = asyncio.Queue()
        self._polling = asyncio.Event()
        self.port = 0

    async def start(self) -> None:
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0, limit=16 * 1024 * 1024)
        self.port = server.sockets[0].getsockname()[1]

    async def invoke(self, event: bytes) -> Sample:
        """Hand out one event."""
        done: asyncio.Future[Sample] = asyncio.get_running_loop().create_future()
        await self._events.put((event, Sample(0.0), done))
        async with asyncio.timeout(
            _PATIENCE_S
        ):  # a runtime that could not start says so above, and never asks for an event
            return await done

    async def idle(self) -> None:
        """Until the runtime asks for the next event: its after-work is done."""
        await self._polling.wait()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):  # the runtime was stopped
            await self._converse(reader, writer)

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        current: tuple[Sample, asyncio.Future[Sample]] | None = None
        while head := await reader.readuntil(b"\r\n\r\n"):
            if b"/invocation/next" in head:
                self._polling.set()
                event, sample, done = await self._events.get()
                self._polling.clear()
                current = (sample, done)
                deadline = int((time.time() + 900) * 1000)
                sample.started = time.monotonic()
                writer.write(
                    b"HTTP/1.1 200 OK\r\nlambda-runtime-aws-request-id: bench\r\nlambda-runtime-deadline-ms: %d\r\n"
                    b"lambda-runtime-invoked-function-arn: arn:bench\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n%b"
                    % (deadline, len(event), event)
                )
            else:
                assert current is not None, head
                await self._response(reader, *current)
                writer.write(b"HTTP/1.1 202 Accepted\r\ncontent-length: 0\r\n\r\n")

    async def _response(self, reader: asyncio.StreamReader, sample: Sample, done: asyncio.Future[Sample]) -> None:
        prelude = True
        while size := int(await reader.readline(), 16):
            data = await reader.readexactly(size)
            await reader.readexactly(2)
            if prelude and b"\0" * 8 in data:
                data = data.partition(b"\0" * 8)[2]
                prelude = False
            if data and not sample.first:
                sample.first = time.monotonic()
            sample.body += data
        sample.ended = time.monotonic()
        while await reader.readline() != b"\r\n":
            pass
        done.set_result(sample)
