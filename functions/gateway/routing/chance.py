"""Chance without a source of chance: numbers that look random and follow from a seed, the same in every process and version of Python."""

from __future__ import annotations

import hashlib
from math import inf, log
from typing import Final

_MASK: Final = (1 << 64) - 1
_WAITS: Final = 0x57A1_7500_0000_0000  # keeps waits apart from what the plan drew


def digest(text: str) -> int:
    """64 bits that stand for a text. Unlike `hash` they are the same everywhere."""
    return int.from_bytes(hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big")


def draw(seed: int, salt: int) -> float:
    """A number above 0 and below 1. Draws of one seed for different salts (see `digest`) are independent of each other.

    The mixing is the finalizer of SplitMix64, https://doi.org/10.1145/2660193.2660195, which spreads neighbouring seeds well.
    """
    z = (seed ^ salt) & _MASK
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & _MASK
    return (((z ^ (z >> 31)) >> 11) + 0.5) / (1 << 53)


def race(seed: int, salt: int, weight: float) -> float:
    """A finishing time; the lower, the earlier. Who of several wins, and who of the rest comes next, has the odds of the weights.

    With the seed of a request that is a random order without replacement (https://doi.org/10.1016/j.ipl.2005.11.003); with the digest of a
    name that always comes again it is weighted rendezvous hashing: when one leaves, only what it had moves. Without weight nobody arrives.
    """
    return -log(draw(seed, salt)) / weight if weight > 0 else inf


class Waits:
    """Chance for the waits of one request, out of the seed of its plan: `gateway.routing.attempts.Chance`."""

    def __init__(self, seed: int) -> None:
        self._seed = seed ^ _WAITS
        self._drawn = 0

    def uniform(self, a: float, b: float, /) -> float:
        """A number between a and b, all equally likely, another one each time."""
        self._drawn += 1
        return a + (b - a) * draw(self._seed, self._drawn)
