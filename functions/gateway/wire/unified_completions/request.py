"""A unified completion request as Chat Completions.

| member | becomes |
|---|---|
| `messages[]` (`role`, `content`, `name`, `tool_call_id`) | the same; any other member is refused |
| `model` (absent: any model of the configured providers) | `model` |
| `provider` | the first of `routing.preferred_providers`: it is used while it can serve |
| `temperature`, `top_p`, `max_tokens`, `metadata` | the same; absent stays absent |
| `stop_sequences` | `stop` |
| `routing` | the same (`gateway.routing.hints`) |
| `user_id` | `user`; it is no identity, limits go by the API key |
| `skip_cache` | read by the cache (`skips_cache`) |
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import orjson

from gateway.errors import InvalidRequest
from gateway.wire.json_body import flag_field, parse

ANY: Final = "any"
_ROLES: Final = ("system", "user", "assistant", "tool")
_MESSAGE: Final = frozenset(["role", "content", "name", "tool_call_id"])
_KNOWN: Final = frozenset(
    [
        *("messages", "model", "provider", "temperature", "max_tokens", "top_p", "stop_sequences", "routing"),
        *("skip_cache", "user_id", "metadata"),
    ]
)
_SAME: Final = ("temperature", "top_p", "max_tokens", "metadata")


def is_unified(data: Mapping[str, Any]) -> bool:
    """Whether a body of `/v1/completions` is of this shape; otherwise it is a legacy text completion."""
    return "messages" in data and "prompt" not in data


def skips_cache(raw: bytes) -> bool:
    """Whether the client wants nothing of the cache."""
    return parse(raw).data.get("skip_cache") is True


def to_chat(raw: bytes, *, stream: bool) -> bytes:
    """The Chat Completions body, or InvalidRequest with the path of the field that is wrong."""
    data = parse(raw).data
    _refuse_unknown(data, _KNOWN, "")
    flag_field(data, "skip_cache")
    chat: dict[str, Any] = {"model": _text(data, "model") or ANY, "messages": _messages(data.get("messages"))}
    chat |= {name: data[name] for name in _SAME if data.get(name) is not None}
    for name, theirs in (("stop_sequences", "stop"), ("user_id", "user")):
        if data.get(name) is not None:
            chat[theirs] = data[name]
    routing = _routing(data)
    if routing:
        chat["routing"] = routing
    if stream:
        chat |= {"stream": True, "stream_options": {"include_usage": True}}
    return orjson.dumps(chat)


def _routing(data: Mapping[str, Any]) -> dict[str, Any]:
    routing, provider = data.get("routing"), _text(data, "provider")
    if routing is not None and not isinstance(routing, Mapping):
        raise InvalidRequest("The field 'routing' must be an object.", param="routing")
    found = dict(routing or {})
    if provider is not None:
        preferred = found.get("preferred_providers") or []
        if not isinstance(preferred, list):
            raise InvalidRequest(
                "The field 'routing.preferred_providers' must be an array.", param="routing.preferred_providers"
            )
        found["preferred_providers"] = [provider, *(one for one in preferred if one != provider)]
    return found


def _messages(value: Any) -> list[Any]:
    if not isinstance(value, list) or not value:
        raise InvalidRequest("The field 'messages' must be a non-empty array.", param="messages")
    return [_message(one, f"messages[{at}]") for at, one in enumerate(value)]


def _message(value: Any, at: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise InvalidRequest(f"The field '{at}' must be an object.", param=at)
    _refuse_unknown(value, _MESSAGE, f"{at}.")
    if value.get("role") not in _ROLES:
        raise InvalidRequest(f"The field '{at}.role' must be one of {', '.join(_ROLES)}.", param=f"{at}.role")
    if not isinstance(value.get("content"), str):
        raise InvalidRequest(f"The field '{at}.content' must be a string.", param=f"{at}.content")
    return {name: item for name, item in value.items() if item is not None}


def _refuse_unknown(data: Mapping[str, Any], known: frozenset[str], at: str) -> None:
    for name in data:
        if name not in known:
            raise InvalidRequest(f"There is no field '{at}{name[:64]}' here.", param=f"{at}{name[:64]}")


def _text(data: Mapping[str, Any], name: str) -> str | None:
    value = data.get(name)
    if value is None:
        return None
    if not isinstance(value, str) or not value.strip() or len(value) > 256:
        raise InvalidRequest(f"The field '{name}' must be a text of 1 to 256 characters.", param=name)
    return value
