"""A request for an upstream of this dialect: OpenAI, Azure, and others that serve `/v1/responses`.

Three things are decided here, since Responses keeps conversations unless it is told not to:

- `store` is false unless the client said otherwise: the conversation lies with the client, nothing is left at the provider.
- `include: ["reasoning.encrypted_content"]` goes along wherever the model thinks, so that its thoughts come back with the next turn.
- Knobs of sampling that Responses does not have (`stop`, `seed`, `top_k`, penalties, `logit_bias`) are dropped and noted; several choices
  cannot be had and are refused.

Capabilities that count: `reasoning`, `no_sampling`, `effort_<word>`.
"""

from __future__ import annotations

import hashlib
from typing import Any, Final

from gateway.neutral.blocks import Text
from gateway.neutral.reasoning import EFFORTS, effort_of, nearest
from gateway.neutral.request import Reasoning, Request
from gateway.wire.carrying import Carrying
from gateway.wire.codec import Encoded, Upstream
from gateway.wire.openai_responses import encode_tools
from gateway.wire.openai_responses.encode_items import Items
from gateway.wire.openai_responses.names import DIALECT

_LACKING: Final = ("stop", "seed", "top_k", "frequency_penalty", "presence_penalty", "logit_bias")
_SENT: Final = {"temperature": "temperature", "top_p": "top_p", "top_logprobs": "top_logprobs"}
_SAMPLING: Final = ("temperature", "top_p")
_LEAST_TOKENS: Final = 16
_LIMIT: Final = 64
_METADATA_PAIRS: Final = 16
_METADATA_VALUE: Final = 512
_TIERS: Final = frozenset(["auto", "default", "flex", "scale", "priority", "fast"])
_ENCRYPTED: Final = "reasoning.encrypted_content"
_LOGPROBS: Final = "message.output_text.logprobs"

# Clients of these see thoughts only when they say so (`includeThoughts`); summaries cost time and are not open to every account.
_HIDES_THOUGHTS: Final = frozenset(["gemini"])


def encode_request(request: Request, upstream: Upstream) -> Encoded:
    """The body, and what was lost. CannotCarry names the client's field that has no form here."""
    carrying = Carrying()
    if request.choices is not None and request.choices > 1:
        carrying.refuse("choices", "Responses gives one answer")
    body: dict[str, Any] = {"model": upstream.model}
    body |= _input(request, carrying)
    body |= encode_tools.members(request, carrying)
    if text := encode_tools.text(request, carrying):
        body["text"] = text
    body |= _knobs(request, upstream, carrying)
    body |= _labels(request, carrying)
    included = [_LOGPROBS] if request.logprobs or request.top_logprobs else []
    thinking = _reasoning(request.reasoning, request.dialect, upstream, carrying)
    if thinking:
        body["reasoning"] = thinking
    if _thinks(request.reasoning, upstream):
        included.append(_ENCRYPTED)
    own = dict(request.extras.get(DIALECT, {}))
    included += own.pop("include", [])
    if included:
        body["include"] = included
    for name, value in own.items():
        body[name] = body[name] | value if isinstance(body.get(name), dict) and isinstance(value, dict) else value
    carrying.leave_extras(request.extras, DIALECT)
    if request.stream:
        body["stream"] = True
    return Encoded(body, carrying.losses)


def _input(request: Request, carrying: Carrying) -> dict[str, Any]:
    items = Items(request, carrying)
    messages = request.messages
    body: dict[str, Any] = {}
    first = messages[0]
    if request.dialect == DIALECT and first.at == "instructions" and isinstance(first.blocks[0], Text):
        body["instructions"] = first.blocks[0].text
        messages = messages[1:]
    for message in messages:
        items.message(message)
    return body | {"input": items.items}


