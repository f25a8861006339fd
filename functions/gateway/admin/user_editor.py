"""Making, changing and removing users."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from gateway.admin.desk import changes, plausible
from gateway.admin.errors import Conflict, Missing, Stale
from gateway.admin.identity_schemas import UserIn, UserPatch
from gateway.admin.passwords import Passwords, fit
from gateway.admin.secrets import DeploymentSecrets
from gateway.clock import Clock
from gateway.stores.users import Account, Revision, User, Users
from gateway.stores.versioned import Outdated, Taken

_TRIES: Final = 8
_PAGE: Final = 100
_BUSY: Final = "Others kept changing it at the same moment; try again."
_LAST: Final = "This is the last active administrator. Make somebody else one first."


@dataclass(frozen=True, slots=True)
class UserEditor:
    """`issuer`: the identity provider whose tokens count now, if there is one."""

    users: Users
    passwords: Passwords
    deployment: DeploymentSecrets
    issuer: str | None
    clock: Clock

    def page(self, after: str | None, limit: int) -> tuple[Sequence[Account], str | None]:
        """Users, newest first."""
        return self.users.page(after, limit)

    def get(self, identifier: str, expected: int | None = None) -> Account:
        """One user; Missing when there is none, Stale when they are not at the `expected` version."""
        account = self.users.get(identifier) if plausible(identifier) else None
        if account is None:
            raise Missing(f"There is no user {identifier[:128]!r}.")
        if expected is not None and account.version != expected:
            raise Stale
        return account

    def create(self, body: UserIn, identifier: str) -> Account:
        """A new user with this id; Conflict when the name is taken."""
        fit(body.username, body.password)
        now = self.clock.now_ms()
        user = User(identifier, body.username, body.role, body.active, now)
        self._free(body.username)
        account = Account(user, self.passwords.hash(body.password), updated_at=now)
        try:
            self.users.create(user, account.password_hash)
        except Taken:
            raise _taken(body.username) from None
        return account

    def update(self, identifier: str, body: UserPatch, expected: int | None) -> Account:
        """Change a user."""
        fields = changes(body)
        for _ in range(_TRIES):
            account = self.get(identifier, expected)
            self._allowed(account, fields)
            revision = self._revision(account, fields)
            if revision.user == account.user and revision.password_hash is None:
                return account
            try:
                self.users.revise(account, revision)
            except Outdated:
                continue
            except Taken:
                raise _taken(revision.user.username) from None
            return self.get(identifier)
        raise Conflict(_BUSY)

    def delete(self, identifier: str, expected: int | None) -> None:
        """Remove a user; log rows and usage keep the id."""
        for _ in range(_TRIES):
            account = self.get(identifier, expected)
            self._refuse_deployments(account)
            if account.issuer is not None and account.issuer == self.issuer:
                raise Conflict(
                    "The identity provider's next token would bring this user back; deactivate them instead."
                )
            try:
                self.users.delete(account, self._witness(account) if _administers(account.user) else None)
            except Outdated:
                continue
            return
        raise Conflict(_BUSY)

    def end_sessions(self, identifier: str) -> None:
        """Sign a user out everywhere."""
        self.users.end_sessions(self.get(identifier).user.id)

    def _allowed(self, account: Account, fields: dict[str, Any]) -> None:
        if fields:
            self._refuse_deployments(account)
        foreign = sorted(set(fields) - {"active"})
        if account.issuer is not None and foreign:
            raise Conflict(f"The identity provider decides this user's {foreign[0]}.", field=foreign[0])
        if account.user.from_deployment and "password" in fields:
            raise Conflict("This user signs in with the deployment's secret only.", field="password")
        if "username" in fields and fields["username"] != account.user.username:
            self._free(fields["username"])
        if "password" in fields:
            fit(fields.get("username", account.user.username), fields["password"])

    def _revision(self, account: Account, fields: dict[str, Any]) -> Revision:
        password = fields.get("password")
        user = replace(account.user, **{name: value for name, value in fields.items() if name != "password"})
        steps_down = _administers(account.user) and not _administers(user)
        return Revision(
            user,
            self.clock.now_ms(),
            password_hash=None if password is None else self.passwords.hash(password),
            end_sessions=password is not None or not user.active,
            witness=self._witness(account) if steps_down else None,
        )

    def _refuse_deployments(self, account: Account) -> None:
        if account.user.from_deployment and self.deployment.named(account.user.username):
            raise Conflict("The first administrator is the deployment's: name, password and role come from its secret.")

    def _free(self, username: str) -> None:
        """The first administrator's name is theirs even before their first sign-in."""
        if self.deployment.named(username):
            raise _taken(username)

    def _witness(self, leaving: Account) -> Account:
        """Another administrator who stays; Conflict when there is none. External ones do not count: they are one as long as their tokens say so."""
        first = self.users.by_name(self.deployment.username)
        if first is not None and self._stays(first, leaving):
            return first
        position = None
        while True:
            rows, position = self.users.page(position, _PAGE)
            for row in rows:
                present = self.users.get(row.user.id) if self._stays(row, leaving) else None
                if present is not None and self._stays(present, leaving):
                    return present
            if position is None:
                raise Conflict(_LAST)

    def _stays(self, account: Account, leaving: Account) -> bool:
        user = account.user
        signs_in = account.issuer is None and (not user.from_deployment or self.deployment.named(user.username))
        return _administers(user) and signs_in and user.id != leaving.user.id


def _administers(user: User) -> bool:
    return user.role == "admin" and user.active


def _taken(username: str) -> Conflict:
    return Conflict(f"There is already a user {username!r}.", field="username")
