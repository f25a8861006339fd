"""The writes that admit a request, and what a refusal of them means. Pure.

What a limit demands is an `Amount`: how much of which attribute. On shard 0 an attribute grows up to the limit, on the others what was lent
shrinks to 0. `max(tat, now)` has no form in DynamoDB, so a bucket's condition is one of two, by what was seen of it last; a wrong guess is
refused with the item, and the next try knows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from gateway.aws.writes import Update
from gateway.neutral.limits import Ask, Held, LimitName, Period, Rate, Refusal, Scope, Standing
from gateway.policies.gcra import ABSURD_NS, Bucket
from gateway.policies.windows import window
from gateway.stores.limit_items import counters_key, keep_until, lent, lent_under, under, window_name
from gateway.stores.limit_standing import loan, rates
from gateway.stores.limit_terms import Terms

RECENT_NS: Final = 5_000_000_000
"""How far a bucket's TAT may have been put back by others' refunds before a guess fails."""
WAIT_S: Final = 1.0
"""When to ask again for what running requests hold: they end at any moment."""

Item = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Amount:
    """What one request needs of one limit. `attribute` on shard 0, `room` on the others; `loans` is what the rooms of all limits begin with."""

    name: LimitName
    limit: int
    needed: int
    attribute: str
    loans: str
    under: str

    @property
    def room(self) -> str:
        """Only what was lent under these very limits is spent: a cap that was lowered binds at once, whatever was lent before."""
        return lent_under(self.loans, self.under)

    @property
    def is_rate(self) -> bool:
        """Whether it is a bucket, not a sum."""
        return self.name in {"requests", "tokens"}

    def free(self, item: Item, now_ns: int) -> int:
        """What shard 0 has left, by its item; below 0 when more was taken than there is."""
        stored = int(item.get(self.attribute, 0))
        if not self.is_rate:
            return self.limit - stored
        return self.limit - Bucket(self.limit).lacks(stored, now_ns)

    def lent(self, item: Item, now_ns: int) -> int:
        """What another shard has left, by its item."""
        if self.is_rate:
            return loan(item, self.name, self.under, now_ns)
        return int(item.get(self.room, 0))

    def rooms(self, item: Item, now_ns: int) -> dict[str, int]:
        """What can be taken back from another shard, by attribute: what was lent under other limits, too, and what it owes (below 0).

        A rate's units are of different worth under different limits: those of others lapse.
        """
        found = {self.room: self.lent(item, now_ns)} if self.is_rate else lent(item, self.loans)
        return {name: units for name, units in found.items() if units}

    def lacks(self, item: Item, shard: int, now_ns: int) -> bool:
        """Whether a shard has no room for it."""
        if self.is_rate and shard == 0:
            return not Bucket(self.limit).allows(int(item.get(self.attribute, 0)), self.needed, now_ns)
        return (self.lent(item, now_ns) if shard else self.free(item, now_ns)) < self.needed


def amounts(scope: Scope, ask: Ask, now_ns: int) -> tuple[Amount, ...]:
    """What a request needs of a scope, 0 left out. A reservation of tokens is never more than the bucket holds."""
    found = []
    limits = under(scope.limits)
    for budget in scope.limits.budgets:
        name = window_name(budget.period, window(budget, now_ns // 10**9).start)
        found.append(Amount(budget.period, budget.nano_usd, ask.nano, name, f"{name}_room", limits))
    if scope.limits.concurrent is not None:
        found.append(Amount("concurrent", scope.limits.concurrent, 1, "running", "slots", limits))
    for rate, limit in rates(scope):
        needed = ask.requests if rate == "requests" else Bucket(limit).clamp(ask.tokens)
        found.append(Amount(rate, limit, needed, f"{rate}_tat", f"{rate}_room", limits))
    return tuple(amount for amount in found if amount.needed > 0 or (amount.is_rate and amount.limit <= 0))


def impossible(found: tuple[Amount, ...]) -> bool:
    """Whether a limit could not let the request in even if it were untouched. (An absent attribute is room: no condition would refuse it.)"""
    return any(amount.needed > amount.limit or amount.limit <= 0 for amount in found)


def reserve(table: str, scope: Scope, ask: Ask, now_ns: int, at: tuple[int, Item]) -> tuple[Held, Update | None]:
    """What is held of a scope, and the write that holds it. `at` is the shard, and what was seen of the bucket's attributes last."""
    shard, seen = at
    terms = Terms()
    until = 0
    needs = amounts(scope, ask, now_ns)
    for amount in needs:
        if shard:
            spend_room(terms, amount)
        elif amount.is_rate:
            drained = take(terms, amount, int(seen.get(amount.attribute, 0)), now_ns)
            until = drained if amount.name == "tokens" else until
        else:
            terms.at_most(amount.attribute, amount.limit - amount.needed)
            terms.add(amount.attribute, amount.needed)
    if shard and any(amount.is_rate for amount in needs):
        terms.between(lent_under("rates_until", needs[0].under), now_ns)
    held = _held(scope, ask, shard, now_ns, until)
    hold_and_keep(terms, scope, held, now_ns)
    return held, terms.update(table, counters_key(scope.kind, scope.id, shard))


