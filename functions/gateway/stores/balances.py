"""The control plane's side of token balances: look, top up, deduct, limit, history.

A change is one transaction of three writes: the balance, its entry in the history, and a note that the change of this id was made, put only
if absent. So it happens once, however often it is asked for, and no two changes lose each other's amounts: nothing is read before it is written.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from pynamodb.exceptions import TransactWriteError, UpdateError
from pynamodb.expressions.update import Action
from pynamodb.transactions import TransactWrite

from gateway.clock import Clock
from gateway.stores.balance_items import (
    BALANCE,
    ENTRY,
    UNLIMITED,
    Reason,
    entry_sort_key,
    once_sort_key,
    partition,
    storable,
)
from gateway.stores.entities import Contended
from gateway.stores.state_items import BalanceEntryItem, BalanceItem
from gateway.stores.tables import Tables
from gateway.stores.versioned import Taken

MOST: Final = 10**15
"""Tokens of one change or limit. Some thousand such changes stay exact and below `UNLIMITED`."""
_TRIES: Final = 12
_LOST: Final = "ConditionalCheckFailedException"
_POSITION: Final = re.compile(r"[0-9a-f]{12}#[a-z_]{1,32}#[\w-]{1,128}")


class BadPlace(ValueError):
    """Not a position that `history` returned."""


@dataclass(frozen=True, slots=True)
class Balance:
    """A user's tokens. `available` may be below zero after a deduction; `granted` is what the balance began with; `limit` None = none."""

    user: str
    available: int
    held: int = 0
    used: int = 0
    granted: int = 0
    limit: int | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """An administrator's change: a positive `amount` of tokens. `id` (any text) makes it happen once; `admin` is the administrator's user id."""

    user: str
    amount: int
    admin: str
    id: str


@dataclass(frozen=True, slots=True)
class Entry:
    """What changed a balance: `amount` is added to it, so it is below zero for what was used or deducted; `at_ms` is Unix milliseconds.
    `place` tells the entries of a user apart."""

    amount: int
    reason: str
    at_ms: int
    message_id: str | None = None
    request_id: str | None = None
    model: str | None = None
    admin: str | None = None
    place: str = field(default="", compare=False)


