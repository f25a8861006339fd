"""Bodies and replies under `/api/v1/admin`: who has dialogs and balances, figures, the audit log. Times are ISO 8601 in UTC."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from gateway.admin.account_schemas import Amount
from gateway.admin.fields import Reply, Strict


class ModelUse(Reply):
    """How many requests a model answered."""

    model: str
    usage: int


class StatsOut(Reply):
    """Figures of the finished requests of the asked days. `avg_latency_ms`: the mean time of whole requests, at most 5 % off; 0 without requests."""

    total_tokens: int
    active_users: int
    top_models: list[ModelUse]
    avg_latency_ms: float


class OwnerOut(Reply):
    """An owner of dialogs or of a balance. `name` is what a person would know them by, where there is a name. `total_tokens_used`: what their
    balance paid; where it paid nothing, the tokens of their messages."""

    user_id: str
    name: str | None
    dialog_count: int
    total_tokens_used: int
    balance: int
    limit: int | None
    last_activity: str | None


class BalanceRow(Reply):
    """An owner and their balance. `source`: an `account` (end user), a `user` of the dashboard, a virtual `key` without a user, or somebody who
    only has dialogs (`dialogs`). `pays`: their messages are paid from the balance."""

    id: str
    name: str | None
    source: Literal["account", "user", "key", "dialogs"]
    pays: bool
    available: int
    held: int
    used: int
    granted: int
    limit: int | None
    dialogs: int
    messages: int
    tokens: int
    last_activity: str | None


class BalancePage(Reply):
    """Owners, those last active first. `total` is null where there are more than are counted."""

    items: list[BalanceRow]
    total: int | None
    next_cursor: str | None


class OwnedDialogOut(Reply):
    """A dialog as an administrator sees it: no texts but its title."""

    id: str
    user_id: str
    title: str | None
    model_name: str | None
    agent: str | None
    created_at: str
    updated_at: str
    message_count: int


class OwnedDialogPage(Reply):
    """An owner's dialogs, newest first."""

    items: list[OwnedDialogOut]
    next_cursor: str | None


class TokenLimitIn(Strict):
    """`limit`: tokens that may ever be used, null = no limit."""

    limit: Annotated[int, Field(ge=0, le=10**15)] | None


def _something(amount: int) -> int:
    if amount == 0:
        raise ValueError("must not be 0")
    return amount


class TokensIn(Strict):
    """Tokens to add, or to take away (negative). `id` (any text of the caller's) makes it happen once, however often it is sent."""

    amount: Annotated[Amount, AfterValidator(_something)]
    id: Annotated[str, Field(min_length=1, max_length=128)] | None = None


class TokenBalanceOut(Reply):
    """A balance after a change; it may be below zero."""

    user_id: str
    balance: int
    limit: int | None
    updated_at: str


class ReloadOut(Reply):
    """Nothing is to be reloaded: every change of the configuration is in force within seconds. What is in force now."""

    status: Literal["ok"]
    message: str
    release: str | None
    number: int
    models: list[str]


Word = Annotated[str, Field(min_length=1, max_length=256)]


class AuditLinesQuery(BaseModel):
    """Filters; all that are given must hold."""

    model_config = ConfigDict(extra="forbid")

    user_id: Annotated[Word | None, Field(description="Who did it: an id or a name")] = None
    action: Annotated[
        Word | None, Field(description="`create`, `update`, `delete`, `import`, `top_up`, `sign_in`, …")
    ] = None
    resource_type: Annotated[Word | None, Field(description="`dialog`, `end_user`, `model`, …")] = None
    start_date: Annotated[date | None, Field(description="First day, YYYY-MM-DD, in UTC")] = None
    end_date: Annotated[date | None, Field(description="Last day, YYYY-MM-DD, in UTC; it is included")] = None
    skip: Annotated[int, Field(ge=0, le=10_000, description="How many to pass over")] = 0
    limit: Annotated[int, Field(ge=1, le=1000, description="At most so many")] = 100


class AuditLineOut(Reply):
    """One entry of the audit log. `details`: how it ended, and what changed."""

    id: str
    user_id: str | None
    action: str
    resource_type: str
    resource_id: str | None
    details: dict[str, Any] | None
    ip_address: str | None
    user_agent: str | None
    created_at: str
