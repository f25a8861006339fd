"""Stores that leave a trail: the entry is begun before each write, and told after it what the write changed."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import Any, Final, TypeVar

from gateway.admin.desk import Desk
from gateway.admin.editors import Editors
from gateway.admin.trail import Trail
from gateway.neutral.config import VirtualKey
from gateway.neutral.limits import Account
from gateway.stores.accounts import AccountKind, AccountStore
from gateway.stores.entities import PROVIDER, UPSTREAM_KEY, Entities, Noun
from gateway.stores.versioned import Versioned
from gateway.stores.virtual_keys import KeyKind, VirtualKeyStore

T = TypeVar("T")

_ACCOUNTS: Final[dict[AccountKind, str]] = {"team": "team", "user": "end_user"}
_KEY: Final = "virtual_key"


class RecordedEntities(Entities):
    """Entities with a trail. What was there before a write is what was read last: the write's condition proves that it was still so."""

    def __init__(
        self, stored: Entities, trail: Trail
    ) -> None:  # without the table, so that no way past the trail is left
        self._stored = stored
        self._trail = trail
        self._read: dict[tuple[str, str], Versioned[Any]] = {}

    def get(self, noun: Noun[T], identifier: str) -> Versioned[T] | None:
        """See `Entities.get`."""
        row = self._stored.get(noun, identifier)
        if row is not None:
            self._read[noun.name, identifier] = row
        return row

    def page(self, noun: Noun[T], after: str | None, limit: int) -> tuple[list[Versioned[T]], str | None]:
        """See `Entities.page`."""
        return self._stored.page(noun, after, limit)

    def all(self, noun: Noun[T]) -> list[Versioned[T]]:
        """See `Entities.all`."""
        rows = self._stored.all(noun)
        self._read |= {(noun.name, noun.identify(row.value)): row for row in rows}
        return rows

    def uses(self, identifier: str, noun: Noun[Any] = PROVIDER) -> int:
        """See `Entities.uses`."""
        return self._stored.uses(identifier, noun)

    def create(self, noun: Noun[T], value: T) -> Versioned[T]:
        """See `Entities.create`."""
        identifier = noun.identify(value)
        self._trail.about("create", noun.name, identifier)
        row = self._stored.create(noun, value)
        self._trail.changed(noun.name, identifier, None, value)
        return row

    def replace(self, noun: Noun[T], value: T, version: int) -> Versioned[T]:
        """See `Entities.replace`."""
        identifier = noun.identify(value)
        before = self._before(noun, identifier)
        self._trail.about("update", noun.name, identifier)
        row = self._stored.replace(noun, value, version)
        self._trail.changed(noun.name, identifier, before, value)
        return row

    def delete(self, noun: Noun[Any], identifier: str, version: int) -> None:
        """See `Entities.delete`."""
        before = self._before(noun, identifier)
        self._trail.about("delete", noun.name, identifier)
        self._stored.delete(noun, identifier, version)
        self._trail.changed(noun.name, identifier, before, None)

    def delete_unused(self, noun: Noun[T], row: Versioned[T], uses: int, keys: Collection[str] = ()) -> None:
        """See `Entities.delete_unused`."""
        identifier = noun.identify(row.value)
        self._trail.about("delete", noun.name, identifier)
        self._stored.delete_unused(noun, row, uses, keys)
        self._trail.changed(noun.name, identifier, row.value, None)
        for key in keys:
            self._trail.changed(UPSTREAM_KEY.name, key, self._before(UPSTREAM_KEY, key), None)

    def _before(self, noun: Noun[Any], identifier: str) -> Any:
        row = self._read.get((noun.name, identifier)) or self.get(noun, identifier)
        return None if row is None else row.value


