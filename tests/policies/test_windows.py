"""Windows of budgets: a table of month ends and clock changes, and no moment without exactly one window."""

from __future__ import annotations

import random
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

import gateway
from gateway.neutral.limits import Budget
from gateway.policies.windows import Window, before, window


def at(text: str, zone: str = "UTC", fold: int = 0) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone), fold=fold).timestamp())


def day(zone: str = "UTC", time: str = "00:00") -> Budget:
    return Budget("day", 1, zone, time)


def month(on: int = 1, zone: str = "UTC", time: str = "00:00") -> Budget:
    return Budget("month", 1, zone, time, on)


BERLIN, NEW_YORK, SAMOA, LORD_HOWE = "Europe/Berlin", "America/New_York", "Pacific/Apia", "Australia/Lord_Howe"
TABLE = {
    "a UTC day": (day(), "2026-11-21T10:48", "2026-11-21T00:00", "2026-11-22T00:00"),
    "its first second": (day(), "2026-11-21T00:00", "2026-11-21T00:00", "2026-11-22T00:00"),
    "its last second": (day(), "2026-11-21T23:59:59", "2026-11-21T00:00", "2026-11-22T00:00"),
    "before the reset time": (day(time="06:30"), "2026-11-21T06:29:59", "2026-11-20T06:30", "2026-11-21T06:30"),
    "at the reset time": (day(time="06:30"), "2026-11-21T06:30", "2026-11-21T06:30", "2026-11-22T06:30"),
    "leap day": (day(), "2028-02-29T12:00", "2028-02-29T00:00", "2028-03-01T00:00"),
    "new year": (day(), "2026-12-31T23:59:59", "2026-12-31T00:00", "2027-01-01T00:00"),
    "a zone ahead": (day("Asia/Kolkata"), "2026-11-20T18:30", "2026-11-20T18:30", "2026-11-21T18:30"),
    "23 hours": (day(BERLIN), "2026-03-29T12:00", "2026-03-28T23:00", "2026-03-29T22:00"),
    "25 hours": (day(BERLIN), "2026-10-25T12:00", "2026-10-24T22:00", "2026-10-25T23:00"),
    "reset in the gap": (day(BERLIN, "02:30"), "2026-03-29T01:00", "2026-03-29T01:00", "2026-03-30T00:30"),
    "before the gap": (day(BERLIN, "02:30"), "2026-03-29T00:59:59", "2026-03-28T01:30", "2026-03-29T01:00"),
    "reset at the gap's edge": (day(BERLIN, "02:00"), "2026-03-29T01:00", "2026-03-29T01:00", "2026-03-30T00:00"),
    "reset twice: the first": (day(BERLIN, "02:30"), "2026-10-25T00:30", "2026-10-25T00:30", "2026-10-26T01:30"),
    "reset twice: no second": (day(BERLIN, "02:30"), "2026-10-25T01:30", "2026-10-25T00:30", "2026-10-26T01:30"),
    "overlap in New York": (day(NEW_YORK, "01:30"), "2026-11-01T06:00", "2026-11-01T05:30", "2026-11-02T06:30"),
    "half an hour's gap": (day(LORD_HOWE, "02:15"), "2026-10-03T15:30", "2026-10-03T15:30", "2026-10-04T15:15"),
    "a date that was skipped": (day(SAMOA), "2011-12-30T10:00", "2011-12-30T10:00", "2011-12-31T10:00"),
    "before it": (day(SAMOA), "2011-12-30T09:59:59", "2011-12-29T10:00", "2011-12-30T10:00"),
    "a month": (month(), "2026-11-21T10:48", "2026-11-01T00:00", "2026-12-01T00:00"),
    "its last second, too": (month(), "2026-02-28T23:59:59", "2026-02-01T00:00", "2026-03-01T00:00"),
    "December": (month(), "2026-12-31T23:59:59", "2026-12-01T00:00", "2027-01-01T00:00"),
    "before the 28th": (month(28), "2026-03-01T00:00", "2026-02-28T00:00", "2026-03-28T00:00"),
    "on the 28th": (month(28, time="12:00"), "2026-02-28T11:59:59", "2026-01-28T12:00", "2026-02-28T12:00"),
    "January before the day": (month(15), "2027-01-10T00:00", "2026-12-15T00:00", "2027-01-15T00:00"),
    "a month with a gap": (month(1, BERLIN), "2026-03-15T00:00", "2026-02-28T23:00", "2026-03-31T22:00"),
    "last of the month there": (month(1, NEW_YORK), "2026-12-01T04:59:59", "2026-11-01T04:00", "2026-12-01T05:00"),
    "a month that begins in a gap": (month(8, NEW_YORK, "02:30"), "2026-03-08T07:00", "2026-03-08T07:00", "2026-04-08T06:30"),
}  # fmt: skip


