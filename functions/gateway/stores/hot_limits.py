"""Limits as the data plane keeps them: `LimitStore` over the signed client. README.md describes the items.

`admit` is one TransactWriteItems (more when others write the same items), `settle` another; nothing is read before a request is let in.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from gateway.aws.attributes import NotStorable
from gateway.aws.dynamodb import DynamoDB
from gateway.aws.faults import AwsFault
from gateway.clock import Clock
from gateway.errors import Unavailable
from gateway.neutral.limits import Admission, Ask, Limits, Refusal, Scope, Spent, Standing
from gateway.neutral.logrow import LogRow
from gateway.stores import balance_items
from gateway.stores.limit_admitting import Admitting
from gateway.stores.limit_items import Tables, counters_key, renew
from gateway.stores.limit_ledger import Ledger, Place, place
from gateway.stores.limit_settling import SETTLE_S, Settling
from gateway.stores.limit_standing import standings
from gateway.stores.limit_tidy import tidy

_TIDY_S: Final = 6 * 3600.0


class HotLimits:
    """`LimitStore`. `environment_id` tells environments apart: it chooses the shard of hot scopes.

    `settle_s`: how long a settlement is tried before it is kept for `flush`.
    """

    def __init__(
        self,
        database: DynamoDB,
        state_table: str,
        logs_table: str,
        clock: Clock,
        environment_id: str,
        *,
        settle_s: float = SETTLE_S,
    ) -> None:
        self._ledger = Ledger(database, Tables(state_table, logs_table), clock, environment_id)
        self._settling = Settling(self._ledger, settle_s)
        self._admitting = Admitting(self._ledger, self._settling.doubt)
        self._tidied: dict[Place, float] = {}
        self._untidy: set[Place] = set()

    @property
    def waiting(self) -> int:
        """Settlements that are kept for a later flush."""
        return self._settling.waiting

    async def admit(self, ask: Ask, start: LogRow) -> Admission | Refusal:
        """See `LimitStore.admit`. It takes 2.5 seconds at most."""
        found = await self._admitting.admit(ask, start)
        for scope in ask.scopes:
            if scope.limits.budgets:
                self._untidy.add(place(scope))
        return found

    async def settle(self, admission: Admission, spent: Spent, row: LogRow) -> None:
        """See `LimitStore.settle`. Unavailable: it is kept, and the caller says the row in the function's log."""
        await self._settling.settle(admission, spent, row)

    async def renew(self, admission: Admission, spent: Spent) -> None:
        """See `LimitStore.renew`."""
        ledger = self._ledger
        update = renew(ledger.tables.state, admission.request_id, spent, ledger.now_ns() // 1_000_000)
        try:
            await ledger.database.update_item(update, idempotent=True)
        except (AwsFault, NotStorable):
            return  # settled or swept meanwhile, or not now: the settlement corrects whatever comes of it

    async def flush(self) -> None:
        """See `LimitStore.flush`. Removes old windows of the scopes it met, now and then."""
        await self._settling.flush()
        if self._untidy:
            await self._tidy(self._untidy.pop())

    async def look(self, ask: Ask) -> tuple[tuple[Scope, tuple[Standing, ...]], ...]:
        """Where the limits of a request's scopes stand; nothing is written. A token balance stands beside the limits of its user, or alone.

        Unavailable when the store cannot say.
        """
        ledger = self._ledger
        try:
            found = await ledger.items(ask.scopes) if ask.scopes else []
            now_ms = ledger.now_ns() // 1_000_000
            stands = [(scope, standings(scope, items, now_ms)) for scope, items in zip(ask.scopes, found, strict=True)]
            return tuple(stands) if ask.balance_of is None else await self._with_balance(ask, stands)
        except (AwsFault, NotStorable):
            raise Unavailable("The limits could not be read just now; try again.") from None

    async def _with_balance(
        self, ask: Ask, stands: Sequence[tuple[Scope, tuple[Standing, ...]]]
    ) -> tuple[tuple[Scope, tuple[Standing, ...]], ...]:
        user = str(ask.balance_of)
        key = balance_items.balance_key(user)
        item = await self._ledger.database.get_item(self._ledger.tables.state, key, consistent=True)
        balance = balance_items.standing(item, ask.grant)
        if not any(place(scope) == ("user", user) for scope, _ in stands):
            stands = [*stands, (Scope("user", user, Limits()), ())]
        return tuple((scope, (*found, balance) if place(scope) == ("user", user) else found) for scope, found in stands)

    async def _tidy(self, where: Place) -> None:
        ledger = self._ledger
        now = ledger.clock.monotonic()
        if now - self._tidied.get(where, -_TIDY_S) < _TIDY_S:
            return
        self._tidied = {one: at for one, at in self._tidied.items() if now - at < _TIDY_S} | {where: now}
        try:
            for shard in {0, ledger.heat.shard(where)}:
                item: Mapping[str, Any] | None = await ledger.database.get_item(
                    ledger.tables.state, counters_key(where[0], where[1], shard)
                )
                update = tidy(ledger.tables.state, item) if item else None
                if update is not None:
                    await ledger.database.update_item(update, idempotent=True)
        except (AwsFault, NotStorable):
            return  # somebody settled in between, or the store is busy: another time, or another environment
