"""Bodies of teams and end users: in whose names keys call, with what holds for all of these keys together."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field

from gateway.admin.fields import Id, Name, Reply, Strict
from gateway.admin.limit_schemas import LimitsIO
from gateway.admin.schemas import Ids, ModelPatterns, UnixMs


class TeamIn(Strict):
    """A new team. `id` is what keys name as `team_id`; lists, `valid_until` and `limits` hold beside those of the keys."""

    id: Id
    name: Name | None = None
    active: bool = True
    limits: LimitsIO | None = None
    allowed_models: ModelPatterns = Field(default_factory=list)
    allowed_providers: Ids = Field(default_factory=list)
    valid_until: UnixMs | None = None


class EndUserIn(TeamIn):
    """A new end user. `id` is what keys name as `user_id`; `token_balance`: tokens are paid from a balance that is granted and topped up."""

    token_balance: bool = False


class TeamPatch(Strict):
    """Changes to a team; absent fields stay. `limits` replaces all of them, null takes them away."""

    name: Name | None = None
    active: bool | None = None
    limits: LimitsIO | None = None
    allowed_models: ModelPatterns | None = None
    allowed_providers: Ids | None = None
    valid_until: UnixMs | None = None


class EndUserPatch(TeamPatch):
    """Changes to an end user."""

    token_balance: bool | None = None


class TeamOut(Reply):
    """A team; `limits` null = none."""

    id: str
    name: str
    active: bool
    limits: LimitsIO | None
    allowed_models: list[str]
    allowed_providers: list[str]
    valid_until: int | None
    version: int
    updated_at: int


class EndUserOut(TeamOut):
    """An end user."""

    token_balance: bool


Amount = Annotated[int, Field(ge=-(10**15), le=10**15, description="Tokens; negative takes away")]


def _something(amount: int) -> int:
    if amount == 0:
        raise ValueError("must not be 0")
    return amount


class BalanceIn(Strict):
    """A change of a token balance. `id` (any text of the caller's) makes it happen once, however often it is sent."""

    amount: Annotated[Amount, AfterValidator(_something)]
    id: Annotated[str, Field(min_length=1, max_length=128)] | None = None


class BalanceLimitIn(Strict):
    """`limit`: tokens that may ever be used, null = no limit."""

    limit: Annotated[int, Field(ge=0, le=10**15)] | None


class BalanceOut(Reply):
    """Tokens. `available` can be spent now, `held` is reserved by running requests, `granted` is what the balance began with."""

    available: int
    held: int
    used: int
    granted: int
    limit: int | None


class EntryOut(Reply):
    """One change, `at` Unix ms: `reason` is `llm_usage`, `admin_top_up` or `admin_deduct`; `amount` was added (negative: taken)."""

    amount: int
    reason: str
    at: int
    id: str | None
    request_id: str | None
    model: str | None
    admin: str | None
