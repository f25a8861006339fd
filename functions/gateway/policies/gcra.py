"""Token buckets as one number each: the theoretical arrival time (TAT) of the generic cell rate algorithm.

A bucket holds one minute's worth of its limit and fills at that rate. Its TAT is the moment at which it will be full again if nothing more is taken:
a unit takes `cost` nanoseconds of it. All times are integer Unix nanoseconds, all units whole. https://en.wikipedia.org/wiki/Generic_cell_rate_algorithm
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

MINUTE_NS: Final = 60_000_000_000
ABSURD_NS: Final = 3_600_000_000_000
"""A TAT further in the future was not made by requests: each weighs two buckets at most (`refund`), so it would take dozens at once that all used far
more than they reserved. A machine's clock was wrong. The bucket is taken for full and heals with the next request; nobody has to reset it."""


@dataclass(frozen=True, slots=True)
class Bucket:
    """`limit` units a minute. A limit of 0 (or less) lets nothing through."""

    limit: int

    @property
    def cost(self) -> int:
        """Nanoseconds per unit, rounded up: rounding never gives more than the limit."""
        return -(-MINUTE_NS // self.limit) if self.limit > 0 else MINUTE_NS

    @property
    def depth(self) -> int:
        """Nanoseconds from empty to full: a full bucket holds exactly `limit` units."""
        return max(self.limit, 0) * self.cost

    def clamp(self, units: int) -> int:
        """What a reservation takes: never more than the bucket holds, or it could never be let in."""
        return min(units, max(self.limit, 0))

    def level(self, tat: int, now: int) -> int:
        """The TAT that counts: not in the past, and now when it is absurd."""
        return now if tat > now + ABSURD_NS else max(tat, now)

    def latest(self, units: int, now: int) -> int:
        """The latest TAT at which there is room for `units`."""
        return now + self.depth - units * self.cost

    def allows(self, tat: int, units: int, now: int) -> bool:
        """Whether the bucket holds `units` now."""
        return self.limit > 0 and self.level(tat, now) <= self.latest(units, now)

    def take(self, tat: int, units: int, now: int) -> int:
        """The TAT after taking `units`; more than there is makes a debt."""
        return self.level(tat, now) + units * self.cost

    def lacks(self, tat: int, now: int) -> int:
        """Units that the bucket lacks until it is full, rounded up; more than `limit` while it is in debt."""
        return -(-(self.level(tat, now) - now) // self.cost)

    def wait(self, tat: int, units: int, now: int) -> int:
        """Nanoseconds until there is room for `units`, 0 when there is."""
        return max(0, self.level(tat, now) - self.latest(units, now))


def refund(reserved: int, used: int, cost: int, until: int, now: int) -> int:
    """Nanoseconds to take off the TAT when only `used` of `reserved` units were needed; negative when it was more.

    `until` is when the reservation will have drained by itself: what drained is in the bucket again and is not given back a second time.
    Beyond its reservation a request weighs one bucket at most: whatever it is said to have used, the bucket is in debt for a minute.
    """
    unused = max((reserved - used) * cost, -MINUTE_NS)
    return min(unused, max(0, until - now)) if unused > 0 else unused
