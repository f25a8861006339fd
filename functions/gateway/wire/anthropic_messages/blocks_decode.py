"""Content blocks of a client's request: https://platform.claude.com/docs/en/api/messages#body-messages"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

import orjson

from gateway.errors import InvalidRequest
from gateway.neutral.blocks import (
    NO_EXTRAS,
    Block,
    Extras,
    Media,
    Opaque,
    Text,
    Thinking,
    ToolCall,
    ToolResult,
)
from gateway.wire import signatures
from gateway.wire.anthropic_messages import members
from gateway.wire.anthropic_messages.members import DIALECT

_TEXT: Final = frozenset(["type", "text", "cache_control"])
_MEDIA: Final = frozenset(["type", "source", "title", "cache_control"])
_THINKING: Final = frozenset(["type", "thinking", "signature"])
_REDACTED: Final = frozenset(["type", "data"])
_CALL: Final = frozenset(["type", "id", "name", "input", "cache_control"])
_RESULT: Final = frozenset(["type", "tool_use_id", "content", "is_error", "cache_control"])
_SOURCES: Final = {
    "base64": frozenset(["type", "media_type", "data"]),
    "text": frozenset(["type", "media_type", "data"]),
    "url": frozenset(["type", "url"]),
    "file": frozenset(["type", "file_id"]),
}


def text(block: Mapping[str, Any], at: str) -> Text:
    """A text block; its citations are this dialect's own."""
    return Text(
        members.words(block, "text", at),
        members.mark_of(block, at),
        extras=members.beside_mark(block, _TEXT),
        at=at,
    )


def content(value: Any, at: str, read: Callable[[Mapping[str, Any], str], Block]) -> tuple[Block, ...]:
    """A string, or an array of blocks that `read` understands."""
    if isinstance(value, str):
        return (Text(value, at=at),)
    if not isinstance(value, list):
        raise members.wrong(at, "a string or an array of content blocks")
    found = []
    for index, item in enumerate(value):
        place = f"{at}[{index}]"
        found.append(read(members.entry(item, place), place))
    return tuple(found)


def of_system(block: Mapping[str, Any], at: str) -> Block:
    """A block of a system prompt: text only."""
    if block.get("type") != "text":
        raise members.wrong(f"{at}.type", "'text'")
    return text(block, at)


def of_user(block: Mapping[str, Any], at: str) -> Block:
    """A block of a user's message."""
    kind = members.name_of(block, "type", at)
    if kind == "tool_result":
        return _result(block, at)
    if kind in ("tool_use", "thinking", "redacted_thinking"):
        raise members.wrong(f"{at}.type", f"a type that a user's message can have, not '{kind}'")
    return _plain(kind, block, at)


def of_assistant(block: Mapping[str, Any], at: str) -> Block:
    """A block of the model's message."""
    kind = members.name_of(block, "type", at)
    if kind == "thinking":
        return _thinking(block, at)
    if kind == "redacted_thinking":
        sealed = signatures.opened(members.name_of(block, "data", at), DIALECT)
        return Thinking("", sealed, redacted=True, extras=members.rest(block, _REDACTED), at=at)
    if kind == "tool_use":
        return _call(block, at)
    if kind == "tool_result":
        raise members.wrong(f"{at}.type", "a type that the assistant's message can have, not 'tool_result'")
    return _plain(kind, block, at)


def _plain(kind: str, block: Mapping[str, Any], at: str) -> Text | Media | Opaque:
    """What may stand in any message."""
    if kind == "text":
        return text(block, at)
    if kind == "image":
        return _media(block, at)
    if kind == "document":
        return _document(block, at)
    return Opaque(DIALECT, kind, block, at=at)


def _thinking(block: Mapping[str, Any], at: str) -> Thinking:
    signature = members.perhaps_words(block, "signature", at)
    return Thinking(
        members.words(block, "thinking", at),
        signatures.opened(signature, DIALECT) if signature else None,
        extras=members.rest(block, _THINKING),
        at=at,
    )


def _call(block: Mapping[str, Any], at: str) -> ToolCall:
    given = members.entry(block.get("input"), f"{at}.input")
    return ToolCall(
        members.name_of(block, "id", at),
        members.name_of(block, "name", at),
        _json(given, f"{at}.input"),
        cache=members.mark_of(block, at),
        extras=members.beside_mark(block, _CALL),
        at=at,
    )


