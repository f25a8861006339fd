"""A local stack of the test's own: started, read, stopped, looked after."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from infra.local.options import ROOT
from infra.local.server import free_port

READY = "Ctrl-C stops it."


def environment(state: Path, port: int, **more: str) -> dict[str, str]:
    """As little as a newcomer's shell has, and words without pauses."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ}
    own = {"PORT": str(port), "GATEWAY_STATE_DIR": str(state), "GATEWAY_DEMO_WORD_MS": "0", "PYTHONUNBUFFERED": "1"}
    return {**kept, **own, **more}


def attempt(state: Path, port: int, **more: str) -> subprocess.CompletedProcess[str]:
    """A start that is expected to fail."""
    command = [sys.executable, "-m", "infra.local"]
    environ = environment(state, port, **more)
    return subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, timeout=60, check=False)


@dataclass
class Running:
    """A stack that has said it is ready."""

    process: subprocess.Popen[str]
    url: str
    said: str
    seconds: float
    token: str = ""

    @property
    def demo_key(self) -> str:
        return re.search(r"Demo key\s+(\S+)", self.said)[1]  # type: ignore[index]

    @property
    def password(self) -> str:
        return re.search(r"Sign in\s+admin\s+/\s+(\S+)", self.said)[1]  # type: ignore[index]

    def descendants(self) -> list[int]:
        """Ids of every process below the stack's."""
        return [pid for pid, parent in _parents().items() if parent == self.process.pid]

    def stop(self, how: signal.Signals) -> float:
        """Seconds it took to end after the signal."""
        started = time.monotonic()
        self.process.send_signal(how)
        self.process.wait(20)
        return time.monotonic() - started

    def admin(self) -> httpx.Client:
        """A signed-in client of the admin API; one sign-in serves the whole block."""
        if not self.token:
            login = {"username": "admin", "password": self.password}
            reply = httpx.post(f"{self.url}/api/auth/login", json=login, timeout=20).raise_for_status()
            self.token = reply.json()["access_token"]
        return httpx.Client(base_url=self.url, headers={"authorization": f"Bearer {self.token}"}, timeout=20)

    def rows(self) -> list[dict[str, Any]]:
        """The newest log rows."""
        with self.admin() as client:
            return client.get("/api/admin/logs").raise_for_status().json()["items"]


def _parents() -> dict[int, int]:
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError, ValueError):
            found[int(folder.name)] = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
    return found


def alive(pid: int) -> bool:
    """True for a process that runs; a zombie waiting to be collected does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in {"Z", "X"}
    except OSError:
        return False


@contextlib.contextmanager
def running(state: Path, **more: str) -> Iterator[Running]:
    """A stack for the length of the block; AssertionError with all it said when it does not become ready."""
    port = free_port()
    started = time.monotonic()
    environ = environment(state, port, **more)
    process = subprocess.Popen(
        [sys.executable, "-m", "infra.local"],
        cwd=ROOT,
        env=environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert process.stdout is not None
    said = ""
    try:
        while READY not in said:
            line = process.stdout.readline()
            assert line, f"ended with {process.wait(10)}:\n{said}"
            said += line
        yield Running(process, f"http://127.0.0.1:{port}", said, time.monotonic() - started)
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            process.wait(20)
        process.stdout.close()
