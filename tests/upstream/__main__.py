"""Run the upstream as a process: `python -m tests.upstream [--port N] [--control-port N] [--tls]`.

Prints one JSON line, `{"url", "control"[, "certificate"]}`, when it listens, and runs until SIGINT or SIGTERM.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import signal
import tempfile
from pathlib import Path

from tests.upstream.control import Control, fixtures_by_model
from tests.upstream.server import Upstream
from tests.upstream.tls import self_signed


async def main(options: argparse.Namespace, folder: Path) -> None:
    """Serve until a signal comes."""
    ended = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, ended.set)
    certificate = self_signed(folder) if options.tls else None
    upstream, control = Upstream(certificate.context if certificate else None), Upstream()
    control.add(Control(upstream, fixtures_by_model).answer)
    await upstream.start(options.port)
    await control.start(options.control_port)
    told = {"url": upstream.url, "control": control.url}
    if certificate:
        told["certificate"] = str(certificate.certificate)
    print(json.dumps(told), flush=True)
    await ended.wait()
    await upstream.stop()
    await control.stop()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m tests.upstream", description="A byte-exact fault upstream on loopback."
    )
    parser.add_argument("--port", type=int, default=0, help="port of the upstream; 0 takes a free one")
    parser.add_argument("--control-port", type=int, default=0, help="port of the control interface; 0 takes a free one")
    parser.add_argument("--tls", action="store_true", help="speak HTTPS with a certificate made now")
    return parser.parse_args()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as made:
        asyncio.run(main(_options(), Path(made)))
