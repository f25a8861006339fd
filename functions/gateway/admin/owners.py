"""Everybody who has dialogs or may pay from a balance, put together from where each of them is known.

There is no index of all of them: end users are accounts, others sign in to the dashboard, are a virtual key, or are known by their dialogs
alone. All of them are read (`MOST` of each kind), so that totals and orders are true, and a page's balances after that.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal, TypeVar

from gateway.admin.dialog_admin_schemas import BalanceRow, OwnerOut
from gateway.admin.errors import Missing
from gateway.admin.services import Services
from gateway.admin.token_shapes import pays
from gateway.neutral.dialogs import iso
from gateway.neutral.limits import Account
from gateway.stores.balances import Balance
from gateway.stores.dialogs import Owner
from gateway.stores.users import Account as UserAccount

T = TypeVar("T")

Source = Literal["account", "user", "key", "dialogs"]
MOST: Final = 10_000
_PAGE: Final = 500
_KEY: Final = "key#"


@dataclass(frozen=True, slots=True)
class Person:
    """An owner, as far as is known: `account` where they are an end user, `user` where they sign in."""

    id: str
    has: Owner
    account: Account | None = None
    user: UserAccount | None = None
    key_name: str | None = None

    @property
    def name(self) -> str | None:
        """What a person would know them by."""
        if self.user is not None:
            return self.user.user.username
        if self.account is not None and self.account.name != self.id:
            return self.account.name
        return self.key_name

    @property
    def source(self) -> Source:
        """From where they are known."""
        if self.account is not None:
            return "account"
        if self.user is not None:
            return "user"
        return "key" if self.id.startswith(_KEY) else "dialogs"

    def matches(self, needle: str) -> bool:
        """Whether a part of the id or the name is it."""
        return needle in self.id.casefold() or needle in (self.name or "").casefold()


@dataclass(frozen=True, slots=True)
class Everybody:
    """Those last active first. `whole`: all of them were read."""

    people: tuple[Person, ...]
    whole: bool


def everybody(services: Services, q: str = "", *, dialogs: bool = False) -> Everybody:
    """All owners that match; with `dialogs` only those who have any."""
    has, more = services.dialogs.owners(MOST)
    owners = {one.owner: one for one in has}
    accounts, more_accounts = _all(services.editors.end_users.page)
    users, more_users = _all(services.users.page)
    by_account = {row.value.id: row.value for row in accounts}
    by_user = {row.user.id: row for row in users}
    names = {**dict.fromkeys(by_account), **dict.fromkeys(by_user), **dict.fromkeys(owners)}
    keys = _key_names(services) if any(name.startswith(_KEY) for name in names) else {}
    people = (
        Person(name, owners.get(name, Owner(name)), by_account.get(name), by_user.get(name), keys.get(name))
        for name in names
    )
    found = [one for one in people if one.matches(q.casefold()) and (one.has.dialogs > 0 or not dialogs)]
    found.sort(key=lambda one: (-one.has.last_activity, one.id))
    return Everybody(tuple(found), not (more or more_accounts or more_users))


def _key_names(services: Services) -> dict[str, str]:
    """What virtual keys are called, by the names that they own dialogs under. Of keys that are gone nobody knows it."""
    return {f"{_KEY}{row.value.id}": row.value.name for row in _all(services.editors.keys.page)[0]}


def _all(page: Callable[[str | None, int], tuple[Sequence[T], str | None]]) -> tuple[list[T], bool]:
    """Everything of a list up to `MOST`, and whether there is more."""
    found, position = list[T](), None
    while len(found) < MOST:
        rows, position = page(position, _PAGE)
        found.extend(rows)
        if position is None:
            return found, False
    return found, True


def person(services: Services, identifier: str) -> Person:
    """One owner; Missing when nobody is known by this id, and nothing was ever theirs."""
    missing = Missing("There is nobody of this id.")
    if not 0 < len(identifier) <= 256 or not identifier.isprintable():
        raise missing
    account = services.editors.end_users.find(identifier)
    user = services.users.get(identifier)
    key = services.editors.keys.store.get(identifier.removeprefix(_KEY)) if identifier.startswith(_KEY) else None
    has = services.dialogs.owner(identifier)
    known = account is not None or user is not None or key is not None or has != Owner(identifier)
    if not known and not services.balances.known(identifier):
        raise missing
    name = None if key is None else key.value.name
    return Person(identifier, has, None if account is None else account.value, user, name)


def rows(services: Services, people: Sequence[Person]) -> Iterator[tuple[Person, Balance]]:
    """People with their balances."""
    found = services.balances.many([one.id for one in people])
    return ((one, found[one.id]) for one in people)


def owner_out(one: Person, balance: Balance) -> OwnerOut:
    """An owner in a list of users."""
    return OwnerOut(
        user_id=one.id,
        name=one.name,
        dialog_count=one.has.dialogs,
        total_tokens_used=balance.used or one.has.tokens,
        balance=balance.available,
        limit=balance.limit,
        last_activity=_when(one),
    )


def balance_row(one: Person, balance: Balance, grant: int) -> BalanceRow:
    """An owner in a list of balances."""
    told: dict[str, Any] = {name: getattr(balance, name) for name in ("available", "held", "used", "granted", "limit")}
    has: dict[str, Any] = {name: getattr(one.has, name) for name in ("dialogs", "messages", "tokens")}
    return BalanceRow(
        id=one.id,
        name=one.name,
        source=one.source,
        pays=pays(one.account, grant),
        last_activity=_when(one),
        **told,
        **has,
    )


def _when(one: Person) -> str | None:
    return iso(one.has.last_activity) if one.has.last_activity else None
