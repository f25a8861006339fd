"""Upstream keys as a hub of keys has them: one list over all vendors, each key under its vendor's name.

The vendor's provider is the one of that id, else the only one of that kind; a vendor without a provider gets one when its first key comes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from gateway.admin.editors import Editors
from gateway.admin.errors import BadRequest, Conflict, Invalid, Missing
from gateway.admin.hub_schemas import HubDiscovered, HubDiscoverIn, HubKey, HubKeyIn, HubKeyPatch, KeyState
from gateway.admin.probing import Prober
from gateway.admin.schemas import ProviderIn, UpstreamKeyIn, UpstreamKeyPatch
from gateway.admin.shapes import default_base_url
from gateway.admin.upstream_key_editor import fit_secret
from gateway.admin.wording import meant
from gateway.neutral.config import Provider, UpstreamKey
from gateway.neutral.health import Health, KeyHealth
from gateway.providers import kinds
from gateway.stores.entities import PROVIDER, UPSTREAM_KEY
from gateway.stores.versioned import Versioned

_NEAR: Final = 0.8
_LARGE: Final = ("gpt", "claude", "gemini")
_LARGE_QUOTA, _QUOTA = 1_000_000, 500_000
_NAMED: Final = 5


@dataclass(frozen=True, slots=True)
class Seen:
    """What is known of keys at a moment (Unix ms)."""

    health: Health
    now_ms: int

    def out(self, provider: str, key: UpstreamKey) -> HubKey:
        """A key's reply."""
        known = self.health.key(key)
        used = known.used(self.now_ms)
        return HubKey(
            id=key.id,
            name=key.name or key.hint,
            provider=provider,
            key_prefix=key.hint,
            is_active=key.active,
            daily_quota=key.daily_quota,
            used_today=used,
            resets_at=_seconds(known.window_ends_ms, self.now_ms),
            cooldown_until=_seconds(known.cooling_until_ms, self.now_ms),
            status=self._state(key, known, used),
        )

    def _state(self, key: UpstreamKey, known: KeyHealth, used: int) -> KeyState:
        if not key.active:
            return "disabled"
        if known.dead_until_ms > self.now_ms:
            return "dead"
        if known.cooling_until_ms > self.now_ms:
            return "cooldown"
        if key.daily_quota == 0 or used < _NEAR * key.daily_quota:
            return "active"
        return "exhausted" if used >= key.daily_quota else "near_limit"


def _seconds(milliseconds: int, now_ms: int) -> int | None:
    """A moment to come, rounded up; None for one that has been."""
    return -(-milliseconds // 1000) if milliseconds > now_ms else None


@dataclass(frozen=True, slots=True)
class HubKeys:
    """The keys of all providers."""

    editors: Editors

    def all(self) -> Sequence[tuple[str, UpstreamKey]]:
        """(provider, key) of each, by provider and age."""
        rows = self.editors.providers.desk.entities.all(UPSTREAM_KEY)
        return sorted(((row.value.provider, row.value.key) for row in rows), key=lambda pair: (pair[0], pair[1].id))

    def create(self, body: HubKeyIn, actor: str) -> tuple[str, Versioned[UpstreamKey]]:
        """Add a key, and the provider where its vendor has none."""
        secret = fit_secret(body.key_value, "key_value")  # before anything is made for it
        provider = self._provider(body.provider) or self._made(body.provider, actor)
        identifier = provider.id
        made = UpstreamKeyIn(value=secret, name=body.name, active=body.is_active, daily_quota=body.daily_quota or 0)
        return identifier, self.editors.upstream_keys.create(identifier, made, actor)

    def update(
        self, identifier: str, body: HubKeyPatch, expected: int | None, actor: str
    ) -> tuple[str, Versioned[UpstreamKey]]:
        """Change a key; Missing when there is none."""
        names = {"is_active": "active"}
        said = {name: getattr(body, name) for name in body.model_fields_set}
        # Only a name can be taken away; elsewhere null says nothing.
        fields = {names.get(name, name): value for name, value in said.items() if value is not None or name == "name"}
        provider = self._owner(identifier)
        patch = UpstreamKeyPatch(**fields)
        return provider, self.editors.upstream_keys.update((provider, identifier), patch, expected, actor)

    def delete(self, identifier: str, expected: int | None, actor: str) -> None:
        """Remove a key; Missing when there is none."""
        self.editors.upstream_keys.delete((self._owner(identifier), identifier), expected, actor)

    def discover(self, body: HubDiscoverIn, prober: Prober) -> HubDiscovered:
        """What the provider lists for a key that is stored nowhere; BadRequest with its reason when it lists nothing."""
        secret = fit_secret(body.key_value, "key_value")
        known = self._provider(body.provider) or Provider(body.provider, body.provider, body.provider)
        heard = prober.ask(replace(known, keys=(self.editors.upstream_keys.unsaved(secret),)))
        if heard.error is not None:
            raise BadRequest(f"The models of this key cannot be listed. {heard.error}", field="key_value")
        models = [one.id for one in heard.models]
        large = bool(models) and any(word in models[0].lower() for word in _LARGE)
        return HubDiscovered(
            provider=known.id,
            models=models,
            more=heard.more,
            suggested_daily_quota=_LARGE_QUOTA if large else _QUOTA,
        )

    def _made(self, kind: str, actor: str) -> Provider:
        """A vendor's provider, made now or by somebody at the same moment."""
        try:
            return self.editors.providers.create(ProviderIn(id=kind, kind=kind), actor).value
        except Conflict:
            there = self._provider(kind)
            if there is None:
                raise
            return there

    def _provider(self, name: str) -> Provider | None:
        """The provider of a vendor, None where one can be made. Invalid for no vendor, Conflict where it has several."""
        rows = [row.value for row in self.editors.providers.desk.entities.all(PROVIDER)]
        named = next((one for one in rows if one.id == name), None)
        if named is not None:
            return named
        known = [row.kind for row in kinds()]
        if name not in known:
            said = f"There is no provider {name[:64]!r}, nor a vendor of that name."
            raise Invalid(f"{said}{meant(name, known)}", field="provider")
        same = [one for one in rows if one.kind == name]
        if len(same) > 1:
            listed = ", ".join(one.id for one in same[:_NAMED])
            raise Conflict(f"There are several providers of {name}: name one ({listed}).", field="provider")
        if not same and default_base_url(name) is None:
            raise Invalid(f"The vendor {name} has no address of its own: make its provider first.", field="provider")
        return same[0] if same else None

    def _owner(self, identifier: str) -> str:
        for provider, key in self.all():
            if key.id == identifier:
                return provider
        raise Missing(f"There is no key {identifier[:128]!r}.")
