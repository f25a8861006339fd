"""Buckets computed anew from the log rows, for days that are over.

Theory of operation. Of a *closed* day nothing can be folded any more, so that its buckets may simply be put: a day is closed `MARK_HOURS`
(48 hours) after its end. A request lives for 15 minutes, the stream for 24 hours, and whatever else feeds the fold relies on the marks, which
live for 48. An earlier day is refused (`NotClosed`): a sum put beside live adding would lose what was added in between.

The rows of a day are read whole and folded by the live fold's own code, so the result is what the fold would have written with every row
delivered. Only buckets that differ are put; a second run changes nothing, and a run that broke off is repeated. Log rows expire (the deployment's and
each key's retention), buckets stay: where a bucket counts more requests than the rows that are left, nothing of the day is written (`RowsMissing`),
unless `fewer` allows it. While a day is being written, readers may see some of its buckets old and some new.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, get_args

from gateway.clock import Clock
from gateway.rollups.buckets import DAY_MS, HOUR_MS, Bucket, Dimension, Window, parse_sort_key, partition, start_text
from gateway.rollups.fold import Delta, fold
from gateway.rollups.rows import BadRecord, Finished, decode, finished
from gateway.rollups.write import MARK_HOURS

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

LOG_SHARDS = 4
"""Partitions of a day in the log table (stores/README.md)."""
_MARGIN_MS = HOUR_MS
"""How far the time in a row's id may be from the time it counts under; in truth they are milliseconds apart."""
_AT_ONCE = 25
_TRIES = 8

Item = Mapping[str, Any]


class NotClosed(ValueError):
    """Rows of the day may still be folded; the message says from when on it can be rebuilt."""


class RowsMissing(ValueError):
    """A bucket counts more requests than there are rows left; the message names it."""


class StoreBusy(RuntimeError):
    """DynamoDB kept leaving items unwritten; the same rebuild may be run again."""


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """One day. `rows` were counted; `bad` says, by request id, why others could not be (the live fold refuses them too);
    of `buckets` altogether, `put` were written and `removed` deleted."""

    day: str
    rows: int
    bad: Mapping[str, str]
    buckets: int
    put: int
    removed: int


@dataclass(slots=True)
class _Count:
    rows: int = 0
    bad: dict[str, str] = field(default_factory=dict)


def item_of(bucket: Bucket, delta: Delta) -> dict[str, Any]:
    """A bucket as the fold's updates would leave it."""
    item: dict[str, Any] = {"pk": {"S": bucket.pk}, "sk": {"S": bucket.sk}}
    item |= {name: {"N": str(amount)} for name, amount in delta.adds.items()}
    item |= {"name": {"S": delta.name}} if delta.name else {}
    item |= {"ttl": {"N": str(bucket.ttl)}} if bucket.ttl else {}
    return item


def _counted(item: Item) -> int:
    return sum(int(item.get(name, {"N": "0"})["N"]) for name in ("requests", "mirrors"))


def _date(milliseconds: int) -> str:
    return start_text("day", milliseconds)


@dataclass(frozen=True, slots=True)
class Rebuilder:
    """Rebuilds days of one deployment. `fewer` lets a bucket count fewer requests than before; `trial` writes nothing."""

    client: DynamoDBClient
    logs_table: str
    usage_table: str
    clock: Clock
    fewer: bool = False
    trial: bool = False
    sleep: Callable[[float], None] = time.sleep

    def days(self, from_ms: int, to_ms: int) -> Iterator[Rebuilt]:
        """Rebuild every UTC day that [from_ms, to_ms) touches, oldest first. NotClosed before anything is written; RowsMissing at the
        day it concerns, with the days before it written; StoreBusy; and errors of botocore."""
        window = Window.around("day", from_ms, to_ms)
        opens = window.end_ms + MARK_HOURS * HOUR_MS
        if self.clock.now_ms() < opens:
            moment = datetime.fromtimestamp(opens // 1000, UTC)
            raise NotClosed(f"{_date(window.end_ms - DAY_MS)} can be rebuilt from {moment:%Y-%m-%dT%H:%MZ} on")
        return (self._day(start) for start in window.starts())

    def _day(self, start_ms: int) -> Rebuilt:
        count = _Count()
        wanted = {
            (bucket.pk, bucket.sk): item_of(bucket, delta)
            for bucket, delta in fold(self._rows(start_ms, count)).items()
        }
        present = {(item["pk"]["S"], item["sk"]["S"]): item for item in self._present(start_ms)}
        for address, item in present.items():
            if not self.fewer and _counted(item) > _counted(wanted.get(address, {})):
                raise RowsMissing(
                    f"{' '.join(address)} counts {_counted(item)} requests, the rows left are {_counted(wanted.get(address, {}))}"
                )
        puts = [item for address, item in wanted.items() if present.get(address) != item]
        gone = [{"pk": {"S": pk}, "sk": {"S": sk}} for pk, sk in present.keys() - wanted.keys()]
        if not self.trial:
            self._write([{"PutRequest": {"Item": item}} for item in puts])
            self._write([{"DeleteRequest": {"Key": key}} for key in gone])
        return Rebuilt(_date(start_ms), count.rows, count.bad, len(wanted), len(puts), len(gone))

    def _rows(self, start_ms: int, count: _Count) -> Iterator[Finished]:
        """The finished rows of a day. Their ids tell the partitions; their `time_ms` decides."""
        low, high = start_ms - _MARGIN_MS, start_ms + DAY_MS + _MARGIN_MS
        for day in Window.around("day", low, high).starts():
            for shard in range(LOG_SHARDS):
                bounds = {":low": {"S": f"req_{low:012x}"}, ":high": {"S": f"req_{high:012x}"}}
                for item in self._query(self.logs_table, f"{_date(day)}#{shard}", "sk BETWEEN :low AND :high", bounds):
                    row = _read(item, count)
                    if row is not None and start_ms <= row.time_ms < start_ms + DAY_MS:
                        count.rows += 1
                        yield row

    def _present(self, start_ms: int) -> Iterator[Item]:
        """The buckets that there are of a day."""
        for dimension in get_args(Dimension):
            yield from self._query(self.usage_table, partition("hour", dimension, start_ms))
            day = {":day": {"S": f"{_date(start_ms)}#"}}
            month = self._query(self.usage_table, partition("day", dimension, start_ms), "begins_with(sk, :day)", day)
            yield from (item for item in month if parse_sort_key("day", item["sk"]["S"])[0] == start_ms)

    def _query(
        self, table: str, key: str, more: str | None = None, values: Mapping[str, Any] | None = None
    ) -> Iterator[Item]:
        pages = self.client.get_paginator("query").paginate(
            TableName=table,
            ConsistentRead=True,
            KeyConditionExpression="pk = :pk" + (f" AND {more}" if more else ""),
            ExpressionAttributeValues={":pk": {"S": key}, **(values or {})},
        )
        for page in pages:
            yield from page["Items"]

    def _write(self, requests: Sequence[Any]) -> None:
        for first in range(0, len(requests), _AT_ONCE):
            left: Sequence[Any] = requests[first : first + _AT_ONCE]
            for pause in range(_TRIES):
                answer = self.client.batch_write_item(RequestItems={self.usage_table: left})
                left = answer.get("UnprocessedItems", {}).get(self.usage_table, [])
                if not left:
                    break
                self.sleep(0.05 * 2**pause)
            else:
                raise StoreBusy("the usage table is too busy to be written")


def _read(item: Item, count: _Count) -> Finished | None:
    try:
        return finished(decode(item))
    except BadRecord as error:
        count.bad[item["sk"]["S"]] = str(error)
        return None
