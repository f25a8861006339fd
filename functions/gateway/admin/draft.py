"""Configuration on trial: editors that work on what was read once and write to memory, so that a document is judged whole before a part of it is
kept, and can be judged without keeping anything."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final, TypeVar

from gateway.admin.desk import Desk
from gateway.admin.draft_accounts import DraftAccounts, DraftKeys
from gateway.admin.editors import Editors
from gateway.admin.errors import Conflict, Missing
from gateway.admin.sealing import SealSecret
from gateway.neutral.config import Release, VirtualKey, to_json
from gateway.neutral.limits import Account
from gateway.stores.accounts import AccountKind, AccountStore
from gateway.stores.composing import NOUNS, composed
from gateway.stores.entities import (
    PROVIDER,
    REFERABLE,
    UPSTREAM_KEY,
    Entities,
    Noun,
    Reference,
    Unreferable,
    entity_text,
    references,
)
from gateway.stores.releases import Pointer
from gateway.stores.restoring import Step
from gateway.stores.versioned import Outdated, Taken, Versioned
from gateway.stores.virtual_keys import VirtualKeyStore

T = TypeVar("T")

_TRIES: Final = 10
_PAGE: Final = 100
Rows = Mapping[str, Mapping[str, Versioned[Any]]]


@dataclass(frozen=True, slots=True)
class Stored:
    """What is configured: the pointer as it was before the rest was read, `rows` by noun and id, `uses` of what is referred to, keys, accounts."""

    pointer: Pointer = Pointer()
    rows: Rows = field(default_factory=dict)
    uses: Mapping[Reference, int] = field(default_factory=dict)
    keys: tuple[Versioned[VirtualKey], ...] = ()
    accounts: tuple[Versioned[Account], ...] = ()

    def print(self) -> str:
        """A fingerprint: another one as soon as anything in it is another."""
        told = {
            "number": self.pointer.number,
            "rows": {
                noun: {name: entity_text(row.value) for name, row in rows.items()} for noun, rows in self.rows.items()
            },
            "keys": sorted((to_json(row.value) for row in self.keys), key=lambda key: str(key["digest"])),
            "accounts": sorted((to_json(row.value) for row in self.accounts), key=lambda one: (one["kind"], one["id"])),
        }
        return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


def read(editors: Editors) -> Stored:
    """What is stored now. Configuration that others are writing is read until two readings agree; Conflict when none do."""
    entities = editors.providers.desk.entities
    pointer = editors.rollbacks.pointer()
    uses = {
        (noun.name, row.value.id): entities.uses(row.value.id, noun) for noun in REFERABLE for row in entities.all(noun)
    }
    rows = _rows(entities)
    for _ in range(_TRIES):
        before, rows = rows, _rows(entities)
        if before == rows:
            kinds: tuple[AccountKind, ...] = ("team", "user")
            accounts = [row for kind in kinds for row in _accounts(editors.teams.store, kind)]
            return Stored(pointer, rows, uses, tuple(_keys(editors.keys.store)), tuple(accounts))
    raise Conflict("Others kept changing the configuration at the same moment; try again.")


def _rows(entities: Entities) -> Rows:
    return {noun.name: {noun.identify(row.value): row for row in entities.all(noun)} for noun in NOUNS}


def _keys(store: VirtualKeyStore) -> Iterator[Versioned[VirtualKey]]:
    position = None
    while True:
        rows, position = store.page(position, _PAGE)
        yield from rows
        if position is None:
            return


def _accounts(store: AccountStore, kind: AccountKind) -> Iterator[Versioned[Account]]:
    position = None
    while True:
        rows, position = store.page(kind, position, _PAGE)
        yield from rows
        if position is None:
            return


@dataclass(frozen=True, slots=True)
class Edit:
    """What becomes of one thing; None = it is not there. `id` of a virtual key is its id."""

    noun: str
    id: str
    before: Any
    after: Any


class DraftEntities(Entities):
    """What was read, with changes over it that are kept in memory."""

    def __init__(self, stored: Stored) -> None:  # without the table, so that no way of writing is left
        self._stored = stored
        self._rows = {noun.name: dict(stored.rows.get(noun.name, {})) for noun in NOUNS}
        self._changed: dict[tuple[str, str], Noun[Any]] = {}

    @property
    def steps(self) -> Sequence[Step]:
        """What is to be written, in the order in which it was first written here; what is as it was is left out."""
        steps = (self._step(noun, identifier) for (_, identifier), noun in self._changed.items())
        return [step for step in steps if step.before != step.after]

    def _step(self, noun: Noun[Any], identifier: str) -> Step:
        old, new = self._stored.rows.get(noun.name, {}).get(identifier), self._rows[noun.name].get(identifier)
        before, version = (None, None) if old is None else (old.value, old.version)
        uses = self.uses(identifier, noun) if noun in REFERABLE and new is None else 0
        return Step(noun, identifier, before, version, None if new is None else new.value, uses)

    def get(self, noun: Noun[T], identifier: str) -> Versioned[T] | None:
        """One entity, None when there is none."""
        return self._rows[noun.name].get(identifier)

    def all(self, noun: Noun[T]) -> list[Versioned[T]]:
        """Every entity of a kind, by id."""
        rows = self._rows[noun.name]
        return [rows[identifier] for identifier in sorted(rows)]

    def create(self, noun: Noun[T], value: T) -> Versioned[T]:
        """Add an entity."""
        if self.get(noun, noun.identify(value)) is not None:
            raise Taken
        return self._keep(noun, Versioned(value, 1, 0))

    def replace(self, noun: Noun[T], value: T, version: int) -> Versioned[T]:
        """Keep the revision after `version`."""
        row = self.get(noun, noun.identify(value))
        if row is None or row.version != version:
            raise Outdated
        return self._keep(noun, Versioned(value, version + 1, 0))

    def uses(self, identifier: str, noun: Noun[Any] = PROVIDER) -> int:
        """How often something had begun to refer to it when it was read."""
        return self._stored.uses.get((noun.name, identifier), 0)

    def delete(self, noun: Noun[Any], identifier: str, version: int) -> None:
        """Leave an entity out."""
        row = self._rows[noun.name].get(identifier)
        if row is None or row.version != version:
            raise Outdated
        del self._rows[noun.name][identifier]
        self._changed[noun.name, identifier] = noun

    def delete_unused(self, noun: Noun[T], row: Versioned[T], uses: int, keys: Collection[str] = ()) -> None:  # noqa: ARG002 -- as it is stored
        """Leave something out that nobody refers to, a provider with its keys."""
        for key in keys:
            self.delete(UPSTREAM_KEY, key, self._rows[UPSTREAM_KEY.name][key].version)
        self.delete(noun, noun.identify(row.value), row.version)

    def _keep(self, noun: Noun[T], row: Versioned[T]) -> Versioned[T]:
        for name, referred in references(noun, row.value):
            if referred not in self._rows[name]:
                raise Unreferable(name, referred)
        identifier = noun.identify(row.value)
        self._rows[noun.name][identifier] = row
        self._changed[noun.name, identifier] = noun
        return row

    def release(self) -> Release:
        """What they describe."""
        return composed({noun.name: [row.value for row in self.all(noun)] for noun in NOUNS})


class Draft:
    """`editors` change the draft; `entities.steps` say what they changed of the configuration, and `store_keys` writes the rest. ApiError where
    others were in the way meanwhile. With `seal` secrets are sealed by that, which a rehearsal need not do at all."""

    def __init__(self, editors: Editors, stored: Stored, seal: SealSecret | None = None) -> None:
        self.stored = stored
        self._real = editors
        self.entities = DraftEntities(stored)
        self.keys = DraftKeys(stored.keys, editors.keys.store)
        self.accounts = DraftAccounts(stored.accounts)
        desk = Desk(self.entities, lambda _actor: None)
        self.editors = replace(
            editors,
            providers=editors.providers.on(desk),
            upstream_keys=editors.upstream_keys.on(desk, seal),
            models=editors.models.on(desk),
            guardrails=editors.guardrails.on(desk),
            agents=editors.agents.on(desk),
            routes=editors.routes.on(desk),
            cache=editors.cache.on(desk),
            keys=editors.keys.on(self.keys),
            teams=editors.teams.on(self.accounts),
            end_users=editors.end_users.on(self.accounts),
        )

    @property
    def edits(self) -> list[Edit]:
        """Everything that becomes another, by noun."""
        ranks = [noun.name for noun in NOUNS]
        steps = sorted(self.entities.steps, key=lambda step: (ranks.index(step.noun.name), step.id))
        entities = [Edit(step.noun.name, step.id, step.before, step.after) for step in steps]
        names = {"team": "team", "user": "end_user"}
        accounts = [Edit(names[kind], identifier, *pair) for (kind, identifier), pair in self.accounts.edits.items()]
        keys = [Edit("virtual_key", identifier, *pair) for identifier, pair in self.keys.edits.items()]
        return [*entities, *sorted(accounts, key=lambda edit: (edit.noun != "team", edit.id)), *keys]

    def store_keys(self) -> None:
        """Write the virtual keys, after the accounts that limit them."""
        real = {"team": self._real.teams, "user": self._real.end_users}
        for (kind, identifier), (_, account) in self.accounts.edits.items():
            if account is None:
                _gone(lambda i=identifier, k=kind: real[k].delete(i, None))
            else:
                real[kind].keep(account)
        for identifier, (before, key) in self.keys.edits.items():
            if key is None:
                _gone(lambda i=identifier: self._real.keys.delete(i, None))
            else:
                self._real.keys.keep(key, new=before is None)


def _gone(delete: Any) -> None:
    try:
        delete()
    except Missing:
        return  # somebody else was quicker
