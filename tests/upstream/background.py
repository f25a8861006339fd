"""The upstream on a thread of its own, for tests that are not asynchronous or whose clients block."""

from __future__ import annotations

import asyncio
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from tests.upstream.journal import Recorded
from tests.upstream.rules import Answer
from tests.upstream.server import Upstream
from tests.upstream.steps import Steps

T = TypeVar("T")


class BackgroundUpstream:
    """An `Upstream` reached from another thread; every call runs on the upstream's own loop and returns when it has happened."""

    def __init__(self, upstream: Upstream, loop: asyncio.AbstractEventLoop) -> None:
        self._upstream = upstream
        self._loop = loop

    @property
    def url(self) -> str:
        """See `Upstream.url`."""
        return self._upstream.url

    @property
    def port(self) -> int:
        """The listening port."""
        return self._upstream.port

    @property
    def journal(self) -> list[Recorded]:
        """A copy of the journal as it is now."""
        return self._call(lambda: list(self._upstream.journal))

    @property
    def accepted(self) -> int:
        """How many connections were accepted so far."""
        return self._call(lambda: self._upstream.accepted)

    @property
    def open_connections(self) -> int:
        """How many connections are open now."""
        return self._call(lambda: len(self._upstream.connections))

    def add(
        self, *replies: Answer, path: str | None = None, method: str | None = None, model: str | None = None
    ) -> None:
        """See `Upstream.add`."""
        self._call(lambda: self._upstream.add(*replies, path=path, method=method, model=model))

    def on_connect(self, *scripts: Steps) -> None:
        """See `Upstream.on_connect`."""
        self._call(lambda: self._upstream.on_connect(*scripts))

    def forget_connect_scripts(self) -> None:
        """See `Upstream.forget_connect_scripts`."""
        self._call(self._upstream.forget_connect_scripts)

    def open(self, *names: str) -> None:
        """See `Upstream.open`."""
        self._call(lambda: self._upstream.open(*names))

    def reset(self) -> None:
        """See `Upstream.reset`."""
        self._call(self._upstream.reset)

    def drop_connections(self) -> None:
        """Abort every open connection, so that the next request comes over a new one."""

        async def drop() -> None:
            for connection in list(self._upstream.connections):
                await connection.stop()

        asyncio.run_coroutine_threadsafe(drop(), self._loop).result(5)

    def seen(self, count: int = 1, timeout: float = 5.0) -> list[Recorded]:
        """See `Upstream.seen`."""
        return asyncio.run_coroutine_threadsafe(self._upstream.seen(count, timeout), self._loop).result(timeout + 1)

    def until(self, holds: Callable[[Upstream], bool], timeout: float = 5.0) -> None:
        """See `Upstream.until`; the condition gets the upstream and runs on its loop."""
        waiting = self._upstream.until(lambda: holds(self._upstream), timeout)
        asyncio.run_coroutine_threadsafe(waiting, self._loop).result(timeout + 1)

    def finished(self, request: Recorded, timeout: float = 5.0) -> Recorded:
        """The request, once its reply has ended one way or another."""
        asyncio.run_coroutine_threadsafe(asyncio.wait_for(request.finished.wait(), timeout), self._loop).result(
            timeout + 1
        )
        return request

    def _call(self, work: Callable[[], T]) -> T:
        async def run() -> T:
            return work()

        return asyncio.run_coroutine_threadsafe(run(), self._loop).result(5)


@contextmanager
def serving(tls: ssl.SSLContext | None = None) -> Iterator[BackgroundUpstream]:
    """Run an upstream on a thread for the length of the block."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="test upstream", daemon=True)
    thread.start()

    def wait(work: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(work, loop).result(10)

    upstream = Upstream(tls)
    wait(upstream.start())
    try:
        yield BackgroundUpstream(upstream, loop)
    finally:
        wait(upstream.stop())
        loop.call_soon_threadsafe(loop.stop)
        thread.join(5)
        loop.close()
