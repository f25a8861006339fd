"""One environment of the data plane as a process of its own: the deployed application behind the local stack's HTTP server, many requests at once.

`python -m tests.e2e.fleet_proxy <port>`, with a function's environment.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys

from infra.local.server import bind, raise_file_limit, serving

from proxy.app import create_app


async def _serve(port: int) -> None:
    asked = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, asked.set)
    with bind(port) as sock:
        async with serving(await create_app(dict(os.environ)), sock):
            await asked.wait()


if __name__ == "__main__":
    raise_file_limit()
    asyncio.run(_serve(int(sys.argv[1])))
