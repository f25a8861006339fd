"""Bodies of the route API. Money and times as in `schemas`; durations are seconds."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from gateway.admin.cache_schemas import CacheRuleIO
from gateway.admin.fields import Id, PausedUntil, ProviderId, Reply, Strict, UpstreamName, Weight
from gateway.admin.json_values import Rule
from gateway.neutral.config import OnDisconnect, StickyBy, Strategy

Hedge = Annotated[
    float, Field(ge=0.1, le=120, description="Seconds without content after which a second target is asked")
]


class TargetIO(Strict):
    """One way to serve a route: a provider and that provider's own name of the model.

    Lower `priority` first; `weight` 0 = only when no other target of its priority is left. `rules` null = for every request. Not called
    until `paused_until`; a moment that has passed means nothing.
    """

    provider: ProviderId
    model: UpstreamName
    priority: Annotated[int, Field(ge=0, le=1000)] = 0
    weight: Weight = 1
    rules: Rule | None = None
    paused_until: PausedUntil | None = None


class ShareIO(Strict):
    """One target's share: a percentage of the requests, or of the virtual keys (each of them always or never)."""

    provider: ProviderId
    model: UpstreamName
    percent: Annotated[float, Field(gt=0, le=100)]
    by: Literal["request", "key"] = "request"


class RetryIO(Strict):
    """How often a provider is called for one request: `attempts` calls of one target with one key, `max_calls` calls in all. Before the
    n-th retry a random time up to `base_seconds * 2**n`, at most `max_seconds`, passes; a `Retry-After` is waited for up to
    `retry_after_seconds`."""

    attempts: Annotated[int, Field(ge=1, le=5)] = 2
    base_seconds: Annotated[float, Field(ge=0, le=60)] = 0.5
    max_seconds: Annotated[float, Field(ge=0, le=300)] = 8.0
    retry_after_seconds: Annotated[float, Field(ge=0, le=300)] = 10.0
    max_calls: Annotated[int, Field(ge=1, le=20)] = 8


GuardrailIds = Annotated[
    list[Id],
    Field(
        max_length=32,
        description="Ids of guardrails, in the order in which they hold; those with `everywhere` come before them",
    ),
]
Targets = Annotated[list[TargetIO], Field(min_length=1, max_length=32)]


class RouteIn(Strict):
    """A new route: a name that clients send as a model, and its targets. `retry` null = the deployment's; `cache` null = none of its answers is
    kept. An id `x/y` where `x` is a provider is refused: it would hide that provider's model `y`."""

    id: Id
    targets: Targets
    strategy: Strategy = "priority"
    active: bool = True
    sticky_by: StickyBy = "auto"
    retry: RetryIO | None = None
    on_disconnect: OnDisconnect = "cancel"
    hedge_seconds: Hedge | None = None
    canary: ShareIO | None = None
    mirror: ShareIO | None = None
    cache: CacheRuleIO | None = None
    guardrails: GuardrailIds = Field(default_factory=list)


class RoutePatch(Strict):
    """Changes to a route; absent fields stay, null clears `retry`, `hedge_seconds`, `canary`, `mirror` and `cache`. `targets` replaces them all."""

    targets: Targets | None = None
    strategy: Strategy | None = None
    active: bool | None = None
    sticky_by: StickyBy | None = None
    retry: RetryIO | None = None
    on_disconnect: OnDisconnect | None = None
    hedge_seconds: Hedge | None = None
    canary: ShareIO | None = None
    mirror: ShareIO | None = None
    cache: CacheRuleIO | None = None
    guardrails: GuardrailIds | None = None


class RouteOut(Reply):
    """A route. With `built_in` it is one that every deployment has: it cannot be changed, but a route of the same id takes its place, and
    deleting that one brings it back; its `version` is 0."""

    id: str
    targets: list[TargetIO]
    strategy: Strategy
    active: bool
    sticky_by: StickyBy
    retry: RetryIO | None
    on_disconnect: OnDisconnect
    hedge_seconds: float | None
    canary: ShareIO | None
    mirror: ShareIO | None
    cache: CacheRuleIO | None
    guardrails: list[str]
    built_in: bool = False
    version: int
    updated_at: int
