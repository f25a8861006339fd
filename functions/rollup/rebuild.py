"""Rebuild usage buckets from the log rows, by hand: after rows ended in the dead-letter queue, or after the fold learned to count something new.

    PYTHONPATH=functions python -m rollup.rebuild --from 2026-05-01 --to 2026-05-31 --logs-table NAME --usage-table NAME

Both days are UTC and included; they must be closed (48 hours past). The tables' names come from LOGS_TABLE and USAGE_TABLE where they are
not given, the region, credentials and AWS_ENDPOINT_URL from the environment, as the AWS CLI takes them. Whoever runs it needs dynamodb:Query
on both tables, dynamodb:BatchWriteItem on the usage table and use of the tables' KMS key. Exit status: 0 done, 1 refused (nothing of
that day was written), 2 misused.
"""

from __future__ import annotations

import os
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import boto3

from gateway.clock import Clock
from gateway.rollups.buckets import DAY_MS
from gateway.rollups.rebuild import NotClosed, Rebuilder, RowsMissing, StoreBusy

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


def _milliseconds(text: str) -> int:
    """The start of a UTC day given as yyyy-mm-dd."""
    day = date.fromisoformat(text)
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()) * 1000


def _parsed(arguments: Sequence[str]) -> Namespace:
    parser = ArgumentParser(prog="rollup.rebuild", description="Compute usage buckets anew from the log rows.")
    parser.add_argument(
        "--from", dest="first", type=_milliseconds, required=True, metavar="DAY", help="UTC, yyyy-mm-dd"
    )
    parser.add_argument("--to", dest="last", type=_milliseconds, required=True, metavar="DAY", help="included")
    for table in ("logs", "usage"):
        name = os.environ.get(f"{table.upper()}_TABLE")
        parser.add_argument(f"--{table}-table", default=name, required=name is None, metavar="NAME")
    parser.add_argument("--allow-fewer", action="store_true", help="also where log rows have expired: figures are lost")
    parser.add_argument("--dry-run", action="store_true", help="say what would change, write nothing")
    parsed = parser.parse_args(arguments)
    if parsed.first > parsed.last:
        parser.error("--from lies after --to")
    return parsed


def main(arguments: Sequence[str], client: DynamoDBClient | None = None, clock: Clock | None = None) -> int:
    """Rebuild and print a line per day; returns the exit status."""
    asked = _parsed(arguments)
    rebuilder = Rebuilder(
        client=client or boto3.client("dynamodb"),
        logs_table=asked.logs_table,
        usage_table=asked.usage_table,
        clock=clock or Clock(),
        fewer=asked.allow_fewer,
        trial=asked.dry_run,
    )
    would = "would be " if asked.dry_run else ""
    try:
        for day in rebuilder.days(asked.first, asked.last + DAY_MS):
            changes = f"{day.put} of {day.buckets} buckets {would}put, {day.removed} {would}removed"
            sys.stdout.write(f"{day.day}: {day.rows} rows, {changes}, {len(day.bad)} rows unreadable\n")
            for identifier, reason in day.bad.items():
                sys.stdout.write(f"  {identifier}: {reason}\n")
    except (NotClosed, RowsMissing, StoreBusy) as refused:
        sys.stderr.write(f"refused: {refused}\n")
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
