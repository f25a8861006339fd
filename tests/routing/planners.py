"""Releases, requests and planners for the tests of planning."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from gateway.neutral.config import Model, Price, Provider, Release, Route, Target, UpstreamKey, VirtualKey
from gateway.neutral.health import Health
from gateway.neutral.index import Index
from gateway.routing.candidate import Plan
from gateway.routing.features import Features, Hints
from gateway.routing.plan import Planner

NOW = 1_800_000_000_000
PLANS = 10_000
WELL = Health(taken_ms=NOW)


def virtual_key(**limits: Any) -> VirtualKey:
    """A client's key."""
    return VirtualKey("vk_1", "test", "digest", "sk-gw-…kkkk", **limits)


KEY = virtual_key()


def provider(name: str, **more: Any) -> Provider:
    """A provider with one key."""
    return Provider(
        name, name.upper(), more.pop("kind", "openai"), **{"keys": (UpstreamKey(f"{name}-key", "h"),), **more}
    )


def priced(provider_id: str, input_price: int, output_price: int, **more: Any) -> Model:
    """The model `m` of a provider, with prices in USD per million tokens times 1,000,000."""
    return Model(f"{provider_id}-m", provider_id, "m", price=Price(input_price, output_price, **more))


def route(*targets: Target, **more: Any) -> Route:
    """The route `r`."""
    return Route("r", targets, **more)


def weights(*shares: int) -> tuple[Target, ...]:
    """Targets p0, p1, … with these weights."""
    return tuple(Target(f"p{at}", "m", weight=share) for at, share in enumerate(shares))


def planner_of(*routes: Route, models: Iterable[Model] = (), providers: Iterable[Provider] | None = None) -> Planner:
    """A planner for routes; their providers have one key each unless they are given."""
    if providers is None:
        named = [target.provider for each in routes for target in each.targets]
        named += [share.provider for each in routes for share in (each.canary, each.mirror) if share is not None]
        providers = [provider(name) for name in dict.fromkeys(named)]
    return planner_for(Release(tuple(providers), tuple(models), routes))


def planner_for(release: Release) -> Planner:
    """A planner for a release; the kind `local` needs no key, and models called `seer…` are known to see."""
    return Planner(Index(release, "h", 0), _capabilities, lambda kind: kind != "local")


def _capabilities(_kind: str, model: str) -> frozenset[str] | None:
    return frozenset(["vision", "tools"]) if model.startswith("seer") else None


def features(model: str = "r", **more: Any) -> Features:
    """A request."""
    wishes = {name: more.pop(name) for name in ("strategy", "prefer", "exclude", "require", "first") if name in more}
    limits = {name: more.pop(name) for name in ("allowed_models", "allowed_providers", "user_id") if name in more}
    given: dict[str, Any] = {
        "key": virtual_key(**limits) if limits else KEY,
        "now_ms": NOW,
        "hints": Hints(**wishes),
        **more,
    }
    return Features(model, **given)


def names(plan: Plan) -> list[str]:
    """The candidates, `provider/model`."""
    return [one.name for one in plan.candidates]


def firsts(planner: Planner, many: Iterable[Features], health: Health = WELL) -> list[str]:
    """The provider each request goes to first."""
    return [planner.plan(each, health).candidates[0].provider.id for each in many]
