"""The configuration document (`GATEWAY_CONFIG`): providers, models, guardrails, routes, agents, keys, teams and end users as one YAML or JSON text.

Applying is idempotent: what the document names is made to be as it says, what it does not name stays, and a second application of the
same document writes and publishes nothing. Secrets are given by value, by environment variable or, for upstream keys, by reference; or they are
said to be stored already, as an export does (`gateway.admin.document_export`).

    providers:
      - {id: openai, kind: openai, api_key_env: OPENAI_API_KEY}
      - id: local
        kind: vllm
        base_url: http://10.0.0.5:8000/v1
        allow_private: true
        keys: [{id: main, value: secret}, {id: spare, secret_ref: "arn:aws:secretsmanager:…"}]
    models:
      - {id: gpt-4o, provider: openai}                    # price and windows from the catalog
      - {id: house, provider: local, upstream_model: qwen, price: {input: 0.1, output: 0.4}}   # USD per million tokens
    routes:
      - id: smart
        strategy: cost
        targets:
          - {provider: openai, model: gpt-4o, rules: {field: tokens.input, op: lt, value: 100000}}
          - {provider: local, model: qwen, priority: 1}
        canary: {provider: local, model: qwen, percent: 5}
        cache: {mode: semantic, ttl_seconds: 3600, scope: team, embedding_model: embed}
    guardrails:
      - {id: no-cards, kind: pii, pii: [credit_card, iban], stages: [input, output], action: mask, everywhere: true}
    keys:
      - {name: team-a, env: TEAM_A_KEY, allowed_models: [smart]}
      - {name: team-b, team_id: b}                        # generated once, shown once
    teams:
      - {id: b, limits: {requests_per_minute: 600, budgets: [{period: month, usd: 500, timezone: Europe/Berlin}]}}
    cache: {mode: exact, ttl_seconds: 600, scope: key}      # of models that are asked for without a route
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from gateway.admin.agent_schemas import AgentIn
from gateway.admin.cache_schemas import CacheRuleIO
from gateway.admin.document_limits import EndUserEntry, LimitsEntry, TeamEntry
from gateway.admin.fields import Name, Strict, Weight
from gateway.admin.guardrail_schemas import GuardrailIn
from gateway.admin.price_schemas import Overrides, PriceIO
from gateway.admin.route_schemas import RouteIn
from gateway.admin.schemas import (
    KeyIn,
    ModelIn,
    ProviderIn,
    Quota,
    Reference,
    Secret,
)

Variable = Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]{0,127}$")]


def _decimal_texts(value: Any) -> Any:
    """Prices may be YAML numbers: their shortest decimal form is what was written."""
    if isinstance(value, bool):
        return value
    if isinstance(value, int | float):
        return f"{Decimal(repr(value)):f}"
    if isinstance(value, dict):
        return {name: item if name == "above" else _decimal_texts(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_decimal_texts(item) for item in value]
    return value


def _prices_as_texts(value: Any) -> Any:
    """The same within a provider's overrides."""
    if not isinstance(value, list):
        return value
    return [
        {**one, "price": _decimal_texts(one["price"])} if isinstance(one, dict) and "price" in one else one
        for one in value
    ]


class UpstreamKeyEntry(Strict):
    """A provider's credential. Without an id it is known by its place in the list. `stored`: it is the one that the deployment has."""

    id: Annotated[str, Field(pattern=r"^[A-Za-z0-9_.-]{1,64}$")] | None = None
    value: Secret | None = None
    env: Variable | None = None
    secret_ref: Reference | None = None
    stored: Literal[True] | None = None
    name: Name | None = None
    active: bool = True
    weight: Weight = 1
    daily_quota: Quota = 0

    @model_validator(mode="after")
    def _one_source(self) -> UpstreamKeyEntry:
        if [self.value, self.env, self.secret_ref, self.stored].count(None) != 3:
            raise ValueError("give exactly one of value, env, secret_ref and stored")
        return self


