"""Bodies of teams and end users: in whose names keys call, with what holds for all of these keys together."""

from __future__ import annotations

from pydantic import Field

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
