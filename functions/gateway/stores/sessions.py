"""Sessions and their refresh tokens: short-lived items of the state table.

Theory of operation: a session is the family of all refresh tokens that came of one sign-in, one item. Every refresh token has an item of its own,
under its SHA-256, which stays after its use: a used one that comes again was copied by somebody, and then the family's item is removed, with
which every token of the family is worthless. Replacing a token is one transaction, so of two uses at once one wins.
TTL deletion may lag, so callers compare the times.
"""

from __future__ import annotations

from dataclasses import dataclass

from pynamodb.exceptions import TransactWriteError
from pynamodb.transactions import TransactWrite

from gateway.stores.tables import Tables

_CONTENDED = frozenset({"ConditionalCheckFailed", "TransactionConflict"})


@dataclass(frozen=True, slots=True)
class Session:
    """`generation` is the user's at the sign-in; `ends` is Unix seconds, whatever is refreshed."""

    id: str
    user_id: str
    generation: int
    ends: int


@dataclass(frozen=True, slots=True)
class RefreshToken:
    """`digest` is the SHA-256 of the token in hex, `expires` Unix seconds."""

    digest: str
    session_id: str
    expires: int
    used: bool = False


class SessionStore:
    """Reads are strongly consistent. Errors: PynamoDB's when the store fails."""

    def __init__(self, tables: Tables) -> None:
        self._session = tables.session
        self._token = tables.refresh

    def begin(self, session: Session, token: RefreshToken) -> None:
        """Keep a session and its first refresh token."""
        item = self._session(f"session#{session.id}", "session", user_id=session.user_id, ttl=session.ends)
        item.generation = session.generation
        with self._transaction() as transaction:
            transaction.save(item, condition=self._session.pk.does_not_exist())
            self._add(transaction, token)

    def get(self, identifier: str) -> Session | None:
        """A session, None when it was ended or never was."""
        try:
            item = self._session.get(f"session#{identifier}", "session", consistent_read=True)
        except self._session.DoesNotExist:
            return None
        return Session(identifier, item.user_id, int(item.generation), int(item.ttl))

    def end(self, identifier: str) -> None:
        """End a session: none of its tokens is worth anything from now on."""
        self._session(f"session#{identifier}", "session").delete()

    def token(self, digest: str) -> RefreshToken | None:
        """The refresh token with this digest."""
        try:
            item = self._token.get(f"refresh#{digest}", "token", consistent_read=True)
        except self._token.DoesNotExist:
            return None
        return RefreshToken(digest, item.session_id, int(item.ttl), bool(item.used))

    def rotate(self, old: RefreshToken, new: RefreshToken) -> bool:
        """Use up one token for another; False when somebody else used it, or the session was ended, in the meantime (or just now)."""
        item = self._token(f"refresh#{old.digest}", "token")
        try:
            with self._transaction() as transaction:
                transaction.update(
                    item, actions=[self._token.used.set(True)], condition=self._token.used.does_not_exist()
                )
                self._add(transaction, new)
                address = f"session#{old.session_id}"
                transaction.condition_check(self._session, address, "session", condition=self._session.pk.exists())
        except TransactWriteError as error:
            if _CONTENDED & {reason.code for reason in error.cancellation_reasons if reason}:
                return False
            raise
        return True

    def _add(self, transaction: TransactWrite, token: RefreshToken) -> None:
        item = self._token(f"refresh#{token.digest}", "token", session_id=token.session_id, ttl=token.expires)
        transaction.save(item, condition=self._token.pk.does_not_exist())

    def _transaction(self) -> TransactWrite:
        return TransactWrite(connection=self._token._get_connection().connection)
