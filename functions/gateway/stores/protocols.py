"""What the other rooms may see of the stores."""

from __future__ import annotations

from typing import Protocol

from gateway.neutral.config import UpstreamKey, VirtualKey
from gateway.neutral.index import Index
from gateway.neutral.logrow import LogRow


class KeyReader(Protocol):
    """Virtual keys, by hash."""

    async def get(self, digest: str) -> VirtualKey | None:
        """The key of a hash, None when there is none; Unavailable when the store cannot say."""


class ReleaseReader(Protocol):
    """The configuration in force."""

    async def current(self) -> Index:
        """The release in force, at most 30 seconds old; Unavailable when none was ever read."""

    async def refresh(self) -> None:
        """Look for a newer release when the look-up is due; meant for the time after an answer."""


class LogWriter(Protocol):
    """Log rows and the bodies that are too large for a row."""

    async def put(self, row: LogRow) -> None:
        """Write a row; a second write of the same id replaces the first. Unavailable when the store refused it."""

    async def put_body(self, reference: str, body: bytes) -> None:
        """Store a (redacted) body document under a reference."""


class SecretReader(Protocol):
    """Upstream credentials in the clear, for the moment of a call."""

    async def secret(self, key: UpstreamKey) -> str:
        """The credential of an upstream key; Unavailable when it cannot be opened now."""
