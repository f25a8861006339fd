"""The audit log's values: who changed what, when, from where, and how it ended. Nothing in them is a secret: see `gateway.admin.secretless`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Literal

from gateway.neutral.config import to_json

Outcome = Literal["unknown", "done", "refused", "failed"]
Fields = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Author:
    """Who: a user's id, name and role; a document's author has the role `document`. Empty = nobody whom the deployment knows."""

    id: str = ""
    name: str = ""
    role: str = ""


@dataclass(frozen=True, slots=True)
class Origin:
    """From where: the caller's address (`admin/viewer.py`), what it says of earlier hops (`x-forwarded-for`, which anybody can write), its agent."""

    address: str = ""
    forwarded_for: str = ""
    user_agent: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """What became of one thing: the fields that differ, before and after. `before` None = it was made, `after` None = it was removed."""

    noun: str
    id: str
    before: Fields | None = None
    after: Fields | None = None


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One change. `id` holds the time it began (`gateway.clock.id_time_ms`).

    `action` and `noun`, `noun_id` say what was asked for; `changes` what came of it, a provider's keys that went with it among them. `outcome`:
    `done`; `refused` = nothing changed; `failed` = an error, what `changes` names is changed all the same; `unknown` = begun, and never heard of
    again. `release_before` and `release_after` are the releases in force where one was published. `cut`: the values were too large to keep.
    """

    id: str
    action: str
    noun: str
    noun_id: str
    author: Author = Author()
    origin: Origin = Origin()
    request_id: str = ""
    outcome: Outcome = "unknown"
    status: int | None = None
    changes: tuple[Change, ...] = ()
    release_before: str | None = None
    release_after: str | None = None
    cut: bool = False

    def concerns(self, noun: str | None, noun_id: str | None) -> bool:
        """Whether it is about such a thing, or changed one; None = any."""
        subjects = ((self.noun, self.noun_id), *((change.noun, change.id) for change in self.changes))
        return any(noun in {None, one} and noun_id in {None, identifier} for one, identifier in subjects)


def entry_json(entry: AuditEntry) -> dict[str, Any]:
    """An entry as plain JSON data."""
    data: dict[str, Any] = to_json(entry)
    return data


def entry_from_json(data: Mapping[str, Any]) -> AuditEntry:
    """Inverse of `entry_json`. What a later version added is passed over: the log outlives versions."""
    known = {field.name for field in fields(AuditEntry)}
    plain = {name: value for name, value in data.items() if name in known}
    plain["author"] = Author(**plain.get("author", {}))
    plain["origin"] = Origin(**plain.get("origin", {}))
    plain["changes"] = tuple(Change(**change) for change in plain.get("changes", ()))
    return AuditEntry(**plain)
