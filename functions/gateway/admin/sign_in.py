"""Signing in with a name and a password, and changing the password.

Theory of operation: every try is counted before the password is looked at; an unknown or deactivated user costs the same argon2id check as a known
one and gets the same answer. The first administrator comes from the deployment's secret and is stored at the first sign-in with it; for that
user the deployment's secret stays the password, so that whoever owns the deployment can always get in and a rotated secret counts at once.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass, replace
from hashlib import sha256

from gateway.admin.errors import Conflict, Invalid, NotSignedIn
from gateway.admin.passwords import Passwords, fit
from gateway.admin.secrets import DeploymentSecrets
from gateway.admin.throttle import Throttle
from gateway.clock import Clock
from gateway.stores.users import Account, Revision, User, Users
from gateway.stores.versioned import Outdated, Taken

_REFUSED = "Wrong user name or password."


def _same(one: str, other: str) -> bool:
    return hmac.compare_digest(sha256(one.encode()).digest(), sha256(other.encode()).digest())


def user_subject(username: str) -> str:
    """The subject under which tries of a user are counted."""
    return f"user#{username.strip().lower()}"


@dataclass(frozen=True, slots=True)
class SignIn:
    """Recognises users by their passwords."""

    users: Users
    throttle: Throttle
    passwords: Passwords
    deployment: DeploymentSecrets
    clock: Clock

    def login(self, username: str, password: str, address: str) -> Account:
        """The user; NotSignedIn on any wrong credential, TooManyTries after too many of them in a window."""
        by_name, by_address = user_subject(username), f"address#{address}"
        self.throttle.take(by_name, by_address)
        account = self._authenticated(username, password)
        if account is None or not account.user.active:
            raise NotSignedIn(_REFUSED)
        self.throttle.forget(by_name)
        self.throttle.give_back(by_address)
        now = self.clock.now_ms()
        self.users.signed_in(account.user.id, now)
        return replace(account, last_login=now)

    def change_password(self, user: User, current: str, new: str, address: str) -> Account:
        """Give a user another password and end all of their sessions; Invalid when `current` is wrong or `new` unfit."""
        account = self.users.get(user.id)
        if account is None or not account.password_hash:
            raise Conflict("Your password is kept by your identity provider.")
        if user.from_deployment:
            raise Conflict("This password is the deployment's secret; change it there.")
        fit(user.username, new, "new")
        by_name, by_address = user_subject(user.username), f"address#{address}"
        self.throttle.take(by_name, by_address)
        if not self.passwords.matches(account.password_hash, current):
            raise Invalid("This is not your password.", field="current")
        self.throttle.forget(by_name)
        self.throttle.give_back(by_address)
        hashed = self.passwords.hash(new)
        try:
            self.users.revise(account, Revision(account.user, self.clock.now_ms(), hashed, end_sessions=True))
        except Outdated:
            raise Conflict("It was changed at the same moment; try again.") from None
        return replace(account, password_hash=hashed, version=account.version + 1, generation=account.generation + 1)

    def _authenticated(self, username: str, password: str) -> Account | None:
        account = self.users.by_name(username)
        hashed = self.passwords.matches("" if account is None else account.password_hash, password)
        first = self.deployment.named(username)
        secret = first and _same(password, self.deployment.password)
        if account is None:
            return self._first_administrator() if secret else None
        if not account.user.from_deployment:
            return account if hashed else None
        if not secret:
            return None
        if not hashed:  # the deployment's secret was rotated, which ends what began under the old one
            self.users.set_password_hash(account.user.id, self.passwords.hash(password))
            return self.users.get(account.user.id)
        return account

    def _first_administrator(self) -> Account | None:
        name = self.deployment.username
        now = self.clock.now_ms()
        user = User(self.clock.new_id("usr"), name, "admin", created_at=now, from_deployment=True)
        account = Account(user, self.passwords.hash(self.deployment.password))
        try:
            self.users.create(account.user, account.password_hash)
        except Taken:  # another environment was first
            return self.users.by_name(name)
        return account
