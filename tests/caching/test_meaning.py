"""How well "the same question" is told from "nearly the same words": labelled pairs, the real vectors of the offline embedder, the default threshold.

`pairs.txt` is what the guards were made with; `held_out.txt` was written afterwards and nothing was set by it. A wrong hit gives a wrong answer, a
missed one costs a call: so precision has to be whole, and recall is what it is. `pytest -s` shows the figures.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from embedder.app import embed
from gateway.caching import vectors
from gateway.caching.likeness import difference, normalised
from gateway.neutral.caching import DEFAULT_THRESHOLD

HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Pair:
    """Two questions, and whether they may have one answer."""

    same: bool
    one: str
    other: str

    @property
    def like(self) -> float:
        """Their cosine, as the cache works it out."""
        texts = [normalised(text).casefold() for text in (self.one, self.other)]
        first, second = embed({"texts": texts})["vectors"]
        return vectors.cosine(vectors.packed(first), vectors.packed(second))


def pairs(name: str) -> list[Pair]:
    lines = (HERE / name).read_text("utf-8").splitlines()
    found = [(line[0], line[2:].split(" | ")) for line in lines if line[:2] in {"+ ", "- "}]
    return [Pair(sign == "+", one, other) for sign, (one, other) in found]


@pytest.mark.parametrize(("name", "least"), [("pairs.txt", 0.7), ("held_out.txt", 0.5)])
def test_no_two_questions_of_different_meaning_share_an_answer(name: str, least: float) -> None:
    labelled = pairs(name)
    alike = [pair for pair in labelled if pair.like >= DEFAULT_THRESHOLD]
    hits = [pair for pair in alike if difference(pair.one, pair.other) is None]
    wrong = [pair for pair in hits if not pair.same]
    same = [pair for pair in labelled if pair.same]
    precision, recall = 1 - len(wrong) / len(hits), (len(hits) - len(wrong)) / len(same)
    bare = sum(pair.same for pair in alike) / len(alike)
    print(
        f"\n{name}: {len(same)} the same, {len(labelled) - len(same)} not; threshold {DEFAULT_THRESHOLD}: precision {precision:.3f}, "
        f"recall {recall:.3f}; by the threshold alone precision {bare:.3f}"
    )
    assert not wrong
    assert recall >= least
    assert bare < 0.9, "without guards there would be nothing to guard against: the pairs prove nothing"


def test_there_are_pairs_enough() -> None:
    everything = pairs("pairs.txt") + pairs("held_out.txt")
    assert len(everything) >= 200
    assert len({(pair.one, pair.other) for pair in everything}) == len(everything)
    assert all(sum(pair.same is same for pair in everything) >= 100 for same in (True, False))
