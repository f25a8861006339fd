"""The circuit breaker of a target: when calling it is pointless, and how it is found out that it is not (pure).

Theory of operation::

    closed ──(≥ 5 bad calls within 60 s, and at least half of the calls bad;
              or ≥ 20 bad calls in the last ten to twenty seconds, nine of ten)──▶ open for 30 s
    open ──(its time is over)──▶ half-open: one caller in the whole fleet holds the lease of the probe
    half-open ──(the probe succeeds)──▶ closed
    half-open ──(the probe fails)──▶ open for twice as long, at most 300 s

The second rule is for busy targets: of a hundred calls a second it takes half a minute until half of a minute's calls are bad. It looks at two slots,
because good calls are written up to ten seconds later than bad ones.

Calls are counted in slots of ten seconds. Slots have absolute numbers, so nothing has to be reset when time goes on: writers only add, and a
window is the sum of the last seven slots (60 to 70 s; bad calls within 60 s always count together). Calls from before the breaker closed do
not count again: `since_ms`. While it is not closed, bad calls change nothing but the figures; only the probe decides.
A lease ends by itself after 60 s, so that a caller that vanishes does not keep the target shut.

All times are Unix milliseconds of whoever writes. With clocks that differ by d, an open breaker lasts up to d longer or shorter for the others,
a lease up to 2d shorter (a second probe may then begin before a slow first one ended), and a window is shifted by d: nothing stays shut.
The pattern: https://learn.microsoft.com/azure/architecture/patterns/circuit-breaker
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final, Literal

State = Literal["closed", "open", "half_open"]

SLOT_MS: Final = 10_000
SLOTS: Final = 7
MIN_BAD: Final = 5
BAD_SHARE: Final = 0.5
FAST_BAD: Final = 20
FAST_SHARE: Final = 0.9
OPEN_MS: Final = 30_000
OPEN_MOST_MS: Final = 300_000
LEASE_MS: Final = 60_000


@dataclass(frozen=True, slots=True)
class Breaker:
    """`until_ms` 0 = closed. `opens`: how often it opened since it was last closed. `since_ms`: calls before it do not count.

    `probe_owner` may make the one call that a half-open breaker lets through, until `probe_until_ms`.
    """

    until_ms: int = 0
    opens: int = 0
    since_ms: int = 0
    probe_owner: str | None = None
    probe_until_ms: int = 0


@dataclass(frozen=True, slots=True)
class Tally:
    """Calls of a window, and those of its last two slots."""

    ok: int = 0
    bad: int = 0
    late_ok: int = 0
    late_bad: int = 0


def slot_of(at_ms: int) -> int:
    """The number of the slot that a call of this time counts in."""
    return at_ms // SLOT_MS


def tally(slots: Iterable[tuple[int, int, int]], since_ms: int, now_ms: int) -> Tally:
    """The calls that count now, of (slot, ok, bad). Slots ahead of `now_ms` were written by a clock that is ahead, and count."""
    now = slot_of(now_ms)
    first = max(now - SLOTS + 1, slot_of(since_ms))
    counted = [(ok, bad, slot >= now - 1) for slot, ok, bad in slots if slot >= first]
    return Tally(
        sum(ok for ok, _, _ in counted),
        sum(bad for _, bad, _ in counted),
        sum(ok for ok, _, late in counted if late),
        sum(bad for _, bad, late in counted if late),
    )


def trips(found: Tally) -> bool:
    """Whether a closed breaker opens."""
    slow = found.bad >= MIN_BAD and found.bad >= BAD_SHARE * (found.ok + found.bad)
    return slow or (found.late_bad >= FAST_BAD and found.late_bad >= FAST_SHARE * (found.late_ok + found.late_bad))


def state(until_ms: int, now_ms: int) -> State:
    """What `open_until_ms` of a target means now."""
    if until_ms == 0:
        return "closed"
    return "open" if now_ms < until_ms else "half_open"


def open_ms(opens: int) -> int:
    """How long it stays open the `opens`-th time in a row (1, 2, …)."""
    return int(min(OPEN_MOST_MS, OPEN_MS << min(max(opens, 1) - 1, 16)))


def opened(before: Breaker, now_ms: int) -> Breaker:
    """A closed breaker that opens, or one whose probe failed."""
    opens = before.opens + 1
    return Breaker(now_ms + open_ms(opens), opens, before.since_ms)


def closed(now_ms: int) -> Breaker:
    """After a probe that succeeded: calls from now on count."""
    return Breaker(since_ms=now_ms)


def closed_by_hand(now_ms: int) -> Breaker:
    """Closed by an administrator, perhaps right after the calls that opened it: counting begins with the next slot."""
    return Breaker(since_ms=(slot_of(now_ms) + 1) * SLOT_MS)


def leasable(breaker: Breaker, owner: str, now_ms: int) -> bool:
    """Whether `owner` may have the probe. The owner of a lease may ask again: its first answer may have been lost."""
    taken = breaker.probe_owner is not None and now_ms < breaker.probe_until_ms
    return state(breaker.until_ms, now_ms) == "half_open" and (not taken or breaker.probe_owner == owner)


def leased(breaker: Breaker, owner: str, now_ms: int) -> Breaker:
    """With the probe given to `owner`."""
    return replace(breaker, probe_owner=owner, probe_until_ms=now_ms + LEASE_MS)


def released(breaker: Breaker) -> Breaker:
    """With the probe given back: it told nothing."""
    return replace(breaker, probe_owner=None, probe_until_ms=0)
