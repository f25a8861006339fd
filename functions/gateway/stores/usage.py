"""Reading the usage table: sums, series and breakdowns of what the fold has written.

Addresses and counters are defined, purely, by `gateway.rollups.buckets` and `.fold`; only `gateway.rollups.write` writes them. Reads are eventually
consistent and bounded: a series asks for its buckets by key, a breakdown covers its time with as few buckets as it can and stops after
`MOST_PAGES` pages (1 MB each), saying so; a grid, from which people are billed, raises `TooMuch` instead. Errors: those of botocore, and
`UsageUnavailable` when DynamoDB leaves keys unread.
"""

from __future__ import annotations

import time
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

from gateway.rollups.buckets import Bucket, Dimension, Size, Window, parse_sort_key, partition, start_text
from gateway.rollups.fold import Delta
from gateway.rollups.rows import COUNTERS

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

MOST_PAGES = 40
MOST_GRID_PAGES = 450
MOST_GRID_ITEMS = 60_000

_GET_AT_ONCE = 100
_ROUNDS = 6
_NARROW = {"ProjectionExpression": ", ".join(("sk", "#name", *COUNTERS)), "ExpressionAttributeNames": {"#name": "name"}}
_ADDRESS = frozenset({"pk", "sk", "ttl", "name"})


class UsageUnavailable(RuntimeError):
    """DynamoDB kept leaving keys unread (throttling); the same question may succeed later."""


class TooMuch(RuntimeError):
    """The question needs more buckets than one call may read. Nothing is told rather than too little."""


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
    """The values of a dimension, most requests first; the empty value holds the requests without one.

    `truncated`: the page bound was met, so that sums may be too low.
    """

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


def merged(pieces: Iterable[Window]) -> list[Window]:
    """Pieces in order of time, with those that touch and have one size made one."""
    result: list[Window] = []
    for piece in pieces:
        last = result[-1] if result else None
        if last is not None and (last.size, last.end_ms) == (piece.size, piece.start_ms):
            result[-1] = Window(piece.size, last.start_ms, piece.end_ms)
        else:
            result.append(piece)
    return result


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
        pages = self._pages(list(window.cover()), dimension, latencies)
        for size, page in islice(pages, MOST_PAGES):
            for item in page:
                start_ms, value = parse_sort_key(size, item["sk"]["S"])
                sums[value] = sums.get(value, Delta()).plus(_delta(item, start_ms))
        truncated = next(pages, None) is not None
        ranked = sorted(sums.items(), key=lambda pair: (-pair[1]["requests"], pair[0]))
        return Breakdown(tuple(Entry(value, delta) for value, delta in ranked), truncated)

    def grid(
        self, windows: Sequence[Window], dimension: Dimension, *, latencies: bool = False
    ) -> dict[tuple[int, str], Delta]:
        """The sums of all values of a dimension by window: (position, value) → sum. The windows touch and are in order of time.

        TooMuch beyond `MOST_GRID_ITEMS` buckets or `MOST_GRID_PAGES` pages (a day of hours is a page at least). With histograms only
        when `latencies`.
        """
        starts = [window.start_ms for window in windows]
        sums: dict[tuple[int, str], dict[str, int]] = {}
        names: dict[tuple[int, str], tuple[int, str]] = {}
        pieces = merged(piece for window in windows for piece in window.cover())
        items = 0
        for number, (size, page) in enumerate(self._pages(pieces, dimension, latencies)):
            items += len(page)
            if number == MOST_GRID_PAGES or items > MOST_GRID_ITEMS:
                raise TooMuch
            for item in page:
                start_ms, value = parse_sort_key(size, item["sk"]["S"])
                place = bisect_right(starts, start_ms) - 1, value
                sum_ = sums.setdefault(place, {})
                for name, typed in item.items():
                    if name not in _ADDRESS:
                        sum_[name] = sum_.get(name, 0) + int(typed["N"])
                if "name" in item:
                    names[place] = max(names.get(place, (0, "")), (start_ms, item["name"]["S"]))
        unnamed = (0, "")
        return {
            place: Delta(adds, names.get(place, unnamed)[1] or None, (names.get(place, unnamed)[0], ""))
            for place, adds in sums.items()
        }

    def row(self, windows: Sequence[Window], dimension: Dimension, value: str) -> list[Delta]:
        """The sums of one value of a dimension by window. The windows touch and are in order of time."""
        starts = [window.start_ms for window in windows]
        sums = [Delta() for _ in windows]
        for piece in merged(piece for window in windows for piece in window.cover()):
            for point in self.series(piece, dimension, value):
                if point.sum.adds:
                    place = bisect_right(starts, point.start_ms) - 1
                    sums[place] = sums[place].plus(point.sum)
        return sums

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
        self, pieces: Sequence[Window], dimension: Dimension, latencies: bool
    ) -> Iterator[tuple[Size, list[dict[str, Any]]]]:
        """Pages of buckets, newest time first, each with its bucket size: at a bound, what is missing is the oldest."""
        narrow: dict[str, Any] = {} if latencies else _NARROW
        for piece in reversed(pieces):
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
