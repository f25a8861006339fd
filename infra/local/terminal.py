"""The terminal of whoever started the stack, kept apart from standard output and error.

The gateway's own log lines go to a file: a terminal stays readable, and a script that started the stack through a pipe and stopped reading
it cannot make the gateway wait for room in that pipe.
"""

from __future__ import annotations

import contextlib
import os
from dataclasses import dataclass
from typing import IO

from infra.local.statedir import StateDir


@dataclass(frozen=True, slots=True)
class Terminal:
    """What used to be standard output and error."""

    out: IO[str]
    err: IO[str]

    def say(self, text: str, end: str = "\n") -> None:
        """Write to standard output; a reader that is gone is no fault."""
        with contextlib.suppress(OSError):
            self.out.write(text + end)
            self.out.flush()

    def complain(self, text: str) -> None:
        """Write a line to standard error."""
        with contextlib.suppress(OSError):
            self.err.write(text + "\n")
            self.err.flush()


def terminal() -> Terminal:
    """A second handle on both, which survives `redirect`."""
    return Terminal(os.fdopen(os.dup(1), "w", encoding="utf-8"), os.fdopen(os.dup(2), "w", encoding="utf-8"))


def redirect(state: StateDir) -> None:
    """From now on, what this process writes to standard output and error is in the state folder's logs/gateway.log."""
    with state.log("gateway") as file:
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)
