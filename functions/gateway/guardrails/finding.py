"""What a guardrail finds in a text."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from gateway.guardrails import pii
from gateway.guardrails.keywords import searcher
from gateway.neutral.guardrails import Guardrail
from gateway.routing.patterns import spans


@dataclass(frozen=True, slots=True)
class Found:
    """One match: where it stands, and what it is (`keyword`, `pattern`, a kind of PII)."""

    start: int
    end: int
    sort: str


Finder = Callable[[str], Sequence[Found]]


def finder(guardrail: Guardrail) -> Finder:
    """The eyes of a guardrail of the kinds `deny` and `pii`; PatternError when a pattern is none. Make it once per release."""
    if guardrail.kind == "pii":
        kinds = guardrail.pii
        return lambda text: _ordered(Found(*span, kind) for kind in kinds for span in pii.find(kind, text))
    finders = [_words(guardrail.keywords)] if guardrail.keywords else []
    finders += [_pattern(pattern) for pattern in guardrail.patterns]
    return lambda text: _ordered(found for one in finders for found in one(text))


def _words(keywords: tuple[str, ...]) -> Finder:
    search = searcher(keywords)
    return lambda text: [Found(start, end, "keyword") for start, end in search(text)]


def _pattern(pattern: str) -> Finder:
    search = spans(pattern)
    return lambda text: [Found(start, end, "pattern") for start, end in search(text)]


def _ordered(found: Iterable[Found]) -> list[Found]:
    """In order, without those inside an earlier one. All of them: what is left out here would not be masked."""
    kept: list[Found] = []
    for one in sorted(found, key=lambda match: (match.start, -match.end)):
        if one.end > one.start and (not kept or one.start >= kept[-1].end):
            kept.append(one)
    return kept


def masked(text: str, found: Sequence[Found]) -> str:
    """The text with `[email]`, `[pattern]`, … in the place of each match."""
    pieces: list[str] = []
    position = 0
    for one in found:
        pieces += [text[position : one.start], f"[{one.sort}]"]
        position = one.end
    return "".join([*pieces, text[position:]])
