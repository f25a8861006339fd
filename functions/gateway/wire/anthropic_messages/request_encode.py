"""A request for an Anthropic upstream, or one that speaks its dialect. https://platform.claude.com/docs/en/api/messages

Of `Upstream.capabilities` it reads `adaptive_thinking`, `thinking_budget`, `reasoning`, `effort_xhigh`, `effort_max`, `json_schema`,
`no_sampling`, `no_forced_tools`, `no_prefill` and `mid_system` (system messages between turns); of `Upstream.traits` `unsigned_thinking` (takes
thoughts back without a signature).
"""

from __future__ import annotations

from typing import Any, Final

import orjson

from gateway.neutral.request import Request, ResponseFormat
from gateway.wire.anthropic_messages import thinking_encode, tools_encode
from gateway.wire.anthropic_messages.members import DIALECT, own
from gateway.wire.anthropic_messages.schema import closed
from gateway.wire.anthropic_messages.thinking_encode import Obstacles, Thought
from gateway.wire.anthropic_messages.turns_encode import Turns
from gateway.wire.carrying import Carrying
from gateway.wire.codec import Encoded, Upstream

_NO_WORDS: Final[frozenset[str]] = frozenset()
_NO_FORM: Final = (
    "seed",
    "frequency_penalty",
    "presence_penalty",
    "logit_bias",
    "verbosity",
    "metadata",
    "cache_key",
)
_TIERS: Final = {"auto": "auto", "default": "standard_only"}
_LONGEST_USER: Final = 256
_NUCLEUS: Final = 0.95  # the least top_p while thinking
_JSON_ONLY: Final = "Answer with one JSON object and nothing else: no words around it, no code fence."


def encode_request(request: Request, upstream: Upstream) -> Encoded:
    """The body; see `Codec.encode_request`."""
    carrying = Carrying()
    if request.choices is not None and request.choices > 1:
        carrying.refuse("choices", "the provider gives one answer at a time")
    turns = Turns(request, upstream, carrying)
    words = upstream.capabilities or _NO_WORDS
    if turns.prefilled and "no_prefill" in words:
        carrying.refuse(
            "messages", "the model does not go on with words given to it: the last message must be the user's"
        )
    body: dict[str, Any] = {"model": upstream.model}
    tools = tools_encode.tools(request, carrying)
    choice = _willing(tools_encode.choice(request, tools, carrying), words, carrying)
    forced = choice is not None and choice["type"] in ("any", "tool")
    obstacles = Obstacles(forced, turns.prefilled, turns.unthought_calls)
    thought = thinking_encode.plan(request, upstream, obstacles, carrying)
    body["max_tokens"] = thought.limit
    config = _config(request, upstream, turns, thought, carrying)
    if turns.system:
        body["system"] = turns.system
    body["messages"] = turns.messages
    if tools or request.tools == ():
        body["tools"] = tools
    optional = {"tool_choice": choice, "thinking": thought.thinking, "output_config": config or None}
    body.update({name: value for name, value in optional.items() if value is not None})
    _knobs(request, body, carrying)
    _sampling(request, body, thought, words, carrying)
    _rest(request, body, carrying)
    return Encoded(body, carrying.losses)


def _willing(choice: dict[str, Any] | None, words: frozenset[str], carrying: Carrying) -> dict[str, Any] | None:
    """Some models refuse to be forced to call a tool."""
    if choice is None or choice["type"] not in ("any", "tool") or "no_forced_tools" not in words:
        return choice
    carrying.approximate("tool_choice", "the model cannot be forced to call a tool: the choice is left to it")
    return {"type": "auto", **{name: value for name, value in choice.items() if name not in ("type", "name")}}


def _config(request: Request, upstream: Upstream, turns: Turns, thought: Thought, carrying: Carrying) -> dict[str, Any]:
    """`output_config`: effort and format."""
    result: dict[str, Any] = {}
    if thought.effort is not None:
        result["effort"] = thought.effort
    form = request.format
    if form is None or form.kind == "text":
        return result
    words = upstream.capabilities
    if form.kind == "json_object":
        carrying.approximate("format", "the provider has no mode for any JSON: the model is told so")
        turns.instruct(_JSON_ONLY)
    elif words is not None and "json_schema" not in words and request.dialect != DIALECT:
        carrying.approximate("format", "the model does not enforce schemas: it is told the schema")
        turns.instruct(f"{_JSON_ONLY} It must conform to this JSON schema:\n{_written(form, carrying)}")
    else:
        result["format"] = own(request.extras).get("output_format") or _format(request, form, carrying)
    return result


