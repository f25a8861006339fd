"""Writes what an environment saw to the shared state, and takes the store's word for what became of it.

Of many environments that see the same, one opens the breaker, and one gets its probe: the others' conditions fail, and the item that comes
with the refusal tells them the new state. What the store did not take stays with the memory and goes with a later flush.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Hashable, Mapping, Sequence
from typing import Any, Final, TypeVar

from gateway.aws.attributes import NotStorable
from gateway.aws.dynamodb import DynamoDB, Update
from gateway.aws.faults import ConditionFailed, Rejected
from gateway.clock import Clock
from gateway.routing import breaker as rules
from gateway.routing.breaker import LEASE_MS, SLOTS
from gateway.stores import health_updates as updates
from gateway.stores.health_items import SLOTS_PER_BUCKET, Target, answers_key, bucket_of
from gateway.stores.health_memory import Memory
from gateway.stores.health_overlay import KeyFacts

_LOG: Final = logging.getLogger("gateway")
_ROUNDS: Final = 3
_AT_ONCE: Final = 50

N = TypeVar("N", bound=Hashable)


class HealthWriter:
    """Faults: AwsFault, or TimeoutError after twice `patience` seconds, of the first write that the store did not take; the writes after it
    were not tried."""

    def __init__(self, database: DynamoDB, table: str, clock: Clock, memory: Memory, patience: float) -> None:
        self._patience = 2 * patience  # nobody waits for a flush
        self._database = database
        self._table = table
        self._clock = clock
        self._memory = memory

    async def flush(self) -> bool:
        """Write what is due, the rest with the next flush. Whether anything was."""
        memory = self._memory
        settled = await self._each(list(memory.outcomes), self._settle, memory.outcomes)
        keys = [*memory.facts.sent, *memory.facts.waiting]  # one in doubt first, then what came since
        noted = await self._each(keys, self._note, memory.facts.sent)
        counted = await self._each(memory.due(), self._count, memory.calls.sent)
        judged = await self._each(list(memory.suspects), self._judge, memory.suspects)
        return settled or noted or counted or judged

    async def _each(self, names: Sequence[N], write: Callable[[N], Awaitable[None]], kept: dict[N, Any]) -> bool:
        """One after the other. What the store will never take is dropped: it would keep everything behind it waiting."""
        for name in names[:_AT_ONCE]:
            try:
                await write(name)
            except (NotStorable, Rejected) as refused:
                kept.pop(name, None)
                _LOG.error("An observation of upstream health cannot be stored: %s", refused)
        return bool(names)

    async def _change(self, update: Update) -> Mapping[str, Any] | None:
        async with asyncio.timeout(self._patience):
            return await self._database.update_item(update, returns="ALL_NEW", idempotent=True)

    async def lease(self, target: Target, owner: str) -> bool:
        """Whether `owner` gets the probe; AwsFault when the store cannot say."""
        now = self._clock.now_ms()
        try:
            item = await self._change(updates.lease(self._table, target, owner, now, now + LEASE_MS))
        except ConditionFailed as refused:
            item = refused.item
            won = False
        else:
            won = True
            self._memory.outcomes.pop(target, None)  # what an earlier call of this owner told must not end the lease
        self._memory.learn_breaker(target, item, passing=not won)
        self._memory.confirm(target, self._memory.own.get(target))
        return won

    async def _settle(self, target: Target) -> None:
        outcome = self._memory.outcomes[target]
        try:
            item = await self._change(
                updates.settle(self._table, target, outcome.owner, outcome.after, self._clock.now_ms())
            )
        except ConditionFailed as refused:  # the lease had ended, and another probe or an administrator decided
            item = refused.item
        self._memory.learn_breaker(target, item)
        self._memory.confirm(target, outcome.after)
        if self._memory.outcomes.get(target) is outcome:
            del self._memory.outcomes[target]

    async def _judge(self, target: Target) -> None:
        """Open the breaker if the calls of all environments say so."""
        now, memory = self._clock.now_ms(), self._memory
        for bucket in _neighbours(now):
            memory.learn(await self._database.get_item(self._table, answers_key(target, bucket), consistent=True))
        for _ in range(_ROUNDS):
            stored = memory.stored(target)
            if stored.until_ms or not rules.trips(memory.tally(target, now)):
                break
            after = rules.opened(stored, now)
            try:
                item = await self._change(updates.open_(self._table, target, after, memory.fault(target), now))
            except ConditionFailed as refused:  # open already, or closed later than was known
                item = refused.item
            memory.learn_breaker(target, item)
        memory.confirm(target, memory.suspects.pop(target))

    async def _count(self, name: tuple[int, Target]) -> None:
        batch = self._memory.calls.send(name)
        if batch is None:
            return
        batch.mark = batch.mark or self._mark()
        bucket, target = name
        try:
            item = await self._change(updates.count(self._table, target, bucket, batch, batch.mark))
        except ConditionFailed as known:  # the batch had arrived; only the answer was lost
            item = known.item
        self._memory.counted(name, item)

    async def _note(self, key_id: str) -> None:
        facts = self._memory.facts.send(key_id)
        if facts is None:
            return
        facts.mark = facts.mark or self._mark()
        for name in ("cooling_until_ms", "dead_until_ms"):
            if getattr(facts, name) > self._clock.now_ms():
                await self._limit(facts, {name: getattr(facts, name)})
            setattr(facts, name, 0)
        if not facts.tokens or await self._use(facts):
            self._memory.noted(key_id)

    async def _limit(self, facts: KeyFacts, until: dict[str, int]) -> None:
        for make in (updates.limit_key, updates.replace_key) * _ROUNDS:
            try:
                item = await self._change(make(self._table, facts.key, until, facts.reason, self._clock.now_ms()))
            except ConditionFailed as refused:
                self._memory.learn(refused.item)
                same = refused.item is not None and refused.item.get("stamp") == facts.key.stamp
                if make is updates.limit_key and same:
                    return  # what is stored lasts longer
            else:
                self._memory.learn(item)
                return

    async def _use(self, facts: KeyFacts) -> bool:
        """Add tokens to the window that runs, or begin one. False: others changed it each time; it stays for the next flush."""
        for make in (updates.use, updates.begin_use) * _ROUNDS:
            try:
                item = await self._change(make(self._table, facts.key, facts.tokens, facts.mark, self._clock.now_ms()))
            except ConditionFailed as refused:
                if refused.item is None or refused.item.get("mark") != facts.mark:
                    continue
                item = refused.item  # it had arrived; only the answer was lost
            self._memory.learn(item)
            return True
        return False

    def _mark(self) -> str:
        return self._clock.entropy(8).hex()


def _neighbours(now_ms: int) -> list[int]:
    """Other buckets that the window reaches into: the one before, or, by clocks that are ahead, the one to come."""
    place = rules.slot_of(now_ms) % SLOTS_PER_BUCKET
    if place < SLOTS - 1:
        return [bucket_of(now_ms) - 1]
    return [bucket_of(now_ms) + 1] if place == SLOTS_PER_BUCKET - 1 else []
