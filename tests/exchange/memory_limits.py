"""`LimitStore` in memory: exact, with one lock for everything, and without time: rates never refill. What races do to it is proved elsewhere."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from gateway.errors import Unavailable
from gateway.neutral.limits import Admission, Ask, Held, LimitName, Rate, Refusal, Scope, Spent, Standing
from gateway.neutral.logrow import LogRow

if TYPE_CHECKING:
    from tests.exchange.kit import MemoryLogs

RESET_MS = 4_102_444_800_000
"""When the budgets of this store reset: 2100-01-01."""


@dataclass
class Counter:
    """One limit of one scope."""

    used: int = 0
    held: int = 0


@dataclass
class MemoryLimits:
    """`asked` are the questions, `settled` the answers' ends, in order."""

    logs: MemoryLogs
    counters: dict[tuple[str, str, LimitName], Counter] = field(default_factory=dict)
    asked: list[Ask] = field(default_factory=list)
    settled: list[tuple[Admission, Spent]] = field(default_factory=list)
    renewed: list[Spent] = field(default_factory=list)
    running: dict[str, Ask] = field(default_factory=dict)
    down: bool = False

    def of(self, kind: str, identifier: str, name: LimitName) -> Counter:
        """The counter of a limit."""
        return self.counters.setdefault((kind, identifier, name), Counter())

    async def admit(self, ask: Ask, start: LogRow) -> Admission | Refusal:
        """See `LimitStore.admit`."""
        if self.down:
            raise Unavailable("The store of limits is out of reach; try again.")
        self.asked.append(ask)
        for scope in ask.scopes:
            refusal = self._refusal(scope, ask)
            if refusal is not None:
                return refusal
        if ask.balance_of is not None:
            balance = self.of("user", ask.balance_of, "balance")
            if balance.used + balance.held + ask.tokens > ask.grant:
                return Refusal("user", ask.balance_of, "balance", ask.grant, balance.used, balance.held, ask.tokens)
            balance.held += ask.tokens
        for scope in ask.scopes:
            for name, _, needed in _limits(scope, ask):
                self.of(scope.kind, scope.id, name).held += needed
        self.running[ask.request_id] = ask
        await self.logs.put(start)
        rates = {
            name: Rate(limit, limit - self._taken(scope, name), 30.0)
            for scope in ask.scopes
            for name, limit, _ in _limits(scope, ask)
        }
        held = tuple(Held(scope.kind, scope.id, nano=ask.nano, tokens=ask.tokens) for scope in ask.scopes)
        return Admission(ask.request_id, held, start.time_ms, rates.get("requests"), rates.get("tokens"))

    def _refusal(self, scope: Scope, ask: Ask) -> Refusal | None:
        for name, limit, needed in _limits(scope, ask):
            counter = self.of(scope.kind, scope.id, name)
            if counter.used + counter.held + needed > limit:
                money = name in {"day", "month", "total"}
                return Refusal(
                    scope.kind,
                    scope.id,
                    name,
                    limit,
                    counter.used,
                    counter.held,
                    needed,
                    RESET_MS if name in {"day", "month"} else None,
                    None if money else 1.3,
                )
        return None

    def _taken(self, scope: Scope, name: LimitName) -> int:
        counter = self.of(scope.kind, scope.id, name)
        return counter.used + counter.held

    async def settle(self, admission: Admission, spent: Spent, row: LogRow) -> None:
        """See `LimitStore.settle`."""
        if self.down:
            raise Unavailable("The store of limits is out of reach; try again.")
        ask = self.running.pop(admission.request_id)
        self.settled.append((admission, spent))
        await self.logs.put(row)
        if ask.balance_of is not None:
            balance = self.of("user", ask.balance_of, "balance")
            balance.held, balance.used = balance.held - ask.tokens, balance.used + spent.tokens
        for scope in ask.scopes:
            for name, _, needed in _limits(scope, ask):
                counter = self.of(scope.kind, scope.id, name)
                counter.held -= needed
                counter.used += {"requests": 1, "tokens": spent.tokens, "concurrent": 0}.get(name, spent.nano)

    async def look(self, ask: Ask) -> tuple[tuple[Scope, tuple[Standing, ...]], ...]:
        """See `LimitStore.look`."""
        return tuple(
            (scope, tuple(self._standing(scope, name, limit) for name, limit, _ in _limits(scope, ask)))
            for scope in ask.scopes
        )

    def _standing(self, scope: Scope, name: LimitName, limit: int) -> Standing:
        counter = self.of(scope.kind, scope.id, name)
        return Standing(name, limit, counter.used, counter.held)

    async def renew(self, admission: Admission, spent: Spent) -> None:
        """See `LimitStore.renew`."""
        assert admission.request_id in self.running
        self.renewed.append(spent)

    async def flush(self) -> None:
        """See `LimitStore.flush`."""


def _limits(scope: Scope, ask: Ask) -> list[tuple[LimitName, int, int]]:
    """Name, limit and need of every limit there is."""
    limits = scope.limits
    rates: list[tuple[LimitName, int | None, int]] = [
        ("requests", limits.requests_per_minute, 1),
        ("tokens", limits.tokens_per_minute, ask.tokens),
        ("concurrent", limits.concurrent, 1),
    ]
    found = [(name, limit, needed) for name, limit, needed in rates if limit is not None]
    return found + [(budget.period, budget.nano_usd, ask.nano) for budget in limits.budgets]
