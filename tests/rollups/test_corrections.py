"""A swept request whose settlement came late counts as what it was, in every bucket, however its records come."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import permutations
from typing import Any

import pytest
from tests.rollups.samples import record, row

from gateway.rollups.buckets import Bucket
from gateway.rollups.consume import consume
from gateway.rollups.corrections import read
from gateway.rollups.fold import Delta, fold
from gateway.rollups.rows import BadRecord, Finished
from gateway.rollups.write import Outcome, transaction

_NOTHING_YET = dict.fromkeys(
    (
        "model",
        "provider",
        "first_byte_ms",
        "total_ms",
        "cache_read_tokens",
        "cache_write_5m_tokens",
        "cache_write_1h_tokens",
        "output_tokens",
        "reasoning_tokens",
        "attempts",
    )
)
SWEPT = row(
    1,
    **_NOTHING_YET,
    status=500,
    error="interrupted",
    swept=True,
    swept_nano=40,
    swept_tokens=8,
    cost_nano=40,
    cost_state="priced",
    fresh_tokens=8,
    input_tokens=8,
)
TRUE = row(1, swept_nano=40, swept_tokens=8, total_ms=None, cost_nano=900)
OTHER = row(2)


class Counting:
    """A writer that applies each row once, as the marks see to it."""

    def __init__(self) -> None:
        self.rows: dict[str, Finished] = {}

    def apply(self, rows: Sequence[Finished], seconds_left: Any) -> Outcome:
        del seconds_left
        self.rows |= {one.id: one for one in rows if one.id not in self.rows}
        return Outcome(len(rows))

    @property
    def sums(self) -> dict[Bucket, dict[str, int]]:
        found = {
            bucket: {name: n for name, n in delta.adds.items() if n}
            for bucket, delta in fold(self.rows.values()).items()
        }
        return {bucket: adds for bucket, adds in found.items() if adds}


def counted(*batches: list[dict[str, Any]]) -> dict[Bucket, dict[str, int]]:
    writer = Counting()
    for batch in batches:
        consume([record(one, number) for number, one in enumerate(batch)], writer, lambda: 1.0)  # type: ignore[arg-type]
    return writer.sums


PLAIN = counted([row(1, total_ms=None, cost_nano=900), OTHER])


def test_the_true_figures_stand_in_every_bucket() -> None:
    assert counted([SWEPT], [TRUE], [OTHER]) == PLAIN


def test_no_cutting_and_no_repetition_of_the_stream_changes_that() -> None:
    for order in permutations([[SWEPT], [TRUE], [OTHER], [SWEPT, TRUE], [TRUE, OTHER]]):
        first = next(batch for batch in order if SWEPT in batch)
        if order.index(first) <= min(order.index(batch) for batch in order if TRUE in batch):
            assert counted(*order) == PLAIN


def test_a_swept_row_counts_as_it_is_until_then() -> None:
    (found,) = read(record(SWEPT, 1))
    assert (found.adds["requests"], found.adds["errors"], found.adds["cost_nano"]) == (1, 1, 40)


def test_what_is_taken_back_can_be_written() -> None:
    written = transaction("usage", read(record(TRUE, 1)), 1)
    values = [one["Update"]["ExpressionAttributeValues"] for one in written["TransactItems"] if "Update" in one]
    assert any(number["N"].startswith("-") for each in values for number in each.values())
    assert all(name.removeprefix(":").isalnum() for each in values for name in each)


def test_deltas_that_come_to_nothing_are_nothing() -> None:
    assert Delta({"requests": 1}).plus(Delta({"requests": -1})).adds == {}


@pytest.mark.parametrize("wrong", [-1, 1.5, "40"])
def test_a_figure_that_is_none_is_refused(wrong: Any) -> None:
    with pytest.raises(BadRecord):
        read(record(TRUE | {"swept_nano": wrong}, 1))
