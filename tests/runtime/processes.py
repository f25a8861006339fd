"""Starts the runtime as a real process, as Lambda does, and ends it again."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path


def environment(task_root: Path, **extra: str) -> dict[str, str]:
    """Nothing of the test's own environment but what a process needs to run."""
    return {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", "LAMBDA_TASK_ROOT": str(task_root), **extra}


@contextlib.contextmanager
def started(command: Sequence[str], environ: dict[str, str], log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A process in a group of its own; the group is gone afterwards. Output goes to `log`."""
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, env=environ, stdout=output, stderr=subprocess.STDOUT, cwd="/", start_new_session=True
        )
        try:
            yield process
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait(10)
