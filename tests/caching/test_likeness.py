"""Each reason why two questions that look alike do not mean the same; and what is none. `test_meaning.py` measures them together."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.caching.likeness import REASONS, _Question, difference, normalised

DIFFER = [
    ("numbers", "Convert 10 euro to dollars", "Convert 12 euro to dollars"),
    ("numbers", "Convert ten euro to dollars", "Convert twelve euro to dollars"),
    ("numbers", "What changed in version 3.10?", "What changed in version 3.11?"),
    ("numbers", "What happened on 2024-05-01?", "What happened on 2024-05-02?"),
    ("numbers", "Who won in 1990?", "Who won?"),
    ("numbers", "5 % of 80", "80 % of 5"),
    ("negation", "Is it safe to eat raw eggs?", "Is it not safe to eat raw eggs?"),
    ("negation", "Why does it work?", "Why doesn't it work?"),
    ("negation", "Ist das erlaubt?", "Ist das nicht erlaubt?"),
    ("negation", "这个安全吗", "这个不安全吗"),
    ("opposites", "How do I enable logging?", "How do I disable logging?"),
    ("opposites", "Is the shop open on Monday?", "Is the shop open on Friday?"),
    ("relations", "Who is my manager?", "Who is your manager?"),
    ("relations", "How do I get to the station?", "How do I get from the station?"),
    ("relations", "Is the museum open?", "Was the museum open?"),
    ("relations", "她的生日是什么时候", "他的生日是什么时候"),
    ("opposites", "Explain photosynthesis briefly", "Explain photosynthesis thoroughly"),
    ("order", "How many teaspoons in a tablespoon?", "How many tablespoons in a teaspoon?"),
    ("code", "What does f(x) do?", "What does g(x) do?"),
    ("code", "Explain `a = b`", "Explain `a == b`"),
    ("quotations", 'Translate "good day"', 'Translate "good night"'),
    ("names", "What is the capital of France?", "What is the capital of Spain?"),
    ("order", "Translate from english to german", "Translate from german to english"),
    ("language", "What is the weather like?", "Wie ist das Wetter heute?"),
    ("language", "привет как дела", "privet kak dela"),
    (
        "length",
        "Why is the sky blue",
        "Why is the sky blue and the grass green and the sun yellow and the sea so very deep",
    ),
]


@pytest.mark.parametrize(("reason", "one", "other"), DIFFER, ids=[f"{case[0]}: {case[1]}" for case in DIFFER])
def test_what_speaks_against_it(reason: str, one: str, other: str) -> None:
    assert difference(one, other) is not None
    assert difference(other, one) is not None
    speaks = dict(REASONS)
    assert speaks[reason](_Question(normalised(one)), _Question(normalised(other))), reason


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("What is the capital of France?", "Please tell me what is the capital of France"),
        ("what is the capital of france", "What is the capital of France?"),
        ("How do I reset my password?", "How can I reset my password?"),
        ("Convert 1,000 euro", "Convert 1000 euro"),
        ("Convert three euro", "Convert 3 euro"),
        ("caf\u00e9 near me", "cafe\u0301 near me"),
        ("Explain f(x) = 2", "Explain f(x) = 2"),
    ],
)
def test_what_does_not(one: str, other: str) -> None:
    assert difference(one, other) is None
    assert difference(other, one) is None


@given(st.text(max_size=60))
def test_a_question_means_what_it_means(text: str) -> None:
    assert difference(text, text) is None
    assert difference(text, normalised(text)) is None
    assert normalised(normalised(text)) == normalised(normalised(normalised(text)))


@given(st.text(max_size=40), st.text(max_size=40))
def test_it_is_the_same_both_ways(one: str, other: str) -> None:
    assert (difference(one, other) is None) == (difference(other, one) is None)


@pytest.mark.parametrize("piece", ["ﷺ ", "a ", "x(", "not ", '"a ', "a-b."])
def test_no_two_questions_take_long(piece: str) -> None:
    text = (piece * 2_000)[:2_000]
    began = time.process_time()
    difference(text + " y", text + " z")
    assert time.process_time() - began < 0.25
