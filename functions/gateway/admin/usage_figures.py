"""Reading what a usage question needs from as few buckets as can answer it, and adding it up.

Without a dimension the buckets `all` answer; with one its own, which also hold latencies; with two (a filter counts) the cells. Whatever is read,
totals are sums of the very groups that are told, so that they agree to the nano-dollar even while requests are being counted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from gateway.admin.usage_schemas import Figures, Lines
from gateway.rollups.buckets import Window, bounded
from gateway.rollups.cells import Part, part, parts
from gateway.rollups.fold import Delta
from gateway.rollups.rows import FIRST_BYTE, TOTAL
from gateway.stores.usage import UsageReader

Group = tuple[str, ...]

_COSTS: Final = ("cost_nano", "lost_cost_nano", "mirror_cost_nano")
_LATENCIES: Final = {
    f"{name}_p{percent}_ms": (histogram, percent / 100)
    for name, histogram in (("first_byte", FIRST_BYTE), ("total", TOTAL))
    for percent in (50, 95, 99)
}
_SUMS: Final = [name for name in Figures.model_fields if name not in _LATENCIES and name != "total_cost_nano"]


@dataclass(frozen=True, slots=True)
class Question:
    """What to add up: by the values of one or two dimensions, of the requests for which the filters hold."""

    group_by: tuple[Part, ...]
    filters: Mapping[Part, str]


@dataclass(frozen=True, slots=True)
class Sums:
    """Sums by group and window; a group is the values of the dimensions in the question's order (empty = none)."""

    windows: tuple[Window, ...]
    by_group: Mapping[Group, Mapping[int, Delta]]

    def group(self, group: Group) -> Delta:
        """One group over all windows."""
        return summed(self.by_group.get(group, {}).values())

    def lines(self, groups: Iterable[Group]) -> Lines:
        """Some groups together, by window."""
        chosen = [self.by_group[group] for group in groups]
        sums = [summed(one[n] for one in chosen if n in one) for n in range(len(self.windows))]
        return Lines(
            requests=[one["requests"] for one in sums],
            errors=[one["errors"] for one in sums],
            tokens=[one["input_tokens"] + one["output_tokens"] for one in sums],
            cost_nano=[total_cost(one) for one in sums],
        )

    def window(self, number: int) -> Delta:
        """All groups of one window."""
        return summed(one[number] for one in self.by_group.values() if number in one)

    def total(self) -> Delta:
        """Everything."""
        return summed(delta for one in self.by_group.values() for delta in one.values())

    def ranked(self) -> list[Group]:
        """The groups, dearest first, then by requests and by name."""
        whole = {group: self.group(group) for group in self.by_group}
        return sorted(whole, key=lambda group: (-total_cost(whole[group]), -whole[group]["requests"], group))


def summed(deltas: Iterable[Delta]) -> Delta:
    """The sum of many."""
    adds: dict[str, int] = {}
    named: tuple[tuple[int, str], str] = ((0, ""), "")
    for delta in deltas:
        for name, amount in delta.adds.items():
            adds[name] = adds.get(name, 0) + amount
        named = max(named, (delta.named_at, delta.name or ""))
    return Delta(adds, named[1] or None, named[0])


def total_cost(delta: Delta) -> int:
    """All that was paid, in nano-dollars."""
    return sum(delta[name] for name in _COSTS)


def figures(delta: Delta) -> Figures:
    """A sum as it is told."""
    told: dict[str, Any] = {name: delta[name] for name in _SUMS}
    told |= {name: delta.percentile_ms(*which) for name, which in _LATENCIES.items()}
    return Figures(**told, total_cost_nano=total_cost(delta))


def read(reader: UsageReader, windows: Sequence[Window], question: Question) -> Sums:
    """The sums of a question. TooMuch when one call cannot answer it; errors of the store."""
    dimensions = {*question.group_by, *question.filters}
    found: dict[tuple[Group, int], Delta]
    if not dimensions:
        found = {((), n): delta for n, delta in enumerate(reader.row(windows, "all", "all"))}
    elif len(dimensions) == 1 and "requested_model" not in dimensions:
        found = _of_one(reader, windows, question)
    else:
        found = _of_cells(reader, windows, question)
    by_group: dict[Group, dict[int, Delta]] = {}
    for (group, number), delta in found.items():
        if delta.adds:
            by_group.setdefault(group, {})[number] = delta
    return Sums(tuple(windows), by_group)


def _of_one(reader: UsageReader, windows: Sequence[Window], question: Question) -> dict[tuple[Group, int], Delta]:
    for dimension, value in question.filters.items():
        kept = bounded(value)
        group = (kept,) if question.group_by else ()
        return {(group, n): delta for n, delta in enumerate(reader.row(windows, dimension, kept))}  # type: ignore[arg-type]
    (dimension,) = question.group_by
    cells = reader.grid(windows, dimension, latencies=True)  # type: ignore[arg-type]
    return {((value,), number): delta for (number, value), delta in cells.items()}


def _of_cells(reader: UsageReader, windows: Sequence[Window], question: Question) -> dict[tuple[Group, int], Delta]:
    wanted = {name: part(value) for name, value in question.filters.items()}
    groups: dict[tuple[Group, int], list[Delta]] = {}
    for (number, value), delta in reader.grid(windows, "cell").items():
        has = parts(value)
        if all(has[name] == text for name, text in wanted.items()):
            groups.setdefault((tuple(has[name] for name in question.group_by), number), []).append(delta)
    return {place: summed(deltas) for place, deltas in groups.items()}
