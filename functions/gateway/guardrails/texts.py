"""The texts of a request in any dialect, told by whose words they are, and the same request with some of them changed.

A body is walked, not decoded: what a model reads as text has the same member names in every dialect, and what is not known is walked as well, so
that a new kind of block is no way around a guardrail. Ids, addresses, names, ciphers and base64 are left alone; in free JSON (arguments and results
of tools, variables of prompts) no name means any of these, and every text of it counts. Of the tools that are offered only the descriptions do.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, Literal

Side = Literal["system", "user", "assistant"]
"""Whose words: the application's, the user's (what tools gave counts as theirs: it is not trusted either), the model's own."""

Change = Callable[[str, Side], str]
"""What becomes of a text; the same one = it stays."""

_MAX_DEPTH: Final = 64
PLACES: Final[Mapping[str, Side]] = {
    "messages": "user",
    "input": "user",
    "contents": "user",
    "content": "user",
    "prompt": "user",
    "suffix": "user",
    "query": "user",
    "documents": "user",
    "requests": "user",
    "prediction": "user",
    "generateContentRequest": "user",
    "generate_content_request": "user",
    "system": "system",
    "instructions": "system",
    "systemInstruction": "system",
    "system_instruction": "system",
}
"""Top-level members and whose words they hold, where no role says it."""
_ROLES: Final[Mapping[str, Side]] = {
    "system": "system",
    "developer": "system",
    "assistant": "assistant",
    "model": "assistant",
    "user": "user",
    "tool": "user",
    "function": "user",
}
_OFFERED: Final = ("tools", "functions")
# Whole objects that are base64 under a name of its own.
PICTURES: Final = frozenset(["image_generation_call"])
# Members whose objects are the caller's own, not the dialect's.
_FREE: Final = frozenset(["input", "args", "response", "variables", "json"])
# Items of Responses that are the model's own, and have no role.
_OWN: Final = frozenset(["function_call", "custom_tool_call", "reasoning", "local_shell_call", "web_search_call"])
_LEFT: Final = frozenset(
    [
        *("type", "id", "role", "name", "call_id", "tool_call_id", "tool_use_id", "toolUseId", "cache_control"),
        *("cachePoint", "status", "signature", "thoughtSignature", "thought_signature", "encrypted_content", "model"),
        *("media_type", "mime_type", "mimeType", "url", "image_url", "data", "file_data", "file_id", "file_url"),
        *("fileUri", "file_uri", "detail", "format", "redactedContent", "encrypted_index", "container_id", "logprobs"),
        *("inlineData", "inline_data", "fileData", "file_data", "bytes"),
    ]
)


def changed(data: Mapping[str, Any], change: Change) -> Mapping[str, Any]:
    """The body with every text passed through `change`; the very same object when none changed. Order of members stays."""
    found = dict(data)
    for name, side in PLACES.items():
        if name in found:
            free = name == "documents"
            found[name] = _walk(found[name], side, change, free=free)
    for name in _OFFERED:
        if name in found:
            found[name] = _described(found[name], change, 0)
    return data if all(found[name] is data[name] for name in found) else found


def texts(data: Mapping[str, Any], sides: frozenset[Side]) -> list[str]:
    """The texts of these sides, in order."""
    kept: list[str] = []

    def keep(text: str, side: Side) -> str:
        if side in sides:
            kept.append(text)
        return text

    changed(data, keep)
    return kept


def walked(value: Any, change: Change, *, free: bool = False) -> Any:
    """JSON of the model's own (a part of an answer) with every text passed through `change`; the very same object when none changed.

    `free`: no name in it means an id or an address.
    """
    return _walk(value, "assistant", change, free=free)


def _walk(value: Any, side: Side, change: Change, depth: int = 0, *, free: bool = False) -> Any:
    if isinstance(value, str):
        return change(value, side) if value else value
    if depth >= _MAX_DEPTH:
        return value
    if isinstance(value, list):
        items = [_walk(item, side, change, depth + 1, free=free) for item in value]
        return value if all(one is other for one, other in zip(items, value, strict=True)) else items
    if not isinstance(value, Mapping):
        return value
    if free:
        return _same(value, {name: _walk(item, side, change, depth + 1, free=True) for name, item in value.items()})
    return _object(value, _side(value, side), change, depth)


def _object(value: Mapping[str, Any], side: Side, change: Change, depth: int) -> Mapping[str, Any]:
    if value.get("type") in PICTURES:
        return value
    left = _LEFT - {"data"} if value.get("type") == "text" else _LEFT  # the source of a plain text document
    return _same(
        value,
        {
            name: _walk(item, side, change, depth + 1, free=name in _FREE and isinstance(item, Mapping))
            for name, item in value.items()
            if name not in left
        },
    )


def _same(value: Mapping[str, Any], members: Mapping[str, Any]) -> Mapping[str, Any]:
    """The object with these members in the places of its own; itself when they are."""
    if all(item is value[name] for name, item in members.items()):
        return value
    return {name: members.get(name, item) for name, item in value.items()}


def _described(value: Any, change: Change, depth: int) -> Any:
    """Tools with their descriptions changed: names, schemas and what is in them must stay what they are."""
    if depth >= _MAX_DEPTH:
        return value
    if isinstance(value, list):
        items = [_described(item, change, depth + 1) for item in value]
        return value if all(one is other for one, other in zip(items, value, strict=True)) else items
    if not isinstance(value, Mapping):
        return value
    return _same(
        value,
        {
            name: change(item, "system")
            if name == "description" and isinstance(item, str)
            else _described(item, change, depth + 1)
            for name, item in value.items()
        },
    )


def _side(value: Mapping[str, Any], side: Side) -> Side:
    role = value.get("role")
    if isinstance(role, str):
        return _ROLES.get(role, "user")
    return "assistant" if value.get("type") in _OWN else side
