"""Bodies of the health API: what the fleet knows of its upstreams, some seconds old. Times are Unix milliseconds, null = never or not known."""

from __future__ import annotations

from typing import Literal

from gateway.admin.fields import Reply, Strict, UpstreamName

ProviderState = Literal["ok", "degraded", "down", "paused", "inactive"]
KeyState = Literal["ok", "cooling", "dead", "quota_used", "inactive"]
Breaker = Literal["closed", "open", "half_open"]


class KeyHealthOut(Reply):
    """One credential. `until`: when the state ends by itself. `used_tokens` were consumed in the quota window that ends at `window_ends`.
    A key that is in no store (`env:NAME`) belongs to the proxy's environment."""

    id: str
    hint: str
    state: KeyState
    until: int | None
    reason: str | None
    used_tokens: int
    daily_quota: int
    window_ends: int | None


class TargetHealthOut(Reply):
    """One model of a provider. `ok` and `bad` count the calls of the last five to ten minutes, only faults of the provider being bad; the
    percentiles are milliseconds to the first content. `until`: when an open breaker lets a call through again."""

    model: str
    breaker: Breaker
    until: int | None
    ok: int
    bad: int
    p50_ms: float | None
    p95_ms: float | None
    p99_ms: float | None
    last_fault: str | None
    last_fault_at: int | None


class ProviderHealthOut(Reply):
    """One provider. `down`: nothing of it can be called now, for `reason` (`breaker_open`, or what its keys are); `degraded`: part of it, or
    one call in ten failed, or it has no key in the store (`no_key`)."""

    id: str
    name: str
    kind: str
    state: ProviderState
    reason: str | None
    paused_until: int | None
    keys: list[KeyHealthOut]
    targets: list[TargetHealthOut]


class HealthOut(Reply):
    """All providers by id, as known at `taken_at`."""

    taken_at: int
    providers: list[ProviderHealthOut]


class CloseIn(Strict):
    """The target whose breaker is to be closed: the provider's own name of a model."""

    model: UpstreamName
