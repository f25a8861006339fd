"""Upstream credentials in the clear, kept in memory only and opened once per environment."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Final

from gateway.aws.envelope import data_key_blob, unseal
from gateway.aws.faults import AwsFault, StoreUnavailable
from gateway.aws.kms import Kms
from gateway.aws.secrets import Secrets
from gateway.clock import Clock, Moment
from gateway.errors import Unavailable
from gateway.neutral.config import Sealed, UpstreamKey

_REFERENCE_SECONDS: Final = 300.0


class KeyRing:
    """`SecretReader`: sealed keys through KMS (once per key and environment), references through Secrets Manager or SSM (every five minutes).

    A reference `env:NAME` is a credential of `environment`.
    """

    def __init__(self, kms: Kms, secrets: Secrets, clock: Clock, environment: Mapping[str, str]) -> None:
        self._environment = environment
        self._kms = kms
        self._secrets = secrets
        self._clock = clock
        self._opened: dict[tuple[str, Sealed], str] = {}
        self._resolved: dict[str, tuple[str, Moment]] = {}
        self._one_at_a_time = asyncio.Lock()

    async def secret(self, key: UpstreamKey) -> str:
        """The credential; Unavailable when KMS or the referenced store cannot give it now."""
        try:
            if key.sealed is not None:
                return await self._open(key.id, key.sealed)
            return await self._resolve(key.reference or "")
        except (AwsFault, UnicodeDecodeError):
            raise Unavailable("The provider's credential cannot be opened right now; try again.") from None

    async def _open(self, identifier: str, sealed: Sealed) -> str:
        # By record too: an envelope copied to another record must not open just because its own record was opened before.
        place = (identifier, sealed)
        known = self._opened.get(place)
        if known is not None:
            return known
        async with self._one_at_a_time:
            if place not in self._opened:
                context = {"purpose": "upstream-key", "key_id": identifier}
                data_key = await self._kms.decrypt(data_key_blob(sealed), context=context)
                self._opened[place] = unseal(sealed, data_key=data_key, context=context).decode()
            return self._opened[place]

    async def _resolve(self, reference: str) -> str:
        scheme, _, name = reference.partition(":")
        if scheme == "env":
            return self._environment.get(name, "")
        known = self._resolved.get(reference)
        if known is not None and self._clock.age(known[1]) < _REFERENCE_SECONDS:
            return known[0]
        try:
            value = await self._secrets.resolve(reference)
        except StoreUnavailable:
            if known is None:
                raise
            value = known[0]  # the store is out of reach or throttles: what it said last goes on serving
        self._resolved[reference] = (value, self._clock.moment())
        return value
