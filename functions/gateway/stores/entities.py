"""Configuration entities: providers, upstream keys, models, guardrails, routes, agents, and the one cache rule for models without a route.

Each is one item with a version; every write is conditional on it. What refers to a provider or a guardrail bumps that one's `uses` in the same
transaction, and it is only deleted while `uses` is what it was before its users were counted: nothing can begin to use what is being deleted.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar

from pynamodb.connection import Connection
from pynamodb.exceptions import DeleteError, TransactWriteError
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action
from pynamodb.transactions import TransactWrite

from gateway.clock import Clock
from gateway.neutral import config, config_reading
from gateway.neutral.caching import CacheRule
from gateway.neutral.config import Model, Provider, Route, UpstreamKey
from gateway.neutral.dialogs import Agent, agent_from_json
from gateway.neutral.guardrails import Guardrail
from gateway.stores.tables import EntityItem, Tables
from gateway.stores.versioned import Outdated, Taken, Versioned

T = TypeVar("T")
Reference = tuple[str, str]
"""The name of a noun, and the id of one of its kind."""

_TRIES = 8


class Unreferable(Exception):
    """What the entity refers to does not exist; `args` are the name of its noun and its id."""


class Contended(Exception):
    """Other transactions kept touching the same items."""


@dataclass(frozen=True, slots=True)
class OwnedKey:
    """An upstream key and the provider it belongs to.

    `fingerprint` is an argon2id hash of a sealed secret: it tells whether a given secret is this one without decrypting anything. It never leaves
    the config table.
    """

    provider: str
    key: UpstreamKey
    fingerprint: str | None = None

    @property
    def id(self) -> str:
        """The key's id."""
        return self.key.id


def _owned_key(data: Mapping[str, Any]) -> OwnedKey:
    # A key is a provider's part in a release; reading it through one keeps a single reader of that shape.
    holder = config_reading.provider_from_json({"id": "", "name": "", "kind": "", "keys": [data["key"]]})
    return OwnedKey(data["provider"], holder.keys[0], data.get("fingerprint"))


@dataclass(frozen=True)  # no slots: before Python 3.12 a frozen generic one cannot be made as Noun[X](…)
class Noun(Generic[T]):
    """A kind of entity: its name in the partition key, how to read it, its id, and the ids of the providers and guardrails it refers to."""

    name: str
    read: Callable[[Mapping[str, Any]], T]
    identify: Callable[[T], str]
    refers: Callable[[T], Collection[str]]
    guards: Callable[[T], Collection[str]] = lambda _value: ()


PROVIDER: Final[Noun[Provider]] = Noun(
    "provider", config_reading.provider_from_json, lambda value: value.id, lambda _value: ()
)
UPSTREAM_KEY: Final[Noun[OwnedKey]] = Noun(
    "upstream_key", _owned_key, lambda value: value.id, lambda value: (value.provider,)
)
MODEL: Final[Noun[Model]] = Noun(
    "model", config_reading.model_from_json, lambda value: value.id, lambda value: (value.provider,)
)


def _asked(value: Route) -> set[str]:
    shares = [share.provider for share in (value.canary, value.mirror) if share is not None]
    return {*shares, *(target.provider for target in value.targets)}


GUARDRAIL: Final[Noun[Guardrail]] = Noun(
    "guardrail", config_reading.guardrail_from_json, lambda value: value.id, lambda _value: ()
)
ROUTE: Final[Noun[Route]] = Noun(
    "route", config_reading.route_from_json, lambda value: value.id, _asked, lambda value: value.guardrails
)
REFERABLE: Final[tuple[Noun[Any], ...]] = (PROVIDER, GUARDRAIL)
"""What others refer to, and what is therefore only deleted while nobody does."""


def references(noun: Noun[T], value: T) -> list[Reference]:
    """What an entity refers to, each once."""
    providers = [(PROVIDER.name, name) for name in sorted(set(noun.refers(value)))]
    return providers + [(GUARDRAIL.name, name) for name in sorted(set(noun.guards(value)))]


AGENT: Final[Noun[Agent]] = Noun("agent", agent_from_json, lambda value: value.id, lambda _value: ())
THE_RULE: Final = "default"
CACHE: Final[Noun[CacheRule]] = Noun(
    "cache", config_reading.cache_rule_from_json, lambda _value: THE_RULE, lambda _value: ()
)


