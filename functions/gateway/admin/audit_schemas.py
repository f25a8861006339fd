"""Queries and replies of the audit log."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from gateway.admin.fields import Reply
from gateway.admin.log_query import MOST_EXPORTED, Count, Word
from gateway.admin.paging import MAX_PAGE
from gateway.neutral.audit import Outcome


class AuditFilters(BaseModel):
    """Filters; all that are given must hold. Times are Unix milliseconds."""

    model_config = ConfigDict(extra="forbid")

    from_ms: Annotated[Count | None, Field(alias="from", description="At or after; default: everything kept")] = None
    to_ms: Annotated[Count | None, Field(alias="to", description="Before")] = None
    actor: Annotated[Word | None, Field(description="A user's id or name")] = None
    action: Annotated[Word | None, Field(description="`create`, `update`, `delete`, `rollback`, `sign_in`, …")] = None
    noun: Annotated[Word | None, Field(description="What was asked for or changed: `provider`, `model`, `user`, …")] = (
        None
    )
    id: Annotated[Word | None, Field(description="Its id")] = None


class AuditQuery(AuditFilters):
    """A page of the list."""

    limit: Annotated[int, Field(ge=1, le=MAX_PAGE)] = 50
    cursor: Annotated[str, Field(max_length=512)] | None = None


class AuditExportQuery(AuditFilters):
    """A part of an export; `cursor` goes on where the part before ended."""

    format: Literal["csv", "json"] = "csv"
    limit: Annotated[int, Field(ge=1, le=MOST_EXPORTED)] = MOST_EXPORTED
    cursor: Annotated[str, Field(max_length=512)] | None = None


class ChangeOut(Reply):
    """What became of one thing: the fields that differ. `before` null = it was made, `after` null = it was removed; both null = it was changed,
    and the values are not kept. A secret that was replaced is the field `value`; what it was is nowhere."""

    noun: str
    id: str
    before: dict[str, Any] | None
    after: dict[str, Any] | None


class AuditOut(Reply):
    """One change. `refused`: nothing changed; `failed`: an error, and what `changes` names is changed all the same; `unknown`: it was begun, and
    how it ended was never written, so that it may have been made or not. `cut`: the values were too large to keep."""

    id: str
    time_ms: int
    actor_id: str
    actor_name: str
    actor_role: str
    address: str
    forwarded_for: str
    user_agent: str
    request_id: str
    action: str
    noun: str
    noun_id: str
    outcome: Outcome
    status: int | None
    release_before: str | None
    release_after: str | None
    cut: bool
    changes: list[ChangeOut]


class AuditPart(Reply):
    """A part of an export as JSON; `next_cursor` null = there is nothing older."""

    items: list[AuditOut]
    next_cursor: str | None
