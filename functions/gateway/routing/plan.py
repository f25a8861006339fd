"""From the name a client sends to the candidates that may serve it, in order.

A name is a route, else `provider/model`, else a model of the release. A key's allow-lists are part of the plan: what it may not use is not
a candidate, and is not named in an error either.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Final

from gateway.errors import Forbidden, ModelNotFound
from gateway.neutral.config import Model, Provider, Target, VirtualKey
from gateway.neutral.index import Index

_ODD: Final = re.compile(r"[\[?]")


@dataclass(frozen=True, slots=True)
class Candidate:
    """One way to serve the request. `model` holds price and limits; None when the release does not list the upstream's model."""

    provider: Provider
    upstream_model: str
    model: Model | None


@dataclass(frozen=True, slots=True)
class Plan:
    """Candidates in the order to try them, never empty; `route` names the route that was asked for."""

    candidates: tuple[Candidate, ...]
    route: str | None = None


def may_use(key: VirtualKey, name: str) -> bool:
    """Whether a key may ask for this name. Entries of the allow-list may hold `*`."""
    return not key.allowed_models or any(_matches(name, pattern) for pattern in key.allowed_models)


def _matches(name: str, pattern: str) -> bool:
    """`*` stands for any text; `?` and `[` stand for themselves, as in the names of some models."""
    return name == pattern or ("*" in pattern and fnmatchcase(name, _ODD.sub(r"[\g<0>]", pattern)))


def visible(index: Index, key: VirtualKey) -> list[str]:
    """The names a key may use, as a model list shows them: at least one active, allowed provider behind each."""
    return [name for name in index.names() if may_use(key, name) and _usable(_find(index, name) or (), key)]


def make_plan(index: Index, requested: str, key: VirtualKey) -> Plan:
    """Candidates for a name; ModelNotFound names near matches, Forbidden says that the key may not."""
    found = _find(index, requested)
    if found is None:
        raise ModelNotFound(_unknown(requested, visible(index, key)), param="model")
    if not may_use(key, requested):
        raise Forbidden(f"This API key may not use the model '{shown(requested)}'.", param="model")
    usable = _usable(found, key)
    if not usable:
        if _usable(found, None):
            raise Forbidden(f"This API key may not use a provider of the model '{shown(requested)}'.", param="model")
        raise ModelNotFound(f"The model '{shown(requested)}' is switched off.", param="model")
    return Plan(tuple(usable), requested if requested in index.routes else None)


def _find(index: Index, requested: str) -> list[Candidate] | None:
    route = index.routes.get(requested)
    if route is not None:
        targets = sorted(route.targets, key=lambda target: target.priority) if route.active else []
        return [candidate for target in targets if (candidate := _target(index, target)) is not None]
    provider_id, slash, rest = requested.partition("/")
    provider = index.providers.get(provider_id)
    if slash and rest and provider is not None:
        model = index.by_upstream.get((provider_id, rest))
        return [Candidate(provider, model.upstream_model if model else rest, model)] if _on(model) else []
    model = index.models.get(requested)
    if model is None:
        return None
    owner = index.providers.get(model.provider)
    return [Candidate(owner, model.upstream_model, model)] if owner is not None and model.active else []


def _target(index: Index, target: Target) -> Candidate | None:
    provider = index.providers.get(target.provider)
    model = index.by_upstream.get((target.provider, target.model))
    if provider is None or not _on(model):
        return None
    return Candidate(provider, model.upstream_model if model else target.model, model)


def _on(model: Model | None) -> bool:
    return model is None or model.active


def _usable(found: Iterable[Candidate], key: VirtualKey | None) -> list[Candidate]:
    allowed = key.allowed_providers if key is not None else ()
    return [one for one in found if one.provider.active and (not allowed or one.provider.id in allowed)]


def _unknown(requested: str, known: list[str]) -> str:
    near = difflib.get_close_matches(requested, known, n=3, cutoff=0.5)
    hint = f" Did you mean {', '.join(repr(name) for name in near)}?" if near else ""
    return f"The model '{shown(requested)}' does not exist or is not available to this API key.{hint}"


def shown(name: str) -> str:
    """A client's text, fit for a message."""
    return "".join(char if char.isprintable() else "\ufffd" for char in name[:128])
