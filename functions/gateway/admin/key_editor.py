"""Making, changing and revoking virtual keys."""

from __future__ import annotations

import base64
import ipaddress
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from gateway.admin.desk import changes, plausible
from gateway.admin.errors import Conflict, Invalid, Missing, Stale
from gateway.admin.limit_shapes import limits_value
from gateway.admin.schemas import KeyIn, KeyPatch
from gateway.admin.sealing import hint
from gateway.clock import Clock
from gateway.neutral.config import VirtualKey, key_digest
from gateway.stores.versioned import Outdated, Taken, Versioned
from gateway.stores.virtual_keys import KeyKind, VirtualKeyStore, kind_of

PREFIX = "sk-gw-"
_TRIES = 8
_BUSY = "Others kept changing it at the same moment; try again."
_NULLABLE = frozenset({"user_id", "team_id", "valid_until", "log_ttl_days", "limits"})
_GIVEN = re.compile(r"[\x21-\x7e]{16,256}")


def key_hint(secret: str) -> str:
    """`sk-gw-****1234` for keys made here, otherwise as for any secret."""
    return f"{PREFIX}****{secret[-4:]}" if secret.startswith(PREFIX) and len(secret) >= 20 else hint(secret)


def _fields(given: dict[str, Any]) -> dict[str, Any]:
    """Body values as values of a `VirtualKey`; Invalid when an address is none or an amount is not exact."""
    fields: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in given.items()}
    if "ip_allow" in fields:
        try:
            fields["ip_allow"] = tuple(str(ipaddress.ip_network(text, strict=False)) for text in given["ip_allow"])
        except ValueError:
            raise Invalid(
                "Each entry must be an IP address or a network such as 10.0.0.0/8.", field="ip_allow"
            ) from None
    if "limits" in fields:
        fields["limits"] = limits_value(fields["limits"])
    if fields.get("valid_until") is not None:
        fields["valid_until"] //= 1000
    return fields


class VirtualKeys:
    """Virtual keys. The secret is made or given once; only its digest is kept."""

    def __init__(self, store: VirtualKeyStore, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    @property
    def store(self) -> VirtualKeyStore:
        """Where the keys are."""
        return self._store

    def on(self, store: VirtualKeyStore) -> VirtualKeys:
        """The same editor of other keys."""
        return VirtualKeys(store, self._clock)

    def page(
        self, after: str | None, limit: int, kind: KeyKind = "key"
    ) -> tuple[Sequence[Versioned[VirtualKey]], str | None]:
        """Keys of a kind, newest first."""
        return self._store.page(after, limit, kind)

    def find(self, identifier: str) -> Versioned[VirtualKey] | None:
        """One key, None when there is none."""
        return self._store.get(identifier) if plausible(identifier) else None

    def get(self, identifier: str, expected: int | None = None) -> Versioned[VirtualKey]:
        """One key; Missing when there is none, Stale when it is not at the `expected` version."""
        row = self.find(identifier)
        if row is None:
            raise Missing(f"There is no virtual key {identifier[:128]!r}.")
        if expected is not None and row.version != expected:
            raise Stale
        return row

    def create(
        self, body: KeyIn, secret: str | None = None, identifier: str | None = None
    ) -> tuple[str, Versioned[VirtualKey]]:
        """A new key and its secret: 256 random bits, or the given one (16 to 256 printable characters)."""
        if secret is None:
            secret = PREFIX + base64.urlsafe_b64encode(self._clock.entropy(32)).decode().rstrip("=")
        elif not _GIVEN.fullmatch(secret):
            raise Invalid("A key's value is 16 to 256 printable ASCII characters without spaces.", field="value")
        given = {name: getattr(body, name) for name in KeyIn.model_fields}
        key = VirtualKey(
            id=identifier or self._clock.new_id("key"),
            digest=key_digest(secret),
            hint=key_hint(secret),
            **_fields(given),
        )
        try:
            return secret, self._store.create(key)
        except Taken:
            raise Conflict("This key exists already.") from None

    def update(self, identifier: str, body: KeyPatch, expected: int | None) -> Versioned[VirtualKey]:
        """Change a key; a playground key can only be switched off and on."""
        fields = _fields(changes(body, nullable=_NULLABLE))
        foreign = sorted(fields.keys() - {"active"})
        if foreign and kind_of(identifier) == "playground":
            raise Conflict("A playground key is what it is: make a virtual key instead.", field=foreign[0])
        return self._revise(identifier, expected, lambda key: replace(key, **fields))

    def delete(self, identifier: str, expected: int | None) -> None:
        """Remove a key."""
        for _ in range(_TRIES):
            row = self.get(identifier, expected)
            try:
                self._store.delete(row.value, row.version)
            except Outdated:
                continue
            return
        raise Conflict(_BUSY)

    def put(self, body: KeyIn, secret: str | None, identifier: str | None = None) -> tuple[str | None, str]:
        """Make the key with this secret (without one: with this id, without either: of this name) as the body says; the secret if one was
        generated, and the key's id.

        Another secret under the same name is another key: the old one works until it is revoked.
        """
        row = self._meant(body.name, secret, identifier)
        if row is None:
            made, new = self.create(body, secret, identifier)
            return made if secret is None else None, new.value.id
        if kind_of(row.value.id) == "playground":
            raise Conflict("This is a playground key, which cannot become another; use another value.", field="value")
        fields = _fields({name: getattr(body, name) for name in KeyIn.model_fields})
        self._revise(row.value.id, None, lambda key: replace(key, **fields))
        return None, row.value.id

    def _meant(self, name: str, secret: str | None, identifier: str | None) -> Versioned[VirtualKey] | None:
        if secret is not None:
            return self._store.by_digest(key_digest(secret))
        return self.find(identifier) if identifier is not None else next(iter(self.named(name)), None)

    def keep(self, key: VirtualKey, *, new: bool) -> None:
        """Make the stored key with this digest equal to `key`. Where it is missing it is created only if it is `new`: one that was there was
        revoked meanwhile, and must not live again.
        """
        for _ in range(_TRIES):
            row = self._store.by_digest(key.digest)
            try:
                if row is None:
                    if new:
                        self._store.create(key)
                elif row.value != key:
                    self._store.replace(key, row.version)
            except (Taken, Outdated):
                continue
            return
        raise Conflict(_BUSY)

    def named(self, name: str) -> list[Versioned[VirtualKey]]:
        """Every key of that name, newest first."""
        return self._store.named(name)

    def _revise(
        self, identifier: str, expected: int | None, change: Callable[[VirtualKey], VirtualKey]
    ) -> Versioned[VirtualKey]:
        for _ in range(_TRIES):
            row = self.get(identifier, expected)
            value = change(row.value)
            try:
                return row if value == row.value else self._store.replace(value, row.version)
            except Outdated:
                continue
        raise Conflict(_BUSY)
