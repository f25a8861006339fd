"""Agents as replies, and bodies as agents."""

from __future__ import annotations

from typing import Any

from gateway.admin.agent_schemas import AgentIn, AgentOut
from gateway.neutral.dialogs import PRESETS, Agent
from gateway.stores.versioned import Versioned

BUILT_IN = frozenset(preset.id for preset in PRESETS)


def agent_out(row: Versioned[Agent]) -> AgentOut:
    """An agent's reply."""
    value = row.value
    config = value.config
    return AgentOut(
        id=value.id,
        name=value.name,
        description=value.description,
        system_prompt=value.system_prompt,
        model=value.model,
        temperature=config.temperature,
        top_p=config.top_p,
        presence_penalty=config.presence_penalty,
        frequency_penalty=config.frequency_penalty,
        max_tokens=config.max_tokens,
        stop_sequences=None if config.stop_sequences is None else list(config.stop_sequences),
        built_in=value.id in BUILT_IN,
        version=row.version,
        updated_at=row.updated_at,
    )


def kept_value(value: Any) -> Any:
    """A body's value as it is kept."""
    return tuple(value) if isinstance(value, list) else value


def agent_value(body: AgentIn) -> Agent:
    """The agent a body describes."""
    fields = {name: kept_value(getattr(body, name)) for name in AgentIn.model_fields}
    return Agent(**{**fields, "name": body.name or body.id})
