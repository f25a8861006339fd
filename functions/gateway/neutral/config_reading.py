"""Configuration from its JSON: the inverse of `gateway.neutral.config.to_json`, kind by kind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any, TypeVar

from gateway.neutral.caching import CacheRule
from gateway.neutral.config import (
    Model,
    PicturePrice,
    Price,
    PriceOverride,
    PriceTier,
    Provider,
    Release,
    Retry,
    Route,
    Sealed,
    Share,
    Target,
    Timeouts,
    UpstreamKey,
    VirtualKey,
)
from gateway.neutral.dialogs import agent_from_json
from gateway.neutral.guardrails import Guardrail
from gateway.neutral.limits import limits_from_json

_T = TypeVar("_T")


def _build(kind: type[_T], data: Mapping[str, Any]) -> _T:
    """A dataclass from JSON data; unknown names raise, so that a newer release is refused instead of half obeyed."""
    known = {f.name for f in fields(kind)}  # type: ignore[arg-type]
    unknown = set(data) - known
    if unknown:
        raise ValueError(f"{kind.__name__}: unknown fields {sorted(unknown)}")
    return kind(**data)


def provider_from_json(data: Mapping[str, Any]) -> Provider:
    """Inverse of `to_json` for a provider."""
    plain = dict(data)
    plain["timeouts"] = _build(Timeouts, plain.get("timeouts", {}))
    plain["keys"] = tuple(_upstream_key(item) for item in plain.get("keys", ()))
    plain["denied_betas"] = tuple(plain.get("denied_betas", ()))
    plain["prices"] = tuple(_override(item) for item in plain.get("prices", ()))
    return _build(Provider, plain)


def _override(data: Mapping[str, Any]) -> PriceOverride:
    return _build(PriceOverride, {**data, "price": price_from_json(data["price"])})


def _upstream_key(data: Mapping[str, Any]) -> UpstreamKey:
    plain = dict(data)
    if plain.get("sealed") is not None:
        plain["sealed"] = _build(Sealed, plain["sealed"])
    return _build(UpstreamKey, plain)


def model_from_json(data: Mapping[str, Any]) -> Model:
    """Inverse of `to_json` for a model."""
    plain = dict(data)
    if plain.get("price") is not None:
        plain["price"] = price_from_json(plain["price"])
    return _build(Model, plain)


def price_from_json(data: Mapping[str, Any]) -> Price:
    """Inverse of `to_json` for a price."""
    plain = dict(data)
    plain["tiers"] = tuple(_build(PriceTier, item) for item in plain.get("tiers", ()))
    plain |= {name: price_from_json(plain[name]) for name in ("priority", "flex") if plain.get(name) is not None}
    if plain.get("pictures") is not None:
        plain["pictures"] = tuple(_build(PicturePrice, item) for item in plain["pictures"])
    return _build(Price, plain)


def route_from_json(data: Mapping[str, Any]) -> Route:
    """Inverse of `to_json` for a route."""
    plain = dict(data)
    plain["targets"] = tuple(_build(Target, item) for item in plain.get("targets", ()))
    plain["guardrails"] = tuple(plain.get("guardrails", ()))
    parts: Mapping[str, type[Any]] = {"retry": Retry, "canary": Share, "mirror": Share, "cache": CacheRule}
    plain |= {name: _build(kind, plain[name]) for name, kind in parts.items() if plain.get(name) is not None}
    return _build(Route, plain)


def cache_rule_from_json(data: Mapping[str, Any]) -> CacheRule:
    """Inverse of `to_json` for a cache rule."""
    return _build(CacheRule, data)


def guardrail_from_json(data: Mapping[str, Any]) -> Guardrail:
    """Inverse of `to_json` for a guardrail."""
    lists = ("stages", "roles", "keywords", "patterns", "pii", "categories")
    return _build(Guardrail, {**data, **{name: tuple(data[name]) for name in lists if name in data}})


def release_from_json(data: Mapping[str, Any]) -> Release:
    """Inverse of `to_json` for a release; ValueError when a field is unknown, TypeError when one is missing."""
    plain = dict(data)
    plain["providers"] = tuple(provider_from_json(item) for item in plain.get("providers", ()))
    plain["models"] = tuple(model_from_json(item) for item in plain.get("models", ()))
    plain["routes"] = tuple(route_from_json(item) for item in plain.get("routes", ()))
    plain["agents"] = tuple(agent_from_json(item) for item in plain.get("agents", ()))
    plain["guardrails"] = tuple(guardrail_from_json(item) for item in plain.get("guardrails", ()))
    plain |= {"cache": cache_rule_from_json(plain["cache"])} if plain.get("cache") else {}
    return _build(Release, plain)


def virtual_key_from_json(data: Mapping[str, Any]) -> VirtualKey:
    """Inverse of `to_json` for a virtual key."""
    plain = dict(data)
    for name in ("allowed_models", "allowed_providers", "ip_allow"):
        plain[name] = tuple(plain.get(name, ()))
    plain["limits"] = limits_from_json(plain.get("limits", {}))
    return _build(VirtualKey, plain)
