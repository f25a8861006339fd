"""A cell's value says all its parts, whatever clients call things."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.rollups.samples import NOON, PATIENT

from gateway.rollups.buckets import Bucket
from gateway.rollups.cells import LONGEST_PART_BYTES, PARTS, cell, part, parts

TEXT = st.text(st.sampled_from("ab%|257C~#ä\U0001f600") | st.characters(codec="utf-8"), max_size=60)


@PATIENT
@given(st.fixed_dictionaries({}, optional=dict.fromkeys(PARTS, TEXT)))
def test_the_parts_come_back(values: dict[str, str]) -> None:
    assert parts(cell(values)) == {name: part(values.get(name, "")) for name in PARTS}  # type: ignore[arg-type]


@PATIENT
@given(TEXT)
def test_a_short_part_is_kept_as_it_is(text: str) -> None:
    if len(text.encode()) * 3 <= LONGEST_PART_BYTES:
        assert part(text) == text


@pytest.mark.parametrize("hostile", ["|" * 2000, "%" * 2000, "x" * 2000, "\U0001f600" * 500])
def test_seven_long_parts_fit_into_a_sort_key_and_stay_distinct(hostile: str) -> None:
    value = cell(dict.fromkeys(PARTS, hostile))
    assert len(Bucket("hour", "cell", NOON, value).sk.encode()) <= 1024
    assert value != cell(dict.fromkeys(PARTS, hostile + "!"))
    assert parts(value) == dict.fromkeys(PARTS, part(hostile))


@pytest.mark.parametrize("text", ["", "a", "a|b", "|" * 7])
def test_what_is_no_cell_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="zip"):
        parts(text)
