"""One batch of the log table's stream: read, count, and say which records must come again."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gateway.rollups.corrections import read
from gateway.rollups.rows import BadRecord, Finished
from gateway.rollups.write import BucketWriter, Outcome


@dataclass(frozen=True, slots=True)
class Report:
    """`failures` are sequence numbers in the batch's order; `bad` says why records could not be read, `ignored` counts records that
    tell of no finished request (removed, running) or of one that the batch held already."""

    failures: tuple[str, ...]
    bad: tuple[str, ...]
    ignored: int
    outcome: Outcome


def sequence_number(record: Any) -> str:
    """The record's identifier; empty when it has none, by which Lambda takes the whole batch as failed (the marks allow that)."""
    change = record.get("dynamodb") if isinstance(record, Mapping) else None
    number = change.get("SequenceNumber") if isinstance(change, Mapping) else None
    return number if isinstance(number, str) else ""


def consume(records: Sequence[Any], writer: BucketWriter, seconds_left: Callable[[], float]) -> Report:
    """Count every record that can be counted. The first finished image of a request counts, later ones change nothing (see `corrections`)."""
    rows: dict[str, Finished] = {}
    counts_of: list[set[str]] = []
    bad: dict[int, str] = {}
    ignored = 0
    for position, record in enumerate(records):
        try:
            found = read(record)
        except BadRecord as error:
            bad[position], found = str(error), ()
        counts_of.append({row.id for row in found})
        fresh = [row for row in found if row.id not in rows]
        ignored += not fresh and position not in bad
        rows |= {row.id: row for row in fresh}
    outcome = writer.apply(tuple(rows.values()), seconds_left)
    failures = tuple(
        sequence_number(record)
        for position, record in enumerate(records)
        if position in bad or counts_of[position] & outcome.failed
    )
    return Report(failures, tuple(bad.values()), ignored, outcome)
