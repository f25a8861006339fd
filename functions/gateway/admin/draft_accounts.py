"""Virtual keys, teams and end users on trial: what was read, with changes that are kept in memory (`gateway.admin.draft`)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from gateway.neutral.config import VirtualKey
from gateway.neutral.limits import Account
from gateway.stores.accounts import AccountKind, AccountStore
from gateway.stores.versioned import Outdated, Taken, Versioned
from gateway.stores.virtual_keys import VirtualKeyStore


class DraftKeys(VirtualKeyStore):
    """Virtual keys. One that was made a moment ago may be in no list yet, so that a digest is asked for in the store, too."""

    def __init__(self, rows: Sequence[Versioned[VirtualKey]], stored: VirtualKeyStore) -> None:
        self._stored = stored
        self._before = {row.value.digest: row for row in rows}
        self._rows: dict[str, Versioned[VirtualKey]] = dict(self._before)
        self._digests = {row.value.id: row.value.digest for row in rows}
        self._names: dict[str, list[str]] = {}
        for row in rows:
            self._names.setdefault(row.value.name, []).append(row.value.digest)
        self._changed: dict[str, None] = {}

    @property
    def edits(self) -> Mapping[str, tuple[VirtualKey | None, VirtualKey | None]]:
        """What becomes of keys, by id: before and after, where they differ."""
        pairs = [(self._before.get(digest), self._rows.get(digest)) for digest in self._changed]
        values = [(None if old is None else old.value, None if new is None else new.value) for old, new in pairs]
        return {_id(*pair): pair for pair in values if pair[0] != pair[1]}

    def by_digest(self, digest: str) -> Versioned[VirtualKey] | None:
        """The key with this digest."""
        if digest in self._rows or digest in self._before:
            return self._rows.get(digest)
        found = self._stored.by_digest(digest)
        if found is not None:
            self._before[digest] = self._rows[digest] = found
            self._digests[found.value.id] = digest
        return found

    def get(self, identifier: str) -> Versioned[VirtualKey] | None:
        """The key with this id."""
        return self._rows.get(self._digests.get(identifier, ""))

    def named(self, name: str) -> list[Versioned[VirtualKey]]:
        """The keys that had this name, newest first. New keys are not among them: within a document each name is there once."""
        rows = (self._rows.get(digest) for digest in self._names.get(name, ()))
        return [row for row in rows if row is not None]

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

    def delete(self, key: VirtualKey, version: int) -> None:
        """Leave a key out."""
        row = self._rows.pop(key.digest, None)
        if row is None or row.version != version:
            raise Outdated
        self._changed[key.digest] = None

    def _keep(self, row: Versioned[VirtualKey]) -> Versioned[VirtualKey]:
        self._rows[row.value.digest] = row
        self._digests[row.value.id] = row.value.digest
        self._changed[row.value.digest] = None
        return row


def _id(before: VirtualKey | None, after: VirtualKey | None) -> str:
    one = after or before
    assert one is not None
    return one.id


class DraftAccounts(AccountStore):
    """Teams and end users."""

    def __init__(
        self, rows: Sequence[Versioned[Account]]
    ) -> None:  # without the table, so that no way of writing is left
        self._before = {(row.value.kind, row.value.id): row for row in rows}
        self._rows: dict[tuple[AccountKind, str], Versioned[Account]] = dict(self._before)
        self._changed: dict[tuple[AccountKind, str], None] = {}

    @property
    def edits(self) -> Mapping[tuple[AccountKind, str], tuple[Account | None, Account | None]]:
        """What becomes of accounts: before and after, where they differ."""
        pairs = {address: (self._before.get(address), self._rows.get(address)) for address in self._changed}
        values = {
            address: (None if old is None else old.value, None if new is None else new.value)
            for address, (old, new) in pairs.items()
        }
        return {address: pair for address, pair in values.items() if pair[0] != pair[1]}

    def get(self, kind: AccountKind, identifier: str) -> Versioned[Account] | None:
        """The account of a user or a team."""
        return self._rows.get((kind, identifier))

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

    def delete(self, kind: AccountKind, identifier: str, version: int) -> None:
        """Leave an account out."""
        row = self._rows.pop((kind, identifier), None)
        if row is None or row.version != version:
            raise Outdated
        self._changed[kind, identifier] = None

    def _keep(self, row: Versioned[Account]) -> Versioned[Account]:
        self._rows[row.value.kind, row.value.id] = row
        self._changed[row.value.kind, row.value.id] = None
        return row
