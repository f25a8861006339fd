"""The neutral answer for a client of Anthropic Messages. https://platform.claude.com/docs/en/api/messages#response"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import orjson

from gateway.neutral.blocks import Block, Extras, Media, Opaque, Refusal, Text, Thinking, ToolCall, ToolResult
from gateway.neutral.losses import Loss
from gateway.neutral.response import Choice, Response, Stop
from gateway.neutral.usage import Usage
from gateway.wire import signatures
from gateway.wire.anthropic_messages.members import DIALECT, own
from gateway.wire.carrying import Carrying
from gateway.wire.codec import Context

_STOPS: Final = {
    "end": "end_turn",
    "length": "max_tokens",
    "stop_sequence": "stop_sequence",
    "tool_call": "tool_use",
    "refusal": "refusal",
    "content_filter": "refusal",
    "pause": "pause_turn",
    "context": "model_context_window_exceeded",
    "bad_tool_call": "end_turn",
    "other": "end_turn",
}
_TIERS: Final = {"default": "standard", "priority": "priority", "batch": "batch"}


def encode_response(response: Response, context: Context) -> tuple[dict[str, Any], tuple[Loss, ...]]:
    """The body, and what was lost. A second choice cannot have been asked for in this dialect."""
    carrying = Carrying()
    choice = response.choices[0] if response.choices else Choice(())
    if len(response.choices) > 1:
        carrying.drop("choices", "the client's dialect holds one answer")
    content = [written for block in choice.blocks for written in blocks(block, carrying)]
    while content and _wordless(content[-1]):
        last = content.pop()
        if last.get("signature") or last.get("data"):
            leave_last_thought(carrying)
    leave(response.extras, carrying)
    leave(choice.extras, carrying)
    mine = {**own(response.extras), **own(choice.extras)}
    calls = any(isinstance(block, ToolCall) for block in choice.blocks)
    refused = any(isinstance(block, Refusal) for block in choice.blocks)
    counted = usage(response.usage, context, response.service_tier)
    counted.update(mine.pop("usage", {}))
    body = {
        **envelope(context),
        "content": content,
        **stopped(choice.stop, context, carrying, calls=calls, refused=refused),
        **mine,
        "usage": counted,
    }
    return body, carrying.losses


def _wordless(block: Mapping[str, Any]) -> bool:
    return block["type"] == "redacted_thinking" or (block["type"] == "thinking" and not block["thinking"])


def leave_last_thought(carrying: Carrying) -> None:
    """Note a thought without words at the end: clients take the last block for the result, and no message may end in a thought."""
    carrying.drop("signature", "an answer of the client's dialect does not end in a thought without words")


def envelope(context: Context) -> dict[str, Any]:
    """The first members of every message."""
    return {"id": f"msg_{context.id}", "type": "message", "role": "assistant", "model": context.model}


def stopped(
    stop: Stop | None, context: Context, carrying: Carrying, *, calls: bool, refused: bool
) -> dict[str, str | None]:
    """`stop_reason` and `stop_sequence`. A turn with calls waits for their results, whatever the upstream said of its end."""
    reason = stop.reason if stop is not None else "end"
    if reason in ("end", "other") and (calls or refused):
        reason = "tool_call" if calls else "refusal"
    elif reason in ("content_filter", "bad_tool_call", "other"):
        carrying.approximate("stop_reason", f"'{_STOPS[reason]}' is the nearest that the client's dialect has")
    sequence = stop.sequence if stop is not None else None
    asked = context.request.stop
    if reason == "stop_sequence" and sequence is None and asked is not None and len(asked) == 1:
        sequence = asked[0]
    return {"stop_reason": _STOPS[reason], "stop_sequence": sequence if reason == "stop_sequence" else None}


def usage(known: Usage | None, context: Context, tier: str | None = None) -> dict[str, Any]:
    """`usage`, every member of it; the estimate of the input where the upstream reported nothing."""
    found = known or Usage(fresh=context.input_estimate or 0)
    result: dict[str, Any] = {
        "input_tokens": found.fresh,
        "cache_creation_input_tokens": found.cache_write_5m + found.cache_write_1h,
        "cache_read_input_tokens": found.cache_read,
        "cache_creation": {
            "ephemeral_5m_input_tokens": found.cache_write_5m,
            "ephemeral_1h_input_tokens": found.cache_write_1h,
        },
        "output_tokens": found.output,
        "output_tokens_details": {"thinking_tokens": found.reasoning},
    }
    if tier in _TIERS:
        result["service_tier"] = _TIERS[tier]
    return result


def leave(extras: Extras, carrying: Carrying) -> None:
    """Note what only the upstream's dialect understands."""
    for owner, found in extras.items():
        if owner != DIALECT:
            for name in found:
                carrying.drop(name, "known to the provider's dialect alone")


