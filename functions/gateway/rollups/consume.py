"""One batch of the log table's stream: read, count, and say which records must come again."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gateway.rollups.rows import BadRecord, Finished, read_record
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
    """Count every record that can be counted. The first finished image of a request counts, later ones change nothing."""
    rows: dict[str, Finished] = {}
    request_of: list[str | None] = []
    bad: dict[int, str] = {}
    for position, record in enumerate(records):
        try:
            row = read_record(record)
        except BadRecord as error:
            bad[position], row = str(error), None
        request_of.append(row.id if row else None)
        if row:
            rows.setdefault(row.id, row)
    outcome = writer.apply(tuple(rows.values()), seconds_left)
    failures = tuple(
        sequence_number(record)
        for position, record in enumerate(records)
        if position in bad or request_of[position] in outcome.failed
    )
    return Report(failures, tuple(bad.values()), len(records) - len(bad) - len(rows), outcome)
