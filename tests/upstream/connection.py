"""One connection: reads requests byte by byte, runs the steps of their replies, notices when the client leaves.

Theory of operation. The protocol collects what arrives in `_buffer` and wakes the runner. The runner loops: connect script, request, reply.
While a reply runs, `_gone` is watched beside it; the client's FIN or RST sets it and ends the reply there and then.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import struct
from collections.abc import Coroutine
from typing import TYPE_CHECKING, Any

from tests.upstream.journal import Outcome, Recorded
from tests.upstream.steps import Close, Gate, Reset, Send, Stall, Step, Steps

if TYPE_CHECKING:
    from tests.upstream.server import Upstream

LINGER_ZERO = struct.pack("ii", 1, 0)


class ClientLeft(Exception):
    """The client closed its side."""


class Connection(asyncio.Protocol):
    """One accepted connection of an `Upstream`."""

    def __init__(self, upstream: Upstream, number: int) -> None:
        self._upstream = upstream
        self._number = number
        self._buffer = bytearray()
        self._arrived = asyncio.Event()
        self._writable = asyncio.Event()
        self._writable.set()
        self._gone = asyncio.Event()
        self._transport: asyncio.Transport | None = None
        self._runner: asyncio.Task[None] | None = None

    # asyncio.Protocol

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._upstream.connections.add(self)
        self._runner = asyncio.get_running_loop().create_task(self._run())

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        self._arrived.set()

    def eof_received(self) -> bool:
        self._gone.set()
        return False

    def connection_lost(self, exc: Exception | None) -> None:
        self._gone.set()
        self._writable.set()
        self._upstream.lost(self)

    def pause_writing(self) -> None:
        self._writable.clear()

    def resume_writing(self) -> None:
        self._writable.set()

    # the story

    async def stop(self) -> None:
        """End the connection and its runner."""
        if self._runner is not None:
            self._runner.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._runner
        if self._transport is not None:
            self._transport.abort()

    async def _run(self) -> None:
        with contextlib.suppress(ClientLeft):
            ended: Outcome = "sent"
            script = self._upstream.connect_script()
            if script:
                ended = await self._perform(script, None)
            while ended == "sent":
                request = await self._request()
                self._upstream.record(request)
                ended = await self._answer(request)

    async def _answer(self, request: Recorded) -> Outcome:
        try:
            request.outcome = await self._perform(self._upstream.choose(request), request)
        except ClientLeft:
            request.outcome = "client_left"
            raise
        except asyncio.CancelledError:
            request.outcome = "stopped"
            raise
        finally:
            request.finished.set()
        return request.outcome

    async def _perform(self, steps: Steps, request: Recorded | None) -> Outcome:
        for step in steps:
            ended = await self._step(step, request)
            if ended is not None:
                return ended
        return "sent"

    async def _step(self, step: Step, request: Recorded | None) -> Outcome | None:
        assert self._transport is not None
        if isinstance(step, Send):
            await self._send(step, request)
        elif isinstance(step, Gate):
            await self._or_gone(self._upstream.gate(step.name).wait())
        elif isinstance(step, Stall):
            await self._or_gone(asyncio.Event().wait())
        elif isinstance(step, Reset):
            self._reset()
            return "reset"
        elif isinstance(step, Close):
            self._transport.close()
            return "closed"
        return None

    async def _send(self, step: Send, request: Recorded | None) -> None:
        assert self._transport is not None
        await asyncio.sleep(0)  # lets data and FIN that already arrived be seen, and keeps writes apart
        if self._gone.is_set():
            raise ClientLeft
        self._transport.write(step.data)
        await self._or_gone(self._writable.wait())
        if request is not None:
            request.sent += step.body

    def _reset(self) -> None:
        assert self._transport is not None
        sock = self._transport.get_extra_info("socket")
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, LINGER_ZERO)
        self._transport.abort()

    # reading

    async def _request(self) -> Recorded:
        raw_head = await self._until(b"\r\n\r\n")
        request = Recorded(self._upstream.next_number(), self._number, raw_head)
        if (request.header("expect") or "").lower() == "100-continue":
            await self._send(Send(b"HTTP/1.1 100 Continue\r\n\r\n"), None)
        if (request.header("transfer-encoding") or "").lower() == "chunked":
            await self._read_chunks(request)
        else:
            request.body = request.raw_body = await self._exactly(int(request.header("content-length") or 0))
        return request

    async def _read_chunks(self, request: Recorded) -> None:
        while True:
            line = await self._until(b"\r\n")
            size = int(line.split(b";")[0], 16)
            data = await self._exactly(size) if size else b""
            end = await self._until(b"\r\n")
            request.raw_body += line + data + end
            request.body += data
            if not size:
                return

    async def _until(self, mark: bytes) -> bytes:
        while (at := self._buffer.find(mark)) < 0:
            await self._more()
        return self._take(at + len(mark))

    async def _exactly(self, size: int) -> bytes:
        while len(self._buffer) < size:
            await self._more()
        return self._take(size)

    def _take(self, size: int) -> bytes:
        data = bytes(self._buffer[:size])
        del self._buffer[:size]
        return data

    async def _more(self) -> None:
        self._arrived.clear()
        await self._or_gone(self._arrived.wait())

    async def _or_gone(self, waiting: Coroutine[Any, Any, Any]) -> None:
        """Wait for something, or ClientLeft when the client goes first."""
        first = asyncio.ensure_future(waiting)
        gone = asyncio.ensure_future(self._gone.wait())
        try:
            done, _ = await asyncio.wait({first, gone}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            first.cancel()
            gone.cancel()
        if first not in done:
            raise ClientLeft
