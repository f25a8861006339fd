"""`CacheStore` over dictionaries."""

from __future__ import annotations

from collections.abc import Sequence

from gateway.clock import Clock
from gateway.errors import Unavailable
from gateway.neutral.caching import CacheCounts, CachedAnswer, CacheKey, Candidate


class MemoryEmbedder:
    """`Embedder` with vectors that a test gives; what was asked."""

    def __init__(self) -> None:
        self.vectors: dict[str, list[float]] = {}
        self.asked: list[str] = []

    async def vector(self, text: str) -> list[float] | None:
        """See `Embedder.vector`."""
        self.asked.append(text)
        return self.vectors.get(text)


class MemoryCache:
    """Answers and questions of one deployment; counts calls, can be down."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.answers: dict[CacheKey, tuple[CachedAnswer, int]] = {}
        self.questions: dict[CacheKey, list[Candidate]] = {}
        self.cleared: dict[str, int] = {}
        self.counts: dict[str, CacheCounts] = {}
        self.down = False
        self.embedder = MemoryEmbedder()
        self.asked = 0

    def _reach(self) -> None:
        self.asked += 1
        if self.down:
            raise Unavailable("The store of kept answers is out of reach: test")

    async def find(self, key: CacheKey) -> CachedAnswer | None:
        self._reach()
        answer, ends = self.answers.get(key, (None, 0))
        if answer is None or ends <= self._clock.now_ms() or answer.made_ms <= self.cleared.get(key.tenant, 0):
            return None
        return answer

    async def keep(self, key: CacheKey, answer: CachedAnswer, seconds: int) -> None:
        self._reach()
        self.answers[key] = answer, self._clock.now_ms() + seconds * 1000

    async def candidates(self, bucket: CacheKey) -> Sequence[Candidate]:
        self._reach()
        return list(reversed(self.questions.get(bucket, [])))[:50]

    async def remember(self, bucket: CacheKey, candidate: Candidate, request_id: str, seconds: int) -> None:
        self._reach()
        self.questions.setdefault(bucket, []).append(candidate)

    async def clear(self, tenant: str) -> None:
        self._reach()
        self.cleared[tenant] = self._clock.now_ms()

    async def cache_counts(self, key_id: str) -> CacheCounts:
        self._reach()
        return self.counts.get(key_id, CacheCounts())
