"""Shards of a hot scope: lending and gathering. Theory of operation.

One item takes 1,000 writes a second, and transactions on one item cancel one another long before. An environment that meets conflicts or throttles on
shard 0 spends from another shard for a while (`Heat`): each environment chooses alone, nobody has to know. Only shard 0 knows the caps: a
shard spends what shard 0 lent it, in one transaction of the two items, and shard 0 counts it as taken. So the sum over all shards never
passes a cap, whoever uses which.

Room is lent *under* the scope's limits, and its attributes are named by them: who knows other limits cannot spend it, but can gather it. So a cap
that was lowered binds every shard at once; while some environments still know the old limits, each spends what was lent under its own, and
both are counted as taken. A request gives back into the room that it came from, however long it runs.

A loan is an eighth of what is free, at most some requests' worth: near a cap, loans shrink to single requests. When shard 0 has not enough, one
transaction gathers what the shards have left and admits by it (`gather`): nobody can take the gathered room in between, so
a cap is used up to the last request, and of those that compete one succeeds. A loan of a rate ends after `LOAN_NS`: then it is void, so
within any time T a rate lets through its bucket and T + `LOAN_NS` of its refill at most.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from gateway.aws.writes import Update
from gateway.clock import Clock
from gateway.neutral.limits import Ask, Held, Scope, ScopeKind
from gateway.policies.gcra import Bucket
from gateway.stores.limit_admission import Amount, amounts, hold_and_keep, reserve, take
from gateway.stores.limit_items import (
    SHARDS,
    counters_key,
    keep_until,
    left_over,
    lent_name,
    lent_under,
    shard_of,
    under,
)
from gateway.stores.limit_standing import main_item
from gateway.stores.limit_terms import Terms

LOAN_NS: Final = 10_000_000_000
STRIKES: Final = 2
STRIKE_S: Final = 60.0
WARM_S: Final = 30.0
HOT_S: Final = 240.0
KNOWN_MS: Final = 120_000
"""After that no environment knows limits under which nothing was lent any more: they read keys anew much sooner."""
_SHARE: Final = 8
_WORTH: Final = 256
_WORTH_OF_A_RATE: Final = 64  # what a loan's end leaves unspent is lost
_OF_RATES: Final = ("requests_room", "tokens_room", "rates_until")

Item = Mapping[str, Any]
Place = tuple[ScopeKind, str]


@dataclass(slots=True)
class _Scope:
    strikes: int = 0
    struck_at: float = 0.0
    hot_until: float = 0.0


class Heat:
    """Which shard this environment uses of a scope. `most` scopes are remembered."""

    def __init__(self, clock: Clock, environment_id: str, most: int = 2000) -> None:
        self._clock = clock
        self._shard = 1 + zlib.crc32(environment_id.encode()) % (SHARDS - 1)
        self._most = most
        self._scopes: dict[Place, _Scope] = {}

    def shard(self, place: Place) -> int:
        """0 unless the scope is hot."""
        known = self._scopes.get(place)
        return self._shard if known and self._clock.monotonic() < known.hot_until else 0

    def strike(self, place: Place, throttled: bool = False) -> None:
        """A conflict on the scope's item, or a throttle, which weighs more. The first sends the environment away for half a minute (a thousand new
        ones that each insisted would keep the item closed), more within a minute for some minutes; not all for as long."""
        now = self._clock.monotonic()
        if place not in self._scopes and len(self._scopes) >= self._most:
            self._scopes.pop(next(iter(self._scopes)))
        known = self._scopes.setdefault(place, _Scope())
        known.strikes = (known.strikes if now - known.struck_at < STRIKE_S else 0) + (STRIKES if throttled else 1)
        known.struck_at = now
        lasts = HOT_S if known.strikes >= STRIKES else WARM_S
        known.hot_until = max(known.hot_until, now + lasts * (1 + self._clock.entropy(1)[0] / 255))


def lend(table: str, scope: Scope, ask: Ask, items: tuple[Item, int, Item], now_ns: int) -> list[Update] | None:
    """Move room for this request and some more from shard 0 to a shard. `items`: shard 0's, the shard, and its item as they were read.

    None when shard 0 has not even enough for the request. Both writes are refused when the items have changed too much meanwhile.
    """
    main, shard, other = items
    limits = under(scope.limits)
    source, target = Terms(), Terms()
    fresh = int(other.get(lent_under("rates_until", limits), 0)) >= now_ns
    old = _old(other, limits, now_ns)
    gone: dict[str, int] = {name: 0 for name, void in old.items() if void}
    new: dict[str, int] = {}
    for amount in amounts(scope, ask, now_ns):
        if not amount.lacks(other, shard, now_ns):
            continue
        back = {name: units for name, units in amount.rooms(other, now_ns).items() if name in old}
        gained = sum(back.values())
        least = amount.needed - min(0, amount.lent(other, now_ns))
        units = _portion(amount, least, amount.free(main, now_ns) + gained)
        if units == 0:
            return None
        _draw(source, amount, units - gained, main, now_ns)
        gone |= back
        if not amount.is_rate or fresh:
            target.add(amount.room, units)
        else:
            new[amount.room] = units
    if not target.changes and not new:
        return []
    if any(amount.is_rate for amount in amounts(scope, ask, now_ns)):
        _date(target, other, new, limits, now_ns)
    for name in gone:
        target.remove(name)
        target.equals(name, other[name])
    target.set(lent_under("loan", limits), now_ns // 1_000_000)
    source.set(lent_name(shard), now_ns // 1_000_000)
    for terms in (source, target):
        _keep(terms, scope, now_ns)
    keys = [counters_key(scope.kind, scope.id, number) for number in (0, shard)]
    return [source.sure(table, keys[0]), target.sure(table, keys[1])]


def _portion(amount: Amount, least: int, free: int) -> int:
    """How much to lend: an eighth of what is free, some requests' worth at most, this request's at least; 0 when there is not enough."""
    worth = amount.needed * (_WORTH_OF_A_RATE if amount.is_rate else _WORTH)
    return 0 if free < least else max(least, min(free // _SHARE, worth))


def _draw(source: Terms, amount: Amount, units: int, main: Item, now_ns: int) -> None:
    if amount.is_rate:
        take(source, replace(amount, needed=units), int(main.get(amount.attribute, 0)), now_ns)
    else:
        source.at_most(amount.attribute, amount.limit - units)
        source.add(amount.attribute, units)


def _date(target: Terms, other: Item, new: Mapping[str, int], limits: str, now_ns: int) -> None:
    """A loan runs from its first part. Whoever finds another date than was read would add to what is void, or void what was added."""
    until = lent_under("rates_until", limits)
    read = other.get(until)
    if read is None:
        target.absent(until)
    else:
        target.equals(until, read)
    if new:
        target.set(until, now_ns + LOAN_NS)
        for name in ("requests_room", "tokens_room"):
            room = lent_under(name, limits)
            target.set(room, new.get(room, 0))


def _old(other: Item, limits: str, now_ns: int) -> dict[str, bool]:
    """Of what other limits left on a shard: what a loan may take back with it, and whether it is void or nothing by now, so that it just goes.

    Room is left alone while environments may still know the limits it was lent under, or old and new would take it from one another all the
    time; what is owed is paid at once.
    """
    found: dict[str, bool] = {}
    for name, under_others in left_over(other, limits).items():
        known = now_ns // 1_000_000 - int(other.get(lent_under("loan", under_others), 0)) < KNOWN_MS
        if name.startswith(_OF_RATES):
            if int(other.get(lent_under("rates_until", under_others), 0)) < now_ns:
                found[name] = True
        elif not known or int(other[name]) < 0:
            found[name] = int(other[name]) == 0 or name.startswith("loan_")
    return found


def _keep(terms: Terms, scope: Scope, now_ns: int) -> None:
    ttl = keep_until(any(budget.period == "total" for budget in scope.limits.budgets), now_ns // 1_000_000)
    if ttl is None:
        terms.remove("ttl")
    else:
        terms.set("ttl", ttl)


def gather(table: str, scope: Scope, ask: Ask, items: Sequence[Item], now_ns: int) -> tuple[Held, list[Update]] | None:
    """Admit on shard 0 with all that the shards have left: what is held, and the writes for the admission's transaction.

    None when all of it together is not enough. `items` are the scope's, strongly consistent; the writes are refused when they have changed.
    """
    main = main_item(items)
    shards = [item for item in items if shard_of(item)]
    source = Terms()
    back: dict[int, Terms] = {shard_of(item): Terms() for item in shards}
    for amount in amounts(scope, ask, now_ns):
        rooms = {shard_of(item): amount.rooms(item, now_ns) for item in shards}
        if not _drawn(source, amount, _all(rooms.values()), main, now_ns):
            return None
        for shard, found in rooms.items():
            for name, room in found.items():
                back[shard].between(name, room)
                back[shard].add(name, -room)
    held, _ = reserve(table, scope, ask, now_ns, (0, main))
    hold_and_keep(source, scope, held, now_ns)
    if (
        not source.changes
    ):  # what is gathered is what is needed: others may have taken more under a higher cap meanwhile
        _keep(source, scope, now_ns)
    place = (scope.kind, scope.id)
    updates = [source.update(table, counters_key(*place)) if source.changes else None]
    updates += [terms.update(table, counters_key(*place, shard)) for shard, terms in back.items()]
    return held, [update for update in updates if update is not None]


def short_of(scope: Scope, ask: Ask, items: Sequence[Item], now_ns: int) -> tuple[Amount, ...]:
    """The limits for which not even all shards together have room."""
    shards = [item for item in items if shard_of(item)]
    main = main_item(items)
    needs = amounts(scope, ask, now_ns)
    return tuple(
        amount
        for amount in needs
        if amount.needed > amount.limit
        or not _drawn(Terms(), amount, _all(amount.rooms(item, now_ns) for item in shards), main, now_ns)
    )


def _all(rooms: Iterable[Mapping[str, int]]) -> int:
    return sum(sum(some.values()) for some in rooms)


def _drawn(source: Terms, amount: Amount, gathered: int, main: Item, now_ns: int) -> bool:
    """Take an amount from shard 0 after putting back what was gathered; False when that is not enough."""
    stored = int(main.get(amount.attribute, 0))
    if not amount.is_rate:
        source.at_most(amount.attribute, amount.limit - amount.needed + gathered)
        source.add(amount.attribute, amount.needed - gathered)
        return stored - gathered + amount.needed <= amount.limit
    bucket = Bucket(amount.limit)
    tat = max(bucket.level(stored, now_ns) - gathered * bucket.cost, now_ns)
    if amount.attribute in main:
        source.equals(amount.attribute, stored)
    else:
        source.absent(amount.attribute)
    source.set(amount.attribute, bucket.take(tat, amount.needed, now_ns))
    return bucket.allows(tat, amount.needed, now_ns)
