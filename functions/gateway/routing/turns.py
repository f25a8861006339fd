"""Smooth weighted turns: whose turn it is, computed from the number of the turn alone.

Theory of operation. Taking turns among two is a line drawn in pixels: of the first t turns, the left one has had t times its share, rounded. More
than two are the leaves of a binary tree: each fork hands its turns to its two sides that way, so a turn is found by walking down. A leaf is
off its ideal share by its own fork's rounding, plus, in proportion, that of the forks above. That error is small where a leaf weighs at most
half of its fork, the fork at most half of the one above, and so on, so the tree's shape matters: `_shape` tries a few and keeps the best.
Equal weights need no tree, they rotate.
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


class Turns:
    """Orders by weights and turn. It remembers the trees of the weights it has seen, which changes no answer."""

    def __init__(self) -> None:
        self._trees: dict[tuple[int, ...], _Node] = {}

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
        return sorted(range(count), key=lambda index: -1.0 if index == first else (had[index] + 0.5) / weights[index])

    def _without_idle(self, weights: tuple[int, ...], turn: int) -> list[int]:
        busy = [index for index, weight in enumerate(weights) if weight]
        idle = [index for index, weight in enumerate(weights) if not weight]
        order = self.order(tuple(weights[index] for index in busy), turn)
        return [*(busy[at] for at in order), *(idle[at] for at in self.order((0,) * len(idle), turn))]

    def _tree(self, weights: tuple[int, ...]) -> _Node:
        tree = self._trees.get(weights)
        if tree is None:
            if len(self._trees) >= _REMEMBERED:
                self._trees.clear()
            tree = self._trees[weights] = _shape(weights)
        return tree


def _walk(tree: _Node, turn: int) -> tuple[int, dict[int, int]]:
    """Whose turn it is, and how many turns each leaf had before."""
    first, had = -1, {}
    open_nodes: list[tuple[_Node, int, bool]] = [(tree, turn, True)]
    while open_nodes:
        node, before, on = open_nodes.pop()
        if isinstance(node, _Leaf):
            had[node.index] = before
            if on:
                first = node.index
            continue
        share, whole = 2 * node.left.weight, 2 * node.weight
        left = (before * share + node.weight) // whole
        goes_left = on and ((before + 1) * share + node.weight) // whole > left
        open_nodes.append((node.right, before - left, on and not goes_left))
        open_nodes.append((node.left, left, goes_left))
    return first, had


def _shape(weights: Sequence[int]) -> _Node:
    """A tree in which no leaf is far off its share, the best of: everything joined by weight; the light ones apart, as a side of their own
    (among heavy ones they would spoil somebody's rounding); the light ones beside the heaviest. Light is who stands below a steep step."""
    leaves = sorted((_Leaf(weight, index) for index, weight in enumerate(weights)), key=lambda leaf: leaf.weight)
    shapes = [_joined(leaves)]
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
