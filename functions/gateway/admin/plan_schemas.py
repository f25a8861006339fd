"""Bodies of the dry run (R4.6): who would serve a request, in which order, and why. Times are Unix milliseconds, money nano-dollars."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from gateway.admin.cache_schemas import CacheRuleIO
from gateway.admin.fields import Id, Reply, Strict
from gateway.admin.route_schemas import RouteIn
from gateway.neutral.config import Strategy
from gateway.routing.candidate import Reason

ClientDialect = Literal["openai_chat", "openai_responses", "openai_embeddings", "anthropic_messages", "gemini"]
Role = Literal["target", "canary", "mirror"]
Header = Annotated[str, Field(max_length=8192)]


class PlanIn(Strict):
    """A request that is not made. `model` is what the client would send (default: the draft's id), `body` in `dialect`; `stream` null = as
    the body says; `key_id` null = a
    virtual key without limits. `seed` is the request's chance, `turn` whose turn it is: the same values give the same plan. `at` null = now.
    `draft_route` is planned with as if it were saved."""

    model: Annotated[str, Field(min_length=1, max_length=256)] | None = None
    dialect: ClientDialect = "openai_chat"
    headers: Annotated[dict[Annotated[str, Field(max_length=256)], Header], Field(max_length=100)] = Field(
        default_factory=dict
    )
    body: dict[str, Any] = Field(default_factory=dict)
    stream: bool | None = None
    key_id: Id | None = None
    at: Annotated[int, Field(ge=0, le=253_402_300_799_000)] | None = None
    seed: Annotated[int, Field(ge=0, lt=2**64)] | None = None
    turn: Annotated[int, Field(ge=0, lt=2**31)] = 0
    draft_route: RouteIn | None = None


class KeyShownOut(Reply):
    """A credential that would be used, without the credential."""

    id: str
    hint: str


class EstimateOut(Reply):
    """What the request costs at a model's prices (pico-dollars per token and request). `tier_above`: the tier that holds. `assumed`: the
    client did not say how much output it wants; `counted` false: the input was not counted."""

    nano_usd: int
    input_tokens: int
    output_tokens: int
    input_price: int
    output_price: int
    request_price: int
    tier_above: int | None
    assumed: bool
    counted: bool


class HealthShownOut(Reply):
    """What is known of the target, as in `/api/admin/health`."""

    ok: int
    bad: int
    p50_ms: float | None
    p95_ms: float | None
    p99_ms: float | None
    open_until_ms: int


class StepOut(Reply):
    """A candidate, in the place where it is tried; `keys` in the order to try them. `half_open`: only the one probe of its breaker goes
    through. `estimate` null: the model has no price."""

    provider: str
    model: str
    role: Role
    half_open: bool
    priority: int
    weight: int
    keys: list[KeyShownOut]
    estimate: EstimateOut | None
    health: HealthShownOut


class VerdictOut(Reply):
    """What one node of a rule comes to. A `leaf` has `field`, `op`, `value` and `seen`, what the request has there (without credentials)."""

    path: str
    kind: Literal["all", "any", "not", "leaf"]
    holds: bool
    field: str | None
    op: str | None
    value: Any
    seen: str | None
    children: list[VerdictOut]


class JudgedOut(Reply):
    """A target of the route. `reason` null: it is a candidate. `verdict` null: it has no rules; `fault`: they cannot be read."""

    provider: str
    model: str
    priority: int
    weight: int
    reason: Reason | None
    until_ms: int
    verdict: VerdictOut | None
    fault: str | None


class SkippedOut(Reply):
    """A target that is no candidate now. `until_ms`: when the reason ends by itself, 0 = it does not."""

    provider: str
    model: str
    reason: Reason
    until_ms: int


class DrawnOut(Reply):
    """The draw of a share: a hit where `number` (0 to 100) is below `percent`."""

    provider: str
    model: str
    percent: float
    by: Literal["request", "key"]
    number: float
    hit: bool


class ShareShownOut(Reply):
    """A canary or mirror: its draw, and on a hit why it could not be called."""

    draw: DrawnOut
    reason: Reason | None


class RefusalOut(Reply):
    """The error a real request gets; `retry_after` in seconds."""

    status: int
    code: str
    message: str
    retry_after: int | None


class PlanOut(Reply):
    """Who would serve the request. With `refusal` nobody: `candidates` is empty then, and `skipped` says why.

    `strategy` and `route` are null where the client names a model. `held_by`: what `sticky` holds on to. `cache`: which
    answers are kept and given again, null = none; whether one is kept for this request is not looked up. Whether a provider offers the
    operation at all is judged at the call.
    """

    requested: str
    release: str | None
    at: int
    seed: int
    route: str | None
    strategy: Strategy | None
    strategy_from: Literal["hint", "route"] | None
    held_by: str | None
    input_tokens: int | None
    candidates: list[StepOut]
    targets: list[JudgedOut]
    skipped: list[SkippedOut]
    canary: ShareShownOut | None
    mirror: ShareShownOut | None
    mirrored_to: StepOut | None
    cache: CacheRuleIO | None
    refusal: RefusalOut | None