def spend_room(terms: Terms, amount: Amount) -> None:
    """Take an amount out of what was lent."""
    terms.between(amount.room, amount.needed)
    terms.add(amount.room, -amount.needed)


def take(terms: Terms, amount: Amount, seen_tat: int, now_ns: int) -> int:
    """Take units of a bucket; the earliest moment at which they will have drained."""
    bucket = Bucket(amount.limit)
    taken = amount.needed * bucket.cost
    if seen_tat > now_ns + ABSURD_NS:
        terms.between(amount.attribute, now_ns + ABSURD_NS + 1)
        terms.set(amount.attribute, now_ns + taken)
        return now_ns + taken
    if seen_tat < now_ns:
        terms.below_or_absent(amount.attribute, now_ns)
        terms.set(amount.attribute, now_ns + taken)
        return now_ns + taken
    latest = bucket.latest(amount.needed, now_ns)
    least = max(now_ns, min(seen_tat - RECENT_NS, latest))
    terms.between(amount.attribute, least, latest)
    terms.add(amount.attribute, taken)
    return least + taken


def hold_and_keep(terms: Terms, scope: Scope, held: Held, now_ns: int) -> None:
    """Say what is held of the windows, and how long the item lives; nothing for a scope of which nothing is taken."""
    for period, start in held.windows:
        terms.add(f"{window_name(period, start)}_held", held.nano)
    if not terms.changes:
        return
    ttl = keep_until(any(budget.period == "total" for budget in scope.limits.budgets), now_ns // 1_000_000)
    if ttl is None:
        terms.remove("ttl")
    else:
        terms.set("ttl", ttl)


def _held(scope: Scope, ask: Ask, shard: int, now_ns: int, until: int) -> Held:
    limits = scope.limits
    windows: list[tuple[Period, int]] = [(one.period, window(one, now_ns // 10**9).start) for one in limits.budgets]
    bucket = Bucket(limits.tokens_per_minute) if limits.tokens_per_minute is not None else None
    tokens = bucket.clamp(ask.tokens) if bucket else 0
    cost = bucket.cost if bucket else 0
    return Held(
        scope.kind,
        scope.id,
        shard,
        nano=ask.nano if windows else 0,
        tokens=tokens,
        tokens_until_ns=until or (now_ns + tokens * cost if bucket else 0),
        ns_per_token=cost,
        windows=tuple(windows),
        slot=limits.concurrent is not None,
        under=under(limits) if shard else "",
    )


def lacking(scope: Scope, ask: Ask, item: Item, shard: int, now_ns: int) -> tuple[Amount, ...]:
    """The limits for which a shard has no room, by its item; none when only a guess was wrong."""
    return tuple(amount for amount in amounts(scope, ask, now_ns) if amount.lacks(item, shard, now_ns))


def refusal(scope: Scope, short: tuple[Amount, ...], standing: tuple[Standing, ...], now_ns: int) -> Refusal:
    """The refusal that names, of the limits without room, the one that lasts longest: total, month, day, then whichever rate waits longest."""
    by_name = {one.name: one for one in standing}
    found = [_refusal(scope, amount, by_name[amount.name], now_ns) for amount in short]
    order = {name: place for place, name in enumerate(("total", "month", "day"))}
    return min(found, key=lambda one: (order.get(one.name, 3), -(one.retry_after_s or 0.0)))


def _refusal(scope: Scope, amount: Amount, stands: Standing, now_ns: int) -> Refusal:
    retry: float | None = None
    possible = 0 < amount.needed <= amount.limit
    if amount.is_rate and possible:
        lacks_ns = max(0, (stands.reset_ms or 0) * 1_000_000 - now_ns)
        retry = max(0.001, Bucket(amount.limit).wait(now_ns + lacks_ns, amount.needed, now_ns) / 10**9)
    elif possible and stands.used + amount.needed <= amount.limit:
        retry = WAIT_S  # only what running requests hold stands in the way
    return Refusal(
        scope.kind,
        scope.id,
        amount.name,
        amount.limit,
        stands.used,
        stands.held,
        amount.needed,
        stands.reset_ms,
        retry,
    )


def rate(limit: int, tat: int, now_ns: int) -> Rate:
    """A bucket for a response's headers."""
    bucket = Bucket(limit)
    return Rate(limit, max(0, limit - bucket.lacks(tat, now_ns)), (bucket.level(tat, now_ns) - now_ns) / 10**9)
