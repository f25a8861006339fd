"""Runs ministack and saves its state while it runs. Started by `emulator.py` with the interpreter of `.venv-ministack`.

Theory of operation. ministack keeps everything in memory and writes it out only when it is told to stop. Here its app is wrapped:
writes are counted, and a moment after a write a forked child serialises the memory it inherited (copy on write, as Redis does), so
that the server answers on meanwhile and a kill loses only the last seconds. One file per service is replaced atomically; all DynamoDB
tables are one file, hence a consistent snapshot. When the process is told to stop, or its standard input closes because whoever
started it is gone, it saves once more, unless nothing has changed since the last snapshot.

Nothing of the project is imported: this runs in another environment. The names used of ministack are those of the pinned version.
"""

from __future__ import annotations

import asyncio
import contextlib
import copy
import gc
import json
import logging
import os
import signal
import sys
import time
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Message, Receive, Send], Awaitable[None]]

READS = ("Get", "BatchGet", "TransactGet", "Describe", "List", "Query", "Scan", "Encrypt", "Decrypt", "GenerateDataKey")
QUIET_SECONDS = 2.0
"""A snapshot is taken at most this long after a write…"""
STUCK_SECONDS = 120.0
BUSY_FACTOR = 10.0
"""…and never more often than once per this many times its own duration, so that a big state does not eat the machine."""

log = logging.getLogger("snapshots")


def is_write(scope: Message) -> bool:
    """True when the request may change state: JSON services say so in their target, S3 by its method."""
    target = dict(scope["headers"]).get(b"x-amz-target", b"").decode("latin-1")
    if target:
        return not target.rpartition(".")[2].startswith(READS)
    return scope["method"] not in {"GET", "HEAD", "OPTIONS"}


def _same(value: Any, _memo: Any = None, _nil: Any = ()) -> Any:
    """A deep copy for data that nobody changes meanwhile."""
    return value


def save_now() -> None:
    """Write every service's state file. json.dumps in one go: ministack's own json.dump is ten times slower, and at this point
    nobody else changes the data, so its defensive deep copies are skipped too."""
    from ministack import app as ministack_app  # type: ignore[import-not-found]
    from ministack.core import persistence  # type: ignore[import-not-found]

    # DynamoDB rows are the bulk of it; the modules read `copy.deepcopy` through the module, so one swap serves them all.
    original, copy.deepcopy = copy.deepcopy, _same  # type: ignore[assignment]
    try:
        for service, get_state in ministack_app._build_persistence_save_dict().items():
            state = get_state()
            if state is not None:
                _write(persistence, service, state)
    finally:
        copy.deepcopy = original


def _write(persistence: Any, service: str, state: Any) -> None:
    wrapped = {"__ministack_format__": persistence._state_format_version(service), "payload": state}
    path = os.path.join(persistence.STATE_DIR, f"{service}.json")
    os.makedirs(persistence.STATE_DIR, mode=0o700, exist_ok=True)
    # The file holds key material of the local KMS: for the owner only.
    with open(os.open(path + ".tmp", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        file.write(json.dumps(wrapped, default=persistence._json_default))
    os.replace(path + ".tmp", path)


class Snapshots:
    """Counts writes and keeps the saved state close behind them."""

    def __init__(self) -> None:
        self.writes = 0
        self.saved = 0
        self.child: int | None = None

    async def keep(self) -> None:
        """Snapshot after writes, until cancelled."""
        pause = QUIET_SECONDS
        while True:
            await asyncio.sleep(pause)
            if self.writes != self.saved:
                pause = max(QUIET_SECONDS, BUSY_FACTOR * await self.take())

    async def take(self) -> float:
        """One snapshot; its duration in seconds."""
        started, covered = time.monotonic(), self.writes
        if sys.platform == "linux":
            done = await self._forked()
        else:  # forking a threaded process is unsafe elsewhere
            save_now()
            done = True
        if done:
            self.saved = covered
        return time.monotonic() - started

    async def _forked(self) -> bool:
        self.child = os.fork()
        if self.child == 0:
            _save_and_exit()
        # A fork of a threaded process may hang on a lock that another thread held; then the next snapshot is the one.
        ends = time.monotonic() + STUCK_SECONDS
        while True:
            pid, status = os.waitpid(self.child, os.WNOHANG)  # noqa: ASYNC222  # WNOHANG does not wait
            if pid:
                self.child = None
                return os.waitstatus_to_exitcode(status) == 0
            if time.monotonic() > ends:
                os.kill(self.child, signal.SIGKILL)
            await asyncio.sleep(0.05)

    def finish(self) -> None:
        """The last save; a snapshot still under way is given up, since this one covers it."""
        if self.child is not None:
            os.kill(self.child, signal.SIGKILL)
            os.waitpid(self.child, 0)
        if self.writes != self.saved:
            save_now()


def _save_and_exit() -> None:
    """Body of the forked child: never returns, never touches the event loop it inherited."""
    code = 1
    try:
        gc.disable()
        os.nice(5)
        save_now()
        code = 0
    except Exception:
        log.exception("snapshot failed")
    finally:
        os._exit(code)


def watched(app: App, snapshots: Snapshots) -> App:
    """The app with its writes counted."""

    async def serve(scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await _lifespan(app, scope, receive, send)
            return
        if scope["type"] != "http" or not is_write(scope):
            await app(scope, receive, send)
            return
        try:
            await app(scope, receive, send)
        finally:
            snapshots.writes += 1

    return serve


async def _lifespan(app: App, scope: Message, receive: Receive, send: Send) -> None:
    """Forward the start alone. Of ministack's own shutdown we want nothing: `Snapshots.finish` saves, and no container, SFTP or MQTT
    listener was ever started; importing those modules only to stop them takes more than a second."""
    first = iter([await receive()])

    async def only_startup() -> Message:
        for message in first:
            return message
        await asyncio.Event().wait()
        raise AssertionError("unreachable")

    running = asyncio.ensure_future(app(scope, only_startup, send))
    await receive()
    running.cancel()
    await send({"type": "lifespan.shutdown.complete"})


def _watch_parent(stop: Callable[[], None]) -> None:
    """Call `stop` when standard input closes: whoever held the other end has ended, however it ended."""
    loop = asyncio.get_running_loop()

    def readable() -> None:
        if not os.read(0, 1024):
            loop.remove_reader(0)
            stop()

    loop.add_reader(0, readable)


async def run(host: str, port: int) -> None:
    """Serve until SIGTERM, SIGINT or the end of standard input."""
    from hypercorn.asyncio import serve  # type: ignore[import-not-found]
    from hypercorn.config import Config  # type: ignore[import-not-found]
    from ministack import app as ministack_app

    stopping, snapshots = asyncio.Event(), Snapshots()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    _watch_parent(stopping.set)
    config = Config()
    config.bind = [f"{host}:{port}"]
    config.backlog = 2048
    config.keep_alive_timeout = 75
    config.keep_alive_max_requests = 1_000_000_000
    config.graceful_timeout = 0.2
    config.loglevel = "WARNING"
    keeper = asyncio.create_task(snapshots.keep())
    try:
        await serve(watched(ministack_app.app, snapshots), config, shutdown_trigger=stopping.wait)
    finally:
        keeper.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await keeper
        snapshots.finish()
        # Everything worth keeping is on disk; ministack's schedulers would hold the interpreter up for seconds.
        os._exit(0)


def main() -> None:
    """Address from BIND_HOST and GATEWAY_PORT, as ministack names them."""
    asyncio.run(run(os.environ["BIND_HOST"], int(os.environ["GATEWAY_PORT"])))


if __name__ == "__main__":
    main()
