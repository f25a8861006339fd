"""Making a draft say what a document says."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final, TypeVar

from gateway.admin.agent_schemas import AgentIn
from gateway.admin.document import KeyEntry, ModelEntry, Parsed, ProviderEntry, UpstreamKeyEntry
from gateway.admin.draft import Draft, Edit
from gateway.admin.errors import ApiError
from gateway.admin.fields import Headers, Strict
from gateway.admin.guardrail_schemas import GuardrailIn
from gateway.admin.route_schemas import RouteIn
from gateway.admin.schemas import KeyIn, UpstreamKeyIn
from gateway.admin.shapes import provider_value
from gateway.neutral.config import Provider
from gateway.stores.entities import AGENT, CACHE, GUARDRAIL, MODEL, PROVIDER, ROUTE, THE_RULE, UPSTREAM_KEY

T = TypeVar("T")

UNSET: Final = "the environment variable {} is not set"
UNSENT: Final = (
    "the value of the variable {} did not come with the document; the gateway's own environment is not read: "
    "the command `gateway config` sends what is set where it runs"
)


@dataclass(frozen=True, slots=True)
class Variables:
    """What a document's `env:` may name; `absent` is what is said of another one, with its name for `{}`."""

    values: Mapping[str, str]
    absent: str = UNSET


@dataclass(frozen=True, slots=True)
class Missing:
    """A secret that the document says is stored, and is not."""

    path: str
    provider: str
    message: str


@dataclass(frozen=True, slots=True)
class Worked:
    """What a document makes of what is stored. `paths` by noun and id: where the document says so. `generated`: names and secrets of new keys."""

    draft: Draft
    paths: Mapping[tuple[str, str], str]
    missing: tuple[Missing, ...]
    generated: Mapping[str, str] = field(repr=False)

    @property
    def edits(self) -> list[Edit]:
        """What becomes another."""
        return self.draft.edits


class Names(Strict):
    """For judging headers that are put together."""

    extra_headers: Headers


def work(parsed: Parsed, draft: Draft, variables: Variables, actor: str, *, prune: bool = False) -> Worked:
    """Change the draft; DocumentError names what cannot be done."""
    working = _Work(parsed, draft, variables, actor)
    working.check_names()
    if prune:
        working.prune_names()
    working.providers()
    working.models()
    working.guardrails()
    working.routes()
    working.agents()
    working.cache()
    working.accounts()
    working.keys()
    if prune:
        working.prune_rest()
    return Worked(draft, working.paths, tuple(working.missing), working.generated)


