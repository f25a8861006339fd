"""Thoughts of another vendor in a request that is relayed.

A conversation may change its model: the thoughts of the first one come back sealed (see `signatures`), and a provider that speaks the client's
own dialect would refuse them, because it checks what it signed. So they are taken out, and nothing else of the body is touched. Anthropic
refuses thoughts without a signature as well; a client has such ones from models that do not sign.
https://platform.claude.com/docs/en/build-with-claude/extended-thinking#preserving-thinking-blocks
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from gateway.neutral.losses import Loss
from gateway.wire.json_body import JsonBody
from gateway.wire.signatures import SEALED

_SEALED: Final = SEALED.encode()
_UNSIGNED: Final = re.compile(rb'"signature"\s*:\s*""')
_REASON: Final = "thoughts of another provider mean nothing to this one"

# A list of the body without what is foreign, and where that stood.
Cleaned = tuple[list[Any], list[str]]


def take_out(body: JsonBody, dialect: str) -> tuple[dict[str, Any], list[Loss]]:
    """Top-level members to replace, and what was taken out; nothing for the many bodies that hold no foreign thought."""
    cleaner = _CLEANERS.get(dialect)
    if cleaner is None or not _suspicious(body.raw, dialect):
        return {}, []
    member, clean = cleaner
    items = body.data.get(member)
    if not isinstance(items, list):
        return {}, []
    kept, gone = clean(items, member)
    if not gone:
        return {}, []
    return {member: kept}, [Loss(at, "dropped", _REASON) for at in gone]


def _suspicious(raw: bytes, dialect: str) -> bool:
    return _SEALED in raw or (dialect == "anthropic_messages" and _UNSIGNED.search(raw) is not None)


def _is_sealed(value: Any) -> bool:
    return isinstance(value, str) and value.startswith(SEALED)


def _within(items: list[Any], at: str, name: str, foreign: Callable[[Mapping[str, Any]], bool]) -> Cleaned:
    """Messages without the foreign blocks of their list `name`; a message that held nothing else goes with them."""
    kept: list[Any] = []
    gone: list[str] = []
    for number, message in enumerate(items):
        blocks = message.get(name) if isinstance(message, dict) else None
        if not isinstance(blocks, list):
            kept.append(message)
            continue
        places = [place for place, block in enumerate(blocks) if isinstance(block, dict) and foreign(block)]
        gone += [f"{at}[{number}].{name}[{place}]" for place in places]
        rest = [block for place, block in enumerate(blocks) if place not in places]
        if rest or not places or name != "content":
            kept.append({**message, name: rest} if places else message)
    return kept, gone


def _messages(items: list[Any], at: str) -> Cleaned:
    return _within(items, at, "content", _foreign_to_anthropic)


def _foreign_to_anthropic(block: Mapping[str, Any]) -> bool:
    if block.get("type") == "thinking":
        return not block.get("signature") or _is_sealed(block["signature"])
    return block.get("type") == "redacted_thinking" and _is_sealed(block.get("data"))


def _chat(items: list[Any], at: str) -> Cleaned:
    return _within(items, at, "reasoning_details", lambda one: _is_sealed(one.get("signature") or one.get("data")))


def _items(items: list[Any], at: str) -> Cleaned:
    foreign = [
        number
        for number, item in enumerate(items)
        if isinstance(item, dict) and item.get("type") == "reasoning" and _is_sealed(item.get("encrypted_content"))
    ]
    return [item for number, item in enumerate(items) if number not in foreign], [f"{at}[{one}]" for one in foreign]


def _contents(items: list[Any], at: str) -> Cleaned:
    """Gemini signs parts of every kind: the part stays, its signature goes. Thoughts without one are allowed."""
    kept: list[Any] = []
    gone: list[str] = []
    for number, content in enumerate(items):
        parts = content.get("parts") if isinstance(content, dict) else None
        if not isinstance(parts, list):
            kept.append(content)
            continue
        gone += [f"{at}[{number}].parts[{place}].{name}" for place, name in _signed(parts)]
        bare = [_bare(part) for part in parts]
        kept.append({**content, "parts": [part for part in bare if part]})
    return kept, gone


_SIGNATURES: Final = ("thoughtSignature", "thought_signature")


def _signed(parts: list[Any]) -> Iterator[tuple[int, str]]:
    for place, part in enumerate(parts):
        if isinstance(part, dict):
            yield from ((place, name) for name in _SIGNATURES if _is_sealed(part.get(name)))


def _bare(part: Any) -> Any:
    if not isinstance(part, dict):
        return part
    return {name: value for name, value in part.items() if name not in _SIGNATURES or not _is_sealed(value)}


_CLEANERS: Final[Mapping[str, tuple[str, Callable[[list[Any], str], Cleaned]]]] = {
    "anthropic_messages": ("messages", _messages),
    "openai_chat": ("messages", _chat),
    "openai_responses": ("input", _items),
    "gemini": ("contents", _contents),
}
