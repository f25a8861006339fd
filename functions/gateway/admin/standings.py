"""Where the limits of keys, teams and end users stand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from gateway.admin.editors import Editors
from gateway.admin.errors import Conflict
from gateway.admin.limit_schemas import KeyScopesOut, ScopeOut
from gateway.admin.limit_shapes import standing_out
from gateway.admin.trail import Trail
from gateway.neutral.config import VirtualKey
from gateway.neutral.limits import Account, Limits, Period, Scope, ScopeKind
from gateway.stores.entities import Contended
from gateway.stores.limits import LimitReader

_NOUNS: Final[dict[ScopeKind, str]] = {"key": "virtual_key", "team": "team", "user": "end_user"}


class Standings:
    """Reads counters; `reset` changes them."""

    def __init__(self, reader: LimitReader, editors: Editors, trail: Trail | None = None) -> None:
        self._reader = reader
        self._editors = editors
        self._trail = trail

    def on(self, editors: Editors, trail: Trail) -> Standings:
        """The same, whose resets leave a trail."""
        return Standings(self._reader, editors, trail)

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
        try:
            self._reset(Scope(kind, identifier, limits), name)
        except Contended:
            raise Conflict("Requests kept coming at the same moment; try again.") from None
        return self.of_key(identifier) if kind == "key" else self.of_account(kind, identifier)

    def _reset(self, scope: Scope, name: Period) -> None:
        noun, used = _NOUNS[scope.kind], {found.name: found.used for found in self._reader.standings(scope)}
        if self._trail is not None:
            self._trail.about("reset", noun, scope.id)
        self._reader.reset(scope, name)
        if self._trail is not None:
            self._trail.noted(noun, scope.id, {f"{name}_used_nano": used.get(name)}, {f"{name}_used_nano": 0})

    def _limits(self, kind: ScopeKind, identifier: str) -> Limits:
        if kind == "key":
            return self._editors.keys.get(identifier).value.limits
        editor = self._editors.teams if kind == "team" else self._editors.end_users
        return editor.get(identifier).value.limits

    def _named(self, kind: ScopeKind, identifier: str) -> ScopeOut:
        row = (self._editors.teams if kind == "team" else self._editors.end_users).find(identifier)
        if row is None:
            return ScopeOut(scope=kind, id=identifier, name=None, known=False, running=None, limits=[])
        return self._account(row.value)

    def _key(self, key: VirtualKey) -> ScopeOut:
        return self._scope(Scope("key", key.id, key.limits), key.name)

    def _account(self, account: Account) -> ScopeOut:
        return self._scope(Scope(account.kind, account.id, account.limits), account.name)

    def _scope(self, scope: Scope, name: str) -> ScopeOut:
        found = self._reader.standings(scope) if scope.limits.any else ()
        running = next((standing.held for standing in found if standing.name == "concurrent"), None)
        limits = [standing_out(standing) for standing in found]
        return ScopeOut(scope=scope.kind, id=scope.id, name=name, known=True, running=running, limits=limits)