class RecordedKeys(VirtualKeyStore):
    """Virtual keys with a trail."""

    def __init__(self, stored: VirtualKeyStore, trail: Trail) -> None:  # without the table: as above
        self._stored = stored
        self._trail = trail

    def by_digest(self, digest: str) -> Versioned[VirtualKey] | None:
        """See `VirtualKeyStore.by_digest`."""
        return self._stored.by_digest(digest)

    def get(self, identifier: str) -> Versioned[VirtualKey] | None:
        """See `VirtualKeyStore.get`."""
        return self._stored.get(identifier)

    def page(
        self, after: str | None, limit: int, kind: KeyKind = "key"
    ) -> tuple[list[Versioned[VirtualKey]], str | None]:
        """See `VirtualKeyStore.page`."""
        return self._stored.page(after, limit, kind)

    def create(self, key: VirtualKey) -> Versioned[VirtualKey]:
        """See `VirtualKeyStore.create`."""
        self._trail.about("create", _KEY, key.id)
        row = self._stored.create(key)
        self._trail.changed(_KEY, key.id, None, key)
        return row

    def replace(self, key: VirtualKey, version: int) -> Versioned[VirtualKey]:
        """See `VirtualKeyStore.replace`."""
        self._trail.about("update", _KEY, key.id)
        before = self._stored.by_digest(key.digest)
        row = self._stored.replace(key, version)  # proves that `before` is not older than `version`
        self._trail.changed(_KEY, key.id, None if before is None else before.value, key)
        return row

    def delete(self, key: VirtualKey, version: int) -> None:
        """See `VirtualKeyStore.delete`."""
        self._trail.about("delete", _KEY, key.id)
        self._stored.delete(key, version)
        self._trail.changed(_KEY, key.id, key, None)


class RecordedAccounts(AccountStore):
    """Teams and end users with a trail."""

    def __init__(self, stored: AccountStore, trail: Trail) -> None:  # without the table: as above
        self._stored = stored
        self._trail = trail

    def get(self, kind: AccountKind, identifier: str) -> Versioned[Account] | None:
        """See `AccountStore.get`."""
        return self._stored.get(kind, identifier)

    def page(self, kind: AccountKind, after: str | None, limit: int) -> tuple[list[Versioned[Account]], str | None]:
        """See `AccountStore.page`."""
        return self._stored.page(kind, after, limit)

    def create(self, account: Account) -> Versioned[Account]:
        """See `AccountStore.create`."""
        noun = _ACCOUNTS[account.kind]
        self._trail.about("create", noun, account.id)
        row = self._stored.create(account)
        self._trail.changed(noun, account.id, None, account)
        return row

    def replace(self, account: Account, version: int) -> Versioned[Account]:
        """See `AccountStore.replace`."""
        noun = _ACCOUNTS[account.kind]
        self._trail.about("update", noun, account.id)
        before = self._stored.get(account.kind, account.id)
        row = self._stored.replace(account, version)  # proves that `before` is not older than `version`
        self._trail.changed(noun, account.id, None if before is None else before.value, account)
        return row

    def delete(self, kind: AccountKind, identifier: str, version: int) -> None:
        """See `AccountStore.delete`."""
        noun = _ACCOUNTS[kind]
        self._trail.about("delete", noun, identifier)
        before = self._stored.get(kind, identifier)
        self._stored.delete(kind, identifier, version)
        self._trail.changed(noun, identifier, None if before is None else before.value, None)


def recorded(editors: Editors, trail: Trail, *, publishing: bool = True) -> Editors:
    """The same editors, leaving a trail. `publishing` False: a change is not published by itself."""
    stored = editors.providers.desk
    publisher = editors.publisher.on(trail)
    desk = Desk(RecordedEntities(stored.entities, trail), publisher.publish if publishing else lambda _actor: None)
    accounts = RecordedAccounts(editors.teams.store, trail)
    return replace(
        editors,
        providers=editors.providers.on(desk),
        upstream_keys=editors.upstream_keys.on(desk),
        models=editors.models.on(desk),
        guardrails=editors.guardrails.on(desk),
        agents=editors.agents.on(desk),
        routes=editors.routes.on(desk),
        cache=editors.cache.on(desk),
        keys=editors.keys.on(RecordedKeys(editors.keys.store, trail)),
        teams=editors.teams.on(accounts),
        end_users=editors.end_users.on(accounts),
        publisher=publisher,
        rollbacks=editors.rollbacks.on(trail),
    )