def _json(value: Mapping[str, Any], at: str) -> str:
    try:
        return orjson.dumps(value).decode()
    except orjson.JSONEncodeError:  # nested deeper than the encoder goes, though the parser took it
        raise InvalidRequest(f"The field '{at}' is nested too deep.", param=at) from None


def _result(block: Mapping[str, Any], at: str) -> ToolResult:
    inner = block.get("content")
    blocks = () if inner is None else content(inner, f"{at}.content", _of_result)
    return ToolResult(
        members.name_of(block, "tool_use_id", at),
        blocks,  # type: ignore[arg-type]  # _of_result gives nothing else
        members.perhaps_flag(block, "is_error", at),
        cache=members.mark_of(block, at),
        extras=members.beside_mark(block, _RESULT),
        at=at,
    )


def _of_result(block: Mapping[str, Any], at: str) -> Block:
    kind = members.name_of(block, "type", at)
    if kind in ("tool_result", "tool_use", "thinking", "redacted_thinking"):
        raise members.wrong(f"{at}.type", f"a type that a tool result can have, not '{kind}'")
    return _plain(kind, block, at)


def _media(block: Mapping[str, Any], at: str) -> Media:
    """An image: base64, URL or a file of the vendor's store."""
    source = members.entry(block.get("source"), f"{at}.source")
    place = f"{at}.source"
    kind = members.name_of(source, "type", place)
    cache, extras = members.mark_of(block, at), _with_source(block, source, kind)
    if kind == "base64":
        media_type, data = members.name_of(source, "media_type", place), members.name_of(source, "data", place)
        return Media("image", media_type, data=data, cache=cache, extras=extras, at=at)
    if kind == "url":
        return Media("image", url=members.name_of(source, "url", place), cache=cache, extras=extras, at=at)
    if kind == "file":
        file_id = members.name_of(source, "file_id", place)
        return Media("image", file_id=file_id, file_dialect=DIALECT, cache=cache, extras=extras, at=at)
    raise members.wrong(f"{place}.type", "'base64', 'url' or 'file'")


def _document(block: Mapping[str, Any], at: str) -> Media | Opaque:
    """A document in one of its five sources; `content` with pictures in it has no other form."""
    source = members.entry(block.get("source"), f"{at}.source")
    place = f"{at}.source"
    kind = members.name_of(source, "type", place)
    given = _document_source(source, kind, place)
    if given is None:
        return Opaque(DIALECT, "document", block, at=at)
    extras = _with_source(block, source, kind)
    title = members.perhaps_words(block, "title", at)
    return Media("document", name=title, cache=members.mark_of(block, at), extras=extras, at=at, **given)


def _document_source(source: Mapping[str, Any], kind: str, at: str) -> dict[str, str | None] | None:
    if kind == "base64":
        return {"media_type": members.name_of(source, "media_type", at), "data": members.name_of(source, "data", at)}
    if kind == "text":
        media_type = members.perhaps_words(source, "media_type", at) or "text/plain"
        return {"media_type": media_type, "text": members.words(source, "data", at)}
    if kind == "url":
        return {"url": members.name_of(source, "url", at)}
    if kind == "file":
        return {"file_id": members.name_of(source, "file_id", at), "file_dialect": DIALECT}
    if kind == "content":
        words = _only_text(content(source.get("content"), f"{at}.content", _of_result))
        return None if words is None else {"media_type": "text/plain", "text": words}
    raise members.wrong(f"{at}.type", "'base64', 'text', 'url', 'file' or 'content'")


def _only_text(blocks: tuple[Block, ...]) -> str | None:
    texts = [block.text for block in blocks if isinstance(block, Text)]
    return "\n".join(texts) if len(texts) == len(blocks) else None


def _with_source(block: Mapping[str, Any], source: Mapping[str, Any], kind: str) -> Extras:
    """The block's own members, and its source where that says more than the neutral form holds."""
    extras = members.beside_mark(block, _MEDIA)
    if kind in _SOURCES and source.keys() <= _SOURCES[kind]:
        return extras
    return {DIALECT: {**extras.get(DIALECT, NO_EXTRAS), "source": source}}
