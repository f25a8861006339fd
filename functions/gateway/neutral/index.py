"""A release prepared for look-ups. Built once per release, read by every request."""

from __future__ import annotations

from dataclasses import dataclass, field

from gateway.neutral.caching import CacheRule
from gateway.neutral.config import Model, Provider, Release, Route


@dataclass(frozen=True, slots=True)
class Index:
    """`hash` is the release's address, `published` Unix seconds of its publication. `guarded`: whether any guardrail is there or is named."""

    release: Release
    hash: str
    published: int
    providers: dict[str, Provider] = field(init=False)
    models: dict[str, Model] = field(init=False)
    routes: dict[str, Route] = field(init=False)
    by_upstream: dict[tuple[str, str], Model] = field(init=False)
    guarded: bool = field(init=False)

    def __post_init__(self) -> None:
        set_field = object.__setattr__
        set_field(self, "providers", {provider.id: provider for provider in self.release.providers})
        set_field(self, "models", {model.id: model for model in self.release.models})
        set_field(self, "routes", {route.id: route for route in self.release.routes})
        # Where several models share an upstream's name, an active one answers for it.
        ordered = sorted(self.release.models, key=lambda model: model.active)
        named = {(model.provider, model.id): model for model in ordered}
        set_field(self, "by_upstream", {(model.provider, model.upstream_model): model for model in ordered} | named)
        named_by_routes = any(route.guardrails for route in self.release.routes)
        set_field(self, "guarded", named_by_routes or bool(self.release.guardrails))

    def cache_rule(self, name: str) -> CacheRule | None:
        """Which answers to this name are kept: its route's word, and the release's where it is no route."""
        route = self.routes.get(name)
        return self.release.cache if route is None else route.cache

    def names(self) -> list[str]:
        """Every name a client may send, routes first, each once, active ones only."""
        routes = [route.id for route in self.release.routes if route.active]
        models = [model.id for model in self.release.models if model.active and model.id not in self.routes]
        return routes + models
