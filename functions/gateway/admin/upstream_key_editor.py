"""Changing the credentials of providers."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from gateway.admin.desk import Desk, changes
from gateway.admin.errors import Conflict, Invalid, Missing
from gateway.admin.schemas import UpstreamKeyIn, UpstreamKeyPatch
from gateway.admin.sealing import SealSecret, hint
from gateway.clock import Clock
from gateway.neutral.config import UpstreamKey
from gateway.stores.entities import PROVIDER, UPSTREAM_KEY, OwnedKey
from gateway.stores.versioned import Versioned

MAX_KEYS = 50
_NULLABLE = frozenset({"name"})
_HEADER_SAFE = re.compile(r"[\x21-\x7e]+")


@dataclass(frozen=True, slots=True)
class Vault:
    """How secrets are sealed and recognised."""

    seal: SealSecret
    hasher: PasswordHasher

    def recognises(self, fingerprint: str | None, secret: str) -> bool:
        """True when the fingerprint is that of the secret."""
        try:
            return fingerprint is not None and self.hasher.verify(fingerprint, secret)
        except (VerificationError, InvalidHashError):
            return False


class UpstreamKeyEditor:
    """Adds, changes and removes credentials; every success publishes. A secret enters and never comes out."""

    def __init__(self, desk: Desk, vault: Vault, clock: Clock) -> None:
        self._desk = desk
        self._vault = vault
        self._clock = clock

    def on(self, desk: Desk, seal: SealSecret | None = None) -> UpstreamKeyEditor:
        """The same editor of other entities; `seal`: and with another way of sealing."""
        vault = self._vault if seal is None else replace(self._vault, seal=seal)
        return UpstreamKeyEditor(desk, vault, self._clock)

    def create(
        self, provider: str, body: UpstreamKeyIn, actor: str, identifier: str | None = None
    ) -> Versioned[UpstreamKey]:
        """Add a credential to a provider."""
        self._desk.load(PROVIDER, provider)
        if (body.value is None) == (body.reference is None):
            raise Invalid("Give exactly one of value and reference.", field="value")
        mine = [row for row in self._desk.entities.all(UPSTREAM_KEY) if row.value.provider == provider]
        if len(mine) >= MAX_KEYS:
            raise Conflict(f"A provider has at most {MAX_KEYS} keys.")
        empty = UpstreamKey(
            identifier or self._clock.new_id("uk"),
            "",
            active=body.active,
            weight=body.weight,
            daily_quota=body.daily_quota,
            name=body.name,
        )
        owned = self._with_secret(OwnedKey(provider, empty), body.value, body.reference)
        return _bare(self._desk.create(UPSTREAM_KEY, owned, actor))

    def update(
        self, address: tuple[str, str], body: UpstreamKeyPatch, expected: int | None, actor: str
    ) -> Versioned[UpstreamKey]:
        """Change the credential at (provider, key id)."""
        self._load(address, expected)
        fields = changes(body, nullable=_NULLABLE)
        value, reference = fields.pop("value", None), fields.pop("reference", None)
        if value is not None and reference is not None:
            raise Invalid("Give at most one of value and reference.", field="value")

        def change(owned: OwnedKey) -> OwnedKey:
            changed = replace(owned, key=replace(owned.key, **fields))
            return changed if value is None and reference is None else self._with_secret(changed, value, reference)

        return _bare(self._desk.revise(UPSTREAM_KEY, address[1], expected, change, actor))

    def unsaved(self, value: str) -> UpstreamKey:
        """A credential that is stored nowhere: sealed, so that whoever tries it can open it."""
        identifier = self._clock.new_id("uk")
        return UpstreamKey(identifier, hint(value), sealed=self._vault.seal(identifier, value))

    def delete(self, address: tuple[str, str], expected: int | None, actor: str) -> None:
        """Remove the credential at (provider, key id)."""
        self._load(address, expected)
        self._desk.remove(UPSTREAM_KEY, address[1], expected, actor)

    def put(self, address: tuple[str, str], body: UpstreamKeyIn, actor: str) -> None:
        """Make the credential at (provider, key id) as the body says, creating it where it is missing; an equal one stays as it is."""
        row = self._desk.entities.get(UPSTREAM_KEY, address[1])
        if row is None:
            self.create(address[0], body, actor, address[1])
        elif row.value.key.reference is None or row.value.key.reference != body.reference:
            given = body.model_dump(exclude_none=True) | {"name": body.name}
            self.update(address, UpstreamKeyPatch(**given), None, actor)
        else:
            same = UpstreamKeyPatch(
                active=body.active, weight=body.weight, daily_quota=body.daily_quota, name=body.name
            )
            self.update(address, same, None, actor)

    def _load(self, address: tuple[str, str], expected: int | None) -> Versioned[OwnedKey]:
        row = self._desk.load(UPSTREAM_KEY, address[1], expected)
        if row.value.provider != address[0]:
            raise Missing(f"The provider has no key {address[1][:128]!r}.")
        return row

    def _with_secret(self, owned: OwnedKey, value: str | None, reference: str | None) -> OwnedKey:
        if value is None:
            name = (reference or "").rsplit(":", 1)[-1]
            key = replace(owned.key, sealed=None, reference=reference, hint=name[-64:])
            return replace(owned, key=key, fingerprint=None)
        secret = fit_secret(value)
        if self._vault.recognises(owned.fingerprint, secret):
            return owned
        sealed = self._vault.seal(owned.key.id, secret)
        key = replace(owned.key, sealed=sealed, reference=None, hint=hint(secret))
        return replace(owned, key=key, fingerprint=self._vault.hasher.hash(secret))


def fit_secret(value: str, field: str = "value") -> str:
    """The credential as it is kept; Invalid for what no header could carry."""
    secret = value.strip()
    if not _HEADER_SAFE.fullmatch(secret):
        raise Invalid("A key is printable ASCII without spaces.", field=field)
    return secret


def _bare(row: Versioned[OwnedKey]) -> Versioned[UpstreamKey]:
    return Versioned(row.value.key, row.version, row.updated_at)
