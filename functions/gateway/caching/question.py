"""The last question of a conversation, apart from everything else, in the dialects that have conversations."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

_TURNS: Final[Mapping[str, str]] = {
    "openai_chat": "messages",
    "anthropic_messages": "messages",
    "openai_responses": "input",
    "gemini": "contents",
}
_PARTS: Final = frozenset(["text", "input_text"])
LONGEST: Final = 2_000
"""Characters of a question that is looked at for its meaning: an embedding of a long text says little about its details."""


def question(dialect: str, body: Mapping[str, Any]) -> tuple[str, dict[str, Any]] | None:
    """The text of the last message, and the body without it; None when that is not one text of the user's, or too long a one."""
    name = _TURNS.get(dialect)
    turns = body.get(name) if name is not None else None
    if name is None or not turns:
        return None
    if isinstance(turns, str):
        return _fit(turns, {**body, name: None})
    last = turns[-1] if isinstance(turns, list) else None
    if not isinstance(last, Mapping) or last.get("role", "user") != "user" or last.get("type", "message") != "message":
        return None
    place = "parts" if dialect == "gemini" else "content"
    text = _text(last.get(place))
    if text is None:
        return None
    without = {**last, place: None}
    return _fit(text, {**body, name: [*turns[:-1], without]})


def _fit(text: str, rest: dict[str, Any]) -> tuple[str, dict[str, Any]] | None:
    return (text, rest) if text.strip() and len(text) <= LONGEST else None


def _text(content: Any) -> str | None:
    """A text, or a list of one part with nothing but a text."""
    if isinstance(content, str):
        return content
    part = content[0] if isinstance(content, list) and len(content) == 1 else None
    if not isinstance(part, Mapping) or part.get("type", "text") not in _PARTS or set(part) - {"type", "text"}:
        return None
    text = part.get("text")
    return text if isinstance(text, str) else None
