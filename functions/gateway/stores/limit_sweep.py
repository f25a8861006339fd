"""The sweep of holds whose request ended without a settlement: its environment was killed, or could not reach the store any more.

Theory of operation. A running request renews its hold; one that has expired belongs to nobody. All hold partitions are read (what is read late is
found out by the write), and every expired hold is ended by one transaction: the hold goes if its expiry is what was read, the start row
becomes a final one, the counters get what the request is known to cost in place of what it held. Whoever comes second (another sweep, a renewal,
a late settlement) finds the hold gone or changed, and nothing happens; so any number of sweeps may run, and one may end at any point. What cannot be
written now is the next run's. Holds are ended one after the other, because many share a scope and would only stand in each other's way.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from gateway.aws.dynamodb import DynamoDB, Expr, Put, Query, Write
from gateway.aws.faults import AwsFault, ConditionFailed, TransactionCancelled
from gateway.clock import Clock
from gateway.neutral.limits import Held
from gateway.neutral.logrow import Caller, Cost, LogRow
from gateway.neutral.usage import Usage
from gateway.stores.balance_items import Paid
from gateway.stores.limit_items import (
    HOLD_PARTITIONS,
    INTERRUPTED,
    Hold,
    Tables,
    counters_key,
    forget,
    paid_before,
    read_hold,
    sweep,
)
from gateway.stores.limit_tidy import tidy
from gateway.stores.log_items import to_item

_MOST: Final = 5_000  # expired holds of one run: a transaction takes about 10 ms
_MOST_TIDIED: Final = 100  # keys of one BatchGetItem
_AT_ONCE: Final = 8
_HOLD: Final = 0
_ROW: Final = 1
"""Places in the transaction of `limit_items.sweep`."""
_REFUSED: Final = "ConditionalCheckFailed"


@dataclass(frozen=True, slots=True)
class Swept:
    """What a run did. `seen` holds there were; every expired one is counted once more.

    `swept`: ended and charged. `released`: ended and given back, because its caller was told that it had not been admitted. `kept`: renewed or
    settled meanwhile. `failed`: left to the next run, for the reasons in `faults` (names of operations and error codes). `finished` False: the
    time or the number of one run was not enough. `oldest_ms`: how long the longest expired hold had been so.
    """

    seen: int = 0
    swept: int = 0
    released: int = 0
    kept: int = 0
    failed: int = 0
    tidied: int = 0
    oldest_ms: int = 0
    finished: bool = True
    faults: tuple[str, ...] = ()

    @property
    def good(self) -> bool:
        """Whether nothing is left to do that could have been done."""
        return self.finished and not self.failed


class LimitSweep:
    """`run` raises nothing of the store's. `row_days`: how long a row lives that must be written because the request has none."""

    def __init__(self, database: DynamoDB, tables: Tables, clock: Clock, row_days: int = 30) -> None:
        self._database = database
        self._tables = tables
        self._clock = clock
        self._row_days = row_days

    async def run(self, seconds: float) -> Swept:
        """Sweep for at most so long (and one transaction more)."""
        ends = self._clock.monotonic() + seconds
        now_ms = self._clock.now_ms()
        found = _Found(now_ms)
        reading = asyncio.Semaphore(_AT_ONCE)
        await asyncio.gather(*(self._read(name, found, reading, ends) for name in HOLD_PARTITIONS))
        found.finished = found.finished and not found.full
        outcomes: Counter[str] = Counter(failed=found.unreadable)
        touched: dict[str, Mapping[str, str]] = {}
        expired = sorted(found.expired, key=lambda hold: hold.expires_ms)
        for number, hold in enumerate(expired):
            if self._clock.monotonic() >= ends:
                outcomes["failed"] += len(expired) - number
                found.finished = False
                break
            outcome = await self._end(hold, found.faults)
            outcomes[outcome] += 1
            if outcome == "swept":
                touched |= {key["pk"]: key for key in _counters(hold.held)}
        tidied = await self._tidy(list(touched.values()), ends)
        return Swept(
            seen=found.seen,
            swept=outcomes["swept"],
            released=outcomes["released"],
            kept=outcomes["kept"],
            failed=outcomes["failed"],
            tidied=tidied,
            oldest_ms=now_ms - expired[0].expires_ms if expired else 0,
            finished=found.finished,
            faults=tuple(sorted(found.faults)),
        )

    async def _read(self, partition: str, found: _Found, reading: asyncio.Semaphore, ends: float) -> None:
        where = Expr("pk = :pk", values={":pk": partition})
        start: Mapping[str, Any] | None = None
        async with reading:
            while True:
                try:
                    page = await self._database.query(Query(self._tables.state, where, start=start))
                except AwsFault as fault:
                    found.failed(fault)
                    return
                found.add(page.items)
                start = page.next
                if start is None or found.full:
                    return
                if self._clock.monotonic() >= ends:
                    found.finished = False
                    return

    async def _end(self, hold: Hold, faults: set[str]) -> str:
        """`swept`, `released`, `kept` or `failed`."""
        now_ms = self._clock.now_ms()
        writes = sweep(self._tables, hold, now_ms)
        refusal = await self._write(writes, faults)
        if refusal is not None and refusal.before is not None:
            writes = sweep(self._tables, hold, now_ms, refusal.before)
            refusal = await self._write(writes, faults)
        if refusal is None or refusal.hold or not refusal.row:
            return _outcome(refusal, "swept")
        if refusal.row_exists:
            return _outcome(await self._write(forget(self._tables, hold, now_ms), faults), "released")
        writes[_ROW] = Put(self._tables.logs, self._row(hold, now_ms), Expr("attribute_not_exists(pk)"))
        return _outcome(await self._write(writes, faults), "swept")

    async def _write(self, writes: list[Write], faults: set[str]) -> _Refusal | None:
        """None when it was applied."""
        try:
            await self._database.transact_write(writes, token=self._clock.entropy(16).hex())
        except TransactionCancelled as fault:
            refused = [reason.code == _REFUSED for reason in fault.reasons[:2]] + [False, False]
            before = paid_before(fault.reasons)
            if not any(refused) and before is None:
                faults.add(f"{fault.operation}: {' '.join(sorted({reason.code for reason in fault.reasons}))}")
            row_exists = len(fault.reasons) > _ROW and fault.reasons[_ROW].item is not None
            return _Refusal(refused[_HOLD], refused[_ROW], row_exists, before)
        except AwsFault as fault:
            faults.add(f"{fault.operation}: {fault.code}")
            return _Refusal()
        return None

    def _row(self, hold: Hold, now_ms: int) -> dict[str, Any]:
        """The final row of a request that has none, as far as its hold tells."""
        scopes = {held.kind: held.id for held in hold.held}
        row = LogRow(
            id=hold.request_id,
            time_ms=hold.at_ms,
            method="",
            path="",
            dialect="",
            status=500,
            ttl=now_ms // 1000 + self._row_days * 86_400,
            caller=Caller(key_id=scopes.get("key"), user_id=scopes.get("user"), team_id=scopes.get("team")),
            error="interrupted",
            error_message=INTERRUPTED,
            total_ms=max(0, now_ms - hold.at_ms),
            usage=Usage(fresh=hold.known.tokens, source="estimated"),
            cost=Cost(hold.known.nano, "priced") if hold.known.nano else Cost(),
        )
        return {**to_item(row), "swept": True, "swept_nano": hold.known.nano, "swept_tokens": hold.known.tokens}

    async def _tidy(self, keys: list[Mapping[str, str]], ends: float) -> int:
        """Remove old windows from counters that were written anyway; the number of items. What fails is tidied another time."""
        tidied = 0
        if not keys or self._clock.monotonic() >= ends:
            return tidied
        try:
            items = await self._database.batch_get_item(self._tables.state, keys[:_MOST_TIDIED], consistent=True)
        except AwsFault:
            return tidied
        for item in items:
            update = tidy(self._tables.state, item)
            if update is None or self._clock.monotonic() >= ends:
                continue
            try:
                await self._database.update_item(update, idempotent=True)
            except ConditionFailed:
                continue
            except AwsFault:
                return tidied
            tidied += 1
        return tidied


