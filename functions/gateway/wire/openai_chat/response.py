"""Answers of OpenAI Chat Completions, as a relay reads them. https://platform.openai.com/docs/api-reference/chat/object"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gateway.neutral.usage import IMPOSSIBLE, Usage, service_of
from gateway.wire.reading import count, impossible


def usage(body: Mapping[str, Any]) -> Usage | None:
    """Usage of an answer or of the last chunk, in disjoint buckets; None when the upstream gave none.

    `prompt_tokens` includes what was read from and written to a cache; `completion_tokens` includes reasoning, except at xAI, whose
    `total_tokens` is then the sum of all three. DeepSeek names its cache hits `prompt_cache_hit_tokens`. Tokens of sound (and of pictures, as
    compatible servers tell them) are parts of the two sums.
    """
    data = body.get("usage")
    if impossible(data):
        return IMPOSSIBLE
    if not isinstance(data, Mapping) or not isinstance(data.get("prompt_tokens"), int):
        return None
    details = data.get("prompt_tokens_details")
    total = count(data, "prompt_tokens")
    read = min(total, count(details, "cached_tokens") or count(data, "prompt_cache_hit_tokens"))
    written = min(total - read, count(details, "cache_write_tokens"))
    output = count(data, "completion_tokens")
    parts = data.get("completion_tokens_details")
    reasoning = count(parts, "reasoning_tokens")
    if reasoning and count(data, "total_tokens") == total + output + reasoning:
        output += reasoning
    reasoning = min(output, reasoning)
    return Usage(
        fresh=total - read - written,
        cache_read=read,
        cache_write_5m=written,
        output=output,
        reasoning=reasoning,
        source="upstream",
        audio_input=min(total - read - written, count(details, "audio_tokens")),
        audio_output=min(output - reasoning, count(parts, "audio_tokens")),
        image_input=min(total - read - written, count(details, "image_tokens")),
        image_output=min(output - reasoning, count(parts, "image_tokens")),
        service=service_of(body.get("service_tier")),
    )


def error(body: Mapping[str, Any]) -> str | None:
    """The type that an error object in a success names (`{"error": {...}}`, seen from several compatible servers); None when there is none."""
    found = body.get("error")
    if not found:
        return None
    return str(found.get("type") or "upstream_error")[:64] if isinstance(found, Mapping) else "upstream_error"


def shows(choice: Mapping[str, Any]) -> bool:
    """Whether a choice of a chunk holds something of the answer, members nobody knows included."""
    part = choice.get("delta") or choice.get("message")
    return isinstance(part, Mapping) and any(value for name, value in part.items() if name != "role")


def text(body: Mapping[str, Any]) -> str:
    """All generated text of an answer or a chunk, tool arguments included, for an estimate."""
    pieces: list[str] = []
    choices = body.get("choices")
    for choice in choices if isinstance(choices, list) else ():
        part = (choice.get("delta") or choice.get("message")) if isinstance(choice, Mapping) else None
        if isinstance(part, Mapping):
            pieces += _words(part)
    return "".join(pieces)


def _words(part: Mapping[str, Any]) -> list[str]:
    found = [part.get(name) for name in ("content", "reasoning_content", "reasoning", "refusal")]
    calls = part.get("tool_calls")
    for call in calls if isinstance(calls, list) else ():
        function = call.get("function") if isinstance(call, Mapping) else None
        if isinstance(function, Mapping):
            found += [function.get("name"), function.get("arguments")]
    return [word for word in found if isinstance(word, str)]
