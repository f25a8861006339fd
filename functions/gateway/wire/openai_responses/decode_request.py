"""A client's request of Responses, in the neutral form: https://platform.openai.com/docs/api-reference/responses/create

This is called for upstreams of another dialect only, so that what needs the state of OpenAI's own service is refused here: see `_STATEFUL`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from gateway.errors import CannotCarry
from gateway.neutral.blocks import NO_EXTRAS
from gateway.neutral.reasoning import EFFORTS
from gateway.neutral.request import Reasoning, Request
from gateway.wire.openai_chat import fields
from gateway.wire.openai_responses import decode_items, decode_tools
from gateway.wire.openai_responses.names import DIALECT, Names

# The conversation lies at OpenAI, or the answer is to be fetched there later.
_STATEFUL: Final = ("previous_response_id", "conversation", "prompt", "background")
_KNOWN: Final = frozenset(
    [
        *("model", "input", "instructions", "stream", "max_output_tokens", "temperature", "top_p", "top_logprobs"),
        *("tools", "tool_choice", "parallel_tool_calls", "text", "reasoning", "user", "safety_identifier", "include"),
        *("service_tier", "metadata", "prompt_cache_key", "store", "truncation", "stream_options"),
        *_STATEFUL,
    ]
)
# Not carried, and nobody misses them: Codex's notes on itself, how long OpenAI keeps a prompt cache, padding against eavesdroppers.
_HARMLESS: Final = frozenset(["client_metadata", "prompt_cache_retention", "prompt_cache_options"])
_LOGPROBS: Final = "message.output_text.logprobs"
# What is asked for with these comes in any case.
_HONOURED: Final = frozenset(["reasoning.encrypted_content", _LOGPROBS])
_MOST_TOKENS: Final = 2**31 - 1


def decode_request(data: Mapping[str, Any], *, model: str, stream: bool) -> Request:
    """The request. InvalidRequest names the field that is wrong, CannotCarry one that needs state at OpenAI."""
    for name in _STATEFUL:
        if data.get(name):
            raise CannotCarry(
                f"'{name}' cannot be carried to this model's provider: the state it speaks of is kept by OpenAI alone.",
                param=name,
            )
    tools = decode_tools.tools(data)
    form, verbosity, more = decode_tools.answer_format(data)
    included, extras = _extras(data)
    thinking, left = _reasoning(data)
    extras |= more | left
    user, identifier = fields.text(data, "user"), fields.text(data, "safety_identifier")
    if user is not None and identifier is not None and user != identifier:
        extras["user"] = user
    top = fields.whole(data, "top_logprobs", 0, 20)
    return Request(
        dialect=DIALECT,
        model=model,
        messages=decode_items.messages(data, Names(tools or ())),
        stream=stream,
        max_output_tokens=fields.whole(data, "max_output_tokens", 1, _MOST_TOKENS),
        temperature=fields.number(data, "temperature", 0, 2),
        top_p=fields.number(data, "top_p", 0, 1),
        logprobs=True if top or _LOGPROBS in included else None,
        top_logprobs=top,
        tools=tools,
        tool_choice=decode_tools.choice(data, tools),
        parallel_tools=fields.flag(data, "parallel_tool_calls"),
        format=form,
        reasoning=thinking,
        verbosity=verbosity,
        user=identifier if identifier is not None else user,
        service_tier=fields.text(data, "service_tier"),
        metadata=fields.mapping(data, "metadata"),
        cache_key=fields.text(data, "prompt_cache_key"),
        store=fields.flag(data, "store"),
        extras={DIALECT: extras} if extras else NO_EXTRAS,
    )


def _extras(data: Mapping[str, Any]) -> tuple[list[str], dict[str, Any]]:
    """What `include` asks for, and everything at the top that has no neutral meaning."""
    extras = {name: value for name, value in fields.rest(data, _KNOWN).items() if name not in _HARMLESS}
    included = fields.sequence(data, "include") or []
    for number, one in enumerate(included):
        if not isinstance(one, str):
            fields.refuse(f"include[{number}]", "must be a string")
    if beyond := [one for one in included if one not in _HONOURED]:
        extras["include"] = beyond
    if data.get("truncation") not in (None, "disabled"):
        extras["truncation"] = data["truncation"]
    options = fields.mapping(data, "stream_options") or {}
    # Some clients send the option of Chat Completions; usage is always told.
    if more := fields.rest(options, ("include_obfuscation", "include_usage")):
        extras["stream_options"] = more
    return included, extras


def _reasoning(data: Mapping[str, Any]) -> tuple[Reasoning | None, dict[str, Any]]:
    held = fields.mapping(data, "reasoning")
    if held is None:
        return None, {}
    effort = fields.text(held, "effort", "reasoning")
    if effort is not None and effort not in EFFORTS:
        fields.refuse("reasoning.effort", f"must be one of {', '.join(EFFORTS)}")
    summary = fields.text(held, "summary", "reasoning") or fields.text(held, "generate_summary", "reasoning")
    summary = None if summary == "none" else summary
    more = fields.rest(held, ("effort", "summary", "generate_summary"))
    left = {"reasoning": more} if more else {}
    return (None if effort is None and summary is None else Reasoning(effort=effort, summary=summary)), left
