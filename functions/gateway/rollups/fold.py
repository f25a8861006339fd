"""Finished requests to bucket deltas (pure).

Every delta is a flat mapping of attribute name to an integer (positive, but for what `corrections` takes back), so that adding deltas in any order
and any grouping gives the same sums, in Python as in DynamoDB's ADD, which creates the attributes it does not find. Names: the `COUNTERS`, then
`f<bin>` and `t<bin>` for the histograms of first byte and total (see sketch.py).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from gateway.rollups.buckets import SIZES, Bucket, floor
from gateway.rollups.rows import Finished
from gateway.rollups.sketch import mean, percentile

_NAMED = ("key", "cell")


@dataclass(frozen=True, slots=True)
class Delta:
    """What a bucket gains. `name` is the display name of the key seen last, at `named_at` (Unix ms, request id)."""

    adds: Mapping[str, int] = field(default_factory=dict)
    name: str | None = None
    named_at: tuple[int, str] = (0, "")

    def __getitem__(self, counter: str) -> int:
        """A counter's amount; 0 when it never moved."""
        return self.adds.get(counter, 0)

    def plus(self, other: Delta) -> Delta:
        """Both together."""
        named = max((self.named_at, self.name or ""), (other.named_at, other.name or ""))
        sums = Counter(self.adds)
        sums.update(other.adds)
        return Delta({name: amount for name, amount in sums.items() if amount}, named[1] or None, named[0])

    def percentile_ms(self, histogram: str, quantile: float) -> float | None:
        """A latency percentile in ms, four digits, at most 5 % off; `histogram` is "f" or "t". None without samples."""
        value = percentile(self._bins(histogram), quantile)
        return None if value is None else float(f"{value:.4g}")

    def mean_ms(self, histogram: str) -> float | None:
        """The mean latency in ms, as exact as a percentile."""
        value = mean(self._bins(histogram))
        return None if value is None else float(f"{value:.4g}")

    def _bins(self, histogram: str) -> dict[int, int]:
        return {int(name[1:]): n for name, n in self.adds.items() if name[0] == histogram and name[1:].isdigit()}


def buckets_of(row: Finished) -> Iterator[Bucket]:
    """The buckets that a request counts in: two sizes of `all` and of every dimension."""
    for size in SIZES:
        start = floor(size, row.time_ms)
        yield Bucket(size, "all", start, "all")
        for dimension, value in row.dimensions:
            yield Bucket(size, dimension, start, value)


def _without_histograms(adds: Mapping[str, int]) -> dict[str, int]:
    """Cells are many and are read by the thousand: they hold counters only."""
    return {name: amount for name, amount in adds.items() if not name[1:].isdigit()}


def fold(rows: Iterable[Finished]) -> dict[Bucket, Delta]:
    """The deltas of all rows, which must have distinct ids."""
    sums: dict[Bucket, Counter[str]] = {}
    names: dict[Bucket, tuple[tuple[int, str], str]] = {}
    for row in rows:
        counts = _without_histograms(row.adds)
        for bucket in buckets_of(row):
            sums.setdefault(bucket, Counter()).update(counts if bucket.dimension == "cell" else row.adds)
            if bucket.dimension in _NAMED and row.key_name:
                candidate = ((row.time_ms, row.id), row.key_name)
                names[bucket] = max(names.get(bucket, candidate), candidate)
    unnamed = ((0, ""), None)
    return {
        bucket: Delta(adds, names.get(bucket, unnamed)[1], names.get(bucket, unnamed)[0])
        for bucket, adds in sums.items()
    }
