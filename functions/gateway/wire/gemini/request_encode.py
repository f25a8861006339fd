"""A request in neutral form, for a Gemini upstream. https://ai.google.dev/api/generate-content#request-body

Capabilities that are read: `thinking_level` (Gemini 3: a level in place of a budget; such a model also demands signatures on calls and takes
media inside tool results), `reasoning`, `effort_none`, `effort_minimal`, `effort_xhigh`. The trait `thought_signatures` demands signatures
of any other model.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from gateway.neutral.reasoning import budget_of, effort_of, nearest
from gateway.neutral.request import Reasoning, Request, ResponseFormat
from gateway.wire.carrying import Carrying
from gateway.wire.codec import Encoded, Upstream
from gateway.wire.gemini.contents_encode import contents
from gateway.wire.gemini.fields import DIALECT
from gateway.wire.gemini.tools_encode import calling, tools

_CONFIG: Final = "generationConfig"
_PLAIN: Final = {
    "temperature": "temperature",
    "top_p": "topP",
    "top_k": "topK",
    "max_output_tokens": "maxOutputTokens",
    "seed": "seed",
    "presence_penalty": "presencePenalty",
    "frequency_penalty": "frequencyPenalty",
    "choices": "candidateCount",
    "logprobs": "responseLogprobs",
    "top_logprobs": "logprobs",
}
_NO_FORM: Final = ("logit_bias", "verbosity", "user", "metadata", "cache_key")
_TIERS: Final = {"default": "standard", "flex": "flex", "priority": "priority"}
# Gemini 2.5: every model takes budgets of 512 to 24,576 tokens. https://ai.google.dev/gemini-api/docs/thinking#set-budget
_LEAST: Final = 512
_MOST: Final = 24_576


def encode_request(request: Request, upstream: Upstream) -> Encoded:
    """The body. CannotCarry names what the client wrote that has no form here; knobs without a form are noted."""
    carrying = Carrying()
    known = upstream.capabilities or frozenset()
    signed = "thinking_level" in known or "thought_signatures" in upstream.traits
    system, turns = contents(request, carrying, signed=signed)
    body: dict[str, Any] = {"contents": turns}
    if system is not None:
        body["systemInstruction"] = system
    declared = tools(request, carrying)
    if declared:
        body["tools"] = declared
    config = _config(request, upstream, carrying)
    if config:
        body[_CONFIG] = config
    if request.tool_choice is not None:
        found = calling(request.tool_choice, declared, carrying)
        if found is not None:
            body["toolConfig"] = {"functionCallingConfig": found}
    _rest(request, body, carrying)
    return Encoded(body, carrying.losses)


def _rest(request: Request, body: dict[str, Any], carrying: Carrying) -> None:
    carrying.drop_set(request, _NO_FORM, "this provider has no such setting")
    if request.store:
        carrying.drop("store", "this provider keeps no answers")
    if request.parallel_tools is False:
        carrying.drop("parallel_tools", "this provider cannot be kept from parallel calls")
    tier = request.service_tier
    if tier in _TIERS:
        body["serviceTier"] = _TIERS[tier]
    elif tier not in (None, "auto"):
        carrying.drop("service_tier", "this provider knows no such tier")
    carrying.leave_extras(request.extras, DIALECT)
    for name, value in request.extras.get(DIALECT, {}).items():
        _put(body, name.split("."), value)


def _put(body: dict[str, Any], names: list[str], value: Any) -> None:
    """A member by its path."""
    for name in names[:-1]:
        body = body.setdefault(name, {})
    body[names[-1]] = value


def _config(request: Request, upstream: Upstream, carrying: Carrying) -> dict[str, Any]:
    found = {theirs: value for ours, theirs in _PLAIN.items() if (value := getattr(request, ours)) is not None}
    if request.stop:
        found["stopSequences"] = list(request.stop)
    if request.format is not None:
        found |= _format(request.format, carrying)
    if request.reasoning is not None:
        thinking = _thinking(request.reasoning, upstream, carrying)
        if thinking:
            found["thinkingConfig"] = thinking
    return found


def _format(wanted: ResponseFormat, carrying: Carrying) -> dict[str, Any]:
    """JSON Schema goes as it is: keywords that Gemini does not know it passes over."""
    if wanted.kind == "text":
        return {"responseMimeType": "text/plain"}
    if wanted.description is not None:
        carrying.drop("format", "the description of the answer's schema has no place")
    found: dict[str, Any] = {"responseMimeType": "application/json"}
    if wanted.kind == "json_schema" and wanted.schema is not None:
        found["responseJsonSchema"] = wanted.schema
    return found


def _thinking(wanted: Reasoning, upstream: Upstream, carrying: Carrying) -> Mapping[str, Any]:
    """`thinkingConfig`: thoughts are asked for whenever thinking is, unless the client wants none."""
    known = upstream.capabilities
    off = wanted.enabled is False or wanted.effort == "none"
    asked = bool(wanted.enabled or wanted.effort or wanted.budget or wanted.adaptive)
    if known is not None and not {"reasoning", "thinking_level", "thinking_budget"} & known:
        if asked and not off:
            carrying.drop("reasoning", "this model does not think")
        return {}
    shows = bool(wanted.summary) or (asked and not off)
    visible = wanted.visible if wanted.visible is not None else True if shows else None
    shown = {} if visible is None else {"includeThoughts": visible}
    if known is not None and "thinking_level" in known:
        return {**shown, **_level(wanted, known, carrying, off=off)}
    return {**shown, **_budget(wanted, known, carrying, off=off)}


def _level(wanted: Reasoning, known: frozenset[str], carrying: Carrying, *, off: bool) -> dict[str, Any]:
    effort = "none" if off else wanted.effort
    if effort is None and wanted.budget is not None:
        effort = effort_of(wanted.budget)
        carrying.approximate("reasoning", "a budget of thinking tokens is sent as a level")
    if effort is None:
        return {}
    least = ("minimal",) if "effort_minimal" in known else ()
    most = ("xhigh",) if "effort_xhigh" in known else ()
    level = nearest(effort, (*least, "low", "medium", "high", *most))
    if off:
        carrying.approximate("reasoning", "this model cannot stop thinking: the lowest level is sent")
    elif level != effort:
        carrying.approximate("reasoning", "the nearest level of thinking that the model knows is sent")
    return {"thinkingLevel": level.upper()}


def _budget(wanted: Reasoning, known: frozenset[str] | None, carrying: Carrying, *, off: bool) -> dict[str, Any]:
    if off:
        if known is None or "effort_none" in known:
            return {"thinkingBudget": 0}
        carrying.approximate("reasoning", "this model cannot stop thinking: the least budget is sent")
        return {"thinkingBudget": _LEAST}
    if wanted.effort is not None:
        carrying.approximate("reasoning", "an effort is sent as a budget of thinking tokens")
        return {"thinkingBudget": max(_LEAST, min(budget_of(wanted.effort), _MOST))}
    if wanted.budget is not None:
        if wanted.budget > _MOST:
            carrying.approximate("reasoning", "the budget is lowered to the most that every model takes")
        return {"thinkingBudget": min(wanted.budget, _MOST)}
    return {"thinkingBudget": -1} if wanted.adaptive else {}
