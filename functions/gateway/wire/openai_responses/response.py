"""Answers of OpenAI Responses, as a relay reads them. https://platform.openai.com/docs/api-reference/responses/object"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from gateway.neutral.usage import IMPOSSIBLE, Usage, service_of
from gateway.wire.reading import count, impossible

# Members that hold what an event says, and those by which it belongs to an item.
_SAYS: Final = ("delta", "text", "refusal", "arguments", "input")
_PLACE: Final = frozenset(["item_id", "output_index", "item", "part"])
_PARTS: Final = frozenset(["output_text", "refusal", "summary_text", "reasoning_text", "text"])


def usage(body: Mapping[str, Any]) -> Usage | None:
    """Usage of a response object, in disjoint buckets; None when the upstream gave none.

    `input_tokens` includes what was read from and written to a cache, `output_tokens` includes reasoning.
    """
    data = body.get("usage")
    if impossible(data):
        return IMPOSSIBLE
    if not isinstance(data, Mapping) or not isinstance(data.get("input_tokens"), int):
        return None
    details = data.get("input_tokens_details")
    total = count(data, "input_tokens")
    read = min(total, count(details, "cached_tokens"))
    written = min(total - read, count(details, "cache_write_tokens"))
    output = count(data, "output_tokens")
    return Usage(
        fresh=total - read - written,
        cache_read=read,
        cache_write_5m=written,
        output=output,
        reasoning=min(output, count(data.get("output_tokens_details"), "reasoning_tokens")),
        source="upstream",
        service=service_of(body.get("service_tier")),
    )


def error(body: Mapping[str, Any]) -> str | None:
    """What a failure inside a success names, its `type` or its `code`; None when there is none.

    Seen: `{"error": {...}}` alone, a response object with `status: "failed"`, and the flat `error` event of a stream.
    """
    found = body.get("error")
    if isinstance(found, Mapping) and found:
        return str(found.get("type") or found.get("code") or "upstream_error")[:64]
    if found:
        return "upstream_error"
    if body.get("type") == "error":
        return str(body.get("code") or "upstream_error")[:64]
    return "upstream_error" if body.get("status") == "failed" else None


def shows(event: Mapping[str, Any]) -> bool | None:
    """Whether an event that is no frame of the answer holds content, be it of a kind nobody knows; None when it belongs to no item."""
    said = [event[name] for name in _SAYS if name in event]
    if said:
        return any(said)
    item, part = event.get("item"), event.get("part")
    if isinstance(part, Mapping):
        return _part_shows(part)
    if isinstance(item, Mapping):
        return _item_shows(item, done=event.get("type") == "response.output_item.done")
    return True if event.keys() & _PLACE else None


def _part_shows(part: Mapping[str, Any]) -> bool:
    return part.get("type") not in _PARTS or bool(part.get("text") or part.get("refusal"))


def _item_shows(item: Mapping[str, Any], *, done: bool) -> bool:
    """Encrypted thoughts count when they are whole: at their start they are a wrapping without anything in it."""
    if item.get("type") not in ("message", "reasoning"):
        return True
    if done and item.get("encrypted_content"):
        return True
    parts = [part for name in ("content", "summary") if isinstance(item.get(name), list) for part in item[name]]
    return any(isinstance(part, Mapping) and _part_shows(part) for part in parts)


def text(body: Mapping[str, Any]) -> str:
    """All generated text of a response object, tool arguments and visible reasoning included, for an estimate."""
    output = body.get("output")
    return "".join(
        word
        for item in (output if isinstance(output, list) else ())
        if isinstance(item, Mapping)
        for word in _words(item)
    )


def _words(item: Mapping[str, Any]) -> list[str]:
    found = [item.get(name) for name in ("name", "arguments", "input")]
    for member in ("summary", "content"):
        parts = item.get(member)
        for part in parts if isinstance(parts, list) else ():
            if isinstance(part, Mapping):
                found += [part.get("text"), part.get("refusal")]
    return [word for word in found if isinstance(word, str)]
