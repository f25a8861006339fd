"""A caller: a virtual key with the user and the team it calls for."""

from __future__ import annotations

from dataclasses import dataclass, fields

from gateway.neutral.config import Grants, VirtualKey
from gateway.neutral.limits import Account, Scope


@dataclass(frozen=True, slots=True)
class NarrowedKey(VirtualKey):
    """A virtual key to whose lists those of others are added: what any of them does not allow is not allowed."""

    also: tuple[Account, ...] = ()

    @property
    def grants(self) -> tuple[Grants, ...]:
        """See `VirtualKey.grants`."""
        return (self, *self.also)


@dataclass(frozen=True, slots=True)
class Identity:
    """`user` and `team` are None where the key names none, or where nothing is said of it."""

    key: VirtualKey
    user: Account | None = None
    team: Account | None = None

    @property
    def accounts(self) -> tuple[Account, ...]:
        """User, then team, as far as there are any."""
        return tuple(account for account in (self.user, self.team) if account is not None)

    @property
    def scopes(self) -> tuple[Scope, ...]:
        """What has limits: key first, then user, then team. Empty = there is nothing to admit by."""
        every = (
            Scope("key", self.key.id, self.key.limits),
            *(Scope(account.kind, account.id, account.limits) for account in self.accounts),
        )
        return tuple(scope for scope in every if scope.limits.any)

    @property
    def pays(self) -> bool:
        """Whether the caller's money is limited."""
        return any(scope.limits.budgets for scope in self.scopes)

    @property
    def metered(self) -> bool:
        """Whether what a request comes to counts against anything: money, a rate of tokens, or a balance."""
        rates = any(scope.limits.tokens_per_minute is not None for scope in self.scopes)
        return rates or self.pays or self.balance_of is not None

    @property
    def balance_of(self) -> str | None:
        """The user whose token balance pays, None for nobody's (`Ask.balance_of`)."""
        return self.user.id if self.user is not None and self.user.token_balance else None

    @property
    def narrowed(self) -> VirtualKey:
        """The key as routing and listings shall see it: with the lists of user and team beside its own."""
        lists = tuple(one for one in self.accounts if one.allowed_models or one.allowed_providers)
        if not lists:
            return self.key
        return NarrowedKey(**{one.name: getattr(self.key, one.name) for one in fields(VirtualKey)}, also=lists)
