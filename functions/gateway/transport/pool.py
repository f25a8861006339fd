"""Idle connections by destination, and the life of one exchange.

A destination is an address that was judged before (see `upstream.guard`), the port, and the name to verify in TLS: the pool never resolves a name of
its own accord, so nothing can be slipped in between the judgement and the connection.
"""

from __future__ import annotations

import asyncio
import re
import ssl
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from types import TracebackType
from typing import Final

from gateway.transport.connection import Connection, Headers
from gateway.transport.faults import NotConnected, NotConnectedInTime, UnsendableHeader

# Peers close idle connections after a minute or more; a frozen environment does not notice. Older ones are not trusted.
_IDLE_SECONDS: Final = 55.0
_BAD_NAME: Final = re.compile(rb"[^!#$%&'*+\-.^_`|~0-9A-Za-z]")
_BAD_VALUE: Final = re.compile(rb"[\r\n\0]")


@dataclass(frozen=True, slots=True)
class Destination:
    """`server_name` is the host to verify in TLS, None for plain HTTP."""

    address: str
    port: int
    server_name: str | None


@dataclass(frozen=True, slots=True)
class _Idle:
    connection: Connection
    since: float


def request_head(method: bytes, target: bytes, headers: Iterable[tuple[bytes, bytes]]) -> bytes:
    """The request line and headers as bytes; UnsendableHeader when one of them would break the framing (request splitting)."""
    lines = [method + b" " + target + b" HTTP/1.1"]
    if _BAD_VALUE.search(target) or b" " in target:
        raise UnsendableHeader("the request target holds a space or a line break")
    for name, value in headers:
        if not name or _BAD_NAME.search(name) or _BAD_VALUE.search(value):
            raise UnsendableHeader("a header holds a character that must not be sent")
        lines.append(name + b": " + value)
    return b"\r\n".join(lines) + b"\r\n\r\n"


class Pool:
    """Connections of one event loop. `wall` gives Unix seconds: unlike a monotonic clock it goes on while an environment is frozen."""

    def __init__(self, wall: Callable[[], float], tls: ssl.SSLContext | None = None) -> None:
        self._wall = wall
        self._tls = tls
        self._idle: dict[Destination, list[_Idle]] = {}
        self.opened = 0

    def exchange(self, destination: Destination, head: bytes, body: bytes, connect_timeout: float) -> Exchange:
        """One request and its answer, as a context: leaving it early closes the connection at once."""
        return Exchange(self, destination, head, body, connect_timeout)

    async def acquire(self, destination: Destination, connect_timeout: float) -> Connection:
        """An idle connection that is still alive, else a new one."""
        stack = self._idle.get(destination)
        while stack:
            idle = stack.pop()
            if self._wall() - idle.since < _IDLE_SECONDS and idle.connection.alive:
                return idle.connection
            idle.connection.abort()
        try:
            async with asyncio.timeout(connect_timeout):
                return await self._connect(destination)
        except TimeoutError:
            raise NotConnectedInTime("no connection in time") from None
        except (OSError, ssl.SSLError, ssl.CertificateError):
            raise NotConnected("the connection was refused, has no route, or TLS failed") from None

    async def _connect(self, destination: Destination) -> Connection:
        context = None
        if destination.server_name is not None:
            if self._tls is None:
                self._tls = ssl.create_default_context()
            context = self._tls
        self.opened += 1
        _, connection = await asyncio.get_running_loop().create_connection(
            Connection,
            destination.address,
            destination.port,
            ssl=context,
            server_hostname=destination.server_name if context is not None else None,
        )
        return connection

    def release(self, destination: Destination, connection: Connection) -> None:
        """Keep a connection whose answer was read to its end; close any other."""
        if connection.reusable:
            stack = self._idle.setdefault(destination, [])
            now = self._wall()
            if stack and now - stack[0].since >= _IDLE_SECONDS:
                # Taken from the top, given back to the top: the ones below would otherwise lie there for ever.
                stack.pop(0).connection.abort()
            stack.append(_Idle(connection, now))
        else:
            connection.abort()

    def close(self) -> None:
        """Close every idle connection."""
        idle, self._idle = self._idle, {}
        for stack in idle.values():
            for entry in stack:
                entry.connection.abort()


class Exchange:
    """One request and its answer. Inside the context `status` and `headers` (names lower-case, raw bytes) are known."""

    __slots__ = ("_body", "_connect_timeout", "_connection", "_destination", "_head", "_pool")

    def __init__(self, pool: Pool, destination: Destination, head: bytes, body: bytes, connect_timeout: float) -> None:
        self._pool = pool
        self._destination = destination
        self._head = head
        self._body = body
        self._connect_timeout = connect_timeout
        self._connection: Connection | None = None

    async def __aenter__(self) -> Exchange:
        connection = await self._pool.acquire(self._destination, self._connect_timeout)
        self._connection = connection
        try:
            await connection.send(self._head, self._body)
        except BaseException:
            connection.abort()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._connection is not None:
            self._pool.release(self._destination, self._connection)

    @property
    def status(self) -> int:
        """HTTP status of the answer."""
        assert self._connection is not None
        return self._connection.status

    @property
    def headers(self) -> Headers:
        """Headers of the answer."""
        assert self._connection is not None
        return self._connection.headers

    async def chunk(self) -> bytes | None:
        """Next body bytes, None at the end; see `Connection.chunk`."""
        assert self._connection is not None
        return await self._connection.chunk()

    async def read(self, limit: int = 64 * 1024 * 1024) -> bytes:
        """The whole body; ValueError past `limit` bytes."""
        parts: list[bytes] = []
        size = 0
        while (part := await self.chunk()) is not None:
            parts.append(part)
            size += len(part)
            if size > limit:
                raise ValueError("the answer is too large")
        return b"".join(parts)
