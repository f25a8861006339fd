"""Routes made ready: what of a target does not depend on the request is looked up once per release."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from gateway.neutral.config import Provider, Route, Share, Target
from gateway.neutral.index import Index
from gateway.routing.candidate import Candidate, Skipped
from gateway.routing.chance import digest
from gateway.routing.names import Found, target
from gateway.routing.pools import Pool
from gateway.routing.rules import Rule, RuleError, compile_rule

PoolOf = Callable[[Provider], Pool]


@dataclass(frozen=True, slots=True)
class Way:
    """One target of a route, or the one thing that a direct name means.

    `place` tells the ways of a route apart. `salt` is the name as a number. `plain` is the candidate it makes when there is nothing to say of
    its health. `rule_fault`: what is wrong with its condition, which then never holds. `paused_until_ms`: Unix milliseconds, 0 = not paused.
    """

    place: int
    name: tuple[str, str]
    salt: int
    plain: Candidate
    pool: Pool
    priority: int = 0
    weight: int = 1
    rule: Rule | None = None
    rule_fault: str | None = None
    paused_until_ms: int = 0


@dataclass(frozen=True, slots=True)
class Choices:
    """What a name offers. `off`: targets that are switched off or gone. `twins`: some target is there twice, under different conditions.

    `canary` and `mirror` are the ways of the route's shares, None where it has none or where it is switched off.
    """

    ways: tuple[Way, ...]
    route: Route | None = None
    off: tuple[Skipped, ...] = ()
    canary: Way | None = None
    mirror: Way | None = None
    twins: bool = False

    @property
    def reads_tokens(self) -> bool:
        """Whether a condition depends on the number of input tokens."""
        return any(way.rule is not None and way.rule.needs_tokens for way in self.ways)


def route_choices(index: Index, route: Route, pool_of: PoolOf) -> Choices:
    """The targets of a route."""
    if not route.active:
        return Choices((), route)
    ways: list[Way] = []
    off: list[Skipped] = []
    for place, each in enumerate(route.targets):
        found = target(index, each.provider, each.model)
        if found.on:
            ways.append(_way(found, each, place, pool_of))
        else:
            off.append(Skipped(each.provider, found.upstream_model, "inactive"))
    return Choices(
        ways=tuple(ways),
        route=route,
        off=tuple(off),
        canary=_share(index, route.canary, pool_of),
        mirror=_share(index, route.mirror, pool_of),
        twins=len({way.name for way in ways}) < len(ways),
    )


def direct_choices(found: Found, pool_of: PoolOf) -> Choices:
    """The one way of a name that is no route."""
    provider_id = found.provider.id if found.provider is not None else ""
    if not found.on:
        return Choices((), off=(Skipped(provider_id, found.upstream_model, "inactive"),))
    return Choices((_way(found, Target(provider_id, found.upstream_model), 0, pool_of),))


def _share(index: Index, share: Share | None, pool_of: PoolOf) -> Way | None:
    """`place` -1: no target of the route has it."""
    if share is None:
        return None
    found = target(index, share.provider, share.model)
    return _way(found, Target(share.provider, share.model), -1, pool_of) if found.on else None


def _way(found: Found, each: Target, place: int, pool_of: PoolOf) -> Way:
    provider = found.provider
    assert provider is not None
    pool = pool_of(provider)
    rule, fault = _rule(each)
    return Way(
        place=place,
        name=(provider.id, found.upstream_model),
        salt=digest(f"target|{provider.id}/{found.upstream_model}"),
        plain=Candidate(provider, found.upstream_model, found.model, pool.all.keys),
        pool=pool,
        priority=each.priority,
        weight=max(0, each.weight),
        rule=rule,
        rule_fault=fault,
        paused_until_ms=1000 * max(provider.paused_until or 0, each.paused_until or 0),
    )


def _rule(each: Target) -> tuple[Rule | None, str | None]:
    """The condition of a target. A wrong one is refused when it is saved; one that got here all the same must not break the others."""
    if each.rules is None:
        return None, None
    try:
        return compile_rule(each.rules), None
    except RuleError as error:
        return None, str(error)
