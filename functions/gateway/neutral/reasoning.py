"""Thinking in words and in tokens: vendors ask for one or the other, and each conversion is an approximation that is reported.

The budgets follow what vendors publish for their own conversions: https://ai.google.dev/gemini-api/docs/openai#thinking maps low, medium
and high to 1,024, 8,192 and 24,576 tokens.
"""

from __future__ import annotations

from typing import Final

EFFORTS: Final = ("none", "minimal", "low", "medium", "high", "xhigh", "max")
"""From no thinking to as much as there is."""

_BUDGETS: Final = {
    "none": 0,
    "minimal": 512,
    "low": 1_024,
    "medium": 8_192,
    "high": 24_576,
    "xhigh": 32_768,
    "max": 65_536,
}


def budget_of(effort: str) -> int:
    """Thinking tokens that an effort stands for; KeyError for a word that is none of `EFFORTS`."""
    return _BUDGETS[effort]


def effort_of(budget: int) -> str:
    """The effort whose budget is the smallest that holds this one; `high` is the most that a budget is taken for."""
    for effort in ("none", "minimal", "low", "medium"):
        if budget <= _BUDGETS[effort]:
            return effort
    return "high"


def nearest(effort: str, known: tuple[str, ...]) -> str:
    """The word of `known` (in the order of `EFFORTS`) nearest to `effort`; the lesser of two equally near ones."""
    place = EFFORTS.index(effort)
    return min(known, key=lambda one: (abs(EFFORTS.index(one) - place), EFFORTS.index(one)))
