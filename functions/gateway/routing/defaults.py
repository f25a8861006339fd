"""Logical models: names such as `smart` and `cheap` that work without an administrator making routes for them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from gateway.neutral.config import Provider, Release, Route, Target

Table = Mapping[str, Sequence[tuple[str, str | None]]]
"""Name → pairs of a provider kind and that kind's model for it, those to try first in front. Model None: the first of the release. The kind
`*` stands for every kind the name does not list. See `gateway.catalog.logical_models`."""

_OTHERS: Final = "*"


def with_defaults(release: Release, table: Table) -> Release:
    """The release with a route for each name of `table` that it does not use itself and has providers for; unchanged where nothing is added.

    A route serves by priority: the providers of a kind that are switched on share its place. Only models that are switched on are used: the
    table's where the release lists it, or lists no chat model of the provider; else the first chat model listed.
    """
    taken = {route.id for route in release.routes} | {model.id for model in release.models}
    made = (Route(name, tuple(_targets(release, rows))) for name, rows in table.items() if name not in taken)
    routes = tuple(route for route in made if route.targets)
    return replace(release, routes=release.routes + routes) if routes else release


def _targets(release: Release, rows: Sequence[tuple[str, str | None]]) -> Iterator[Target]:
    listed = {kind for kind, _ in rows}
    for place, (kind, wanted) in enumerate(rows):
        for provider in release.providers:
            fits = provider.kind not in listed if kind == _OTHERS else provider.kind == kind
            model = _model(release, provider, wanted) if fits and provider.active else None
            if model is not None:
                yield Target(provider.id, model, priority=place)


def _model(release: Release, provider: Provider, wanted: str | None) -> str | None:
    """The provider's name of the model to use, None when there is none."""
    own = [model for model in release.models if model.provider == provider.id]
    on = [model for model in own if model.active]
    if wanted is not None and any(wanted in (model.upstream_model, model.id) for model in on):
        return wanted
    chats = [model.upstream_model for model in on if model.kind == "chat"]
    if chats:
        return chats[0]
    refused = any(model.kind == "chat" or wanted in (model.upstream_model, model.id) for model in own)
    return None if refused else wanted
