"""From a request to the plan of who serves it: its features, the planner of the release in force, and the dry run that explains both."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any, Final

import orjson

from gateway.catalog import translation_facts
from gateway.catalog.tokens import estimate_request, quick_estimate, tokenizer_of
from gateway.delivery import Asked
from gateway.errors import InvalidRequest
from gateway.ingress import affinity
from gateway.ingress.http import Request
from gateway.neutral import redaction
from gateway.neutral.config import Retry, to_json
from gateway.neutral.index import Index
from gateway.parts import Parts
from gateway.providers import kinds, vendor
from gateway.routing.called import called
from gateway.routing.candidate import Candidate, Plan
from gateway.routing.explain import to_data
from gateway.routing.features import Features, Hints
from gateway.routing.hints import hints
from gateway.routing.plan import Planner, shown
from gateway.translated import can_translate

Verdict = Callable[[Asked, Plan], Awaitable[list[dict[str, Any]]]]
"""What the limits of a caller say of a plan, as JSON data."""

_KINDS: Final = tuple(row.kind for row in kinds())
_YES: Final = frozenset(["1", "true"])
_NO: Final = frozenset(["", "0", "false"])


def capabilities(kind: str, upstream_model: str) -> frozenset[str] | None:
    """What a model is known to do; None when it is not known."""
    return translation_facts(kind, upstream_model).capabilities


def needs_key(kind: str) -> bool:
    """Whether a provider of this kind can do nothing without a credential. An unknown kind is judged when it is called."""
    try:
        return vendor(kind).needs_key
    except KeyError:
        return False


class Planning:
    """Makes plans; keeps the planner of the last release and whose turn it is on each route."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._planner: Planner | None = None
        self._index: Index | None = None
        self._turns: dict[str, int] = {}

    def planner(self, index: Index) -> Planner:
        """The planner of a release."""
        if self._planner is None or self._index is not index:
            self._planner, self._index = Planner(index, capabilities, needs_key), index
        return self._planner

    def features(self, asked: Asked, index: Index, *, takes_turn: bool = True) -> Features:
        """What the plan of a request may depend on; InvalidRequest for hints that make no sense. `takes_turn` False: nobody is called by it."""
        relay, peek, request, draft = asked.relay, asked.peek, asked.client.request, asked.draft
        assert draft.key is not None
        clock, body = self._parts.clock, peek.body.data
        headers = redaction.harmless(request.headers)
        wishes = hints(headers, body, partial(called, index, draft.key, _KINDS))
        return Features(
            model=peek.model,
            key=draft.key,
            now_ms=clock.now_ms(),
            seed=int.from_bytes(clock.entropy(8), "big"),
            # Only routes take turns; what else clients may write there is not to be remembered.
            turn=self._turn(peek.model) if takes_turn and peek.model in index.routes else 0,
            headers=headers,
            body=body,
            stream=peek.stream,
            input_tokens=self._tokens(asked, index, wishes),
            output_tokens=affinity.max_output(relay.dialect, body),
            session=affinity.session(request, body),
            prefix=affinity.prefix(relay.dialect, body) if _sticky(index, peek.model, wishes) else None,
            hints=wishes,
        )

    def _turn(self, name: str) -> int:
        """Counts up from anywhere: environments that start at the same time must not all begin with the same target."""
        turn = self._turns.get(name)
        if turn is None:
            turn = int.from_bytes(self._parts.clock.entropy(2), "big")
        self._turns[name] = turn + 1
        return turn

    def _tokens(self, asked: Asked, index: Index, wishes: Hints) -> int | None:
        need = self.planner(index).needs_tokens(asked.peek.model, wishes)
        if need == "no" and not wants_dry_run(asked.client.request):
            return None
        dialect, body = asked.relay.dialect, asked.peek.body.data
        if need != "count":
            return quick_estimate(dialect, body, dialect)
        return estimate_request(dialect, body, tokenizer_of("openai", asked.peek.model)).tokens

    async def plan(self, features: Features, asked: Asked, index: Index) -> Plan:
        """Who serves the request. ModelNotFound, Forbidden, InvalidRequest, NoTarget say why nobody does."""
        plan = self.planner(index).plan(features, await self._parts.health.current())
        return serving(plan, asked)

    async def explained(self, features: Features, asked: Asked, index: Index, verdict: Verdict) -> bytes:
        """The answer of a dry run: what `plan` would do, and why. JSON. Refused as the request would be when it fits no dialect of the plan."""
        health = await self._parts.health.current()
        explanation = self.planner(index).explain(features, health)
        limits: list[dict[str, Any]] = []
        if explanation.refusal is None:
            limits = await verdict(asked, serving(self.planner(index).plan(features, health), asked))
        told: dict[str, Any] = {"object": "gateway.plan", "release": index.hash or None, **to_data(explanation)}
        rule = index.cache_rule(asked.peek.model)
        return orjson.dumps(told | {"limits": limits, "cache": None if rule is None else to_json(rule)})

    def retry(self, plan: Plan) -> Retry:
        """How often providers are called: the route's word, else the deployment's."""
        if plan.route is not None and plan.route.retry is not None:
            return plan.route.retry
        settings = self._parts.settings
        return Retry(settings.retry_attempts, settings.retry_base_seconds, settings.retry_max_seconds)


def wants_dry_run(request: Request) -> bool:
    """Whether the client only wants to know what would happen; InvalidRequest when the header says neither."""
    value = (request.header(b"x-gateway-dry-run") or "").strip().lower()
    if value not in _YES | _NO:
        raise InvalidRequest("The header 'x-gateway-dry-run' must be true or false.", param="x-gateway-dry-run")
    return value in _YES


def serving(plan: Plan, asked: Asked) -> Plan:
    """The plan without candidates that cannot serve the operation; InvalidRequest names the dialects there are when none can."""
    relay = asked.relay
    found = tuple(one for one in plan.candidates if _serves(one, asked))
    if not found:
        kinds = [_dialects(one) for one in plan.candidates]
        spoken = sorted({dialect for dialects in kinds for dialect in dialects})
        raise InvalidRequest(
            f"The model '{shown(asked.peek.model)}' is served by a provider that speaks {', '.join(spoken)}, not {relay.dialect}.",
            param="model",
        )
    mirror = plan.mirror if plan.mirror is not None and _serves(plan.mirror, asked) else None
    return Plan(found, plan.route, plan.skipped, mirror)


def _serves(candidate: Candidate, asked: Asked) -> bool:
    """By relay or by translation. A kind this version does not know is judged when it is called, where it is an error of its own."""
    try:
        kind = vendor(candidate.provider.kind)
    except KeyError:
        return True
    relay = asked.relay
    return relay.dialect in kind.dialects or (can_translate(kind) and (relay.generates or relay.count is not None))


def _sticky(index: Index, requested: str, wishes: Hints) -> bool:
    """Whether the plan may hold on to the prompt's prefix; its digest costs 90 µs on an agent's request."""
    route = index.routes.get(requested)
    return route is not None and (wishes.strategy or route.strategy) == "sticky"


def _dialects(candidate: Candidate) -> tuple[str, ...]:
    try:
        return vendor(candidate.provider.kind).dialects
    except KeyError:
        return ()
