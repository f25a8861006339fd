"""A loopback server that stands between the client and the local AWS and misbehaves on request.

Each HTTP request takes the next step of `script` (after its end, `PASS`). `seen` lists the operations as they arrived.
"""

from __future__ import annotations

import asyncio
import json
import ssl
from dataclasses import dataclass, field
from urllib.parse import urlsplit

PASS = "pass"
DROP_BEFORE = "drop-before"  # close without doing anything
DROP_AFTER = "drop-after"  # let the backend do it, then close without an answer
HANG = "hang"  # never answer
GARBAGE = "garbage"  # 200 with something that is not JSON
HALF = "half"  # a body shorter than announced


def refuse(status: int, code: str) -> tuple[int, bytes]:
    """An answer in AWS's JSON error form."""
    return status, json.dumps({"__type": f"com.amazonaws#{code}", "message": "as scripted"}).encode()


@dataclass
class Faulty:
    """With `tls` it speaks HTTPS as `localhost`. `backend` is the local AWS's URL, or None when no step passes on."""

    backend: str | None = None
    script: list[object] = field(default_factory=list)
    seen: list[str] = field(default_factory=list)
    requests: list[bytes] = field(default_factory=list)
    url: str = ""
    tls: ssl.SSLContext | None = None
    _server: asyncio.Server | None = None
    _tasks: set[asyncio.Task] = field(default_factory=set)

    async def __aenter__(self) -> Faulty:
        self._server = await asyncio.start_server(self._connection, "127.0.0.1", 0, ssl=self.tls)
        port = self._server.sockets[0].getsockname()[1]
        self.url = f"https://localhost:{port}" if self.tls else f"http://127.0.0.1:{port}"
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._server.wait_closed()

    async def _connection(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._tasks.add(asyncio.current_task())
        try:
            while await self._request(reader, writer):
                pass
        except (asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            pass
        finally:
            writer.close()
            self._tasks.discard(asyncio.current_task())

    def hang_up(self) -> None:
        """Close every connection from this side."""
        for task in list(self._tasks):
            task.cancel()

    async def _request(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        head = await reader.readuntil(b"\r\n\r\n")
        fields = {
            name.lower(): value.strip() for name, _, value in (line.partition(b":") for line in head.split(b"\r\n")[1:])
        }
        body = await reader.readexactly(int(fields.get(b"content-length", b"0")))
        self.seen.append(fields.get(b"x-amz-target", head.split()[0]).decode().rpartition(".")[2])
        self.requests.append(head + body)
        step = self.script.pop(0) if self.script else PASS
        return await self._play(step, head, body, writer)

    async def _play(self, step: object, head: bytes, body: bytes, writer: asyncio.StreamWriter) -> bool:
        if step == DROP_BEFORE:
            return False
        if step == HANG:
            await asyncio.Event().wait()
        if step == GARBAGE:
            step = (200, b"<html>not what you wanted</html>")
        if step == HALF:
            writer.write(b'HTTP/1.1 200 OK\r\ncontent-length: 500\r\n\r\n{"It')
            await writer.drain()
            return False
        if isinstance(step, tuple):
            status, answer = step
            writer.write(
                b"HTTP/1.1 %d X\r\ncontent-length: %d\r\nx-amzn-requestid: REQ1\r\n\r\n" % (status, len(answer))
                + answer
            )
        else:
            answer = await self._forward(head, body)
            if step == DROP_AFTER:
                return False
            writer.write(answer)
        await writer.drain()
        return isinstance(step, tuple)

    async def _forward(self, head: bytes, body: bytes) -> bytes:
        place = urlsplit(self.backend)
        reader, writer = await asyncio.open_connection(place.hostname, place.port)
        writer.write(head[:-2] + b"connection: close\r\n\r\n" + body)
        await writer.drain()
        answer = await reader.read()
        writer.close()
        return answer
