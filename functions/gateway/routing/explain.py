"""A plan with its reasons, for a dry run and for the dashboard."""

from __future__ import annotations

from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any, Literal

from gateway.errors import GatewayError
from gateway.neutral.config import Strategy
from gateway.neutral.health import Health
from gateway.routing.candidate import Candidate, Plan, Reason, Skipped
from gateway.routing.decision import Decision, Lot
from gateway.routing.estimates import Estimate, estimate
from gateway.routing.features import Features
from gateway.routing.judging import Judge
from gateway.routing.names import may_reach
from gateway.routing.rules import Verdict
from gateway.routing.sharing import Drawn
from gateway.routing.strategies import held_by
from gateway.routing.ways import Way


@dataclass(frozen=True, slots=True)
class KeyShown:
    """An upstream key without its credential."""

    id: str
    hint: str


@dataclass(frozen=True, slots=True)
class HealthShown:
    """What was known of the target; milliseconds, counts of the last minutes, see `gateway.neutral.health.TargetHealth`."""

    ok: int
    bad: int
    p50_ms: float | None
    p95_ms: float | None
    p99_ms: float | None
    open_until_ms: int


@dataclass(frozen=True, slots=True)
class Step:
    """A candidate, in the place where it is tried. `estimate` None: the model has no price."""

    provider: str
    model: str
    role: Literal["target", "canary", "mirror"]
    half_open: bool
    priority: int
    weight: int
    keys: tuple[KeyShown, ...]
    estimate: Estimate | None
    health: HealthShown


@dataclass(frozen=True, slots=True)
class Judged:
    """A target of the route. `reason` None: it is a candidate. `verdict` is its condition's, None without one; `fault` what is wrong with that."""

    provider: str
    model: str
    priority: int
    weight: int
    reason: Reason | None
    until_ms: int
    verdict: Verdict | None = None
    fault: str | None = None


@dataclass(frozen=True, slots=True)
class ShareShown:
    """A canary or mirror: its draw, and on a hit why it could not be (`reason`)."""

    draw: Drawn
    reason: Reason | None = None


@dataclass(frozen=True, slots=True)
class Refusal:
    """The error a real request gets. `retry_after` in seconds."""

    status: int
    code: str
    message: str
    retry_after: int | None = None


@dataclass(frozen=True, slots=True)
class Explanation:
    """`strategy` is the one in force, `strategy_from` who chose it; None where the client named a model. `held_by`: what `sticky` holds on to.

    `plan` is exactly what `Planner.plan` returns for the same request, None where that raises (`refusal`); it holds credentials, sealed.
    `hidden`: providers that the request's key may not use, so its owner should not read of them.
    """

    requested: str
    route: str | None
    strategy: Strategy | None
    strategy_from: Literal["hint", "route"] | None
    held_by: str | None
    input_tokens: int | None
    candidates: tuple[Step, ...]
    targets: tuple[Judged, ...]
    skipped: tuple[Skipped, ...]
    canary: ShareShown | None
    mirror: ShareShown | None
    mirrored_to: Step | None
    refusal: Refusal | None
    plan: Plan | None
    hidden: frozenset[str]


def explanation(decision: Decision, features: Features, health: Health) -> Explanation:
    """A decision in words and figures; `features` and `health` are those it was made with."""
    result, choices, strategy = decision.result, decision.choices, decision.strategy
    plan = result if isinstance(result, Plan) else None
    sticky = choices.route.sticky_by if choices.route is not None and strategy == "sticky" else None
    ways = {way.name: way for way in reversed(choices.ways)}
    copy = plan.mirror if plan is not None else None
    shares = [lot.drawn.provider for lot in (decision.canary, decision.mirror) if lot is not None]
    providers = {*shares, *(way.name[0] for way in choices.ways), *(one.provider for one in decision.skipped)}
    return Explanation(
        requested=features.model,
        route=choices.route.id if choices.route is not None else None,
        strategy=strategy,
        strategy_from=None if strategy is None else "hint" if features.hints.strategy else "route",
        held_by=held_by(features, sticky) if sticky is not None else None,
        input_tokens=features.input_tokens,
        candidates=tuple(_step(one, ways, features, health) for one in plan.candidates) if plan is not None else (),
        targets=tuple(_judged(way, decision.judge, features) for way in choices.ways),
        skipped=decision.skipped,
        canary=_share(decision.canary),
        mirror=_share(decision.mirror),
        mirrored_to=_step(copy, ways, features, health) if copy is not None else None,
        refusal=_refusal(result) if isinstance(result, GatewayError) else None,
        plan=plan,
        hidden=frozenset(one for one in providers if not may_reach(features.key, one)),
    )


