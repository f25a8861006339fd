"""Dialogs and agents: values, and their JSON under `/api/v1`. Both planes use them; `gateway.stores.dialog_rows` says how they are stored.

A *question* is a user's message, its *answer* the assistant's. A question's id is the `message_id` that its client chose, else one of ours; sent
again under the same id it is the same message. Times are Unix milliseconds here and ISO 8601 in UTC in JSON.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime
from typing import Any, Final, Literal

Role = Literal["system", "user", "assistant", "tool"]


@dataclass(frozen=True, slots=True)
class AgentConfig:
    """How a model is asked; None = nothing is said. `temperature` and `top_p` 0 to 1, the penalties -2 to 2, `max_tokens` 1 to the context window."""

    temperature: float | None = None
    top_p: float | None = None
    presence_penalty: float | None = None
    frequency_penalty: float | None = None
    max_tokens: int | None = None
    stop_sequences: tuple[str, ...] | None = None

    def under(self, other: AgentConfig) -> AgentConfig:
        """This one with what the other says in the place of what this one says."""
        said = {one.name: getattr(other, one.name) for one in fields(AgentConfig)}
        return replace(self, **{name: value for name, value in said.items() if value is not None})


@dataclass(frozen=True, slots=True)
class Agent:
    """A preset that dialogs name: `system_prompt` and `model` where the dialog says none, and how the model is asked."""

    id: str
    name: str
    description: str = ""
    system_prompt: str | None = None
    model: str | None = None
    temperature: float | None = None
    top_p: float | None = None
    presence_penalty: float | None = None
    frequency_penalty: float | None = None
    max_tokens: int | None = None
    stop_sequences: tuple[str, ...] | None = None

    @property
    def config(self) -> AgentConfig:
        """The part that is merged with the dialog's and the message's."""
        return AgentConfig(**{one.name: getattr(self, one.name) for one in fields(AgentConfig)})


PRESETS: Final = (
    Agent("default", "Default", "A helpful assistant.", temperature=0.7),
    Agent("code_assistant", "Code assistant", "Precise answers about code.", temperature=0.2, max_tokens=4096),
    Agent("creative_writer", "Creative writer", "Free and varied texts.", temperature=0.9),
)
"""What every deployment has. An agent of the release with the same id takes the place of a preset."""


def agents(released: Sequence[Agent]) -> tuple[Agent, ...]:
    """All agents there are, presets first, by what a release says."""
    own = {one.id: one for one in released}
    presets = tuple(own.pop(preset.id, preset) for preset in PRESETS)
    return (*presets, *own.values())


def agent_from_json(data: Mapping[str, Any]) -> Agent:
    """Inverse of `gateway.neutral.config.to_json`; ValueError for unknown fields, TypeError for missing ones."""
    return Agent(**_known(Agent, data))


def config_from_json(data: Mapping[str, Any]) -> AgentConfig:
    """The same for an agent config. Bounds are not looked at (`gateway.dialogs.config`)."""
    return AgentConfig(**_known(AgentConfig, data))


@dataclass(frozen=True, slots=True)
class Dialog:
    """A conversation of one owner. `model_name` None = the agent's, else the deployment's default. `version` counts edits, not messages."""

    id: str
    owner: str
    created_at: int
    updated_at: int
    title: str | None = None
    system_prompt: str | None = None
    model_name: str | None = None
    agent: str | None = None
    config: AgentConfig = AgentConfig()
    message_count: int = 0
    version: int = 1


@dataclass(frozen=True, slots=True)
class Mark:
    """Why a message is not what it should be: on a question, that it has no answer; on an answer, that it is not whole."""

    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Message:
    """One message. `at_ms` is its place in the dialog: an answer has its question's, so that the two stay together; `created_at` is when it was
    written. `tool_calls` (in Chat Completions' shape) and `tool_call_id` are for what was imported. `model` is the one that answered."""

    id: str
    dialog_id: str
    role: Role
    content: str
    at_ms: int
    created_at: int
    prompt_tokens: int = 0
    completion_tokens: int = 0
    model: str | None = None
    error: Mark | None = None
    tool_calls: tuple[Mapping[str, Any], ...] = ()
    tool_call_id: str | None = None


def iso(milliseconds: int) -> str:
    """`2025-11-21T17:06:51.000Z`."""
    text = datetime.fromtimestamp(milliseconds / 1000, UTC).isoformat(timespec="milliseconds")
    return text.replace("+00:00", "Z")


def config_json(config: AgentConfig) -> dict[str, Any]:
    """What is said of how a model is asked; what is not said is left out."""
    said = {one.name: getattr(config, one.name) for one in fields(AgentConfig)}
    return {
        name: list(value) if isinstance(value, tuple) else value for name, value in said.items() if value is not None
    }


def dialog_json(dialog: Dialog) -> dict[str, Any]:
    """A dialog as clients see it."""
    return {
        "id": dialog.id,
        "user_id": dialog.owner,
        "title": dialog.title,
        "system_prompt": dialog.system_prompt,
        "model_name": dialog.model_name,
        "agent": dialog.agent,
        "agent_config": config_json(dialog.config),
        "created_at": iso(dialog.created_at),
        "updated_at": iso(dialog.updated_at),
        "message_count": dialog.message_count,
    }


def message_json(message: Message) -> dict[str, Any]:
    """A message as clients see it; `tool_calls` and `tool_call_id` only where there are any."""
    error = message.error
    found: dict[str, Any] = {
        "id": message.id,
        "dialog_id": message.dialog_id,
        "role": message.role,
        "content": message.content,
        "prompt_tokens": message.prompt_tokens,
        "completion_tokens": message.completion_tokens,
        "created_at": iso(message.created_at),
        "error": None if error is None else {"code": error.code, "message": error.message},
        "model": message.model,
    }
    if message.tool_calls:
        found["tool_calls"] = [dict(call) for call in message.tool_calls]
    return found if message.tool_call_id is None else found | {"tool_call_id": message.tool_call_id}


def _known(kind: type[Any], data: Mapping[str, Any]) -> dict[str, Any]:
    unknown = set(data) - {one.name for one in fields(kind)}
    if unknown:
        raise ValueError(f"{kind.__name__}: unknown fields {sorted(unknown)}")
    plain = dict(data)
    if plain.get("stop_sequences") is not None:
        plain["stop_sequences"] = tuple(plain["stop_sequences"])
    return plain
