"""The local AWS (ministack) for this room's round trips."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PROGRAM = Path(__file__).parents[2] / ".venv-ministack" / "bin" / "ministack"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/_ministack/health", timeout=1) as reply:
            return reply.status == 200
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return False


@contextmanager
def ministack(folder: Path) -> Iterator[str]:
    """A ministack of our own on a free port; its URL."""
    port = _free_port()
    url = f"http://127.0.0.1:{port}"
    environ = {
        **os.environ,
        "BIND_HOST": "127.0.0.1",
        "GATEWAY_PORT": str(port),
        "PERSIST_STATE": "0",
        "LOG_LEVEL": "WARNING",
    }
    environ |= {"TMPDIR": str(folder), "S3_DATA_DIR": str(folder / "s3")}
    with (folder / "ministack.log").open("wb") as log:
        process = subprocess.Popen([PROGRAM], cwd=folder, env=environ, stdout=log, stderr=log, start_new_session=True)
        try:
            ends = time.monotonic() + 60
            while not _answers(url):
                assert process.poll() is None, (folder / "ministack.log").read_text("utf-8", "replace")
                assert time.monotonic() < ends, "ministack did not start"
                time.sleep(0.1)
            yield url
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(20)
