"""A request for an upstream of this dialect: OpenAI itself, or one of the vendors that speak it in their own way (see `traits`)."""

from __future__ import annotations

import hashlib
from typing import Any, Final

from gateway.neutral.reasoning import EFFORTS, effort_of, nearest
from gateway.neutral.request import Reasoning, Request
from gateway.wire.carrying import Carrying
from gateway.wire.codec import Encoded, Upstream
from gateway.wire.openai_chat import encode_messages, encode_tools
from gateway.wire.openai_chat.thoughts import DIALECT
from gateway.wire.openai_chat.traits import OPTIONAL_KNOBS, PLAIN_KNOBS

# Members of the request that are sent as they are, under these names.
_NAMES: Final = {
    "temperature": "temperature",
    "top_p": "top_p",
    "top_k": "top_k",
    "frequency_penalty": "frequency_penalty",
    "presence_penalty": "presence_penalty",
    "logit_bias": "logit_bias",
    "logprobs": "logprobs",
    "choices": "n",
    "verbosity": "verbosity",
    "cache_key": "prompt_cache_key",
    "store": "store",
}
_SAMPLING: Final = frozenset(["temperature", "top_p", "top_k"])
# Knobs that are no matter of sending them or not.
_OWN_WAY: Final = frozenset(["parallel_tools", "user", "choices"])
_NO_KNOB: Final = "this provider has no such knob in Chat Completions"
# https://platform.openai.com/docs/api-reference/chat/create: stop, safety_identifier, prompt_cache_key, metadata
_STOPS: Final = 4
_USER_LIMIT: Final = 64
_CACHE_KEY_LIMIT: Final = 64
_METADATA_PAIRS: Final = 16
_METADATA_KEY: Final = 64
_METADATA_VALUE: Final = 512
_KNOWN_TIERS: Final = frozenset(["auto", "default", "flex", "scale", "priority", "fast"])


def encode_request(request: Request, upstream: Upstream) -> Encoded:
    """The body, and what was lost. CannotCarry names the client's field that has no form here."""
    carrying = Carrying()
    body: dict[str, Any] = {"model": upstream.model}
    body["messages"] = encode_messages.messages(request, upstream, carrying)
    body |= encode_tools.tools(request, upstream, carrying)
    shape = encode_tools.response_format(request, upstream, carrying)
    if (said := shape.pop("messages", None)) is not None:
        body["messages"] = [{"role": "system", "content": said}, *body["messages"]]
    body |= shape
    body |= _limit(request, upstream, carrying)
    body |= _knobs(request, upstream, carrying)
    body |= _labels(request, upstream, carrying)
    body |= _reasoning(request.reasoning, upstream, carrying)
    body |= request.extras.get(DIALECT, {})
    carrying.leave_extras(request.extras, DIALECT)
    if request.stream:
        body["stream"] = True
        if "stream_usage" in upstream.traits:
            body["stream_options"] = {**body.get("stream_options", {}), "include_usage": True}
    return Encoded(body, carrying.losses)


def _limit(request: Request, upstream: Upstream, carrying: Carrying) -> dict[str, Any]:
    wanted, most = request.max_output_tokens, upstream.max_output_tokens
    if wanted is None:
        return {}
    if most is not None and wanted > most:
        carrying.approximate("max_output_tokens", "lowered to the model's limit")
        wanted = most
    return {"max_completion_tokens" if "max_completion_tokens" in upstream.traits else "max_tokens": wanted}


def _knobs(request: Request, upstream: Upstream, carrying: Carrying) -> dict[str, Any]:
    traits = upstream.traits
    lacking = [name for name in OPTIONAL_KNOBS if name not in traits and name not in _OWN_WAY]
    lacking += [name for name in PLAIN_KNOBS if f"no_{name}" in traits]
    if "logprobs" in lacking:
        lacking.append("top_logprobs")
    # A provider that keeps nothing need not be told to keep nothing.
    unsaid = ("store",) if request.store is False else ()
    carrying.drop_set(request, (name for name in lacking if name not in unsaid), _NO_KNOB)
    refused = _SAMPLING.difference(lacking) if "no_sampling" in (upstream.capabilities or ()) else frozenset()
    carrying.drop_set(request, sorted(refused), "the model takes no sampling knobs")
    if "choices" not in traits:
        lacking.append("choices")
        if (request.choices or 1) > 1:
            carrying.refuse("choices", "it gives one answer at a time")
    body: dict[str, Any] = {}
    for name, written in _NAMES.items():
        value = getattr(request, name)
        if value is not None and name not in lacking and name not in refused:
            body[written] = value
    if request.top_logprobs is not None and "top_logprobs" not in lacking:
        body["top_logprobs"] = request.top_logprobs
        body.setdefault("logprobs", True)
    if request.seed is not None and "seed" not in lacking:
        body["random_seed" if "random_seed" in traits else "seed"] = request.seed
    if request.stop is not None and "stop" not in lacking:
        body["stop"] = list(_stops(request.stop, upstream, carrying))
    return body