@pytest.mark.parametrize("case", TABLE)
def test_the_table(case: str) -> None:
    budget, moment, start, end = TABLE[case]
    assert window(budget, at(moment)) == Window(at(start), at(end))


def test_a_total_never_ends() -> None:
    total = Budget("total", 1, "Nowhere/Special", "99:99")
    assert window(total, 5.0) == Window(0, None) == before(total, 5.0)


@pytest.mark.parametrize(
    "budget", [day(), day(BERLIN, "02:30"), day(SAMOA), day(LORD_HOWE, "02:15"), month(28, NEW_YORK, "02:30")]
)
def test_windows_follow_one_another_without_gap_or_overlap(budget: Budget) -> None:
    moment = at("2010-06-01T00:00")
    for _ in range(700 if budget.period == "day" else 60):
        present = window(budget, moment)
        assert present.end is not None
        assert present.start <= moment < present.end
        assert window(budget, present.end - 1) == present
        assert window(budget, present.end).start == present.end
        assert before(budget, present.end) == present
        moment = present.end


def test_any_moment_lies_in_its_window() -> None:
    chance = random.Random(3)
    for _ in range(1500):
        zone = chance.choice([BERLIN, NEW_YORK, SAMOA, LORD_HOWE, "UTC", "Africa/Casablanca", "Asia/Tehran"])
        time = f"{chance.randrange(24):02}:{chance.randrange(60):02}"
        budget = chance.choice([day(zone, time), month(chance.randint(1, 28), zone, time)])
        moment = chance.uniform(0, 4e9)
        found = window(budget, moment)
        assert found.end is not None
        assert found.start <= moment < found.end
        begins = datetime.fromtimestamp(found.start, ZoneInfo(zone))
        assert found.end - found.start <= (32 if budget.period == "month" else 2) * 86_400
        assert (begins.hour, begins.minute) == tuple(map(int, time.split(":"))) or _gap_before(found.start, zone)


def _gap_before(moment: int, zone: str) -> bool:
    wall = [datetime.fromtimestamp(one, ZoneInfo(zone)).replace(tzinfo=None) for one in (moment - 1, moment)]
    return (wall[1] - wall[0]).total_seconds() > 1


@pytest.mark.parametrize(
    "budget",
    [
        day("Europe/Nowhere"),
        day("Europe"),
        day("../etc/passwd"),
        day(""),
        day(time="24:00"),
        day(time="7:00"),
        month(0),
        month(29),
    ],
)
def test_what_there_is_not(budget: Budget) -> None:
    with pytest.raises(ValueError, match=r"zone|reset"):
        window(budget, 1_790_000_000)


def test_utc_needs_no_zones() -> None:
    code = (
        "import sys\nfrom gateway.policies.windows import window\nfrom gateway.neutral.limits import Budget\n"
        "window(Budget('month', 1), 1e9)\nassert 'zoneinfo' not in sys.modules"
    )
    assert (
        subprocess.run([sys.executable, "-c", code], check=False, cwd=Path(gateway.__file__).parents[1]).returncode == 0
    )
    assert window(day(), datetime(2026, 1, 1, tzinfo=UTC).timestamp()).start == at("2026-01-01T00:00")
