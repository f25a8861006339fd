"""How long a provider wants to be left alone, from the headers of its answer."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Final

_MOST: Final = 86_400.0
_NUMBER: Final = re.compile(r"[+-]?[0-9]{1,15}(?:\.[0-9]{0,9})?")
_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_CLOCK: Final = r"(?P<hour>\d\d):(?P<minute>\d\d):(?P<second>\d\d)"
# RFC 9110 §5.6.7: the form of today, that of RFC 850 and that of C's asctime. The name of the day says nothing the date does not.
_DATES: Final = tuple(
    re.compile(pattern, re.ASCII | re.IGNORECASE)
    for pattern in (
        rf"[a-z]{{3}}, (?P<day>\d\d) (?P<month>[a-z]{{3}}) (?P<year>\d{{4}}) {_CLOCK} GMT",
        rf"[a-z]{{6,9}}, (?P<day>\d\d)-(?P<month>[a-z]{{3}})-(?P<year>\d\d) {_CLOCK} GMT",
        rf"[a-z]{{3}} (?P<month>[a-z]{{3}}) (?P<day>[ \d]\d) {_CLOCK} (?P<year>\d{{4}})",
    )
)


def retry_after(headers: Iterable[tuple[bytes, bytes]], now: float) -> float | None:
    """Seconds from an answer's headers (names lower-case), None when they say nothing. `now` is Unix seconds.

    `retry-after-ms` is finer and goes first, as the vendors' own clients read it
    (https://github.com/openai/openai-python/blob/main/src/openai/_base_client.py).
    """
    found = {name: value.decode("latin-1") for name, value in headers if name in {b"retry-after", b"retry-after-ms"}}
    milliseconds = _number(found.get(b"retry-after-ms", ""))
    if milliseconds is not None:
        return _bounded(milliseconds / 1000)
    return parse_retry_after(found.get(b"retry-after"), now)


def parse_retry_after(value: str | None, now: float) -> float | None:
    """Seconds from a `Retry-After` (RFC 9110 §10.2.3: seconds, or a date): 0 for the past, at most 24 hours, None for what is neither."""
    if value is None:
        return None
    seconds = _number(value)
    if seconds is not None:
        return _bounded(seconds)
    moment = _date(value.strip(" \t"), now)
    return None if moment is None else _bounded(moment - now)


def _bounded(seconds: float) -> float:
    return min(_MOST, max(0.0, seconds))


def _number(text: str) -> float | None:
    """Also with a fraction, which some providers send."""
    found = _NUMBER.fullmatch(text.strip(" \t"))
    return float(found[0]) if found else None


def _date(text: str, now: float) -> float | None:
    """Unix seconds of an HTTP date, None when it is none."""
    found = next((match for pattern in _DATES if (match := pattern.fullmatch(text))), None)
    if found is None or found["month"].lower() not in _MONTHS:
        return None
    month = _MONTHS.index(found["month"].lower()) + 1
    hour, minute, second = int(found["hour"]), int(found["minute"]), min(59, int(found["second"]))  # 60: a leap second
    try:
        return datetime(
            _year(found["year"], now), month, int(found["day"]), hour, minute, second, tzinfo=UTC
        ).timestamp()
    except ValueError:
        return None


def _year(digits: str, now: float) -> int:
    """Two digits that seem more than 50 years ahead mean the past (RFC 9110 §5.6.7)."""
    if len(digits) == 4:
        return int(digits)
    current = datetime.fromtimestamp(now, UTC).year
    year = current - current % 100 + int(digits)
    return year - 100 if year > current + 50 else year