class _Work:
    def __init__(self, parsed: Parsed, draft: Draft, variables: Variables, actor: str) -> None:
        self.parsed = parsed
        self.draft = draft
        self.editors = draft.editors
        self.variables = variables
        self.actor = actor
        self.paths: dict[tuple[str, str], str] = {}
        self.missing: list[Missing] = []
        self.generated: dict[str, str] = {}

    def at(self, path: str, act: Callable[[], T]) -> T:
        """Do something for a place in the document; what is wrong with it is told of that place."""
        try:
            return act()
        except ApiError as error:
            place = ".".join(part for part in (path, error.field) if part)
            raise self.parsed.error(place, error.message) from None

    def secret(self, path: str, value: str | None, variable: str | None) -> str | None:
        """A secret given by value or by environment variable."""
        if variable is None:
            return value
        found = self.variables.values.get(variable, "").strip()
        if not found:
            raise self.parsed.error(path, self.variables.absent.format(variable))
        return found

    def check_names(self) -> None:
        """Ids must be unique before anything is written."""
        document = self.parsed.document
        for noun, names in (
            ("providers", [entry.id for entry in document.providers]),
            ("models", [entry.id for entry in document.models]),
            ("guardrails", [entry.id for entry in document.guardrails]),
            ("agents", [entry.id for entry in document.agents]),
            ("routes", [entry.id for entry in document.routes]),
            ("keys", [entry.id or entry.name for entry in document.keys]),
            ("teams", [entry.id for entry in document.teams]),
            ("end_users", [entry.id for entry in document.end_users]),
        ):
            self.check_once(noun, names)
        with_id = {entry.name for entry in document.keys if entry.id is not None}
        for at, key in enumerate(document.keys):
            if key.id is None and key.name in with_id:
                raise self.parsed.error(f"keys[{at}].name", f"{key.name!r} is there twice: then each needs its id")
        for at, entry in enumerate(document.providers):
            self.check_key_names(f"providers[{at}]", entry)

    def check_once(self, noun: str, names: Collection[str]) -> None:
        """No name may be there twice."""
        seen: set[str] = set()
        for at, name in enumerate(names):
            if name in seen:
                word = "name" if noun == "keys" else "id"
                raise self.parsed.error(f"{noun}[{at}].{word}", f"{name!r} is there twice")
            seen.add(name)

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
            self.paths[PROVIDER.name, entry.id] = path
            value = self.at(path, lambda entry=entry: provider_value(entry))  # type: ignore[misc]
            value = self.with_headers(path, entry, value)
            self.at(path, lambda value=value: self.editors.providers.put(value, self.actor))  # type: ignore[misc]
            for inner, name, key in entry.entries():
                self.upstream_key(f"{path}.{inner}", entry.id, name, key)

    def with_headers(self, path: str, entry: ProviderEntry, value: Provider) -> Provider:
        """The provider with the headers whose values are not in the document."""
        if not entry.header_env and not entry.stored_headers:
            return value
        found = dict(value.extra_headers)
        for name, variable in entry.header_env.items():
            found[name] = str(self.secret(f"{path}.header_env.{name}", None, variable))
        row = self.draft.entities.get(PROVIDER, entry.id)
        kept = {} if row is None else dict(row.value.extra_headers)
        for at, name in enumerate(entry.stored_headers):
            if name in kept:
                found[name] = kept[name]
            else:
                said = (
                    f"no value is stored for the header {name[:64]!r}: give it with `header_env` or in `extra_headers`"
                )
                self.missing.append(Missing(f"{path}.stored_headers[{at}]", entry.id, said))
        try:
            Names(extra_headers=found)
        except ValueError:  # pydantic's; it would show values
            raise self.parsed.error(f"{path}.header_env", "a name or a value there is none of a header") from None
        # In the order in which they are kept, where they are the same: an order alone is no change.
        same = {name: found[name] for name in kept if name in found}
        return replace(value, extra_headers={**same, **found})

    def upstream_key(self, path: str, provider: str, name: str, key: UpstreamKeyEntry) -> None:
        """A credential. One that was made by the API is known by the id it got there."""
        plain = self.draft.entities.get(UPSTREAM_KEY, name)
        own = plain is not None and plain.value.provider == provider
        address = (provider, name if own else f"{provider}:{name}")
        self.paths[UPSTREAM_KEY.name, address[1]] = path
        if key.stored and self.draft.entities.get(UPSTREAM_KEY, address[1]) is None:
            said = f"the provider {provider!r} has no stored credential {name!r}: give it as `env: NAME` or `secret_ref: ARN` here, not `stored`"
            self.missing.append(Missing(path, provider, said))
            return
        secret = self.secret(path, key.value, key.env)
        shared: dict[str, Any] = {
            "name": key.name,
            "active": key.active,
            "weight": key.weight,
            "daily_quota": key.daily_quota,
        }
        body = UpstreamKeyIn(value=secret, reference=key.secret_ref, **shared)
        self.at(path, lambda: self.editors.upstream_keys.put(address, body, self.actor))

    def models(self) -> None:
        """Models, with what the catalog knows filled in."""
        for at, entry in enumerate(self.parsed.document.models):

            def act(entry: ModelEntry = entry) -> None:
                value = self.editors.models.value(entry)
                if entry.price_from is not None and value.price is not None:
                    value = replace(value, price_from=entry.price_from)
                self.editors.models.put(value, self.actor)

            self.paths[MODEL.name, entry.id] = f"models[{at}]"
            self.at(f"models[{at}]", act)

    def guardrails(self) -> None:
        """Guardrails, before the routes that name them."""
        for at, entry in enumerate(self.parsed.document.guardrails):

            def act(entry: GuardrailIn = entry) -> None:
                self.editors.guardrails.put(self.editors.guardrails.value(entry), self.actor)

            self.paths[GUARDRAIL.name, entry.id] = f"guardrails[{at}]"
            self.at(f"guardrails[{at}]", act)

    def routes(self) -> None:
        """Routes."""
        for at, entry in enumerate(self.parsed.document.routes):

            def act(entry: RouteIn = entry) -> None:
                self.editors.routes.put(self.editors.routes.value(entry), self.actor)

            self.paths[ROUTE.name, entry.id] = f"routes[{at}]"
            self.at(f"routes[{at}]", act)

    def agents(self) -> None:
        """Agents that dialogs may name."""
        for at, entry in enumerate(self.parsed.document.agents):

            def act(entry: AgentIn = entry) -> None:
                self.editors.agents.put(self.editors.agents.value(entry), self.actor)

            self.paths[AGENT.name, entry.id] = f"agents[{at}]"
            self.at(f"agents[{at}]", act)

    def cache(self) -> None:
        """The rule for models without a route."""
        if self.parsed.document.cache is not None:
            self.paths[CACHE.name, THE_RULE] = "cache"
            self.at("", lambda: self.editors.cache.put(self.parsed.document.cache, self.actor))

    def accounts(self) -> None:
        """Teams and end users."""
        for at, team in enumerate(self.parsed.document.teams):
            self.paths["team", team.id] = f"teams[{at}]"
            self.at(f"teams[{at}]", lambda team=team: self.editors.teams.put(team))  # type: ignore[misc]
        for at, user in enumerate(self.parsed.document.end_users):
            self.paths["end_user", user.id] = f"end_users[{at}]"
            self.at(f"end_users[{at}]", lambda user=user: self.editors.end_users.put(user))  # type: ignore[misc]

    def keys(self) -> None:
        """Virtual keys."""
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
            self.key(path, entry, secret)

    def key(self, path: str, entry: KeyEntry, secret: str | None) -> None:
        """One virtual key."""
        body = KeyIn(**{name: getattr(entry, name) for name in KeyIn.model_fields})
        made, identifier = self.at(path, lambda: self.editors.keys.put(body, secret, entry.id))
        self.paths["virtual_key", identifier] = path
        if made is not None:
            self.generated[entry.name] = made

    def prune_names(self) -> None:
        """Leave out the routes and models that are not named: first, so that their names are free and their providers unused."""
        document = self.parsed.document
        routes, models = {entry.id for entry in document.routes}, {entry.id for entry in document.models}
        for route in self.draft.entities.all(ROUTE):
            if route.value.id not in routes:
                self.editors.routes.delete(route.value.id, None, self.actor)
        for model in self.draft.entities.all(MODEL):
            if model.value.id not in models:
                self.editors.models.delete(model.value.id, None, self.actor)

    def prune_rest(self) -> None:
        """Leave out everything else that is not named."""
        for key in self.draft.entities.all(UPSTREAM_KEY):
            if (UPSTREAM_KEY.name, key.value.id) not in self.paths:
                self.editors.upstream_keys.delete((key.value.provider, key.value.id), None, self.actor)
        if self.parsed.document.cache is None:
            self.editors.cache.put(None, self.actor)
        for agent in self.draft.entities.all(AGENT):
            if (AGENT.name, agent.value.id) not in self.paths:
                self.editors.agents.delete(agent.value.id, None, self.actor)
        for guardrail in self.draft.entities.all(GUARDRAIL):
            if (GUARDRAIL.name, guardrail.value.id) not in self.paths:
                self.editors.guardrails.delete(guardrail.value.id, None, self.actor)
        for provider in self.draft.entities.all(PROVIDER):
            if (PROVIDER.name, provider.value.id) not in self.paths:
                self.prune_provider(provider.value.id)
        for account in self.draft.stored.accounts:
            kind, identifier = account.value.kind, account.value.id
            if ("team" if kind == "team" else "end_user", identifier) not in self.paths:
                (self.editors.teams if kind == "team" else self.editors.end_users).delete(identifier, None)
        for virtual in self.draft.stored.keys:
            if ("virtual_key", virtual.value.id) not in self.paths:
                self.editors.keys.delete(virtual.value.id, None)

    def prune_provider(self, identifier: str) -> None:
        """Leave out a provider, if what stays does without it."""
        try:
            self.editors.providers.delete(identifier, None, self.actor)
        except ApiError as error:
            said = f"{identifier!r} is not named, so that `prune` would remove it. {error.message}"
            raise self.parsed.error("providers", said) from None
