"""A request of `/v1/chat` as Chat Completions: `{"model": "smart", "messages": [{"role", "content"}], "temperature", "max_tokens", "stream"}`.

`model` may be any name the key may use, not only the logical ones. Absent means `any`. Absent `temperature` and `max_tokens` stay the model's own.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import orjson

from gateway.errors import InvalidRequest
from gateway.wire.json_body import flag_field, parse

ANY: Final = "any"
_KNOWN: Final = frozenset(["model", "messages", "temperature", "max_tokens", "stream", "routing"])
_ROLES: Final = ("system", "user", "assistant")


def to_chat(raw: bytes) -> bytes:
    """The Chat Completions body, or InvalidRequest with the path of the field that is wrong."""
    data = parse(raw).data
    for name in data:
        if name not in _KNOWN:
            raise InvalidRequest(f"There is no field '{name[:64]}' here.", param=name[:64])
    model = data.get("model")
    if model is not None and (not isinstance(model, str) or not model.strip() or len(model) > 256):
        raise InvalidRequest("The field 'model' must be a text of 1 to 256 characters.", param="model")
    chat = {name: value for name, value in data.items() if value is not None}
    chat |= {"model": model or ANY, "messages": _messages(data.get("messages"))}
    if flag_field(data, "stream"):
        chat["stream_options"] = {"include_usage": True}
    return orjson.dumps(chat)


def _messages(value: Any) -> list[Mapping[str, Any]]:
    if not isinstance(value, list) or not value:
        raise InvalidRequest("The field 'messages' must be a non-empty array.", param="messages")
    for at, one in enumerate(value):
        where = f"messages[{at}]"
        if not isinstance(one, Mapping) or not isinstance(one.get("content"), str):
            raise InvalidRequest(f"The field '{where}.content' must be a string.", param=f"{where}.content")
        if one.get("role") not in _ROLES:
            raise InvalidRequest(f"The field '{where}.role' must be one of {', '.join(_ROLES)}.", param=f"{where}.role")
        if extra := next((name for name in one if name not in {"role", "content"}), None):
            raise InvalidRequest(f"There is no field '{where}.{extra[:64]}' here.", param=f"{where}.{extra[:64]}")
    return value
