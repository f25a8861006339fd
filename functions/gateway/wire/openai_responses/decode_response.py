"""An upstream's whole answer in the neutral form: https://platform.openai.com/docs/api-reference/responses/object"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from gateway.errors import BadAnswer
from gateway.neutral.blocks import NO_EXTRAS, Block, Extras, Opaque, Refusal, Text, TokenLogprob, ToolCall
from gateway.neutral.response import Choice, Response, Stop, StopReason
from gateway.wire.openai_responses import errors, response
from gateway.wire.openai_responses.decode_items import thought
from gateway.wire.openai_responses.names import DIALECT, flat

_INCOMPLETE: Final[Mapping[str, StopReason]] = {"max_output_tokens": "length", "content_filter": "content_filter"}
_ENDED: Final = ("completed", "incomplete", None)


def decode_response(data: Mapping[str, Any], seed: str) -> Response:
    """The answer; BadAnswer when it is none, or one that is not finished. `seed` makes ids of calls where the upstream gave none."""
    output = data.get("output")
    if response.error(data) is not None:
        held = data.get("error")
        raise BadAnswer(errors.in_stream(held if isinstance(held, Mapping) else data).message)
    if not isinstance(output, list) or data.get("status") not in _ENDED:
        raise BadAnswer("The provider's answer is no finished response.")
    blocks: list[Block] = []
    for number, item in enumerate(output):
        if not isinstance(item, Mapping):
            raise BadAnswer("The provider's answer holds an item that is no object.")
        blocks += blocks_of(item, f"{seed}_{number}")
    return Response(
        (Choice(tuple(blocks), stop_of(data, blocks)),),
        text_of(data.get("id")),
        text_of(data.get("model")),
        created_of(data),
        response.usage(data),
        text_of(data.get("service_tier")),
    )


def text_of(value: Any) -> str | None:
    """A non-empty string, else None."""
    return value if isinstance(value, str) and value else None


def created_of(data: Mapping[str, Any]) -> int | None:
    """`created_at` in Unix seconds; some write it as a float."""
    value = data.get("created_at")
    return int(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def stop_of(data: Mapping[str, Any], blocks: list[Block]) -> Stop:
    """Why the answer ended."""
    if data.get("status") == "incomplete":
        details = data.get("incomplete_details")
        raw = text_of(details.get("reason")) if isinstance(details, Mapping) else None
        return Stop(_INCOMPLETE.get(raw or "", "other"), raw=raw)
    if any(isinstance(block, ToolCall) for block in blocks):
        return Stop("tool_call", raw="completed")
    said = [block for block in blocks if isinstance(block, Text | Refusal)]
    refused = bool(said) and all(isinstance(block, Refusal) for block in said)
    return Stop("refusal" if refused else "end", raw="completed")


def blocks_of(item: Mapping[str, Any], seed: str) -> list[Block]:
    """One output item; BadAnswer when a call in it cannot be read."""
    kind = item.get("type")
    if kind == "message":
        parts = item.get("content")
        return [_part(part) for part in (parts if isinstance(parts, list) else ()) if isinstance(part, Mapping)]
    if kind == "reasoning":
        block = thought(item)
        return [] if block is None else [block]
    if kind in ("function_call", "custom_tool_call"):
        return [call_of(item, seed)]
    return [Opaque(DIALECT, kind, item)] if isinstance(kind, str) else []


def call_of(item: Mapping[str, Any], seed: str) -> ToolCall:
    """A call with what is known of its arguments."""
    custom = item.get("type") == "custom_tool_call"
    name, group = text_of(item.get("name")), text_of(item.get("namespace"))
    if name is None:
        raise BadAnswer("A tool call of the provider's answer names no tool.")
    said = item.get("input" if custom else "arguments")
    call_id = text_of(item.get("call_id")) or text_of(item.get("id")) or f"call_{seed}"
    named = name if group is None else flat(group, name)
    return ToolCall(call_id, named, said if isinstance(said, str) else "", custom)


def _part(part: Mapping[str, Any]) -> Block:
    kind, said = part.get("type"), part.get("text")
    if kind == "refusal":
        return Refusal(text_of(part.get("refusal")) or "")
    if kind in ("output_text", "text") and isinstance(said, str):
        return Text(said, logprobs=logprobs_of(part.get("logprobs")) or None, extras=_notes(part))
    return Opaque(DIALECT, kind if isinstance(kind, str) else "unknown", part)


def _notes(part: Mapping[str, Any]) -> Extras:
    notes = part.get("annotations")
    return {DIALECT: {"annotations": notes}} if isinstance(notes, list) and notes else NO_EXTRAS


def logprobs_of(tokens: Any) -> tuple[TokenLogprob, ...]:
    """`logprobs` of a text or of a delta."""
    return tuple(_token(one) for one in tokens if isinstance(one, Mapping)) if isinstance(tokens, list) else ()


def _token(entry: Mapping[str, Any]) -> TokenLogprob:
    raw, value = entry.get("bytes"), entry.get("logprob")
    return TokenLogprob(
        str(entry.get("token", "")),
        float(value) if isinstance(value, int | float) else 0.0,
        tuple(raw) if isinstance(raw, list) and raw else None,
        logprobs_of(entry.get("top_logprobs")),
    )
