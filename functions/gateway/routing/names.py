"""The names clients send: what is behind them, who may use them, and how they are repeated in a message.

A name is a route, else `provider/model`, else a model of the release. What a key may not use is not named in an error either.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Final

from gateway.neutral.config import Model, Provider, VirtualKey
from gateway.neutral.index import Index

_ODD: Final = re.compile(r"[\[?]")
_SLASH: Final = re.compile(r"[/\\]")
_DOTS: Final = frozenset([".", ".."])


@dataclass(frozen=True, slots=True)
class Found:
    """What a pair of provider and model stands for. `on`: both are there and switched on."""

    provider: Provider | None
    upstream_model: str
    model: Model | None
    on: bool


def may_use(key: VirtualKey, name: str) -> bool:
    """Whether a key may ask for this name: every one of its grants allows it. Entries of a list may hold `*`."""
    return all(not one.allowed_models or any(_matches(name, it) for it in one.allowed_models) for one in key.grants)


def _matches(name: str, pattern: str) -> bool:
    """`*` stands for any text; `?` and `[` stand for themselves, as in the names of some models."""
    return name == pattern or ("*" in pattern and fnmatchcase(name, _ODD.sub(r"[\g<0>]", pattern)))


def may_reach(key: VirtualKey, provider: str) -> bool:
    """Whether a key may be served by a provider: every one of its grants allows it."""
    return all(not one.allowed_providers or provider in one.allowed_providers for one in key.grants)


def may_name(key: VirtualKey, provider: str) -> bool:
    """Whether a key may ask for some model as `provider/model`, also one that the release does not list.

    Two lists with different models of a provider both allow some, and together perhaps none: no model is asked for here, so that is a yes.
    """
    prefix = f"{provider}/"
    return all(
        not one.allowed_models or any(_matches(prefix, it) or it.startswith(prefix) for it in one.allowed_models)
        for one in key.grants
    )


def visible(index: Index, key: VirtualKey) -> list[str]:
    """The names a key may use, as a model list shows them: at least one active, allowed provider behind each."""
    return [name for name in index.names() if may_use(key, name) and _reachable(behind(index, name) or (), key)]


def _reachable(found: Iterable[Found], key: VirtualKey) -> bool:
    return any(one.on and one.provider is not None and may_reach(key, one.provider.id) for one in found)


def behind(index: Index, requested: str) -> list[Found] | None:
    """Everything a name leads to, None for a name that nobody knows."""
    route = index.routes.get(requested)
    if route is None:
        one = direct(index, requested)
        return None if one is None else [one]
    return [target(index, each.provider, each.model) for each in route.targets] if route.active else []


def direct(index: Index, requested: str) -> Found | None:
    """What a name that is no route stands for, None when nobody knows it."""
    provider_id, slash, rest = requested.partition("/")
    # A dot segment would climb in the path of vendors that put the model there, with the provider's credential; also behind an encoded slash,
    # which some servers decode before they look.
    if slash and rest and _DOTS.isdisjoint(_SLASH.split(rest)) and provider_id in index.providers:
        return target(index, provider_id, rest)
    model = index.models.get(requested)
    if model is None:
        return None
    return _found(index.providers.get(model.provider), model.upstream_model, model)


def target(index: Index, provider_id: str, name: str) -> Found:
    """A provider's model, by the provider's name of it or by that of the release; one that the release does not list is taken at its word."""
    model = index.by_upstream.get((provider_id, name))
    return _found(index.providers.get(provider_id), model.upstream_model if model else name, model)


def _found(provider: Provider | None, upstream_model: str, model: Model | None) -> Found:
    on = provider is not None and provider.active and (model is None or model.active)
    return Found(provider, upstream_model, model, on)


def unknown(index: Index, requested: str, key: VirtualKey) -> str:
    """The message for a name that nobody knows, with those of the key's names that look like it."""
    near = difflib.get_close_matches(requested, visible(index, key), n=3, cutoff=0.5)
    hint = f" Did you mean {', '.join(repr(name) for name in near)}?" if near else ""
    return f"The model '{shown(requested)}' does not exist or is not available to this API key.{hint}"


def shown(name: str) -> str:
    """A client's text, fit for a message."""
    return "".join(char if char.isprintable() else "\ufffd" for char in name[:128])


def usable(index: Index, key: VirtualKey, name: str) -> bool:
    """Whether a key may ask for a name, listed or not, with somebody active behind it."""
    return may_use(key, name) and _reachable(behind(index, name) or (), key)


def default_model(index: Index, key: VirtualKey) -> str | None:
    """What a dialog without a model is asked under: the first name a key may use that talks. None = there is none."""
    return next((name for name in visible(index, key) if talks(index, name)), None)


def talks(index: Index, name: str) -> bool:
    """Whether a conversation can be held with something behind a name: it is said to chat, or nothing is said of it."""
    return any(one.model is None or one.model.kind == "chat" for one in behind(index, name) or ())
