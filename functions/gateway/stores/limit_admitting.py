"""Admission: one transaction, tried until it is committed or a limit is known to have no room.

A try is refused for one of these: the hold is there (an earlier try was applied and its answer lost: that is the admission); the guess of a
bucket's form was wrong (the item that came with the refusal says so: again, at once); somebody else wrote (again, after a pause; several times
make the scope hot); no room (on a shard: borrow, or gather; else the refusal).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from gateway.aws.attributes import NotStorable
from gateway.aws.faults import AwsFault, Reason, StoreUnavailable, Throttled, TransactionCancelled
from gateway.aws.writes import Write
from gateway.errors import Unavailable
from gateway.neutral.limits import Admission, Ask, Held, Refusal, Scope, Spent
from gateway.neutral.logrow import LogRow
from gateway.stores import balance_items
from gateway.stores.limit_admission import amounts, impossible, lacking, refusal, reserve
from gateway.stores.limit_items import (
    HOLD_LIFE_MS,
    Hold,
    hold_key,
    lent_name,
    lent_shards,
    put_hold,
    put_start,
    read_hold,
)
from gateway.stores.limit_ledger import Item, Ledger, Place, place
from gateway.stores.limit_shards import gather, lend, short_of
from gateway.stores.limit_standing import standings
from gateway.stores.log_items import to_item

ADMIT_S: Final = 2.5
_AT_ONCE: Final = 3
"""Tries without a pause while nobody but a wrong guess stood in the way."""
_JUST_MS: Final = 50
_FAILED: Final = "ConditionalCheckFailed"
_UNKNOWN: Final = "The limits could not be checked just now; try again."


@dataclass(slots=True)
class _Entry:
    """One admission under way. `gathered`: scopes whose shards are emptied with the next try. `sent`: a try may have been applied unseen."""

    ask: Ask
    scopes: tuple[Scope, ...]
    row: Mapping[str, Any]
    gathered: dict[Place, list[Item]] = field(default_factory=dict)
    tries: int = 0
    sent: bool = False
    crowded: bool = False


@dataclass(frozen=True, slots=True)
class _Try:
    """The writes of one try, and whose each is: a scope and its shard (-1: one that is emptied), or nobody's."""

    now_ns: int
    hold: Hold
    writes: tuple[Write, ...]
    owners: tuple[tuple[Scope, int] | None, ...]


