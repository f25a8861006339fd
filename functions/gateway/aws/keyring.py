"""Upstream credentials in the clear, kept in memory only and opened once per environment."""

from __future__ import annotations

from typing import Final

from gateway.aws.envelope import data_key_blob, unseal
from gateway.aws.faults import AwsFault
from gateway.aws.kms import Kms
from gateway.aws.secrets import Secrets
from gateway.clock import Clock
from gateway.errors import Unavailable
from gateway.neutral.config import Sealed, UpstreamKey

_REFERENCE_SECONDS: Final = 300.0


class KeyRing:
    """`SecretReader`: sealed keys through KMS (once per key and environment), references through Secrets Manager or SSM (every five minutes)."""

    def __init__(self, kms: Kms, secrets: Secrets, clock: Clock) -> None:
        self._kms = kms
        self._secrets = secrets
        self._clock = clock
        self._opened: dict[Sealed, str] = {}
        self._resolved: dict[str, tuple[str, float]] = {}

    async def secret(self, key: UpstreamKey) -> str:
        """The credential; Unavailable when KMS or the referenced store cannot give it now."""
        try:
            if key.sealed is not None:
                return await self._open(key.id, key.sealed)
            return await self._resolve(key.reference or "")
        except AwsFault:
            raise Unavailable("The provider's credential cannot be opened right now; try again.") from None

    async def _open(self, identifier: str, sealed: Sealed) -> str:
        known = self._opened.get(sealed)
        if known is None:
            context = {"purpose": "upstream-key", "key_id": identifier}
            data_key = await self._kms.decrypt(data_key_blob(sealed), context=context)
            known = self._opened[sealed] = unseal(sealed, data_key=data_key, context=context).decode()
        return known

    async def _resolve(self, reference: str) -> str:
        known = self._resolved.get(reference)
        if known is not None and self._clock.monotonic() - known[1] < _REFERENCE_SECONDS:
            return known[0]
        value = await self._secrets.resolve(reference)
        self._resolved[reference] = (value, self._clock.monotonic())
        return value
