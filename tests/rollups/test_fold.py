"""Folding is adding: no grouping and no order changes the sums."""

from __future__ import annotations

import random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.rollups.samples import DAY, NOON, PATIENT, nearest_rank, record, row, sums, traffic

from gateway.rollups.buckets import Bucket, floor
from gateway.rollups.cells import parts
from gateway.rollups.fold import Delta, buckets_of, fold
from gateway.rollups.rows import FIRST_BYTE, TOTAL, Finished, read_record


def read(plain: dict[str, Any]) -> Finished:
    finished = read_record(record(plain, 1))
    assert finished is not None
    return finished


def merged(parts: list[dict[Bucket, Delta]]) -> dict[Bucket, Delta]:
    result: dict[Bucket, Delta] = {}
    for part in parts:
        for bucket, delta in part.items():
            result[bucket] = result.get(bucket, Delta()).plus(delta)
    return result


@settings(PATIENT, max_examples=60)
@given(st.integers(0, 2**32), st.integers(1, 60), st.data())
def test_any_split_in_any_order_gives_equal_buckets(seed: int, count: int, data: st.DataObject) -> None:
    rows = [read(plain) for plain in traffic(count, seed, span_ms=2 * DAY, mirrors=0.2)]
    whole = fold(rows)
    shuffled = data.draw(st.permutations(rows))
    cuts = sorted(data.draw(st.lists(st.integers(0, count), max_size=6)))
    parts = [fold(shuffled[a:b]) for a, b in zip([0, *cuts], [*cuts, count], strict=True)]
    random.Random(seed).shuffle(parts)
    assert merged(parts) == whole


@settings(PATIENT, max_examples=60)
@given(st.integers(0, 2**32), st.integers(1, 80))
def test_the_buckets_of_a_dimension_add_up_to_its_rows(seed: int, count: int) -> None:
    plain = traffic(count, seed, span_ms=2 * DAY, mirrors=0.2)
    buckets = fold(read(one) for one in plain)
    for size in ("hour", "day"):
        for dimension in ("all", "key", "user", "team", "model", "provider", "route", "cell"):
            deltas = [d for b, d in buckets.items() if (b.size, b.dimension) == (size, dimension)]
            expected = sums(plain)
            assert {name: sum(d[name] for d in deltas) for name in expected} == expected


@settings(PATIENT, max_examples=40)
@given(st.integers(0, 2**32), st.integers(1, 60))
def test_cells_add_up_to_every_pair_of_dimensions(seed: int, count: int) -> None:
    plain = traffic(count, seed, mirrors=0.2)
    cells = {
        b.value: d for b, d in fold(read(one) for one in plain).items() if (b.size, b.dimension) == ("day", "cell")
    }
    attribute = {"key": "key_id", "user": "user_id", "team": "team_id"}
    for pair in (("key", "model"), ("team", "provider"), ("requested_model", "route")):
        wanted: dict[tuple[str, ...], list[dict[str, Any]]] = {}
        for one in plain:
            wanted.setdefault(tuple(one.get(attribute.get(name, name), "") for name in pair), []).append(one)
        found: dict[tuple[str, ...], Delta] = {}
        for value, delta in cells.items():
            group = tuple(parts(value)[name] for name in pair)
            found[group] = found.get(group, Delta()).plus(delta)
        assert {g: {name: d[name] for name in sums([])} for g, d in found.items()} == {
            g: sums(rows) for g, rows in wanted.items()
        }


def test_cells_hold_counters_and_no_histograms() -> None:
    folded = fold([read(row(1))])
    for bucket, delta in folded.items():
        assert (delta.percentile_ms(TOTAL, 0.5) is None) == (bucket.dimension == "cell")


def test_a_mirrored_copy_is_no_traffic_but_is_paid_for() -> None:
    attempts = '[{"cost_nano": 5}]'
    folded = fold([read(row(1)), read(row(2, mirror_of="req_1", status=502, cost_nano=1000, attempts=attempts))])
    bucket = folded[Bucket("hour", "provider", NOON, "openai")]
    assert (bucket["requests"], bucket["errors"], bucket["cost_nano"], bucket["output_tokens"]) == (1, 0, 1234, 7)
    assert (bucket["mirrors"], bucket["mirror_cost_nano"], bucket["lost_cost_nano"]) == (1, 1005, 0)


@settings(PATIENT, max_examples=60)
@given(st.integers(0, 2**32), st.integers(1, 80), st.sampled_from([50, 95, 99]))
def test_percentiles_of_a_bucket_are_within_five_percent(seed: int, count: int, percent: int) -> None:
    plain = [{**one, "time_ms": NOON} for one in traffic(count, seed)]
    bucket = fold(read(one) for one in plain)[Bucket("hour", "all", NOON, "all")]
    for histogram, name in ((FIRST_BYTE, "first_byte_ms"), (TOTAL, "total_ms")):
        samples = [one[name] for one in plain if name in one]
        found = bucket.percentile_ms(histogram, percent / 100)
        if not samples:
            assert found is None
            continue
        exact = nearest_rank(samples, percent)
        assert found is not None
        assert abs(found - exact) <= max(exact, 1.0) * 0.05


def test_a_request_counts_in_the_hour_and_day_it_began_in() -> None:
    finished = read(row(1, time_ms=NOON + 3_599_999))
    starts = {(b.size, b.start_ms) for b in buckets_of(finished)}
    assert starts == {("hour", NOON), ("day", floor("day", NOON))}
    assert len(list(buckets_of(finished))) == 16


def test_a_key_bucket_remembers_the_name_seen_last() -> None:
    rows = [read(row(2, time_ms=NOON + 2, key_name="New")), read(row(1, time_ms=NOON + 1, key_name="Old"))]
    folded = fold(rows)
    assert folded[Bucket("hour", "key", NOON, "key_1")].name == "New"
    assert folded[Bucket("hour", "model", NOON, "gpt-x")].name is None
