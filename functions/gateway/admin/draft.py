"""Configuration on trial: editors that read what is stored and write to memory, so that a document is judged whole before a part of it is kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, TypeVar

from gateway.admin.desk import Desk
from gateway.admin.editors import Editors
from gateway.neutral.config import VirtualKey
from gateway.neutral.limits import Account
from gateway.stores.accounts import AccountKind, AccountStore
from gateway.stores.entities import PROVIDER, Entities, Noun, Unreferable
from gateway.stores.versioned import Outdated, Taken, Versioned
from gateway.stores.virtual_keys import VirtualKeyStore

T = TypeVar("T")


class DraftEntities(Entities):
    """What is stored, with changes over it that are kept in memory. Nothing can be deleted."""

    def __init__(self, stored: Entities) -> None:  # without the table, so that no way of writing is left
        self._stored = stored
        self._changed: dict[tuple[str, str], tuple[Noun[Any], Versioned[Any]]] = {}

    @property
    def changed(self) -> Sequence[tuple[Noun[Any], Any]]:
        """What is to be written, in the order in which it was first written here."""
        return [(noun, row.value) for noun, row in self._changed.values()]

    def get(self, noun: Noun[T], identifier: str) -> Versioned[T] | None:
        """One entity, None when there is none."""
        found = self._changed.get((noun.name, identifier))
        return self._stored.get(noun, identifier) if found is None else found[1]

    def all(self, noun: Noun[T]) -> list[Versioned[T]]:
        """Every entity of a kind, by id."""
        rows = {noun.identify(row.value): row for row in self._stored.all(noun)}
        rows |= {identifier: row for (name, identifier), (_, row) in self._changed.items() if name == noun.name}
        return [rows[identifier] for identifier in sorted(rows)]

    def create(self, noun: Noun[T], value: T) -> Versioned[T]:
        """Add an entity."""
        if self.get(noun, noun.identify(value)) is not None:
            raise Taken
        return self._keep(noun, Versioned(value, 1, 0))

    def replace(self, noun: Noun[T], value: T, version: int) -> Versioned[T]:
        """Keep the revision after `version`."""
        row = self.get(noun, noun.identify(value))
        if row is None or row.version != version:
            raise Outdated
        return self._keep(noun, Versioned(value, version + 1, 0))

    def _keep(self, noun: Noun[T], row: Versioned[T]) -> Versioned[T]:
        for provider in sorted(noun.refers(row.value)):
            if self.get(PROVIDER, provider) is None:
                raise Unreferable(provider)
        self._changed[noun.name, noun.identify(row.value)] = noun, row
        return row


class DraftKeys(VirtualKeyStore):
    """Virtual keys, as `DraftEntities` has entities."""

    def __init__(self, stored: VirtualKeyStore) -> None:  # without the table, so that no way of writing is left
        self._stored = stored
        self._changed: dict[str, Versioned[VirtualKey]] = {}

    @property
    def changed(self) -> Sequence[VirtualKey]:
        """What is to be written."""
        return [row.value for row in self._changed.values()]

    def by_digest(self, digest: str) -> Versioned[VirtualKey] | None:
        """The key with this digest."""
        return self._changed.get(digest) or self._stored.by_digest(digest)

    def get(self, identifier: str) -> Versioned[VirtualKey] | None:
        """The key with this id."""
        found = next((row for row in self._changed.values() if row.value.id == identifier), None)
        return found or self._stored.get(identifier)

    def page(self, after: str | None, limit: int) -> tuple[list[Versioned[VirtualKey]], str | None]:
        """A page of the stored keys as they are to be. New keys are on none: within a document each name is there once."""
        rows, following = self._stored.page(after, limit)
        return [self._changed.get(row.value.digest, row) for row in rows], following

    def create(self, key: VirtualKey) -> Versioned[VirtualKey]:
        """Add a key; Taken when its secret is in use."""
        if self.by_digest(key.digest) is not None:
            raise Taken
        return self._keep(Versioned(key, 1, 0))

    def replace(self, key: VirtualKey, version: int) -> Versioned[VirtualKey]:
        """Keep the revision after `version`."""
        row = self.by_digest(key.digest)
        if row is None or row.version != version:
            raise Outdated
        return self._keep(Versioned(key, version + 1, 0))

    def _keep(self, row: Versioned[VirtualKey]) -> Versioned[VirtualKey]:
        self._changed[row.value.digest] = row
        return row


class DraftAccounts(AccountStore):
    """Teams and end users, as `DraftEntities` has entities."""

    def __init__(self, stored: AccountStore) -> None:  # without the table, so that no way of writing is left
        self._stored = stored
        self._changed: dict[tuple[AccountKind, str], Versioned[Account]] = {}

    @property
    def changed(self) -> Sequence[Account]:
        """What is to be written."""
        return [row.value for row in self._changed.values()]

    def get(self, kind: AccountKind, identifier: str) -> Versioned[Account] | None:
        """The account of a user or a team."""
        return self._changed.get((kind, identifier)) or self._stored.get(kind, identifier)

    def create(self, account: Account) -> Versioned[Account]:
        """Add an account; Taken when there is one."""
        if self.get(account.kind, account.id) is not None:
            raise Taken
        return self._keep(Versioned(account, 1, 0))

    def replace(self, account: Account, version: int) -> Versioned[Account]:
        """Keep the revision after `version`."""
        row = self.get(account.kind, account.id)
        if row is None or row.version != version:
            raise Outdated
        return self._keep(Versioned(account, version + 1, 0))

    def _keep(self, row: Versioned[Account]) -> Versioned[Account]:
        self._changed[row.value.kind, row.value.id] = row
        return row


class Draft:
    """`editors` change the draft; `store` and `store_keys` then write what they changed. ApiError where others were in the way meanwhile."""

    def __init__(self, editors: Editors) -> None:
        self._desk = editors.providers.desk
        self._entities = DraftEntities(self._desk.entities)
        self._stored_keys = editors.keys
        self._keys = DraftKeys(editors.keys.store)
        self._accounts = {"team": editors.teams, "user": editors.end_users}
        self._changed_accounts = DraftAccounts(editors.teams.store)
        desk = Desk(self._entities, lambda _actor: None)
        self.editors = replace(
            editors,
            providers=editors.providers.on(desk),
            upstream_keys=editors.upstream_keys.on(desk),
            models=editors.models.on(desk),
            routes=editors.routes.on(desk),
            keys=editors.keys.on(self._keys),
            teams=editors.teams.on(self._changed_accounts),
            end_users=editors.end_users.on(self._changed_accounts),
        )

    def store(self, actor: str) -> None:
        """Write the entities; one that is as it should be already is not touched."""
        for noun, value in self._entities.changed:
            self._store(noun, value, actor)

    def _store(self, noun: Noun[T], value: T, actor: str) -> None:
        identifier = noun.identify(value)
        if self._desk.entities.get(noun, identifier) is None:
            self._desk.create(noun, value, actor)
        else:
            self._desk.revise(noun, identifier, None, lambda _old: value, actor)

    def store_keys(self) -> None:
        """Write the virtual keys, after the accounts that limit them."""
        for account in self._changed_accounts.changed:
            self._accounts[account.kind].keep(account)
        for key in self._keys.changed:
            self._stored_keys.keep(key)
