"""The configuration in force, as frozen values: what an administrator publishes and the proxy obeys.

A *release* is one immutable snapshot of providers, models and routes. Its address is the SHA-256 of its canonical JSON (sorted keys, no
spaces, UTF-8), so that equal configurations have equal names and every log row can say exactly which one it ran under.
Secrets appear only as sealed envelopes (see `Sealed`). JSON shapes are given by the field names below; absent means the default.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Literal, Protocol

from gateway.neutral.caching import CacheRule
from gateway.neutral.dialogs import Agent
from gateway.neutral.guardrails import Guardrail
from gateway.neutral.limits import Limits

Kind = Literal["chat", "embedding", "image", "speech", "transcription", "moderation", "rerank"]
Strategy = Literal[
    "priority", "round_robin", "weighted", "weighted_random", "cost", "latency", "usage", "sticky"
]  # what each means: `gateway.routing.strategies`
StickyBy = Literal["auto", "session", "user", "key", "prefix"]
OnDisconnect = Literal["cancel", "drain"]


@dataclass(frozen=True, slots=True)
class Sealed:
    """A secret under envelope encryption: AES-256-GCM with a KMS data key; all three fields base64 text.

    KMS's encryption context is GCM's associated data, `{"purpose": "upstream-key", "key_id": <id>}`: it opens under its own record alone.
    """

    data_key: str
    nonce: str
    ciphertext: str


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Seconds per phase. `first_byte` runs from the request's last byte, `idle` between two chunks, `total` over everything."""

    connect: float = 5.0
    first_byte: float = 300.0
    idle: float = 120.0
    total: float = 890.0


