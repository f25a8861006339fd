"""A Converse request: https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html

What models differ in is told by `Upstream`. Traits: `claude`, `nova`, `reasoning_effort` (see `thinking`), `cache_points`, `cache_1h` (see
`caching`). Capabilities read: `reasoning`, `adaptive_thinking`, `thinking_budget`, `effort`, `effort_xhigh`, `effort_max`, `prompt_caching`,
`json_schema`, `no_sampling`, `no_forced_tools`.
Extras under `bedrock_converse` that name a member of the request are sent as they are.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any, Final

from gateway.neutral.request import Request
from gateway.wire.bedrock_converse.caching import CachePoints
from gateway.wire.bedrock_converse.content import Conversation
from gateway.wire.bedrock_converse.output import Form
from gateway.wire.bedrock_converse.thinking import FamilyFields
from gateway.wire.bedrock_converse.tools import Toolbox
from gateway.wire.carrying import Carrying
from gateway.wire.codec import Encoded, Upstream

DIALECT: Final = "bedrock_converse"

_TIERS: Final = {"priority": "priority", "default": "default", "flex": "flex", "reserved": "reserved"}
_OWN_MEMBERS: Final = frozenset(
    {
        "guardrailConfig",
        "promptVariables",
        "performanceConfig",
        "additionalModelResponseFieldPaths",
        "additionalModelRequestFields",
    }
)
# https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html, requestMetadata
_METADATA: Final = re.compile(r"[a-zA-Z0-9\s:_@$#=/+,\-.]{0,256}", re.ASCII)
_METADATA_LIMIT: Final = 16
_STOP_PATH: Final = "/stop_sequence"
_LEAST_TOP_P: Final = 0.95


def encode_request(request: Request, upstream: Upstream) -> Encoded:
    """The body for `/model/{id}/converse` and `…/converse-stream`, which differ in their path alone."""
    carrying = Carrying()
    carrying.leave_extras(request.extras, DIALECT)
    request = _bounded(request, upstream, carrying)
    points = CachePoints(upstream, carrying)
    conversation = Conversation(carrying, points)
    conversation.add(request)
    tooling = Toolbox(upstream, carrying, points).config(request, conversation.called)
    family = FamilyFields(upstream, carrying)
    family.add(request, tooling, conversation.messages)
    form = Form(request, upstream, carrying)
    if form.instruction is not None:
        conversation.system.append({"text": form.instruction})
    output = {"textFormat": form.config, "effort": family.effort}
    body: dict[str, Any] = {"messages": conversation.messages}
    members = {
        "system": conversation.system,
        "inferenceConfig": _inference(request, upstream, family.thinks, carrying),
        "toolConfig": tooling.config,
        "outputConfig": {name: value for name, value in output.items() if value is not None},
        "requestMetadata": _metadata(request, carrying),
        "serviceTier": _tier(request, carrying),
        "additionalModelRequestFields": family.fields,
        "additionalModelResponseFieldPaths": [_STOP_PATH] if request.stop and "claude" in upstream.traits else None,
    }
    body |= {name: value for name, value in members.items() if value}
    _own(request, body, carrying)
    _leave(request, carrying)
    return Encoded(body, carrying.losses)


def _bounded(request: Request, upstream: Upstream, carrying: Carrying) -> Request:
    """More tokens than the model can give are refused by Bedrock."""
    most, asked = upstream.max_output_tokens, request.max_output_tokens
    if most is None or asked is None or asked <= most:
        return request
    carrying.approximate("max_output_tokens", "the model's own limit is lower")
    return replace(request, max_output_tokens=most)


def _own(request: Request, body: dict[str, Any], carrying: Carrying) -> None:
    for name, value in request.extras.get(DIALECT, {}).items():
        if name not in _OWN_MEMBERS:
            carrying.drop(name, "it is no member there")
        else:
            both = isinstance(value, dict) and isinstance(body.get(name), dict)
            body[name] = {**body[name], **value} if both else value


def _inference(request: Request, upstream: Upstream, thinks: bool, carrying: Carrying) -> dict[str, Any]:
    temperature, top_p = _sampling(request, upstream, carrying)
    if temperature is not None and temperature != 1 and thinks:
        carrying.drop("temperature", "it cannot be set while the model thinks")
        temperature = None
    if top_p is not None and top_p < _LEAST_TOP_P and thinks:
        carrying.drop("top_p", "it cannot be below 0.95 while the model thinks")
        top_p = None
    members = {
        "maxTokens": request.max_output_tokens,
        "temperature": temperature,
        "topP": top_p,
        "stopSequences": [stop for stop in request.stop or () if stop] or None,
    }
    return {name: value for name, value in members.items() if value is not None}


def _sampling(request: Request, upstream: Upstream, carrying: Carrying) -> tuple[float | None, float | None]:
    """Temperature and `top_p` as far as the model takes them. Newer Claude models take one of them, not both:

    https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-anthropic-claude-messages-request-response.html
    """
    temperature, top_p = request.temperature, request.top_p
    if "no_sampling" in (upstream.capabilities or ()):
        carrying.drop_set(request, ("temperature", "top_p"), "this model takes no sampling knobs")
        return None, None
    if temperature is not None and temperature > 1:
        carrying.approximate("temperature", "1 is the highest there")
        temperature = 1.0
    if temperature is not None and top_p is not None and "claude" in upstream.traits:
        if temperature == 1:
            return None, top_p  # 1 is what the model does without it; clients of Google's send both
        if top_p != 1:
            carrying.drop("top_p", "this model takes a temperature or this, not both")
        top_p = None
    return temperature, top_p


def _tier(request: Request, carrying: Carrying) -> dict[str, str] | None:
    """`auto` is what Bedrock does when nothing is said."""
    wanted = request.service_tier
    if wanted is None or wanted == "auto":
        return None
    if wanted == "standard_only":
        return {"type": "default"}
    if wanted not in _TIERS:
        carrying.drop("service_tier", "this tier is not known there")
        return None
    return {"type": _TIERS[wanted]}


def _metadata(request: Request, carrying: Carrying) -> dict[str, str]:
    kept: dict[str, str] = {}
    for name, value in (request.metadata or {}).items():
        fits = isinstance(value, str) and name and _METADATA.fullmatch(name) and _METADATA.fullmatch(value)
        if fits and len(kept) < _METADATA_LIMIT:
            kept[name] = value
        else:
            carrying.drop("metadata", "up to 16 plain texts of 256 characters fit there")
    return kept


def _leave(request: Request, carrying: Carrying) -> None:
    """Knobs that have no member; one that says what happens anyway is no loss."""
    if request.choices not in {None, 1}:
        carrying.refuse("choices", "it gives one answer at a time")
    knobs = ("seed", "frequency_penalty", "presence_penalty", "logit_bias", "verbosity", "user", "cache_key")
    carrying.drop_set(request, knobs, "there is no member for it there")
    if request.logprobs or request.top_logprobs:
        carrying.drop("logprobs", "there are no log probabilities there")
    if request.store:
        carrying.drop("store", "answers are not kept there")
