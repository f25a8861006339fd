"""Embeddings in one byte per dimension, and the cosine of two.

A vector is scaled so that its largest component is 127. The cosine of two such differs from the exact one by less than 0.004 for vectors of 256
dimensions and more (tests/caching/test_vectors.py), and needs no floating-point library: a bucket of 50 candidates takes a few milliseconds.
"""

from __future__ import annotations

import math
import struct
from array import array
from collections.abc import Sequence
from operator import mul
from typing import Final

MOST_DIMENSIONS: Final = 4_096
_LARGEST: Final = 127


def packed(vector: Sequence[float]) -> bytes:
    """The bytes of a vector; ValueError when it has no direction, or is not one of finite numbers."""
    largest = max((abs(value) for value in vector), default=0.0)
    if not 0 < largest < math.inf or len(vector) > MOST_DIMENSIONS or any(value != value for value in vector):
        raise ValueError("not a vector with a direction")
    return struct.pack(f"{len(vector)}b", *(round(value / largest * _LARGEST) for value in vector))


def cosine(one: bytes, other: bytes) -> float:
    """How alike two vectors are, -1 to 1; 0 for vectors of two kinds."""
    if len(one) != len(other):
        return 0.0
    first, second = array("b", one), array("b", other)
    product = sum(map(mul, first, second))
    size = math.sqrt(sum(map(mul, first, first)) * sum(map(mul, second, second)))
    return product / size if size else 0.0
