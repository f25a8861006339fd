"""Replies about releases."""

from __future__ import annotations

from typing import Any, Literal

from gateway.admin.audit_schemas import ChangeOut
from gateway.admin.fields import Reply


class PublicationOut(Reply):
    """One publication: `release` came into force as number `number`. A release can be there many times. `by` is a user's id, or `document`."""

    number: int
    release: str
    at: int
    by: str
    by_name: str | None
    cause: Literal["edit", "rollback"]
    in_force: bool
    providers: int
    upstream_keys: int
    models: int
    routes: int


class EntityOut(Reply):
    """A thing of a release: the fields the API has for it, without secrets and versions."""

    noun: Literal["provider", "upstream_key", "model", "route"]
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