def _knobs(request: Request, upstream: Upstream, carrying: Carrying) -> dict[str, Any]:
    carrying.drop_set(request, _LACKING, "there is no such knob in Responses")
    refused = _SAMPLING if "no_sampling" in (upstream.capabilities or ()) else ()
    carrying.drop_set(request, refused, "the model takes no sampling knobs")
    body: dict[str, Any] = {}
    for name, written in _SENT.items():
        value = getattr(request, name)
        if value is not None and name not in refused:
            body[written] = value
    wanted, most = request.max_output_tokens, upstream.max_output_tokens
    if wanted is None:
        return body
    if most is not None and wanted > most:
        carrying.approximate("max_output_tokens", "lowered to the model's limit")
        wanted = most
    if wanted < _LEAST_TOKENS:
        carrying.approximate("max_output_tokens", "raised to the least that Responses takes")
        wanted = _LEAST_TOKENS
    return body | {"max_output_tokens": wanted}


def _labels(request: Request, carrying: Carrying) -> dict[str, Any]:
    """Who asks, for what, at which price, and what is kept."""
    body: dict[str, Any] = {"store": request.store if request.store is not None else False}
    for name, written in (("user", "safety_identifier"), ("cache_key", "prompt_cache_key")):
        value = getattr(request, name)
        if value is not None and len(value) > _LIMIT:
            carrying.approximate(name, "longer than 64 characters; sent as its hash")
            value = hashlib.sha256(value.encode()).hexdigest()
        if value is not None:
            body[written] = value
    if request.metadata is not None:
        body["metadata"] = _metadata(request, carrying)
    tier = request.service_tier
    if tier is not None:
        if tier in _TIERS or request.dialect == DIALECT:
            body["service_tier"] = tier
        else:
            carrying.drop("service_tier", "this dialect knows no such tier")
    return body


def _metadata(request: Request, carrying: Carrying) -> dict[str, Any]:
    given = request.metadata or {}
    kept = {
        key: value
        for key, value in given.items()
        if isinstance(value, str) and len(key) <= _LIMIT and len(value) <= _METADATA_VALUE
    }
    kept = dict(list(kept.items())[:_METADATA_PAIRS])
    if len(kept) < len(given):
        carrying.approximate("metadata", "only 16 pairs of short strings are sent")
    return kept


def _off(wanted: Reasoning | None) -> bool:
    return wanted is not None and (wanted.enabled is False or wanted.effort == "none")


def _thinks(wanted: Reasoning | None, upstream: Upstream) -> bool:
    """Whether thoughts can be expected; models that do not think refuse to be asked for them."""
    if upstream.capabilities is not None:
        return "reasoning" in upstream.capabilities and not _off(wanted)
    return wanted is not None and not _off(wanted)


def _reasoning(wanted: Reasoning | None, dialect: str, upstream: Upstream, carrying: Carrying) -> dict[str, Any]:
    if wanted is None:
        return {}
    facts = upstream.capabilities
    if facts is not None and "reasoning" not in facts:
        if not _off(wanted):
            carrying.drop("reasoning", "the model does not reason")
        return {}
    effort = "none" if wanted.enabled is False else wanted.effort
    if effort is None and wanted.budget is not None:
        effort = effort_of(wanted.budget)
        carrying.approximate("reasoning", "a budget of tokens is sent as an effort")
    held: dict[str, Any] = {}
    if effort is not None:
        known = EFFORTS if facts is None else tuple(word for word in EFFORTS if _takes(word, facts))
        held["effort"] = nearest(effort, known)
        if held["effort"] != effort:
            carrying.approximate("reasoning", "sent as the nearest effort that the model takes")
    asked_for = dialect not in _HIDES_THOUGHTS and (wanted.enabled or wanted.budget is not None)
    shown = asked_for if wanted.visible is None else wanted.visible
    if wanted.summary is not None:
        held["summary"] = wanted.summary
    elif shown and not _off(wanted):
        held["summary"] = "auto"
    return held


def _takes(word: str, facts: frozenset[str]) -> bool:
    """Catalogs name the efforts that not every reasoning model takes."""
    return word in ("low", "medium", "high") or f"effort_{word}" in facts
