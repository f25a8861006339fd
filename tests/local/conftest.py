"""The demo upstream, running without pauses."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator

import pytest
from infra.local.demo_upstream.app import create_app
from infra.local.server import bind, server
from tests.local.asking import DEMO_UPSTREAM_KEY


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    """Its address."""
    sock = bind(0)
    sock.listen(64)  # the first request waits in the backlog until the server is up
    running = server(create_app(DEMO_UPSTREAM_KEY, 0.0), grace_seconds=0)
    thread = threading.Thread(target=lambda: asyncio.run(running.serve(sockets=[sock])), daemon=True)
    address = f"http://127.0.0.1:{sock.getsockname()[1]}"
    thread.start()
    yield address
    running.should_exit = True
    thread.join(5)
