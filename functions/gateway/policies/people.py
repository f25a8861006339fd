"""Users with an access token: who is calling.

Only what can be a token at all is asked about: three parts, an algorithm of the control plane's, an end that is not past. An answer is trusted for
`seconds`, at most 15 and not beyond the token's end, a "nobody" for five; so a sign-out or a deactivated user counts within that. Kept under a
hash, at most `MOST` of them, a "nobody" apart from the users: whoever sends ever new ones costs no memory, and makes no user be asked about again.
When nobody can say, the request is refused.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from typing import Any, Final, TypeVar

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

V = TypeVar("V")


class People:
    """One instance per environment."""

    def __init__(self, store: PeopleReader, clock: Clock, seconds: float = SECONDS) -> None:
        self._store = store
        self._clock = clock
        self._seconds = min(seconds, SECONDS)
        self._known: dict[bytes, tuple[Person, Moment]] = {}
        self._nobody: dict[bytes, tuple[None, Moment]] = {}

    def __len__(self) -> int:
        return len(self._known) + len(self._nobody)

    async def admit(self, token: str) -> Person:
        """The user of a token; Unauthorized, always the same, for every reason; Unavailable when nobody can say."""
        ends = self._ends(token)
        if ends is None:
            raise Unauthorized
        name = hashlib.sha256(token.encode()).digest()
        person = await self._whose(name, token, over=ends <= self._clock.wall())
        if person is None or not person.active:
            raise Unauthorized
        return person

    async def _whose(self, name: bytes, token: str, *, over: bool) -> Person | None:
        for known, seconds in ((self._known, 0.0 if over else self._seconds), (self._nobody, _NOBODY_SECONDS)):
            found = known.get(name)
            if found is not None and self._clock.age(found[1]) < seconds:
                return found[0]
        began = self._clock.moment()
        person = await self._store.whose(token)
        self._known.pop(name, None)
        self._nobody.pop(name, None)
        if person is None:
            _keep(self._nobody, name, (None, began))
        else:
            _keep(self._known, name, (person, began))
        return person

    def _ends(self, token: str) -> float | None:
        """When it says that it ends, in Unix seconds; None for what can be no token."""
        if not token.isascii() or _part(token, 0).get("alg") not in _ALGORITHMS:
            return None
        ends = _part(token, 1).get("exp")
        if not isinstance(ends, int | float) or isinstance(ends, bool) or ends <= self._clock.wall() - _LEEWAY:
            return None
        return ends


def _keep(known: dict[bytes, V], name: bytes, answer: V) -> None:
    if len(known) >= MOST:
        known.pop(next(iter(known)))
    known[name] = answer


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
