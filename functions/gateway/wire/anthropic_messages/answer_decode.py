"""An upstream's answer into the neutral form. https://platform.claude.com/docs/en/api/messages#response"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import orjson

from gateway.errors import BadAnswer
from gateway.neutral.blocks import NO_EXTRAS, Block, Extras, Opaque, Signature, Text, Thinking, ToolCall
from gateway.neutral.response import Choice, Failed, Response, Stop, StopReason
from gateway.wire.anthropic_messages import errors, response
from gateway.wire.anthropic_messages.members import DIALECT

_STOPS: Final[Mapping[str, StopReason]] = {
    "end_turn": "end",
    "max_tokens": "length",
    "stop_sequence": "stop_sequence",
    "tool_use": "tool_call",
    "pause_turn": "pause",
    "refusal": "refusal",
    "model_context_window_exceeded": "context",
}
_TIERS: Final = {"standard": "default"}
_ENVELOPE: Final = frozenset(
    ["id", "type", "role", "model", "content", "stop_reason", "stop_sequence", "usage", "request_id"]
)
_COUNTED: Final = frozenset(
    [
        "input_tokens",
        "output_tokens",
        "cache_creation_input_tokens",
        "cache_read_input_tokens",
        "cache_creation",
        "output_tokens_details",
        "service_tier",
    ]
)
_TEXT: Final = frozenset(["type", "text"])
_THINKING: Final = frozenset(["type", "thinking", "signature"])
_REDACTED: Final = frozenset(["type", "data"])
_CALL: Final = frozenset(["type", "id", "name", "input"])
_DIRECT: Final = {"type": "direct"}


def decode_response(data: Mapping[str, Any], seed: str) -> Response:
    """The answer; BadAnswer when it is none."""
    del seed  # the vendor gives every id
    if response.error(data) is not None:
        raise BadAnswer(error_of(data))
    content = data.get("content")
    if not isinstance(content, list):
        raise BadAnswer("The provider's answer has no content.")
    blocks = tuple(block(item) for item in content)
    reported = data.get("usage")
    return Response(
        (Choice(blocks, stop(data)),),
        id=_words(data.get("id")),
        model=_words(data.get("model")),
        usage=response.usage(data),
        service_tier=tier(reported),
        extras=bag(beside(data)),
    )


def error_of(data: Mapping[str, Any]) -> str:
    """The message of an error object."""
    found = data.get("error")
    message = found.get("message") if isinstance(found, dict) else found
    return message if isinstance(message, str) and message else "The provider reported an error without a message."


def block(item: Any) -> Block:
    """One content block; BadAnswer when it is none."""
    if not isinstance(item, dict):
        raise BadAnswer("A content block of the provider's answer is not an object.")
    kind = item.get("type")
    if kind == "text":
        return Text(_needed(item, "text"), extras=left(item, _TEXT))
    if kind == "tool_use":
        return call(item, written(_input(item)))
    if kind == "thinking":
        signature = _words(item.get("signature"))
        proof = Signature(DIALECT, signature) if signature else None
        return Thinking(_needed(item, "thinking"), proof, extras=left(item, _THINKING))
    if kind == "redacted_thinking":
        return Thinking("", Signature(DIALECT, _needed(item, "data")), redacted=True, extras=left(item, _REDACTED))
    if not isinstance(kind, str):
        raise BadAnswer("A content block of the provider's answer has no type.")
    return Opaque(DIALECT, kind, item)


def call(item: Mapping[str, Any], arguments: str) -> ToolCall:
    """A tool call with the given arguments. That the model made it itself (`caller: direct`) needs no mention."""
    found = left(item, _CALL)
    if found and found[DIALECT].get("caller") == _DIRECT:
        found = bag({name: value for name, value in found[DIALECT].items() if name != "caller"})
    return ToolCall(_needed(item, "id"), _needed(item, "name"), arguments, extras=found)


def written(value: Mapping[str, Any]) -> str:
    """Arguments as JSON text; BadAnswer when they are nested deeper than can be written (the parser reads deeper)."""
    try:
        return orjson.dumps(value).decode()
    except orjson.JSONEncodeError:
        raise BadAnswer("A tool call of the provider's answer is nested too deep.") from None


def _input(item: Mapping[str, Any]) -> Mapping[str, Any]:
    value = item.get("input")
    if not isinstance(value, dict):
        raise BadAnswer("A tool call of the provider's answer has no input object.")
    return value


def _needed(item: Mapping[str, Any], name: str) -> str:
    value = item.get(name)
    if not isinstance(value, str):
        raise BadAnswer(f"A content block of the provider's answer has no '{name}'.")
    return value


def _words(value: Any) -> str | None:
    return value if isinstance(value, str) else None


def bag(members: Mapping[str, Any]) -> Extras:
    """Members of this dialect's own."""
    return {DIALECT: members} if members else NO_EXTRAS


def left(item: Mapping[str, Any], known: frozenset[str]) -> Extras:
    """Members of a block that have no neutral meaning; null says nothing."""
    if item.keys() <= known:
        return NO_EXTRAS
    return bag({name: value for name, value in item.items() if name not in known and value is not None})


def stop(data: Mapping[str, Any]) -> Stop | None:
    """The stop reason of an answer, or of a `message_delta`'s `delta`."""
    raw = data.get("stop_reason")
    if not isinstance(raw, str):
        return None
    return Stop(_STOPS.get(raw, "other"), _words(data.get("stop_sequence")), raw)


def tier(usage: Any) -> str | None:
    """The service tier, in the words of OpenAI's: `default`, `priority`, `batch`."""
    found = usage.get("service_tier") if isinstance(usage, dict) else None
    return _TIERS.get(found, found) if isinstance(found, str) else None


def beside(data: Mapping[str, Any]) -> dict[str, Any]:
    """Members of an answer, or of what a stream tells of it, that have no neutral meaning; null says nothing."""
    found = {name: value for name, value in data.items() if name not in _ENVELOPE and value is not None}
    usage = data.get("usage")
    if isinstance(usage, dict):
        more = {name: value for name, value in usage.items() if name not in _COUNTED and value is not None}
        if more:
            found["usage"] = more
    return found


def decode_error(status: int, data: Any) -> Failed:
    """An error answer, the vendor's or that of a server that speaks its dialect in OpenAI's shape."""
    found = data.get("error") if isinstance(data, dict) else None
    if isinstance(found, dict):
        code = found.get("type") or found.get("code")
        param = found.get("param")
        return Failed(error_of(data), status, str(code or errors.kind_of(status))[:64], _words(param))
    message = found or (data.get("message") or data.get("detail") if isinstance(data, dict) else None)
    if not isinstance(message, str):
        message = f"The provider answered with status {status}."
    return Failed(message, status, errors.kind_of(status))