def _written(form: ResponseFormat, carrying: Carrying) -> str:
    try:
        return orjson.dumps(form.schema or {}).decode()
    except orjson.JSONEncodeError:  # the parser reads deeper than can be written
        carrying.refuse("format", "its schema is nested too deep")


def _format(request: Request, form: ResponseFormat, carrying: Carrying) -> dict[str, Any]:
    schema = form.schema or {"type": "object"}
    if request.dialect != DIALECT:
        schema, changed = closed(schema, "format")
        if changed:
            carrying.approximate("format", "rules that the provider cannot enforce are told to the model instead")
        if form.description:
            schema.setdefault("description", form.description)
    return {"type": "json_schema", "schema": schema}


def _knobs(request: Request, body: dict[str, Any], carrying: Carrying) -> None:
    """Members with one value each."""
    carrying.drop_set(request, _NO_FORM, "the provider has no such setting")
    if request.logprobs or request.top_logprobs:
        carrying.drop_set(request, ("logprobs", "top_logprobs"), "the provider reports no log probabilities")
    if request.store:
        carrying.drop("store", "the provider stores no answers")
    if request.stream:
        body["stream"] = True
    if request.user is not None:
        if len(request.user) > _LONGEST_USER:
            carrying.drop("user", "the provider takes 256 characters")
        else:
            body["metadata"] = {"user_id": request.user}
    tier = request.service_tier
    if tier is not None and (tier in _TIERS or request.dialect == DIALECT):
        body["service_tier"] = _TIERS.get(tier, tier)
    elif tier is not None:
        carrying.drop("service_tier", "the provider has no such tier")
    if request.stop is not None:
        _stops(request.stop, body, carrying)


def _stops(stop: tuple[str, ...], body: dict[str, Any], carrying: Carrying) -> None:
    """The vendor refuses stop sequences of white space."""
    visible = [sequence for sequence in stop if sequence.strip()]
    if len(visible) < len(stop):
        carrying.drop("stop", "the provider refuses stop sequences of white space alone")
    if visible or not stop:
        body["stop_sequences"] = visible


def _sampling(
    request: Request, body: dict[str, Any], thought: Thought, words: frozenset[str], carrying: Carrying
) -> None:
    """Temperature, top_p and top_k, as far as the model takes them. An Anthropic client's own are kept as they are."""
    temperature, top_p, top_k = request.temperature, request.top_p, request.top_k
    if request.dialect != DIALECT:
        if temperature is not None and temperature > 1:
            carrying.approximate("temperature", "the provider's highest is 1")
            temperature = 1
        if "no_sampling" in words:
            why = "the model takes no sampling settings"
            temperature, top_p, top_k = None, None, None
            _gone(request, ("temperature", "top_p"), why, carrying)
            carrying.drop_set(request, ("top_k",), why)
        elif thought.on:
            why = "the provider fixes it while the model thinks"
            temperature, top_k = None, None
            _gone(request, ("temperature",), why, carrying)
            carrying.drop_set(request, ("top_k",), why)
            if top_p is not None and top_p < _NUCLEUS:
                carrying.drop("top_p", why)
                top_p = None
        if temperature == 1 and top_p not in (None, 1):
            temperature = None  # what the vendor does without it; clients of Google's send both
        if temperature is not None and top_p is not None:
            _gone(request, ("top_p",), "the provider takes temperature or top_p, not both", carrying)
            top_p = None
    given = {"temperature": temperature, "top_p": top_p, "top_k": top_k}
    body.update({name: value for name, value in given.items() if value is not None})


def _gone(request: Request, names: tuple[str, ...], why: str, carrying: Carrying) -> None:
    """Note those that were not 1, which is what the vendor does without them."""
    for name in names:
        if getattr(request, name) not in (None, 1):
            carrying.drop(name, why)


def _rest(request: Request, body: dict[str, Any], carrying: Carrying) -> None:
    """Top-level members of the client's dialect."""
    carrying.leave_extras(request.extras, DIALECT)
    for name, value in own(request.extras).items():
        if name in ("thinking", "output_format"):
            continue
        merged = isinstance(value, dict) and isinstance(body.get(name), dict)
        body[name] = {**body[name], **value} if merged else value
