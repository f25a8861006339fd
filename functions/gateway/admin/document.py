"""The configuration document (`GATEWAY_CONFIG`): providers, models, routes, virtual keys, teams and end users as one YAML or JSON text.

Applying is idempotent: what the document names is made to be as it says, what it does not name stays, and a second application of the
same document writes and publishes nothing. Secrets are given by value, by environment variable or, for upstream keys, by reference.

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
    keys:
      - {name: team-a, env: TEAM_A_KEY, allowed_models: [smart]}
      - {name: team-b, team_id: b}                        # generated once, shown once
    teams:
      - {id: b, limits: {requests_per_minute: 600, budgets: [{period: month, usd: 500, timezone: Europe/Berlin}]}}
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BeforeValidator, Field, model_validator

from gateway.admin.document_limits import EndUserEntry, LimitsEntry, TeamEntry
from gateway.admin.draft import Draft
from gateway.admin.editors import Editors
from gateway.admin.errors import ApiError
from gateway.admin.fields import Strict, Weight
from gateway.admin.price_schemas import Overrides, PriceIO
from gateway.admin.route_schemas import RouteIn
from gateway.admin.schemas import (
    KeyIn,
    ModelIn,
    ProviderIn,
    Quota,
    Reference,
    Secret,
    UpstreamKeyIn,
)
from gateway.admin.shapes import provider_value

ACTOR = "document"

T = TypeVar("T")

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
    """A provider's credential. Without an id it is known by its place in the list."""

    id: Annotated[str, Field(pattern=r"^[A-Za-z0-9_.-]{1,64}$")] | None = None
    value: Secret | None = None
    env: Variable | None = None
    secret_ref: Reference | None = None
    active: bool = True
    weight: Weight = 1
    daily_quota: Quota = 0

    @model_validator(mode="after")
    def _one_source(self) -> UpstreamKeyEntry:
        if [self.value, self.env, self.secret_ref].count(None) != 2:
            raise ValueError("give exactly one of value, env and secret_ref")
        return self


class ProviderEntry(ProviderIn):
    """A provider and its credentials; `api_key` and `api_key_env` are short for a single one. Prices as those of a model."""

    prices: Annotated[Overrides, BeforeValidator(_prices_as_texts)] = Field(default_factory=list)
    keys: Annotated[list[UpstreamKeyEntry], Field(max_length=50)] = Field(default_factory=list)
    api_key: Secret | None = None
    api_key_env: Variable | None = None

    @model_validator(mode="after")
    def _one_way(self) -> ProviderEntry:
        if [bool(self.keys), self.api_key is not None, self.api_key_env is not None].count(True) > 1:
            raise ValueError("give only one of keys, api_key and api_key_env")
        return self

    def entries(self) -> list[tuple[str, str, UpstreamKeyEntry]]:
        """(place in the document, id within the provider, entry) of every credential."""
        if self.api_key is not None:
            return [("api_key", "default", UpstreamKeyEntry(value=self.api_key))]
        if self.api_key_env is not None:
            return [("api_key_env", "default", UpstreamKeyEntry(env=self.api_key_env))]
        return [(f"keys[{at}]", entry.id or str(at + 1), entry) for at, entry in enumerate(self.keys)]


class ModelEntry(ModelIn):
    """A model; prices in USD per million tokens, as numbers or text."""

    price: Annotated[PriceIO | None, BeforeValidator(_decimal_texts)] = None


class KeyEntry(KeyIn):
    """A virtual key, known by its value where one is given, else by its name."""

    value: Secret | None = None
    env: Variable | None = None
    limits: LimitsEntry | None = None

    @model_validator(mode="after")
    def _one_source(self) -> KeyEntry:
        if self.value is not None and self.env is not None:
            raise ValueError("give at most one of value and env")
        return self


class Document(Strict):
    """The whole document."""

    version: Literal[1] = 1
    providers: list[ProviderEntry] = Field(default_factory=list)
    models: list[ModelEntry] = Field(default_factory=list)
    routes: list[RouteIn] = Field(default_factory=list)
    keys: list[KeyEntry] = Field(default_factory=list)
    teams: list[TeamEntry] = Field(default_factory=list)
    end_users: list[EndUserEntry] = Field(default_factory=list)


class DocumentError(ValueError):
    """The document is wrong; the message is one line, `config.yaml:12: models[3].provider: …`, and holds no secret."""


@dataclass(frozen=True, slots=True)
class Parsed:
    """A document, its name for messages, and the line of each path in it."""

    document: Document
    name: str
    lines: Mapping[str, int]

    def error(self, path: str, message: str) -> DocumentError:
        """An error at a path, with the line of the nearest part of it that is in the text."""
        return DocumentError(f"{place(self.name, self.lines, path)}{path}: {' '.join(message.split())}")


def place(name: str, lines: Mapping[str, int], path: str) -> str:
    """`config.yaml:12: ` for a path, as exact as the text allows."""
    known = path
    while known and known not in lines:
        known = known[: max(known.rfind("."), known.rfind("["), 0)]
    return f"{name}:{lines[known]}: " if known in lines else f"{name}: "


@dataclass(frozen=True, slots=True)
class Applied:
    """`release` in force afterwards; `generated` maps the names of new virtual keys to their secrets: shown here and never again."""

    release: str | None
    number: int
    generated: Mapping[str, str] = field(default_factory=dict, repr=False)


