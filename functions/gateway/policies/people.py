"""Users with an access token: who is calling.

Only what can be a token at all is asked about: three parts, an algorithm of the control plane's, an end that is not past. An answer is trusted for
`seconds`, at most 15, a "nobody" for five; so a sign-out or a deactivated user counts within that. Kept under a hash, at most `MOST` of them:
whoever sends ever new ones makes others be asked about again, and costs no memory. When nobody can say, the request is refused.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from typing import Any, Final

import orjson

from gateway.clock import Clock, Moment
from gateway.errors import Unauthorized
from gateway.neutral.people import Person
from gateway.stores.protocols import PeopleReader

MOST: Final = 2_000
LONGEST: Final = 8_192
SECONDS: Final = 15.0
_NOBODY_SECONDS: Final = 5.0
_LEEWAY: Final = 60
_ALGORITHMS: Final = ("HS256", "RS256")


class People:
    """One instance per environment."""

    def __init__(self, store: PeopleReader, clock: Clock, seconds: float = SECONDS) -> None:
        self._store = store
        self._clock = clock
        self._seconds = min(seconds, SECONDS)
        self._known: dict[bytes, tuple[Person | None, Moment]] = {}

    def __len__(self) -> int:
        return len(self._known)

    async def admit(self, token: str) -> Person:
        """The user of a token; Unauthorized, always the same, for every reason; Unavailable when nobody can say."""
        if not self._may_be_one(token):
            raise Unauthorized
        name = hashlib.sha256(token.encode()).digest()
        person = await self._whose(name, token)
        if person is None or not person.active:
            raise Unauthorized
        return person

    async def _whose(self, name: bytes, token: str) -> Person | None:
        found = self._known.get(name)
        if found is not None:
            person, at = found
            if self._clock.age(at) < (_NOBODY_SECONDS if person is None else self._seconds):
                return person
        began = self._clock.moment()
        person = await self._store.whose(token)
        self._known.pop(name, None)
        if len(self._known) >= MOST:
            self._known.pop(next(iter(self._known)))
        self._known[name] = (person, began)
        return person

    def _may_be_one(self, token: str) -> bool:
        if not token.isascii():
            return False
        header, claims = _part(token, 0), _part(token, 1)
        ends = claims.get("exp")
        if not isinstance(ends, int | float) or isinstance(ends, bool):
            return False
        return header.get("alg") in _ALGORITHMS and ends > self._clock.wall() - _LEEWAY


def is_token(credential: str) -> bool:
    """Whether a credential has the form of a token; anything else may be a virtual key."""
    return "alg" in _part(credential, 0)


def _part(token: str, number: int) -> dict[str, Any]:
    parts = token.split(".", 3)
    if len(parts) != 3 or len(token) > LONGEST:
        return {}
    try:
        raw = base64.b64decode(parts[number] + "=" * (-len(parts[number]) % 4), altchars=b"-_", validate=True)
        value = orjson.loads(raw)
    except (binascii.Error, ValueError):
        return {}
    return value if isinstance(value, dict) else {}
