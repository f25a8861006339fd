"""The parts of a configuration document that are about limits: numbers as YAML has them, teams and end users."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field

from gateway.admin.account_schemas import EndUserIn, TeamIn
from gateway.admin.limit_schemas import Amount, BudgetIO, LimitsIO, TimeOfDay, one_each


def _amount_text(value: Any) -> Any:
    """An amount may be a YAML number: its shortest decimal form is what was written."""
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return f"{Decimal(repr(value)):f}" if number else value


def _clock_text(value: Any) -> Any:
    """YAML reads an unquoted 10:30 as a number to the base of 60."""
    minutes = isinstance(value, int) and not isinstance(value, bool) and 600 <= value < 1440
    return f"{value // 60:02}:{value % 60:02}" if minutes else value


class BudgetEntry(BudgetIO):
    """A budget in a document."""

    usd: Annotated[Amount, BeforeValidator(_amount_text)]
    reset_time: Annotated[TimeOfDay, BeforeValidator(_clock_text)] = "00:00"


class LimitsEntry(LimitsIO):
    """Limits in a document."""

    budgets: Annotated[list[BudgetEntry], AfterValidator(one_each)] = Field(default_factory=list)  # type: ignore[assignment]


class TeamEntry(TeamIn):
    """A team in a document, known by its id."""

    limits: LimitsEntry | None = None


class EndUserEntry(EndUserIn):
    """An end user in a document, known by its id."""

    limits: LimitsEntry | None = None
