"""Changing providers."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from gateway.admin.desk import Desk, changes
from gateway.admin.errors import Conflict, Invalid
from gateway.admin.price_shapes import override_values
from gateway.admin.schemas import ProviderIn, ProviderPatch
from gateway.admin.shapes import ProviderRow, default_base_url, provider_value, timeouts_value, whole_seconds
from gateway.admin.wording import meant
from gateway.errors import UnsafeUrl
from gateway.neutral.config import Provider, UpstreamKey
from gateway.providers import Vendor, kinds, vendor
from gateway.stores.entities import MODEL, PROVIDER, ROUTE, UPSTREAM_KEY
from gateway.stores.versioned import Outdated, Versioned
from gateway.upstream.guard import check_url, resolve, split_url

_TRIES = 8
_API_VERSION = re.compile(r"(?:api-version=[A-Za-z0-9.-]{1,40})?")
_SOME_REGION = "us-east-1"  # stands for the gateway's own, which the proxy puts in
_NULLABLE = frozenset({"base_url", "paused_until"})
_NAMED = 5
_OWN_SERVER = " For a server of your own, let the provider reach private addresses (allow_private)."


@dataclass(frozen=True, slots=True)
class UrlRules:
    """Where a provider may point. `private_allowed` is the deployment's switch; a provider must ask for it as well."""

    private_allowed: bool

    def check(self, provider: Provider) -> None:
        """Invalid unless the provider's kind is known and its URL may be called."""
        known = [row.kind for row in kinds()]
        if provider.kind not in known:
            said = f"There is no provider kind {provider.kind[:64]!r}; there are {', '.join(known)}."
            raise Invalid(f"{said}{meant(provider.kind, known)}", field="kind")
        url = provider.base_url or default_base_url(provider.kind)
        if url is None:
            raise Invalid(f"The kind {provider.kind} has no address of its own: give a base_url.", field="base_url")
        if provider.allow_private and not self.private_allowed:
            raise Invalid(
                "This deployment does not allow private upstreams (ALLOW_PRIVATE_UPSTREAMS).", field="allow_private"
            )
        judged = _judged(vendor(provider.kind), url)
        try:
            check_url(judged, allow_private=provider.allow_private)
            if provider.base_url is not None:
                _check_addresses(judged, provider.allow_private)
        except UnsafeUrl as error:
            said = f"{error.message[:1].upper()}{error.message[1:]}."
            own = self.private_allowed and not provider.allow_private and _private_would_do(judged)
            raise Invalid(f"{said}{_OWN_SERVER}" if own else said, field="base_url") from None


def _private_would_do(url: str) -> bool:
    """Whether the address would pass, as far as can be seen, if the provider might reach private ones."""
    try:
        check_url(url, allow_private=True)
    except UnsafeUrl:
        return False
    return True


def _judged(kind: Vendor, url: str) -> str:
    """The address without what only some kinds may write: Azure's `?api-version=…` and nothing else of a query, AWS's `{region}`."""
    bare, _, query = url.partition("?")
    if kind.base_query and _API_VERSION.fullmatch(query):
        return bare
    return url.replace("{region}", _SOME_REGION) if kind.auth == "aws" else url


def _check_addresses(url: str, allow_private: bool) -> None:
    """Judge what the name resolves to now. A name that does not resolve (yet) passes: the proxy judges again at every connection."""
    parts = split_url(url)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    try:
        asyncio.run(resolve(parts.hostname or "", port, allow_private=allow_private))
    except UnicodeError:
        raise UnsafeUrl("the upstream host is not a valid name") from None
    except OSError:
        return


