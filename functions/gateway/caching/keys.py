"""What decides an answer, as one digest: two requests that differ in anything a model may notice have two.

Left out is only what no model sees: who asks, how it is billed, what is kept, and what was said to the gateway about keeping. Numbers count as
they are written: `1` and `1.0` are one number in JSON, and two requests here, which costs a miss and no wrong answer. Bodies with whole
numbers beyond 64 bits have no digest (`gateway.wire.json_body.ambiguous`): they are read as the nearest number of fewer digits.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import orjson

from gateway.neutral.caching import CacheKey, CacheRule, CacheScope
from gateway.neutral.config import VirtualKey

# Raised when what is kept under a key changes its meaning.
VERSION: Final = 1
_UNSEEN: Final = frozenset(
    [
        *("user", "safety_identifier", "metadata", "prompt_cache_key", "prompt_cache_retention", "service_tier"),
        *("labels", "serviceTier"),
    ]
)


@dataclass(frozen=True, slots=True)
class Asked:
    """A request, as far as its answer depends on it. `path` has the query; `headers` are those that a provider reads; `hints`: wishes about who
    serves it."""

    dialect: str
    path: str
    model: str
    body: Mapping[str, Any]
    headers: tuple[str, ...] = ()
    hints: tuple[str, ...] = ()
    namespace: str = ""


def tenant(rule: CacheRule, key: VirtualKey) -> str:
    """Whose answers a request may have. A key that nobody holds (it has no digest) stands for a user, and for nobody else."""
    if rule.scope == "deployment":
        return "deployment"
    if rule.scope == "team" and key.team_id is not None:
        return f"team#{key.team_id}"
    if rule.scope == "user" and key.user_id is not None:
        return f"user#{key.user_id}"
    return f"key#{key.id}" if key.digest or key.user_id is None else f"user#{key.user_id}"


def tenants(key: VirtualKey) -> list[str]:
    """Everybody whose answers are a key's own: its own, its user's and its team's."""
    scopes: tuple[CacheScope, ...] = ("key", "user", "team")
    return sorted({tenant(CacheRule(scope=scope), key) for scope in scopes})


def exact(owner: str, asked: Asked) -> CacheKey:
    """Where the answer of a request is kept."""
    return CacheKey(owner, _digest("answer", owner, asked, _seen(asked.body)))


def bucket(owner: str, asked: Asked, rest: Mapping[str, Any], embedding: str) -> CacheKey:
    """Where questions that may mean the same are kept: `rest` is the body without the question itself."""
    return CacheKey(owner, _digest(f"questions#{embedding}", owner, asked, _seen(rest)))


def _seen(body: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in body.items() if name not in _UNSEEN}


def _digest(kind: str, owner: str, asked: Asked, body: Mapping[str, Any]) -> str:
    whole = [
        VERSION,
        kind,
        owner,
        asked.dialect,
        asked.path,
        asked.model,
        asked.headers,
        asked.hints,
        asked.namespace,
        body,
    ]
    return hashlib.sha256(orjson.dumps(whole, option=orjson.OPT_SORT_KEYS)).hexdigest()
