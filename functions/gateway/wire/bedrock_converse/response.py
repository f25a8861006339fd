"""A Converse answer: https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html#API_runtime_Converse_ResponseSyntax"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import orjson

from gateway.errors import BadAnswer
from gateway.neutral.blocks import NO_EXTRAS, Block, Extras, Media, Opaque, Signature, Text, Thinking, ToolCall
from gateway.neutral.response import Choice, Response, Stop, StopReason
from gateway.neutral.usage import IMPOSSIBLE, Usage, service_of
from gateway.wire.reading import count, impossible

DIALECT: Final = "bedrock_converse"

_STOPS: Final[Mapping[str, StopReason]] = {
    "end_turn": "end",
    "tool_use": "tool_call",
    "max_tokens": "length",
    "stop_sequence": "stop_sequence",
    "guardrail_intervened": "content_filter",
    "content_filtered": "content_filter",
    "malformed_tool_use": "bad_tool_call",
    "model_context_window_exceeded": "context",
    # Words of Claude's own that Bedrock may pass on.
    "refusal": "refusal",
    "pause_turn": "pause",
}
# Members that have a place of their own here, or are known to be of no use to a client.
_READ: Final = frozenset({"output", "stopReason", "usage", "metrics", "serviceTier"})


def decode_response(data: Mapping[str, Any], seed: str) -> Response:
    """BadAnswer when there is no message in it."""
    output = data.get("output")
    message = output.get("message") if isinstance(output, Mapping) else None
    content = message.get("content") if isinstance(message, Mapping) else None
    if not isinstance(content, list):
        raise BadAnswer("Amazon Bedrock's answer holds no message.")
    blocks = tuple(_block(part, f"{seed}_{place}") for place, part in enumerate(content))
    choice = Choice(blocks, stop_of(data.get("stopReason"), data.get("additionalModelResponseFields")))
    return Response((choice,), usage=usage_of(data), service_tier=tier_of(data), extras=extras_of(data, _READ))


def _block(part: Any, seed: str) -> Block:
    if not isinstance(part, Mapping) or len(part) != 1:
        raise BadAnswer("Amazon Bedrock's answer holds a block that is none.")
    kind, value = next(iter(part.items()))
    if kind == "text" and isinstance(value, str):
        return Text(value)
    if not isinstance(value, Mapping):
        raise BadAnswer("Amazon Bedrock's answer holds a malformed block.")
    if kind == "toolUse" and "type" not in value:
        return _call(value, seed)
    if kind == "reasoningContent":
        return thought_of(value)
    if kind == "citationsContent":
        return _cited(value)
    if kind == "image" and (picture := picture_of(value)) is not None:
        return picture
    return Opaque(DIALECT, kind, value)


def _call(value: Mapping[str, Any], seed: str) -> ToolCall:
    name = value.get("name")
    if not isinstance(name, str):
        raise BadAnswer("Amazon Bedrock's answer holds a tool call without a name.")
    arguments = value.get("input")
    written = "{}" if arguments is None else orjson.dumps(arguments).decode()
    return ToolCall(call_id(value, seed), name, written)


def call_id(value: Mapping[str, Any], seed: str) -> str:
    """The call's id, or one made of `seed`."""
    given = value.get("toolUseId")
    return given if isinstance(given, str) and given else f"tooluse_{seed}"


def thought_of(value: Mapping[str, Any]) -> Thinking | Opaque:
    """`{"reasoningText": {"text", "signature"}}` or `{"redactedContent": base64}`."""
    hidden, shown = value.get("redactedContent"), value.get("reasoningText")
    if isinstance(hidden, str):
        return Thinking("", Signature(DIALECT, hidden), redacted=True)
    if not isinstance(shown, Mapping):
        return Opaque(DIALECT, "reasoningContent", value)
    text, signature = shown.get("text"), shown.get("signature")
    proof = Signature(DIALECT, signature) if isinstance(signature, str) and signature else None
    return Thinking(text if isinstance(text, str) else "", proof)


def _cited(value: Mapping[str, Any]) -> Text:
    content = value.get("content")
    texts = [part.get("text", "") for part in content if isinstance(part, Mapping)] if isinstance(content, list) else []
    citations = value.get("citations")
    extras: Extras = {DIALECT: {"citations": citations}} if citations else NO_EXTRAS
    return Text("".join(text for text in texts if isinstance(text, str)), extras=extras)


def picture_of(value: Mapping[str, Any]) -> Media | None:
    """A picture that the model made; None when its data is not here."""
    source, form = value.get("source"), value.get("format")
    data = source.get("bytes") if isinstance(source, Mapping) else None
    if not isinstance(data, str) or not isinstance(form, str):
        return None
    return Media("image", f"image/{form}", data=data)


def stop_of(reason: Any, fields: Any) -> Stop | None:
    """`fields` are `additionalModelResponseFields`, where Claude names the stop sequence when asked for `/stop_sequence`."""
    if not isinstance(reason, str):
        return None
    sequence = fields.get("stop_sequence") if isinstance(fields, Mapping) else None
    return Stop(_STOPS.get(reason, "other"), sequence if isinstance(sequence, str) else None, reason)


def usage_of(answer: Mapping[str, Any]) -> Usage | None:
    """Usage of an answer or of a stream's `metadata`.

    `inputTokens` leaves out what the cache gave or took; `cacheDetails` says how long the written tokens last.

    https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_TokenUsage.html
    """
    data = answer.get("usage")
    if impossible(data):
        return IMPOSSIBLE
    if not isinstance(data, Mapping) or not isinstance(data.get("inputTokens"), int):
        return None
    written, hour = count(data, "cacheWriteInputTokens"), 0
    for detail in data.get("cacheDetails") or ():
        if isinstance(detail, Mapping) and detail.get("ttl") == "1h":
            hour += count(detail, "inputTokens")
    hour = min(hour, written)
    return Usage(
        fresh=count(data, "inputTokens"),
        cache_read=count(data, "cacheReadInputTokens"),
        cache_write_5m=written - hour,
        cache_write_1h=hour,
        output=count(data, "outputTokens"),
        source="upstream",
        service=service_of(tier_of(answer)),
    )


def tier_of(data: Mapping[str, Any]) -> str | None:
    """`serviceTier.type`."""
    tier = data.get("serviceTier")
    kind = tier.get("type") if isinstance(tier, Mapping) else None
    return kind if isinstance(kind, str) else None


def extras_of(data: Mapping[str, Any], read: frozenset[str]) -> Extras:
    """Members without a meaning here: `trace`, `performanceConfig`, and what `additionalModelResponseFields` hold beside the stop sequence."""
    rest = {name: value for name, value in data.items() if name not in read}
    fields = rest.get("additionalModelResponseFields")
    if isinstance(fields, Mapping) and fields.keys() <= {"stop_sequence"}:
        del rest["additionalModelResponseFields"]
    return {DIALECT: rest} if rest else NO_EXTRAS