class Entities:
    """Reads are strongly consistent. Errors: `Taken`, `Outdated`, `Unreferable`, `Contended`, and PynamoDB's when the store fails."""

    def __init__(self, tables: Tables, clock: Clock, sleep: Callable[[float], None] = time.sleep) -> None:
        self._item = tables.entity
        self._clock = clock
        self._sleep = sleep

    def get(self, noun: Noun[T], identifier: str) -> Versioned[T] | None:
        """One entity, None when there is none."""
        try:
            item = self._item.get(entity_partition(noun), identifier, consistent_read=True)
        except self._item.DoesNotExist:
            return None
        return _versioned(noun, item)

    def page(self, noun: Noun[T], after: str | None, limit: int) -> tuple[list[Versioned[T]], str | None]:
        """At most `limit` entities by id, those after `after`, and where to go on from (None = the end)."""
        beyond = None if after is None else self._item.sk > after
        found = self._item.query(
            entity_partition(noun), beyond, consistent_read=True, limit=limit + 1, page_size=limit + 1
        )
        rows = [_versioned(noun, item) for item in found]
        more = len(rows) > limit
        return rows[:limit], noun.identify(rows[limit - 1].value) if more else None

    def all(self, noun: Noun[T]) -> list[Versioned[T]]:
        """Every entity of a kind, by id."""
        return [_versioned(noun, item) for item in self._item.query(entity_partition(noun), consistent_read=True)]

    def create(self, noun: Noun[T], value: T) -> Versioned[T]:
        """Add an entity."""
        return self._put(noun, value, 1, self._item.pk.does_not_exist(), Taken)

    def replace(self, noun: Noun[T], value: T, version: int) -> Versioned[T]:
        """Write the revision after `version`."""
        return self._put(noun, value, version + 1, self._item.version == version, Outdated)

    def uses(self, identifier: str, noun: Noun[Any] = PROVIDER) -> int:
        """How often something began to refer to it."""
        item = self._item.get(entity_partition(noun), identifier, consistent_read=True)
        return int(item.uses or 0)

    def delete(self, noun: Noun[Any], identifier: str, version: int) -> None:
        """Remove an entity that is still at `version`."""
        try:
            self._item(entity_partition(noun), identifier).delete(condition=self._item.version == version)
        except DeleteError as error:
            if error.cause_response_code == "ConditionalCheckFailedException":
                raise Outdated from None
            raise

    def delete_unused(self, noun: Noun[T], row: Versioned[T], uses: int, keys: Collection[str] = ()) -> None:
        """Remove what others refer to, a provider with its keys, if it is still as it was read and nobody began to use it since `uses` was read."""
        same_uses = self._item.uses == uses if uses else self._item.uses.does_not_exist()
        condition = (self._item.version == row.version) & same_uses
        item = self._item(entity_partition(noun), noun.identify(row.value))
        try:
            with TransactWrite(connection=_connection(self._item)) as transaction:
                transaction.delete(item, condition=condition)
                for key in keys:
                    transaction.delete(self._item(entity_partition(UPSTREAM_KEY), key))
        except TransactWriteError as error:
            _reason(error, ["", *keys])  # raises what is neither a lost condition nor a conflict
            raise Outdated from None

    def _put(self, noun: Noun[T], value: T, version: int, condition: Condition, lost: type[Exception]) -> Versioned[T]:
        row = Versioned(value, version, self._clock.now_ms())
        for attempt in range(_TRIES):
            failed = self._write(noun, row, condition)
            if failed is None:
                return row
            if failed == "":
                raise lost
            if isinstance(failed, tuple):
                raise Unreferable(*failed)
            self._sleep(0.02 * 2 ** min(attempt, 4) * (0.5 + self._clock.entropy(1)[0] / 512))
        raise Contended

    def _write(self, noun: Noun[T], row: Versioned[T], condition: Condition) -> Reference | str | None:
        """None = written; "" = the entity's own condition failed; "TransactionConflict"; else what it refers to and is not there."""
        referred = references(noun, row.value)
        identifier = noun.identify(row.value)
        # `uses` belongs to whoever refers here, so the entity is updated field by field, never put as a whole.
        actions: list[Action] = [
            self._item.data.set(entity_text(row.value)),
            self._item.version.set(row.version),
            self._item.updated_at.set(row.updated_at),
        ]
        try:
            with TransactWrite(connection=_connection(self._item)) as transaction:
                transaction.update(self._item(entity_partition(noun), identifier), actions=actions, condition=condition)
                for name, one in referred:
                    transaction.update(
                        self._item(partition(name), one),
                        actions=[self._item.uses.add(1)],
                        condition=self._item.pk.exists(),
                    )
        except TransactWriteError as error:
            return _reason(error, ["", *referred])
        return None


def _reason(error: TransactWriteError, subjects: Sequence[Reference | str]) -> Reference | str:
    codes = [reason.code if reason else None for reason in error.cancellation_reasons]
    for subject, code in zip(subjects, codes, strict=False):
        if code == "ConditionalCheckFailed":
            return subject
    if "TransactionConflict" in codes:
        return "TransactionConflict"
    raise error


def _connection(item: type[EntityItem]) -> Connection:
    return item._get_connection().connection


def entity_partition(noun: Noun[Any]) -> str:
    """The partition key of a kind."""
    return partition(noun.name)


def partition(name: str) -> str:
    """The same by the noun's name."""
    return f"entity#{name}"


def entity_text(value: Any) -> str:
    """What is kept of an entity."""
    return json.dumps(_data(value), sort_keys=True, ensure_ascii=False)


def _data(value: Any) -> Any:
    if isinstance(value, OwnedKey):
        owned = {"provider": value.provider, "key": config.to_json(value.key)}
        return owned if value.fingerprint is None else {**owned, "fingerprint": value.fingerprint}
    return config.to_json(value)


def _versioned(noun: Noun[T], item: EntityItem) -> Versioned[T]:
    return Versioned(noun.read(json.loads(item.data)), int(item.version), int(item.updated_at))
