"""Playground keys: virtual keys of the dashboard's users, for an hour.

Theory of operation: for the gateway they are virtual keys like any other, and its reader does not tell them apart. Here they are of another kind,
so that no list of virtual keys reads them, and have an end in the table (`ttl`). One item per user names those that there are. It is written with
every new key, in one transaction which also proves that the user is still what they were; and whatever changes a user takes the keys away in its own
transaction, which proves that the item is still what it was (`stores/users.py`). So of a new key and a demotion at the same moment either comes
first, and no key is left over.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Final

from pynamodb.exceptions import TransactWriteError
from pynamodb.expressions.condition import Condition
from pynamodb.transactions import TransactWrite

from gateway.neutral.config import VirtualKey
from gateway.stores.tables import Tables
from gateway.stores.versioned import Outdated, Versioned
from gateway.stores.virtual_keys import KEPT_SECONDS, key_item

_SORT: Final = "keys"


@dataclass(frozen=True, slots=True)
class Held:
    """One key of a user. `ends` is Unix seconds."""

    digest: str
    id: str
    ends: int


class PlaygroundKeys:
    """Reads are strongly consistent. Errors: `Outdated`, and PynamoDB's when the store fails."""

    def __init__(self, tables: Tables) -> None:
        self._list = tables.playground
        self._key = tables.key
        self._user = tables.user

    def held(self, user_id: str) -> Versioned[tuple[Held, ...]]:
        """What a user has; version 0 = nothing."""
        try:
            item = self._list.get(f"playground#{user_id}", _SORT, consistent_read=True)
        except self._list.DoesNotExist:
            return Versioned((), 0, 0)
        return Versioned(tuple(Held(**one) for one in json.loads(item.data)), int(item.version), 0)

    def create(
        self, key: VirtualKey, user: tuple[str, int], before: Versioned[tuple[Held, ...]], dropped: Sequence[Held]
    ) -> None:
        """Add a key to what the user (id, version) has and take `dropped` away; Outdated when one of both is not what was read."""
        user_id, version = user
        ends = key.valid_until or 0
        held = [one for one in before.value if one not in dropped] + [Held(key.digest, key.id, ends)]
        item = self._list(f"playground#{user_id}", _SORT, version=before.version + 1, ttl=ends + KEPT_SECONDS)
        item.data = json.dumps([asdict(one) for one in held])
        row = key_item(self._key, Versioned(key, 1, ends * 1000))
        try:
            with self._transaction() as transaction:
                condition = self._user.version == version
                transaction.condition_check(self._user, f"user#{user_id}", "user", condition=condition)
                for one in dropped:
                    transaction.delete(self._key(f"key#{one.digest}", "key"))
                transaction.save(item, condition=self._same(before))
                transaction.save(row, condition=self._key.pk.does_not_exist())
        except TransactWriteError as error:
            _contended(error)

    def take_away(self, transaction: TransactWrite, user_id: str) -> tuple[int, int]:
        """Let a transaction end every key of a user, or fail when one was made since; how many checks and deletions that adds."""
        before = self.held(user_id)
        item = self._list(f"playground#{user_id}", _SORT)
        if not before.version:
            transaction.condition_check(self._list, f"playground#{user_id}", _SORT, condition=self._same(before))
            return 1, 0
        for one in before.value:
            transaction.delete(self._key(f"key#{one.digest}", "key"))
        transaction.delete(item, condition=self._same(before))
        return 0, len(before.value) + 1

    def end(self, user_id: str) -> None:
        """End every key of a user, by themselves; Outdated when one was made meanwhile."""
        if not self.held(user_id).version:
            return
        try:
            with self._transaction() as transaction:
                self.take_away(transaction, user_id)
        except TransactWriteError as error:
            _contended(error)

    def _same(self, before: Versioned[tuple[Held, ...]]) -> Condition:
        return self._list.version == before.version if before.version else self._list.pk.does_not_exist()

    def _transaction(self) -> TransactWrite:
        return TransactWrite(connection=self._list._get_connection().connection)


def _contended(error: TransactWriteError) -> None:
    codes = {reason.code for reason in error.cancellation_reasons if reason}
    if codes & {"ConditionalCheckFailed", "TransactionConflict"}:
        raise Outdated from None
    raise error
