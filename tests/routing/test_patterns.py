"""Regular expressions: linear time for the worst patterns, nothing on stderr, and words for what is not supported."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

from gateway.routing.patterns import PatternError, searcher

FUNCTIONS = Path(__file__).resolve().parents[2] / "functions"
LONG = "a" * 100_000


@pytest.mark.parametrize(
    "pattern", ["(a+)+$", "(a|a)*b", "(a*)*c", "(.*)(.*)(.*)(.*)x", "^(([a-z])+.)+[A-Z]([a-z])+$", r"(\pL+\s?)*!$"]
)
def test_patterns_that_hang_elsewhere_take_milliseconds(pattern: str) -> None:
    found = searcher(pattern)
    started = time.process_time()
    found(f"{LONG[1:]}!")
    assert time.process_time() - started < 0.05


def test_the_worst_program_that_is_taken_is_bounded() -> None:
    """Its automaton has 2^900 states, so it is walked state by state; each program longer than that is refused."""
    found = searcher("[ab]*a[ab]{900}c")
    started = time.process_time()
    assert not found("ab" * 50_000)
    assert time.process_time() - started < 5


@pytest.mark.parametrize(
    ("pattern", "says"),
    [
        ("a(?=b)", "look-ahead"),
        ("a(?!b)", "look-ahead"),
        ("(?<=a)b", "look-behind"),
        ("(?<!a)b", "look-behind"),
        (r"(a)\1", "back-references"),
        (r"(?P<n>a)(?P=n)", "back-references"),
        ("a++", "possessive"),
        ("(?>a)", "atomic"),
        (r"a\Z", r"\z"),
        ("[", "missing ]"),
        ("(", "missing )"),
        ("a{1001}", "repetition"),
        ("\ud800", "surrogate"),
        (r"(\pL{1,30}){20}", "too large"),
        (r"\pL{900}", "too large"),
        ("x" * 513, "512"),
    ],
)
def test_what_is_not_supported_is_said(pattern: str, says: str, capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(PatternError, match=says.replace("\\", r"\\").replace("]", r"\]").replace(")", r"\)")):
        searcher(pattern)
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("pattern", "text", "holds"),
    [
        ("lue", "blue!", True),
        ("^lue", "blue!", False),
        ("(?i)BLUE", "blue", True),
        ("^a$", "a\n", False),
        ("(?m)^b$", "a\nb", True),
        ("a.b", "a\nb", False),
        ("(?s)a.b", "a\nb", True),
        (r"^\pL+$", "Straße", True),
        (r"^\w+$", "Straße", False),
        ("^.$", "中", True),
        ("^a.$", "a\ud800", True),
        ("", "", True),
        ("b", f"{LONG}b", False),
        ("b", f"{LONG[1:]}b", True),
    ],
)
def test_what_matches(pattern: str, text: str, holds: bool) -> None:
    assert searcher(pattern)(text) is holds


def test_the_library_is_loaded_by_the_first_pattern_alone() -> None:
    script = f"""
import sys
sys.path.insert(0, {str(FUNCTIONS)!r})
from gateway.routing.rules import compile_rule
compile_rule({{"field": "model", "op": "eq", "value": "a"}})
assert "re2" not in sys.modules
compile_rule({{"field": "model", "op": "regex", "value": "a"}})
assert "re2" in sys.modules
"""
    subprocess.run([sys.executable, "-c", script], check=True)
