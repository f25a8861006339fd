"""Virtual keys: who is calling, and for whom.

The key itself is hashed at once and goes nowhere else. A known hash is trusted for `cache_seconds`; from half of that on it is looked up
again after the answer was sent, so that steady traffic never waits for a read. A revocation is therefore effective everywhere within
`cache_seconds` (at most 30), and so is a change of a user or a team. When the store is out of reach and the cache too old, the request is
refused: never waved through.
"""

from __future__ import annotations

import asyncio
import contextlib
import hmac
import ipaddress
from collections.abc import Iterator, Sequence
from typing import Final, Literal

from gateway.clock import Clock
from gateway.errors import Forbidden, Unauthorized
from gateway.neutral.config import VirtualKey, key_digest
from gateway.neutral.identity import Identity
from gateway.neutral.limits import Account
from gateway.policies.memory import Memory
from gateway.stores.protocols import KeyReader

_MAX_LENGTH: Final = 512
_NEGATIVE_SECONDS: Final = 5.0
_FOREIGN: Final = "This API key may not be used from this address."

_Name = tuple[Literal["user", "team"], str]


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
        self._keys = Memory(store.get, clock, cache_seconds, _NEGATIVE_SECONDS)
        # Most users and teams have no account, and only administrators choose who is asked about: nothing is an answer like any other.
        self._accounts: Memory[_Name, Account] = Memory(self._account, clock, cache_seconds)

    async def admit(self, credentials: Sequence[str], address: str | None) -> VirtualKey:
        """The caller's key; Unauthorized with one and the same text for every reason, Forbidden for a foreign address.

        `credentials` are the distinct values found in the request; the first two that can be keys at all are tried.
        """
        for credential in [text for text in credentials if plausible(text)][:2]:
            digest = key_digest(credential)
            key = await self._keys.get(digest)
            if key is not None and hmac.compare_digest(key.digest, digest) and self._valid(key):
                check_address(key, address)
                return key
        raise Unauthorized

    def _valid(self, key: VirtualKey) -> bool:
        return key.active and (key.valid_until is None or self._clock.wall() < key.valid_until)

    async def identity(self, key: VirtualKey) -> Identity:
        """The key with its user and its team; Forbidden when one of them is inactive or has expired, Unavailable when the store cannot say.

        Nothing is read for a key that names neither; of those not remembered, both are read at the same time.
        """
        names: list[_Name] = []
        if key.user_id:
            names.append(("user", key.user_id))
        if key.team_id:
            names.append(("team", key.team_id))
        known = [self._accounts.known(name) for name in names]
        if None in known:
            found = await asyncio.gather(*(self._accounts.get(name) for name in names))
        else:
            found = [one.value for one in known if one is not None]
        accounts = dict(zip(names, found, strict=True))
        for account in accounts.values():
            self._check_account(account)
        by_kind = {kind: account for (kind, _), account in accounts.items()}
        return Identity(key, by_kind.get("user"), by_kind.get("team"))

    async def _account(self, name: _Name) -> Account | None:
        return await self._store.account(*name)

    def _check_account(self, account: Account | None) -> None:
        if account is None:
            return
        if not account.active:
            raise Forbidden(f"The {account.kind} '{account.id}' of this API key is switched off.")
        if account.valid_until is not None and self._clock.wall() >= account.valid_until:
            raise Forbidden(f"The access of the {account.kind} '{account.id}' of this API key has expired.")

    async def refresh(self) -> None:
        """Look up again what will soon be too old. Called after an answer; a store failure here is next request's business."""
        await self._keys.refresh()
        await self._accounts.refresh()


def check_address(key: VirtualKey, address: str | None) -> None:
    """Forbidden where a key may not be used from an address; None = nobody knows it."""
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
