"""One HTTP/1.1 connection: one exchange at a time, many in its life. https://www.rfc-editor.org/rfc/rfc9112

Theory of operation: `send` writes a whole request and arms a future for the head. The parser (llhttp) calls back as bytes arrive: interim 1xx heads
are skipped, body parts go into a queue that `chunk` empties; reading pauses while the queue is long, so a slow client slows the upstream down.
An answer is whole when the parser says so, or, for an answer delimited by the connection's end, when the peer ends in an orderly way. Anything
else is `Closed`. After a whole answer the connection may be used again if both sides agreed and nothing arrived beyond it.
"""

from __future__ import annotations

import asyncio
import select
from collections import deque
from typing import Final, cast

import httptools

from gateway.transport.faults import Closed, NotHttp, TransportFault

Headers = list[tuple[bytes, bytes]]

_PAUSE_ABOVE: Final = 1024 * 1024
_RESUME_BELOW: Final = 256 * 1024
_MAX_HEAD: Final = 128 * 1024


class Connection(asyncio.Protocol):
    """See the module's theory of operation. Not for concurrent exchanges."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._transport: asyncio.Transport | None = None
        self._parts: deque[bytes] = deque()
        self._queued = 0
        self._paused = False
        self._waiter: asyncio.Future[None] | None = None
        self._fault: TransportFault | None = None
        self._used = False
        self._reset()

    def _reset(self) -> None:
        self._parser = httptools.HttpResponseParser(self)
        self.status = 0
        self.headers: Headers = []
        self._head_size = 0
        self._lines_size = 0
        self._head_done = False
        self._whole = False
        self._framed = False
        self._keep = False

    # -- what a caller does -------------------------------------------------------------------------------------------

    async def send(self, head: bytes, body: bytes) -> None:
        """Write one request (`head` ends in its blank line) and wait for the head of the answer."""
        if self._used:
            self._reset()
        self._used = True
        if self._transport is None or self._fault is not None:
            raise self._fault or Closed("the connection is closed")
        self._transport.write(head + body if len(body) < 65536 else head)
        if len(body) >= 65536:
            self._transport.write(body)
        while not self._head_done:
            await self._wait()

    async def chunk(self) -> bytes | None:
        """The next body bytes as they arrived; None when the answer is whole; `Closed` or `NotHttp` when it never will be."""
        while True:
            if self._parts:
                part = self._parts.popleft()
                self._queued -= len(part)
                if self._paused and self._queued < _RESUME_BELOW and self._transport is not None:
                    self._paused = False
                    self._transport.resume_reading()
                return part
            if self._whole:
                return None
            await self._wait()

    @property
    def reusable(self) -> bool:
        """True when the answer was read to its end and the peer keeps the connection open."""
        return self._whole and self._keep and not self._parts and self.alive

    @property
    def alive(self) -> bool:
        """False once the peer closed: the socket of an idle connection must have nothing to say, not even after a freeze."""
        if self._transport is None or self._fault is not None or self._transport.is_closing():
            return False
        socket = self._transport.get_extra_info("socket")
        poll = select.poll()
        poll.register(socket.fileno(), select.POLLIN | select.POLLHUP | select.POLLERR)
        return not poll.poll(0)

    def abort(self) -> None:
        """Close at once; the peer sees it now."""
        if self._transport is not None:
            self._transport.abort()

    async def _wait(self) -> None:
        if self._fault is not None:
            raise self._fault
        self._waiter = self._loop.create_future()
        try:
            await self._waiter
        finally:
            self._waiter = None

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)

    def _fail(self, fault: TransportFault) -> None:
        if self._fault is None and not self._whole:
            self._fault = fault
        self._keep = False
        self._wake()

    # -- what asyncio calls -------------------------------------------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The socket is open."""
        # uvloop's transports do not inherit asyncio.Transport.
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        """Bytes arrived."""
        if self._whole or not self._used:
            self._keep = False
            self.abort()
            return
        if not self._head_done:
            # Raw bytes are counted, interim answers included: the parser keeps an endless line without calling back.
            self._head_size += len(data)
        try:
            self._parser.feed_data(data)
        except (httptools.HttpParserError, httptools.HttpParserUpgrade):
            # After a whole answer this is surplus, and `_fail` only gives the connection up.
            self._fail(NotHttp("the answer is not HTTP"))
            self.abort()
        if not self._head_done and self._head_size > _MAX_HEAD:
            self._fail(NotHttp("the head of the answer is too long"))
            self.abort()

    def eof_received(self) -> bool:
        """The peer ended its side."""
        if self._head_done and not self._framed:
            self._whole = True
            self._keep = False
            self._wake()
        else:
            self._fail(Closed("the peer closed the connection before the answer was whole"))
        return False

    def connection_lost(self, exc: Exception | None) -> None:
        """The socket is gone."""
        del exc
        self._transport = None
        self._fail(Closed("the connection was lost before the answer was whole"))

    # -- what the parser calls ----------------------------------------------------------------------------------------

    def on_header(self, name: bytes, value: bytes) -> None:
        """One header line."""
        if not self._head_done:
            self._lines_size += len(name) + len(value)
            if self._lines_size > _MAX_HEAD:
                # A head that came in one piece with its end: the parser turns this into an error of its own.
                raise ValueError("the head of the answer is too long")
            self.headers.append((name.lower(), value))

    def on_message_begin(self) -> None:
        """A second answer in the bytes of the first belongs to nobody: it is dropped, and the connection with it."""
        if self._whole:
            self._keep = False

    def on_headers_complete(self) -> None:
        """The head is complete; an interim one is forgotten."""
        if self._head_done:
            return
        status = self._parser.get_status_code()
        if status < 200:
            self.headers = []
            return
        self.status = status
        names = {name for name, _ in self.headers}
        self._framed = bool(names & {b"content-length", b"transfer-encoding"}) or status in {204, 304}
        self._keep = self._parser.should_keep_alive()
        self._head_done = True
        self._wake()

    def on_body(self, data: bytes) -> None:
        """Some body bytes, chunk framing removed."""
        if self._whole:
            return
        self._parts.append(data)
        self._queued += len(data)
        if self._queued > _PAUSE_ABOVE and not self._paused and self._transport is not None:
            self._paused = True
            self._transport.pause_reading()
        self._wake()

    def on_message_complete(self) -> None:
        """The answer is whole."""
        if self._head_done:
            self._whole = True
            self._wake()