def apply(parsed: Parsed, editors: Editors, environ: Mapping[str, str], actor: str = ACTOR) -> Applied:
    """Make the configuration say what the document says, then publish once. DocumentError names what cannot be done.

    The whole document is worked out in memory first, secrets sealed and addresses looked up: while anything in it is wrong, nothing is
    written. Virtual keys come last, so that a new secret is not lost to a publication that fails. `editors` must not publish by themselves.
    """
    draft = Draft(editors)
    work = _Work(parsed, draft.editors, environ, actor)
    work.check_names()
    work.providers()
    work.models()
    work.routes()
    work.accounts()
    generated = work.keys()
    try:
        draft.store(actor)
        editors.publisher.publish(actor)
        draft.store_keys()
    except ApiError as error:
        raise DocumentError(f"{parsed.name}: {error.message}") from None
    state = editors.publisher.in_force()
    return Applied(state.release, state.number, generated)


@dataclass(frozen=True, slots=True)
class _Work:
    parsed: Parsed
    editors: Editors
    environ: Mapping[str, str]
    actor: str

    def at(self, path: str, act: Callable[[], T]) -> T:
        """Do something for a place in the document; what is wrong with it is told of that place."""
        try:
            return act()
        except ApiError as error:
            raise self.parsed.error(f"{path}.{error.field}" if error.field else path, error.message) from None

    def secret(self, path: str, value: str | None, variable: str | None) -> str | None:
        """A secret given by value or by environment variable."""
        if variable is None:
            return value
        found = self.environ.get(variable, "").strip()
        if not found:
            raise self.parsed.error(path, f"the environment variable {variable} is not set")
        return found

    def check_names(self) -> None:
        """Ids must be unique before anything is written."""
        document = self.parsed.document
        for noun, names in (
            ("providers", [entry.id for entry in document.providers]),
            ("models", [entry.id for entry in document.models]),
            ("routes", [entry.id for entry in document.routes]),
            ("keys", [entry.name for entry in document.keys]),
            ("teams", [entry.id for entry in document.teams]),
            ("end_users", [entry.id for entry in document.end_users]),
        ):
            for at, name in enumerate(names):
                if name in names[:at]:
                    word = "name" if noun == "keys" else "id"
                    raise self.parsed.error(f"{noun}[{at}].{word}", f"{name!r} is there twice")
        for at, entry in enumerate(document.providers):
            self.check_key_names(f"providers[{at}]", entry)

    def check_key_names(self, path: str, entry: ProviderEntry) -> None:
        """A credential's id must be unique in its provider; without an id it is its place, counted from 1."""
        seen: set[str] = set()
        for inner, name, _ in entry.entries():
            if name in seen:
                raise self.parsed.error(f"{path}.{inner}.id", f"{name!r} is there twice")
            seen.add(name)

    def providers(self) -> None:
        """Providers and their credentials."""
        for at, entry in enumerate(self.parsed.document.providers):
            path = f"providers[{at}]"
            self.at(path, lambda entry=entry: self.editors.providers.put(provider_value(entry), self.actor))  # type: ignore[misc]
            for inner, name, key in entry.entries():
                where = f"{path}.{inner}"
                secret = self.secret(where, key.value, key.env)
                shared: dict[str, Any] = {"active": key.active, "weight": key.weight, "daily_quota": key.daily_quota}
                body = UpstreamKeyIn(value=secret, reference=key.secret_ref, **shared)
                address = (entry.id, f"{entry.id}:{name}")
                self.at(where, lambda a=address, b=body: self.editors.upstream_keys.put(a, b, self.actor))  # type: ignore[misc]

    def models(self) -> None:
        """Models, with what the catalog knows filled in."""
        for at, entry in enumerate(self.parsed.document.models):

            def act(entry: ModelEntry = entry) -> None:
                self.editors.models.put(self.editors.models.value(entry), self.actor)

            self.at(f"models[{at}]", act)

    def routes(self) -> None:
        """Routes."""
        for at, entry in enumerate(self.parsed.document.routes):

            def act(entry: RouteIn = entry) -> None:
                self.editors.routes.put(self.editors.routes.value(entry), self.actor)

            self.at(f"routes[{at}]", act)

    def accounts(self) -> None:
        """Teams and end users."""
        for at, team in enumerate(self.parsed.document.teams):
            self.at(f"teams[{at}]", lambda team=team: self.editors.teams.put(team))  # type: ignore[misc]
        for at, user in enumerate(self.parsed.document.end_users):
            self.at(f"end_users[{at}]", lambda user=user: self.editors.end_users.put(user))  # type: ignore[misc]

    def keys(self) -> dict[str, str]:
        """Virtual keys; the secrets of those that were generated."""
        generated: dict[str, str] = {}
        given: dict[str, str] = {}
        for at, entry in enumerate(self.parsed.document.keys):
            path = f"keys[{at}]"
            secret = self.secret(path, entry.value, entry.env)
            if secret is not None and secret in given:
                raise self.parsed.error(
                    f"{path}.{'value' if entry.env is None else 'env'}", f"is the secret of {given[secret]} already"
                )
            if secret is not None:
                given[secret] = path
            body = KeyIn(**{name: getattr(entry, name) for name in KeyIn.model_fields})
            made = self.at(path, lambda b=body, s=secret: self.editors.keys.put(b, s))  # type: ignore[misc]
            if made is not None:
                generated[entry.name] = made
        return generated
