"""How many retries an environment may make, so that a provider that fails is not asked twice as often because it fails."""

from __future__ import annotations

from typing import Final

_PER_REQUEST: Final = 0.1
_RESERVE: Final = 2.0
_CAP: Final = 10.0
_PER_SECOND: Final = 0.1
# Ten tenths are a little less than one in binary.
_DUST: Final = 1e-9


class RetryBudget:
    """Retries of one environment: a tenth of its requests, and a reserve of 2 for those that have few.

    Every client request adds 0.1, up to 10; a retry takes 1. Time adds 0.1 per second, only up to the reserve: an environment that rests
    has no burst when it wakes, and one whose requests are rare may still retry. `now` is monotonic seconds. Not for several threads.
    """

    def __init__(self) -> None:
        self._left = _RESERVE
        self._at: float | None = None

    def deposit(self, now: float) -> None:
        """A client request came."""
        self._refill(now)
        self._left = min(_CAP, self._left + _PER_REQUEST)

    def take(self, now: float) -> bool:
        """Whether a retry may be made now; if so, it counts as made."""
        self._refill(now)
        if self._left < 1 - _DUST:
            return False
        self._left = max(0.0, self._left - 1)
        return True

    def _refill(self, now: float) -> None:
        passed = 0.0 if self._at is None else max(0.0, now - self._at)
        self._at = now if self._at is None else max(self._at, now)
        if self._left < _RESERVE:
            self._left = min(_RESERVE, self._left + passed * _PER_SECOND)
