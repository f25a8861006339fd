"""Making, changing and removing accounts: the teams and end users that keys name."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

from gateway.admin.account_schemas import TeamIn, TeamPatch
from gateway.admin.desk import changes, plausible
from gateway.admin.errors import Conflict, Invalid, Missing, Stale
from gateway.admin.limit_shapes import account_fields, account_value
from gateway.neutral.limits import Account
from gateway.stores.accounts import AccountKind, AccountStore
from gateway.stores.versioned import Outdated, Taken, Versioned

_TRIES: Final = 8
_BUSY: Final = "Others kept changing it at the same moment; try again."
_NULLABLE: Final = frozenset({"limits", "valid_until"})
_TITLES: Final[dict[AccountKind, str]] = {"team": "team", "user": "end user"}


class Accounts:
    """Teams or end users (`kind`). They are not part of the release: a change is in force as soon as the gateway reads it again."""

    def __init__(self, store: AccountStore, kind: AccountKind) -> None:
        self._store = store
        self._kind = kind

    @property
    def store(self) -> AccountStore:
        """Where the accounts are, of both kinds."""
        return self._store

    def on(self, store: AccountStore) -> Accounts:
        """The same editor of other accounts."""
        return Accounts(store, self._kind)

    def page(self, after: str | None, limit: int) -> tuple[Sequence[Versioned[Account]], str | None]:
        """Accounts, by id."""
        return self._store.page(self._kind, after, limit)

    def find(self, identifier: str) -> Versioned[Account] | None:
        """One account, None when there is none."""
        return self._store.get(self._kind, identifier) if plausible(identifier) else None

    def get(self, identifier: str, expected: int | None = None) -> Versioned[Account]:
        """One account; Missing when there is none, Stale when it is not at the `expected` version."""
        row = self.find(identifier)
        if row is None:
            raise Missing(f"There is no {_TITLES[self._kind]} {identifier[:128]!r}.")
        if expected is not None and row.version != expected:
            raise Stale
        return row

    def create(self, body: TeamIn) -> Versioned[Account]:
        """A new account; Conflict when the id is taken."""
        try:
            return self._store.create(self._value(body))
        except Taken:
            raise Conflict(f"There is already a {_TITLES[self._kind]} {body.id!r}.", field="id") from None

    def update(self, identifier: str, body: TeamPatch, expected: int | None) -> Versioned[Account]:
        """Change an account."""
        fields = account_fields(changes(body, nullable=_NULLABLE))
        return self._revise(identifier, expected, lambda account: replace(account, **fields))

    def delete(self, identifier: str, expected: int | None) -> None:
        """Remove an account: keys that name it go on without its limits."""
        for _ in range(_TRIES):
            row = self.get(identifier, expected)
            try:
                self._store.delete(self._kind, identifier, row.version)
            except Outdated:
                continue
            return
        raise Conflict(_BUSY)

    def put(self, body: TeamIn) -> None:
        """Make the account say what the body says."""
        self.keep(self._value(body))

    def keep(self, account: Account) -> None:
        """Make the stored account equal to `account`, creating it where it is missing."""
        for _ in range(_TRIES):
            row = self._store.get(self._kind, account.id)
            try:
                if row is None:
                    self._store.create(account)
                elif row.value != account:
                    self._store.replace(account, row.version)
            except (Taken, Outdated):
                continue
            return
        raise Conflict(_BUSY)

    def _value(self, body: TeamIn) -> Account:
        # `…/teams/<id>/limits` is the address of its standings, and an id may hold slashes.
        for ending in ("/limits", "/balance", "/balance/history"):
            if body.id.endswith(ending):
                raise Invalid(f"An id cannot end in {ending}.", field="id")
        return account_value(body)

    def _revise(
        self, identifier: str, expected: int | None, change: Callable[[Account], Account]
    ) -> Versioned[Account]:
        for _ in range(_TRIES):
            row = self.get(identifier, expected)
            value = change(row.value)
            try:
                return row if value == row.value else self._store.replace(value, row.version)
            except Outdated:
                continue
        raise Conflict(_BUSY)
