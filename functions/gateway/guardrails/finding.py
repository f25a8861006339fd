"""What a guardrail finds in a text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from gateway.guardrails import pii
from gateway.neutral.guardrails import Guardrail
from gateway.routing.patterns import spans

_TURKISH: Final = {0x130: "i", 0x131: "i"}


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
    """Whole words in any case. Scripts without spaces have no word ends, so there any occurrence counts.

    A list of hundreds must not be tried at every place of a text: what a keyword begins with is looked for first, by a plain search.
    """
    known = [(_folded(word.split()[0]), re.compile(_bounded(word), re.IGNORECASE)) for word in keywords]

    def find(text: str) -> list[Found]:
        plain = _folded(text)
        present = [search for beginning, search in known if beginning in plain]
        return [Found(*one.span(), "keyword") for search in present for one in search.finditer(text)]

    return find


def _folded(text: str) -> str:
    """The same for all that `re.IGNORECASE` takes for the same, also both Turkish i."""
    return text.translate(_TURKISH).casefold()


def _bounded(word: str) -> str:
    """`\\b` only where the word itself begins or ends with a character of words that are set apart by spaces."""
    before = r"(?<!\w)" if _spaced(word[0]) else ""
    after = r"(?!\w)" if _spaced(word[-1]) else ""
    return before + r"\s+".join(re.escape(part) for part in word.split()) + after


def _spaced(char: str) -> bool:
    # CJK, kana, Thai and their kin run on without spaces.
    return (char.isalnum() or char == "_") and not (
        "\u0e00" <= char <= "\u0eff" or "\u1000" <= char <= "\u17ff" or char >= "\u2e80"
    )


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