class _Found:
    """What was read of the partitions so far."""

    def __init__(self, now_ms: int) -> None:
        self.now_ms = now_ms
        self.seen = 0
        self.unreadable = 0
        self.expired: list[Hold] = []
        self.finished = True
        self.faults: set[str] = set()

    @property
    def full(self) -> bool:
        """Whether there is as much as one run can do."""
        return len(self.expired) >= _MOST

    def add(self, items: Iterable[Mapping[str, Any]]) -> None:
        """Take a page."""
        for item in items:
            self.seen += 1
            try:
                hold = read_hold(item)
            except (AttributeError, KeyError, TypeError, ValueError):
                self.unreadable += 1
                self.faults.add(f"hold {str(item.get('sk'))[:64]} cannot be read")
                continue
            if hold.expires_ms <= self.now_ms:
                self.expired.append(hold)

    def failed(self, fault: AwsFault) -> None:
        """A partition, or the rest of it, could not be read."""
        self.finished = False
        self.faults.add(f"{fault.operation}: {fault.code}")


@dataclass(frozen=True, slots=True)
class _Refusal:
    """A transaction that was not applied: whether because of the hold, of the row, or because another try of a message has paid. None: not now."""

    hold: bool = False
    row: bool = False
    row_exists: bool = False
    before: Paid | None = None


def _outcome(refusal: _Refusal | None, done: str) -> str:
    if refusal is None:
        return done
    return "kept" if refusal.hold else "failed"


def _counters(held: Iterable[Held]) -> list[dict[str, str]]:
    return [counters_key(one.kind, one.id, one.shard) for one in held if not one.balance]
