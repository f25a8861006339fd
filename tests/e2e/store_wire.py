"""The wire between one process and the local AWS: a TCP relay that a test can cut, and mend."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

State = Literal["open", "refused", "silent"]


class StoreWire:
    """`refused`: connections are reset, those there are too. `silent`: they stay, new ones are taken, and nothing goes through."""

    def __init__(self, port: int) -> None:
        self._target = port
        self._state: State = "open"
        self._flowing = asyncio.Event()
        self._flowing.set()
        self._writers: set[asyncio.StreamWriter] = set()
        self.port = 0

    async def start(self) -> asyncio.Server:
        """Listen on a free loopback port."""
        server = await asyncio.start_server(self._connected, "127.0.0.1", 0, backlog=256)
        self.port = server.sockets[0].getsockname()[1]
        return server

    async def become(self, state: State) -> None:
        """What the wire does from now on."""
        self._state = state
        if state == "silent":
            self._flowing.clear()
        else:
            self._flowing.set()
        if state == "refused":
            for writer in list(self._writers):
                writer.transport.abort()

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._state == "refused":
            writer.transport.abort()
            return
        with contextlib.suppress(OSError):
            there, back = await asyncio.open_connection("127.0.0.1", self._target)
            self._writers |= {writer, back}
            try:
                await asyncio.gather(self._pass_on(reader, back), self._pass_on(there, writer))
            finally:
                for end in (writer, back):
                    self._writers.discard(end)
                    end.transport.abort()

    async def _pass_on(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while data := await source.read(65536):
                await self._flowing.wait()
                sink.write(data)
                await sink.drain()
        sink.transport.abort()


class BackgroundWire:
    """A `StoreWire` on a thread of its own."""

    def __init__(self, wire: StoreWire, loop: asyncio.AbstractEventLoop) -> None:
        self._wire = wire
        self._loop = loop
        self.url = f"http://127.0.0.1:{wire.port}"

    def become(self, state: State) -> None:
        """See `StoreWire.become`; it is so when this returns."""
        asyncio.run_coroutine_threadsafe(self._wire.become(state), self._loop).result(5)


@contextmanager
def store_wire(port: int) -> Iterator[BackgroundWire]:
    """A wire to a loopback port for the length of the block."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="store wire", daemon=True)
    thread.start()
    wire = StoreWire(port)
    server = asyncio.run_coroutine_threadsafe(wire.start(), loop).result(5)
    try:
        yield BackgroundWire(wire, loop)
    finally:
        asyncio.run_coroutine_threadsafe(wire.become("refused"), loop).result(5)
        loop.call_soon_threadsafe(server.close)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(5)
