"""Routes as replies, and bodies as routes."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from gateway.admin.cache_schemas import CacheRuleIO
from gateway.admin.errors import Invalid
from gateway.admin.route_schemas import RetryIO, RouteIn, RouteOut, RoutePatch, ShareIO, TargetIO
from gateway.admin.shapes import milliseconds, whole_seconds
from gateway.neutral.caching import CacheRule
from gateway.neutral.config import Retry, Route, Share, Target
from gateway.routing.rule_aliases import normalise
from gateway.routing.rules import RuleError, compile_rule
from gateway.stores.versioned import Versioned

# What `normalise` makes of no rule.
_ALWAYS: dict[str, list[object]] = {"all": []}
_PARTS = ("targets", "retry", "canary", "mirror", "cache", "guardrails")


def route_out(row: Versioned[Route], *, built_in: bool = False) -> RouteOut:
    """A route's reply."""
    value = row.value
    plain = {name: getattr(value, name) for name in RouteIn.model_fields if name not in _PARTS}
    return RouteOut(
        **plain,
        targets=[target_io(target) for target in value.targets],
        retry=None if value.retry is None else RetryIO(**asdict(value.retry)),
        canary=None if value.canary is None else ShareIO(**asdict(value.canary)),
        mirror=None if value.mirror is None else ShareIO(**asdict(value.mirror)),
        cache=rule_io(value.cache),
        guardrails=list(value.guardrails),
        built_in=built_in,
        version=row.version,
        updated_at=row.updated_at,
    )


def rule_io(value: CacheRule | None) -> CacheRuleIO | None:
    """A cache rule as a body. Not judged, as in `target_io`."""
    return None if value is None else CacheRuleIO.model_construct(**asdict(value))


def rule_value(body: CacheRuleIO) -> CacheRule:
    """The inverse of `rule_io`."""
    return CacheRule(**body.model_dump())


def target_io(value: Target) -> TargetIO:
    """A target as a body. Not judged: what was stored once can be shown."""
    return TargetIO.model_construct(
        provider=value.provider,
        model=value.model,
        priority=value.priority,
        weight=value.weight,
        rules=None if value.rules is None else dict(value.rules),
        paused_until=milliseconds(value.paused_until),
    )


def route_parts(body: RouteIn | RoutePatch) -> dict[str, Any]:
    """The parts of a route that a body gives, as values; Invalid names the rule or target that does not fit."""
    found: dict[str, Any] = {}
    if body.targets is not None:
        found["targets"] = _targets(body.targets)
    if body.retry is not None:
        found["retry"] = Retry(**body.retry.model_dump())
    if body.cache is not None:
        found["cache"] = rule_value(body.cache)
    if body.guardrails is not None:
        found["guardrails"] = _ids(body.guardrails)
    for name, share in (("canary", body.canary), ("mirror", body.mirror)):
        if share is not None:
            found[name] = Share(**share.model_dump())
    return found


def _ids(given: list[str]) -> tuple[str, ...]:
    for at, one in enumerate(given):
        if one in given[:at]:
            raise Invalid(f"The guardrail {one!r} is listed twice.", field=f"guardrails[{at}]")
    return tuple(given)


def _targets(bodies: list[TargetIO]) -> tuple[Target, ...]:
    found: list[Target] = []
    for at, body in enumerate(bodies):
        target = _target(body, f"targets[{at}]")
        if any((one.provider, one.model, one.rules) == (target.provider, target.model, target.rules) for one in found):
            raise Invalid("The same target is listed twice with the same rules.", field=f"targets[{at}]")
        found.append(target)
    return tuple(found)


def _target(body: TargetIO, place: str) -> Target:
    try:
        rules = normalise(body.rules)
        compile_rule(rules)
    except RuleError as error:
        raise Invalid(error.message, field=_joined(f"{place}.rules", error.path)) from None
    paused = whole_seconds(body.paused_until)
    kept = None if rules == _ALWAYS else rules
    return Target(body.provider, body.model, body.priority, body.weight, kept, paused)


def _joined(place: str, path: str) -> str:
    return place + (path if path.startswith("[") or not path else f".{path}")
