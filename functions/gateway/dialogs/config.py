"""How a model is asked in a dialog: the agent's preset, then what the dialog says, then what the message says; and what may be said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from gateway.errors import InvalidRequest
from gateway.neutral.dialogs import Agent, AgentConfig, Dialog, agents

RANGES: Final[Mapping[str, tuple[float, float]]] = {
    "temperature": (0, 1),
    "top_p": (0, 1),
    "presence_penalty": (-2, 2),
    "frequency_penalty": (-2, 2),
}
MOST_STOPS: Final = 4
LONGEST_STOP: Final = 256
_DEFAULT: Final = "default"


def agent_of(dialog: Dialog, released: Sequence[Agent]) -> Agent:
    """The agent of a dialog; the default one where it names none, or one that there is no more."""
    found = {agent.id: agent for agent in agents(released)}
    return found.get(dialog.agent or _DEFAULT) or found[_DEFAULT]


def merged(agent: Agent, dialog: Dialog, message: AgentConfig) -> AgentConfig:
    """The last word counts: preset < dialog < message."""
    return agent.config.under(dialog.config).under(message)


def read(value: Any, at: str = "agent_config") -> AgentConfig:
    """The config a client sends; InvalidRequest names the field that is wrong. The upper bound of `max_tokens` is the model's (`bounded`)."""
    if value is None:
        return AgentConfig()
    if not isinstance(value, Mapping):
        raise InvalidRequest(f"The field '{at}' must be an object.", param=at)
    known = (*RANGES, "max_tokens", "stop_sequences")
    for name in value:
        if name not in known:
            raise InvalidRequest(f"There is no field '{at}.{str(name)[:64]}' here.", param=f"{at}.{str(name)[:64]}")
    said: dict[str, Any] = {name: _number(value.get(name), name, at) for name in RANGES}
    return AgentConfig(**said, max_tokens=_tokens(value.get("max_tokens"), at), stop_sequences=_stops(value, at))


def _number(value: Any, name: str, at: str) -> float | None:
    if value is None:
        return None
    low, high = RANGES[name]
    if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
        raise InvalidRequest(
            f"The field '{at}.{name}' must be a number from {low:g} to {high:g}.", param=f"{at}.{name}"
        )
    return value


def _tokens(value: Any, at: str) -> int | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise InvalidRequest(f"The field '{at}.max_tokens' must be a whole number from 1 on.", param=f"{at}.max_tokens")
    return value


def _stops(value: Mapping[str, Any], at: str) -> tuple[str, ...] | None:
    stops = value.get("stop_sequences")
    if stops is None:
        return None
    good = isinstance(stops, list) and len(stops) <= MOST_STOPS
    if not good or not all(isinstance(one, str) and 0 < len(one) <= LONGEST_STOP for one in stops):
        raise InvalidRequest(
            f"The field '{at}.stop_sequences' must be an array of at most {MOST_STOPS} texts of 1 to {LONGEST_STOP} characters.",
            param=f"{at}.stop_sequences",
        )
    return tuple(stops)
