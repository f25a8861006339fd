"""RFC 9110 §10.2.3 and what providers make of it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.routing.retry_after import parse_retry_after, retry_after

NOW = datetime(2026, 11, 21, 7, 30, 0, tzinfo=UTC).timestamp()
DAY = 86_400.0


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("0", 0.0),
        ("120", 120.0),
        (" 7\t", 7.0),
        ("1.5", 1.5),
        ("2.", 2.0),
        ("-3", 0.0),
        ("+4", 4.0),
        ("86400", DAY),
        ("86401", DAY),
        ("999999999999999", DAY),
        ("Sat, 21 Nov 2026 07:30:30 GMT", 30.0),
        ("sat, 21 nov 2026 07:30:30 gmt", 30.0),
        ("Saturday, 21-Nov-26 07:31:00 GMT", 60.0),
        ("Sat Nov 21 07:31:00 2026", 60.0),
        ("Fri Nov  6 07:31:00 2026", 0.0),
        ("Sat, 21 Nov 2026 07:30:60 GMT", 59.0),  # a leap second
        ("Sat, 21 Nov 2026 07:29:59 GMT", 0.0),
        ("Sun, 06 Nov 1994 08:49:37 GMT", 0.0),
        ("Sunday, 06-Nov-94 08:49:37 GMT", 0.0),  # 1994, not 2094
        ("Fri, 31 Dec 9999 23:59:59 GMT", DAY),
    ],
)
def test_what_is_understood(value: str, seconds: float) -> None:
    assert parse_retry_after(value, NOW) == seconds


@pytest.mark.parametrize(
    "value",
    [
        None, "", " ", "soon", "nan", "inf", "-inf", "1e9", "0x10", "1_000", "10s", "5, 6", "\u0663", "1" * 400, "2026-11-21T07:31:00Z",
        "Sat, 31 Feb 2026 07:30:30 GMT", "Sat, 21 Nov 2026 25:30:30 GMT", "Sat, 21 Foo 2026 07:30:30 GMT", "Sat, 21 Nov 0000 07:30:30 GMT",
        "Sat, 21 Nov 2026 07:30:30 CET", "Sat, 21 Nov 2026 07:30:30", "Sat Nov 21 07:31:00 2026 GMT",
    ],
)  # fmt: skip
def test_what_is_no_time_says_nothing(value: str | None) -> None:
    assert parse_retry_after(value, NOW) is None


@given(st.text(max_size=60))
def test_any_text_is_a_time_or_none(value: str) -> None:
    found = parse_retry_after(value, NOW)
    assert found is None or 0.0 <= found <= DAY


@given(st.integers(-86_400, 86_400))
def test_a_date_is_as_far_as_it_is(seconds: int) -> None:
    moment = datetime.fromtimestamp(NOW + seconds, UTC)
    for form in ("%a, %d %b %Y %H:%M:%S GMT", "%A, %d-%b-%y %H:%M:%S GMT", "%a %b %e %H:%M:%S %Y"):
        assert parse_retry_after(moment.strftime(form), NOW) == max(0, seconds)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ([], None),
        ([(b"content-type", b"x")], None),
        ([(b"retry-after", b"3")], 3.0),
        ([(b"retry-after-ms", b"250"), (b"retry-after", b"3")], 0.25),
        ([(b"retry-after", b"3"), (b"retry-after-ms", b"junk")], 3.0),
        ([(b"retry-after-ms", b"-1")], 0.0),
        ([(b"retry-after-ms", b"999999999999")], DAY),
        ([(b"retry-after", b"\xff\xfe")], None),
    ],
)
def test_headers_of_an_answer(headers: list[tuple[bytes, bytes]], seconds: float | None) -> None:
    assert retry_after(headers, NOW) == seconds
