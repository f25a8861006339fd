"""Where the limits of keys, teams and end users stand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from gateway.admin.editors import Editors
from gateway.admin.errors import Conflict
from gateway.admin.limit_schemas import KeyScopesOut, ScopeOut
from gateway.admin.limit_shapes import standing_out
from gateway.neutral.config import VirtualKey
from gateway.neutral.limits import Account, LimitName, Limits, Period, Scope, ScopeKind, Standing


class Counters(Protocol):
    """What is counted of a scope (`gateway.stores.limits.LimitReader`)."""

    def standings(self, scope: Scope) -> Sequence[Standing]:
        """Every limit of the scope."""

    def running(self, kind: ScopeKind, identifier: str) -> int:
        """Requests that are going on now."""

    def reset(self, scope: Scope, name: Period) -> None:
        """What the budget has spent in its present period becomes 0; what is held stays held."""


class NoCounters:
    """Nothing was counted."""

    def standings(self, scope: Scope) -> Sequence[Standing]:
        """Every limit, unused."""
        limits = scope.limits
        rates: dict[LimitName, int | None] = {
            "requests": limits.requests_per_minute,
            "tokens": limits.tokens_per_minute,
            "concurrent": limits.concurrent,
        }
        found = [Standing(name, rate, 0, 0) for name, rate in rates.items() if rate is not None]
        return [*found, *(Standing(budget.period, budget.nano_usd, 0, 0) for budget in limits.budgets)]

    def running(self, kind: ScopeKind, identifier: str) -> int:  # noqa: ARG002
        """None."""
        return 0

    def reset(self, scope: Scope, name: Period) -> None:
        """Nothing to do."""


class Standings:
    """Reads counters; `reset` changes them."""

    def __init__(self, reader: Counters, editors: Editors) -> None:
        self._reader = reader
        self._editors = editors

    def of_key(self, identifier: str) -> KeyScopesOut:
        """A key with its user and team; Missing when there is no such key."""
        key = self._editors.keys.get(identifier).value
        own = self._key(key)
        return KeyScopesOut(
            **own.model_dump(),
            user=None if key.user_id is None else self._named("user", key.user_id),
            team=None if key.team_id is None else self._named("team", key.team_id),
        )

    def of_account(self, kind: ScopeKind, identifier: str) -> ScopeOut:
        """A team or an end user; Missing when there is none."""
        return self._account((self._editors.teams if kind == "team" else self._editors.end_users).get(identifier).value)

    def several(self, kind: ScopeKind, identifiers: Sequence[str]) -> list[ScopeOut]:
        """Those of them that there are."""
        found = []
        for identifier in dict.fromkeys(identifiers):
            if kind == "key":
                row = self._editors.keys.find(identifier)
                found += [] if row is None else [self._key(row.value)]
            else:
                out = self._named(kind, identifier)
                found += [out] if out.known else []
        return found

    def reset(self, kind: ScopeKind, identifier: str, name: Period) -> ScopeOut:
        """Forget what a budget has spent in its present period; Missing, or Conflict when there is no such budget."""
        limits = self._limits(kind, identifier)
        if name not in {budget.period for budget in limits.budgets}:
            raise Conflict(f"There is no budget of the period {name!r} here.", field="name")
        self._reader.reset(Scope(kind, identifier, limits), name)
        return self.of_key(identifier) if kind == "key" else self.of_account(kind, identifier)

    def _limits(self, kind: ScopeKind, identifier: str) -> Limits:
        if kind == "key":
            return self._editors.keys.get(identifier).value.limits
        editor = self._editors.teams if kind == "team" else self._editors.end_users
        return editor.get(identifier).value.limits

    def _named(self, kind: ScopeKind, identifier: str) -> ScopeOut:
        row = (self._editors.teams if kind == "team" else self._editors.end_users).find(identifier)
        if row is None:
            return ScopeOut(scope=kind, id=identifier, name=None, known=False, running=0, limits=[])
        return self._account(row.value)

    def _key(self, key: VirtualKey) -> ScopeOut:
        return self._scope(Scope("key", key.id, key.limits), key.name)

    def _account(self, account: Account) -> ScopeOut:
        return self._scope(Scope(account.kind, account.id, account.limits), account.name)

    def _scope(self, scope: Scope, name: str) -> ScopeOut:
        limits = [standing_out(standing) for standing in self._reader.standings(scope)] if scope.limits.any else []
        running = self._reader.running(scope.kind, scope.id) if scope.limits.any else 0
        return ScopeOut(scope=scope.kind, id=scope.id, name=name, known=True, running=running, limits=limits)
