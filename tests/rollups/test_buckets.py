"""Addresses of buckets and the windows made of them."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.rollups.samples import DAY, HOUR, NOON, PATIENT

from gateway.rollups.buckets import Bucket, Window, bounded, ceiling, floor, parse_sort_key

TIMES = st.integers(978_307_200_000, 4_102_444_799_999)


def test_the_address_of_an_hour_and_of_a_day() -> None:
    hour = Bucket("hour", "model", NOON, "a#b")
    day = Bucket("day", "model", floor("day", NOON), "a#b")
    assert (hour.pk, hour.sk) == ("hour#model#2026-05-01", "2026-05-01T12#a#b")
    assert (day.pk, day.sk) == ("day#model#2026-05", "2026-05-01#a#b")
    assert hour.ttl == NOON // 1000 + 400 * 86_400
    assert day.ttl is None


@PATIENT
@given(TIMES, st.text(min_size=1, max_size=20), st.sampled_from(["hour", "day"]))
def test_a_sort_key_is_read_back(time: int, value: str, size: str) -> None:
    bucket = Bucket(size, "key", floor(size, time), value)  # type: ignore[arg-type]
    assert parse_sort_key(bucket.size, bucket.sk) == (bucket.start_ms, value)


@pytest.mark.parametrize("text", ["", "#", "2026-13-01#x", "2026-05-01#x"])
def test_a_foreign_sort_key_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"match|unconverted"):
        parse_sort_key("hour", text)


@PATIENT
@given(TIMES, st.integers(1, 60 * DAY), st.sampled_from(["hour", "day"]))
def test_a_window_holds_what_was_asked_and_little_more(start: int, length: int, size: str) -> None:
    width = {"hour": HOUR, "day": DAY}[size]
    window = Window.around(size, start, start + length)  # type: ignore[arg-type]
    assert window.start_ms <= start < window.start_ms + width
    assert window.end_ms - width < start + length <= window.end_ms
    assert window.before.end_ms == window.start_ms
    assert window.before.end_ms - window.before.start_ms == window.end_ms - window.start_ms
    assert len(window.starts()) * width == window.end_ms - window.start_ms


@PATIENT
@given(TIMES, st.integers(1, 40 * 24))
def test_the_cover_is_the_window_without_gap_or_overlap(start: int, hours: int) -> None:
    window = Window.around("hour", start, start + hours * HOUR)
    pieces = list(window.cover())
    assert pieces[0].start_ms == window.start_ms
    assert pieces[-1].end_ms == window.end_ms
    assert all(one.end_ms == two.start_ms for one, two in pairwise(pieces))
    assert all(p.start_ms == floor(p.size, p.start_ms) and p.end_ms == ceiling(p.size, p.end_ms) for p in pieces)
    assert sum(len(p.starts()) for p in pieces if p.size == "hour") < 48


@PATIENT
@given(
    st.text(st.characters(codec="utf-8"), min_size=1, max_size=2000), st.text(st.characters(codec="utf-8"), max_size=5)
)
def test_long_values_are_cut_and_stay_distinct(value: str, tail: str) -> None:
    assert len(bounded(value).encode()) <= 512
    assert (bounded(value) == bounded(value + tail)) == (tail == "")
