"""Signing in and out.

Theory of operation: every try is counted before the password is looked at (`stores/login_tries.py`); an unknown or deactivated user costs the
same argon2id check as a known one and gets the same answer. The first administrator comes from the deployment's secret and is stored at
the first sign-in with it; for that user the deployment's secret stays the password, so that whoever owns the deployment can always get in
and a rotated secret counts at once. A token ends at its expiry or when it is signed out; the user behind it is read on every request.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from hashlib import sha256

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError

from gateway.admin.errors import NotSignedIn, TooManyTries
from gateway.admin.secrets import DeploymentSecrets
from gateway.admin.tokens import LIFETIME_SECONDS, Tokens
from gateway.clock import Clock
from gateway.stores.login_tries import DeniedTokens, LoginTries
from gateway.stores.users import Account, User, Users
from gateway.stores.versioned import Taken

_REFUSED = "Wrong user name or password."


def argon2id() -> PasswordHasher:
    """argon2id with 19 MiB, two passes, one lane (OWASP password storage cheat sheet)."""
    return PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1, type=Type.ID)


def _same(one: str, other: str) -> bool:
    return hmac.compare_digest(sha256(one.encode()).digest(), sha256(other.encode()).digest())


@dataclass(frozen=True, slots=True)
class SessionStores:
    """Where users, tries and signed-out tokens are kept."""

    users: Users
    tries: LoginTries
    denied: DeniedTokens


class Sessions:
    """Signs users in, recognises their tokens, signs them out."""

    lifetime = LIFETIME_SECONDS

    def __init__(self, stores: SessionStores, tokens: Tokens, deployment: DeploymentSecrets, clock: Clock) -> None:
        self._stores = stores
        self._tokens = tokens
        self._deployment = deployment
        self._clock = clock
        self._hasher = argon2id()
        self._dummy = self._hasher.hash(clock.entropy(16).hex())

    def login(self, username: str, password: str, address: str) -> tuple[str, User]:
        """A token and its user; NotSignedIn on any wrong credential, TooManyTries after too many of them in a window."""
        subjects = (f"user#{username.strip().lower()}", f"address#{address}")
        self._take(subjects)
        account = self._authenticated(username, password)
        if account is None or not account.user.active:
            raise NotSignedIn(_REFUSED)
        self._stores.tries.forget(subjects[0])
        self._stores.tries.give_back(subjects[1])
        return self._tokens.issue(account.user.id), account.user

    def user(self, token: str) -> User:
        """The user of a token as the store has them now; NotSignedIn when the token or the user is not valid (any more)."""
        claims = self._tokens.read(token)
        account = self._stores.users.get(claims.user_id)
        if account is None or not account.user.active or self._stores.denied.denied(claims.token_id):
            raise NotSignedIn("The token is not valid or has expired.")
        return account.user

    def logout(self, token: str) -> None:
        """Refuse this token from now on."""
        claims = self._tokens.read(token)
        self._stores.denied.deny(claims.token_id, claims.expires)

    def _take(self, subjects: tuple[str, ...]) -> None:
        waits = [self._stores.tries.take(subject) for subject in subjects]
        if not any(waits):
            return
        for subject, wait in zip(subjects, waits, strict=True):
            if not wait:  # this one was not at its limit: a refused try does not count against it
                self._stores.tries.give_back(subject)
        raise TooManyTries(max(waits))

    def _authenticated(self, username: str, password: str) -> Account | None:
        account = self._stores.users.by_name(username)
        hashed = self._verifies(self._dummy if account is None else account.password_hash, password)
        first = username.strip().lower() == self._deployment.username.lower()
        secret = first and _same(password, self._deployment.password)
        if account is None:
            return self._first_administrator() if secret else None
        if not account.user.from_deployment:
            return account if hashed else None
        if secret and not hashed:  # the deployment's secret was rotated
            self._stores.users.set_password_hash(account.user.id, self._hasher.hash(password))
        return account if secret else None

    def _verifies(self, password_hash: str, password: str) -> bool:
        try:
            return self._hasher.verify(password_hash, password)
        except (VerificationError, InvalidHashError):
            return False

    def _first_administrator(self) -> Account | None:
        name = self._deployment.username
        now = self._clock.now_ms()
        user = User(self._clock.new_id("usr"), name, "admin", created_at=now, from_deployment=True)
        account = Account(user, self._hasher.hash(self._deployment.password))
        try:
            self._stores.users.create(account.user, account.password_hash)
        except Taken:  # another environment was first
            return self._stores.users.by_name(name)
        return account
