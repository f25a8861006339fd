"""What a key, a user or a team may use: values, for configuration, admission and settlement.

Units: money is integer nano-dollars (10⁻⁹ USD), tokens are input and output together, times are Unix milliseconds unless a name says
otherwise. A *scope* is one key, user or team with limits of its own; a request is admitted when every scope it belongs to has room for its worst
case, which is *held* until the exact figure is *settled*.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Literal, TypeVar

_T = TypeVar("_T")

Period = Literal["day", "month", "total"]
ScopeKind = Literal["key", "user", "team"]
LimitName = Literal["requests", "tokens", "concurrent", "day", "month", "total", "balance"]
PERIODS: tuple[Period, ...] = ("day", "month", "total")


@dataclass(frozen=True, slots=True)
class Budget:
    """The most money of one period, settled and held together.

    A day begins at `reset_time` (`HH:MM`) in `timezone` (an IANA name), a month on `reset_day` (1 to 28) at that time; `total` never ends.
    A time that a clock change leaves out is the first moment after it, one that comes twice is the first of the two.
    """

    period: Period
    nano_usd: int
    timezone: str = "UTC"
    reset_time: str = "00:00"
    reset_day: int = 1


@dataclass(frozen=True, slots=True)
class Limits:
    """None = unlimited. Rates are token buckets that hold a minute's worth; `budgets` has at most one of each period."""

    requests_per_minute: int | None = None
    tokens_per_minute: int | None = None
    concurrent: int | None = None
    budgets: tuple[Budget, ...] = ()

    @property
    def any(self) -> bool:
        """Whether there is anything to admit by. Without, a scope costs nothing."""
        rates = (self.requests_per_minute, self.tokens_per_minute, self.concurrent)
        return bool(self.budgets) or any(rate is not None for rate in rates)


@dataclass(frozen=True, slots=True)
class Account:
    """A user or a team in whose name keys call. Lists and `valid_until` (Unix seconds) mean what they mean on a key, and hold beside them.

    `token_balance` (users): tokens are paid from a balance that is granted and topped up (`gateway.stores.balance_items`).
    """

    kind: Literal["user", "team"]
    id: str
    name: str
    active: bool = True
    limits: Limits = Limits()
    allowed_models: tuple[str, ...] = ()
    allowed_providers: tuple[str, ...] = ()
    valid_until: int | None = None
    token_balance: bool = False


@dataclass(frozen=True, slots=True)
class Scope:
    """One key, user or team, with limits."""

    kind: ScopeKind
    id: str
    limits: Limits


@dataclass(frozen=True, slots=True)
class Ask:
    """The worst case of one request. `nano` 0 where nothing is to be paid; `requests` 0 for what does not count against a rate."""

    request_id: str
    scopes: tuple[Scope, ...]
    tokens: int = 0
    nano: int = 0
    requests: int = 1
    known_nano: int = 0
    """What the request costs at least (its input at the fresh price): charged when its environment dies."""
    known_tokens: int = 0
    balance_of: str | None = None
    """The user whose token balance pays, None for nobody's."""
    grant: int = 0
    """What a balance that does not exist yet begins with."""
    message_id: str | None = None
    """What is paid for, where several requests may be tries of one message: deducted from the balance once for all of them."""


@dataclass(frozen=True, slots=True)
class Held:
    """What one scope reserved. `windows` are the periods charged, with the start of their window in Unix seconds (total: 0).

    `shard` 0 is the scope's own counter, others are its shards. `tokens_until_ns` is when the reserved tokens will have drained from the bucket
    by themselves (Unix nanoseconds; 0 = no rate of tokens): what has drained is not given back.
    """

    kind: ScopeKind
    id: str
    shard: int = 0
    nano: int = 0
    tokens: int = 0
    tokens_until_ns: int = 0
    ns_per_token: int = 0
    windows: tuple[tuple[Period, int], ...] = ()
    slot: bool = False
    balance: bool = False
    """Of a user: `tokens` were taken from the token balance (and nothing else was)."""
    under: str = ""
    """Of a shard: the limits under which it was lent what this request holds (`gateway.stores.limit_items.under`)."""
    message_id: str = ""
    """Of a balance: what is paid for, where that is not the request itself."""


@dataclass(frozen=True, slots=True)
class Rate:
    """Where a rate stands, as this environment knows it: for response headers. `reset_s`: seconds until the bucket is full."""

    limit: int
    remaining: int
    reset_s: float


@dataclass(frozen=True, slots=True)
class Admission:
    """A request that was let in, and what is held for it. `requests` and `tokens`: the tightest rate of the scopes."""

    request_id: str
    held: tuple[Held, ...]
    at_ms: int
    requests: Rate | None = None
    tokens: Rate | None = None


@dataclass(frozen=True, slots=True)
class Spent:
    """What a request came to, exactly."""

    nano: int = 0
    tokens: int = 0


@dataclass(frozen=True, slots=True)
class Refusal:
    """The limit that has no room. Amounts are in the limit's unit: requests, tokens, requests at once, nano-dollars.

    `used` is settled, `held` reserved by running requests, `needed` this request's worst case. `retry_after_s` None = waiting does not help before
    `reset_ms`, or at all. A request whose worst case alone is over the limit has `needed` > `limit`.
    """

    scope: ScopeKind
    scope_id: str
    name: LimitName
    limit: int
    used: int
    held: int
    needed: int
    reset_ms: int | None = None
    retry_after_s: float | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """One limit of one scope, for the dashboard. For rates, `used` is what the bucket lacks and `reset_ms` when it will be full."""

    name: LimitName
    limit: int
    used: int
    held: int
    reset_ms: int | None = None


def limits_from_json(data: Mapping[str, Any]) -> Limits:
    """Inverse of `gateway.neutral.config.to_json`; ValueError for unknown fields, TypeError for missing ones."""
    plain = dict(data)
    plain["budgets"] = tuple(_built(Budget, item) for item in plain.get("budgets", ()))
    return _built(Limits, plain)


def account_from_json(data: Mapping[str, Any]) -> Account:
    """Inverse of `to_json` for an account."""
    plain = dict(data)
    plain["limits"] = limits_from_json(plain.get("limits", {}))
    for name in ("allowed_models", "allowed_providers"):
        plain[name] = tuple(plain.get(name, ()))
    return _built(Account, plain)


def _built(kind: type[_T], data: Mapping[str, Any]) -> _T:
    unknown = set(data) - {field.name for field in fields(kind)}  # type: ignore[arg-type]
    if unknown:
        raise ValueError(f"{kind.__name__}: unknown fields {sorted(unknown)}")
    return kind(**data)
