"""Administrators and other users of the dashboard.

Theory of operation: a user is one item, the claim to its name another; both are written together, so that of two registrations of one name one
wins. `generation` counts how often all sessions of the user were ended at once: a session knows the generation it began in, so a new password
and the end of every session are one write. Whoever stops being an administrator does so in a transaction which also proves that another one
(the `witness`) is still what they were, so that two administrators cannot remove each other at the same moment. Every change of a user ends their
playground keys.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from pynamodb.exceptions import PutError, TransactWriteError
from pynamodb.expressions.update import Action
from pynamodb.transactions import TransactWrite

from gateway.stores.playground_keys import PlaygroundKeys
from gateway.stores.tables import Tables, UserItem
from gateway.stores.versioned import Outdated, Taken

Role = Literal["admin", "operator", "user"]
_LOST = "ConditionalCheckFailedException"
_TRIES = 8
_REFUSED = "ConditionalCheckFailed"
_CONTENDED = frozenset({_REFUSED, "TransactionConflict"})


class Spent(Exception):
    """The invitation was used, revoked, or has expired."""


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
    """A user and the argon2id hash of the password ("" = none: `issuer`, an identity provider, vouches for the user). `updated_at` and `last_login`
    are Unix ms. `email` is a note: nobody signs in by it, and several users may have the same."""

    user: User
    password_hash: str = field(repr=False)
    version: int = 1
    generation: int = 0
    issuer: str | None = None
    updated_at: int = 0
    email: str | None = None
    last_login: int | None = None


@dataclass(frozen=True, slots=True)
class Revision:
    """What becomes of an account. `password_hash` None = as it is; `end_sessions` ends all of them; `witness`: see above."""

    user: User
    at_ms: int
    password_hash: str | None = None
    end_sessions: bool = False
    witness: Account | None = None


class Users:
    """Reads by id or name are strongly consistent, `page` lags by milliseconds. Names are unique without regard to case.

    Errors: `Taken`, `Outdated`, `Spent`, and PynamoDB's when the store fails.
    """

    def __init__(self, tables: Tables) -> None:
        self._item = tables.user
        self._name = tables.username
        self._invitation = tables.invitation
        self._playground = PlaygroundKeys(tables)

    def get(self, identifier: str) -> Account | None:
        """The user with this id."""
        try:
            return _account(self._item.get(f"user#{identifier}", "user", consistent_read=True))
        except self._item.DoesNotExist:
            return None

    def by_name(self, username: str) -> Account | None:
        """The user with this name. Names of external users are claimed by nobody, so they are not found."""
        try:
            claim = self._name.get(_claim(username), "username", consistent_read=True)
        except self._name.DoesNotExist:
            return None
        return self.get(claim.user_id)

    def page(self, after: str | None, limit: int) -> tuple[list[Account], str | None]:
        """At most `limit` users, newest first, beyond `after`, and where to go on from (None = the end)."""
        beyond = None if after is None else self._item.id < after
        size = limit + 1
        found = self._item.by_kind.query("user", beyond, scan_index_forward=False, limit=size, page_size=size)
        rows = [_account(item) for item in found]
        return rows[:limit], rows[limit - 1].user.id if len(rows) > limit else None

    def create(
        self, user: User, password_hash: str, invitation: tuple[str, int] | None = None, email: str | None = None
    ) -> None:
        """Add a user, claim the name and use up the invitation (its digest, the Unix ms now): all or nothing.

        Taken when the name or the id is in use, Spent when the invitation is none any more.
        """
        claim = self._name(_claim(user.username), "username", user_id=user.id)
        item = self._fresh(user, password_hash)
        item.email = email
        try:
            with self._transaction() as transaction:
                transaction.save(claim, condition=self._name.pk.does_not_exist())
                transaction.save(item, condition=self._item.pk.does_not_exist())
                if invitation is not None:
                    self._use(transaction, invitation, user)
        except TransactWriteError as error:
            codes = _codes(error)
            if _CONTENDED & set(codes[2:]) and not _CONTENDED & set(codes[:2]):
                raise Spent from None
            if _CONTENDED & set(codes):
                raise Taken from None
            raise

    def create_external(self, user: User, issuer: str) -> None:
        """Add a user that an identity provider vouches for; no name is claimed. Taken when the id is in use."""
        item = self._fresh(user, "")
        item.issuer = issuer
        try:
            item.save(condition=self._item.pk.does_not_exist())
        except PutError as error:
            if error.cause_response_code == _LOST:
                raise Taken from None
            raise

    def revise(self, account: Account, revision: Revision) -> None:
        """Write the revision after `account`; Outdated when it is not the present one (or the witness is not), Taken when the new name is in use."""
        names = [] if account.issuer is not None else self._names(account.user, revision.user)
        try:
            with self._transaction() as transaction:
                for saved, model in names:
                    if saved:
                        transaction.save(model, condition=self._name.pk.does_not_exist())
                    else:
                        transaction.delete(model)
                self._update(transaction, account, revision)
                self._attest(transaction, revision.witness)
                checks, deletions = self._playground.take_away(transaction, account.user.id)
        except TransactWriteError as error:
            codes = _codes(error)
            claim = (revision.witness is not None) + checks + deletions + 1  # behind the checks and the deletions
            if names and codes[claim : claim + 1] == [_REFUSED]:
                raise Taken from None
            if _CONTENDED & set(codes):
                raise Outdated from None
            raise

    def delete(self, account: Account, witness: Account | None = None) -> None:
        """Remove a user and free the name; Outdated as in `revise`."""
        try:
            with self._transaction() as transaction:
                item = self._item(f"user#{account.user.id}", "user")
                transaction.delete(item, condition=self._item.version == account.version)
                if account.issuer is None:
                    transaction.delete(self._name(_claim(account.user.username), "username"))
                self._attest(transaction, witness)
                self._playground.take_away(transaction, account.user.id)
        except TransactWriteError as error:
            if _CONTENDED & set(_codes(error)):
                raise Outdated from None
            raise

    def set_password_hash(self, identifier: str, password_hash: str) -> None:
        """Replace the hash of an existing user and end their sessions."""
        item = self._item
        item(f"user#{identifier}", "user").update(
            actions=[item.password_hash.set(password_hash), item.version.add(1), item.generation.add(1)],
            condition=item.pk.exists(),
        )
        self._end_playground(identifier)

    def signed_in(self, identifier: str, at_ms: int) -> None:
        """Note when an existing user signed in: no change of the user, so that nothing else ends or has to be read again."""
        item = self._item
        item(f"user#{identifier}", "user").update(actions=[item.last_login.set(at_ms)], condition=item.pk.exists())

    def end_sessions(self, identifier: str) -> None:
        """End every session of an existing user."""
        self._item(f"user#{identifier}", "user").update(
            actions=[self._item.version.add(1), self._item.generation.add(1)], condition=self._item.pk.exists()
        )
        self._end_playground(identifier)

    def _end_playground(self, identifier: str) -> None:
        """After the user's version moved on: a key that is made at the same moment is seen here, or refused."""
        for attempt in range(_TRIES):
            try:
                self._playground.end(identifier)
                return
            except Outdated:
                if attempt == _TRIES - 1:
                    raise

    def _transaction(self) -> TransactWrite:
        return TransactWrite(connection=self._item._get_connection().connection)

    def _fresh(self, user: User, password_hash: str) -> UserItem:
        item = self._item(f"user#{user.id}", "user", kind="user", id=user.id, version=1, updated_at=user.created_at)
        item.data = _data(user)
        item.password_hash = password_hash
        return item

    def _use(self, transaction: TransactWrite, invitation: tuple[str, int], user: User) -> None:
        digest, now_ms = invitation
        item = self._invitation
        transaction.update(
            item(f"invitation#{digest}", "invitation"),
            actions=[item.used_by.set(user.id), item.used_at.set(now_ms)],
            condition=item.used_by.does_not_exist() & (item.expires_at > now_ms) & (item.role == user.role),
        )

    def _names(self, before: User, after: User) -> list[tuple[bool, Any]]:
        """(is it claimed, the claim) of a new name and the old one; nothing when they are one."""
        if _claim(before.username) == _claim(after.username):
            return []
        claimed = self._name(_claim(after.username), "username", user_id=after.id)
        return [(True, claimed), (False, self._name(_claim(before.username), "username"))]

    def _update(self, transaction: TransactWrite, account: Account, revision: Revision) -> None:
        item = self._item
        actions: list[Action] = [
            item.data.set(_data(revision.user)),
            item.version.set(account.version + 1),
            item.updated_at.set(revision.at_ms),
        ]
        if revision.password_hash is not None:
            actions.append(item.password_hash.set(revision.password_hash))
        if revision.end_sessions:
            actions.append(item.generation.set(account.generation + 1))
        transaction.update(item(f"user#{account.user.id}", "user"), actions, condition=item.version == account.version)

    def _attest(self, transaction: TransactWrite, witness: Account | None) -> None:
        if witness is not None:
            transaction.condition_check(
                self._item, f"user#{witness.user.id}", "user", condition=self._item.version == witness.version
            )


def _codes(error: TransactWriteError) -> list[str]:
    """The reason of each operation; "" where it had none. PynamoDB sends all checks first, then deletions, saves and updates."""
    return [(reason.code or "") if reason else "" for reason in error.cancellation_reasons]


def _claim(username: str) -> str:
    return f"username#{username.strip().lower()}"


def _data(user: User) -> str:
    return json.dumps(asdict(user), sort_keys=True, ensure_ascii=False)


def _account(item: UserItem) -> Account:
    return Account(
        User(**json.loads(item.data)),
        item.password_hash,
        int(item.version),
        int(item.generation or 0),
        item.issuer,
        int(item.updated_at or 0),
        item.email,
        None if item.last_login is None else int(item.last_login),
    )
