"""What stands between the processes and the local AWS: every call can be counted, refused, held, done without an answer, or be the last one."""

from __future__ import annotations

import asyncio
import contextlib
import json
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Literal

Answer = Literal["backend", "none", "never"]


@dataclass(frozen=True, slots=True)
class StoreCall:
    """One request of a process. `kind` tells the transactions of a request apart, `process` is the name of who sent it."""

    process: str
    operation: str
    body: bytes = field(repr=False)

    @property
    def kind(self) -> str:
        """`admit`, `settle`, else the operation."""
        if self.operation == "TransactWriteItems" and b'"hold#' in self.body:
            return "settle" if b'"Delete":' in self.body else "admit"
        return self.operation

    @property
    def writes(self) -> bool:
        """Whether it changes something."""
        return self.operation in {"PutItem", "UpdateItem", "DeleteItem", "TransactWriteItems"}


@dataclass(frozen=True, slots=True)
class Fate:
    """What becomes of a call: `gate` is waited for, `before` done, then it is passed on (or not), `after` done, then it is answered: by the
    store, not at all (the connection ends), never (it stays open), or with a status and a code of an error."""

    forward: bool = True
    answer: Answer | tuple[int, str] = "backend"
    before: Callable[[], None] | None = None
    after: Callable[[], None] | None = None
    gate: str = ""


PASS = Fate()
LOST = Fate(answer="none")
"""Done, and nobody hears of it."""
SILENT = Fate(forward=False, answer="never")
CUT = Fate(forward=False, answer="none")


def refuse(status: int, code: str) -> Fate:
    """An error of AWS; nothing is done."""
    return Fate(forward=False, answer=(status, code))


class StoreProxy:
    """One listener per process, all on one thread. `decide` is asked about each call; it runs on that thread and must not block."""

    def __init__(self, backend: int, loop: asyncio.AbstractEventLoop) -> None:
        self._backend = backend
        self._loop = loop
        self._gates: dict[str, asyncio.Event] = {}
        self._servers: dict[str, asyncio.Server] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self.decide: Callable[[StoreCall], Fate] = lambda _: PASS
        self.seen: list[StoreCall] = []

    def listen(self, process: str) -> str:
        """The address for a process of this name."""

        async def start() -> int:
            connected = lambda reader, writer: self._connected(process, reader, writer)  # noqa: E731
            server = await asyncio.start_server(connected, "127.0.0.1", 0, backlog=256)
            self._servers[process] = server
            port: int = server.sockets[0].getsockname()[1]
            return port

        return f"http://127.0.0.1:{asyncio.run_coroutine_threadsafe(start(), self._loop).result(5)}"

    def open(self, name: str) -> None:
        """Open a gate; it stays open."""
        self._loop.call_soon_threadsafe(lambda: self._gate(name).set())

    def forget(self) -> None:
        """All calls pass, and none was seen."""
        self.decide = lambda _: PASS
        self.seen = []

    def kinds(self, process: str | None = None) -> Counter[str]:
        """How many calls of each kind were seen."""
        return Counter(call.kind for call in self.seen if process in {None, call.process})

    async def close(self) -> None:
        """End everything."""
        for server in self._servers.values():
            server.close()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _gate(self, name: str) -> asyncio.Event:
        return self._gates.setdefault(name, asyncio.Event())

    async def _connected(self, process: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        there: list[asyncio.StreamWriter] = []
        with contextlib.suppress(OSError, EOFError, asyncio.CancelledError):
            await self._serve(process, reader, writer, there)
        for end in (writer, *there):
            end.transport.abort()
        self._tasks.discard(task)

    async def _serve(
        self,
        process: str,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        there: list[asyncio.StreamWriter],
    ) -> None:
        back: asyncio.StreamReader | None = None
        while True:
            head, body = await _message(reader)
            operation = _field(head, b"x-amz-target").rpartition(".")[2] or head.split(b" ", 1)[0].decode()
            call = StoreCall(process, operation, body)
            self.seen.append(call)
            fate = self.decide(call)
            if fate.gate:
                await self._gate(fate.gate).wait()
            if fate.before:
                fate.before()
            answer = b""
            if fate.forward:
                if back is None:
                    back, out = await asyncio.open_connection("127.0.0.1", self._backend)
                    there.append(out)
                there[0].write(head + body)
                answer = b"".join(await _message(back))
            if fate.after:
                fate.after()
            if fate.answer == "none":
                return
            if fate.answer == "never":
                await asyncio.Event().wait()
            if isinstance(fate.answer, tuple):
                answer = _error(*fate.answer)
            writer.write(answer)
            await writer.drain()


def _field(head: bytes, name: bytes) -> str:
    for line in head.split(b"\r\n")[1:]:
        key, _, value = line.partition(b":")
        if key.lower() == name:
            return value.strip().decode("latin-1")
    return ""


async def _message(reader: asyncio.StreamReader) -> tuple[bytes, bytes]:
    """Head and body of a message with a length, or of one in chunks (as it stands)."""
    head = await reader.readuntil(b"\r\n\r\n")
    if _field(head, b"transfer-encoding") == "chunked":
        body = b""
        while not body.endswith(b"0\r\n\r\n"):
            size = await reader.readuntil(b"\r\n")
            body += size + await reader.readexactly(int(size, 16) + 2)
        return head, body
    return head, await reader.readexactly(int(_field(head, b"content-length") or 0))


def _error(status: int, code: str) -> bytes:
    body = json.dumps({"__type": f"com.amazonaws.dynamodb.v20120810#{code}", "message": "as the test wants it"})
    return f"HTTP/1.1 {status} X\r\ncontent-length: {len(body)}\r\n\r\n{body}".encode()


@contextmanager
def store_proxy(backend: int) -> Iterator[StoreProxy]:
    """A proxy to a loopback port for the length of the block."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="store proxy", daemon=True)
    thread.start()
    proxy = StoreProxy(backend, loop)
    try:
        yield proxy
    finally:
        asyncio.run_coroutine_threadsafe(proxy.close(), loop).result(5)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(5)
