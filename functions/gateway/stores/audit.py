"""The audit log: entries that are only ever added.

Theory of operation: an entry is two items under one id, each put only where there is none. `#0` says what is about to be done and by whom, and is
written before the first change: while it cannot be written, nothing is changed. `#1` repeats it with what came of it. An entry without its `#1` is
`unknown`: the process died, or the store was lost in between, so that the change may have been made or not. No order of writes alone could tell
more: of a change first and its entry after, a death in between would leave a change that nobody wrote down.

An id holds its time (`Clock.new_id`), so its partition is known (`audit#<yyyy-mm>`, UTC) and entries sort by time. Reading goes backwards from the
newest, at most `MOST_READ` items a call, over at most as many months as entries are kept.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final

from pynamodb.exceptions import PutError, PynamoDBException

from gateway.clock import Clock, id_time_ms
from gateway.neutral.audit import AuditEntry, Change, entry_from_json, entry_json
from gateway.stores.config_items import AuditItem
from gateway.stores.tables import Tables

MOST_READ: Final = 2000
MAX_BYTES: Final = 300_000  # of 400 KB that DynamoDB takes
_MOST_NAMED: Final = 1000
_DAY_MS: Final = 86_400_000
_ID: Final = re.compile(r"aud_[0-9a-f]{32}")
_LAST_MS: Final = 253_402_300_799_000  # the end of the year 9999
_PAGE: Final = 200


class BadAuditPosition(ValueError):
    """A position that no page gave."""


class Unwritten(Exception):
    """How something ended could not be written."""


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """All that are given must hold. `actor` is a user's id or name. Unix milliseconds: at or after `from_ms`, before `to_ms`."""

    actor: str | None = None
    action: str | None = None
    noun: str | None = None
    noun_id: str | None = None
    from_ms: int | None = None
    to_ms: int | None = None

    def matches(self, entry: AuditEntry) -> bool:
        """Whether an entry is wanted, but for its time."""
        return (
            self.actor in {None, entry.author.id, entry.author.name}
            and self.action in {None, entry.action}
            and entry.concerns(self.noun, self.noun_id)
        )


@dataclass(frozen=True, slots=True)
class AuditPage:
    """Entries, newest first. `position` None = the end; a page may be short, even empty, and go on."""

    entries: tuple[AuditEntry, ...]
    position: str | None


class AuditLog:
    """Appends and reads. Errors: PynamoDB's when the store fails."""

    def __init__(self, tables: Tables, clock: Clock, keep_days: int) -> None:
        self._item = tables.audit
        self._clock = clock
        self._keep_days = keep_days

    def new_id(self) -> str:
        """The id of an entry that begins now."""
        return self._clock.new_id("aud")

    def begin(self, entry: AuditEntry) -> None:
        """Say what is about to be done."""
        self._append(entry, 0)

    def end(self, entry: AuditEntry) -> None:
        """Say what came of it; Unwritten when the store fails."""
        try:
            self._append(entry, 1)
        except PynamoDBException as error:
            raise Unwritten from error

    def page(self, wanted: AuditFilter, limit: int, position: str | None = None) -> AuditPage:
        """At most `limit` entries, older than `position`; BadAuditPosition when it is none."""
        found: list[AuditEntry] = []
        last, read = "", 0
        for item in self._items(wanted, position):
            identifier, read = item.sk.partition("#")[0], read + 1
            if identifier == last:
                continue  # its beginning; how it ended came first
            if read > MOST_READ or len(found) == limit:
                return AuditPage(tuple(found), last)
            last, entry = identifier, entry_from_json(json.loads(item.data))
            if wanted.matches(entry):
                found.append(entry)
        return AuditPage(tuple(found), None)

    def _items(self, wanted: AuditFilter, position: str | None) -> Iterator[AuditItem]:
        if position is not None and not _ID.fullmatch(position):
            raise BadAuditPosition(position)
        now = self._clock.now_ms()
        oldest = max(wanted.from_ms or 0, now - (self._keep_days + 1) * _DAY_MS)
        newest = min(wanted.to_ms if wanted.to_ms is not None else _LAST_MS, now + _DAY_MS)  # clocks differ
        if position is not None:
            newest = min(newest, id_time_ms(position) + 1)
        # An id's digits begin with its milliseconds, and a bound without `#` sorts before every item of the id it names.
        low, high = _bound(oldest), _bound(newest)
        if position is not None:
            high = min(high, position)
        for month in _months(oldest, newest):
            between = self._item.sk.between(low, max(low, high))
            yield from self._item.query(month, between, consistent_read=True, scan_index_forward=False, page_size=_PAGE)

    def _append(self, entry: AuditEntry, half: int) -> None:
        began = id_time_ms(entry.id)
        ttl = began // 1000 + self._keep_days * 86_400
        item = self._item(_partition(began), f"{entry.id}#{half}", data=_fitting(entry), ttl=ttl)
        try:
            item.save(condition=self._item.pk.does_not_exist())
        except PutError as error:
            # A put whose answer was lost is sent again, and then finds itself.
            if error.cause_response_code != "ConditionalCheckFailedException" or not self._is_there(item):
                raise

    def _is_there(self, item: AuditItem) -> bool:
        return bool(self._item.get(item.pk, item.sk, consistent_read=True).data == item.data)


def _fitting(entry: AuditEntry) -> str:
    text = _text(entry)
    if len(text.encode()) <= MAX_BYTES:
        return text
    named = tuple(Change(one.noun, one.id) for one in entry.changes[:_MOST_NAMED])
    return _text(replace(entry, changes=named, cut=True))


def _text(entry: AuditEntry) -> str:
    return json.dumps(entry_json(entry), sort_keys=True, ensure_ascii=False)


def _bound(milliseconds: int) -> str:
    return f"aud_{max(0, milliseconds):012x}"


def _month(milliseconds: int) -> tuple[int, int]:
    moment = datetime.fromtimestamp(milliseconds / 1000, UTC)
    return moment.year, moment.month


def _partition(milliseconds: int) -> str:
    year, month = _month(milliseconds)
    return f"audit#{year:04}-{month:02}"


def _months(oldest: int, newest: int) -> Iterator[str]:
    """Partitions from the newest to the oldest."""
    if newest < oldest:
        return
    (year, month), first = _month(newest), _month(oldest)
    while (year, month) >= first:
        yield f"audit#{year:04}-{month:02}"
        year, month = (year, month - 1) if month > 1 else (year - 1, 12)
