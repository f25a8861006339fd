"""`GET /v1/providers` and `GET /v1/providers/{id}/health`: the upstreams behind a key's models, and how they are.

Nobody is called for it: everything comes from the health that all environments share (`gateway.neutral.health`), some seconds old. What is
not known is null.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

import orjson

from gateway.neutral.config import Provider, UpstreamKey, VirtualKey
from gateway.neutral.health import Health, TargetHealth
from gateway.neutral.index import Index
from gateway.providers import vendor
from gateway.routing.names import Found, behind, may_name, may_reach, may_use, visible

# Of the words of `gateway.catalog.traits` those that say what a model can do; the others say how it wants to be asked.
_ABILITIES: Final = frozenset(
    "reasoning vision pdf audio_input audio_output video_input tools parallel_tools json_schema prompt_caching web_search computer_use".split()
)


_HEALTHY_SHARE: Final = 0.5


@dataclass(frozen=True, slots=True)
class View:
    """What a virtual key sees at a moment (`now_ms`, Unix milliseconds).

    `capabilities(kind, upstream model)`: words of `gateway.catalog.traits`, None = not known.
    """

    index: Index
    key: VirtualKey
    health: Health
    now_ms: int
    capabilities: Callable[[str, str], frozenset[str] | None] = lambda _kind, _model: None


@dataclass(frozen=True, slots=True)
class _Seen:
    """A provider as far as a key may use it: `names` a client may send, and what stands behind them, each upstream model once."""

    provider: Provider
    names: tuple[str, ...]
    models: tuple[Found, ...]


def render_providers(view: View) -> bytes:
    """`{"providers": [{name, display_name, is_available, supported_models, default_model, capabilities, health}], "total"}`, by id.

    `supported_models` are the names of models and routes that may lead to the provider; `default_model` is the first chat model of them.
    `is_available`: a call could be made now. `health` is as `render_provider` gives it.
    """
    rows = [_row(view, seen) for seen in _all_seen(view)]
    return orjson.dumps({"providers": rows, "total": len(rows)})


def render_provider(view: View, identifier: str) -> bytes | None:
    """`{is_healthy, latency_ms, p50, p95, p99, success_rate, error_count, last_error, last_check}`; None for a provider that is not there,
    not active, or not for this key.

    Over those models of the provider that the key may use: calls and faults are summed, `success_rate` is 0 to 1. The percentiles are
    milliseconds to the first content; percentiles of several models cannot be added up, so p50 (also `latency_ms`) is their mean weighted
    by successful calls, and p95 and p99 are those of the slowest model, which no mixture exceeds. `is_healthy`: a call could be made now,
    some model's breaker is closed, and at least half of the last minutes' calls went well. `last_error` is the code of the latest fault.
    `last_check` is when the figures were read, RFC 3339.
    """
    seen = next((one for one in _all_seen(view) if one.provider.id == identifier), None)
    return None if seen is None else orjson.dumps(_health(view, seen))


def _row(view: View, seen: _Seen) -> dict[str, Any]:
    models = view.index.models
    chat = next((name for name in seen.names if name in models and models[name].kind == "chat"), None)
    return {
        "name": seen.provider.id,
        "display_name": seen.provider.name,
        "is_available": _available(view, seen),
        "supported_models": seen.names,
        "default_model": chat,
        "capabilities": _capabilities(view, seen),
        "health": _health(view, seen),
    }


def _all_seen(view: View) -> list[_Seen]:
    index, key = view.index, view.key
    paths = [(name, one) for name in visible(index, key) for one in behind(index, name) or () if one.on]
    found = []
    for provider in sorted(index.release.providers, key=lambda one: one.id):
        if not provider.active or not may_reach(key, provider.id):
            continue
        mine = [(name, one) for name, one in paths if one.provider is provider]
        if mine or may_name(key, provider.id):
            names = tuple(dict.fromkeys(name for name, _ in mine))
            found.append(_Seen(provider, names, _once(one for _, one in [*mine, *_unlisted(view, provider)])))
    return found


def _unlisted(view: View, provider: Provider) -> list[tuple[str, Found]]:
    """Models that were called as `provider/model` by somebody, and may be by this key."""
    called = [model for owner, model in view.health.targets if owner == provider.id]
    named = [(f"{provider.id}/{model}", view.index.by_upstream.get((provider.id, model)), model) for model in called]
    return [
        (name, Found(provider, model, listed, on=True))
        for name, listed, model in named
        if may_use(view.key, name) and (listed is None or listed.active)
    ]


def _once(found: Iterable[Found]) -> tuple[Found, ...]:
    return tuple({one.upstream_model: one for one in found}.values())


def _targets(view: View, seen: _Seen) -> list[TargetHealth]:
    return [view.health.target(seen.provider.id, one.upstream_model) for one in seen.models]


def _available(view: View, seen: _Seen) -> bool:
    """Whether the provider is not paused, has a credential that can be used, and a model whose breaker lets a call through."""
    provider = seen.provider
    if provider.paused_until is not None and view.now_ms < provider.paused_until * 1000:
        return False
    targets = _targets(view, seen)
    through = not targets or any(one.open_until_ms <= view.now_ms for one in targets)
    return through and _has_key(view, provider)


def _has_key(view: View, provider: Provider) -> bool:
    active = [key for key in provider.keys if key.active]
    if active:
        return any(_usable(view, key) for key in active)
    try:
        return not vendor(provider.kind).needs_key
    except KeyError:
        return False


def _usable(view: View, key: UpstreamKey) -> bool:
    known, now = view.health.key(key), view.now_ms
    spent = key.daily_quota > 0 and known.used(now) >= key.daily_quota
    return known.cooling_until_ms <= now and known.dead_until_ms <= now and not spent


def _capabilities(view: View, seen: _Seen) -> list[str]:
    """What some of the provider's models can do, as far as it is known, with their kinds (`chat`, `embedding`)."""
    words = {one.model.kind for one in seen.models if one.model is not None}
    known = [view.capabilities(seen.provider.kind, one.upstream_model) for one in seen.models]
    return sorted(words.union(*(_ABILITIES & found for found in known if found is not None)))


def _health(view: View, seen: _Seen) -> dict[str, Any]:
    targets = _targets(view, seen)
    ok, bad = sum(one.ok for one in targets), sum(one.bad for one in targets)
    calls = ok + bad
    last = max(targets, key=lambda one: one.last_fault_ms, default=None)
    closed = not targets or any(one.open_until_ms == 0 for one in targets)
    middle = _typical(targets)
    return {
        "is_healthy": closed and _available(view, seen) and (not calls or ok >= _HEALTHY_SHARE * calls),
        "latency_ms": middle,
        "p50": middle,
        "p95": _slowest([one.p95_ms for one in targets]),
        "p99": _slowest([one.p99_ms for one in targets]),
        "success_rate": round(ok / calls, 4) if calls else None,
        "error_count": bad if calls else None,
        "last_error": last.last_fault if last is not None else None,
        "last_check": _moment(view.health.taken_ms),
    }


def _typical(targets: Sequence[TargetHealth]) -> float | None:
    known = [(one.p50_ms, max(one.ok, 1)) for one in targets if one.p50_ms is not None]
    return round(sum(ms * calls for ms, calls in known) / sum(calls for _, calls in known), 1) if known else None


def _slowest(figures: Sequence[float | None]) -> float | None:
    return max((round(ms, 1) for ms in figures if ms is not None), default=None)


def _moment(ms: int) -> str | None:
    return datetime.fromtimestamp(ms / 1000, UTC).isoformat(timespec="milliseconds") if ms else None
