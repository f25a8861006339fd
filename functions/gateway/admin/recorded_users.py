"""Registrations that leave a trail: nobody is signed in, so that only the store knows when a user is about to be made."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from gateway.admin.registration import Registration
from gateway.admin.trail import Trail
from gateway.neutral import redaction
from gateway.stores.users import Account, User, Users

_LINE: Final = 300


class RecordedUsers(Users):
    """As much of the users as a registration needs, with a trail."""

    def __init__(self, stored: Users, trail: Trail) -> None:  # without the table, so that no way past the trail is left
        self._stored = stored
        self._trail = trail

    def get(self, identifier: str) -> Account | None:
        """See `Users.get`."""
        return self._stored.get(identifier)

    def by_name(self, username: str) -> Account | None:
        """See `Users.by_name`."""
        return self._stored.by_name(username)

    def create(
        self, user: User, password_hash: str, invitation: tuple[str, int] | None = None, email: str | None = None
    ) -> None:
        """See `Users.create`."""
        self._trail.about("register", "user", user.id)
        self._stored.create(user, password_hash, invitation, email)
        name = redaction.line(user.username, _LINE)
        made = {"username": name, "role": user.role, "active": user.active, "invited": invitation is not None}
        self._trail.noted("user", user.id, None, made)


def recorded_registration(registration: Registration, trail: Trail) -> Registration:
    """The same, leaving a trail."""
    stores = registration.stores
    return replace(registration, stores=replace(stores, users=RecordedUsers(stores.users, trail)))
