"""Replies about releases."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from gateway.admin.audit_schemas import ChangeOut
from gateway.admin.fields import Reply, Strict


class PublicationOut(Reply):
    """One publication: `release` came into force as number `number`. A release can be there many times. `by` is a user's id, or `document`.
    `cause`: an edit, a rollback, a draft that was published, or one that was discarded (the release stays what it was)."""

    number: int
    release: str
    at: int
    by: str
    by_name: str | None
    cause: Literal["edit", "rollback", "publish", "discard"]
    in_force: bool
    providers: int
    upstream_keys: int
    models: int
    routes: int


class EntityOut(Reply):
    """A thing of a release: the fields the API has for it, without secrets and versions."""

    noun: Literal["provider", "upstream_key", "model", "guardrail", "route", "agent", "cache"]
    id: str
    fields: dict[str, Any]


class ReleaseContent(Reply):
    """What a release holds."""

    release: str
    in_force: bool
    items: list[EntityOut]


class ReleaseDiff(Reply):
    """What becomes different from `before` (null = nothing was published) to `after`. A secret that differs is the field `value`."""

    before: str | None
    after: str
    changes: list[ChangeOut]


class RolledBack(Reply):
    """What is in force now. `changed` false: it was in force already, and nothing was written."""

    release: str
    number: int
    changed: bool


class DraftDiff(Reply):
    """What publishing the draft would change: from `before`, the release in force (null = nothing was published), whose number is `number`, to
    `after`, which is not stored yet."""

    before: str | None
    after: str
    number: int
    changes: list[ChangeOut]


class DraftIn(Strict):
    """What is to be published: with `release`, only the draft that was looked at (its `after`); 409 when it was changed since."""

    release: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")] | None = None
