"""Smooth weighted turns: everybody's share in every window, with no memory of the turns before."""

from __future__ import annotations

import random
from collections.abc import Sequence
from itertools import accumulate

import pytest

from gateway.routing.turns import Turns

HOSTILE = [
    (1, 1), (1, 2), (3, 1), (1000, 1), (1, 1, 1), (5, 1, 1), (70, 20, 10), (1000, 999, 1, 1), (1, 2, 3, 4, 5, 6, 7), (1000, *[1] * 49),
    (865, 1, 318, 245), (1, 50, 51, 102, 204), (1, 1, 2, 3, 5, 8, 13, 21, 34, 55, 89), (713, 606, 1, 2, 2, 541, 567, 694, 949, 9, 645),
]  # fmt: skip


def worst_window(weights: Sequence[int], turns: int, start: int = 0) -> float:
    """The most by which anybody's count in any window of these turns differs from its share: the range of its running difference."""
    picks = [Turns.order(_TURNS, tuple(weights), start + turn)[0] for turn in range(turns)]
    total, worst = sum(weights), 0.0
    for index, weight in enumerate(weights):
        ahead = list(accumulate(((pick == index) - weight / total for pick in picks), initial=0.0))
        worst = max(worst, max(ahead) - min(ahead))
    return worst


_TURNS = Turns()


@pytest.mark.parametrize("weights", HOSTILE, ids=str)
def test_every_window_holds_the_shares(weights: tuple[int, ...]) -> None:
    assert worst_window(weights, 3_000) < 2


def test_any_weights_hold_their_shares() -> None:
    chance = random.Random(4)
    for _ in range(12):
        most = chance.choice((3, 10, 100, 1000))
        assert worst_window([chance.randint(1, most) for _ in range(chance.randint(2, 12))], 1_000) < 2


def test_fifty_targets_hold_their_shares_far_into_the_count() -> None:
    chance = random.Random(5)
    weights = [chance.randint(1, 1000) for _ in range(50)]
    assert worst_window(weights, 1_000, start=10**15) < 2


def test_a_whole_cycle_is_exact() -> None:
    weights = (7, 1, 3, 5, 1)
    picks = [_TURNS.order(weights, turn)[0] for turn in range(1_000_017, 1_000_017 + 17)]
    assert [picks.count(index) for index in range(5)] == list(weights)


def test_equal_weights_rotate() -> None:
    assert [_TURNS.order((4, 4, 4), turn) for turn in range(4)] == [[0, 1, 2], [1, 2, 0], [2, 0, 1], [0, 1, 2]]


def test_everybody_is_in_the_order_once() -> None:
    chance = random.Random(6)
    for _ in range(300):
        weights = tuple(chance.randint(0, 5) for _ in range(chance.randint(0, 9)))
        assert sorted(_TURNS.order(weights, chance.randrange(10**6))) == list(range(len(weights)))


def test_weight_zero_comes_last() -> None:
    for turn in range(20):
        order = _TURNS.order((0, 3, 0, 1), turn)
        assert set(order[:2]) == {1, 3}
    assert {_TURNS.order((0, 0), turn)[0] for turn in range(2)} == {0, 1}


def test_what_is_remembered_changes_nothing() -> None:
    chance = random.Random(7)
    asked = [(tuple(chance.randint(1, 30) for _ in range(5)), chance.randrange(10**4)) for _ in range(600)]
    assert [_TURNS.order(*each) for each in asked] == [Turns().order(*each) for each in asked]


def test_after_the_first_those_in_arrears_come() -> None:
    """A heavy target that was not asked is asked before a light one that had its turn."""
    seconds = [_TURNS.order((6, 3, 1), turn)[1] for turn in range(1_000)]
    assert seconds.count(1) > seconds.count(2) > 0
