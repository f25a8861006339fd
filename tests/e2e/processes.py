"""Child processes of the end-to-end tests: started, awaited until ready, ended by id, their output kept for a failure's message."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import httpx

ROOT = Path(__file__).parent.parent.parent


def free_port() -> int:
    """A loopback port nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def environment(**more: str) -> dict[str, str]:
    """The variables a child gets: enough to run, nothing of this machine's AWS or proxy settings."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ}
    return {**kept, "PYTHONUNBUFFERED": "1", "NO_PROXY": "127.0.0.1,localhost", **more}


@contextmanager
def running(
    command: Sequence[str], environ: Mapping[str, str], log: Path, stop_seconds: float = 20.0
) -> Iterator[subprocess.Popen[bytes]]:
    """Run a child for the length of the block, both outputs in `log`; SIGTERM at the end, SIGKILL when that does not do it."""
    with log.open("wb") as output:
        process = subprocess.Popen(
            list(command),
            env=dict(environ),
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    try:
        yield process
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.terminate()
        try:
            process.wait(stop_seconds)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait(5)
        if process.stdin is not None:
            with contextlib.suppress(BrokenPipeError):
                process.stdin.close()


def until(holds: Callable[[], bool], process: subprocess.Popen[bytes], log: Path, seconds: float = 90.0) -> None:
    """Wait until the child is ready; AssertionError with the end of its output when it ends first or takes too long."""
    deadline = time.monotonic() + seconds
    while not holds():
        ended = process.poll()
        assert ended is None, f"{process.args!r} ended with {ended}:\n{_tail(log)}"
        assert time.monotonic() < deadline, f"{process.args!r} is not ready after {seconds} s:\n{_tail(log)}"
        time.sleep(0.05)


def answers(url: str) -> bool:
    """Whether a GET of this address is answered with 200."""
    try:
        return httpx.get(url, timeout=2.0).status_code == 200
    except httpx.TransportError:
        return False


def _tail(log: Path, size: int = 4000) -> str:
    return log.read_bytes()[-size:].decode(errors="replace")
