"""What one environment knows of targets and keys: the items it read or wrote last, under what it saw itself. No I/O; nothing here waits."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from gateway.clock import Clock, Moment
from gateway.neutral.health import Health, KeyHealth, KeySeen, TargetHealth, TargetSeen
from gateway.routing import breaker as rules
from gateway.routing.breaker import LEASE_MS, Breaker, Tally
from gateway.stores.health_items import Answers, Known, Target, bucket_of, read_items, take_item, target_health
from gateway.stores.health_overlay import MOST, Batches, Calls, KeyFacts, Outcome, add_call, add_fact, with_facts

FOLD_SECONDS: Final = 10.0
# Clients may name models that nobody configured (`provider/model`), as many as they like. Beyond so many targets those are not remembered.
MOST_TARGETS: Final = 100
_TRUST_SECONDS: Final = 5.0
_NO_KEY: Final = KeyHealth()


class Memory:
    """`out`: the store cannot be reached. `own` holds breakers as this environment sees them until the store has said its word.

    `suspects` are targets with written faults whose breaker was not judged yet, and what `own` held of them.
    """

    def __init__(self, clock: Clock) -> None:
        self.calls: Batches[tuple[int, Target], Calls] = Batches()
        self.facts: Batches[str, KeyFacts] = Batches()
        self.outcomes: dict[Target, Outcome] = {}
        self.suspects: dict[Target, Breaker | None] = {}
        self.own: dict[Target, Breaker] = {}
        self.out = False
        self._clock = clock
        self._known = Known()
        self._learned: dict[Target | str, Moment] = {}
        self._written: dict[Target, Moment] = {}
        self._view: Health | None = None
        self._taken_ms = 0
        self._changed: set[Target | str] = set()

    def saw(self, seen: TargetSeen | KeySeen) -> None:
        """See `HealthBoard.saw`."""
        if isinstance(seen, KeySeen):
            if not ((seen.tokens and seen.key.daily_quota) or seen.cooling_until_ms or seen.dead_until_ms):
                return
            add_fact(self.facts, seen)
            self._changed.add(seen.key.id)
            return
        target = (seen.provider, seen.model)
        if seen.ok is None and seen.probe is None:
            return
        if not seen.configured and not self._has_room(target):
            return
        self._changed.add(target)
        if seen.probe is not None:
            self._saw_probe(target, seen.probe, seen)
        if seen.ok is None:
            return
        batch = add_call(self.calls, seen)
        if not seen.ok:
            self._suspect(target, batch, seen.at_ms)

    def _has_room(self, target: Target) -> bool:
        """Whether a target that a client named is remembered: as long as there are few of them, and if it is already."""
        known = {
            *self._known.answers,
            *self._known.breakers,
            *(name[1] for name in (*self.calls.sent, *self.calls.waiting)),
        }
        return target in known or len(known) < MOST_TARGETS

    def _saw_probe(self, target: Target, owner: str, seen: TargetSeen) -> None:
        before = self.breaker(target, seen.at_ms)
        after = rules.released(before)
        if seen.ok is not None:
            after = rules.closed(seen.at_ms) if seen.ok else rules.opened(before, seen.at_ms)
        if before.probe_owner == owner:
            self.own[target] = after
        if len(self.outcomes) < MOST:
            self.outcomes[target] = Outcome(owner, after)

    def _suspect(self, target: Target, batch: Calls, at_ms: int) -> None:
        breaker = self.breaker(target, at_ms)
        if breaker.until_ms:
            return
        batch.urgent = True
        if rules.trips(self._tally(self._parts(target, at_ms), breaker.since_ms, at_ms)):
            self.own[target] = rules.opened(breaker, at_ms)

    def reach(self, out: bool) -> None:
        """Whether the store can be reached; breakers that nobody can probe are shown otherwise."""
        if out != self.out:
            self.out, self._view = out, None

    def breaker(self, target: Target, now_ms: int) -> Breaker:
        """A breaker, as this environment goes by it."""
        found = self.own.get(target) or self.stored(target)
        if self.out and 0 < found.until_ms <= now_ms - LEASE_MS:
            return Breaker(since_ms=found.until_ms + LEASE_MS)
        return found

    def stored(self, target: Target) -> Breaker:
        """A breaker, as the store had it last."""
        return self._known.breakers.get(target) or Breaker()

    def tally(self, target: Target, now_ms: int) -> Tally:
        """The calls of the window, as far as they are written."""
        parts = self._known.answers.get(target, {}).values()
        return self._tally(parts, self.stored(target).since_ms, now_ms)

    def fault(self, target: Target) -> tuple[str | None, int]:
        """The last fault that is written."""
        parts = self._known.answers.get(target, {}).values()
        return max(((part.fault, part.fault_ms) for part in parts), key=lambda pair: pair[1], default=(None, 0))

    @staticmethod
    def _tally(parts: Iterable[Answers], since_ms: int, now_ms: int) -> Tally:
        slots = ((slot, ok, bad) for part in parts for slot, (ok, bad) in part.slots.items())
        return rules.tally(slots, since_ms, now_ms)

    def _parts(self, target: Target, now_ms: int) -> Iterator[Answers]:
        """All calls of these and the last five minutes, written or not; clocks ahead may be in the next five."""
        buckets = self._known.answers.get(target, {})
        now = bucket_of(now_ms)
        for bucket in (now - 1, now, now + 1):
            if bucket in buckets:
                yield buckets[bucket]
            yield from self.calls.of((bucket, target))

    def replace(self, items: Iterable[Mapping[str, Any]], began: Moment) -> None:
        """Take a snapshot for what is known, but for what the store said itself just before it was asked for."""
        fresh = read_items(items)
        old = self._known
        for subject, moment in list(self._learned.items()):
            if began.monotonic - moment.monotonic >= _TRUST_SECONDS:
                del self._learned[subject]
            elif isinstance(subject, str):
                _carry(fresh.keys, old.keys, subject)
            else:
                _carry(fresh.breakers, old.breakers, subject)
                _carry(fresh.faults, old.faults, subject)
        self._known, self._view = fresh, None
        self._taken_ms = int(began.wall * 1000)

    def learn(self, item: Mapping[str, Any] | None) -> None:
        """An item as the store answered it to a write."""
        if item is None:
            return
        try:
            subject = take_item(self._known, item)
        except (KeyError, TypeError, ValueError):
            return
        if not str(item["sk"]).startswith("answers#"):
            self._learned[subject] = self._clock.moment()
        elif not isinstance(subject, str):
            self._forget_old(self._known.answers[subject])
        self._changed.add(subject)

    def _forget_old(self, buckets: dict[int, Answers]) -> None:
        for bucket in [bucket for bucket in buckets if bucket < bucket_of(self._clock.now_ms()) - 1]:
            del buckets[bucket]

    def learn_breaker(self, target: Target, item: Mapping[str, Any] | None, *, passing: bool = False) -> None:
        """A breaker's item as the store answered it; None: there is none, it is closed.

        `passing`: somebody else has the probe. That may be over at once, so the next Query counts, whenever it began: at worst an older one
        lets this environment ask for a lease that it does not get.
        """
        if item is None:
            self._known.breakers.pop(target, None)
            self._changed.add(target)
        self.learn(item)
        if passing:
            self._learned.pop(target, None)

    def probing(self, now_ms: int) -> bool:
        """Whether some breaker is half-open, so that it may be closed any moment."""
        return any(0 < breaker.until_ms <= now_ms for _, breaker in self._breakers())

    def confirm(self, target: Target, own: Breaker | None) -> None:
        """The store's word holds now instead of what this environment saw itself, unless it saw something newer since."""
        if self.own.get(target) is own and not self._unjudged(target):
            self.own.pop(target, None)
        self._changed.add(target)

    def _unjudged(self, target: Target) -> bool:
        """Whether faults are waiting that the store's word did not count yet: the next flush asks again, and until then they hold."""
        waits = any(batch.urgent and name[1] == target for name, batch in self.calls.waiting.items())
        return waits and not self.stored(target).until_ms

    def counted(self, name: tuple[int, Target], item: Mapping[str, Any] | None) -> None:
        """A batch of calls is written."""
        batch = self.calls.sent.pop(name)
        target = name[1]
        self.learn(item)
        self._changed.add(target)
        if len(self._written) >= MOST:
            self._written = {one: at for one, at in self._written.items() if self._clock.age(at) < FOLD_SECONDS}
        self._written[target] = self._clock.moment()
        if batch.urgent:
            self.suspects[target] = self.own.get(target)

    def noted(self, key_id: str) -> None:
        """All facts that were sent about a key are written."""
        self.facts.sent.pop(key_id, None)
        self._changed.add(key_id)

    def due(self) -> list[tuple[int, Target]]:
        """The batches of calls to write now, what others must know first. Those that nobody would read any more are dropped."""
        now = bucket_of(self._clock.now_ms())
        for batches in (self.calls.sent, self.calls.waiting):
            for name in [name for name in batches if name[0] < now - 1]:
                del batches[name]
        names = [name for name in (*self.calls.sent, *self.calls.waiting) if self._is_due(name)]
        return sorted(names, key=lambda name: not any(batch.urgent for batch in self.calls.of(name)))

    def _is_due(self, name: tuple[int, Target]) -> bool:
        if name in self.calls.sent or self.calls.waiting[name].urgent:
            return True
        written = self._written.get(name[1])
        return written is None or self._clock.age(written) >= FOLD_SECONDS

    def health(self) -> Health:
        """The snapshot, own observations included."""
        now_ms = self._clock.now_ms()
        if self.out:
            self._changed.update(target for target, breaker in self._breakers() if breaker.until_ms)
        if self._view is not None and not self._changed:
            return self._view
        targets: dict[Target, TargetHealth] = dict(self._view.targets) if self._view else {}
        keys: dict[str, KeyHealth] = dict(self._view.keys) if self._view else {}
        for subject in self._changed if self._view else self._subjects():
            if isinstance(subject, str):
                keys[subject] = self._key(subject, now_ms)
            else:
                targets[subject] = self._target(subject, now_ms)
        self._changed = set()
        self._view = Health(targets, keys, self._taken_ms)
        return self._view

    def _breakers(self) -> list[tuple[Target, Breaker]]:
        return [*self._known.breakers.items(), *self.own.items()]

    def _subjects(self) -> set[Target | str]:
        named = {target for _, target in (*self.calls.sent, *self.calls.waiting)}
        targets = {*self._known.answers, *self._known.breakers, *self.own, *named}
        return {*targets, *self._known.keys, *self.facts.sent, *self.facts.waiting}

    def _target(self, target: Target, now_ms: int) -> TargetHealth:
        opened_by = self._known.faults.get(target, (None, 0))
        return target_health(self._parts(target, now_ms), self.breaker(target, now_ms), opened_by)

    def _key(self, key_id: str, now_ms: int) -> KeyHealth:
        found = self._known.keys.get(key_id, _NO_KEY)
        for facts in self.facts.of(key_id):
            found = with_facts(found, facts, now_ms)
        return found


def _carry(fresh: dict[Any, Any], old: Mapping[Any, Any], subject: object) -> None:
    if subject in old:
        fresh[subject] = old[subject]
    else:
        fresh.pop(subject, None)
