"""An answer for a client of Chat Completions: https://platform.openai.com/docs/api-reference/chat/object

Thoughts stand in `reasoning_content`, and with their signatures in `reasoning_details`; see `thoughts`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

from gateway.neutral.blocks import Block, Media, Opaque, Refusal, Signature, Text, Thinking, TokenLogprob, ToolCall
from gateway.neutral.losses import Loss
from gateway.neutral.request import Request, Tool
from gateway.neutral.response import Choice, Response
from gateway.neutral.usage import Usage
from gateway.wire import signatures
from gateway.wire.arguments import custom_input
from gateway.wire.carrying import Carrying
from gateway.wire.codec import Context
from gateway.wire.openai_chat import finish, thoughts
from gateway.wire.openai_chat.decode_tools import LEGACY
from gateway.wire.openai_chat.thoughts import DIALECT

TIERS: Final = frozenset(["auto", "default", "flex", "scale", "priority", "fast"])


def encode_response(answer: Response, context: Context) -> tuple[dict[str, Any], tuple[Loss, ...]]:
    """The body for the client, and what was lost."""
    carrying = Carrying()
    carrying.leave_extras(answer.extras, DIALECT)
    body: dict[str, Any] = {
        "id": answer_id(context),
        "object": "chat.completion",
        "created": context.created,
        "model": context.model,
        "choices": [_choice(choice, n, context, carrying) for n, choice in enumerate(answer.choices)],
    }
    if answer.usage is not None:
        body["usage"] = usage(answer.usage)
    if answer.service_tier in TIERS:
        body["service_tier"] = answer.service_tier
    return {**body, **answer.extras.get(DIALECT, {})}, carrying.losses


def answer_id(context: Context) -> str:
    """The answer's id, unique by the gateway's request id."""
    return f"chatcmpl-{context.id}"


def usage(counts: Usage) -> dict[str, Any]:
    """`usage` with every detail that clients read; what no upstream tells apart is part of the whole and counts 0."""
    return {
        "prompt_tokens": counts.input_total,
        "completion_tokens": counts.output,
        "total_tokens": counts.input_total + counts.output,
        "prompt_tokens_details": {
            "cached_tokens": counts.cache_read,
            "cache_write_tokens": counts.cache_write_5m + counts.cache_write_1h,
            "audio_tokens": 0,
        },
        "completion_tokens_details": {
            "reasoning_tokens": counts.reasoning,
            "audio_tokens": 0,
            "accepted_prediction_tokens": 0,
            "rejected_prediction_tokens": 0,
        },
    }


def legacy(request: Request) -> bool:
    """Whether the client declared `functions` and waits for a `function_call`."""
    return any(isinstance(tool, Tool) and tool.at.startswith(LEGACY) for tool in request.tools or ())


def custom_names(request: Request) -> frozenset[str]:
    """The client's tools that take free text."""
    return frozenset(tool.name for tool in request.tools or () if isinstance(tool, Tool) and tool.custom)


def _choice(choice: Choice, number: int, context: Context, carrying: Carrying) -> dict[str, Any]:
    carrying.leave_extras(choice.extras, DIALECT)
    calls = [block for block in choice.blocks if isinstance(block, ToolCall)]
    refused = "".join(block.text for block in choice.blocks if isinstance(block, Refusal))
    old = legacy(context.request)
    message: dict[str, Any] = {"role": "assistant", "content": _text(choice.blocks), "refusal": refused or None}
    message |= thoughts.written(block for block in choice.blocks if isinstance(block, Thinking))
    message |= _more(choice.blocks, f"choices[{number}].message", carrying)
    if calls and old:
        message["function_call"] = {"name": calls[0].name, "arguments": calls[0].arguments or "{}"}
        if len(calls) > 1:
            carrying.drop("tool_calls", "the deprecated function_call holds one call")
    elif calls:
        names = custom_names(context.request)
        message["tool_calls"] = [_call(call, names) for call in calls]
    tokens = [token for block in choice.blocks if isinstance(block, Text) for token in block.logprobs or ()]
    return {
        "index": number,
        "message": message,
        "logprobs": {"content": [token_logprob(one) for one in tokens], "refusal": None} if tokens else None,
        "finish_reason": finish.written(choice.stop, called=bool(calls), refused=bool(refused), legacy=old),
    }


def _text(blocks: Sequence[Block]) -> str | None:
    texts = [block.text for block in blocks if isinstance(block, Text)]
    return "".join(texts) if texts else None


def _more(blocks: Iterable[Block], at: str, carrying: Carrying) -> dict[str, Any]:
    """Pictures and annotations; what has no form in an answer is noted."""
    members: dict[str, Any] = {}
    for block in blocks:
        if isinstance(block, Media):
            held = picture(block)
            if held is None:
                carrying.drop(f"{at}.content", f"an answer's {block.kind} has no form in Chat Completions")
            else:
                members.setdefault("images", []).append(held)
                carrying.approximate(f"{at}.content", "pictures stand in `images`, as OpenRouter has it")
        elif isinstance(block, Opaque):
            if block.dialect == DIALECT and block.type == "audio":
                members["audio"] = block.data
            else:
                carrying.drop(f"{at}.content", f"blocks of the type {block.type} have no form in Chat Completions")
        else:
            carrying.leave_extras(block.extras, DIALECT, at)
            if isinstance(block, Text) and (notes := block.extras.get(DIALECT, {}).get("annotations")):
                members.setdefault("annotations", []).extend(notes)
    return members


def picture(block: Media) -> dict[str, Any] | None:
    """An entry of `images`, which OpenRouter documents; None for anything that is no picture."""
    if block.kind != "image" or (block.url is None and block.data is None):
        return None
    url = block.url or f"data:{block.media_type or 'image/png'};base64,{block.data}"
    return {"type": "image_url", "image_url": {"url": url}}


def _call(call: ToolCall, custom: frozenset[str]) -> dict[str, Any]:
    held: dict[str, Any] = {"id": call.id}
    free = call.arguments if call.custom else custom_input(call.arguments) if call.name in custom else None
    if free is not None:
        held |= {"type": "custom", "custom": {"name": call.name, "input": free}}
    else:
        held |= {"type": "function", "function": {"name": call.name, "arguments": call.arguments or "{}"}}
    return held if call.signature is None else held | extra_content(call.signature)


def extra_content(signature: Signature) -> dict[str, Any]:
    """The slot of signatures on a call: https://ai.google.dev/gemini-api/docs/thought-signatures#openai"""
    if signature.dialect == DIALECT:
        return thoughts.unpack(signature) or {}
    return {"extra_content": {"google": {"thought_signature": signatures.seal(signature, "gemini")}}}


def token_logprob(token: TokenLogprob) -> dict[str, Any]:
    """An entry of `logprobs.content`."""
    return {**_bare(token), "top_logprobs": [_bare(one) for one in token.top]}


def _bare(token: TokenLogprob) -> dict[str, Any]:
    raw = None if token.bytes is None else list(token.bytes)
    return {"token": token.token, "logprob": token.logprob, "bytes": raw}
