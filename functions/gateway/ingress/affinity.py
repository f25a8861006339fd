"""What holds the requests of one conversation together, and what else of a body routing wants to know in any dialect.

A provider's prompt cache serves only whoever comes back to it. The client's own name of a conversation is the best tie (`session`); where there
is none, the beginning of the prompt, which stays the same from turn to turn, is the next best (`prefix`). None of this is checked: it chooses
among providers and allows nothing. So nothing here raises; a value of a wrong type counts as absent, and whoever relays or decodes complains.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any, Final

import orjson

from gateway.ingress.http import Request
from gateway.neutral.dialects import Dialect

_LONGEST: Final = 256
# Claude Code: `x-claude-code-session-id`. Codex: `session_id`, later `session-id`, and `thread-id`. The rest is what agents and chat
# front ends send of themselves.
_SESSION_HEADERS: Final = (
    b"x-claude-code-session-id",
    b"session_id",
    b"session-id",
    b"thread-id",
    b"conversation_id",
    b"x-session-id",
    b"x-conversation-id",
)
# OpenAI's own tie to a prompt cache, its stored conversations, and OpenRouter's name of the same thing.
_SESSION_MEMBERS: Final = ("prompt_cache_key", "conversation", "session_id")
_SESSION_MARK: Final = "_session_"

_PART: Final = 8 * 1024  # characters of one part of the prompt that go into a digest
_PIECES: Final = 256  # and values
_ITEMS: Final = 16  # messages among which the first of the user's is looked for
_SYSTEM: Final = ("system", "instructions", "systemInstruction", "system_instruction")
_TOOLS: Final = ("tools", "functions")
_TURNS: Final[Mapping[Dialect, str]] = {
    "anthropic_messages": "messages",
    "openai_chat": "messages",
    "openai_responses": "input",
    "gemini": "contents",
}
# Cache marks wander through the prompt from turn to turn.
_WANDERING: Final = frozenset(["cache_control", "cachePoint"])
# Claude Code writes a check sum of each request into the first block of its system prompt.
_BILLING: Final = "x-anthropic-billing-header"


def session(request: Request, body: Mapping[str, Any]) -> str | None:
    """The client's own name of the conversation, at most 256 characters (a longer one as its SHA-256); None when it gives none.

    Looked for in headers of known clients, then in the body: `prompt_cache_key`, `conversation` (an id, or an object with one), `session_id`,
    and the session in the `metadata.user_id` of Claude Code.
    """
    for header in _SESSION_HEADERS:
        found = _bounded(request.header(header))
        if found is not None:
            return found
    for name in _SESSION_MEMBERS:
        value = body.get(name)
        found = _bounded(value.get("id") if isinstance(value, dict) else value)
        if found is not None:
            return found
    return _bounded(_claude_user(body)[1])


def user(body: Mapping[str, Any]) -> str | None:
    """The end user as the client names them, bounded as above: OpenAI's `safety_identifier`, else `user`, else Anthropic's
    `metadata.user_id`, without the session that Claude Code writes into it."""
    for name in ("safety_identifier", "user"):
        found = _bounded(body.get(name))
        if found is not None:
            return found
    return _bounded(_claude_user(body)[0])


def prefix(dialect: Dialect, body: Mapping[str, Any]) -> str | None:
    """A digest (32 hex digits) of the part of a conversation that prompt caches keep: system prompt, tools, and the turns up to the user's
    first. None for operations without turns. Of each part only the beginning is read, so that the cost does not grow with the body."""
    turns = body.get(_TURNS.get(dialect, ""))
    if not turns:
        return None
    opening = _opening(turns) if isinstance(turns, list) else [turns]
    parts = ([body.get(name) for name in _SYSTEM], [body.get(name) for name in _TOOLS], opening)
    beginning = "\1".join(map(_beginning, parts))
    return hashlib.sha256(beginning.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _beginning(part: list[Any]) -> str:
    kept: list[str] = []
    left = _PART
    for piece in islice(_pieces(part), _PIECES):
        kept.append(piece[:left])
        left -= len(piece)
        if left <= 0:
            break
    return "\0".join(kept)


def max_output(dialect: Dialect, body: Mapping[str, Any]) -> int | None:
    """The most tokens of output the client wants; None when it does not say."""
    if dialect == "gemini":
        config = body.get("generationConfig", body.get("generation_config"))
        found = _first(config, "maxOutputTokens", "max_output_tokens") if isinstance(config, dict) else None
    elif dialect == "openai_responses":
        found = body.get("max_output_tokens")
    elif dialect == "openai_chat":
        found = _first(body, "max_completion_tokens", "max_tokens")
    else:
        found = body.get("max_tokens")
    return found if isinstance(found, int) and not isinstance(found, bool) and found > 0 else None


def _first(members: Mapping[str, Any], *names: str) -> Any:
    return next((members[name] for name in names if members.get(name) is not None), None)


def _bounded(value: Any) -> str | None:
    if not isinstance(value, str):
        return None
    name = value.strip()
    if len(name) > _LONGEST:
        return hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()
    return name or None


def _claude_user(body: Mapping[str, Any]) -> tuple[str | None, str | None]:
    """User and session of `metadata.user_id`. Claude Code writes `user_<hash>_account_<uuid>_session_<uuid>`, and in later versions JSON
    with `device_id`, `account_uuid` and `session_id`; for other clients all of it is the user."""
    metadata = body.get("metadata")
    whole = metadata.get("user_id") if isinstance(metadata, dict) else None
    if not isinstance(whole, str):
        return None, None
    if whole.startswith("{"):
        return _claude_json(whole)
    name, mark, session_id = whole.rpartition(_SESSION_MARK)
    return (name, session_id) if mark and whole.startswith("user_") else (whole, None)


def _claude_json(whole: str) -> tuple[str | None, str | None]:
    try:
        members = orjson.loads(whole) if len(whole) <= _PART else None
    except orjson.JSONDecodeError:
        members = None
    if not isinstance(members, dict) or not isinstance(members.get("session_id"), str):
        return whole, None
    named = [str(members[name]) for name in ("device_id", "account_uuid") if members.get(name)]
    return "_".join(named) or None, members["session_id"]


def _opening(turns: list[Any]) -> list[Any]:
    """The turns up to the user's first."""
    kept: list[Any] = []
    for turn in turns[:_ITEMS]:
        kept.append(turn)
        if isinstance(turn, dict) and turn.get("role", "user") == "user" and turn.get("type", "message") == "message":
            break
    return kept


def _pieces(value: Any) -> Iterator[str]:
    """A JSON value as texts, in order; the same value gives the same texts, and different ones mostly different ones. Bodies may be nested
    deeper than calls may be."""
    waiting: list[Iterator[Any]] = [iter([value])]
    while waiting:
        for item in waiting[-1]:
            if isinstance(item, dict | list):
                waiting.append(iter(item) if isinstance(item, list) else _members(item))
                yield "["
                break
            if item is not None and not (isinstance(item, str) and item.startswith(_BILLING)):
                yield item if isinstance(item, str) else str(item)
        else:
            waiting.pop()


def _members(value: Mapping[str, Any]) -> Iterator[Any]:
    for name, member in value.items():
        if name not in _WANDERING:
            yield name
            yield member
