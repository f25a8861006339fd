"""HTTP servers of the stack: uvicorn with uvloop and httptools, its signal handling left out (the stack decides what stops when)."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import resource
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import uvicorn
from infra.local.dashboard import App
from infra.local.faults import StackError


class Server(uvicorn.Server):
    """uvicorn's server without its signal handlers: they would raise the signal again after stopping."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Capture none."""
        yield


def server(app: App, grace_seconds: float) -> Server:
    """A server for the app; streams still open `grace_seconds` after it was told to stop are cut."""
    config = uvicorn.Config(
        app,
        lifespan="off",
        http="httptools",
        ws="none",
        access_log=False,
        log_level="warning",
        server_header=False,
        date_header=True,
        proxy_headers=False,
        backlog=4096,
        # Longer than clients keep their pooled connections, so that it is never the server that closes under a request.
        timeout_keep_alive=75,
        timeout_graceful_shutdown=grace_seconds,  # type: ignore[arg-type]  # any number will do
    )
    return Server(config)


def bind(port: int) -> socket.socket:
    """A loopback socket, bound but not yet listening; StackError when the port is taken."""
    sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        sock.bind(("127.0.0.1", port))
    except OSError as error:
        sock.close()
        raise StackError(
            f"port {port} on 127.0.0.1 cannot be used ({error.strerror}); set PORT to another one"
        ) from None
    return sock


def free_port(preferred: int | None = None) -> int:
    """The preferred port when it is free, else any free one."""
    for port in (preferred or 0, 0):
        with contextlib.suppress(StackError), bind(port) as sock:
            # The probe has no SO_REUSEADDR relatives listening, so the child can bind what we give up here.
            return int(sock.getsockname()[1])
    raise StackError("no free port on 127.0.0.1")


def raise_file_limit() -> None:
    """As many open files as the system allows: every stream holds two connections."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard if hard != resource.RLIM_INFINITY else max(soft, 65536), hard))


@asynccontextmanager
async def serving(app: App, sock: socket.socket) -> AsyncIterator[asyncio.Task[None]]:
    """Serve the app on the socket for the length of the block; afterwards requests under way get a moment to end."""
    running = server(app, grace_seconds=0.6)
    task = asyncio.create_task(running.serve(sockets=[sock]))
    try:
        yield task
    finally:
        # From here on a cut stream is no error; uvicorn would print a traceback for each.
        logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)
        running.should_exit = True
        await asyncio.wait({task}, timeout=2.0)
        # Requests that were cut still write their log row.
        if running.server_state.tasks:
            await asyncio.wait(running.server_state.tasks, timeout=0.5)
