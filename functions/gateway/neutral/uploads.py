"""Files that clients put into the deployment's own store, because they are larger than a request may be, and name in a request afterwards."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

MOST_BYTES: Final = 25 * 1024 * 1024
"""As much as OpenAI takes of a file: https://platform.openai.com/docs/guides/speech-to-text"""

LIVES_MS: Final = 24 * 3_600_000
"""How long a file may be named after its upload was announced. The bucket's lifecycle removes it some time later."""


@dataclass(frozen=True, slots=True)
class UploadPlace:
    """Where a file lies: `owner` is the id of the virtual key that announced it. No other key can name it."""

    owner: str
    id: str


@dataclass(frozen=True, slots=True)
class FileFacts:
    """A file: its name as the client has it, its size in bytes, its media type."""

    name: str
    size: int
    type: str


@dataclass(frozen=True, slots=True)
class Offer:
    """Where and how to put a file. The URL is a credential: it is told to the client and never written down. `headers` must be sent as they are."""

    url: str
    headers: Mapping[str, str]
    expires_ms: int


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file that was put. `version` names this very content."""

    facts: FileFacts
    version: str
