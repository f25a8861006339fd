"""The plan of a request that is not made (R4.6), by the planner the data plane uses. Nothing of it is secret: keys are hints."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import Any

from gateway import catalog
from gateway.admin.errors import Invalid
from gateway.admin.plan_schemas import PlanIn, PlanOut
from gateway.catalog.tokens import estimate_request, quick_estimate, tokenizer_of
from gateway.clock import Clock
from gateway.errors import GatewayError
from gateway.ingress import affinity
from gateway.ingress.http import Request
from gateway.neutral import redaction
from gateway.neutral.config import Release, Route, VirtualKey
from gateway.neutral.health import Health
from gateway.neutral.index import Index
from gateway.providers import kinds
from gateway.routing.called import called
from gateway.routing.defaults import with_defaults
from gateway.routing.environment_keys import with_environment_keys
from gateway.routing.explain import to_data
from gateway.routing.features import Features
from gateway.routing.hints import hints
from gateway.routing.plan import Planner

ANYBODY = VirtualKey(id="dry-run", name="dry run", digest="", hint="")
_ENVIRONMENT = "env:"


def built_in_routes(release: Release) -> tuple[Route, ...]:
    """The routes that a release has without having been given them."""
    return with_defaults(release, catalog.logical_models()).routes[len(release.routes) :]


@dataclass(frozen=True, slots=True)
class DryRun:
    """What a plan is made with. `address` is that of the release in force, None before the first."""

    release: Release
    address: str | None
    health: Health
    key: VirtualKey
    clock: Clock

    def answer(self, body: PlanIn, draft: Route | None) -> PlanOut:
        """The plan of `body`, with `draft` in the place of the route of its name; a refusal when a real request would get one."""
        requested = body.model or (draft.id if draft is not None else None)
        if requested is None:
            raise Invalid("Give a model, or a draft_route.", field="model")
        index = Index(self._release(draft), self.address or "", 0)
        planner = Planner(index, _capabilities, _needs_key)
        at = self.clock.now_ms() if body.at is None else body.at
        # 53 bits, so that a script reads back the number that was meant.
        seed = int.from_bytes(self.clock.entropy(8), "big") >> 11 if body.seed is None else body.seed
        asked = Features(requested, self.key, at, seed, body.turn)
        rule = index.cache_rule(requested)
        shown = {"release": self.address, "at": at, "seed": seed, "cache": None if rule is None else asdict(rule)}
        try:
            features = _features(asked, body, planner, index)
            explained = to_data(planner.explain(features, self.health), whole=True)
        except GatewayError as error:
            explained = _refused(requested, error)
        return PlanOut.model_validate(_tellable({**explained, **shown}))

    def _release(self, draft: Route | None) -> Release:
        release = self.release
        if draft is not None:
            others = tuple(route for route in release.routes if route.id != draft.id)
            release = replace(release, routes=(*others, draft))
        # Of the proxy's own credentials only those are known here that were used.
        names = [name[len(_ENVIRONMENT) :] for name in self.health.keys if name.startswith(_ENVIRONMENT)]
        return with_defaults(with_environment_keys(release, names), catalog.logical_models())


def _features(asked: Features, body: PlanIn, planner: Planner, index: Index) -> Features:
    """As the data plane reads them out of a request; InvalidRequest for hints that make no sense."""
    pairs = [(name.lower().encode("utf-8", "surrogatepass"), _bytes(value)) for name, value in body.headers.items()]
    headers = redaction.harmless(pairs)
    wishes = hints(headers, body.body, lambda: called(index, asked.key, [row.kind for row in kinds()]))
    # A number is always shown; it is exact where something depends on it.
    tokens = quick_estimate(body.dialect, body.body, body.dialect)
    if planner.needs_tokens(asked.model, wishes) == "count":
        tokens = estimate_request(body.dialect, body.body, tokenizer_of("openai", asked.model)).tokens
    return replace(
        asked,
        headers=headers,
        body=body.body,
        input_tokens=tokens,
        output_tokens=affinity.max_output(body.dialect, body.body),
        session=affinity.session(Request("POST", "/", "", pairs, None, None), body.body),
        prefix=affinity.prefix(body.dialect, body.body),
        hints=wishes,
        stream=body.stream,
    )


def _tellable(value: Any) -> Any:
    """A lone surrogate of the request is no UTF-8, and would cost the answer."""
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    if isinstance(value, dict):
        return {name: _tellable(item) for name, item in value.items()}
    return [_tellable(item) for item in value] if isinstance(value, list | tuple) else value


def _bytes(value: str) -> bytes:
    return value.encode("utf-8", "surrogatepass")


def _refused(requested: str, error: GatewayError) -> dict[str, Any]:
    after = error.headers.get("retry-after")
    refusal = {
        "status": error.status,
        "code": error.code,
        "message": error.message,
        "retry_after": int(after) if after is not None else None,
    }
    names = ("route", "strategy", "strategy_from", "held_by", "input_tokens", "canary", "mirror", "mirrored_to")
    empty: dict[str, Any] = {"candidates": [], "targets": [], "skipped": []}
    return {"requested": requested, **dict.fromkeys(names), **empty, "refusal": refusal}


def _capabilities(kind: str, upstream_model: str) -> frozenset[str] | None:
    return catalog.translation_facts(kind, upstream_model).capabilities


def _needs_key(kind: str) -> bool:
    return next((row.needs_key for row in kinds() if row.kind == kind), False)
