"""What this environment saw and has not written yet: batches of calls by target and five minutes, outcomes of probes, facts about keys.

A batch is *waiting* while observations are added, then *sent*: it keeps its mark until the store is known to have it, so that sending it again
does not count it twice. At most `MOST` batches are kept; the oldest go first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Final, Generic, TypeVar

from gateway.neutral.config import UpstreamKey
from gateway.neutral.health import KeyHealth, KeySeen, TargetSeen
from gateway.rollups.sketch import bin_of
from gateway.routing.breaker import SLOT_MS, Breaker
from gateway.stores.health_items import BUCKET_MS, QUOTA_MS, Answers, Target

MOST: Final = 1000

N = TypeVar("N")
B = TypeVar("B")


@dataclass(slots=True)
class Calls(Answers):
    """A batch of calls. `urgent`: others must know soon."""

    urgent: bool = False
    mark: str = ""


@dataclass(slots=True)
class Outcome:
    """What a probe makes of its breaker."""

    owner: str
    after: Breaker


@dataclass(slots=True)
class KeyFacts:
    """What was seen of a key."""

    key: UpstreamKey
    cooling_until_ms: int = 0
    dead_until_ms: int = 0
    reason: str | None = None
    tokens: int = 0
    mark: str = ""


@dataclass(slots=True)
class Batches(Generic[N, B]):
    """Batches by name; `waiting` grow, `sent` are on their way or in doubt."""

    waiting: dict[N, B] = field(default_factory=dict)
    sent: dict[N, B] = field(default_factory=dict)

    def grow(self, name: N, fresh: Callable[[], B]) -> B:
        """The waiting batch of a name."""
        found = self.waiting.get(name)
        if found is None:
            if len(self.waiting) >= MOST:
                del self.waiting[next(iter(self.waiting))]
            found = self.waiting[name] = fresh()
        return found

    def send(self, name: N) -> B | None:
        """The batch to send now: the one in doubt before the one that grew since."""
        if name not in self.sent and name in self.waiting:
            if len(self.sent) >= MOST:
                del self.sent[next(iter(self.sent))]
            self.sent[name] = self.waiting.pop(name)
        return self.sent.get(name)

    def of(self, name: N) -> Iterator[B]:
        """What is kept under a name."""
        for kept in (self.sent, self.waiting):
            if name in kept:
                yield kept[name]


def add_call(batches: Batches[tuple[int, Target], Calls], seen: TargetSeen) -> Calls:
    """Count a call whose `ok` is known; the batch it is in."""
    batch = batches.grow((seen.at_ms // BUCKET_MS, (seen.provider, seen.model)), Calls)
    slot = batch.slots.setdefault(seen.at_ms // SLOT_MS, [0, 0])
    slot[not seen.ok] += 1
    if seen.first_ms is not None:
        index = bin_of(seen.first_ms)
        batch.bins[index] = batch.bins.get(index, 0) + 1
    if not seen.ok:
        batch.fault, batch.fault_ms = seen.fault, seen.at_ms
    return batch


def add_fact(batches: Batches[str, KeyFacts], seen: KeySeen) -> None:
    """Remember what was seen of a key. Of another credential than before, only the use of the account goes on."""
    facts = batches.grow(seen.key.id, lambda: KeyFacts(seen.key))
    if facts.key.stamp != seen.key.stamp:
        facts.key, facts.cooling_until_ms, facts.dead_until_ms, facts.reason = seen.key, 0, 0, None
    facts.cooling_until_ms = max(facts.cooling_until_ms, seen.cooling_until_ms)
    facts.dead_until_ms = max(facts.dead_until_ms, seen.dead_until_ms)
    facts.reason = seen.reason or facts.reason
    facts.tokens += seen.tokens if seen.key.daily_quota else 0


def with_facts(known: KeyHealth, facts: KeyFacts, now_ms: int) -> KeyHealth:
    """What is known of a key, with what was seen of it."""
    used, ends, stamp = known.used(now_ms) + facts.tokens, known.window_ends_ms, known.stamp
    if facts.tokens and ends <= now_ms:
        ends = now_ms + QUOTA_MS
    if not (facts.cooling_until_ms or facts.dead_until_ms):
        return KeyHealth(stamp, known.cooling_until_ms, known.dead_until_ms, known.reason, used, ends)
    same = stamp in {"", facts.key.stamp}
    cooling = max(facts.cooling_until_ms, known.cooling_until_ms if same else 0)
    dead = max(facts.dead_until_ms, known.dead_until_ms if same else 0)
    return KeyHealth(facts.key.stamp, cooling, dead, facts.reason, used, ends)
