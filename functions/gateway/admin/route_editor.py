"""Changing routes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from gateway.admin.cache_editor import check_embedding
from gateway.admin.desk import Desk, changes
from gateway.admin.errors import Invalid
from gateway.admin.route_schemas import RouteIn, RoutePatch
from gateway.admin.route_shapes import route_parts
from gateway.neutral.config import Route
from gateway.stores.entities import GUARDRAIL, PROVIDER, ROUTE
from gateway.stores.versioned import Versioned

_NULLABLE = frozenset({"retry", "hedge_seconds", "canary", "mirror", "cache"})


class RouteEditor:
    """Creates, changes and removes routes; every success publishes."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def on(self, desk: Desk) -> RouteEditor:
        """The same editor of other entities."""
        return RouteEditor(desk)

    def page(self, after: str | None, limit: int) -> tuple[Sequence[Versioned[Route]], str | None]:
        """Routes by id."""
        return self._desk.entities.page(ROUTE, after, limit)

    def get(self, identifier: str) -> Versioned[Route]:
        """One route."""
        return self._desk.load(ROUTE, identifier)

    def create(self, body: RouteIn, actor: str) -> Versioned[Route]:
        """Add a route."""
        value = self.value(body)
        self._refuse_hiding(value.id)
        return self._desk.create(ROUTE, value, actor)

    def value(self, body: RouteIn) -> Route:
        """The route a body describes; Invalid names the rule, target or provider that does not fit."""
        given = {name: getattr(body, name) for name in RouteIn.model_fields}
        value = Route(**{**given, **route_parts(body)})
        self._check_providers(value)
        self._check_guardrails(value)
        check_embedding(self._desk, value.cache)
        return value

    def update(self, identifier: str, body: RoutePatch, expected: int | None, actor: str) -> Versioned[Route]:
        """Change a route."""
        fields: dict[str, Any] = changes(body, nullable=_NULLABLE) | route_parts(body)

        def change(value: Route) -> Route:
            changed = replace(value, **fields)
            if ROUTE.refers(changed) != ROUTE.refers(value):
                self._check_providers(changed)
            if changed.guardrails != value.guardrails:
                self._check_guardrails(changed)
            if changed.cache != value.cache:
                check_embedding(self._desk, changed.cache)
            return changed

        return self._desk.revise(ROUTE, identifier, expected, change, actor)

    def put(self, value: Route, actor: str) -> Versioned[Route]:
        """Make the stored route equal to `value`, creating it where it is missing."""
        if self._desk.entities.get(ROUTE, value.id) is None:
            self._refuse_hiding(value.id)
            return self._desk.create(ROUTE, value, actor)
        return self._desk.revise(ROUTE, value.id, None, lambda _old: value, actor)

    def delete(self, identifier: str, expected: int | None, actor: str) -> None:
        """Remove a route."""
        self._desk.remove(ROUTE, identifier, expected, actor)

    def _check_providers(self, value: Route) -> None:
        known = {row.value.id for row in self._desk.entities.all(PROVIDER)}
        places = [(f"targets[{at}]", target.provider) for at, target in enumerate(value.targets)]
        places += [(name, share.provider) for name in ("canary", "mirror") if (share := getattr(value, name))]
        for place, provider in places:
            if provider not in known:
                raise Invalid(f"There is no provider {provider!r}.", field=f"{place}.provider")

    def _check_guardrails(self, value: Route) -> None:
        for at, name in enumerate(value.guardrails):
            if self._desk.entities.get(GUARDRAIL, name) is None:
                raise Invalid(f"There is no guardrail {name!r}.", field=f"guardrails[{at}]")

    def _refuse_hiding(self, identifier: str) -> None:
        """A route comes before `provider/model`: one of such a name would take that provider's model from everybody who asks for it."""
        owner, slash, model = identifier.partition("/")
        if slash and self._desk.entities.get(PROVIDER, owner) is not None:
            raise Invalid(f"This name means the model {model!r} of the provider {owner!r}.", field="id")
