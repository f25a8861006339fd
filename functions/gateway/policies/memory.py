"""What an environment remembers of a store, for a bounded time and in a bounded number.

An answer is trusted for a while; from half of that on it is marked, and asked for again after an answer was sent, so that steady traffic never waits
for a read. When the store is out of reach and the answer too old, the caller gets the store's error.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from gateway.clock import Clock, Moment
from gateway.errors import Unavailable

_MAX_REMEMBERED: Final = 10_000

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class Known(Generic[V]):
    """An answer that is still trusted; None = there is nothing."""

    value: V | None
    at: Moment


class Memory(Generic[K, V]):
    """Answers of `ask`, for `seconds`.

    That there is nothing is trusted for `nothing_seconds` and not asked for again by itself, because those who guess would be asked about for
    ever; None = it is treated like any answer.
    """

    def __init__(
        self,
        ask: Callable[[K], Awaitable[V | None]],
        clock: Clock,
        seconds: float,
        nothing_seconds: float | None = None,
    ) -> None:
        self._ask = ask
        self._clock = clock
        self._seconds = seconds
        self._nothing = None if nothing_seconds is None else min(seconds, nothing_seconds)
        self._known: dict[K, Known[V]] = {}
        self._due: set[K] = set()

    def __len__(self) -> int:
        return len(self._known)

    async def get(self, name: K) -> V | None:
        """The answer, asked for if none is known; Unavailable when the store cannot say."""
        known = self.known(name)
        return await self._load(name) if known is None else known.value

    def known(self, name: K) -> Known[V] | None:
        """What is remembered and not too old. No I/O."""
        found = self._known.get(name)
        if found is None:
            return None
        age = self._clock.age(found.at)
        if found.value is None and self._nothing is not None:
            return found if age < self._nothing else None
        if age >= self._seconds:
            return None
        if age > self._seconds / 2:
            self._due.add(name)
        return found

    async def _load(self, name: K) -> V | None:
        began = self._clock.moment()
        value = await self._ask(name)
        # Taken out and put in again: what was looked up last stays longest.
        self._known.pop(name, None)
        if len(self._known) >= _MAX_REMEMBERED:
            self._known.pop(next(iter(self._known)))
        self._known[name] = Known(value, began)
        return value

    async def refresh(self) -> None:
        """Look up again what will soon be too old. Called after an answer; a store failure here is next request's business."""
        due, self._due = self._due, set()
        for name in due:
            try:
                await self._load(name)
            except Unavailable:
                continue
