"""When another attempt may help, and how many are allowed.

Three bounds hold at once: attempts per call, seconds per call, and a quota per process that failures drain and successes refill, so
that an outage of AWS is not answered with a storm of our own. The pause before a retry has full jitter:
https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
"""

from __future__ import annotations

from dataclasses import dataclass

_THROTTLES = frozenset(
    {
        "BandwidthLimitExceeded",
        "PriorRequestNotComplete",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "RequestThrottled",
        "RequestThrottledException",
        "SlowDown",
        "ThrottledException",
        "Throttling",
        "ThrottlingException",
        "TooManyRequestsException",
        "TransactionInProgressException",  # the same token is being worked on: wait for its outcome
    }
)
_EXPIRED = frozenset({"ExpiredToken", "ExpiredTokenException", "RequestExpired"})


@dataclass(frozen=True, slots=True)
class Policy:
    """`attempts` includes the first; pauses are drawn from 0 … min(`cap`, `base`·2ⁿ) seconds; `total` bounds one call with its pauses."""

    attempts: int = 4
    base: float = 0.025
    cap: float = 1.0
    total: float = 8.0

    def pause(self, retry: int, random: float) -> float:
        """Seconds to wait before the `retry`-th retry (1, 2, …), for `random` in [0, 1)."""
        return random * min(self.cap, self.base * 2.0**retry)


class Quota:
    """Retries left in this process. A retry costs one, a first-time success gives a fifth of one back."""

    def __init__(self, capacity: float = 50.0) -> None:
        self._capacity = capacity
        self._left = capacity

    def take(self) -> bool:
        """Use one retry; False when there is none left."""
        if self._left < 1:
            return False
        self._left -= 1
        return True

    def give_back(self, amount: float) -> None:
        """A success returns what its retries cost, or a fifth."""
        self._left = min(self._capacity, self._left + amount)


def is_throttle(status: int, code: str) -> bool:
    """Refused for its rate: nothing was applied, any call may be repeated."""
    return code in _THROTTLES or status == 429


def is_expired(code: str) -> bool:
    """The credentials had expired: nothing was applied."""
    return code in _EXPIRED
