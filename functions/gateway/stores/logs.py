"""Reading the request log: pages, newest first, and single rows.

Theory of operation: a row's partition is the UTC day of its id plus one of four shards, and ids sort by time, so a page walks days backwards and
merges the four shards of a day by id. The position between two pages is an id: everything at or above it was looked at. Rows that arrive later have
greater ids, so paging neither repeats nor skips what it has passed. One call spends a bounded number of read units and queries; when they
are spent, the page ends early and the position says how far it came. The longer a page has to look, the more rows a query takes at once.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from pynamodb.expressions.condition import Condition

from gateway.clock import Clock, id_time_ms
from gateway.neutral import playground
from gateway.neutral.logrow import LogRow
from gateway.stores.log_filter import NONE, LogFilter, Span
from gateway.stores.log_rows import log_row
from gateway.stores.tables import LogItem, Tables

SHARDS: Final = 4
MAX_DAYS: Final = 400
_DAY_MS: Final = 86_400_000
_SKEW_MS: Final = 600_000
"""How far ahead of ours the clock of an environment that wrote a row may be. Little, so that tomorrow's partitions are rarely asked."""
_ID = re.compile(r"req_[0-9a-f]{32}")
_POSITION = re.compile(r"req_[0-9a-f]{12}(?:[0-9a-f]{20})?")
_HEAVY = frozenset(
    {"error_message", "request_headers", "request_body", "response_body", "body_ref", "losses", "pk", "sk"}
)
_LISTED: Final = sorted(set(LogItem.get_attributes()) - _HEAVY)


class BadPosition(ValueError):
    """Not a position that `page` returned."""


@dataclass(frozen=True, slots=True)
class ReadBudget:
    """What one page may cost: read units (a query may overshoot by its own 1 MB, 128 units), queries, and rows looked at by each of the
    first queries (at least 2: a query begins with the row that the one before ended with); later ones look at up to eight times as many."""

    units: float = 256.0
    queries: int = 160
    rows: int = 64


@dataclass(frozen=True, slots=True)
class LogPage:
    """`position` goes on after these rows; None = there is nothing older."""

    rows: tuple[LogRow, ...]
    position: str | None


