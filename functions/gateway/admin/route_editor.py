"""Changing routes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from gateway.admin.desk import Desk, changes
from gateway.admin.errors import Invalid
from gateway.admin.schemas import RouteIn, RoutePatch, TargetIO
from gateway.neutral.config import Route, Target
from gateway.stores.entities import ROUTE
from gateway.stores.versioned import Versioned


def _targets(bodies: Sequence[TargetIO]) -> tuple[Target, ...]:
    found = tuple(Target(body.provider, body.model, body.priority, body.weight) for body in bodies)
    if len({(target.provider, target.model) for target in found}) != len(found):
        raise Invalid("The same target is listed twice.", field="targets")
    return found


class RouteEditor:
    """Creates, changes and removes routes; every success publishes."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def page(self, after: str | None, limit: int) -> tuple[Sequence[Versioned[Route]], str | None]:
        """Routes by id."""
        return self._desk.entities.page(ROUTE, after, limit)

    def get(self, identifier: str) -> Versioned[Route]:
        """One route."""
        return self._desk.load(ROUTE, identifier)

    def create(self, body: RouteIn, actor: str) -> Versioned[Route]:
        """Add a route."""
        return self._desk.create(ROUTE, self.value(body), actor)

    def value(self, body: RouteIn) -> Route:
        """The route a body describes."""
        return Route(body.id, _targets(body.targets), body.strategy, body.active)

    def update(self, identifier: str, body: RoutePatch, expected: int | None, actor: str) -> Versioned[Route]:
        """Change a route."""
        fields = changes(body)
        if body.targets is not None:
            fields["targets"] = _targets(body.targets)
        return self._desk.revise(ROUTE, identifier, expected, lambda value: replace(value, **fields), actor)

    def put(self, value: Route, actor: str) -> Versioned[Route]:
        """Make the stored route equal to `value`, creating it where it is missing."""
        if self._desk.entities.get(ROUTE, value.id) is None:
            return self._desk.create(ROUTE, value, actor)
        return self._desk.revise(ROUTE, value.id, None, lambda _old: value, actor)

    def delete(self, identifier: str, expected: int | None, actor: str) -> None:
        """Remove a route."""
        self._desk.remove(ROUTE, identifier, expected, actor)
