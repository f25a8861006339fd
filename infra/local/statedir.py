"""The folder that outlives a start: the emulator's data, generated secrets, logs, and a lock against a second stack.

<state dir>/lock            held while a stack runs
<state dir>/secrets/<name>  generated once, mode 0600
<state dir>/notes/<name>    JSON remembered between starts (ports, fingerprints, the pump's checkpoint)
<state dir>/aws, s3         what ministack saved
<state dir>/logs/<name>.log output of the child processes and of the gateway itself, begun anew at each start
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from infra.local.faults import StackError


@dataclass(frozen=True, slots=True)
class StateDir:
    """Paths below one folder; every folder is made for its owner alone."""

    root: Path

    def folder(self, name: str) -> Path:
        """A subfolder, created with mode 0700; StackError when that is not possible."""
        path = self.root / name
        try:
            path.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise StackError(f"cannot use the state folder {self.root}: {error.strerror}") from None
        return path

    def lock(self) -> IO[str]:
        """The lock, held until the returned file is closed; StackError when another stack holds it."""
        file = (self.folder(".") / "lock").open("a")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            file.close()
            raise StackError(f"another local stack is using {self.root}; stop it or set GATEWAY_STATE_DIR") from None
        return file

    def kept_secret(self, name: str, make: Callable[[], str]) -> str:
        """The secret of that name, made and written on first use."""
        path = self.folder("secrets") / name
        if path.exists():
            return path.read_text(encoding="utf-8").strip()
        value = make()
        write_private(path, value + "\n")
        return value

    def log(self, name: str) -> IO[bytes]:
        """A fresh log file for a child process."""
        path = self.folder("logs") / f"{name}.log"
        return open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb")

    def recall(self, name: str) -> Any:
        """The note of that name, None when there is none or it cannot be read."""
        try:
            return json.loads((self.folder("notes") / f"{name}.json").read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None

    def remember(self, name: str, value: Any) -> None:
        """Replace the note of that name, atomically."""
        write_private(self.folder("notes") / f"{name}.json", json.dumps(value))


def write_private(path: Path, text: str) -> None:
    """Write a file only its owner may read, in one step as far as a reader can see."""
    temporary = path.with_name(path.name + ".tmp")
    with open(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
    temporary.replace(path)
