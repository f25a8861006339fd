"""Smooth weighted turns: whose turn it is, computed from the number of the turn alone.

Theory of operation. Taking turns among two is a line drawn in pixels: of the first t turns, the left one has had t times its share, rounded. More
than two are the leaves of a binary tree: each fork hands its turns to its two sides that way, so a turn is found by walking down. A leaf is
off its ideal share by its own fork's rounding, plus, in proportion, that of the forks above. That error is small where a leaf weighs at most
half of its fork, the fork at most half of the one above, and so on, so the tree's shape matters: `_shape` tries a few and keeps the best.
In any window of turns a count is off its share by less than 2, but for some mixes of very light and very heavy weights (2.4 was seen). Equal
weights need no tree, they rotate.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from heapq import nlargest
from typing import Final, TypeAlias

_REMEMBERED: Final = 256
_CUTS: Final = 4


@dataclass(frozen=True, slots=True)
class _Leaf:
    weight: int
    index: int


@dataclass(frozen=True, slots=True)
class _Fork:
    left: _Node
    right: _Node
    weight: int


_Node: TypeAlias = _Leaf | _Fork
# Of each fork: twice the weight of its left side, its own weight, the places of its left and right side.
_Forks: TypeAlias = tuple[tuple[int, int, int, int], ...]


class Turns:
    """Orders by weights and turn. It remembers the trees of the weights it has seen, which changes no answer."""

    def __init__(self) -> None:
        self._trees: dict[tuple[int, ...], _Forks] = {}

    def order(self, weights: tuple[int, ...], turn: int) -> list[int]:
        """Indices into `weights`: first the one whose turn it is, then the others, those most in arrears first.

        Weight 0 has no turns: it comes behind all others.
        """
        count = len(weights)
        if count < 2 or min(weights) == max(weights):
            first = turn % count if count else 0
            return [*range(first, count), *range(first)]
        if 0 in weights:
            return self._without_idle(weights, turn)
        first, had = _walk(self._tree(weights), turn)
        due = [(times + 0.5) / weight for times, weight in zip(had, weights, strict=False)]
        due[first] = -1.0
        return sorted(range(count), key=due.__getitem__)

    def _without_idle(self, weights: tuple[int, ...], turn: int) -> list[int]:
        busy = [index for index, weight in enumerate(weights) if weight]
        idle = [index for index, weight in enumerate(weights) if not weight]
        order = self.order(tuple(weights[index] for index in busy), turn)
        return [*(busy[at] for at in order), *(idle[at] for at in self.order((0,) * len(idle), turn))]

    def _tree(self, weights: tuple[int, ...]) -> _Forks:
        tree = self._trees.get(weights)
        if tree is None:
            if len(self._trees) >= _REMEMBERED:
                self._trees.clear()
            tree = self._trees[weights] = _flat(_shape(weights), len(weights))
        return tree


def _flat(tree: _Fork, leaves: int) -> _Forks:
    """The forks in an order in which every fork comes before those below it; leaf n is place n, fork n is place `leaves` + n."""
    forks: list[_Fork] = [tree]
    for fork in forks:
        forks += [side for side in (fork.left, fork.right) if isinstance(side, _Fork)]
    places = {id(fork): leaves + at for at, fork in enumerate(forks)}

    def place(side: _Node) -> int:
        return side.index if isinstance(side, _Leaf) else places[id(side)]

    return tuple((2 * one.left.weight, one.weight, place(one.left), place(one.right)) for one in forks)


def _walk(forks: _Forks, turn: int) -> tuple[int, list[int]]:
    """Whose turn it is, and how many turns each leaf had before."""
    leaves = len(forks) + 1
    had = [0] * leaves + [turn] * len(forks)
    at = goes = leaves  # `goes`: the place that this turn is handed on to, from the root down
    for double, weight, left, right in forks:
        before = had[at]
        share = (before * double + weight) // (2 * weight)
        had[left], had[right] = share, before - share
        if at == goes:
            goes = left if ((before + 1) * double + weight) // (2 * weight) > share else right
        at += 1
    return goes, had


def _shape(weights: Sequence[int]) -> _Fork:
    """A tree in which no leaf is far off its share, the best of: everything joined by weight; the light ones apart, as a side of their own
    (among heavy ones they would spoil somebody's rounding); the light ones beside the heaviest. Light is who stands below a steep step."""
    leaves = sorted((_Leaf(weight, index) for index, weight in enumerate(weights)), key=lambda leaf: leaf.weight)
    shapes = [_fork(_joined(leaves[1:]), leaves[0])]
    whole = _joined(leaves)
    shapes += [whole] if isinstance(whole, _Fork) else []
    steps = nlargest(_CUTS, range(1, len(leaves)), key=lambda at: leaves[at].weight / leaves[at - 1].weight)
    for cut in steps:
        light = _joined(leaves[:cut])
        shapes.append(_fork(_joined(leaves[cut:]), light))
        if cut < len(leaves) - 1:
            shapes.append(_fork(_fork(leaves[-1], light), _joined(leaves[cut:-1])))
    return min(shapes, key=_roughness)


def _fork(left: _Node, right: _Node) -> _Fork:
    return _Fork(left, right, left.weight + right.weight)


def _joined(leaves: Iterable[_Leaf]) -> _Node:
    """Huffman's tree: the two lightest are joined until one is left. `leaves` are in order of weight, so are the forks made."""
    single, made = deque[_Node](leaves), deque[_Node]()

    def lightest() -> _Node:
        return single.popleft() if single and (not made or single[0].weight <= made[0].weight) else made.popleft()

    while len(single) + len(made) > 1:
        light, heavy = lightest(), lightest()
        made.append(_fork(heavy, light))
    return (single or made)[0]


def _roughness(tree: _Node) -> float:
    """The most that a leaf's count in any window can be off beyond its own rounding: the sum of its shares of the forks between it and the root."""
    worst = 0.0
    below_root: list[tuple[_Node, float]] = [(tree, 0.0)]
    while below_root:
        node, per_weight = below_root.pop()
        if isinstance(node, _Leaf):
            worst = max(worst, node.weight * per_weight)
            continue
        mine = per_weight if node is tree else per_weight + 1 / node.weight
        below_root += [(node.left, mine), (node.right, mine)]
    return worst