class ProviderEditor:
    """Creates, changes and removes providers; every success publishes."""

    def __init__(self, desk: Desk, rules: UrlRules) -> None:
        self._desk = desk
        self._rules = rules

    @property
    def desk(self) -> Desk:
        """What it works on."""
        return self._desk

    def on(self, desk: Desk) -> ProviderEditor:
        """The same editor of other entities."""
        return ProviderEditor(desk, self._rules)

    def page(self, after: str | None, limit: int) -> tuple[Sequence[ProviderRow], str | None]:
        """Providers by id, with their keys."""
        rows, following = self._desk.entities.page(PROVIDER, after, limit)
        keys = self._keys()
        return [_row(row, keys) for row in rows], following

    def get(self, identifier: str) -> ProviderRow:
        """One provider with its keys."""
        return _row(self._desk.load(PROVIDER, identifier), self._keys())

    def create(self, body: ProviderIn, actor: str) -> ProviderRow:
        """Add a provider."""
        value = provider_value(body)
        self._rules.check(value)
        self._refuse_hidden(value.id)
        return _row(self._desk.create(PROVIDER, value, actor), {})

    def update(self, identifier: str, body: ProviderPatch, expected: int | None, actor: str) -> ProviderRow:
        """Change a provider."""
        fields: dict[str, Any] = changes(body, nullable=_NULLABLE)
        if body.timeouts is not None:
            fields["timeouts"] = timeouts_value(body.timeouts)
        if body.paused_until is not None:
            fields["paused_until"] = whole_seconds(body.paused_until)
        if body.denied_betas is not None:
            fields["denied_betas"] = tuple(body.denied_betas)
        if body.prices is not None:
            fields["prices"] = override_values(body.prices)

        def change(value: Provider) -> Provider:
            changed = replace(value, **fields)
            if (changed.kind, changed.base_url, changed.allow_private) != (
                value.kind,
                value.base_url,
                value.allow_private,
            ):
                self._rules.check(changed)
            return changed

        return _row(self._desk.revise(PROVIDER, identifier, expected, change, actor), self._keys())

    def put(self, value: Provider, actor: str) -> None:
        """Make the stored provider equal to `value`, creating it where it is missing."""
        row = self._desk.entities.get(PROVIDER, value.id)
        if row is not None and row.value == value:
            return
        self._rules.check(value)
        if row is None:
            self._refuse_hidden(value.id)
            self._desk.create(PROVIDER, value, actor)
        else:
            self._desk.revise(PROVIDER, value.id, None, lambda _old: value, actor)

    def delete(self, identifier: str, expected: int | None, actor: str) -> None:
        """Remove a provider and its keys; Conflict names what still uses it."""
        for _ in range(_TRIES):
            row = self._desk.load(PROVIDER, identifier, expected)
            uses = self._desk.entities.uses(identifier)
            self._refuse_used(identifier)
            keys = [key.value.id for key in self._keys().get(identifier, ())]
            try:
                self._desk.entities.delete_unused(PROVIDER, row, uses, keys)
            except Outdated:
                continue
            self._desk.publish(actor)
            return
        raise Conflict("Others kept changing it at the same moment; try again.")

    def _refuse_hidden(self, identifier: str) -> None:
        """A route `id/…` would hide that model of the new provider."""
        for row in self._desk.entities.all(ROUTE):
            if row.value.id.startswith(f"{identifier}/"):
                raise Invalid(f"The route {row.value.id!r} would hide a model of this provider.", field="id")

    def _refuse_used(self, identifier: str) -> None:
        models = [row.value.id for row in self._desk.entities.all(MODEL) if row.value.provider == identifier]
        routes = [row.value.id for row in self._desk.entities.all(ROUTE) if identifier in ROUTE.refers(row.value)]
        if models or routes:
            parts = [_listed("model", models), _listed("route", routes)]
            raise Conflict(f"The provider is in use by {' and '.join(part for part in parts if part)}.")

    def _keys(self) -> dict[str, list[Versioned[UpstreamKey]]]:
        found: dict[str, list[Versioned[UpstreamKey]]] = {}
        for row in self._desk.entities.all(UPSTREAM_KEY):
            found.setdefault(row.value.provider, []).append(Versioned(row.value.key, row.version, row.updated_at))
        return found


def _row(row: Versioned[Provider], keys: dict[str, list[Versioned[UpstreamKey]]]) -> ProviderRow:
    return ProviderRow(row.value, row.version, row.updated_at, tuple(keys.get(row.value.id, ())))


def _listed(noun: str, names: list[str]) -> str:
    if not names:
        return ""
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return f"{len(names)} {noun}{'s' if len(names) > 1 else ''} ({', '.join(names[:_NAMED])}{more})"
