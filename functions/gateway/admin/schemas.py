"""Bodies of the configuration API: providers, their keys, models, virtual keys, the release, sign-in (routes: `route_schemas`).

Money is text in US dollars (per million tokens; `request` per request), times are Unix milliseconds. `…In` creates, `…Patch` changes what
is present, `…Out` is the reply. Secrets go in and never come out, except a new virtual key, once.
"""

from __future__ import annotations

from typing import Annotated, Any, Generic, Literal, TypeVar

from pydantic import BaseModel, Field

from gateway.admin.fields import (
    Headers,
    Id,
    ModelPattern,
    Moment,
    Name,
    PausedUntil,
    ProviderId,
    Reply,
    Strict,
    Tokens,
    UpstreamName,
    Weight,
)
from gateway.admin.json_values import Parameters
from gateway.admin.limit_schemas import LimitsIO
from gateway.admin.price_schemas import Factor, Overrides, PriceIO, PriceSource
from gateway.neutral.config import Kind

Role = Literal["admin", "operator", "user"]
Method = Literal["GET", "POST", "PATCH", "DELETE"]
Quota = Annotated[int, Field(ge=0, le=10**15, description="Tokens per 24 hours from the first use; 0 = unlimited")]
Betas = Annotated[
    list[Annotated[str, Field(min_length=1, max_length=128, pattern=r"^[A-Za-z0-9._-]*\*?$")]], Field(max_length=50)
]
Url = Annotated[str, Field(min_length=1, max_length=2048)]
Secret = Annotated[str, Field(min_length=1, max_length=16384)]
Reference = Annotated[
    str, Field(pattern=r"^arn:aws[a-z-]*:(secretsmanager|ssm):[a-z0-9-]+:[0-9]{12}:[A-Za-z0-9/_+=.@:-]{1,512}$")
]

T = TypeVar("T")


class ErrorDetail(BaseModel):
    """What went wrong. `type` is a stable word, `field` the path of the offending field, `request_id` what to quote to support."""

    type: str
    message: str
    field: str | None = None
    request_id: str


class ErrorReply(BaseModel):
    """Every error of this API has this shape."""

    error: ErrorDetail


class Page(Reply, Generic[T]):
    """One page. `next_cursor` null = the end. A page may be short, even empty, and still have a `next_cursor`."""

    items: list[T]
    next_cursor: str | None = None
    total: int | None = None


class LoginIn(Strict):
    """Credentials."""

    username: Annotated[str, Field(min_length=1, max_length=200)]
    password: Annotated[str, Field(min_length=1, max_length=1024)]


class UserOut(Reply):
    """Who is signed in. `access` says what the role may do: methods by noun, an empty list where nothing is allowed."""

    id: str
    username: str
    role: Role
    access: dict[str, list[Method]]


class TokenOut(Reply):
    """A bearer token. `expires_in` is its seconds, `session_expires_in` those in which it can be refreshed."""

    access_token: str
    token_type: Literal["bearer"] = "bearer"  # noqa: S105
    expires_in: int
    session_expires_in: int
    user: UserOut


class TimeoutsIO(Strict):
    """Seconds per phase: `first_byte` from the request's last byte, `idle` between chunks, `total` over everything."""

    connect: Annotated[float, Field(gt=0, le=60, strict=False)] = 5.0
    first_byte: Annotated[float, Field(gt=0, le=900, strict=False)] = 300.0
    idle: Annotated[float, Field(gt=0, le=900, strict=False)] = 120.0
    total: Annotated[float, Field(gt=0, le=900, strict=False)] = 890.0


class ProviderIn(Strict):
    """A new provider. `kind` names a row of `/api/admin/provider-kinds`; `base_url` overrides that row's default.

    `default_parameters` are members of a request body in the provider's dialect, sent unless the client said its own; not the model, the
    conversation, tools or `stream`, nor a credential; 8 KB. `denied_betas`: flags of `anthropic-beta` to leave out, `*` at an end = any.
    `prices`: what this provider charges for models without a price of their own, the first that matches; `price_factor_ppm` is applied to the
    catalog's prices only.
    """

    id: ProviderId
    name: Name | None = None
    kind: Annotated[str, Field(min_length=1, max_length=64)]
    base_url: Url | None = None
    active: bool = True
    allow_private: bool = False
    extra_headers: Headers = Field(default_factory=dict)
    timeouts: TimeoutsIO = Field(default_factory=TimeoutsIO)
    default_parameters: Parameters = Field(default_factory=dict)
    paused_until: PausedUntil | None = None
    denied_betas: Betas = Field(default_factory=list)
    prices: Overrides = Field(default_factory=list)
    price_factor_ppm: Factor = 1_000_000


class ProviderPatch(Strict):
    """Changes to a provider; absent fields stay, `base_url: null` returns to the kind's default, `paused_until: null` ends a pause."""

    name: Name | None = None
    kind: Annotated[str, Field(min_length=1, max_length=64)] | None = None
    base_url: Url | None = None
    active: bool | None = None
    allow_private: bool | None = None
    extra_headers: Headers | None = None
    timeouts: TimeoutsIO | None = None
    default_parameters: Parameters | None = None
    paused_until: PausedUntil | None = None
    denied_betas: Betas | None = None
    prices: Overrides | None = None
    price_factor_ppm: Factor | None = None


class UpstreamKeyOut(Reply):
    """A provider's credential, without the credential: `hint` looks like `sk-****1234`; `reference` is an ARN or null."""

    id: str
    provider: str
    name: str | None
    hint: str
    source: Literal["sealed", "reference"]
    reference: str | None = None
    active: bool
    weight: int
    daily_quota: int
    version: int
    updated_at: int


