"""The byte-exact upstream: a raw HTTP/1.1 server on loopback that answers as its rules say and keeps a journal.

In a test, on the test's own loop:

    async with Upstream() as upstream:
        upstream.add(events(stream), path="/v1/chat/completions")
        ... let the gateway call upstream.url ...
        assert upstream.journal[0].body == b"..."

In a synchronous test use `tests.upstream.background.serving`; as a process of its own, `python -m tests.upstream`.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Callable
from types import TracebackType

from tests.upstream.connection import Connection
from tests.upstream.journal import Recorded
from tests.upstream.rules import Answer, Rule, choose
from tests.upstream.steps import Steps

HOST = "127.0.0.1"


class Upstream:
    """One listener with its rules, gates and journal. With `tls` it speaks HTTPS (see `tests.upstream.tls`)."""

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self.rules: list[Rule] = []
        self.journal: list[Recorded] = []
        self.connections: set[Connection] = set()
        self.accepted = 0
        self.port = 0
        self._tls = tls
        self._gates: dict[str, asyncio.Event] = {}
        self._on_connect: list[Steps] = []
        self._numbers = 0
        self._changed = asyncio.Event()
        self._server: asyncio.Server | None = None

    # life

    async def start(self, port: int = 0) -> None:
        """Listen on 127.0.0.1; port 0 takes a free one."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(self._accept, HOST, port, ssl=self._tls, backlog=1024)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Stop listening and abort every connection."""
        if self._server is not None:
            self._server.close()
        for connection in list(self.connections):
            await connection.stop()

    async def __aenter__(self) -> Upstream:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

    @property
    def url(self) -> str:
        """`http://127.0.0.1:<port>`, or https with TLS; no trailing slash."""
        return f"{'https' if self._tls else 'http'}://{HOST}:{self.port}"

    # what a test sets

    def add(
        self, *replies: Answer, path: str | None = None, method: str | None = None, model: str | None = None
    ) -> Rule:
        """Answer matching requests with these replies in order, the last for ever; a newer rule goes before older ones."""
        if not replies:
            raise ValueError("a rule needs a reply")
        rule = Rule(replies, path, method, model)
        self.rules.append(rule)
        return rule

    def on_connect(self, *scripts: Steps) -> None:
        """Run these, one per coming connection, before anything is read from it. A script without Close or Reset then goes on as usual."""
        self._on_connect.extend(scripts)

    def forget_connect_scripts(self) -> None:
        """Drop the scripts that no connection has used."""
        self._on_connect.clear()

    def open(self, *names: str) -> None:
        """Open gates; also before anybody waits there."""
        for name in names:
            self.gate(name).set()

    def reset(self) -> None:
        """Forget rules, gates, connect scripts and the journal; connections stay."""
        self.rules.clear()
        self._gates.clear()
        self._on_connect.clear()
        self.journal.clear()

    # what a test asks

    async def seen(self, count: int = 1, timeout: float = 5.0) -> list[Recorded]:
        """The journal, as soon as it holds `count` requests."""
        await self.until(lambda: len(self.journal) >= count, timeout)
        return self.journal

    async def until(self, holds: Callable[[], bool], timeout: float = 5.0) -> None:
        """Wait until a condition on this upstream holds; TimeoutError after `timeout` seconds."""
        async with asyncio.timeout(timeout):
            while not holds():
                self._changed.clear()
                await self._changed.wait()

    async def quiet(self, timeout: float = 5.0) -> None:
        """Wait until no connection is open."""
        await self.until(lambda: not self.connections, timeout)

    # what a connection asks

    def gate(self, name: str) -> asyncio.Event:
        """The gate of this name."""
        return self._gates.setdefault(name, asyncio.Event())

    def connect_script(self) -> Steps:
        """The next connect script, or none."""
        return self._on_connect.pop(0) if self._on_connect else ()

    def choose(self, request: Recorded) -> Steps:
        """The reply to a request."""
        return choose(self.rules, request)

    def next_number(self) -> int:
        """Numbers requests from 1."""
        self._numbers += 1
        return self._numbers

    def record(self, request: Recorded) -> None:
        """Take a whole request into the journal."""
        self.journal.append(request)
        self._changed.set()

    def lost(self, connection: Connection) -> None:
        """A connection has ended."""
        self.connections.discard(connection)
        self._changed.set()

    def _accept(self) -> Connection:
        self.accepted += 1
        self._changed.set()
        return Connection(self, self.accepted)


class ClosedPort:
    """A loopback port where nobody listens: connecting is refused. The port is held, so that nobody else takes it meanwhile."""

    def __init__(self) -> None:
        self._socket = socket.socket()
        self._socket.bind((HOST, 0))
        self.port: int = self._socket.getsockname()[1]

    @property
    def url(self) -> str:
        """`http://127.0.0.1:<port>`."""
        return f"http://{HOST}:{self.port}"

    def close(self) -> None:
        """Give the port back."""
        self._socket.close()


class FullPort:
    """A loopback port whose accept queue is full: connecting hangs until the client's connect timeout."""

    def __init__(self) -> None:
        self._socket = socket.socket()
        self._socket.bind((HOST, 0))
        self._socket.listen(0)
        self.port: int = self._socket.getsockname()[1]
        self._fillers = [self._filler() for _ in range(4)]

    @property
    def url(self) -> str:
        """`http://127.0.0.1:<port>`."""
        return f"http://{HOST}:{self.port}"

    def close(self) -> None:
        """Give the port back."""
        for filler in self._fillers:
            filler.close()
        self._socket.close()

    def _filler(self) -> socket.socket:
        filler = socket.socket()
        filler.setblocking(False)
        filler.connect_ex((HOST, self.port))
        return filler
