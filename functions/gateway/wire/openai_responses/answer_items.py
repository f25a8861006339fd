"""Items of an answer for a client, and the response object around them.

What openai-python's `Response` demands is always there, what the client asked is echoed, and `usage` has all its details: Codex reads
`input_tokens_details.cached_tokens` and `output_tokens_details.reasoning_tokens` as required (`ResponseCompletedUsage`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from gateway.neutral.blocks import Media, Signature, Text, Thinking, TokenLogprob, ToolCall
from gateway.neutral.request import Request
from gateway.neutral.response import Stop
from gateway.neutral.usage import Usage
from gateway.wire import signatures
from gateway.wire.arguments import custom_input
from gateway.wire.codec import Context
from gateway.wire.openai_responses import encode_tools
from gateway.wire.openai_responses.decode_items import REDACTED
from gateway.wire.openai_responses.names import DIALECT, Names

Item = dict[str, Any]

_INCOMPLETE: Final[Mapping[str, str]] = {
    "length": "max_output_tokens",
    "context": "max_output_tokens",
    "content_filter": "content_filter",
}


def frame(context: Context) -> dict[str, Any]:
    """The response object before there is anything in it. Values are the client's own; null is what it left open."""
    request = context.request
    own = request.extras.get(DIALECT, {})
    thinking = request.reasoning
    return {
        "id": f"resp_{context.id}",
        "object": "response",
        "created_at": context.created,
        "status": "in_progress",
        "background": False,
        "error": None,
        "incomplete_details": None,
        "instructions": _instructions(request),
        "max_output_tokens": request.max_output_tokens,
        "max_tool_calls": own.get("max_tool_calls"),
        "model": context.model,
        "output": [],
        "parallel_tool_calls": request.parallel_tools is not False,
        "previous_response_id": None,
        "prompt_cache_key": request.cache_key,
        "reasoning": {
            "effort": thinking.effort if thinking is not None else None,
            "summary": thinking.summary if thinking is not None else None,
        },
        "safety_identifier": request.user,
        "service_tier": request.service_tier,
        "store": False,
        "temperature": request.temperature,
        "text": {"format": {"type": "text"}, **encode_tools.text(request)},
        "tool_choice": encode_tools.choice(request.tool_choice, request.tools or ()) if request.tool_choice else "auto",
        "tools": encode_tools.listed(request.tools or (), strict=True),
        "top_logprobs": request.top_logprobs,
        "top_p": request.top_p,
        "truncation": own.get("truncation", "disabled"),
        "usage": None,
        "metadata": dict(request.metadata or {}),
    }


def _instructions(request: Request) -> str | None:
    first = request.messages[0] if request.messages else None
    if first is None or first.at != "instructions" or not isinstance(first.blocks[0], Text):
        return None
    return first.blocks[0].text


def ended(stop: Stop | None) -> dict[str, Any]:
    """`status` and `incomplete_details`."""
    reason = _INCOMPLETE.get(stop.reason) if stop is not None else None
    if reason is None:
        return {"status": "completed", "incomplete_details": None}
    return {"status": "incomplete", "incomplete_details": {"reason": reason}}


def usage(found: Usage | None) -> dict[str, Any] | None:
    """`usage`, where input includes what was cached and output what was thought."""
    if found is None:
        return None
    return {
        "input_tokens": found.input_total,
        "input_tokens_details": {
            "cached_tokens": found.cache_read,
            "cache_write_tokens": found.cache_write_5m + found.cache_write_1h,
        },
        "output_tokens": found.output,
        "output_tokens_details": {"reasoning_tokens": found.reasoning},
        "total_tokens": found.input_total + found.output,
    }


def message(number: str, parts: list[Item], status: str) -> Item:
    """A message of the assistant's."""
    return {"id": f"msg_{number}", "type": "message", "status": status, "role": "assistant", "content": parts}


def text_part(said: str, tokens: list[Item], notes: list[Any]) -> Item:
    """A text."""
    return {"type": "output_text", "text": said, "annotations": notes, "logprobs": tokens}


def thought(number: str, said: str, signature: Signature | None, *, redacted: bool) -> Item:
    """A thought: its text as a summary, which clients show; its signature as `encrypted_content`, which they hand back."""
    sealed = None
    if signature is not None:
        name = signature.dialect + REDACTED if redacted else signature.dialect
        sealed = signatures.seal(Signature(name, signature.data), DIALECT)
    return {
        "id": f"rs_{number}",
        "type": "reasoning",
        "summary": [{"type": "summary_text", "text": said}] if said else [],
        "encrypted_content": sealed,
    }


def call(number: str, block: ToolCall, arguments: str, names: Names, status: str) -> Item:
    """A call under the name and in the form in which the client declared its tool."""
    tool = names.declared(block.name)
    named: Item = {"call_id": block.id, "name": block.name}
    if tool is not None and tool.group is not None:
        named |= {"name": tool.own_name or block.name, "namespace": tool.group}
    if is_custom(block, names):
        said = arguments
        if not block.custom:
            inner = custom_input(arguments)
            said = arguments if inner is None else inner
        return {"id": f"ctc_{number}", "type": "custom_tool_call", "status": status, **named, "input": said}
    said = arguments or "{}"
    return {"id": f"fc_{number}", "type": "function_call", "status": status, **named, "arguments": said}


def is_custom(block: ToolCall, names: Names) -> bool:
    """Whether the client waits for free text, whatever the upstream made of it."""
    tool = names.declared(block.name)
    return block.custom or (tool is not None and tool.custom)


def picture(number: str, block: Media) -> Item | None:
    """A picture the model made; None where it is no data."""
    if block.kind != "image" or block.data is None:
        return None
    return {"id": f"ig_{number}", "type": "image_generation_call", "status": "completed", "result": block.data}


def signed_call(block: ToolCall) -> Thinking | None:
    """Calls have no place for a signature: it goes before them as a thought without text."""
    return Thinking("", block.signature) if block.signature is not None else None


def tokens(found: tuple[TokenLogprob, ...]) -> list[Item]:
    """Log probabilities with their bytes, which openai-python demands."""
    return [{**_token(one), "top_logprobs": [_token(other) for other in one.top]} for one in found]


def _token(one: TokenLogprob) -> Item:
    raw = one.bytes if one.bytes is not None else one.token.encode()
    return {"token": one.token, "bytes": list(raw), "logprob": one.logprob}


def cited(extras: Mapping[str, Mapping[str, Any]]) -> tuple[list[Any], list[str]]:
    """Citations in this dialect's form, and the names of those that have none. Chat Completions nests the same thing once more."""
    notes: list[Any] = list(extras.get(DIALECT, {}).get("annotations", []))
    lost = [name for owner, held in extras.items() if owner not in (DIALECT, "openai_chat") for name in held]
    for name, value in extras.get("openai_chat", {}).items():
        found = (
            [note for note in value if _is_citation(note)] if name == "annotations" and isinstance(value, list) else []
        )
        notes += [{"type": "url_citation", **_SPAN, **note["url_citation"]} for note in found]
        if not found:
            lost.append(name)
    return notes, lost


_SPAN: Final = {"start_index": 0, "end_index": 0, "title": ""}


def _is_citation(note: Any) -> bool:
    return (
        isinstance(note, Mapping)
        and isinstance(note.get("url_citation"), Mapping)
        and isinstance(note["url_citation"].get("url"), str)
    )
