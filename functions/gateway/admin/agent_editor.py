"""Changing agents."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from gateway.admin.agent_schemas import AgentIn, AgentPatch
from gateway.admin.agent_shapes import agent_value, kept_value
from gateway.admin.desk import Desk, changes
from gateway.admin.errors import Invalid
from gateway.neutral.dialogs import Agent
from gateway.stores.entities import AGENT, MODEL, PROVIDER, ROUTE
from gateway.stores.versioned import Versioned

_NULLABLE: Final = frozenset(AgentPatch.model_fields) - {"name", "description"}


class AgentEditor:
    """Creates, changes and removes agents; every success publishes."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def on(self, desk: Desk) -> AgentEditor:
        """The same editor of other entities."""
        return AgentEditor(desk)

    def page(self, after: str | None, limit: int) -> tuple[Sequence[Versioned[Agent]], str | None]:
        """Agents by id."""
        return self._desk.entities.page(AGENT, after, limit)

    def get(self, identifier: str) -> Versioned[Agent]:
        """One agent."""
        return self._desk.load(AGENT, identifier)

    def create(self, body: AgentIn, actor: str) -> Versioned[Agent]:
        """Add an agent."""
        return self._desk.create(AGENT, self.value(body), actor)

    def value(self, body: AgentIn) -> Agent:
        """The agent a body describes; Invalid when nobody knows its model."""
        value = agent_value(body)
        self._check_model(value)
        return value

    def update(self, identifier: str, body: AgentPatch, expected: int | None, actor: str) -> Versioned[Agent]:
        """Change an agent."""
        fields: dict[str, Any] = {name: kept_value(value) for name, value in changes(body, nullable=_NULLABLE).items()}

        def change(value: Agent) -> Agent:
            changed = replace(value, **fields)
            if changed.model != value.model:
                self._check_model(changed)
            return changed

        return self._desk.revise(AGENT, identifier, expected, change, actor)

    def put(self, value: Agent, actor: str) -> Versioned[Agent]:
        """Make the stored agent equal to `value`, creating it where it is missing."""
        if self._desk.entities.get(AGENT, value.id) is None:
            return self._desk.create(AGENT, value, actor)
        return self._desk.revise(AGENT, value.id, None, lambda _old: value, actor)

    def delete(self, identifier: str, expected: int | None, actor: str) -> None:
        """Remove an agent. Dialogs that name it go on without; a built-in one of the same id is back."""
        self._desk.remove(AGENT, identifier, expected, actor)

    def _check_model(self, value: Agent) -> None:
        """The model may go later, and dialogs then say so; one that was never there is a mistake."""
        name, entities = value.model, self._desk.entities
        if name is None or entities.get(ROUTE, name) is not None or entities.get(MODEL, name) is not None:
            return
        provider, slash, _ = name.partition("/")
        if not slash or entities.get(PROVIDER, provider) is None:
            raise Invalid(f"There is no model {name!r}.", field="model")
