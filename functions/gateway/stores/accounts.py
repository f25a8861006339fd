"""Users and teams as far as they have limits. The proxy reads the same items (`hot_keys.py`)."""

from __future__ import annotations

import json
from typing import Literal

from pynamodb.exceptions import DeleteError, PutError

from gateway.clock import Clock
from gateway.neutral.config import to_json
from gateway.neutral.limits import Account, account_from_json
from gateway.stores.tables import AccountItem, Tables
from gateway.stores.versioned import Outdated, Taken, Versioned

_LOST = "ConditionalCheckFailedException"
_SORT = "account"

AccountKind = Literal["user", "team"]


class AccountStore:
    """Errors: `Taken`, `Outdated`, and PynamoDB's when the store fails. `page` goes through an index that lags by milliseconds."""

    def __init__(self, tables: Tables, clock: Clock) -> None:
        self._item = tables.account
        self._clock = clock

    def get(self, kind: AccountKind, identifier: str) -> Versioned[Account] | None:
        """The account of a user or a team, strongly consistent; None = nothing is said of it, so it has no limits."""
        if not identifier:
            return None
        try:
            return _versioned(self._item.get(_partition(kind, identifier), _SORT, consistent_read=True))
        except self._item.DoesNotExist:
            return None

    def page(self, kind: AccountKind, after: str | None, limit: int) -> tuple[list[Versioned[Account]], str | None]:
        """At most `limit` accounts of a kind, by id, beyond `after`, and where to go on from (None = the end)."""
        beyond = None if after is None else self._item.id > after
        size = limit + 1
        found = self._item.by_kind.query(f"account-{kind}", beyond, limit=size, page_size=size)
        rows = [_versioned(item) for item in found]
        return rows[:limit], rows[limit - 1].value.id if len(rows) > limit else None

    def create(self, account: Account) -> Versioned[Account]:
        """Add an account; Taken when there is one for this user or team."""
        return self._put(Versioned(account, 1, self._clock.now_ms()), None)

    def replace(self, account: Account, version: int) -> Versioned[Account]:
        """Write the revision after `version`."""
        return self._put(Versioned(account, version + 1, self._clock.now_ms()), version)

    def delete(self, kind: AccountKind, identifier: str, version: int) -> None:
        """Remove an account that is still at `version`: its user or team has no limits from then on."""
        try:
            self._item(_partition(kind, identifier), _SORT).delete(condition=self._item.version == version)
        except DeleteError as error:
            if error.cause_response_code == _LOST:
                raise Outdated from None
            raise

    def _put(self, row: Versioned[Account], seen: int | None) -> Versioned[Account]:
        account = row.value
        item = self._item(_partition(account.kind, account.id), _SORT, kind=f"account-{account.kind}", id=account.id)
        item.data = json.dumps(to_json(account), sort_keys=True, ensure_ascii=False)
        item.version = row.version
        item.updated_at = row.updated_at
        condition = self._item.pk.does_not_exist() if seen is None else self._item.version == seen
        try:
            item.save(condition=condition)
        except PutError as error:
            if error.cause_response_code == _LOST:
                raise (Taken if seen is None else Outdated) from None
            raise
        return row


def _partition(kind: AccountKind, identifier: str) -> str:
    return f"account#{kind}#{identifier}"


def _versioned(item: AccountItem) -> Versioned[Account]:
    return Versioned(account_from_json(json.loads(item.data)), int(item.version), int(item.updated_at))
