"""How many requests there were when, by class of status: the bars above the log list.

Where the hourly figures can answer (steps of an hour or more, at most one of key, user and provider as a filter), they do: exact, and as
quick over a year as over a day. Otherwise rows are counted, newest first and within a budget; `counted_from` says how far back that reached.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from gateway.admin.errors import Invalid
from gateway.admin.log_schemas import Bar, Timeline
from gateway.neutral.logrow import LogRow
from gateway.rollups.buckets import DAY_MS, HOUR_MS, Dimension, Window
from gateway.rollups.fold import Delta
from gateway.rollups.rows import CLASSES
from gateway.stores.log_filter import NONE, LogFilter
from gateway.stores.logs import LogReader, ReadBudget
from gateway.stores.usage import UsageReader

ROWS_BUDGET: Final = ReadBudget(units=1024, queries=160, rows=512)
MOST_ROWS: Final = 5000
LONGEST_MS: Final = 400 * DAY_MS
STEPS_MS: Final = (60_000, 300_000, 900_000, HOUR_MS, 3 * HOUR_MS, 6 * HOUR_MS, 12 * HOUR_MS, DAY_MS, 7 * DAY_MS)
_BY_FIGURES: Final[dict[str, Dimension]] = {
    "key_id": "key",
    "user_id": "user",
    "team_id": "team",
    "provider": "provider",
}


@dataclass(frozen=True, slots=True)
class Axis:
    """Bars of `step_ms` from `start_ms` to before `end_ms` (Unix ms, aligned to the step)."""

    start_ms: int
    end_ms: int
    step_ms: int

    @classmethod
    def around(cls, from_ms: int, to_ms: int, bars: int) -> Axis:
        """The finest axis that holds the range with at most so many bars, or the coarsest there is."""
        for step in STEPS_MS:
            start, end = from_ms - from_ms % step, to_ms + -to_ms % step
            if (end - start) // step <= bars:
                break
        return cls(start, end, step)

    def starts(self) -> range:
        """The start of every bar."""
        return range(self.start_ms, self.end_ms, self.step_ms)


def timeline(reader: LogReader, figures: UsageReader, wanted: LogFilter, bars: int, now_ms: int) -> Timeline:
    """The bars of a filter. Invalid when the range is empty or too long; errors of the stores."""
    to_ms = now_ms if wanted.to_ms is None else min(wanted.to_ms, now_ms + DAY_MS)
    from_ms = to_ms - DAY_MS if wanted.from_ms is None else wanted.from_ms
    if not 0 < to_ms - from_ms <= LONGEST_MS:
        raise Invalid("from must lie before to, by at most 400 days", field="from")
    axis = Axis.around(from_ms, to_ms, bars)
    dimension = _dimension(wanted) if axis.step_ms % HOUR_MS == 0 else None
    if dimension is not None:
        return _by_figures(figures, axis, dimension)
    return _by_rows(reader, axis, replace(wanted, from_ms=axis.start_ms, to_ms=axis.end_ms))


def _dimension(wanted: LogFilter) -> tuple[Dimension, str] | None:
    """The dimension and value whose figures answer the filter; None when none do."""
    given = {name: value for name in _BY_FIGURES if (value := getattr(wanted, name)) is not None}
    rest = replace(wanted, from_ms=None, to_ms=None, key_id=None, user_id=None, team_id=None, provider=None)
    if rest != LogFilter() or len(given) > 1 or NONE in given.values():
        return None
    return next(((_BY_FIGURES[name], value) for name, value in given.items()), ("all", "all"))


def _by_figures(figures: UsageReader, axis: Axis, dimension: tuple[Dimension, str]) -> Timeline:
    size = "day" if axis.step_ms % DAY_MS == 0 else "hour"
    sums = {start: Delta() for start in axis.starts()}
    for point in figures.series(Window(size, axis.start_ms, axis.end_ms), *dimension):  # type: ignore[arg-type]
        start = axis.start_ms + (point.start_ms - axis.start_ms) // axis.step_ms * axis.step_ms
        sums[start] = sums[start].plus(point.sum)
    return _reply(axis, sums, "figures", axis.start_ms)


def _by_rows(reader: LogReader, axis: Axis, wanted: LogFilter) -> Timeline:
    page = reader.page(wanted, MOST_ROWS, budget=ROWS_BUDGET)
    sums = {start: dict[str, int]() for start in axis.starts()}
    for row in page.rows:
        start = row.time_ms - (row.time_ms - axis.start_ms) % axis.step_ms
        if start not in sums:  # its id holds another millisecond than the row, across the axis's end
            continue
        for name in _counts(row):
            sums[start][name] = sums[start].get(name, 0) + 1
    reached = axis.start_ms if page.position is None else int(page.position[4:16], 16)
    return _reply(axis, {start: Delta(adds) for start, adds in sums.items()}, "rows", reached)


def _counts(row: LogRow) -> tuple[str, ...]:
    if row.mirror_of is not None:
        return ("mirrors",)
    if row.state != "done":
        return ("running",)
    errors = ("errors",) if row.status >= 400 or row.error else ()
    return ("requests", f"status_{row.status // 100}xx", *errors)


def _reply(axis: Axis, sums: dict[int, Delta], source: str, reached: int) -> Timeline:
    return Timeline(
        from_=axis.start_ms,
        to=axis.end_ms,
        step_ms=axis.step_ms,
        source=source,  # type: ignore[arg-type]
        complete=reached <= axis.start_ms,
        counted_from=max(reached, axis.start_ms),
        bars=[_bar(start, sum_) for start, sum_ in sums.items()],
    )


def _bar(start: int, sum_: Delta) -> Bar:
    classes = {name: sum_[name] for name in CLASSES}
    return Bar(
        start=start,
        requests=sum_["requests"],
        errors=sum_["errors"],
        **classes,
        other=sum_["requests"] - sum(classes.values()),
        running=sum_["running"],
        mirrors=sum_["mirrors"],
    )
