"""Limits, accounts and standings as replies, and bodies as limits and accounts."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any, Final

from gateway.admin.account_schemas import EndUserIn, EndUserOut, TeamIn, TeamOut
from gateway.admin.errors import Invalid
from gateway.admin.limit_schemas import BudgetIO, LimitsIO, StandingOut, Unit
from gateway.catalog.pricing import nano_from_usd, usd_from_nano
from gateway.neutral.limits import Account, Budget, LimitName, Limits, Standing
from gateway.stores.versioned import Versioned

_UNITS: Final[dict[LimitName, Unit]] = {
    "requests": "requests",
    "concurrent": "requests",
    "tokens": "tokens",
    "balance": "tokens",
    "day": "nano_usd",
    "month": "nano_usd",
    "total": "nano_usd",
}
_RATES: Final = ("requests_per_minute", "tokens_per_minute", "concurrent")


def limits_io(value: Limits) -> LimitsIO | None:
    """Limits as a body; None when there are none."""
    if not value.any:
        return None
    budgets = [BudgetIO(**_terms(budget), usd=usd_from_nano(budget.nano_usd)) for budget in value.budgets]
    return LimitsIO(**{name: getattr(value, name) for name in _RATES}, budgets=budgets)


def limits_value(body: LimitsIO | None) -> Limits:
    """Limits from a body; Invalid when an amount cannot be told exactly."""
    if body is None:
        return Limits()
    budgets = [_budget(at, budget) for at, budget in enumerate(body.budgets)]
    return Limits(**{name: getattr(body, name) for name in _RATES}, budgets=tuple(budgets))


def _budget(at: int, body: BudgetIO) -> Budget:
    try:
        nano = nano_from_usd(body.usd)
    except ValueError as error:
        raise Invalid(f"The amount {error}.", field=f"limits.budgets[{at}].usd") from None
    return Budget(**body.model_dump(exclude={"usd"}), nano_usd=nano)


def _terms(budget: Budget) -> dict[str, Any]:
    return {name: value for name, value in asdict(budget).items() if name != "nano_usd"}


def standing_out(value: Standing) -> StandingOut:
    """Where a limit stands."""
    return StandingOut(
        name=value.name,
        unit=_UNITS[value.name],
        limit=value.limit,
        used=value.used,
        held=value.held,
        remaining=max(0, value.limit - value.used - value.held),
        reset=value.reset_ms,
    )


def _shared(row: Versioned[Account]) -> dict[str, Any]:
    value = row.value
    return {
        "id": value.id,
        "name": value.name,
        "active": value.active,
        "limits": limits_io(value.limits),
        "allowed_models": list(value.allowed_models),
        "allowed_providers": list(value.allowed_providers),
        "valid_until": None if value.valid_until is None else value.valid_until * 1000,
        "version": row.version,
        "updated_at": row.updated_at,
    }


def team_out(row: Versioned[Account]) -> TeamOut:
    """A team's reply."""
    return TeamOut(**_shared(row))


def end_user_out(row: Versioned[Account]) -> EndUserOut:
    """An end user's reply."""
    return EndUserOut(**_shared(row), token_balance=row.value.token_balance)


def account_value(body: TeamIn) -> Account:
    """A team, or an end user, from a body."""
    given = {name: getattr(body, name) for name in type(body).model_fields if name not in {"id", "name"}}
    kind: Any = "user" if isinstance(body, EndUserIn) else "team"
    return Account(kind=kind, id=body.id, name=body.name or body.id, **account_fields(given))


def account_fields(given: dict[str, Any]) -> dict[str, Any]:
    """Body values as values of an `Account`."""
    fields: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in given.items()}
    if "limits" in fields:
        fields["limits"] = limits_value(fields["limits"])
    if fields.get("valid_until") is not None:
        fields["valid_until"] //= 1000
    return fields


def matches(account: Account, q: str | None, active: bool | None = None) -> bool:
    """Whether a part of the id or the name is `q`, in any case, and it is switched on or off as is asked for."""
    needle = (q or "").lower()
    return active in (None, account.active) and (needle in account.id.lower() or needle in account.name.lower())
