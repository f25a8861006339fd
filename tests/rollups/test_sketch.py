"""The histogram keeps its promises: bounded error, exact merging."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.rollups.samples import PATIENT, nearest_rank

from gateway.rollups.sketch import LAST_BIN, RELATIVE_ERROR, bin_of, percentile, value_of

DURATIONS = st.lists(st.floats(1, 3_600_000), min_size=1, max_size=200)


def test_the_documented_error_is_at_most_five_percent() -> None:
    assert RELATIVE_ERROR < 0.05


@PATIENT
@given(DURATIONS, st.sampled_from([1, 25, 50, 90, 95, 99, 100]))
def test_a_percentile_is_within_the_documented_error(samples: list[float], percent: int) -> None:
    exact = nearest_rank(samples, percent)
    found = percentile(Counter(bin_of(ms) for ms in samples), percent / 100)
    assert found is not None
    assert abs(found - exact) <= exact * RELATIVE_ERROR * (1 + 1e-9)


@PATIENT
@given(st.floats(1, 3_600_000), st.floats(1, 3_600_000))
def test_longer_durations_never_get_lower_bins(one: float, other: float) -> None:
    assert (bin_of(one) <= bin_of(other)) if one <= other else (bin_of(one) >= bin_of(other))


@pytest.mark.parametrize(("ms", "index"), [(0, 0), (0.3, 0), (1, 0), (1.0001, 1), (1e15, LAST_BIN)])
def test_the_ends_of_the_scale(ms: float, index: int) -> None:
    assert bin_of(ms) == index


def test_below_a_millisecond_the_answer_is_below_one() -> None:
    assert percentile({0: 3}, 0.5) == value_of(0) == pytest.approx(0.952, abs=0.001)


def test_nothing_measured_has_no_percentile() -> None:
    assert percentile({}, 0.5) is None


@pytest.mark.parametrize("quantile", [0, -0.1, 1.01, float("nan")])
def test_a_quantile_out_of_range_is_refused(quantile: float) -> None:
    with pytest.raises(ValueError, match="quantile"):
        percentile({1: 1}, quantile)
