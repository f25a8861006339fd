"""Embeddings in a byte per dimension: the cosine stays what it was, and what is no direction is refused."""

from __future__ import annotations

import math
import random

import pytest

from gateway.caching.vectors import MOST_DIMENSIONS, cosine, packed


def _exact(one: list[float], other: list[float]) -> float:
    product = sum(a * b for a, b in zip(one, other, strict=True))
    return product / math.sqrt(sum(a * a for a in one) * sum(b * b for b in other))


@pytest.mark.parametrize("dimensions", [256, 1536])
def test_the_cosine_differs_by_less_than_four_thousandths(dimensions: int) -> None:
    dice = random.Random(dimensions)
    worst = 0.0
    for _ in range(60):
        one = [dice.gauss(0, 1) for _ in range(dimensions)]
        near = dice.choice([0.05, 0.3, 1.0, 5.0])
        other = [value + dice.gauss(0, near) for value in one]
        worst = max(worst, abs(cosine(packed(one), packed(other)) - _exact(one, other)))
    print(f"\n{dimensions} dimensions: worst difference {worst:.5f}")
    assert worst < 0.004


def test_scale_says_nothing_and_opposites_are_far() -> None:
    one = [0.5, -0.25, 1e-9, 0.125]
    assert cosine(packed(one), packed([value * 1e6 for value in one])) == pytest.approx(1)
    assert cosine(packed(one), packed([-value for value in one])) == pytest.approx(-1)


def test_vectors_of_two_kinds_are_not_alike() -> None:
    assert cosine(packed([1.0] * 8), packed([1.0] * 9)) == 0.0
    assert cosine(b"", b"") == 0.0
    assert cosine(bytes(8), bytes(8)) == 0.0


@pytest.mark.parametrize(
    "vector", [[], [0.0, 0.0], [math.nan, 1.0], [1.0, math.nan], [math.inf, 1.0], [1.0] * (MOST_DIMENSIONS + 1)]
)
def test_what_has_no_direction_is_refused(vector: list[float]) -> None:
    with pytest.raises(ValueError, match="direction"):
        packed(vector)


@pytest.mark.parametrize("vector", [["1"], [None], [True, [1.0]]])
def test_what_are_no_numbers_are_refused(vector: list[object]) -> None:
    with pytest.raises((TypeError, ValueError)):
        packed(vector)  # type: ignore[arg-type]
