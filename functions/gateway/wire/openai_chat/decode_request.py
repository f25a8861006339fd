"""A client's Chat Completions request in the neutral form: https://platform.openai.com/docs/api-reference/chat/create

Members without a neutral meaning (`modalities`, `audio`, `prediction`, `web_search_options`, …) stay in `extras`. Read beside OpenAI's own:
`top_k`, OpenRouter's `reasoning`, and the `thinking` object of DeepSeek and LiteLLM.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from gateway.neutral.blocks import NO_EXTRAS
from gateway.neutral.reasoning import EFFORTS
from gateway.neutral.request import Reasoning, Request
from gateway.wire.openai_chat import decode_messages, decode_tools, fields
from gateway.wire.openai_chat.thoughts import DIALECT

_KNOWN: Final = frozenset(
    [
        *("model", "messages", "stream", "stream_options", "max_tokens", "max_completion_tokens", "temperature"),
        *("top_p", "top_k", "stop", "seed", "frequency_penalty", "presence_penalty", "logit_bias", "logprobs"),
        *("top_logprobs", "n", "tools", "tool_choice", "functions", "function_call", "parallel_tool_calls"),
        *("response_format", "reasoning_effort", "reasoning", "thinking", "verbosity", "user", "safety_identifier"),
        *("service_tier", "metadata", "prompt_cache_key", "store"),
    ]
)
_MOST_TOKENS: Final = 2**31 - 1
_SEEDS: Final = 2**63
_MOST_CHOICES: Final = 128
_MOST_STOPS: Final = 64


def decode_request(data: Mapping[str, Any], *, model: str, stream: bool) -> Request:
    """The request, or InvalidRequest with the path of the field that is wrong."""
    tools = decode_tools.tools(data)
    usage_wanted, extras = _options(data)
    user, identifier = fields.text(data, "user"), fields.text(data, "safety_identifier")
    if user is not None and identifier is not None and user != identifier:
        extras["user"] = user
    return Request(
        dialect=DIALECT,
        model=model,
        messages=decode_messages.messages(data.get("messages")),
        stream=stream,
        stream_usage=usage_wanted,
        max_output_tokens=_limit(data),
        temperature=fields.number(data, "temperature", 0, 2),
        top_p=fields.number(data, "top_p", 0, 1),
        top_k=fields.whole(data, "top_k", -1, _MOST_TOKENS),
        stop=_stop(data.get("stop")),
        seed=fields.whole(data, "seed", -_SEEDS, _SEEDS - 1),
        frequency_penalty=fields.number(data, "frequency_penalty", -2, 2),
        presence_penalty=fields.number(data, "presence_penalty", -2, 2),
        logit_bias=_bias(data),
        logprobs=fields.flag(data, "logprobs"),
        top_logprobs=fields.whole(data, "top_logprobs", 0, 20),
        choices=fields.whole(data, "n", 1, _MOST_CHOICES),
        tools=tools,
        tool_choice=decode_tools.choice(data, tools),
        parallel_tools=fields.flag(data, "parallel_tool_calls"),
        format=decode_tools.response_format(data),
        reasoning=_reasoning(data),
        verbosity=_one_of(data, "verbosity", ("low", "medium", "high")),
        user=identifier if identifier is not None else user,
        service_tier=fields.text(data, "service_tier"),
        metadata=fields.mapping(data, "metadata"),
        cache_key=fields.text(data, "prompt_cache_key"),
        store=fields.flag(data, "store"),
        extras={DIALECT: extras} if extras else NO_EXTRAS,
    )


def _options(data: Mapping[str, Any]) -> tuple[bool | None, dict[str, Any]]:
    """Whether the client wants usage in its stream, and everything at the top that has no neutral meaning."""
    extras = fields.rest(data, _KNOWN)
    options = fields.mapping(data, "stream_options")
    if options is None:
        return None, extras
    if more := fields.rest(options, ("include_usage",)):
        extras["stream_options"] = more
    return fields.flag(options, "include_usage", "stream_options"), extras


def _limit(data: Mapping[str, Any]) -> int | None:
    """`max_completion_tokens` counts, `max_tokens` is its deprecated name."""
    newer = fields.whole(data, "max_completion_tokens", 1, _MOST_TOKENS)
    older = fields.whole(data, "max_tokens", 1, _MOST_TOKENS)
    if newer is not None and older is not None and newer != older:
        fields.refuse("max_tokens", "says something else than 'max_completion_tokens'")
    return newer if newer is not None else older


def _stop(value: Any) -> tuple[str, ...] | None:
    if value is None:
        return None
    stops = [value] if isinstance(value, str) else value
    if not isinstance(stops, list) or not all(isinstance(one, str) for one in stops):
        fields.refuse("stop", "must be a string or an array of strings")
    if not all(stops):
        fields.refuse("stop", "holds an empty string")
    if len(stops) > _MOST_STOPS:
        fields.refuse("stop", f"holds more than {_MOST_STOPS} strings")
    return tuple(stops) or None


def _bias(data: Mapping[str, Any]) -> Mapping[str, float] | None:
    found = fields.mapping(data, "logit_bias")
    for token in found or ():
        assert found is not None
        bias = found[token]
        if isinstance(bias, bool) or not isinstance(bias, int | float) or not -100 <= bias <= 100:
            fields.refuse(f"logit_bias.{token[:32]}", "must be a number between -100 and 100")
    return found


def _one_of(data: Mapping[str, Any], name: str, words: tuple[str, ...], at: str = "") -> str | None:
    value = fields.text(data, name, at)
    if value is not None and value not in words:
        fields.refuse(fields.path(at, name), f"must be one of {', '.join(words)}")
    return value


def _reasoning(data: Mapping[str, Any]) -> Reasoning | None:
    """`reasoning_effort`, or the compatible vendors' objects in its place."""
    effort = _one_of(data, "reasoning_effort", EFFORTS)
    if (held := fields.mapping(data, "reasoning")) is not None:
        inner = _one_of(held, "effort", EFFORTS, "reasoning")
        shown = fields.flag(held, "exclude", "reasoning")
        return Reasoning(
            enabled=fields.flag(held, "enabled", "reasoning"),
            effort=effort if effort is not None else inner,
            budget=_budget(held, "max_tokens", "reasoning"),
            summary=fields.text(held, "summary", "reasoning"),
            visible=None if shown is None else not shown,
        )
    if (held := fields.mapping(data, "thinking")) is not None:
        kind = _one_of(held, "type", ("enabled", "disabled", "adaptive"), "thinking")
        budget = _budget(held, "budget_tokens", "thinking")
        return Reasoning(None if kind is None else kind != "disabled", effort, budget, kind == "adaptive")
    return None if effort is None else Reasoning(effort=effort)


def _budget(held: Mapping[str, Any], name: str, at: str) -> int | None:
    value = held.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= _MOST_TOKENS:
        fields.refuse(f"{at}.{name}", "must be a count of tokens")
    return value
