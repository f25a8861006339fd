"""Where a figure is kept: the address of one bucket in the usage table (pure).

Partition key `<hour|day>#<dimension>#<yyyy-mm-dd|yyyy-mm>`, sort key `<yyyy-mm-ddThh|yyyy-mm-dd>#<value>`: one partition holds a day of
hour buckets or a month of day buckets of one dimension, sorted by time. All times are UTC. The dimension `all` has the one value `all`;
requests without a value in a dimension are counted under the empty value, so that the buckets of each dimension add up to those of `all`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

Size = Literal["hour", "day"]
Dimension = Literal["all", "key", "user", "team", "model", "provider", "route", "cell"]

SIZES: tuple[Size, ...] = ("hour", "day")
HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS
WIDTH_MS = {"hour": HOUR_MS, "day": DAY_MS}
# 13 months: a day of another zone than UTC is made of hours, and last year's month must still be there to be billed.
HOUR_BUCKETS_LIVE_DAYS = 400
LONGEST_VALUE_BYTES = 512

_PARTITION_FORMAT = {"hour": "%Y-%m-%d", "day": "%Y-%m"}
_START_FORMAT = {"hour": "%Y-%m-%dT%H", "day": "%Y-%m-%d"}


def _utc(milliseconds: int) -> datetime:
    return datetime.fromtimestamp(milliseconds // 1000, UTC)


def floor(size: Size, milliseconds: int) -> int:
    """The start (Unix ms) of the bucket that holds this time."""
    return milliseconds - milliseconds % WIDTH_MS[size]


def ceiling(size: Size, milliseconds: int) -> int:
    """The first bucket start at or after this time."""
    return -floor(size, -milliseconds)


def partition(size: Size, dimension: Dimension, start_ms: int) -> str:
    """The partition key of the bucket that starts then."""
    return f"{size}#{dimension}#{_utc(start_ms).strftime(_PARTITION_FORMAT[size])}"


def start_text(size: Size, start_ms: int) -> str:
    """A bucket's start as its sort key begins with it."""
    return _utc(start_ms).strftime(_START_FORMAT[size])


def parse_sort_key(size: Size, sort_key: str) -> tuple[int, str]:
    """Start (Unix ms) and value of a sort key; ValueError when it is none."""
    start, _, value = sort_key.partition("#")
    moment = datetime.strptime(start, _START_FORMAT[size]).replace(tzinfo=UTC)
    return int(moment.timestamp()) * 1000, value


def bounded(value: str, longest: int = LONGEST_VALUE_BYTES) -> str:
    """A dimension's value as kept: as it is, or cut and closed with its hash, because a sort key holds at most 1,024 bytes."""
    raw = value.encode()
    if len(raw) <= longest:
        return value
    return raw[: longest - 20].decode("utf-8", "ignore") + "~" + hashlib.sha256(raw).hexdigest()[:16]


@dataclass(frozen=True, slots=True, order=True)
class Bucket:
    """One item of the usage table. `start_ms` is Unix ms, aligned to the size."""

    size: Size
    dimension: Dimension
    start_ms: int
    value: str

    @property
    def pk(self) -> str:
        """Partition key."""
        return partition(self.size, self.dimension, self.start_ms)

    @property
    def sk(self) -> str:
        """Sort key."""
        return f"{start_text(self.size, self.start_ms)}#{self.value}"

    @property
    def ttl(self) -> int | None:
        """Unix seconds at which the bucket may go: hours live for 400 days, days for ever."""
        return (self.start_ms + HOUR_BUCKETS_LIVE_DAYS * DAY_MS) // 1000 if self.size == "hour" else None


@dataclass(frozen=True, slots=True)
class Window:
    """Whole buckets from `start_ms` to before `end_ms` (Unix ms, both aligned to `size`)."""

    size: Size
    start_ms: int
    end_ms: int

    @classmethod
    def around(cls, size: Size, from_ms: int, to_ms: int) -> Window:
        """The smallest window that holds [from_ms, to_ms)."""
        return cls(size, floor(size, from_ms), ceiling(size, to_ms))

    @property
    def before(self) -> Window:
        """The equally long window that ends where this one starts."""
        return Window(self.size, 2 * self.start_ms - self.end_ms, self.start_ms)

    def starts(self) -> range:
        """The start of every bucket, in order."""
        return range(self.start_ms, self.end_ms, WIDTH_MS[self.size])

    def cover(self) -> Iterator[Window]:
        """The same time in as few buckets as possible: whole UTC days as days, the ragged ends as hours."""
        first, last = ceiling("day", self.start_ms), floor("day", self.end_ms)
        if first >= last:
            pieces = [Window("hour", self.start_ms, self.end_ms)]
        else:
            pieces = [
                Window("hour", self.start_ms, first),
                Window("day", first, last),
                Window("hour", last, self.end_ms),
            ]
        return (piece for piece in pieces if piece.start_ms < piece.end_ms)
