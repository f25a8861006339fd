"""Settlement: the exact figure in place of the hold, with the final row, once; and what could not be written, kept for later.

A transaction that finds no hold means one of these: an earlier try was applied (the row is final: done); the hold was swept (the row says what was
charged: counters and row are corrected by the difference, once, guarded by the row); or hold and row are out of step (a hold that TTL
removed): then the row guards alone.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from gateway.aws.attributes import NotStorable
from gateway.aws.faults import AwsFault, Reason, Rejected, StoreUnavailable, TransactionCancelled
from gateway.aws.writes import Put
from gateway.errors import Unavailable
from gateway.neutral.limits import Admission, Spent
from gateway.neutral.logrow import LogRow
from gateway.policies import gcra
from gateway.stores.balance_items import Paid
from gateway.stores.limit_items import correct, forget, hold_key, paid_before, read_hold, settle, swept
from gateway.stores.limit_ledger import Ledger
from gateway.stores.log_items import to_item

SETTLE_S: Final = 8.0
FLUSH_S: Final = 3.0
MOST_KEPT: Final = 1000
_LOG: Final = logging.getLogger("gateway")
_UNHURRIED: Final = 4  # nobody waits for a settlement: it makes way
_FAILED: Final = "ConditionalCheckFailed"
_INVALID: Final = "ValidationError"  # a write of a transaction that is too large, among the reasons of its cancellation
_BULKY: Final = ("request_body", "response_body", "request_headers", "error_message", "losses", "attempts")


@dataclass(frozen=True, slots=True)
class Due:
    """A settlement with the moment it is for: tried later, it is the same one."""

    admission: Admission
    spent: Spent
    row: Mapping[str, Any]
    now_ns: int


@dataclass(slots=True)
class _Way:
    """How a settlement goes on. `guard`: which write makes it happen once. `before`: what another try of the same message paid."""

    row: Mapping[str, Any]
    guard: Literal["both", "hold", "row"] = "both"
    tries: int = 0
    before: Paid | None = None


def _shortened(way: _Way, fault: Exception) -> bool:
    """Another try with the money but without the story; the fault where that was it."""
    if not set(_BULKY) & set(way.row):
        raise fault
    way.row = {name: value for name, value in way.row.items() if name not in _BULKY}
    return False


class Settling:
    """`LimitStore.settle` and `flush`."""

    def __init__(self, ledger: Ledger, seconds: float = SETTLE_S) -> None:
        self._ledger = ledger
        self._seconds = seconds
        self._due: deque[Due] = deque()
        self._doubts: deque[str] = deque(maxlen=MOST_KEPT)
        self._flushing = False

    @property
    def waiting(self) -> int:
        """Settlements that are kept for a later flush."""
        return len(self._due)

    def doubt(self, request_id: str) -> None:
        """A request that was refused, although its admission may have been applied: its hold is to be given back."""
        self._doubts.append(request_id)

    async def settle(self, admission: Admission, spent: Spent, row: LogRow) -> None:
        """See `LimitStore.settle`."""
        due = Due(admission, spent, to_item(row), self._ledger.now_ns())
        self._see(due)
        written = False
        try:
            async with asyncio.timeout(self._seconds):
                await self._write(due)
            written = True
        except (AwsFault, NotStorable, TimeoutError) as fault:
            raise Unavailable(f"The settlement is written later: {str(fault) or 'no answer in time'}") from None
        finally:
            if not written:  # cancelled, too: the environment may live on
                self._keep(due)

    async def flush(self) -> None:
        """See `LimitStore.flush`."""
        if self._flushing or not (self._due or self._doubts):
            return
        self._flushing = True
        try:
            async with asyncio.timeout(FLUSH_S):
                await self._write_due()
                await self._clear_doubts()
        except (AwsFault, NotStorable, TimeoutError) as fault:
            _LOG.warning("%d settlements wait: %s", len(self._due), str(fault) or "no answer in time")
        finally:
            self._flushing = False

    async def _write_due(self) -> None:
        """Each that waits, once. One that fails goes behind the others: the store may never take it."""
        for _ in range(len(self._due)):
            due, written = self._due.popleft(), False
            try:
                await self._write(due)
                written = True
            except (NotStorable, Rejected, TransactionCancelled) as fault:
                _LOG.warning("the settlement of request %s is not taken: %s", due.admission.request_id, fault)
            finally:
                if not written:
                    self._due.append(due)

    async def _clear_doubts(self) -> None:
        while self._doubts:
            await self._give_back(self._doubts[0])
            self._doubts.popleft()

    def _keep(self, due: Due) -> None:
        if len(self._due) >= MOST_KEPT:
            lost = self._due.popleft()
            _LOG.error(
                "settlement given up request=%s nano=%d tokens=%d: the sweep charges what was known",
                lost.admission.request_id,
                lost.spent.nano,
                lost.spent.tokens,
            )
        self._due.append(due)

    def _see(self, due: Due) -> None:
        """The buckets as this environment sees them, for its next guess; too low a guess does no harm."""
        for held in due.admission.held:
            if held.ns_per_token and not held.shard:
                back = gcra.refund(held.tokens, due.spent.tokens, held.ns_per_token, held.tokens_until_ns, due.now_ns)
                self._ledger.sight.gave_back((held.kind, held.id), back)

    async def _write(self, due: Due) -> None:
        """Until it is in the store, however it got there. TimeoutError by the caller; faults that a repetition does not mend are raised."""
        way = _Way(due.row)
        while not await self._once(due, way):
            way.tries += 1
            await self._ledger.pause(way.tries + _UNHURRIED)

    async def _once(self, due: Due, way: _Way) -> bool:
        writes = settle(self._ledger.tables, due.admission.held, due.spent, way.row, due.now_ns, way.before)
        hold, row, *counters = writes
        if way.guard == "hold":
            writes = [hold, Put(self._ledger.tables.logs, way.row), *counters]
        elif way.guard == "row":
            writes = [row, *counters]
        try:
            await self._ledger.transact(writes)
        except TransactionCancelled as refused:
            codes = [reason.code for reason in refused.reasons]
            if _INVALID in codes:
                return _shortened(way, refused)
            self._strike(codes[1 if way.guard == "row" else 2 :], due)
            return await self._refused(due, way, refused.reasons)
        except StoreUnavailable:
            return False
        except (Rejected, NotStorable) as fault:
            return _shortened(way, fault)
        return True

    async def _refused(self, due: Due, way: _Way, reasons: Sequence[Reason]) -> bool:
        """Whether nothing is left to do."""
        before = paid_before(reasons)
        if before is not None:
            way.before = before
            return False
        hold, row = (None, reasons[0]) if way.guard == "row" else (reasons[0], reasons[1])
        gone = hold is None or hold.code == _FAILED
        if way.guard == "hold":
            return gone
        if row.code != _FAILED:
            if gone:
                way.guard = "row"
            return False
        charged = swept(row.item or {})
        if charged is not None:
            await self._correct(due, charged)
        elif not gone:
            if hold is not None and hold.code == "None":
                way.guard = "hold"  # somebody wrote the final row alone: the counters still have to be settled
            return False
        return True

    async def _correct(self, due: Due, charged: Spent) -> None:
        writes = correct(self._ledger.tables, due.admission.held, due.spent, due.row, charged)
        tries = 0
        while True:
            tries += 1
            try:
                await self._ledger.transact(writes)
                return
            except TransactionCancelled as refused:
                if refused.reasons[0].code == _FAILED:
                    return  # corrected before
                before = paid_before(refused.reasons)
                if before is not None:
                    writes = correct(self._ledger.tables, due.admission.held, due.spent, due.row, charged, before)
            except StoreUnavailable:
                pass
            await self._ledger.pause(tries + _UNHURRIED)

    def _strike(self, codes: Sequence[str], due: Due) -> None:
        """Conflicts on scopes' own items count towards their being hot."""
        if set(codes) - {"None", _FAILED}:
            for held in due.admission.held:
                if not held.balance and not held.shard:
                    self._ledger.heat.strike((held.kind, held.id))

    async def _give_back(self, request_id: str) -> None:
        """Remove the hold of a request that was never let in, if there is one."""
        ledger = self._ledger
        item = await ledger.database.get_item(ledger.tables.state, hold_key(request_id), consistent=True)
        if item is None:
            return
        try:
            await ledger.transact(forget(ledger.tables, read_hold(item), ledger.now_ns() // 1_000_000))
        except TransactionCancelled as refused:
            if refused.reasons[0].code != _FAILED:
                raise
