"""Answers that are kept for an `Idempotency-Key`, and who is at work under one.

https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class ReplayKey:
    """One idempotency key of one virtual key. `digest` is the SHA-256 of what the client wrote, in hex: its text is stored nowhere."""

    key_id: str
    digest: str


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """A complete answer as the client got it. `request_id` is the request that made it.

    `headers` lack what frames an answer and what must be fresh in each; names are lower-case. `stream`: it was sent without a length.
    """

    request_id: str
    status: int
    headers: tuple[tuple[bytes, bytes], ...] = field(repr=False)
    body: bytes = field(repr=False)
    stream: bool = False


@dataclass(frozen=True, slots=True)
class Taken:
    """A place somebody had before. `fingerprint` is that of the request which has it; `answer` None while that request runs."""

    owner: str
    fingerprint: str
    answer: KeptAnswer | None = None
