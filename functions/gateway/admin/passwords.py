"""Passwords: argon2id hashes, and which are fit for use."""

from __future__ import annotations

from dataclasses import dataclass, field

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError

from gateway.admin.errors import Invalid
from gateway.admin.secrets import everybodys
from gateway.clock import Clock

MIN_CHARS = 10


def argon2id() -> PasswordHasher:
    """argon2id with 19 MiB, two passes, one lane (OWASP password storage cheat sheet)."""
    return PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1, type=Type.ID)


@dataclass(frozen=True, slots=True)
class Passwords:
    """Hashes and checks. `nobodys` is the hash that stands in for an unknown user's, so that both cost the same."""

    hasher: PasswordHasher
    nobodys: str = field(repr=False)

    def hash(self, password: str) -> str:
        """The hash to keep."""
        return self.hasher.hash(password)

    def matches(self, password_hash: str, password: str) -> bool:
        """True when the hash is this password's. An empty hash is nobody's password and costs what any other does."""
        try:
            return self.hasher.verify(password_hash or self.nobodys, password) and bool(password_hash)
        except (VerificationError, InvalidHashError):
            return False


def passwords(hasher: PasswordHasher, clock: Clock) -> Passwords:
    """Passwords with a stand-in that nobody knows."""
    return Passwords(hasher, hasher.hash(clock.entropy(16).hex()))


def fit(username: str, password: str, field: str = "password") -> str:
    """The password; Invalid when it is too short, the user's name, or one that everybody tries first."""
    if len(password) < MIN_CHARS:
        raise Invalid(f"A password has at least {MIN_CHARS} characters.", field=field)
    if everybodys(password) or password.strip().lower() == username.strip().lower():
        raise Invalid("This password is one that everybody tries first.", field=field)
    return password
