"""Time and identifiers, injected everywhere so that tests own them.

Identifiers are UUIDv7-shaped (RFC 9562 §5.7): 48 bits of Unix milliseconds first, then 74 random bits, so that they sort by
time and the log store can find a row's partition from its id alone.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import dataclass


def _uuid7_hex(milliseconds: int, random: bytes) -> str:
    """32 lower-case hex digits: time, version 7, variant 10, random."""
    tail = int.from_bytes(random, "big")
    value = (milliseconds & 0xFFFF_FFFF_FFFF) << 80
    value |= 0x7 << 76 | (tail >> 62 & 0xFFF) << 64
    value |= 0b10 << 62 | tail & 0x3FFF_FFFF_FFFF_FFFF
    return f"{value:032x}"


@dataclass(frozen=True, slots=True)
class Moment:
    """A point in time on both clocks, in seconds."""

    monotonic: float
    wall: float


@dataclass(frozen=True, slots=True)
class Clock:
    """`wall` is Unix seconds (float), `monotonic` seconds from any origin, `entropy(n)` n random bytes."""

    wall: Callable[[], float] = time.time
    monotonic: Callable[[], float] = time.monotonic
    entropy: Callable[[int], bytes] = os.urandom

    def moment(self) -> Moment:
        """Now, to ask for its `age` later."""
        return Moment(self.monotonic(), self.wall())

    def age(self, since: Moment) -> float:
        """Seconds since a moment: the larger of what the two clocks say.

        A frozen environment's monotonic clock may have stood still, a wall clock may have been put back; what decides how long a key is
        trusted must err towards too old.
        """
        return max(self.monotonic() - since.monotonic, self.wall() - since.wall)

    def now_ms(self) -> int:
        """Unix time in whole milliseconds."""
        return int(self.wall() * 1000)

    def new_id(self, prefix: str) -> str:
        """A fresh identifier such as `req_0199…` (prefix, underscore, 32 hex digits)."""
        return f"{prefix}_{_uuid7_hex(self.now_ms(), self.entropy(10))}"


def id_time_ms(identifier: str) -> int:
    """Unix milliseconds inside an identifier made by `Clock.new_id`; ValueError when it is not one."""
    _, _, digits = identifier.rpartition("_")
    if len(digits) != 32:
        raise ValueError(f"not an identifier: {identifier[:64]!r}")
    return int(digits[:12], 16)
