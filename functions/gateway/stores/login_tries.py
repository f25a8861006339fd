"""Failed sign-ins per user and per address, other tries per address, and signed-out tokens: short-lived items of the state table.

Theory of operation: a try is counted *before* the password is looked at, by one conditional write, so that parallel tries cannot slip past the
cap; a successful sign-in gives its try back. A window begins with the first try and ends at `ttl`; TTL deletion may lag, so the time is compared.
"""

from __future__ import annotations

from dataclasses import dataclass

from pynamodb.exceptions import PutError, UpdateError

from gateway.clock import Clock
from gateway.stores.tables import Tables

_LOST = "ConditionalCheckFailedException"
_ROUNDS = 4


@dataclass(frozen=True, slots=True)
class TryLimit:
    """`tries` failures of a user and `address_tries` of an address per `seconds`; the one after them is refused.

    An address may be many people, everybody behind an office's router. Five tries there would let one person lock the others out; thirty still
    stop a walk through user names. Whose address it is: `admin/viewer.py`.
    """

    tries: int = 5
    address_tries: int = 30
    seconds: int = 300

    def of(self, subject: str) -> int:
        """The cap of a subject (`user#…`; `address#…`, `register#…`, `refresh#…`, which are addresses)."""
        return self.tries if subject.startswith("user#") else self.address_tries


class LoginTries:
    """Errors: PynamoDB's when the store fails, which refuses the sign-in."""

    def __init__(self, tables: Tables, clock: Clock, limit: TryLimit) -> None:
        self._item = tables.login
        self._clock = clock
        self._limit = limit

    def take(self, subject: str) -> int:
        """Count a try of a subject (see `TryLimit.of`). 0 = go on; otherwise the seconds until the window ends."""
        for _ in range(_ROUNDS):
            now = int(self._clock.wall())
            if self._count(subject, now) or self._begin(subject, now):
                return 0
            left = self._left(subject, now)
            if left > 0:
                return left
        return self._limit.seconds

    def give_back(self, subject: str) -> None:
        """Undo one `take`; nothing when its window is over."""
        try:
            self._item(f"login#{subject}", "window").update(
                actions=[self._item.failures.add(-1)],
                condition=(self._item.failures > 0) & (self._item.ttl > int(self._clock.wall())),
            )
        except UpdateError as error:
            if error.cause_response_code != _LOST:
                raise

    def forget(self, subject: str) -> None:
        """Begin afresh: after a successful sign-in of a user."""
        self._item(f"login#{subject}", "window").delete()

    def _count(self, subject: str, now: int) -> bool:
        try:
            self._item(f"login#{subject}", "window").update(
                actions=[self._item.failures.add(1)],
                condition=(self._item.ttl > now) & (self._item.failures < self._limit.of(subject)),
            )
        except UpdateError as error:
            if error.cause_response_code != _LOST:
                raise
            return False
        return True

    def _begin(self, subject: str, now: int) -> bool:
        item = self._item(f"login#{subject}", "window", failures=1, ttl=now + self._limit.seconds)
        try:
            item.save(condition=self._item.pk.does_not_exist() | (self._item.ttl <= now))
        except PutError as error:
            if error.cause_response_code != _LOST:
                raise
            return False
        return True

    def _left(self, subject: str, now: int) -> int:
        try:
            item = self._item.get(f"login#{subject}", "window", consistent_read=True)
        except self._item.DoesNotExist:
            return 0
        return int(item.ttl) - now if int(item.failures) >= self._limit.of(subject) else 0


class DeniedTokens:
    """Identity providers' tokens that were signed out, until they would have expired anyway."""

    def __init__(self, tables: Tables) -> None:
        self._item = tables.denied

    def deny(self, token_id: str, expires: int) -> None:
        """Refuse a token from now on; `expires` is its own end, Unix seconds."""
        self._item(f"denied#{token_id}", "token", ttl=expires).save()

    def denied(self, token_id: str) -> bool:
        """True when the token was signed out; strongly consistent."""
        try:
            self._item.get(f"denied#{token_id}", "token", consistent_read=True)
        except self._item.DoesNotExist:
            return False
        return True
