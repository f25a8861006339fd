"""Answers that are given again: which, to whom, and how alike two questions must be. Values; `gateway.caching` works with them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, Literal

CacheMode = Literal["exact", "semantic"]
CacheScope = Literal["key", "user", "team", "deployment"]
CacheState = Literal["off", "bypass", "miss", "hit", "semantic", "replay"]
"""`off`: the route keeps no answers; `bypass`: this request could not or would not use them; `replay`: an idempotency key's answer."""

LONGEST_TTL: Final = 7 * 86_400
DEFAULT_TTL: Final = 3_600
DEFAULT_THRESHOLD: Final = 0.95


@dataclass(frozen=True, slots=True)
class CacheRule:
    """What a route keeps. `exact`: the same request has the same answer. `semantic`: so has one whose last question means the same, all else
    being equal, by an embedding of `embedding_model` (a model of the release; None = the deployment's own offline one), at a cosine of `threshold`
    or above.

    `scope` is who shares answers; `team` and `user` fall back to the key where it names none. `ttl_seconds` is how long they are kept.
    """

    mode: CacheMode = "exact"
    ttl_seconds: int = DEFAULT_TTL
    scope: CacheScope = "team"
    threshold: float = DEFAULT_THRESHOLD
    embedding_model: str | None = None


@dataclass(frozen=True, slots=True)
class CacheKey:
    """Where an answer is kept. `tenant` is whose it is (`team#…`, `user#…`, `key#…`, `deployment`), `digest` the SHA-256 of what decides the
    answer, in hex.

    Nothing of a tenant's is found under another's: the tenant is a part of the address and of the digest.
    """

    tenant: str
    digest: str


@dataclass(frozen=True, slots=True)
class CachedAnswer:
    """A complete answer as a client got it. `cost_nano` is what it cost to make: what a hit saves. `made_ms`: when the request came that made it,
    Unix milliseconds: what was on its way while its tenant's cache was cleared does not count either.

    `request_id` is the request that made it. `headers` lack what frames an answer and what must be fresh in each; names are lower-case.
    `provider` and `upstream_model` made it; `model` is what the release calls that.
    """

    request_id: str
    made_ms: int
    stream: bool
    headers: tuple[tuple[bytes, bytes], ...] = field(repr=False)
    body: bytes = field(repr=False)
    cost_nano: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    provider: str | None = None
    model: str | None = None
    upstream_model: str | None = None


@dataclass(frozen=True, slots=True)
class Candidate:
    """A question that was answered before: its text, its vector (`gateway.caching.vectors`), and where the answer is."""

    text: str = field(repr=False)
    vector: bytes = field(repr=False)
    answer: CacheKey
    expires: int


@dataclass(frozen=True, slots=True)
class CacheCounts:
    """How many requests were answered with what was kept, and how many found nothing."""

    hits: int = 0
    misses: int = 0
