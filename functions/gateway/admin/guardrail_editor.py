"""Changing guardrails."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from gateway.admin.desk import Desk, changes
from gateway.admin.errors import Conflict, Invalid
from gateway.admin.guardrail_schemas import GuardrailIn, GuardrailPatch
from gateway.admin.guardrail_shapes import check, guardrail_value, kept_value
from gateway.neutral.guardrails import Guardrail
from gateway.stores.entities import GUARDRAIL, MODEL, PROVIDER, ROUTE
from gateway.stores.versioned import Outdated, Versioned

_TRIES: Final = 8
_NULLABLE: Final = frozenset({"name", "notes", "max_characters", "max_tokens", "model", "threshold", "message"})
_NAMED: Final = 5


class GuardrailEditor:
    """Creates, changes and removes guardrails; every success publishes."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def on(self, desk: Desk) -> GuardrailEditor:
        """The same editor of other entities."""
        return GuardrailEditor(desk)

    def page(self, after: str | None, limit: int) -> tuple[Sequence[Versioned[Guardrail]], str | None]:
        """Guardrails by id."""
        return self._desk.entities.page(GUARDRAIL, after, limit)

    def get(self, identifier: str) -> Versioned[Guardrail]:
        """One guardrail."""
        return self._desk.load(GUARDRAIL, identifier)

    def create(self, body: GuardrailIn, actor: str) -> Versioned[Guardrail]:
        """Add a guardrail."""
        return self._desk.create(GUARDRAIL, self.value(body), actor)

    def value(self, body: GuardrailIn) -> Guardrail:
        """The guardrail a body describes; Invalid names the field that does not fit."""
        value = guardrail_value(body)
        self._check_model(value)
        return value

    def update(self, identifier: str, body: GuardrailPatch, expected: int | None, actor: str) -> Versioned[Guardrail]:
        """Change a guardrail."""
        fields: dict[str, Any] = {name: kept_value(value) for name, value in changes(body, nullable=_NULLABLE).items()}

        def change(value: Guardrail) -> Guardrail:
            changed = replace(value, **fields)
            if replace(changed, active=value.active) != value:  # one whose pattern is none any more can be switched off
                check(changed)
            if changed.model != value.model:
                self._check_model(changed)
            return changed

        return self._desk.revise(GUARDRAIL, identifier, expected, change, actor)

    def put(self, value: Guardrail, actor: str) -> Versioned[Guardrail]:
        """Make the stored guardrail equal to `value`, creating it where it is missing."""
        if self._desk.entities.get(GUARDRAIL, value.id) is None:
            return self._desk.create(GUARDRAIL, value, actor)
        return self._desk.revise(GUARDRAIL, value.id, None, lambda _old: value, actor)

    def delete(self, identifier: str, expected: int | None, actor: str) -> None:
        """Remove a guardrail; Conflict names the routes that still name it."""
        for _ in range(_TRIES):
            row = self._desk.load(GUARDRAIL, identifier, expected)
            uses = self._desk.entities.uses(identifier, GUARDRAIL)
            self._refuse_used(identifier)
            try:
                self._desk.entities.delete_unused(GUARDRAIL, row, uses)
            except Outdated:
                continue
            self._desk.publish(actor)
            return
        raise Conflict("Others kept changing it at the same moment; try again.")

    def _refuse_used(self, identifier: str) -> None:
        routes = [row.value.id for row in self._desk.entities.all(ROUTE) if identifier in row.value.guardrails]
        if routes:
            more = f" and {len(routes) - _NAMED} more" if len(routes) > _NAMED else ""
            told = f"{len(routes)} route{'s' if len(routes) > 1 else ''} ({', '.join(routes[:_NAMED])}{more})"
            raise Conflict(f"The guardrail is in use by {told}.")

    def _check_model(self, value: Guardrail) -> None:
        """A model that nobody knows would refuse every request. Of what is not listed only its provider knows what it does."""
        name, entities = value.model, self._desk.entities
        if name is None or entities.get(ROUTE, name) is not None:
            return
        provider, slash, _ = name.partition("/")
        if slash and entities.get(PROVIDER, provider) is not None:
            return
        model = entities.get(MODEL, name)
        if model is None:
            raise Invalid(f"There is no model {name!r}.", field="model")
        if model.value.kind != "moderation":
            raise Invalid(f"{name!r} is a model of kind {model.value.kind}, not moderation.", field="model")
