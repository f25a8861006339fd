"""Keys for trying models: made by the dashboard for the user who is signed in, and gone within an hour."""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from gateway.admin.errors import Conflict, NotSignedIn
from gateway.admin.key_editor import PREFIX, key_hint
from gateway.admin.trail import Trail
from gateway.clock import Clock
from gateway.neutral.config import VirtualKey, key_digest
from gateway.stores.playground_keys import Held, PlaygroundKeys
from gateway.stores.users import User, Users
from gateway.stores.versioned import Outdated, Versioned
from gateway.stores.virtual_keys import PLAYGROUND

LIFETIME_SECONDS: Final = 3600
MOST: Final = 5
_TRIES: Final = 8
_NAME_CHARS: Final = 180


@dataclass(frozen=True, slots=True)
class Playground:
    """Makes playground keys. A user has five at a time: a sixth takes the place of the oldest."""

    users: Users
    keys: PlaygroundKeys
    clock: Clock

    def create(self, user: User, again: Callable[[], User], trail: Trail) -> tuple[str, VirtualKey]:
        """A new key and its secret. `again` asks who is signed in: after the user's version was read, so that whatever is changed or ended behind
        that moment makes the write fail. NotSignedIn or Conflict when the user was changed meanwhile.
        """
        secret = PREFIX + base64.urlsafe_b64encode(self.clock.entropy(32)).decode().rstrip("=")
        for _ in range(_TRIES):
            account, present = self.users.get(user.id), again()
            if account is None or present.role != user.role:
                raise NotSignedIn("Your user was changed; sign in again.")
            now = int(self.clock.wall())
            held = self.keys.held(user.id)
            key = self._key(present, secret, now)
            trail.about("create", "virtual_key", key.id)
            dropped = _dropped(held, now)
            try:
                self.keys.create(key, (user.id, account.version), held, dropped)
            except Outdated:
                continue
            trail.changed("virtual_key", key.id, None, key)
            for one in dropped:
                trail.noted("virtual_key", one.id, {"valid_until": one.ends}, None)
            return secret, key
        raise Conflict("Others kept changing your user at the same moment; try again.")

    def _key(self, user: User, secret: str, now: int) -> VirtualKey:
        return VirtualKey(
            id=self.clock.new_id(PLAYGROUND.rstrip("_")),
            name=f"Playground of {user.username[:_NAME_CHARS]}",
            digest=key_digest(secret),
            hint=key_hint(secret),
            user_id=user.id,
            valid_until=now + LIFETIME_SECONDS,
        )


def _dropped(held: Versioned[tuple[Held, ...]], now: int) -> list[Held]:
    """Those that are over, and the oldest where there are too many."""
    over = [one for one in held.value if one.ends <= now]
    good = [one for one in held.value if one.ends > now]
    return [*over, *good[: max(0, len(good) + 1 - MOST)]]