def _step(one: Candidate, ways: dict[tuple[str, str], Way], features: Features, health: Health) -> Step:
    name = one.provider.id, one.upstream_model
    way, known = ways.get(name), health.target(*name)
    return Step(
        provider=one.provider.id,
        model=one.upstream_model,
        role=one.role,
        half_open=one.half_open,
        priority=way.priority if way is not None else 0,
        weight=way.weight if way is not None else 0,
        keys=tuple(KeyShown(key.id, key.hint) for key in one.keys),
        estimate=estimate(one, features),
        health=HealthShown(known.ok, known.bad, known.p50_ms, known.p95_ms, known.p99_ms, known.open_until_ms),
    )


def _judged(way: Way, judge: Judge, features: Features) -> Judged:
    outcome = judge.of(way)
    out = outcome if isinstance(outcome, Skipped) else None
    return Judged(
        provider=way.name[0],
        model=way.name[1],
        priority=way.priority,
        weight=way.weight,
        reason=out.reason if out is not None else None,
        until_ms=out.until_ms if out is not None else 0,
        verdict=way.rule.explain(features) if way.rule is not None else None,
        fault=way.rule_fault,
    )


def _share(lot: Lot | None) -> ShareShown | None:
    if lot is None:
        return None
    return ShareShown(lot.drawn, lot.who.reason if isinstance(lot.who, Skipped) else None)


def _refusal(error: GatewayError) -> Refusal:
    after = error.headers.get("retry-after")
    return Refusal(error.status, error.code, error.message, int(after) if after is not None else None)


def to_data(explanation: Explanation, *, whole: bool = False) -> dict[str, Any]:
    """An explanation as JSON data, None being null. `whole` is for administrators: without it, providers that the key may not use, upstream
    keys and what rules compare with are left out.

    `plan` and `hidden` are not part of it.
    """
    told = explanation if whole else _for_key(explanation)
    return {name: value for name, value in _data(told).items() if name not in {"plan", "hidden"}}


def _for_key(told: Explanation) -> Explanation:
    hidden = told.hidden
    return replace(
        told,
        candidates=tuple(replace(one, keys=()) for one in told.candidates),
        mirrored_to=replace(told.mirrored_to, keys=()) if told.mirrored_to is not None else None,
        targets=tuple(
            replace(one, verdict=_without_operands(one.verdict)) for one in told.targets if one.provider not in hidden
        ),
        skipped=tuple(one for one in told.skipped if one.provider not in hidden),
        canary=None if told.canary is not None and told.canary.draw.provider in hidden else told.canary,
        mirror=None if told.mirror is not None and told.mirror.draw.provider in hidden else told.mirror,
    )


def _without_operands(verdict: Verdict | None) -> Verdict | None:
    """Names of teams and thresholds are configuration; what the rule saw of the request and whether it held is the client's to know."""
    if verdict is None:
        return None
    children = tuple(one for child in verdict.children if (one := _without_operands(child)) is not None)
    return replace(verdict, value=None, children=children)


def _data(value: Any) -> Any:
    if isinstance(value, Plan):
        return None  # it holds credentials, though sealed
    if is_dataclass(value) and not isinstance(value, type):
        return {each.name: _data(getattr(value, each.name)) for each in fields(value)}
    if isinstance(value, dict):
        return {str(name): _data(item) for name, item in value.items()}
    if isinstance(value, list | tuple | frozenset):
        return [_data(item) for item in value]
    return value
