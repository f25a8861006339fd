"""Answers of Anthropic Messages, as a relay reads them. https://platform.claude.com/docs/en/api/messages#response"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from gateway.neutral.usage import IMPOSSIBLE, Usage
from gateway.wire.reading import count, impossible


def usage(body: Mapping[str, Any]) -> Usage | None:
    """Usage of an answer in disjoint buckets (Anthropic's are disjoint already); None when there is none.

    `cache_creation` splits what was written by its lifetime; without the split, all of `cache_creation_input_tokens` is the 5-minute kind.
    """
    data = body.get("usage")
    if not isinstance(data, Mapping) or not ({"input_tokens", "output_tokens"} & data.keys()):
        return None
    if impossible(data):
        return IMPOSSIBLE
    written = data.get("cache_creation")
    hour = count(written, "ephemeral_1h_input_tokens")
    total = max(count(data, "cache_creation_input_tokens"), hour + count(written, "ephemeral_5m_input_tokens"))
    output = count(data, "output_tokens")
    return Usage(
        fresh=count(data, "input_tokens"),
        cache_read=count(data, "cache_read_input_tokens"),
        cache_write_5m=total - hour,
        cache_write_1h=hour,
        output=output,
        reasoning=min(output, count(data.get("output_tokens_details"), "thinking_tokens")),
        source="upstream",
    )


def opening(message: Mapping[str, Any]) -> Usage | None:
    """Usage of a `message_start`: what went in is known, what comes out is not."""
    found = usage(message)
    return replace(found, source="estimated") if found is not None and found.source == "upstream" else found


def added(early: Usage | None, event: Mapping[str, Any]) -> Usage | None:
    """Usage after a `message_delta`, which is cumulative: what it reports replaces what was known, what it leaves out stays."""
    late = usage(event)
    if late is None:
        return early
    known = early or Usage()
    if late.source == "impossible":
        return replace(known, source="impossible")
    reported = event["usage"]
    told_cache = reported.get("cache_creation_input_tokens") is not None
    split = reported.get("cache_creation") is not None
    written = told_cache and (split or not known.cache_write_1h)
    return Usage(
        fresh=late.fresh if reported.get("input_tokens") is not None else known.fresh,
        cache_read=late.cache_read if reported.get("cache_read_input_tokens") is not None else known.cache_read,
        cache_write_5m=late.cache_write_5m if written else known.cache_write_5m,
        cache_write_1h=late.cache_write_1h if written else known.cache_write_1h,
        output=late.output,
        reasoning=late.reasoning,
        source=known.source if known.source == "impossible" else "upstream",
    )


def counted(body: Mapping[str, Any]) -> Usage | None:
    """count_tokens consumes nothing: its answer is not usage."""
    del body
    return Usage()


def error(body: Mapping[str, Any]) -> str | None:
    """The type of an error object in a success or in a stream (`{"type": "error", "error": {...}}`); None when it is none."""
    if body.get("type") != "error":
        return None
    found = body.get("error")
    return str(found.get("type") or "api_error")[:64] if isinstance(found, Mapping) else "api_error"


def text(body: Mapping[str, Any]) -> str:
    """All generated text of an answer, thinking and tool arguments included, for an estimate."""
    content = body.get("content")
    blocks = content if isinstance(content, list) else []
    return "".join(words(block) for block in blocks if isinstance(block, Mapping))


def starts(block: Mapping[str, Any]) -> bool:
    """Whether the start of a block is content: a text or a thought is, once it has words or a signature, anything else (a call) at once."""
    return block.get("type") not in ("text", "thinking") or grows(block)


def grows(delta: Mapping[str, Any]) -> bool:
    """Whether a delta holds anything, be it of a kind nobody knows."""
    return any(value for name, value in delta.items() if name != "type")


def words(block: Mapping[str, Any]) -> str:
    """Text of one content block or of one delta."""
    found = [block.get(name) for name in ("text", "thinking", "partial_json", "name")]
    if isinstance(block.get("input"), Mapping) and block["input"]:
        found.append(str(block["input"]))
    return "".join(word for word in found if isinstance(word, str))
