"""Keywords: the same are found as by an expression for each, in one pass."""

from __future__ import annotations

import re
import time
from collections.abc import Sequence

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from gateway.guardrails.checks import check_of
from gateway.guardrails.keywords import searcher
from gateway.neutral.guardrails import Guardrail

LETTERS = "abAB +.-^]_\t\u0130\u0131i\u017fsßẞéÉ\u212ak爆弾ก0\n"


def spaced(char: str) -> bool:
    return (char.isalnum() or char == "_") and not (
        "\u0e00" <= char <= "\u0eff" or "\u1000" <= char <= "\u17ff" or char >= "\u2e80"
    )


def longest(found: list[tuple[int, int]]) -> dict[int, int]:
    """By their beginning."""
    return dict(sorted(found))


def one_by_one(keywords: Sequence[str], text: str) -> dict[int, int]:
    """The longest match at each place, by an expression for each keyword."""
    found: dict[int, int] = {}
    for word in keywords:
        before = r"(?<!\w)" if spaced(word[0]) else ""
        after = r"(?!\w)" if spaced(word[-1]) else ""
        written = r"\s+".join(re.escape(part) for part in word.split())
        for match in re.finditer(f"{before}(?=({written}{after}))", text, re.IGNORECASE):
            found[match.start()] = max(found.get(match.start(), 0), match.end(1))
    return found


WORDS = st.text(LETTERS, min_size=1, max_size=4).filter(lambda word: bool(word.strip()))


@settings(max_examples=300, deadline=None)
@given(st.lists(WORDS, min_size=1, max_size=8), st.text(LETTERS, max_size=24))
@example(["ab", "a b", "a"], "A \n b ab a")
@example(["i", "\u0130", "\u0131"], "I \u0131 \u0130 i")
@example(["\u017f", "s b"], "S B s")
def test_they_are_found_as_one_by_one(keywords: list[str], text: str) -> None:
    assert longest(searcher(keywords)(text)) == one_by_one(keywords, text)


def test_keywords_within_keywords_are_no_depth_that_breaks() -> None:
    keywords = [*("ab" * length for length in range(1, 200)), *("爆" * length for length in range(1, 60))]
    assert searcher(keywords)(f"{'AB' * 150}, {'爆' * 3}") == [(0, 300), (302, 305), (303, 305), (304, 305)]
    assert searcher(keywords)("ab" * 200) == []


@pytest.mark.parametrize(
    ("keywords", "text"),
    [
        ([f"word{number:03d} end{number:03d}" for number in range(300)], "word000 other word{:03d} "),
        ([f"word end{number:03d}" for number in range(300)], "word other "),
        ([f"word{number:03d}" for number in range(300)], "word{:03d}x "),
        ([f"word word word{number}" for number in range(300)], "word    "),
        ([f"爆{chr(0x5000 + number)}" for number in range(300)], "爆"),
    ],
)
def test_time_grows_with_the_text_alone(keywords: list[str], text: str) -> None:
    find = check_of(Guardrail("d", "deny", keywords=tuple(keywords))).find
    assert find is not None
    long = "".join(text.format(number % 300) for number in range(1_000_000 // len(text)))
    began = time.process_time()
    assert find(long) == []
    assert find(f"word{' ' * 1_000_000}") == []
    assert time.process_time() - began < 1
