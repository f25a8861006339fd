"""Whether a request's answer may be kept and given again.

Not: what continues something that lies at the provider, or asks it to do something in the world (hosted tools, stored conversations, background
work), sound that is made anew, and operations that are no generation. Not either: answers that may differ although the request does not, because
their tools look at the world. An answer that *calls* a client's tool is only words, and may.

| header | value |
|---|---|
| `x-gateway-cache` | `no-cache`: ask the provider; `no-store`: keep nothing; `off`: both; `only`: refuse instead of asking |
| `cache-control` | `no-cache`, `no-store`, `max-age=<seconds>`: no older answer; `only-if-cached` (RFC 9111, section 5.2.1) |
| `x-gateway-cache-ttl` | seconds to keep this answer, at most the route's |
| `x-gateway-cache-namespace` | a word that keeps answers apart |
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from gateway.errors import InvalidRequest

_DIALECTS: Final = frozenset(
    ["openai_chat", "openai_completions", "openai_responses", "anthropic_messages", "gemini", "openai_embeddings"]
)
# What lies at the provider, or goes on there.
_ELSEWHERE: Final = (
    "previous_response_id",
    "conversation",
    "prompt_cache_options",
    "background",
    "audio",
    "web_search_options",
    "search_parameters",
    "enable_search",
    "plugins",
    "mcp_servers",
    "container",
)
_MODALITIES: Final = ("modalities", "responseModalities", "response_modalities")
_GENERATION: Final = ("generationConfig", "generation_config")
_LONGEST_NAME: Final = 128
_MOST_SECONDS: Final = 10**9


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a client says of the cache. `read` and `keep` False: it does not want that. `most_age`, `ttl`: seconds, None = not said."""

    read: bool = True
    keep: bool = True
    only: bool = False
    most_age: int | None = None
    ttl: int | None = None
    namespace: str = ""


def eligible(dialect: str, body: Mapping[str, Any]) -> bool:
    """Whether an answer to this body may be given again."""
    if dialect not in _DIALECTS or any(body.get(name) for name in _ELSEWHERE):
        return False
    if _made(body) or isinstance(body.get("prompt"), Mapping):
        return False
    return all(_own_tool(tool) for tool in _list(body.get("tools")))


def _made(body: Mapping[str, Any]) -> bool:
    """Whether sounds or pictures are asked for."""
    places = [body, *(one for name in _GENERATION if isinstance(one := body.get(name), Mapping))]
    said = [word for place in places for name in _MODALITIES for word in _words(place.get(name))]
    return any(word.lower() in {"audio", "image"} for word in said)


def _own_tool(tool: Any) -> bool:
    """Whether a tool is one that the client runs. OpenAI's have a type, Anthropic's none or `custom`, Gemini's declarations."""
    if not isinstance(tool, Mapping):
        return False
    if "functionDeclarations" in tool or "function_declarations" in tool:
        return len(tool) == 1
    kind = tool.get("type")
    return kind in {"function", "custom", "namespace"} or (kind is None and "input_schema" in tool)


def wishes(headers: Mapping[str, str], skip: bool = False) -> Wishes:
    """A request's wishes; InvalidRequest for one of ours that cannot be understood. `headers`: names lower-case. `skip`: the body says to."""
    said = _own(headers.get("x-gateway-cache", ""))
    standard = {part.strip().lower() for part in headers.get("cache-control", "").split(",")}
    ages = [part[8:] for part in standard if part.startswith("max-age=")]
    most_age = int(ages[0]) if ages and ages[0].isascii() and ages[0].isdigit() and len(ages[0]) < 10 else None
    return Wishes(
        read=not skip and said not in {"no-cache", "off"} and "no-cache" not in standard and most_age != 0,
        keep=not skip and said not in {"no-store", "off"} and "no-store" not in standard,
        only=said == "only" or "only-if-cached" in standard,
        most_age=most_age,
        ttl=_seconds(headers.get("x-gateway-cache-ttl")),
        namespace=_namespace(headers.get("x-gateway-cache-namespace", "")),
    )


def _own(value: str) -> str:
    said = value.strip().lower()
    if said not in {"", "on", "no-cache", "no-store", "off", "only"}:
        raise InvalidRequest(
            "The header 'x-gateway-cache' must be on, no-cache, no-store, off or only.", param="x-gateway-cache"
        )
    return said


def _seconds(value: str | None) -> int | None:
    if value is None or not value.strip():
        return None
    text = value.strip()
    if not (text.isascii() and text.isdigit()) or not 0 < int(text[:12]) <= _MOST_SECONDS:
        raise InvalidRequest(
            "The header 'x-gateway-cache-ttl' must be a number of seconds above 0.", param="x-gateway-cache-ttl"
        )
    return int(text[:12])


def _namespace(value: str) -> str:
    name = value.strip()
    if len(name) > _LONGEST_NAME:
        raise InvalidRequest(
            f"The header 'x-gateway-cache-namespace' is longer than {_LONGEST_NAME} characters.",
            param="x-gateway-cache-namespace",
        )
    return name


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _words(value: Any) -> list[str]:
    return [word for word in _list(value) if isinstance(word, str)]
