"""The usage report and its export."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from gateway.admin.errors import Invalid
from gateway.admin.usage_figures import Group, Question, Sums, figures, read, summed
from gateway.admin.usage_query import UsageExportQuery, UsageFilters, UsageQuery
from gateway.admin.usage_schemas import Cell, Figures, UsageGroup, UsagePoint, UsageReport, UsageRest, UsageTable
from gateway.admin.usage_time import Span, span, zone
from gateway.neutral.config import Release
from gateway.rollups.buckets import DAY_MS, HOUR_BUCKETS_LIVE_DAYS, Window
from gateway.rollups.cells import Part
from gateway.rollups.fold import Delta
from gateway.stores.usage import TooMuch, UsageReader
from gateway.stores.users import Users

MOST_ROWS: Final = 10_000
"""Of an export: some 4 MB, where Lambda answers with 6 at most."""
_NANO: Final = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Names:
    """What ids are called."""

    release: Release
    users: Users

    def of(self, dimension: Part, identifier: str, sum_: Delta) -> str | None:
        """The name of a key (as it was last), user or provider; None where none is known, or none but the id."""
        if dimension == "key":
            return sum_.name
        if dimension == "provider":
            return next((one.name for one in self.release.providers if one.id == identifier), None)
        if dimension == "user" and identifier:
            account = self.users.get(identifier)
            return None if account is None else account.user.username
        return None


@dataclass(frozen=True, slots=True)
class Desk:
    """What answers are made of. `now_ms` decides which hours have expired."""

    reader: UsageReader
    names: Names
    now_ms: int

    def report(self, query: UsageQuery, filters: Mapping[Part, str]) -> UsageReport:
        """The figures of a query. Invalid when they are no longer there, or too many for one answer."""
        covered = self._covered(query)
        question = Question(tuple(query.group_by), filters)
        sums = self._read(covered.windows, question)
        before = self._read([covered.before], question) if query.compare else None
        ranked = sums.ranked() if question.group_by else []
        listed, rest = ranked[: query.limit], ranked[query.limit :]
        drawn = query.interval != "none"
        return UsageReport(
            from_=covered.start_ms,
            to=covered.end_ms,
            interval=query.interval,
            timezone=query.timezone,
            group_by=query.group_by,
            totals=figures(sums.total()),
            previous=None if before is None else figures(before.total()),
            previous_from=None if before is None else covered.before.start_ms,
            groups=[self._group(question, sums, before, group, drawn) for group in listed],
            rest=_rest(sums, rest, drawn) if rest else None,
            series=_series(sums) if drawn else [],
        )

    def table(self, query: UsageExportQuery, filters: Mapping[Part, str]) -> UsageTable:
        """A row per interval and group, in order of time, the dearest group first. Invalid as above."""
        covered = self._covered(query)
        question = Question(tuple(query.group_by), filters)
        sums = self._read(covered.windows, question)
        groups = sums.ranked() if question.group_by else [()]
        places = [(n, g) for n in range(len(covered.windows)) for g in groups if not g or n in sums.by_group[g]]
        if len(places) > MOST_ROWS:
            raise Invalid(f"More than {MOST_ROWS} rows; ask for less time at once or longer intervals.", field="from")
        told = {group: self._told(question, group, sums.group(group)) for group in groups}
        where = zone(query.timezone)
        rows: list[dict[str, Cell]] = []
        for number, group in places:
            window = covered.windows[number]
            start, end = (
                datetime.fromtimestamp(ms / 1000, where).isoformat() for ms in (window.start_ms, window.end_ms)
            )
            numbers = figures(sums.by_group.get(group, {}).get(number, Delta()))
            usd = f"{numbers.total_cost_nano // _NANO}.{numbers.total_cost_nano % _NANO:09d}"
            rows.append({"start": start, "end": end, **told[group], **numbers.model_dump(), "total_cost_usd": usd})
        return UsageTable(
            from_=covered.start_ms,
            to=covered.end_ms,
            interval=query.interval,
            timezone=query.timezone,
            group_by=query.group_by,
            rows=rows,
        )

    def _covered(self, query: UsageFilters) -> Span:
        return span(query.from_ms, query.to_ms, query.interval, zone(query.timezone))

    def _read(self, windows: Sequence[Window], question: Question) -> Sums:
        oldest = self.now_ms - (HOUR_BUCKETS_LIVE_DAYS - 1) * DAY_MS
        for piece in (piece for window in windows for piece in window.cover()):
            if piece.size == "hour" and piece.start_ms < oldest:
                raise Invalid(
                    f"Hours are kept for {HOUR_BUCKETS_LIVE_DAYS} days; ask for whole days of the zone UTC.",
                    field="from",
                )
        try:
            return read(self.reader, windows, question)
        except TooMuch:
            raise Invalid("Too many figures for one answer; ask for less time at once.", field="from") from None

    def _group(self, question: Question, sums: Sums, before: Sums | None, group: Group, drawn: bool) -> UsageGroup:
        whole = sums.group(group)
        pairs = list(zip(question.group_by, group, strict=True))
        return UsageGroup(
            ids={dimension: value or None for dimension, value in pairs},
            names={dimension: self.names.of(dimension, value, whole) for dimension, value in pairs},
            figures=figures(whole),
            previous=None if before is None else figures(before.group(group)),
            lines=sums.lines([group]) if drawn else None,
        )

    def _told(self, question: Question, group: Group, whole: Delta) -> dict[str, Cell]:
        told: dict[str, Cell] = {}
        for dimension, value in zip(question.group_by, group, strict=True):
            told |= {dimension: value or None, f"{dimension}_name": self.names.of(dimension, value, whole)}
        return told


def _rest(sums: Sums, groups: Sequence[Group], drawn: bool) -> UsageRest:
    whole = figures(summed(sums.group(group) for group in groups))
    return UsageRest(groups=len(groups), figures=whole, lines=sums.lines(groups) if drawn else None)


def _series(sums: Sums) -> list[UsagePoint]:
    return [
        UsagePoint(start=window.start_ms, end=window.end_ms, figures=figures(sums.window(number)))
        for number, window in enumerate(sums.windows)
    ]


def columns(query: UsageFilters) -> list[str]:
    """The columns of an export's rows."""
    groups = [name for dimension in query.group_by for name in (dimension, f"{dimension}_name")]
    return ["start", "end", *groups, *Figures.model_fields, "total_cost_usd"]
