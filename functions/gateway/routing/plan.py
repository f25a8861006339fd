"""From the name a client sends to the candidates that may serve it, in order.

A plan is a function of the request, the state of the upstreams and the release; see `names` for what a name means, `judging` for what makes
a target none, `strategies` for the order. A key's allow-lists are part of it: what it may not use is not a candidate, and is not named in an
error either.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Literal

from gateway.errors import Forbidden, GatewayError, ModelNotFound
from gateway.neutral.config import Provider, Share
from gateway.neutral.health import Health
from gateway.neutral.index import Index
from gateway.routing.candidate import Candidate, Plan, Skipped
from gateway.routing.decision import Decision, Lot
from gateway.routing.explain import Explanation, explanation
from gateway.routing.features import Features, Hints
from gateway.routing.judging import Capabilities, Judge
from gateway.routing.names import direct, may_reach, may_use, shown, unknown, visible
from gateway.routing.pools import Pool, make_pool
from gateway.routing.refusals import refusal
from gateway.routing.sharing import Purpose, draw_share
from gateway.routing.strategies import Case, ordered
from gateway.routing.turns import Turns
from gateway.routing.ways import Choices, Way, direct_choices, route_choices

__all__ = ["Candidate", "Plan", "Planner", "may_use", "shown", "visible"]


class Planner:
    """Plans for one release. What it remembers are derivations of the release, which change no answer.

    `capabilities(kind, upstream model)` are words of `gateway.catalog.traits`, None = not known. `needs_key(kind)` says whether a provider of
    this kind can be called without a credential; both answer for any kind.
    """

    def __init__(self, index: Index, capabilities: Capabilities, needs_key: Callable[[str], bool]) -> None:
        self._index = index
        self._capabilities = capabilities
        self._needs_key = needs_key
        self._turns = Turns()
        self._pools: dict[str, Pool] = {}
        self._routes: dict[str, Choices] = {}

    def needs_tokens(self, requested: str, hints: Hints) -> Literal["no", "estimate", "count"]:
        """How well `Features.input_tokens` must be known for this name: `count` for conditions on it, `estimate` to order by cost."""
        route = self._index.routes.get(requested)
        if route is None:
            return "no"
        if self._route(requested).reads_tokens:
            return "count"
        return "estimate" if (hints.strategy or route.strategy) == "cost" else "no"

    def plan(self, features: Features, health: Health) -> Plan:
        """Who serves a request.

        ModelNotFound names near matches; Forbidden: the key may not; InvalidRequest: nobody fulfils the client's own wishes; NoTarget, and
        TargetsLimited below it, say why nobody else can now, with `retry-after` where that ends by itself.
        """
        decision = self._decide(features, health)
        if isinstance(decision.result, GatewayError):
            raise decision.result
        return decision.result

    def explain(self, features: Features, health: Health) -> Explanation:
        """The same decision with its reasons. ModelNotFound and Forbidden are raised; where nobody is left, `refusal` says so."""
        return explanation(self._decide(features, health), features, health)

    def _decide(self, features: Features, health: Health) -> Decision:
        choices = self._choices(features)
        judge = Judge(features, health, self._capabilities)
        found: dict[int, Candidate] = {}
        good: list[Way] = []
        skipped = list(choices.off)
        for way in choices.ways:
            outcome = judge.of(way)
            if isinstance(outcome, Candidate):
                found[way.place] = outcome
                good.append(way)
            else:
                skipped.append(outcome)
        route = choices.route
        strategy = (features.hints.strategy or route.strategy) if route is not None else None
        if route is not None and strategy is not None:
            good = ordered(strategy, good, Case(features, health, self._turns, route.sticky_by))
            good = _each_once(good) if choices.twins else good
        canary = _lot("canary", choices, judge)
        candidates = _behind_canary(canary, [found[way.place] for way in good], skipped)
        mirror = _lot("mirror", choices, judge)
        result = _result(candidates, skipped, mirror, choices, judge)
        return Decision(choices, strategy, result, tuple(skipped), judge, canary, mirror)

    def _choices(self, features: Features) -> Choices:
        """What the name offers; ModelNotFound and Forbidden where the key may have none of it."""
        requested, key = features.model, features.key
        if requested in self._index.routes:
            choices = self._route(requested)
        else:
            found = direct(self._index, requested)
            if found is None:
                raise ModelNotFound(unknown(self._index, requested, key), param="model")
            choices = direct_choices(found, self._pool)
        if not may_use(key, requested):
            raise Forbidden(f"This API key may not use the model '{shown(requested)}'.", param="model")
        if not choices.ways:
            raise ModelNotFound(f"The model '{shown(requested)}' is switched off.", param="model")
        if not any(may_reach(key, way.name[0]) for way in choices.ways):
            raise Forbidden(f"This API key may not use a provider of the model '{shown(requested)}'.", param="model")
        return choices

    def _route(self, name: str) -> Choices:
        choices = self._routes.get(name)
        if choices is None:
            choices = self._routes[name] = route_choices(self._index, self._index.routes[name], self._pool)
        return choices

    def _pool(self, provider: Provider) -> Pool:
        pool = self._pools.get(provider.id)
        if pool is None:
            pool = self._pools[provider.id] = make_pool(provider, self._needs_key(provider.kind))
        return pool


def _each_once(order: Sequence[Way]) -> list[Way]:
    """The first way of each target."""
    first: dict[tuple[str, str], Way] = {}
    for way in order:
        first.setdefault(way.name, way)
    return list(first.values())


def _lot(purpose: Purpose, choices: Choices, judge: Judge) -> Lot | None:
    """The draw of a share, and who serves it. A mirror is asked only where nothing is wrong: it makes no probes."""
    route = choices.route
    share, way = _of(purpose, choices)
    if route is None or share is None:
        return None
    drawn = draw_share(share, purpose, route.id, judge.features)
    if not drawn.hit:
        return Lot(drawn)
    if way is None:
        return Lot(drawn, Skipped(share.provider, share.model, "inactive"))
    who = judge.of(way)
    if isinstance(who, Skipped):
        return Lot(drawn, who)
    if purpose == "mirror" and who.half_open:
        return Lot(drawn, Skipped(*way.name, "breaker_open"))
    return Lot(drawn, replace(who, role=purpose))


def _of(purpose: Purpose, choices: Choices) -> tuple[Share | None, Way | None]:
    route = choices.route
    if route is None:
        return None, None
    return (route.canary, choices.canary) if purpose == "canary" else (route.mirror, choices.mirror)


def _behind_canary(canary: Lot | None, candidates: list[Candidate], skipped: list[Skipped]) -> list[Candidate]:
    """The candidates, the canary's first where it is its share; one that cannot be called is added to `skipped`."""
    who = canary.who if canary is not None else None
    if isinstance(who, Candidate):
        return [who, *(one for one in candidates if one.name != who.name)]
    if who is not None and all((one.provider, one.model) != (who.provider, who.model) for one in skipped):
        skipped.append(who)
    return candidates


def _result(
    candidates: Sequence[Candidate], skipped: Sequence[Skipped], mirror: Lot | None, choices: Choices, judge: Judge
) -> Plan | GatewayError:
    if candidates:
        copy = mirror.who if mirror is not None and isinstance(mirror.who, Candidate) else None
        return Plan(tuple(candidates), choices.route, tuple(skipped), copy)
    lacking = {(one.provider, one.model) for one in skipped if one.reason == "capability"}
    missing = dict.fromkeys(word for way in choices.ways if way.name in lacking for word in judge.missing(way))
    return refusal(skipped, tuple(missing), judge.features)
