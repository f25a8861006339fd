"""Users that an identity provider vouches for: they appear with their first token, and their role is what the token says."""

from __future__ import annotations

from dataclasses import dataclass, replace
from hashlib import sha256

from gateway.admin.external_tokens import LEEWAY_SECONDS, ExternalClaims, ExternalTokens
from gateway.admin.tokens import refused
from gateway.clock import Clock
from gateway.stores.login_tries import DeniedTokens
from gateway.stores.users import Account, Revision, User, Users
from gateway.stores.versioned import Outdated, Taken


def external_id(claims: ExternalClaims) -> str:
    """The id of a user, from issuer and subject: another issuer's user of the same name is another user."""
    both = f"{claims.issuer}\n{claims.subject}"
    return f"ext_{sha256(both.encode()).hexdigest()[:32]}"


@dataclass(frozen=True, slots=True)
class ExternalUsers:
    """Recognises tokens. Only `active` is decided here: a user who was deactivated stays out, whatever the provider says.

    `writes` False: nobody is made or changed here; who was never seen is as they will be when they are.
    """

    tokens: ExternalTokens
    users: Users
    denied: DeniedTokens
    clock: Clock
    writes: bool = True

    def user(self, token: str) -> User:
        """The user of a token, made at its first use; NotSignedIn when the token was signed out or the user deactivated."""
        claims = self.tokens.read(token)
        account = self._account(claims)
        if not account.user.active or self.denied.denied(_name(token)):
            raise refused()
        present = replace(account.user, username=claims.name, role="admin" if claims.admin else "user")
        if present != account.user and self.writes:
            self._remember(account, present)
        return present

    def end(self, token: str) -> None:
        """Refuse this token from now on."""
        self.denied.deny(_name(token), self.tokens.read(token).expires + LEEWAY_SECONDS)

    def _account(self, claims: ExternalClaims) -> Account:
        identifier = external_id(claims)
        account = self.users.get(identifier)
        if account is not None:
            return account
        user = User(identifier, claims.name, "admin" if claims.admin else "user", created_at=self.clock.now_ms())
        if not self.writes:
            return Account(user, "", issuer=claims.issuer)
        try:
            self.users.create_external(user, claims.issuer)
        except Taken:  # another request of theirs was first
            return self.users.get(identifier) or Account(replace(user, active=False), "")
        return Account(user, "", issuer=claims.issuer)

    def _remember(self, account: Account, present: User) -> None:
        try:
            self.users.revise(account, Revision(present, self.clock.now_ms()))
        except Outdated:  # somebody else changed the user just now: their next request will see to it
            return


def _name(token: str) -> str:
    # The first two parts: a signature can be written in several ways, what it signs only in one.
    return sha256(token.rpartition(".")[0].encode()).hexdigest()