def blocks(block: Block, carrying: Carrying) -> tuple[dict[str, Any], ...]:
    """What becomes of one block: none, one, or two (a signed call is preceded by its signature)."""
    if isinstance(block, Text):
        return (_text(block, carrying),)
    if isinstance(block, ToolCall):
        return _call(block, carrying)
    if isinstance(block, Thinking):
        return (thinking(block, carrying),)
    if isinstance(block, Refusal):
        leave(block.extras, carrying)
        return ({"type": "text", "text": block.text},)
    return other(block, carrying)


def _text(block: Text, carrying: Carrying) -> dict[str, Any]:
    if block.logprobs is not None:
        carrying.drop("logprobs", "the client's dialect has no log probabilities")
    leave(block.extras, carrying)
    return {"type": "text", "text": block.text, **own(block.extras)}


def thinking(block: Thinking, carrying: Carrying) -> dict[str, Any]:
    """Thinking; the signature of another dialect in an envelope."""
    leave(block.extras, carrying)
    sealed = "" if block.signature is None else signatures.seal(block.signature, DIALECT)
    if block.redacted and sealed:
        return {"type": "redacted_thinking", "data": sealed, **own(block.extras)}
    return {"type": "thinking", "thinking": block.text, "signature": sealed, **own(block.extras)}


def other(block: Media | ToolResult | Opaque, carrying: Carrying) -> tuple[dict[str, Any], ...]:
    """Blocks that answers of this dialect have no form for, unless they are its own."""
    if isinstance(block, Opaque) and block.dialect == DIALECT:
        return (dict(block.data),)
    kind = block.type if isinstance(block, Opaque) else block.kind if isinstance(block, Media) else "tool_result"
    carrying.drop("content", f"answers of the client's dialect hold no block of type '{kind}'")
    return ()


def _call(block: ToolCall, carrying: Carrying) -> tuple[dict[str, Any], ...]:
    leave(block.extras, carrying)
    given = {"type": "tool_use", "id": block.id, "name": block.name, "input": _input(block, carrying)}
    given.update(own(block.extras))
    if block.signature is None:
        return (given,)
    return (thinking(Thinking("", block.signature), carrying), given)


def _input(block: ToolCall, carrying: Carrying) -> Mapping[str, Any]:
    """The arguments as an object. What is none is wrapped as the vendor advises for broken input, so that nothing is invented:
    https://platform.claude.com/docs/en/agents-and-tools/tool-use/fine-grained-tool-streaming#handling-invalid-json-in-tool-responses
    """
    if block.custom:
        return {"input": block.arguments}
    if not block.arguments.strip():
        return {}
    try:
        value = orjson.loads(block.arguments)
    except orjson.JSONDecodeError:
        value = None
    if isinstance(value, dict):
        return value
    carrying.approximate("input", "the model's arguments are not a JSON object; they are given as text")
    return {"INVALID_JSON": block.arguments}


def encode_count(tokens: int) -> dict[str, int]:
    """The answer of count_tokens."""
    return {"input_tokens": tokens}
