"""What every editor of configuration does alike: read or 404, change under optimistic locking, publish."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import BaseModel

from gateway.admin.errors import Conflict, Invalid, Missing, Stale
from gateway.stores.entities import PROVIDER, Contended, Entities, Noun, Unreferable
from gateway.stores.versioned import Outdated, Taken, Versioned

T = TypeVar("T")

_TRIES = 8
_ID = re.compile(r"[A-Za-z0-9_.:/@-]{1,256}")
_BUSY = "Others kept changing it at the same moment; try again."


@dataclass(frozen=True, slots=True)
class Desk:
    """The entities and what to do after a change: `publish(actor)`."""

    entities: Entities
    publish: Callable[[str], None]

    def load(self, noun: Noun[T], identifier: str, expected: int | None = None) -> Versioned[T]:
        """An entity; Missing when there is none, Stale when it is not at the `expected` version."""
        row = self.entities.get(noun, identifier) if plausible(identifier) else None
        if row is None:
            raise Missing(f"There is no {title(noun)} {identifier[:128]!r}.")
        if expected is not None and row.version != expected:
            raise Stale
        return row

    def create(self, noun: Noun[T], value: T, actor: str) -> Versioned[T]:
        """Add an entity and publish."""
        try:
            row = self.entities.create(noun, value)
        except Taken:
            raise Conflict(f"There is already a {title(noun)} {noun.identify(value)!r}.", field="id") from None
        except Unreferable as error:
            raise unreferable(error) from None
        except Contended:
            raise Conflict(_BUSY) from None
        self.publish(actor)
        return row

    def revise(
        self, noun: Noun[T], identifier: str, expected: int | None, change: Callable[[T], T], actor: str
    ) -> Versioned[T]:
        """Apply a change and publish. Without an expected version it is applied to whatever is there; no change writes nothing."""
        for _ in range(_TRIES):
            row = self.load(noun, identifier, expected)
            value = change(row.value)
            try:
                written = row if value == row.value else self.entities.replace(noun, value, row.version)
            except Outdated:
                continue  # with an expected version, `load` now says Stale
            except Unreferable as error:
                raise unreferable(error) from None
            except Contended:
                raise Conflict(_BUSY) from None
            self.publish(actor)
            return written
        raise Conflict(_BUSY)

    def remove(self, noun: Noun[Any], identifier: str, expected: int | None, actor: str) -> None:
        """Delete an entity and publish."""
        for _ in range(_TRIES):
            row = self.load(noun, identifier, expected)
            try:
                self.entities.delete(noun, identifier, row.version)
            except Outdated:
                continue
            self.publish(actor)
            return
        raise Conflict(_BUSY)


def unreferable(error: Unreferable) -> Invalid:
    """What is told of a thing that refers to another one that is not there."""
    name, identifier = error.args
    return Invalid(f"There is no {name} {identifier!r}.", field="provider" if name == PROVIDER.name else "guardrails")


def plausible(identifier: str) -> bool:
    """False for what cannot be an id, so that the store is not even asked."""
    return _ID.fullmatch(identifier) is not None


def title(noun: Noun[Any]) -> str:
    """The noun in words."""
    return noun.name.replace("_", " ")


def changes(body: BaseModel, *, nullable: frozenset[str] = frozenset()) -> dict[str, Any]:
    """The fields a patch names, as the body's own values; Invalid when one is null that cannot be."""
    found = {name: getattr(body, name) for name in body.model_fields_set}
    for name in sorted(found):
        if found[name] is None and name not in nullable:
            raise Invalid(f"{name} must not be null.", field=name)
    return found
