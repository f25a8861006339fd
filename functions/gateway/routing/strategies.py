"""The strategies of a route: in which order its candidates are tried.

- `priority`: lower priority first; those of one priority take smooth weighted turns (`turns`).
- `round_robin`: smooth weighted turns among all.
- `weighted`: by chance, in the odds of the weights.
- `weighted_random`: by chance, in the odds of weight * success rate / median time to the first content. Success is (ok + 1) / (ok + bad + 1);
  who was not measured counts as the median of the measured. Nobody's odds fall below a twentieth of what they were were it the best.
- `cost`: the estimate of this request's cost (`estimates`) ascending, without a price last, equals by turns.
- `latency`: the median time to the first content ascending. Of the requests, a tenth goes first to a target that was not measured yet.
- `usage`: most tokens left of the keys' daily quotas first; no quota is more than any. Equals by turns.
- `sticky`: weighted rendezvous hashing of the session, else the cacheable prefix, else the user, else the key (`Route.sticky_by` names the
  one to begin with): what belongs together stays together, and when a target leaves, only what it had moves.

Where the client prefers providers they go first, by `cost` and `latency` only those within 10 % and 20 % of the best; by `priority` in the
order in which it named them. The one provider that it wants first goes before all, by every strategy.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from statistics import median
from typing import Final

from gateway.neutral.config import StickyBy, Strategy
from gateway.neutral.health import Health, TargetHealth
from gateway.routing.chance import digest, draw, race
from gateway.routing.estimates import pico
from gateway.routing.features import Features
from gateway.routing.turns import Turns
from gateway.routing.ways import Way

EXPLORED: Final = 0.1
_FLOOR: Final = 0.05
_EXPLORING: Final = digest("latency|explore")
_EXPLORER: Final = digest("latency|explorer")


@dataclass(frozen=True, slots=True)
class Case:
    """What strategies decide by."""

    features: Features
    health: Health
    turns: Turns
    sticky_by: StickyBy = "auto"


def ordered(strategy: Strategy, ways: Sequence[Way], case: Case) -> list[Way]:
    """All of `ways` in the order to try them."""
    if len(ways) < 2:
        return list(ways)
    hints = case.features.hints
    order = _STRATEGIES[strategy](ways, case)
    if hints.prefer and strategy not in _PREFER_THEMSELVES:
        liked = [way for way in order if way.name[0] in hints.prefer]
        if strategy == "priority":
            liked.sort(key=lambda way: hints.prefer.index(way.name[0]))
        order = _first(order, liked)
    return _first(order, [way for way in order if way.name[0] in hints.first]) if hints.first else order


def _first(order: Sequence[Way], front: Collection[Way]) -> list[Way]:
    """`front` before the rest of `order`."""
    places = {way.place for way in front}
    return [*front, *(way for way in order if way.place not in places)]


def _turns(ways: Sequence[Way], case: Case) -> list[Way]:
    order = case.turns.order(tuple([way.weight for way in ways]), case.features.turn)
    return [ways[at] for at in order]


def _priority(ways: Sequence[Way], case: Case) -> list[Way]:
    by_priority = sorted(ways, key=lambda way: way.priority)
    groups = [list(group) for _, group in groupby(by_priority, key=lambda way: way.priority)]
    return [way for group in groups for way in (_turns(group, case) if len(group) > 1 else group)]


def _weighted(ways: Sequence[Way], case: Case) -> list[Way]:
    seed = case.features.seed
    return sorted(ways, key=lambda way: race(seed, way.salt + way.place, way.weight))


def _weighted_random(ways: Sequence[Way], case: Case) -> list[Way]:
    known = [case.health.target(*way.name) for way in ways]
    measured = [one.p50_ms for one in known if one.p50_ms is not None]
    usual = median(measured) if measured else 1.0
    worth = [_success(one) / max(usual if one.p50_ms is None else one.p50_ms, 1.0) for one in known]
    least, seed = _FLOOR * max(worth), case.features.seed
    odds = {way.place: way.weight * max(value, least) for way, value in zip(ways, worth, strict=True)}
    return sorted(ways, key=lambda way: race(seed, way.salt + way.place, odds[way.place]))


def _success(known: TargetHealth) -> float:
    return (known.ok + 1) / (known.ok + known.bad + 1)


def _cost(ways: Sequence[Way], case: Case) -> list[Way]:
    costs = {way.place: pico(way.plain, case.features) for way in ways}
    priced = [cost for cost in costs.values() if cost is not None]
    dearest = max(priced, default=0) + 1
    order = sorted(_turns(ways, case), key=lambda way: _or(costs[way.place], dearest))
    if not priced:
        return _preferred(order, case, order)
    best = min(priced)
    return _preferred(order, case, [way for way in order if 10 * _or(costs[way.place], 2 * dearest) <= 11 * best])


def _or(value: int | None, otherwise: int) -> int:
    return otherwise if value is None else value


def _latency(ways: Sequence[Way], case: Case) -> list[Way]:
    times = {way.place: case.health.target(*way.name).p50_ms for way in ways}
    order = _turns(ways, case)
    timed = [(time, way) for way in order if (time := times[way.place]) is not None]
    fresh = [way for way in order if times[way.place] is None]
    if not timed:
        return _preferred(fresh, case, fresh)
    timed.sort(key=lambda pair: pair[0])
    best = timed[0][0]
    order = _preferred([way for _, way in timed], case, [way for time, way in timed if time <= 1.2 * best])
    seed = case.features.seed
    if fresh and draw(seed, _EXPLORING) < EXPLORED:
        explored = min(fresh, key=lambda way: race(seed, way.salt ^ _EXPLORER, way.weight))
        return _first([*order, *fresh], [explored])
    return [*order, *fresh]


def _preferred(order: Sequence[Way], case: Case, near: Sequence[Way]) -> list[Way]:
    """Those of `near`, who are about as good as the best, that the client prefers, before the rest."""
    prefer = case.features.hints.prefer
    return _first(order, [way for way in near if way.name[0] in prefer]) if prefer else list(order)


def _usage(ways: Sequence[Way], case: Case) -> list[Way]:
    left = {way.place: way.pool.remaining(case.health, case.features.now_ms) for way in ways}
    return sorted(_turns(ways, case), key=lambda way: -left[way.place])


def _sticky(ways: Sequence[Way], case: Case) -> list[Way]:
    held = digest(held_by(case.features, case.sticky_by))
    return sorted(ways, key=lambda way: race(held, way.salt, way.weight))


def held_by(features: Features, by: StickyBy) -> str:
    """What `sticky` holds on to, with the word for its kind before it: `session:…`."""
    key = features.key
    kinds: dict[str, str | None] = {by: None}  # the wanted one stands first
    kinds |= {"session": features.session, "prefix": features.prefix, "user": key.user_id, "key": key.id}
    return next(f"{kind}:{value}" for kind, value in kinds.items() if value)


_STRATEGIES: Final[Mapping[Strategy, Callable[[Sequence[Way], Case], list[Way]]]] = {
    "priority": _priority,
    "round_robin": _turns,
    "weighted": _weighted,
    "weighted_random": _weighted_random,
    "cost": _cost,
    "latency": _latency,
    "usage": _usage,
    "sticky": _sticky,
}
_PREFER_THEMSELVES: Final = frozenset(["cost", "latency"])