class ProviderOut(Reply):
    """A provider. `effective_base_url` is what is called when `base_url` is null."""

    id: str
    name: str
    kind: str
    base_url: str | None
    effective_base_url: str | None
    active: bool
    allow_private: bool
    extra_headers: dict[str, str]
    timeouts: TimeoutsIO
    default_parameters: dict[str, Any]
    paused_until: int | None
    denied_betas: list[str]
    prices: Overrides
    price_factor_ppm: int
    keys: list[UpstreamKeyOut]
    version: int
    updated_at: int


class ProviderKindOut(Reply):
    """A vendor this gateway knows. `dialects` are the wire formats it speaks; `auth` says how its key is sent."""

    kind: str
    title: str
    dialects: list[str]
    base_url: str | None
    auth: str
    needs_key: bool


class UpstreamKeyIn(Strict):
    """A new credential: exactly one of `value` (encrypted on arrival) and `reference` (Secrets Manager or SSM ARN)."""

    value: Secret | None = None
    reference: Reference | None = None
    name: Name | None = None
    active: bool = True
    weight: Weight = 1
    daily_quota: Quota = 0


class UpstreamKeyPatch(Strict):
    """Changes to a credential; a new `value` or `reference` replaces the old one, `name: null` takes the name away."""

    name: Name | None = None
    value: Secret | None = None
    reference: Reference | None = None
    active: bool | None = None
    weight: Weight | None = None
    daily_quota: Quota | None = None


class ModelIn(Strict):
    """A new model. `id` is what clients send, `upstream_model` what the provider calls it (default: the id)."""

    id: Id
    provider: ProviderId
    upstream_model: UpstreamName | None = None
    kind: Kind = "chat"
    display_name: Name | None = None
    context_window: Tokens | None = None
    max_output_tokens: Tokens | None = None
    price: PriceIO | None = None
    active: bool = True


class ModelPatch(Strict):
    """Changes to a model; absent fields stay, null clears where the reply may be null."""

    provider: ProviderId | None = None
    upstream_model: UpstreamName | None = None
    kind: Kind | None = None
    display_name: Name | None = None
    context_window: Tokens | None = None
    max_output_tokens: Tokens | None = None
    price: PriceIO | None = None
    active: bool | None = None


class ModelOut(Reply):
    """A model; `price` is its own, or the catalog's as it was filled in. `effective_price` is what requests cost now, null = unpriced.

    `price_source` says whose that is: `model` (somebody gave it), `provider` (its `prices`), or `catalog` (times the provider's factor).
    """

    id: str
    provider: str
    upstream_model: str
    kind: Kind
    display_name: str | None
    context_window: int | None
    max_output_tokens: int | None
    price: PriceIO | None
    effective_price: PriceIO | None
    price_source: PriceSource | None
    active: bool
    version: int
    updated_at: int


class CatalogOut(Reply):
    """Known facts of a vendor's model, to prefill a form."""

    provider_kind: str
    upstream_model: str
    kind: Kind
    context_window: int | None
    max_output_tokens: int | None
    price: PriceIO | None


Ids = Annotated[list[Id], Field(max_length=500)]
ModelPatterns = Annotated[list[ModelPattern], Field(max_length=500)]
Networks = Annotated[list[Annotated[str, Field(min_length=2, max_length=64)]], Field(max_length=100)]
UnixMs = Annotated[int, Field(ge=0, le=253_402_300_799_000), Moment]
Days = Annotated[int, Field(ge=1, le=400)]


class KeyIn(Strict):
    """A new virtual key. Empty lists allow everything; `ip_allow` holds addresses or CIDR networks; `log_ttl_days` null = the default.

    `user_id` and `team_id` may name what has no account (yet): the key then has no limits but its own."""

    name: Name
    active: bool = True
    user_id: Id | None = None
    team_id: Id | None = None
    allowed_models: ModelPatterns = Field(default_factory=list)
    allowed_providers: Ids = Field(default_factory=list)
    ip_allow: Networks = Field(default_factory=list)
    valid_until: UnixMs | None = None
    record_bodies: bool = False
    durable: bool = False
    log_ttl_days: Days | None = None
    limits: LimitsIO | None = None


class KeyPatch(Strict):
    """Changes to a virtual key; the secret itself never changes. `limits` replaces all of them, null takes them away."""

    name: Name | None = None
    active: bool | None = None
    user_id: Id | None = None
    team_id: Id | None = None
    allowed_models: ModelPatterns | None = None
    allowed_providers: Ids | None = None
    ip_allow: Networks | None = None
    valid_until: UnixMs | None = None
    record_bodies: bool | None = None
    durable: bool | None = None
    log_ttl_days: Days | None = None
    limits: LimitsIO | None = None


class KeyOut(Reply):
    """A virtual key without its secret; `hint` looks like `sk-gw-****1234`."""

    id: str
    name: str
    hint: str
    active: bool
    user_id: str | None
    team_id: str | None
    allowed_models: list[str]
    allowed_providers: list[str]
    ip_allow: list[str]
    valid_until: int | None
    record_bodies: bool
    durable: bool
    log_ttl_days: int | None
    limits: LimitsIO | None
    created_at: int | None
    version: int
    updated_at: int


class KeyCreated(KeyOut):
    """The only reply that ever holds `secret`."""

    secret: str


class ReleaseOut(Reply):
    """The configuration in force. `release` (SHA-256 of its canonical JSON) and `updated_at` are null before the first one; `number` is then 0.

    `pending`: in draft mode, how many things differ from it; 0 in direct mode."""

    release: str | None
    number: int
    updated_at: int | None
    created_by: str | None
    providers: int
    models: int
    routes: int
    publishing: Literal["direct", "draft"]
    pending: int
