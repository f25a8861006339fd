"""Where a scope's limits stand, by its counters items. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from gateway.neutral.limits import PERIODS, Budget, LimitName, Scope, Standing
from gateway.policies.gcra import Bucket
from gateway.policies.windows import window
from gateway.stores.limit_items import lent, lent_under, shard_of, under, window_name

_NS_PER_MS: Final = 1_000_000

Item = Mapping[str, Any]


def standings(scope: Scope, items: Iterable[Item], now_ms: int) -> tuple[Standing, ...]:
    """One per limit that the scope has: requests, tokens, concurrent, day, month, total. `items` are those of `all_counters_keys` that exist.

    Requests at once are `held` while they run and never `used`. Of a rate, `used` is what the bucket lacks, loans of shards that were not
    spent yet left out; loans under other limits count as used, for they can only lapse.
    """
    stored = list(items)
    found = []
    for name, limit in rates(scope):
        loans = sum(loan(item, name, under(scope.limits), now_ms * _NS_PER_MS) for item in stored)
        found.append(_rate(name, limit, stored, loans, now_ms * _NS_PER_MS))
    if scope.limits.concurrent is not None:
        running = _sum(stored, "running") - _lent(stored, "slots")
        found.append(Standing("concurrent", scope.limits.concurrent, 0, running))
    budgets = {budget.period: budget for budget in scope.limits.budgets}
    found += [_budget(budgets[period], stored, now_ms) for period in PERIODS if period in budgets]
    return tuple(found)


def rates(scope: Scope) -> tuple[tuple[LimitName, int], ...]:
    """The rates a scope has, per minute."""
    pairs: tuple[tuple[LimitName, int | None], ...] = (
        ("requests", scope.limits.requests_per_minute),
        ("tokens", scope.limits.tokens_per_minute),
    )
    return tuple((name, limit) for name, limit in pairs if limit is not None)


def _budget(budget: Budget, items: list[Item], now_ms: int) -> Standing:
    present = window(budget, now_ms // 1000)
    name = window_name(budget.period, present.start)
    held = _sum(items, f"{name}_held")
    used = _sum(items, name) - _lent(items, f"{name}_room") - held
    reset_ms = None if present.end is None else present.end * 1000
    return Standing(budget.period, budget.nano_usd, used, held, reset_ms)


def _rate(name: LimitName, limit: int, items: list[Item], loans: int, now_ns: int) -> Standing:
    bucket = Bucket(limit)
    tat = max((int(item.get(f"{name}_tat", 0)) for item in items), default=0)
    tat -= loans * bucket.cost
    full = bucket.level(tat, now_ns)
    reset_ms = -(-full // _NS_PER_MS) if full > now_ns else None
    return Standing(name, limit, bucket.lacks(tat, now_ns), 0, reset_ms)


def loan(item: Item, name: LimitName, limits: str, now_ns: int) -> int:
    """Units of a rate that a shard may still spend under certain limits; a loan expires."""
    if int(item.get(lent_under("rates_until", limits), 0)) < now_ns:
        return 0
    return max(0, int(item.get(lent_under(f"{name}_room", limits), 0)))


def _sum(items: list[Item], attribute: str) -> int:
    return sum(int(item.get(attribute, 0)) for item in items)


def _lent(items: list[Item], name: str) -> int:
    return sum(sum(lent(item, name).values()) for item in items)


def main_item(items: Iterable[Item]) -> Item:
    """Shard 0 among a scope's items; empty when there is none yet."""
    return next((item for item in items if shard_of(item) == 0), {})
