"""Answers of Chat Completions as one flat object.

    {"id", "content", "model", "provider", "usage": {"prompt_tokens", "completion_tokens", "total_tokens"},
     "cost": {"input_cost", "output_cost", "total_cost", "currency": "USD"} | null,
     "latency_ms", "cached", "request_id", "timestamp", "finish_reason"}

`model` is the one that answered. `timestamp` is ISO 8601 in UTC; costs are numbers in US dollars, null where no price is known. A streamed chunk
holds `id`, `content`, `model`, `provider`, `finish_reason` and `usage`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from gateway.wire.told import Told


def answer(chat: Mapping[str, Any], told: Told) -> dict[str, Any]:
    """The answer of a whole Chat Completions object."""
    choice = _choice(chat)
    message = choice.get("message")
    said = message if isinstance(message, Mapping) else {}
    found: dict[str, Any] = {
        "id": chat.get("id") or told.request_id,
        "content": _content(said),
        "model": _model(chat, told),
        "provider": told.provider,
        "usage": usage(chat),
        "cost": cost(told),
        "latency_ms": round(told.latency_ms, 2),
        "cached": told.cached,
        "request_id": told.request_id,
        "timestamp": datetime.fromtimestamp(told.time_ms / 1000, UTC).isoformat(),
        "finish_reason": choice.get("finish_reason"),
    }
    # Not part of the shape, but an answer without them would be an empty one.
    for name in ("tool_calls", "refusal"):
        if said.get(name):
            found[name] = said[name]
    return found


def chunk(chat: Mapping[str, Any], told: Told) -> dict[str, Any]:
    """One chunk of a stream."""
    choice = _choice(chat)
    delta = choice.get("delta")
    said = delta if isinstance(delta, Mapping) else {}
    found: dict[str, Any] = {
        "id": chat.get("id") or told.request_id,
        "content": _content(said),
        "model": _model(chat, told),
        "provider": told.provider,
        "finish_reason": choice.get("finish_reason"),
        "usage": usage(chat),
    }
    for name in ("tool_calls", "refusal"):
        if said.get(name):
            found[name] = said[name]
    return found


def usage(chat: Mapping[str, Any]) -> dict[str, int] | None:
    """The three sums; None when the provider gave none."""
    data = chat.get("usage")
    if not isinstance(data, Mapping):
        return None
    names = ("prompt_tokens", "completion_tokens", "total_tokens")
    return {name: value if isinstance(value := data.get(name), int) else 0 for name in names}


def cost(told: Told) -> dict[str, Any] | None:
    """US dollars."""
    if told.nano is None:
        return None
    return {
        "input_cost": (told.input_nano or 0) / 1e9,
        "output_cost": (told.output_nano or 0) / 1e9,
        "total_cost": told.nano / 1e9,
        "currency": "USD",
    }


def _model(chat: Mapping[str, Any], told: Told) -> str:
    """As the provider calls it; where its answer was put under the name that was asked for, which may be a route's, as the gateway does."""
    name = chat.get("model")
    return name if isinstance(name, str) and name not in {"", told.model} else told.answered or told.model


def _choice(chat: Mapping[str, Any]) -> Mapping[str, Any]:
    choices = chat.get("choices")
    first = choices[0] if isinstance(choices, list) and choices else None
    return first if isinstance(first, Mapping) else {}


def _content(said: Mapping[str, Any]) -> str:
    content = said.get("content")
    return content if isinstance(content, str) else ""
