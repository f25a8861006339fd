"""What is known of the upstreams beside what is configured, as a reply."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from gateway.admin.health_schemas import (
    Breaker,
    HealthOut,
    KeyHealthOut,
    KeyState,
    ProviderHealthOut,
    ProviderState,
    TargetHealthOut,
)
from gateway.admin.shapes import milliseconds
from gateway.neutral.config import Provider, Release, UpstreamKey
from gateway.neutral.health import Health, TargetHealth
from gateway.providers import kinds
from gateway.routing.environment_keys import variable

_FEW: Final = 5
_BAD_SHARE: Final = 0.1


def health_out(release: Release, health: Health, now_ms: int) -> HealthOut:
    """Every provider of the release; what is known of others is left out."""
    models = _models(release, health)
    keyless = {row.kind for row in kinds() if not row.needs_key}
    seen = [_Seen(one, health, now_ms, one.kind not in keyless) for one in release.providers]
    providers = [one.out(sorted(models.get(one.provider.id, ()))) for one in seen]
    return HealthOut(taken_at=health.taken_ms or now_ms, providers=providers)


def _models(release: Release, health: Health) -> dict[str, set[str]]:
    """The upstream models of each provider: configured, used by a route, or called just now."""
    pairs = [(model.provider, model.upstream_model) for model in release.models]
    for route in release.routes:
        pairs += [(one.provider, one.model) for one in route.targets]
        pairs += [(one.provider, one.model) for one in (route.canary, route.mirror) if one is not None]
    found: dict[str, set[str]] = {}
    for provider, model in (*pairs, *health.targets):
        found.setdefault(provider, set()).add(model)
    return found


@dataclass(frozen=True, slots=True)
class _Seen:
    provider: Provider
    health: Health
    now_ms: int
    needs_key: bool

    def out(self, models: Iterable[str]) -> ProviderHealthOut:
        keys = [self._key(key) for key in self._keys()]
        targets = [self._target(model, self.health.target(self.provider.id, model)) for model in models]
        state, reason = self._state(keys, targets)
        return ProviderHealthOut(
            id=self.provider.id,
            name=self.provider.name,
            kind=self.provider.kind,
            state=state,
            reason=reason,
            paused_until=milliseconds(self.provider.paused_until) if self._paused() else None,
            keys=keys,
            targets=targets,
        )

    def _keys(self) -> tuple[UpstreamKey, ...]:
        """The stored keys, else the one of the proxy's environment when it was heard of."""
        name = variable(self.provider.id)
        if self.provider.keys or f"env:{name}" not in self.health.keys:
            return self.provider.keys
        return (UpstreamKey(f"env:{name}", name, reference=f"env:{name}"),)

    def _key(self, key: UpstreamKey) -> KeyHealthOut:
        known = self.health.key(key)
        used = known.used(self.now_ms)
        state: KeyState = "ok"
        until = 0
        if not key.active:
            state = "inactive"
        elif known.dead_until_ms > self.now_ms:
            state, until = "dead", known.dead_until_ms
        elif known.cooling_until_ms > self.now_ms:
            state, until = "cooling", known.cooling_until_ms
        elif 0 < key.daily_quota <= used:
            state, until = "quota_used", known.window_ends_ms
        return KeyHealthOut(
            id=key.id,
            hint=key.hint,
            state=state,
            until=until or None,
            reason=known.reason if state in {"dead", "cooling"} else None,
            used_tokens=used,
            daily_quota=key.daily_quota,
            window_ends=known.window_ends_ms if known.window_ends_ms > self.now_ms else None,
        )

    def _target(self, model: str, known: TargetHealth) -> TargetHealthOut:
        breaker: Breaker = "closed"
        if known.open_until_ms:
            breaker = "open" if known.open_until_ms > self.now_ms else "half_open"
        return TargetHealthOut(
            model=model,
            breaker=breaker,
            until=known.open_until_ms if breaker == "open" else None,
            ok=known.ok,
            bad=known.bad,
            p50_ms=known.p50_ms,
            p95_ms=known.p95_ms,
            p99_ms=known.p99_ms,
            last_fault=known.last_fault,
            last_fault_at=known.last_fault_ms or None,
        )

    def _paused(self) -> bool:
        return (milliseconds(self.provider.paused_until) or 0) > self.now_ms

    def _state(self, keys: list[KeyHealthOut], targets: list[TargetHealthOut]) -> tuple[ProviderState, str | None]:
        if not self.provider.active:
            return "inactive", "inactive"
        if self._paused():
            return "paused", "paused"
        if keys and all(key.state != "ok" for key in keys):
            return "down", next((key.state for key in keys if key.state != "inactive"), "no_key")
        called = [one for one in targets if one.ok or one.bad or one.breaker != "closed"]
        if called and all(one.breaker == "open" for one in called):
            return "down", "breaker_open"
        return _degraded(keys, called, lacks_key=self.needs_key and not keys)


def _degraded(
    keys: list[KeyHealthOut], called: list[TargetHealthOut], *, lacks_key: bool
) -> tuple[ProviderState, str | None]:
    if lacks_key and not any(one.ok for one in called):
        return "degraded", "no_key"
    broken = next((one.breaker for one in called if one.breaker != "closed"), None)
    if broken is not None:
        return "degraded", f"breaker_{broken}"
    worn = next((key.state for key in keys if key.state not in {"ok", "inactive"}), None)
    if worn is not None:
        return "degraded", worn
    ok, bad = sum(one.ok for one in called), sum(one.bad for one in called)
    return ("degraded", "faults") if bad >= 1 and ok + bad >= _FEW and bad >= _BAD_SHARE * (ok + bad) else ("ok", None)