def _stops(stops: tuple[str, ...], upstream: Upstream, carrying: Carrying) -> tuple[str, ...]:
    if "stops_4" not in upstream.traits or len(stops) <= _STOPS:
        return stops
    carrying.approximate("stop", "only the first four sequences are sent")
    return stops[:_STOPS]


def _labels(request: Request, upstream: Upstream, carrying: Carrying) -> dict[str, Any]:
    """Who asks, for what, and at which price."""
    body: dict[str, Any] = {}
    if request.user is not None:
        body |= _user(request.user, upstream, carrying)
    key = request.cache_key
    if key is not None and "cache_key" in upstream.traits and len(key) > _CACHE_KEY_LIMIT:
        carrying.approximate("cache_key", "longer than 64 characters; sent as its hash")
        body["prompt_cache_key"] = hashlib.sha256(key.encode()).hexdigest()
    if request.metadata is not None and "metadata" in upstream.traits:
        body["metadata"] = _metadata(request, carrying)
    tier = request.service_tier
    if tier is not None and "service_tier" in upstream.traits:
        if tier in _KNOWN_TIERS or request.dialect == DIALECT:
            body["service_tier"] = tier
        else:
            carrying.drop("service_tier", "this dialect knows no such tier")
    return body


def _user(user: str, upstream: Upstream, carrying: Carrying) -> dict[str, Any]:
    if "safety_identifier" in upstream.traits:
        if len(user) > _USER_LIMIT:
            carrying.approximate("user", "longer than 64 characters; sent as its hash")
            user = hashlib.sha256(user.encode()).hexdigest()
        return {"safety_identifier": user}
    if "user" in upstream.traits:
        return {"user": user}
    carrying.drop("user", "this provider takes no name of the end user")
    return {}


def _metadata(request: Request, carrying: Carrying) -> dict[str, Any]:
    kept = {
        key: value
        for key, value in (request.metadata or {}).items()
        if isinstance(value, str) and len(key) <= _METADATA_KEY and len(value) <= _METADATA_VALUE
    }
    kept = dict(list(kept.items())[:_METADATA_PAIRS])
    if len(kept) < len(request.metadata or {}):
        carrying.approximate("metadata", "only 16 pairs of short strings are sent")
    return kept


def _reasoning(wanted: Reasoning | None, upstream: Upstream, carrying: Carrying) -> dict[str, Any]:
    """Thinking in the upstream's words; budgets become efforts where it counts in words."""
    if wanted is None:
        return {}
    if upstream.capabilities is not None and "reasoning" not in upstream.capabilities:
        if wanted.enabled is not False and wanted.effort != "none":
            carrying.drop("reasoning", "the model does not reason")
        return {}
    if wanted.summary is not None:
        carrying.drop("reasoning", "Chat Completions gives no summaries of thoughts")
    if "reasoning_object" in upstream.traits:
        return _object(wanted)
    off = wanted.enabled is False or wanted.effort == "none"
    body: dict[str, Any] = {}
    if "thinking_toggle" in upstream.traits and (off or wanted.enabled):
        body["thinking"] = {"type": "disabled" if off else "enabled"}
        if off:
            return body
    effort = "none" if wanted.enabled is False else wanted.effort
    if effort is None and wanted.budget is not None:
        effort = effort_of(wanted.budget)
        carrying.approximate("reasoning", "a budget of tokens is sent as an effort")
    return body if effort is None else body | _effort(effort, upstream, carrying)


def _object(wanted: Reasoning) -> dict[str, Any]:
    held: dict[str, Any] = {}
    if wanted.effort is not None:
        held["effort"] = wanted.effort
    elif wanted.budget is not None:
        held["max_tokens"] = wanted.budget
    elif wanted.enabled is not None or wanted.adaptive:
        held["enabled"] = wanted.enabled is not False
    if wanted.visible is not None:
        held["exclude"] = not wanted.visible
    return {"reasoning": held} if held else {}


def _effort(effort: str, upstream: Upstream, carrying: Carrying) -> dict[str, Any]:
    known = tuple(word for word in EFFORTS if f"effort:{word}" in upstream.traits)
    facts = upstream.capabilities
    if facts is not None:
        # Catalogs name the efforts that not every reasoning model takes.
        known = tuple(word for word in known if word in ("low", "medium", "high") or f"effort_{word}" in facts)
    if not known:
        carrying.drop("reasoning", "this provider takes no effort")
        return {}
    # Thinking that was asked for is not switched off because a little of it is nearer to none.
    word = nearest(effort, tuple(one for one in known if (one == "none") == (effort == "none")) or known)
    if word != effort:
        carrying.approximate("reasoning", "sent as the nearest effort that the model takes")
    return {"reasoning_effort": word}
