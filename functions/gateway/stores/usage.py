"""Reading the usage table: sums, series and breakdowns of what the fold has written.

Addresses and counters are defined, purely, by `gateway.rollups.buckets` and `.fold`; only `gateway.rollups.write` writes them. Reads are eventually
consistent and bounded: a series asks for its buckets by key, a breakdown covers its time with as few buckets as it can and stops after
`MOST_PAGES` pages (1 MB each), saying so. Errors: those of botocore, and `UsageUnavailable` when DynamoDB leaves keys unread.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

from gateway.rollups.buckets import Bucket, Dimension, Size, Window, parse_sort_key, partition, start_text
from gateway.rollups.fold import Delta
from gateway.rollups.rows import COUNTERS

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

MOST_PAGES = 40

_GET_AT_ONCE = 100
_ROUNDS = 6
_NARROW = {"ProjectionExpression": ", ".join(("sk", "#name", *COUNTERS)), "ExpressionAttributeNames": {"#name": "name"}}
_ADDRESS = frozenset({"pk", "sk", "ttl", "name"})


class UsageUnavailable(RuntimeError):
    """DynamoDB kept leaving keys unread (throttling); the same question may succeed later."""


@dataclass(frozen=True, slots=True)
class Point:
    """One bucket of a series; empty buckets have an empty `sum`."""

    start_ms: int
    sum: Delta


@dataclass(frozen=True, slots=True)
class Entry:
    """One value of a dimension. `sum.name` is its display name where the fold knows one."""

    value: str
    sum: Delta


@dataclass(frozen=True, slots=True)
class Breakdown:
    """The values of a dimension, most requests first. `truncated`: the page bound was met, so that sums may be too low."""

    entries: tuple[Entry, ...]
    truncated: bool = False


def total(points: Sequence[Point]) -> Delta:
    """The sum of a series."""
    result = Delta()
    for point in points:
        result = result.plus(point.sum)
    return result


def _delta(item: Mapping[str, Any], start_ms: int) -> Delta:
    adds = {name: int(value["N"]) for name, value in item.items() if name not in _ADDRESS}
    name = item["name"]["S"] if "name" in item else None
    return Delta(adds, name, (start_ms, "") if name else (0, ""))


def _partitions(dimension: Dimension, window: Window) -> dict[str, tuple[str, str]]:
    """The partitions a window touches, each with the first and last start text to read there."""
    ranges: dict[str, tuple[str, str]] = {}
    for start in window.starts():
        pk, text = partition(window.size, dimension, start), start_text(window.size, start)
        ranges[pk] = (ranges.get(pk, (text, text))[0], text)
    return ranges


@dataclass(frozen=True, slots=True)
class UsageReader:
    """Reads one deployment's usage table."""

    client: DynamoDBClient
    table: str
    sleep: Callable[[float], None] = time.sleep

    def series(self, window: Window, dimension: Dimension = "all", value: str = "all") -> tuple[Point, ...]:
        """Every bucket of one value of a dimension, in order, empty ones included."""
        buckets = {start: Bucket(window.size, dimension, start, value) for start in window.starts()}
        items = self._get([{"pk": {"S": bucket.pk}, "sk": {"S": bucket.sk}} for bucket in buckets.values()])
        sums = {item["sk"]["S"]: item for item in items}
        return tuple(Point(start, _delta(sums.get(bucket.sk, {}), start)) for start, bucket in buckets.items())

    def sum(self, window: Window, dimension: Dimension = "all", value: str = "all") -> Delta:
        """The sum of one value of a dimension over a window."""
        return total([point for piece in window.cover() for point in self.series(piece, dimension, value)])

    def breakdown(self, window: Window, dimension: Dimension, *, latencies: bool = False) -> Breakdown:
        """The sums of all values of a dimension over a window; with histograms only when `latencies`."""
        sums: dict[str, Delta] = {}
        pages = self._pages(window, dimension, latencies)
        for size, page in islice(pages, MOST_PAGES):
            for item in page:
                start_ms, value = parse_sort_key(size, item["sk"]["S"])
                sums[value] = sums.get(value, Delta()).plus(_delta(item, start_ms))
        truncated = next(pages, None) is not None
        ranked = sorted(sums.items(), key=lambda pair: (-pair[1]["requests"], pair[0]))
        return Breakdown(tuple(Entry(value, delta) for value, delta in ranked), truncated)

    def _get(self, keys: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
        """The items that exist among distinct keys, in any order."""
        found: list[dict[str, Any]] = []
        for first in range(0, len(keys), _GET_AT_ONCE):
            wanted = list(keys[first : first + _GET_AT_ONCE])
            for attempt in range(_ROUNDS):
                answer = self.client.batch_get_item(RequestItems={self.table: {"Keys": wanted}})
                found += answer["Responses"].get(self.table, [])
                left = answer.get("UnprocessedKeys", {}).get(self.table)
                wanted = [dict(key) for key in left["Keys"]] if left else []
                if not wanted:
                    break
                self.sleep(0.05 * 2**attempt)
            else:
                raise UsageUnavailable("the usage table is too busy to be read")
        return found

    def _pages(
        self, window: Window, dimension: Dimension, latencies: bool
    ) -> Iterator[tuple[Size, list[dict[str, Any]]]]:
        """Pages of buckets, newest time first, each with its bucket size: at a bound, what is missing is the oldest."""
        narrow: dict[str, Any] = {} if latencies else _NARROW
        for piece in reversed(list(window.cover())):
            for pk, (first, last) in reversed(_partitions(dimension, piece).items()):
                # "$" follows "#": the range ends behind the last start's last value.
                bounds = {":pk": {"S": pk}, ":first": {"S": first}, ":last": {"S": last + "$"}}
                query = {"KeyConditionExpression": "pk = :pk AND sk BETWEEN :first AND :last", **narrow}
                start: dict[str, Any] = {}
                while True:
                    page = self.client.query(
                        TableName=self.table,
                        ExpressionAttributeValues=bounds,
                        ScanIndexForward=False,
                        **query,
                        **start,
                    )
                    yield piece.size, list(page["Items"])
                    if "LastEvaluatedKey" not in page:
                        break
                    start = {"ExclusiveStartKey": page["LastEvaluatedKey"]}
