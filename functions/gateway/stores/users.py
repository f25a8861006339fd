"""Administrators and other users of the dashboard."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Literal

from pynamodb.exceptions import TransactWriteError
from pynamodb.transactions import TransactWrite

from gateway.stores.tables import Tables, UserItem
from gateway.stores.versioned import Taken

Role = Literal["admin", "operator", "user"]


@dataclass(frozen=True, slots=True)
class User:
    """`from_deployment` marks the first administrator, whose password is the deployment's secret. `created_at` is Unix ms."""

    id: str
    username: str
    role: Role
    active: bool = True
    created_at: int = 0
    from_deployment: bool = False


@dataclass(frozen=True, slots=True)
class Account:
    """A user and the argon2id hash of the password."""

    user: User
    password_hash: str


class Users:
    """Reads are strongly consistent. Names are unique without regard to case. Errors: `Taken`, and PynamoDB's when the store fails."""

    def __init__(self, tables: Tables) -> None:
        self._item = tables.user
        self._name = tables.username

    def get(self, identifier: str) -> Account | None:
        """The user with this id."""
        try:
            return _account(self._item.get(f"user#{identifier}", "user", consistent_read=True))
        except self._item.DoesNotExist:
            return None

    def by_name(self, username: str) -> Account | None:
        """The user with this name."""
        try:
            claim = self._name.get(_claim(username), "username", consistent_read=True)
        except self._name.DoesNotExist:
            return None
        return self.get(claim.user_id)

    def create(self, user: User, password_hash: str) -> None:
        """Add a user and claim the name, both or neither; Taken when the name or the id is in use."""
        item = self._item(f"user#{user.id}", "user", kind="user", id=user.id, version=1)
        item.data = json.dumps(asdict(user), sort_keys=True, ensure_ascii=False)
        item.password_hash = password_hash
        claim = self._name(_claim(user.username), "username", user_id=user.id)
        try:
            with TransactWrite(connection=self._item._get_connection().connection) as transaction:
                transaction.save(claim, condition=self._name.pk.does_not_exist())
                transaction.save(item, condition=self._item.pk.does_not_exist())
        except TransactWriteError as error:
            codes = {reason.code for reason in error.cancellation_reasons if reason}
            if codes & {"ConditionalCheckFailed", "TransactionConflict"}:
                raise Taken from None
            raise

    def set_password_hash(self, identifier: str, password_hash: str) -> None:
        """Replace the hash of an existing user."""
        self._item(f"user#{identifier}", "user").update(
            actions=[self._item.password_hash.set(password_hash), self._item.version.add(1)],
            condition=self._item.pk.exists(),
        )


def _claim(username: str) -> str:
    return f"username#{username.strip().lower()}"


def _account(item: UserItem) -> Account:
    return Account(User(**json.loads(item.data)), item.password_hash)