@dataclass(slots=True)
class _Spent:
    budget: ReadBudget
    units: float = 0.0
    queries: int = 0

    def within(self) -> bool:
        # Each shard is read once whatever it costs, so that every call gets further.
        return self.queries < SHARDS or (self.units < self.budget.units and self.queries < self.budget.queries)

    def rows(self) -> int:
        """How many rows the next query looks at."""
        return self.budget.rows << min(self.queries // (2 * SHARDS), 3)


@dataclass(slots=True)
class _Shard:
    """One partition being read downwards: ids at or above `reached` were looked at; `rows` are matches (items as DynamoDB has them) not yet
    handed out."""

    partition: str
    reached: str
    done: bool = False
    rows: deque[dict[str, Any]] = field(default_factory=deque)


def is_request_id(text: str) -> bool:
    """Whether a text has the form of a request's id."""
    return _ID.fullmatch(text) is not None


def partition(identifier: str) -> str:
    """The partition of a request id: UTC day and shard; ValueError when it is not one."""
    day = datetime.fromtimestamp(id_time_ms(identifier) / 1000, UTC)
    return f"{day:%Y-%m-%d}#{int(identifier[-1], 16) % SHARDS}"


def _floor(milliseconds: int) -> str:
    """The smallest id of a millisecond."""
    return f"req_{milliseconds:012x}"


class LogReader:
    """Reads are eventually consistent. Errors: `BadPosition`, and PynamoDB's when the store fails."""

    def __init__(self, tables: Tables, clock: Clock, retention_days: int, budget: ReadBudget | None = None) -> None:
        self._item = tables.log
        self._clock = clock
        self._retention_days = retention_days
        self._budget = budget or ReadBudget()

    def get(self, identifier: str) -> LogRow | None:
        """The row of a request; None when there is none (any more) or when it is not a request id."""
        if not is_request_id(identifier):
            return None
        try:
            return log_row(self._item.get(partition(identifier), identifier))
        except (
            self._item.DoesNotExist,
            OverflowError,
            ValueError,
        ):  # an id whose time is beyond the calendar has no row
            return None

    def page(
        self, wanted: LogFilter, limit: int, position: str | None = None, budget: ReadBudget | None = None
    ) -> LogPage:
        """At most `limit` rows that match, older than `position`. May be short, even empty, and still have a position."""
        low, high = self._bounds(wanted, position)
        found: list[LogRow] = []
        spent = _Spent(budget or self._budget)
        for day in _days(low, high):
            top = min(high, _floor(int(day.timestamp() * 1000) + _DAY_MS))
            shards = [_Shard(f"{day:%Y-%m-%d}#{number}", top) for number in range(SHARDS)]
            for row in self._merged(shards, low, wanted, spent):
                found.append(row)
                if len(found) == limit:
                    return LogPage(tuple(found), row.id)
            unread = [shard.reached for shard in shards if not shard.done]
            if unread:
                return LogPage(tuple(found), max(unread))
        return LogPage(tuple(found), None)

    def _bounds(self, wanted: LogFilter, position: str | None) -> tuple[str, str]:
        now = self._clock.now_ms()
        oldest = max(0, now - MAX_DAYS * _DAY_MS)
        start = now - self._retention_days * _DAY_MS if wanted.from_ms is None else wanted.from_ms
        latest = now + _SKEW_MS
        end = latest if wanted.to_ms is None else min(wanted.to_ms, latest)
        high = _floor(max(0, end))
        if position is not None:
            if not _POSITION.fullmatch(position):
                raise BadPosition(position)
            high = min(high, position)
        return _floor(max(oldest, start)), high

    def _merged(self, shards: list[_Shard], low: str, wanted: LogFilter, spent: _Spent) -> Iterator[LogRow]:
        """Matches of a day, newest first, until all is read or the budget is spent; then only what is surely next."""
        condition = _condition(self._item, wanted)
        while True:
            while (waiting := [s for s in shards if not s.rows and not s.done]) and spent.within():
                self._fetch(max(waiting, key=lambda shard: shard.reached), low, condition, wanted, spent)
            # Ids below the highest unread mark could still be preceded by a row nobody has looked at.
            mark = max((shard.reached for shard in shards if not shard.rows and not shard.done), default="")
            ready = [shard for shard in shards if shard.rows and _id(shard.rows[0]) > mark]
            if not ready:
                # Rows below the mark stay unread for the next page: the position must not be below the mark.
                for shard in shards:
                    shard.done = shard.done and not shard.rows
                    shard.reached = max(shard.reached, mark)
                return
            newest = max(ready, key=lambda shard: _id(shard.rows[0])).rows.popleft()
            yield log_row(self._item.from_raw_data(newest))

    def _fetch(self, shard: _Shard, low: str, condition: Condition | None, wanted: LogFilter, spent: _Spent) -> None:
        answer = self._item._get_connection().query(
            shard.partition,
            range_key_condition=self._item.sk.between(low, shard.reached),
            filter_condition=condition,
            attributes_to_get=_LISTED,
            limit=spent.rows(),
            return_consumed_capacity="TOTAL",
            scan_index_forward=False,
        )
        spent.queries += 1
        spent.units += float(answer.get("ConsumedCapacity", {}).get("CapacityUnits") or 0.5 * answer["ScannedCount"])
        # What is looked at is more than what is shown: items become rows when they are handed out.
        items = (item for item in answer["Items"] if _id(item) < shard.reached)
        shard.rows.extend(item for item in items if _tokens_match(item, wanted.tokens))
        last: dict[str, Any] | None = answer.get("LastEvaluatedKey")
        shard.done = last is None
        shard.reached = low if last is None else last["sk"]["S"]


def _days(low: str, high: str) -> Iterator[datetime]:
    """UTC days from that of `high` back to that of `low`; none when the range is empty."""
    if low >= high:
        return
    newest = int(high[4:16], 16) - (len(high) == len(_floor(0)))  # no id of a millisecond lies below its floor
    first, day = (_midnight(milliseconds) for milliseconds in (int(low[4:16], 16), newest))
    while day >= first:
        yield day
        day -= timedelta(days=1)


def _midnight(milliseconds: int) -> datetime:
    return datetime.fromtimestamp(milliseconds / 1000, UTC).replace(hour=0, minute=0, second=0, microsecond=0)


def _id(item: Mapping[str, Any]) -> str:
    return str(item["id"]["S"])


def _tokens_match(item: Mapping[str, Any], span: Span) -> bool:
    return span.holds(sum(int(item[name]["N"]) for name in ("input_tokens", "output_tokens") if name in item))


def _condition(item: type[LogItem], wanted: LogFilter) -> Condition | None:
    parts: list[Condition] = []
    for name in ("requested_model", "model"):
        prefix = getattr(wanted, name)
        if prefix is not None:
            parts.append(getattr(item, name).startswith(prefix))
    for name in ("provider", "key_id", "user_id", "team_id", "route", "release", "session"):
        exact, attribute = getattr(wanted, name), getattr(item, name)
        if name == "key_id" and exact == playground.ID:
            parts.append(attribute.startswith(playground.PREFIX))
        elif exact is not None:
            parts.append(attribute.does_not_exist() if exact == NONE else attribute == exact)
    if wanted.error is not None:
        words = {"any": item.error.exists(), "none": item.error.does_not_exist()}
        parts.append(words.get(wanted.error, item.error == wanted.error))
    if wanted.stream is not None:
        parts.append(item.stream == wanted.stream)
    if wanted.mirror is not None:
        parts.append(item.mirror_of.exists() if wanted.mirror else item.mirror_of.does_not_exist())
    if wanted.cache is not None:
        parts.append(_of_cache(item, wanted.cache))
    # The verdicts are compact JSON, and neither an id nor an action has a character that JSON would escape.
    for name in ("guardrail", "guarded"):
        member, wish = {"guardrail": "guardrail", "guarded": "action"}[name], getattr(wanted, name)
        if wish is not None:
            parts.append(item.guardrails.contains(f'"{member}":"{wish}"'))
    spans = (
        (item.status, wanted.status),
        (item.retries, wanted.retries),
        (item.total_ms, wanted.duration_ms),
        (item.cost_nano, wanted.cost_nano),
    )
    for attribute, span in spans:
        if span.low is not None:
            parts.append(attribute >= span.low)
        if span.high is not None:
            parts.append(attribute <= span.high)
    combined: Condition | None = None
    for part in parts:
        combined = part if combined is None else combined & part
    return combined


def _of_cache(item: type[LogItem], state: str) -> Condition:
    if state == "any":
        return item.cache.is_in("hit", "semantic")
    known: Condition = item.cache == state
    return known | item.cache.does_not_exist() if state == "off" else known
