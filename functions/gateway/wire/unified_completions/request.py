"""A unified completion request as Chat Completions.

| member | becomes |
|---|---|
| `messages[]` (`role`, `content`, `name`, `tool_call_id`) | the same; any other member is refused |
| `model` (absent: any model of the configured providers) | `model`; one that is not known by itself: `provider/model` |
| `provider` | `routing.first_provider`: it is asked first, and others when it cannot serve |
| `temperature`, `top_p`, `max_tokens` | the same; absent stays absent |
| `metadata` | nothing: an object that is the caller's own |
| `stop_sequences` | `stop` |
| `routing` | the same (`gateway.routing.hints`) |
| `user_id` | `user`; it is no identity, limits go by the API key |
| `skip_cache` | read by the cache (`skips_cache`) |
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
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
_WISHES: Final = frozenset(["strategy", "preferred_providers", "exclude_providers", "required_capabilities"])
_SAME: Final = ("temperature", "top_p", "max_tokens")
# The least and the greatest that there may be; of whole numbers, or of any.
_NUMBERS: Final[Mapping[str, tuple[float, float, bool]]] = {
    "temperature": (0, 2, False),
    "top_p": (0, 1, False),
    "max_tokens": (1, math.inf, True),
}

Known = Callable[[str], bool]
"""Whether the gateway knows what a model's name stands for."""


def is_unified(data: Mapping[str, Any]) -> bool:
    """Whether a body of `/v1/completions` is of this shape; otherwise it is a legacy text completion."""
    return "messages" in data and "prompt" not in data


def skips_cache(raw: bytes) -> bool:
    """Whether the client wants nothing of the cache."""
    return parse(raw).data.get("skip_cache") is True


def to_chat(raw: bytes, known: Known, *, stream: bool) -> bytes:
    """The Chat Completions body, or InvalidRequest with the path of the field that is wrong."""
    data = parse(raw).data
    _refuse_unknown(data, _KNOWN, "")
    _check(data)
    chat: dict[str, Any] = {"model": _model(data, known), "messages": _messages(data.get("messages"))}
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


def _check(data: Mapping[str, Any]) -> None:
    """What is not looked at elsewhere."""
    flag_field(data, "skip_cache")
    _text(data, "user_id")
    for name, (least, most, whole) in _NUMBERS.items():
        value = data.get(name)
        number = isinstance(value, int) if whole else isinstance(value, int | float)
        if value is not None and (isinstance(value, bool) or not number or not least <= value <= most):
            wanted = "a whole number above 0" if whole else f"a number from {least} to {most}"
            raise InvalidRequest(f"The field '{name}' must be {wanted}.", param=name)
    stops = data.get("stop_sequences")
    if stops is not None and not (isinstance(stops, list) and all(isinstance(one, str) for one in stops)):
        raise InvalidRequest("The field 'stop_sequences' must be an array of texts.", param="stop_sequences")
    if not isinstance(data.get("metadata"), Mapping | None):
        raise InvalidRequest("The field 'metadata' must be an object.", param="metadata")


def _model(data: Mapping[str, Any], known: Known) -> str:
    model, provider = _text(data, "model"), _text(data, "provider")
    if model is None:
        return ANY
    owned = f"{provider}/{model}"
    return owned if provider is not None and not known(model) and known(owned) else model


def _routing(data: Mapping[str, Any]) -> dict[str, Any]:
    routing, provider = data.get("routing"), _text(data, "provider")
    if routing is not None and not isinstance(routing, Mapping):
        raise InvalidRequest("The field 'routing' must be an object.", param="routing")
    found = dict(routing or {})
    _refuse_unknown(found, _WISHES, "routing.")
    return found if provider is None else found | {"first_provider": provider}


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
    for name in ("name", "tool_call_id"):
        if not isinstance(value.get(name), str | None):
            raise InvalidRequest(f"The field '{at}.{name}' must be a string.", param=f"{at}.{name}")
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
