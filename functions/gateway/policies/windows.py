"""When a budget's window begins and ends. Times are whole Unix seconds.

Clock changes: a reset time that a change leaves out is the first moment after it, one that comes twice is the first of the two. So a day may
have 23 or 25 hours, and (where a land skipped a date) no length at all; windows never overlap and leave no gap.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Final

from gateway.neutral.limits import Budget

_TIME: Final = re.compile(r"([01]\d|2[0-3]):([0-5]\d)")


@dataclass(frozen=True, slots=True)
class Window:
    """`start` inclusive, `end` exclusive; a total begins at 0 and has no end."""

    start: int
    end: int | None


def window(budget: Budget, moment: float) -> Window:
    """The window a moment lies in. ValueError for a zone, time or day that there is not."""
    if budget.period == "total":
        return Window(0, None)
    zone, (hour, minute) = _zone(budget.timezone), _time(budget.reset_time)
    wall = datetime.fromtimestamp(moment, zone).replace(tzinfo=None, hour=hour, minute=minute, second=0, microsecond=0)
    if budget.period == "day":
        wanted = [wall + timedelta(days=days) for days in (-2, -1, 0, 1, 2)]
    else:
        wanted = [_month(wall.replace(day=_day(budget.reset_day)), by) for by in (-1, 0, 1, 2)]
    return _around(moment, [_instant(wall, zone) for wall in wanted])


def before(budget: Budget, moment: float) -> Window:
    """The window before the one a moment lies in; a total's is itself."""
    present = window(budget, moment)
    return present if present.end is None else window(budget, present.start - 1)


def _around(moment: float, bounds: Sequence[int]) -> Window:
    return Window(max(bound for bound in bounds if bound <= moment), min(bound for bound in bounds if bound > moment))


def _month(wall: datetime, by: int) -> datetime:
    months = wall.year * 12 + wall.month - 1 + by
    return wall.replace(year=months // 12, month=months % 12 + 1)


def _day(day: int) -> int:
    if not 1 <= day <= 28:
        raise ValueError(f"a reset day lies between 1 and 28: {day!r}")
    return day


def _time(text: str) -> tuple[int, int]:
    found = _TIME.fullmatch(text)
    if found is None:
        raise ValueError(f"a reset time is HH:MM: {text!r}")
    return int(found[1]), int(found[2])


def _zone(name: str) -> tzinfo:
    if name == "UTC":
        return UTC
    from zoneinfo import ZoneInfo  # its import costs more than most deployments' budgets need

    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # OSError: a folder of the zone files, such as "Europe"
        raise ValueError(f"no such time zone: {name!r}") from None


def _instant(wall: datetime, zone: tzinfo) -> int:
    """The moment of a wall time: the first of two, the end of a gap."""
    first = wall.replace(tzinfo=zone, fold=0)
    late = int(first.timestamp())
    if datetime.fromtimestamp(late, zone).replace(tzinfo=None) == wall:
        return late
    # In a gap, the offset before it leads to a moment behind it and the offset behind it to one before it: the change lies between.
    early = int(wall.replace(tzinfo=zone, fold=1).timestamp())
    offset = datetime.fromtimestamp(late, zone).utcoffset()
    while early < late:
        middle = (early + late) // 2
        if datetime.fromtimestamp(middle, zone).utcoffset() == offset:
            late = middle
        else:
            early = middle + 1
    return late
