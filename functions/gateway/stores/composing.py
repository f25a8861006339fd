"""A release out of entities, and the entities of a release: what a new kind of entity must be added to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, Final

from gateway.neutral.config import Release, UpstreamKey
from gateway.stores.entities import (
    AGENT,
    CACHE,
    GUARDRAIL,
    MODEL,
    PROVIDER,
    ROUTE,
    THE_RULE,
    UPSTREAM_KEY,
    Noun,
    OwnedKey,
)

NOUNS: Final[tuple[Noun[Any], ...]] = (PROVIDER, UPSTREAM_KEY, MODEL, GUARDRAIL, ROUTE, AGENT, CACHE)
"""Every kind, what is referred to before what refers to it."""
Contents = Mapping[str, Mapping[str, Any]]
"""Values by the name of their noun and their id."""


def composed(values: Mapping[str, Iterable[Any]]) -> Release:
    """The release of entities, given by the names of their nouns, each in order of the ids."""
    keys: dict[str, list[UpstreamKey]] = {}
    for owned in values[UPSTREAM_KEY.name]:
        keys.setdefault(owned.provider, []).append(owned.key)
    return Release(
        providers=tuple(replace(provider, keys=tuple(keys.get(provider.id, ()))) for provider in values[PROVIDER.name]),
        models=tuple(values[MODEL.name]),
        guardrails=tuple(values[GUARDRAIL.name]),
        routes=tuple(values[ROUTE.name]),
        agents=tuple(values[AGENT.name]),
        cache=next(iter(values[CACHE.name]), None),
    )


def contents(release: Release) -> Contents:
    """The entities of a release, as the stores have them."""
    owned = [OwnedKey(provider.id, key) for provider in release.providers for key in provider.keys]
    return {
        PROVIDER.name: {provider.id: replace(provider, keys=()) for provider in release.providers},
        UPSTREAM_KEY.name: {key.id: key for key in owned},
        MODEL.name: {model.id: model for model in release.models},
        GUARDRAIL.name: {guardrail.id: guardrail for guardrail in release.guardrails},
        ROUTE.name: {route.id: route for route in release.routes},
        AGENT.name: {agent.id: agent for agent in release.agents},
        CACHE.name: {} if release.cache is None else {THE_RULE: release.cache},
    }
