"""How far this machine's clock is from AWS's, by the `Date` of its answers.

Limits are kept by many environments, each by its own clock. Lambda's are right to the millisecond; should one ever be minutes off, its windows
and rates would be others than everybody's. So what is counted in time goes by the store's clock where the two differ by more than the header tells.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Final

from gateway.clock import Clock

_TOLERATED: Final = 2.0  # `Date` has whole seconds, and answers take time
_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
# RFC 9110 §5.6.7, the one form that servers may send
_DATE: Final = re.compile(r"\w{3}, (\d\d) (\w{3}) (\d{4}) (\d\d):(\d\d):(\d\d) GMT", re.ASCII)


class Skew:
    """`ahead`: seconds that the machine's clock is ahead of AWS's, 0 within the tolerance."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._last = ""
        self.ahead = 0.0

    def learn(self, date: str) -> None:
        """An answer came just now with this `Date`; one that is none says nothing."""
        if date == self._last:
            return
        self._last = date
        told = seconds(date)
        if told is not None:
            ahead = self._clock.wall() - told - 0.5
            self.ahead = ahead if abs(ahead) > _TOLERATED else 0.0


def seconds(date: str) -> float | None:
    """Unix seconds of an HTTP date, None when it is none."""
    found = _DATE.fullmatch(date)
    if found is None or found[2] not in _MONTHS:
        return None
    day, year, hour, minute, second = (int(found[number]) for number in (1, 3, 4, 5, 6))
    try:
        moment = datetime(year, _MONTHS.index(found[2]) + 1, day, hour, minute, min(59, second), tzinfo=UTC)
    except ValueError:
        return None
    return moment.timestamp()
