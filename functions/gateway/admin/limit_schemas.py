"""Bodies of limits and of where they stand. Budgets are text in US dollars, exact to the nano-dollar; standings are whole numbers in `unit`."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field

from gateway.admin.fields import Id, Reply, Strict
from gateway.admin.usage_time import zone
from gateway.neutral.limits import LimitName, Period, ScopeKind

Unit = Literal["requests", "tokens", "nano_usd"]


def _zone(name: str) -> str:
    zone(name)
    return name


Amount = Annotated[
    str,
    Field(
        pattern=r"^[0-9]{1,9}(\.[0-9]{1,9})?$",
        description="US dollars as a decimal string, exact to the nano-dollar; 0 = nothing may be spent",
        examples=["25.00"],
    ),
]
TimeZone = Annotated[
    str, Field(min_length=1, max_length=64, description="IANA name", examples=["Europe/Berlin"]), AfterValidator(_zone)
]
TimeOfDay = Annotated[str, Field(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$", examples=["06:30"])]
PerMinute = Annotated[int, Field(ge=1, le=1_000_000_000)]
AtOnce = Annotated[int, Field(ge=1, le=1_000_000)]


class BudgetIO(Strict):
    """The most money of one period, held and settled together. A day begins at `reset_time` in `timezone`, a month on `reset_day` at that
    time; `total` never ends, so these say nothing there."""

    period: Period
    usd: Amount
    timezone: TimeZone = "UTC"
    reset_time: TimeOfDay = "00:00"
    reset_day: Annotated[int, Field(ge=1, le=28)] = 1


def one_each(budgets: list[Any]) -> list[Any]:
    """Budgets of different periods; ValueError otherwise."""
    periods = [budget.period for budget in budgets]
    twice = next((period for period in periods if periods.count(period) > 1), None)
    if twice is not None:
        raise ValueError(f"there can be only one budget of the period {twice}")
    return budgets


class LimitsIO(Strict):
    """What a key, a user or a team may use; null or absent = unlimited. Tokens are input and output; rates hold over any minute, with a
    minute's worth at once; `concurrent` is requests at the same time."""

    requests_per_minute: PerMinute | None = None
    tokens_per_minute: PerMinute | None = None
    concurrent: AtOnce | None = None
    budgets: Annotated[list[BudgetIO], AfterValidator(one_each)] = Field(default_factory=list)


class StandingOut(Reply):
    """Where one limit stands, in `unit`. `used` is settled, `held` reserved by running requests, `remaining` what is left beside both.

    Of a rate, `used` is what its bucket lacks and `reset` when it will be full; of a budget `reset` is when the next period begins (Unix ms).
    """

    name: LimitName
    unit: Unit
    limit: int
    used: int
    held: int
    remaining: int
    reset: int | None


class ScopeOut(Reply):
    """A key, user or team and where its limits stand. `known` false: a key names it, but nothing is said of it, so it has no limits.

    `running`: requests that are going on now; they are counted where `concurrent` limits them, null elsewhere."""

    scope: ScopeKind
    id: str
    name: str | None
    known: bool
    running: int | None
    limits: list[StandingOut]


class KeyScopesOut(ScopeOut):
    """A key; a request with it needs room in its user's and team's limits, too."""

    user: ScopeOut | None
    team: ScopeOut | None


class ScopesOut(Reply):
    """Several scopes, in the order asked for; those that do not exist are left out."""

    items: list[ScopeOut]


class ResetIn(Strict):
    """The budget whose spent amount becomes 0; what running requests hold stays held."""

    name: Period


ScopeIds = Annotated[list[Id], Field(min_length=1, max_length=50)]