@dataclass(frozen=True, slots=True)
class UpstreamKey:
    """One credential of a provider. Exactly one of `sealed` and `reference` (a Secrets Manager or SSM ARN) is set.

    `name` is what people call it. `weight` is its share of the requests. `daily_quota` is in tokens (input and output) per 24 hours from the first
    use; 0 = unlimited.
    """

    id: str
    hint: str
    sealed: Sealed | None = None
    reference: str | None = None
    active: bool = True
    weight: int = 1
    daily_quota: int = 0
    name: str | None = None

    @property
    def stamp(self) -> str:
        """What changes with the credential itself: what was learned of an earlier one (dead, cooling) does not hold for its successor."""
        material = self.sealed.ciphertext if self.sealed is not None else self.reference or ""
        return hashlib.sha256(material.encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Provider:
    """An upstream account. `kind` names a row of `gateway.providers`; `base_url` overrides that row's default.

    `default_parameters` are top-level members of a request body (`{"temperature": 0.2}`), in the provider's dialect, sent unless the client
    said its own. Until `paused_until` (Unix seconds) it is not called. `denied_betas` are flags of `anthropic-beta` that this upstream
    refuses and that are left out; entries may end in `*`. Of `prices`, the first that matches holds, for models without a price of their own;
    `price_factor_ppm` (millionths: 900,000 = ten percent off) is applied to prices of the catalog, and to no other (`gateway.neutral.prices`).
    """

    id: str
    name: str
    kind: str
    base_url: str | None = None
    active: bool = True
    allow_private: bool = False
    extra_headers: Mapping[str, str] = field(default_factory=dict)
    timeouts: Timeouts = Timeouts()
    keys: tuple[UpstreamKey, ...] = ()
    default_parameters: Mapping[str, Any] = field(default_factory=dict)
    paused_until: int | None = None
    denied_betas: tuple[str, ...] = ()
    prices: tuple[PriceOverride, ...] = ()
    price_factor_ppm: int = 1_000_000

    def price_for(self, upstream_model: str) -> Price | None:
        """What the provider itself is said to charge for a model; None when nothing is said."""
        return next((one.price for one in self.prices if one.matches(upstream_model)), None)


@dataclass(frozen=True, slots=True)
class PriceTier:
    """Other token prices, in the unit of `Price`, for a whole request whose input (cached or not) is more than `above` tokens."""

    above: int
    input: int
    output: int
    cache_read: int | None = None
    cache_write_5m: int | None = None
    cache_write_1h: int | None = None
    reasoning: int | None = None


@dataclass(frozen=True, slots=True)
class PicturePrice:
    """Pico-dollars for a picture that is made in this quality and size, in the words of requests (`hd`, `1792x1024`); "" = any."""

    price: int
    quality: str = ""
    size: str = ""


@dataclass(frozen=True, slots=True)
class Price:
    """Pico-dollars (10^-12 USD, integers) per token or other unit. 1 USD per million tokens = 1,000,000. None = not priced separately.

    The unit is finer than the nano-dollars of amounts because vendors charge $0.0375 per million and less: prices stay exact, and the
    sum of a request is rounded once (`gateway.catalog.pricing`, which also converts to and from USD per million).
    `cache_read`, `cache_write_5m` and `cache_write_1h` fall back to `input`; `reasoning` falls back to `output`. Of `tiers`, the one
    with the greatest `above` that the request exceeds holds.

    `audio_…` and `image_…` are per token of sound or picture, whatever the request's size; without one, such tokens are text. `per_image_…`
    is per picture, `per_second_…` per second of sound, `per_character` per character spoken, `request` per request; they come on top.
    `pictures` says it by quality and size: the one that names most of a picture's holds, `per_image_output` for those it does not name.
    `priority` and `flex` replace all of it for requests the upstream says it served so; without one, this price holds for them as well.
    """

    input: int
    output: int
    cache_read: int | None = None
    cache_write_5m: int | None = None
    cache_write_1h: int | None = None
    reasoning: int | None = None
    request: int = 0
    tiers: tuple[PriceTier, ...] = ()
    audio_input: int | None = None
    audio_output: int | None = None
    image_input: int | None = None
    image_output: int | None = None
    per_image_input: int | None = None
    per_image_output: int | None = None
    per_second_input: int | None = None
    per_second_output: int | None = None
    per_character: int | None = None
    priority: Price | None = None
    flex: Price | None = None
    pictures: tuple[PicturePrice, ...] | None = None


@dataclass(frozen=True, slots=True)
class PriceOverride:
    """What a provider charges for its models whose (upstream) name is `model`, or begins with what stands before the `*` at its end."""

    model: str
    price: Price

    def matches(self, upstream_model: str) -> bool:
        """Whether it is about this model."""
        if self.model.endswith("*"):
            return upstream_model.startswith(self.model[:-1])
        return upstream_model == self.model


@dataclass(frozen=True, slots=True)
class Model:
    """A model a client may name. `upstream_model` is what the provider calls it. `price` None = unpriced.

    `price_from` "catalog": nobody gave the price, it is the catalog's of that moment; the provider's `prices` and factor go before it.
    """

    id: str
    provider: str
    upstream_model: str
    kind: Kind = "chat"
    display_name: str | None = None
    context_window: int | None = None
    max_output_tokens: int | None = None
    price: Price | None = None
    active: bool = True
    price_from: Literal["catalog"] | None = None


@dataclass(frozen=True, slots=True)
class Target:
    """One way to serve a route: a provider and that provider's model name.

    Lower `priority` goes first. `rules` is a condition as `gateway.routing.rules` reads it, which a request must fulfil. Until `paused_until` (Unix
    seconds) it is no candidate.
    """

    provider: str
    model: str
    priority: int = 0
    weight: int = 1
    rules: Mapping[str, Any] | None = None
    paused_until: int | None = None


@dataclass(frozen=True, slots=True)
class Share:
    """A percentage of the requests, or of the virtual keys (each of them always or never), for one target."""

    provider: str
    model: str
    percent: float
    by: Literal["request", "key"] = "request"


@dataclass(frozen=True, slots=True)
class Retry:
    """How often a provider is called for one request. Seconds.

    `attempts`: calls of one target with one key, the first included. Before the n-th retry a random time up to
    `base_seconds * 2**n`, at most `max_seconds`, passes. A `Retry-After` is waited for up to `retry_after_seconds`; a longer one means that
    somebody else is asked. `max_calls` bounds the calls of one request over all keys and targets.
    """

    attempts: int = 2
    base_seconds: float = 0.5
    max_seconds: float = 8.0
    retry_after_seconds: float = 10.0
    max_calls: int = 8


@dataclass(frozen=True, slots=True)
class Route:
    """A virtual model: the name a client sends, and the targets that may serve it.

    `sticky_by` says what strategy `sticky` holds on to. `retry` None = the deployment's. When the client leaves, `cancel` ends the provider's
    answer, `drain` reads it to its end. With `hedge_seconds`, a second target is asked when the first has no content by then. `cache` says which of
    its answers are kept and given again. `canary` gets its share before the strategy is asked; `mirror` gets a copy of its share of requests, whose
    answers nobody sees. `guardrails` are ids, in the order in which they hold.
    """

    id: str
    targets: tuple[Target, ...]
    strategy: Strategy = "priority"
    active: bool = True
    sticky_by: StickyBy = "auto"
    retry: Retry | None = None
    on_disconnect: OnDisconnect = "cancel"
    hedge_seconds: float | None = None
    canary: Share | None = None
    mirror: Share | None = None
    cache: CacheRule | None = None
    guardrails: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Release:
    """One immutable snapshot of the data plane's configuration. `cache` holds where there is no route."""

    providers: tuple[Provider, ...] = ()
    models: tuple[Model, ...] = ()
    routes: tuple[Route, ...] = ()
    cache: CacheRule | None = None
    guardrails: tuple[Guardrail, ...] = ()
    agents: tuple[Agent, ...] = ()
    format: int = 1


class Grants(Protocol):
    """Something with lists of what may be used; an empty list allows everything."""

    @property
    def allowed_models(self) -> tuple[str, ...]:
        """Names a client sends; entries may hold `*`."""

    @property
    def allowed_providers(self) -> tuple[str, ...]:
        """Ids."""


@dataclass(frozen=True, slots=True)
class VirtualKey:
    """A client's credential, without the credential: `digest` is the lower-case hex SHA-256 of the key.

    `allowed_models` and `allowed_providers` empty = all. `valid_until` is Unix seconds. `log_ttl_days` None = the deployment's default.
    `limits` are the key's own; its user's and team's (`gateway.neutral.limits.Account`) hold beside them.
    """

    id: str
    name: str
    digest: str
    hint: str
    active: bool = True
    user_id: str | None = None
    team_id: str | None = None
    allowed_models: tuple[str, ...] = ()
    allowed_providers: tuple[str, ...] = ()
    ip_allow: tuple[str, ...] = ()
    valid_until: int | None = None
    record_bodies: bool = False
    durable: bool = False
    log_ttl_days: int | None = None
    limits: Limits = Limits()

    @property
    def grants(self) -> tuple[Grants, ...]:
        """Whose lists hold: a name or a provider may be used when every one of them allows it."""
        return (self,)


CHAT = "chat"
"""The id of the key under which users with an access token are served: everybody's, so nothing that is one caller's may be named by it."""


def key_digest(secret: str) -> str:
    """Lower-case hex SHA-256 of a virtual key. A 256-bit random key needs no slow hash: there is nothing to guess."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def to_json(value: Any) -> Any:
    """A config value as plain JSON data; fields that are None are left out."""
    if hasattr(value, "__dataclass_fields__"):
        pairs = ((f.name, getattr(value, f.name)) for f in fields(value))
        return {name: to_json(item) for name, item in pairs if item is not None}
    if isinstance(value, Mapping):
        return {str(name): to_json(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [to_json(item) for item in value]
    return value


def release_bytes(release: Release) -> bytes:
    """The canonical JSON of a release."""
    return json.dumps(to_json(release), sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def release_hash(canonical: bytes) -> str:
    """The address of a release: lower-case hex SHA-256 of its canonical JSON."""
    return hashlib.sha256(canonical).hexdigest()
