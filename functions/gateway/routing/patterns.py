r"""Regular expressions that cannot be made to hang: RE2 reads a text once, whatever the pattern.

Python's `re` tries every way to match and takes hours for `(a+)+$` and thirty letters; a rule must not be able to stop the data plane. The
syntax is RE2's (https://github.com/google/re2/wiki/Syntax). What differs from Python's: no look-around and no back-references; `\d`, `\w`,
`\s` and `\b` know ASCII alone (`\pL` is a letter of any script); `$` is the end of the text, not also the place before a last line break,
and is called `\z`, not `\Z`. `(?i)`, `(?s)` and `(?m)` at the beginning switch to any case, `.` for line breaks, and lines.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final

PATTERN_CHARACTERS: Final = 512
SUBJECT_CHARACTERS: Final = 100_000
_OVERLAP: Final = 1_000
# Time is the product of text and program. This many instructions and the longest text come to some 0.7 s for the worst pattern known,
# `[ab]*a[ab]{n}c`, whose automaton outgrows any memory. Ordinary ones have a few dozen, and take a tenth of a millisecond.
_INSTRUCTIONS: Final = 2_000
_MEMORY: Final = 1024 * 1024
_CONTINUING: Final = bytes(range(0x80, 0xC0))  # of UTF-8
# RE2's reason → what a writer of Python's expressions should know.
_ADVICE: Final = (
    (re.compile(r"\(\?<?[=!]$"), "look-ahead and look-behind are not supported"),
    (re.compile(r"escape sequence: \\[1-9]|\(\?P$"), "back-references are not supported"),
    (re.compile(r"\(\?>$|: [*+?}]\+$"), "atomic groups and possessive repetition are not supported, nor needed"),
    (re.compile(r"escape sequence: \\Z$"), r"the end of the text is `\z`"),
)


class PatternError(ValueError):
    """A text that is no regular expression here; the message says why."""


def searcher(pattern: str) -> Callable[[str], bool]:
    """A test whether the pattern matches anywhere in the first 100,000 characters of a text; PatternError when it is none."""
    if len(pattern) > PATTERN_CHARACTERS:
        raise PatternError(f"a pattern has at most {PATTERN_CHARACTERS} characters")
    search = _compiled(pattern).search

    def found(text: str) -> bool:
        # A lone surrogate, which JSON can hold and UTF-8 cannot, is looked at as `?`.
        return search(text[:SUBJECT_CHARACTERS].encode("utf-8", "replace")) is not None

    return found


def spans(pattern: str) -> Callable[[str], list[tuple[int, int]]]:
    """The same as `searcher`, with the places (in characters) of all matches that do not overlap; those of no length are left out.

    A longer text is looked at in pieces of 100,000 characters, which overlap by 1,000.
    """
    if len(pattern) > PATTERN_CHARACTERS:
        raise PatternError(f"a pattern has at most {PATTERN_CHARACTERS} characters")
    compiled = _compiled(pattern)

    def found(text: str) -> list[tuple[int, int]]:
        places: list[tuple[int, int]] = []
        for start in range(0, max(len(text), 1), SUBJECT_CHARACTERS - _OVERLAP):
            piece = text[start : start + SUBJECT_CHARACTERS]
            places += [(start + first, start + last) for first, last in _places(compiled, piece)]
        return places

    return found


def _places(compiled: Any, text: str) -> list[tuple[int, int]]:
    raw = text.encode("utf-8", "replace")
    matches = [match.span() for match in compiled.finditer(raw)]
    matches = [span for span in matches if span[1] > span[0]]
    if len(raw) == len(text):
        return matches
    return list(_characters(raw, matches))


def _characters(raw: bytes, matches: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Offsets of bytes, in order, as offsets of characters; the text is read once, however many there are."""
    read = count = 0
    for first, last in matches:
        start = count + _begun(raw, read, first)
        count = start + _begun(raw, first, last)
        read = last
        yield start, count


def _begun(raw: bytes, start: int, end: int) -> int:
    """Characters that begin within these bytes."""
    return len(raw[start:end].translate(None, _CONTINUING))


def _compiled(pattern: str) -> Any:
    # Late: 25 ms and some megabytes, for those releases alone that have a pattern.
    import re2  # type: ignore[import-untyped]

    options = re2.Options()
    options.log_errors = False  # it would write to stderr
    options.never_capture = True
    options.max_mem = _MEMORY
    try:
        compiled = re2.compile(pattern.encode(), options)
    except UnicodeEncodeError:
        raise PatternError("half a surrogate pair is no character") from None
    except re2.error as fault:
        raise PatternError(_reason(fault)) from None
    if compiled.programsize > _INSTRUCTIONS:
        raise PatternError("the pattern is too large: its repetitions and character classes come to too many steps")
    return compiled


def _reason(fault: Exception) -> str:
    said = fault.args[0] if fault.args else b""
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
    advice = next((advice for shape, advice in _ADVICE if shape.search(text)), None)
    return advice or f"not a regular expression: {text}"
