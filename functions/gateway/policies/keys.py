"""Virtual keys: who is calling.

The key itself is hashed at once and goes nowhere else. A known hash is trusted for `cache_seconds`; from half of that on it is looked up
again after the answer was sent, so that steady traffic never waits for a read. A revocation is therefore effective everywhere within
`cache_seconds` (at most 30). When the store is out of reach and the cache too old, the request is refused: never waved through.
"""

from __future__ import annotations

import contextlib
import hmac
import ipaddress
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from gateway.clock import Clock, Moment
from gateway.errors import Forbidden, Unauthorized, Unavailable
from gateway.neutral.config import VirtualKey, key_digest
from gateway.stores.protocols import KeyReader

_MAX_LENGTH: Final = 512
_MAX_CACHED: Final = 10_000
_NEGATIVE_SECONDS: Final = 5.0
_FOREIGN: Final = "This API key may not be used from this address."


@dataclass(frozen=True, slots=True)
class _Entry:
    key: VirtualKey | None
    at: Moment


def plausible(credential: str) -> bool:
    """Whether a text can be a key at all: 1 to 512 printable ASCII characters without spaces. Anything else costs no look-up."""
    return (
        0 < len(credential) <= _MAX_LENGTH
        and credential.isascii()
        and credential.isprintable()
        and " " not in credential
    )


class Keys:
    """The policy that comes first. One instance per environment; its cache is shared by all requests."""

    def __init__(self, store: KeyReader, clock: Clock, cache_seconds: float) -> None:
        self._store = store
        self._clock = clock
        self._seconds = cache_seconds
        self._cache: dict[str, _Entry] = {}
        self._due: set[str] = set()

    async def admit(self, credentials: Sequence[str], address: str | None) -> VirtualKey:
        """The caller's key; Unauthorized with one and the same text for every reason, Forbidden for a foreign address.

        `credentials` are the distinct values found in the request; the first two that can be keys at all are tried.
        """
        for credential in [text for text in credentials if plausible(text)][:2]:
            digest = key_digest(credential)
            key = await self._known(digest)
            if key is not None and hmac.compare_digest(key.digest, digest) and self._valid(key):
                _check_address(key, address)
                return key
        raise Unauthorized

    def _valid(self, key: VirtualKey) -> bool:
        return key.active and (key.valid_until is None or self._clock.wall() < key.valid_until)

    async def _known(self, digest: str) -> VirtualKey | None:
        entry = self._cache.get(digest)
        if entry is not None:
            age = self._clock.age(entry.at)
            if age < (self._seconds if entry.key is not None else min(self._seconds, _NEGATIVE_SECONDS)):
                if entry.key is not None and age > self._seconds / 2:
                    self._due.add(digest)
                return entry.key
        return await self._load(digest)

    async def _load(self, digest: str) -> VirtualKey | None:
        began = self._clock.moment()
        key = await self._store.get(digest)
        # Taken out and put in again: what was looked up last stays longest.
        self._cache.pop(digest, None)
        if len(self._cache) >= _MAX_CACHED:
            self._cache.pop(next(iter(self._cache)))
        self._cache[digest] = _Entry(key, began)
        return key

    async def refresh(self) -> None:
        """Look up again what will soon be too old. Called after an answer; a store failure here is next request's business."""
        due, self._due = self._due, set()
        for digest in due:
            try:
                await self._load(digest)
            except Unavailable:
                continue


def _check_address(key: VirtualKey, address: str | None) -> None:
    if not key.ip_allow:
        return
    try:
        caller = ipaddress.ip_address(address or "")
    except ValueError:
        raise Forbidden(_FOREIGN) from None
    if isinstance(caller, ipaddress.IPv6Address) and caller.ipv4_mapped is not None:
        caller = caller.ipv4_mapped  # how a dual-stack listener sees an IPv4 client
    if not any(caller in network for network in _networks(key.ip_allow)):
        raise Forbidden(_FOREIGN)


def _networks(texts: Sequence[str]) -> Iterator[ipaddress.IPv4Network | ipaddress.IPv6Network]:
    """The networks of an allow-list, host bits ignored. An entry that cannot be read allows nobody."""
    for text in texts:
        with contextlib.suppress(ValueError):
            yield ipaddress.ip_network(text.strip(), strict=False)