class Admitting:
    """`LimitStore.admit`. `doubt` is told of requests that were refused although a try of theirs may have been applied."""

    def __init__(self, ledger: Ledger, doubt: Callable[[str], None]) -> None:
        self._ledger = ledger
        self._doubt = doubt

    async def admit(self, ask: Ask, start: LogRow) -> Admission | Refusal:
        """See `LimitStore.admit`."""
        entry = _Entry(ask, tuple(scope for scope in ask.scopes if scope.limits.any), to_item(start))
        done = False
        try:
            async with asyncio.timeout(ADMIT_S):
                found = await self._admit(entry)
            done = isinstance(found, Admission)
            return found
        except (AwsFault, NotStorable, TimeoutError):
            raise Unavailable(_UNKNOWN) from None
        finally:
            if entry.sent and not done:
                self._doubt(ask.request_id)

    async def _admit(self, entry: _Entry) -> Admission | Refusal:
        while True:
            try:
                found = await self._once(entry)
            except StoreUnavailable:  # a read in between
                found, entry.crowded = None, True
            if found is not None:
                return found
            entry.tries += 1
            if entry.crowded or entry.tries > _AT_ONCE:
                entry.crowded = False
                await self._ledger.pause(entry.tries)

    async def _once(self, entry: _Entry) -> Admission | Refusal | None:
        """One try; None = try again."""
        now_ns = self._ledger.now_ns()
        for scope in entry.scopes:
            if impossible(amounts(scope, entry.ask, now_ns)):
                return await self._look_and_refuse(entry, scope, now_ns)
        attempt = self._try(entry, now_ns)
        entry.gathered = {}
        before, entry.sent = entry.sent, True  # whatever interrupts the call leaves it open
        try:
            await self._ledger.transact(attempt.writes)
        except TransactionCancelled as refused:
            entry.sent = before
            return await self._refused(entry, attempt, refused.reasons)
        except StoreUnavailable as fault:
            entry.sent = before or not isinstance(fault, Throttled)
            entry.crowded = True
            for scope in entry.scopes:
                self._ledger.heat.strike(place(scope))
            return None
        return self._admitted(entry, attempt.hold.held, attempt.hold.at_ms)

    def _try(self, entry: _Entry, now_ns: int) -> _Try:
        ask, tables = entry.ask, self._ledger.tables
        held: list[Held] = []
        owned: list[tuple[Write, tuple[Scope, int] | None]] = []
        for scope in entry.scopes:
            one, writes = self._reserve(entry, scope, now_ns)
            held.append(one)
            owned += writes
        if ask.balance_of is not None:
            message = ask.message_id or ""
            held.append(Held("user", ask.balance_of, tokens=ask.tokens, balance=True, message_id=message))
            write = balance_items.hold_write(tables.state, ask.balance_of, ask.tokens, ask.grant)
            owned.append((write, None))
        at_ms = now_ns // 1_000_000
        known = Spent(ask.known_nano, ask.known_tokens)
        hold = Hold(ask.request_id, tuple(held), at_ms, at_ms + HOLD_LIFE_MS, known)
        first: list[Write] = [put_hold(tables.state, hold), put_start(tables.logs, entry.row)]
        return _Try(
            now_ns, hold, (*first, *(write for write, _ in owned)), (None, None, *(owner for _, owner in owned))
        )

    def _reserve(
        self, entry: _Entry, scope: Scope, now_ns: int
    ) -> tuple[Held, list[tuple[Write, tuple[Scope, int] | None]]]:
        where, table = place(scope), self._ledger.tables.state
        if where in entry.gathered:
            found = gather(table, scope, entry.ask, entry.gathered[where], now_ns)
            if found is not None:
                return found[0], [(write, (scope, -1 if number else 0)) for number, write in enumerate(found[1])]
        shard = self._ledger.heat.shard(where)
        held, update = reserve(table, scope, entry.ask, now_ns, (shard, self._ledger.sight.of(where)))
        return held, [(update, (scope, shard))] if update is not None else []

    def _admitted(self, entry: _Entry, held: tuple[Held, ...], at_ms: int) -> Admission:
        ledger, now_ns = self._ledger, self._ledger.now_ns()
        tokens = {(one.kind, one.id): one.tokens for one in held if not one.balance}
        for scope in entry.scopes:
            units = {"requests": entry.ask.requests, "tokens": tokens.get((scope.kind, scope.id), 0)}
            ledger.sight.took(scope, units, now_ns)
        rates = [ledger.sight.tightest(entry.scopes, name, now_ns) for name in ("requests", "tokens")]
        return Admission(entry.ask.request_id, held, at_ms, *rates)

    async def _refused(self, entry: _Entry, attempt: _Try, reasons: tuple[Reason, ...]) -> Admission | Refusal | None:
        hold, row, *others = reasons
        if hold.code == _FAILED:
            return await self._was_applied(entry, hold.item)
        if row.code == _FAILED:
            raise Unavailable("A request of this id has ended already.")
        short: list[tuple[Scope, int, Item]] = []
        for reason, owner, _ in zip(others, attempt.owners[2:], attempt.writes[2:], strict=True):
            if owner is None:
                if reason.code == _FAILED:
                    return self._no_balance(entry.ask, reason.item)
            else:
                self._judge(entry, owner, reason, short)
        entry.crowded = entry.crowded or {reason.code for reason in reasons} - {"None", _FAILED} != set()
        for scope, shard, item in short:
            found = await self._make_room(entry, scope, shard, item)
            if found is not None:
                return found
        return None

    def _judge(
        self, entry: _Entry, owner: tuple[Scope, int], reason: Reason, short: list[tuple[Scope, int, Item]]
    ) -> None:
        scope, shard = owner
        if reason.code == _FAILED:
            item = reason.item or {}
            if shard == 0:
                self._ledger.sight.learn(place(scope), item)
            if shard >= 0 and lacking(scope, entry.ask, item, shard, self._ledger.now_ns()):
                short.append((scope, shard, item))
        elif reason.code != "None":
            self._ledger.heat.strike(place(scope), reason.code != "TransactionConflict")

    async def _was_applied(self, entry: _Entry, item: Item | None) -> Admission:
        if item is None:
            key = hold_key(entry.ask.request_id)
            item = await self._ledger.database.get_item(self._ledger.tables.state, key, consistent=True)
        if item is None:
            raise Unavailable(_UNKNOWN)
        hold = read_hold(item)
        return self._admitted(entry, hold.held, hold.at_ms)

    def _no_balance(self, ask: Ask, item: Item | None) -> Refusal:
        return balance_items.refused(str(ask.balance_of), item, ask.tokens, ask.grant)

    async def _make_room(self, entry: _Entry, scope: Scope, shard: int, item: Item) -> Refusal | None:
        """For a shard that lacks something: borrow, else prepare to gather, else the refusal."""
        ledger, now_ns = self._ledger, self._ledger.now_ns()
        if shard == 0 and not lent_shards(item):
            stands = standings(scope, [item] if item else [], now_ns // 1_000_000)
            return refusal(scope, lacking(scope, entry.ask, item, 0, now_ns), stands, now_ns)
        if shard:
            main = await ledger.item(scope)
            if self._just_lent(entry, main, shard, now_ns):
                entry.crowded = True
                return None
            updates = lend(ledger.tables.state, scope, entry.ask, (main, shard, item), now_ns)
            if updates is not None:
                await self._borrow(entry, updates)
                return None
        return await self._look_and_refuse(entry, scope, now_ns)

    def _just_lent(self, entry: _Entry, main: Item, shard: int, now_ns: int) -> bool:
        """Whether another environment borrowed for this shard a moment ago: then its loan is tried first, every other time."""
        since = now_ns // 1_000_000 - int(main.get(lent_name(shard), 0))
        return 0 <= since < _JUST_MS and entry.tries % 2 == 0

    async def _borrow(self, entry: _Entry, updates: list[Any]) -> None:
        if not updates:
            return
        try:
            await self._ledger.transact(updates, self._ledger.nonce())
        except (TransactionCancelled, StoreUnavailable):
            entry.crowded = (
                True  # somebody else borrowed, most likely: what this shard has now is seen with the next try
            )

    async def _look_and_refuse(self, entry: _Entry, scope: Scope, now_ns: int) -> Refusal | None:
        (items,) = await self._ledger.items([scope])
        short = short_of(scope, entry.ask, items, now_ns)
        if short:
            return refusal(scope, short, standings(scope, items, now_ns // 1_000_000), now_ns)
        entry.gathered[place(scope)] = items
        return None
