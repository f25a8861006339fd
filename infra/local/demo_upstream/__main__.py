"""`python -m infra.local.demo_upstream`: serve until SIGTERM or until standard input closes.

DEMO_PORT, DEMO_KEY (the credential to accept), DEMO_WORD_MS (pause between two words of a stream; 0 switches it off).
"""

from __future__ import annotations

import asyncio
import os
import signal

import uvloop
from infra.local.demo_upstream.app import create_app
from infra.local.server import bind, raise_file_limit, server


async def run(port: int, key: str, word_seconds: float) -> None:
    """Serve on a loopback port; streams still open at the end are cut."""
    running = server(create_app(key, word_seconds), grace_seconds=0)
    loop = asyncio.get_running_loop()

    def stop() -> None:
        running.should_exit = True

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop)
    loop.add_reader(0, lambda: stop() if not os.read(0, 1024) else None)
    await running.serve(sockets=[bind(port)])


def main() -> None:
    """From the environment."""
    raise_file_limit()
    pause = float(os.environ.get("DEMO_WORD_MS", "15")) / 1000
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(run(int(os.environ["DEMO_PORT"]), os.environ["DEMO_KEY"], pause))


if __name__ == "__main__":
    main()
