"""Registering oneself, and inviting others to.

The first administrator comes from the deployment: nobody becomes one by being first, and the name is kept for them. Every registration counts as a
try of its address, good or bad: a bad one may be a guess at an invitation, a good one may be the thousandth of a program. Only an invitation,
which somebody here has given, gives the try back.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from gateway.admin.desk import plausible
from gateway.admin.errors import Conflict, Missing, NotAllowed
from gateway.admin.identity_schemas import InvitationIn, RegisterIn
from gateway.admin.identity_settings import Mode
from gateway.admin.passwords import Passwords, fit
from gateway.admin.secrets import DeploymentSecrets
from gateway.admin.throttle import Throttle
from gateway.clock import Clock
from gateway.stores.invitations import Invitation, Invitations
from gateway.stores.users import Account, Spent, User, Users
from gateway.stores.versioned import Outdated, Taken

_CLOSED = "Registration is closed. Ask an administrator."
_NO_INVITATION = "This invitation is not valid (any more)."


def _digest(token: str) -> str:
    return sha256(token.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class RegistrationStores:
    """Where users and invitations are kept, and what holds back tries."""

    users: Users
    invitations: Invitations
    throttle: Throttle


@dataclass(frozen=True, slots=True)
class Registration:
    """`mode` says who may register: nobody, whoever is invited, everybody."""

    stores: RegistrationStores
    passwords: Passwords
    deployment: DeploymentSecrets
    mode: Mode
    clock: Clock

    def register(self, body: RegisterIn, address: str, email: str | None = None) -> Account:
        """A new user; NotAllowed without the right to, Conflict when the name is taken."""
        if self.mode == "closed":
            raise NotAllowed(_CLOSED)
        subject = f"register#{address}"
        self.stores.throttle.take(subject)
        invitation = self._invitation(body.invitation)
        fit(body.username, body.password)
        if self.deployment.named(body.username) or self.stores.users.by_name(body.username) is not None:
            raise _taken(body.username)
        account = self._created(body, invitation, email)
        if invitation is not None:
            self.stores.throttle.give_back(subject)
        return account

    def invite(self, body: InvitationIn, actor: str, identifier: str) -> tuple[str, Invitation]:
        """A new invitation with this id, and its token: 256 random bits, of which only the hash is kept."""
        if self.mode == "closed":
            raise Conflict("Registration is closed in this deployment, so nobody could use an invitation.")
        token = base64.urlsafe_b64encode(self.clock.entropy(32)).decode().rstrip("=")
        now = self.clock.now_ms()
        invitation = Invitation(
            id=identifier,
            digest=_digest(token),
            role=body.role,
            created_by=actor,
            created_at=now,
            expires_at=now + body.expires_in_hours * 3_600_000,
            note=body.note,
        )
        self.stores.invitations.create(invitation)
        return token, invitation

    def invitations(self, after: str | None, limit: int) -> tuple[Sequence[Invitation], str | None]:
        """Invitations, newest first."""
        return self.stores.invitations.page(after, limit)

    def revoke(self, identifier: str) -> None:
        """Take an invitation back; Missing when there is none."""
        found = self.stores.invitations.get(identifier) if plausible(identifier) else None
        try:
            if found is not None:
                self.stores.invitations.delete(found)
                return
        except Outdated:
            pass
        raise Missing(f"There is no invitation {identifier[:128]!r}.")

    def _invitation(self, token: str | None) -> Invitation | None:
        if token is None:
            if self.mode == "invite":
                raise NotAllowed("Registration needs an invitation.", field="invitation")
            return None
        found = self.stores.invitations.by_digest(_digest(token))
        if found is None or not found.open(self.clock.now_ms()) or not self._may_invite(found.created_by):
            raise NotAllowed(_NO_INVITATION, field="invitation")
        return found

    def _may_invite(self, identifier: str) -> bool:
        """An administrator who is none any more has left no way back."""
        giver = self.stores.users.get(identifier)
        return giver is not None and giver.user.active and giver.user.role == "admin"

    def _created(self, body: RegisterIn, invitation: Invitation | None, email: str | None) -> Account:
        now = self.clock.now_ms()
        role = "user" if invitation is None else invitation.role
        user = User(self.clock.new_id("usr"), body.username, role, created_at=now)
        account = Account(user, self.passwords.hash(body.password), updated_at=now, email=email)
        try:
            used = None if invitation is None else (invitation.digest, now)
            self.stores.users.create(user, account.password_hash, used, email)
        except Taken:
            raise _taken(body.username) from None
        except Spent:
            raise NotAllowed(_NO_INVITATION, field="invitation") from None
        return account


def _taken(username: str) -> Conflict:
    return Conflict(f"There is already a user {username!r}.", field="username")