class Balances:
    """Reads are strongly consistent. `grant`: what a balance that does not exist yet begins with.

    Errors: ValueError for amounts that are none, `Taken` when the id was used for another change, `Contended`, PynamoDB's when the store fails.
    """

    def __init__(self, tables: Tables, clock: Clock, grant: int, sleep: Callable[[float], None] = time.sleep) -> None:
        self._tables = tables
        self._clock = clock
        self._grant = grant
        self._sleep = sleep

    def get(self, user: str) -> Balance:
        """A user's balance; the grant where there is none yet."""
        try:
            item = self._tables.balance.get(partition(user), BALANCE, consistent_read=True)
        except self._tables.balance.DoesNotExist:
            return Balance(user, self._grant, granted=self._grant)
        return _balance(user, item)

    def many(self, users: Collection[str]) -> dict[str, Balance]:
        """The balances of many users, as `get` gives them."""
        places = {partition(user): user for user in users}
        found = {user: Balance(user, self._grant, granted=self._grant) for user in users}
        for item in self._tables.balance.batch_get([(pk, BALANCE) for pk in places], consistent_read=True):
            user = places[item.pk]
            found[user] = _balance(user, item)
        return found

    def known(self, user: str) -> bool:
        """Whether there is a balance: something was granted, used, added or limited."""
        try:
            self._tables.balance.get(partition(user), BALANCE, consistent_read=True)
        except self._tables.balance.DoesNotExist:
            return False
        return True

    def top_up(self, change: Change) -> Entry:
        """Add tokens; the entry of the first time when it was done before."""
        return self._make(change, "admin_top_up", _amount(change.amount))

    def deduct(self, change: Change) -> Entry:
        """Take tokens away, below zero if need be: then nothing is admitted until somebody tops up."""
        return self._make(change, "admin_deduct", -_amount(change.amount))

    def set_limit(self, user: str, limit: int | None) -> Balance:
        """The most tokens a user may ever use; None = no limit. Below what was used already, nothing more is admitted."""
        if limit is not None and not 0 <= limit <= MOST:
            raise ValueError(f"a limit is 0 to {MOST} tokens")
        for attempt in range(_TRIES):
            before = self.get(user).limit
            if self._move_limit(user, before, limit):
                return self.get(user)
            self._pause(attempt)
        raise Contended

    def history(self, user: str, limit: int, position: str | None = None) -> tuple[tuple[Entry, ...], str | None]:
        """At most `limit` entries, newest first, and the position that goes on behind them; None = there is nothing older."""
        pk, item = partition(user), self._tables.balance_entry
        start: dict[str, dict[str, Any]] | None = None
        if position is not None:
            if not _POSITION.fullmatch(position):
                raise BadPlace(position)
            start = {"pk": {"S": pk}, "sk": {"S": ENTRY + position}}
        found = item.query(
            pk,
            item.sk.startswith(ENTRY),
            consistent_read=True,
            scan_index_forward=False,
            limit=limit,
            last_evaluated_key=start,
        )
        entries = tuple(_entry(one) for one in found)
        last = found.last_evaluated_key
        return entries, last["sk"]["S"].removeprefix(ENTRY) if last else None

    def entries(self, user: str) -> Iterator[Entry]:
        """All of the history, newest first, as it is read."""
        item = self._tables.balance_entry
        rows = item.query(partition(user), item.sk.startswith(ENTRY), consistent_read=True, scan_index_forward=False)
        yield from (_entry(one) for one in rows)

    def _make(self, change: Change, reason: Reason, amount: int) -> Entry:
        for attempt in range(_TRIES):
            entry = Entry(amount, reason, self._clock.now_ms(), message_id=change.id, admin=change.admin)
            refused = self._write(change, reason, entry)
            if refused is None:
                return entry
            if refused == "ConditionalCheckFailed":
                return self._made(change, reason, amount)
            self._pause(attempt)
        raise Contended

    def _write(self, change: Change, reason: Reason, entry: Entry) -> str | None:
        """None = made; otherwise why not: the note exists, or somebody else was writing."""
        tables, pk = self._tables, partition(change.user)
        note = once_sort_key(reason, change.id)
        place = entry_sort_key(entry.at_ms, reason, note.rpartition("#")[2])
        told = tables.balance_entry(pk, place, amount=entry.amount, reason=reason, at_ms=entry.at_ms)
        told.message_id, told.admin = change.id, change.admin
        try:
            with TransactWrite(connection=tables.balance._get_connection().connection) as transaction:
                transaction.save(
                    tables.balance_once(pk, note, entry=place), condition=tables.balance_once.pk.does_not_exist()
                )
                transaction.update(tables.balance(pk, BALANCE), actions=self._actions(change.user, entry.amount))
                transaction.save(told)
        except TransactWriteError as error:
            codes = {reason.code for reason in error.cancellation_reasons if reason}
            for code in ("ConditionalCheckFailed", "TransactionConflict"):
                if code in codes:
                    return code
            raise
        return None

    def _made(self, change: Change, reason: Reason, amount: int) -> Entry:
        """The entry of a change that was made before."""
        pk = partition(change.user)
        note = self._tables.balance_once.get(pk, once_sort_key(reason, change.id), consistent_read=True)
        entry = _entry(self._tables.balance_entry.get(pk, note.entry, consistent_read=True))
        if entry.amount != amount:
            raise Taken
        return entry

    def _actions(self, user: str, amount: int) -> list[Action]:
        item = self._tables.balance
        return [item.available.set((item.available | self._grant) + amount), *self._others(user)]

    def _others(self, user: str) -> list[Action]:
        item = self._tables.balance
        begins = ((item.room, UNLIMITED), (item.held, 0), (item.used, 0), (item.granted, self._grant))
        return [*(attribute.set(attribute | value) for attribute, value in begins), item.user.set(storable(user))]

    def _move_limit(self, user: str, before: int | None, after: int | None) -> bool:
        """Shift `room` by what the limit changes; False when somebody else changed the limit."""
        item = self._tables.balance
        shift = (UNLIMITED if after is None else after) - (UNLIMITED if before is None else before)
        _, *others = self._others(user)
        actions = [item.room.set((item.room | UNLIMITED) + shift), *others]
        actions.append(item.available.set(item.available | self._grant))
        actions.append(item.limit.remove() if after is None else item.limit.set(after))
        same = item.limit.does_not_exist() if before is None else item.limit == before
        try:
            item(partition(user), BALANCE).update(actions=actions, condition=same)
        except UpdateError as error:
            if error.cause_response_code != _LOST:
                raise
            return False
        return True

    def _pause(self, attempt: int) -> None:
        self._sleep(0.02 * 2 ** min(attempt, 4) * (0.5 + self._clock.entropy(1)[0] / 512))


def _amount(amount: int) -> int:
    if not 0 < amount <= MOST:
        raise ValueError(f"an amount is 1 to {MOST} tokens")
    return amount


def _balance(user: str, item: BalanceItem) -> Balance:
    limit = None if item.limit is None else int(item.limit)
    return Balance(user, int(item.available), int(item.held), int(item.used), int(item.granted), limit)


def _entry(item: BalanceEntryItem) -> Entry:
    place = item.sk.removeprefix(ENTRY)
    return Entry(
        int(item.amount), item.reason, int(item.at_ms), item.message_id, item.request_id, item.model, item.admin, place
    )
