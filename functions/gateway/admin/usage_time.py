"""The intervals of a usage report: hours, or days as they are where the reader lives.

Figures are kept by the UTC hour. A local day therefore begins at its midnight, or, in a zone whose midnight is not at a full UTC hour (India, Nepal),
at the full hour before; every interval says its true start and end. A day of a change of clocks has 23 or 25 hours, and one whose midnight
is skipped begins when the clocks have been put forward.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from itertools import pairwise
from typing import Literal
from zoneinfo import ZoneInfo

from gateway.rollups.buckets import HOUR_MS, Window, floor

Interval = Literal["hour", "day", "none"]


def zone(name: str) -> tzinfo:
    """An IANA time zone; ValueError when there is none of that name."""
    if name == "UTC":
        return UTC  # needs no database of zones
    try:
        return ZoneInfo(name)
    except (KeyError, OSError, ValueError):  # unknown; a folder of the database; no name at all
        raise ValueError(f"{name[:64]!r} is not an IANA time zone") from None


def midnight(day: date, where: tzinfo) -> int:
    """When a local day begins, in Unix ms, at a full UTC hour."""
    # fold 0: of a midnight that comes twice the first, of one that is skipped the moment of the change.
    moment = datetime.combine(day, time(), where)
    return floor("hour", int(moment.timestamp()) * 1000)


@dataclass(frozen=True, slots=True)
class Span:
    """What a report covers: windows that touch, in order of time, and as long a time before them."""

    windows: tuple[Window, ...]
    before: Window

    @property
    def start_ms(self) -> int:
        """Where the first window starts."""
        return self.windows[0].start_ms

    @property
    def end_ms(self) -> int:
        """Where the last window ends."""
        return self.windows[-1].end_ms


def span(from_ms: int, to_ms: int, interval: Interval, where: tzinfo) -> Span:
    """The smallest span of whole intervals that holds [from_ms, to_ms); days before are as many local days."""
    if interval == "day":
        return _days(from_ms, to_ms, where)
    whole = Window.around("hour", from_ms, to_ms)
    if interval == "none":
        return Span((whole,), whole.before)
    return Span(tuple(Window("hour", start, start + HOUR_MS) for start in whole.starts()), whole.before)


def _days(from_ms: int, to_ms: int, where: tzinfo) -> Span:
    first, last = (datetime.fromtimestamp(moment / 1000, where).date() for moment in (from_ms, to_ms - 1))
    count = (last - first).days + 1
    starts = [midnight(first + timedelta(days=number), where) for number in range(count + 1)]
    windows = tuple(Window("hour", a, b) for a, b in pairwise(starts) if a < b)
    return Span(windows, Window("hour", midnight(first - timedelta(days=count), where), starts[0]))