class ProviderEntry(ProviderIn):
    """A provider and its credentials; `api_key` and `api_key_env` are short for a single one. Prices as those of a model. Of the headers in
    `stored_headers` the value is the one that the deployment has, of those in `header_env` it is that of an environment variable."""

    header_env: Annotated[dict[str, Variable], Field(max_length=32)] = Field(default_factory=dict)
    stored_headers: Annotated[list[str], Field(max_length=32)] = Field(default_factory=list)
    prices: Annotated[Overrides, BeforeValidator(_prices_as_texts)] = Field(default_factory=list)
    keys: Annotated[list[UpstreamKeyEntry], Field(max_length=50)] = Field(default_factory=list)
    api_key: Secret | None = None
    api_key_env: Variable | None = None

    @model_validator(mode="after")
    def _one_way(self) -> ProviderEntry:
        if [bool(self.keys), self.api_key is not None, self.api_key_env is not None].count(True) > 1:
            raise ValueError("give only one of keys, api_key and api_key_env")
        names = [name.lower() for name in (*self.extra_headers, *self.header_env, *self.stored_headers)]
        if len(set(names)) != len(names):
            raise ValueError("the same header is in two of extra_headers, header_env and stored_headers")
        return self

    def entries(self) -> list[tuple[str, str, UpstreamKeyEntry]]:
        """(place in the document, id within the provider, entry) of every credential."""
        if self.api_key is not None:
            return [("api_key", "default", UpstreamKeyEntry(value=self.api_key))]
        if self.api_key_env is not None:
            return [("api_key_env", "default", UpstreamKeyEntry(env=self.api_key_env))]
        return [(f"keys[{at}]", entry.id or str(at + 1), entry) for at, entry in enumerate(self.keys)]


class ModelEntry(ModelIn):
    """A model; prices in USD per million tokens, as numbers or text. `price_from: catalog`: the price is not somebody's own, but what the catalog
    said when the model was made, so that the provider's prices and factor go before it."""

    price: Annotated[PriceIO | None, BeforeValidator(_decimal_texts)] = None
    price_from: Literal["catalog"] | None = None


class KeyEntry(KeyIn):
    """A virtual key, known by its value where one is given, else by its id, else by its name. Only keys that share a name need an id."""

    id: Annotated[str, Field(pattern=r"^key_[0-9a-f]{32}$")] | None = None
    value: Secret | None = None
    env: Variable | None = None
    limits: LimitsEntry | None = None

    @model_validator(mode="after")
    def _one_source(self) -> KeyEntry:
        if [self.id, self.value, self.env].count(None) < 2:
            raise ValueError("give at most one of id, value and env")
        return self


class Document(Strict):
    """The whole document."""

    version: Literal[1] = 1
    providers: list[ProviderEntry] = Field(default_factory=list)
    models: list[ModelEntry] = Field(default_factory=list)
    guardrails: list[GuardrailIn] = Field(default_factory=list)
    routes: list[RouteIn] = Field(default_factory=list)
    agents: list[AgentIn] = Field(default_factory=list)
    keys: list[KeyEntry] = Field(default_factory=list)
    teams: list[TeamEntry] = Field(default_factory=list)
    end_users: list[EndUserEntry] = Field(default_factory=list)
    cache: CacheRuleIO | None = None


class DocumentError(ValueError):
    """The document is wrong; the message is one line, `config.yaml:12: models[3].provider: …`, and holds no secret. `path` is in the document."""

    def __init__(self, message: str, path: str = "") -> None:
        super().__init__(message)
        self.path = path


@dataclass(frozen=True, slots=True)
class Parsed:
    """A document, its name for messages, and the line of each path in it."""

    document: Document
    name: str
    lines: Mapping[str, int]

    def error(self, path: str, message: str) -> DocumentError:
        """An error at a path, with the line of the nearest part of it that is in the text."""
        return DocumentError(f"{place(self.name, self.lines, path)}{path}: {' '.join(message.split())}", path)


def place(name: str, lines: Mapping[str, int], path: str) -> str:
    """`config.yaml:12: ` for a path, as exact as the text allows."""
    known = path
    while known and known not in lines:
        known = known[: max(known.rfind("."), known.rfind("["), 0)]
    return f"{name}:{lines[known]}: " if known in lines else f"{name}: "
