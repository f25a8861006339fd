"""The texts of a request in any dialect, told by whose words they are, and the same request with some of them changed.

A body is walked, not decoded: what a model reads as text has the same member names in every dialect, and what is not known is walked as well, so
that a new kind of block is no way around a guardrail. Ids, addresses, names, ciphers and base64 are left alone; in free JSON (arguments and results
of tools, variables of prompts) no name means any of these, and every text and number of it counts. Of the schemas of tools and answers only the
descriptions do.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Mapping
from typing import Any, Final

from gateway.neutral.guardrails import Role

Change = Callable[[str, Role], str]
"""What becomes of a text; the same one = it stays."""

_MAX_DEPTH: Final = 64
PLACES: Final[Mapping[str, Role]] = {
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
_ROLES: Final[Mapping[str, Role]] = {
    "system": "system",
    "developer": "system",
    "assistant": "assistant",
    "model": "assistant",
    "user": "user",
    "tool": "user",
    "function": "user",
}
# Tools, and the form of an answer: of their schemas a model reads the descriptions.
_OFFERED: Final = (
    *("tools", "functions", "response_format", "text", "output_format", "output_config"),
    *("generationConfig", "generation_config"),
)
_DRAWN: Final = frozenset(["image_generation_call"])
# A name as programs have them; a person's, an address, a number is none.
_PLAIN_NAME: Final = re.compile(r"[A-Za-z_$][\w$.-]{0,63}", re.ASCII)
# Members of a message, and of a list of them, have roles; parts of it have none.
_DEEPEST_ROLE: Final = 2
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
    for name, role in PLACES.items():
        if name in found:
            free = name == "documents"
            # What stands there is the application's, whatever role it says it has.
            found[name] = _walk(found[name], role, _always(change, role) if role == "system" else change, free=free)
    for name in _OFFERED:
        if name in found:
            found[name] = _described(found[name], change, 0)
    return data if all(found[name] is data[name] for name in found) else found


def _always(change: Change, role: Role) -> Change:
    return lambda text, _said: change(text, role)


def texts(data: Mapping[str, Any], roles: Collection[Role]) -> list[str]:
    """The texts of these roles, in order."""
    kept: list[str] = []

    def keep(text: str, role: Role) -> str:
        if role in roles:
            kept.append(text)
        return text

    changed(data, keep)
    return kept


def walked(value: Any, change: Change, *, free: bool = False) -> Any:
    """JSON of the model's own (a part of an answer) with every text passed through `change`; the very same object when none changed.

    `free`: no name in it means an id or an address, and numbers are looked at as well: one that is changed becomes a text.
    """
    return _walk(value, "assistant", change, free=free)


def arguments(written: str, role: Role, change: Change) -> str:
    """What a tool is called with: JSON by its texts and numbers, whatever is escaped in it; anything else as a text."""
    try:
        data = json.loads(written, object_pairs_hook=once)
    except (ValueError, RecursionError):
        return change(written, role)
    if not isinstance(data, dict | list):
        return change(written, role)
    looked = _walk(data, role, change, free=True)
    return written if looked is data else json.dumps(looked, ensure_ascii=False, separators=(",", ":"))


def left(value: Mapping[str, Any], names: frozenset[str]) -> frozenset[str]:
    """Members of an object that are not looked at; a drawn picture is base64 under a name of its own."""
    return names | {"result"} if value.get("type") in _DRAWN else names


def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object of JSON; ValueError for one with a name twice, which others may read in another way."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name is there twice")
    return found


def _walk(value: Any, role: Role, change: Change, depth: int = 0, *, free: bool = False) -> Any:
    if isinstance(value, str):
        return change(value, role) if value else value
    if depth >= _MAX_DEPTH:
        return _flat(value, role, change)
    if isinstance(value, list):
        items = [_walk(item, role, change, depth + 1, free=free) for item in value]
        return value if all(one is other for one, other in zip(items, value, strict=True)) else items
    if isinstance(value, Mapping):
        return _free(value, role, change, depth) if free else _object(value, role, change, depth)
    return _number(value, role, change) if free else value


def _flat(value: Any, role: Role, change: Change) -> Any:
    """What lies deeper than anybody writes is looked at as one text, which takes its place if it is changed."""
    found: list[str] = []
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, Mapping):
            waiting += [*one.values(), *one]
        elif isinstance(one, list):
            waiting += one
        elif one is not None:
            found.append(str(one))
    text = "\n".join(reversed(found))
    looked = change(text, role) if text else text
    return value if looked == text else looked


def _number(value: Any, role: Role, change: Change) -> Any:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return value
    text = str(value)
    looked = change(text, role)
    return value if looked == text else looked


def _free(value: Mapping[str, Any], role: Role, change: Change, depth: int) -> Mapping[str, Any]:
    """An object of the caller's own, with its names where they are more than names."""
    members = {name: _walk(item, role, change, depth + 1, free=True) for name, item in value.items()}
    names = {name: name if not name or _PLAIN_NAME.fullmatch(name) else change(name, role) for name in value}
    if all(name == found for name, found in names.items()):
        return _same(value, members)
    told: dict[str, Any] = {}
    for name, item in members.items():
        place = names[name]
        told[place if place not in told else f"{place} {len(told)}"] = item
    return told


def _object(value: Mapping[str, Any], role: Role, change: Change, depth: int) -> Mapping[str, Any]:
    if depth <= _DEEPEST_ROLE:
        role = _role(value, role)
    # The source of a plain text document is under `data`.
    names = left(value, _LEFT - {"data"} if value.get("type") == "text" else _LEFT)
    return _same(
        value,
        {name: _member(name, item, role, change, depth + 1) for name, item in value.items() if name not in names},
    )


def _member(name: str, value: Any, role: Role, change: Change, depth: int) -> Any:
    if name == "arguments" and isinstance(value, str):
        return arguments(value, role, change)
    return _walk(value, role, change, depth, free=name in _FREE and isinstance(value, Mapping))


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


def _role(value: Mapping[str, Any], role: Role) -> Role:
    said = value.get("role")
    if isinstance(said, str):
        return _ROLES.get(said, "user")
    return "assistant" if value.get("type") in _OWN else role
