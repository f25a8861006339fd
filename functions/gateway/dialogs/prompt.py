"""The Chat Completions request of a message in its dialog."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import orjson

from gateway.neutral.dialogs import AgentConfig

_SAMPLING: Final = ("temperature", "top_p", "presence_penalty", "frequency_penalty")


@dataclass(frozen=True, slots=True)
class Manner:
    """What the models that may serve a request take: `sampling` False where one of them refuses temperature and the like; `newer` where all of them
    call the limit of output `max_completion_tokens`."""

    sampling: bool = True
    newer: bool = False


def fixed(system: str | None, content: str) -> list[dict[str, Any]]:
    """What is kept whatever the history: the system prompt, if there is one, and the question."""
    prompt = [{"role": "system", "content": system}] if system else []
    return [*prompt, {"role": "user", "content": content}]


def question(data: Mapping[str, Any]) -> str:
    """The question of such a request, as guardrails left it."""
    content = data["messages"][-1]["content"]
    return content if isinstance(content, str) else ""


def body(
    model: str, messages: Sequence[Mapping[str, Any]], config: AgentConfig, manner: Manner, *, stream: bool
) -> bytes:
    """The request. `config.max_tokens` as it shall be asked."""
    found: dict[str, Any] = {"model": model, "messages": list(messages)}
    if manner.sampling:
        found |= {name: getattr(config, name) for name in _SAMPLING if getattr(config, name) is not None}
    if config.max_tokens is not None:
        found["max_completion_tokens" if manner.newer else "max_tokens"] = config.max_tokens
    if config.stop_sequences:
        found["stop"] = list(config.stop_sequences)
    if stream:
        found |= {"stream": True, "stream_options": {"include_usage": True}}
    return orjson.dumps(found)
