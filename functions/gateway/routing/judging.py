"""Whether a way can serve a request now, and if not, why."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from gateway.neutral.health import Health
from gateway.routing.candidate import Candidate, Reason, Skipped
from gateway.routing.features import Features
from gateway.routing.names import may_reach
from gateway.routing.ways import Way

Capabilities = Callable[[str, str], frozenset[str] | None]


@dataclass(frozen=True, slots=True)
class Judge:
    """The request and the state of things that ways are judged by. `capabilities(kind, upstream model)`: None = not known."""

    features: Features
    health: Health
    capabilities: Capabilities

    def of(self, way: Way) -> Candidate | Skipped:
        """A candidate, or the first reason against it: those that stay come before those that pass, so that an end is only told of the latter."""
        features = self.features
        reason = self._unfit(way)
        if reason is not None:
            return Skipped(*way.name, reason)
        if way.paused_until_ms > features.now_ms:
            return Skipped(*way.name, "paused", way.paused_until_ms)
        known = self.health.targets.get(way.name)
        open_until = known.open_until_ms if known is not None else 0
        if open_until > features.now_ms:
            return Skipped(*way.name, "breaker_open", open_until)
        usable = way.pool.usable(self.health, features.now_ms, features.seed, features.session)
        if usable.reason is not None:
            return Skipped(*way.name, usable.reason, usable.until_ms)
        plain = way.plain
        if usable is way.pool.all and not open_until:
            return plain
        return Candidate(plain.provider, plain.upstream_model, plain.model, usable.keys, half_open=open_until > 0)

    def _unfit(self, way: Way) -> Reason | None:
        """Why a way is none for this request, now or later."""
        hints, provider = self.features.hints, way.name[0]
        if not may_reach(self.features.key, provider):
            return "not_allowed"
        if provider in hints.exclude:
            return "excluded"
        if hints.require and self.missing(way):
            return "capability"
        if way.rule_fault is not None or (way.rule is not None and not way.rule.matches(self.features)):
            return "rules"
        return None

    def missing(self, way: Way) -> tuple[str, ...]:
        """What the client requires and the model is not known to do."""
        able = self.capabilities(way.plain.provider.kind, way.plain.upstream_model) or frozenset()
        return tuple(word for word in self.features.hints.require if word not in able)
