"""Keywords in a text: whole words in any case, hundreds of them in one pass.

Theory of operation. The keywords become one expression that branches where they differ, letter by letter, and is tried once at each place of the
text: what it costs hardly depends on how many there are, or on how many begin alike. At one place the longest counts, since of two keywords that
stand there one begins with the other. Places are looked at even within another match, because that one may have to give way to an earlier match of
another kind. Spaces are taken all at once, and never given back.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

_TURKISH: Final = {0x130: "i", 0x131: "i"}
_DEEPEST: Final = 24
"""Branches within branches; each takes some frames of the compiler of expressions. Deeper ones are tried one by one."""


@dataclass(slots=True)
class _Node:
    """What may follow: by folded character. `letters`: what is written there. `ends`: a keyword ends here; `open`: one that may go on as a word."""

    letters: list[str] = field(default_factory=list)
    following: dict[str, _Node] = field(default_factory=dict)
    ends: bool = False
    open: bool = False


def searcher(keywords: Sequence[str]) -> Callable[[str], list[tuple[int, int]]]:
    """The places of all keywords. Scripts without spaces have no word ends, so there any occurrence counts."""
    spaced = [word for word in keywords if _spaced(word[0])]
    loose = [word for word in keywords if not _spaced(word[0])]
    known = [
        re.compile(f"{before}(?=({_written(_tree(words), 0)}))", re.IGNORECASE)
        for before, words in ((r"(?<!\w)", spaced), ("", loose))
        if words
    ]
    return lambda text: [match.span(1) for search in known for match in search.finditer(text)]


def _tree(keywords: Iterable[str]) -> _Node:
    root = _Node()
    for word in keywords:
        node = root
        for letter in " ".join(word.split()):
            node = node.following.setdefault(_folded(letter), _Node())
            if letter not in node.letters:
                node.letters.append(letter)
        node.ends = True
        node.open = node.open or not _spaced(word[-1])
    return root


def _written(node: _Node, depth: int) -> str:
    """What follows a node, as an expression; the longest first."""
    pieces: list[str] = []
    while len(node.following) == 1 and not node.ends:
        [node] = node.following.values()
        pieces.append(_letter(node))
    ways = [] if depth < _DEEPEST else _ways(node)
    if depth < _DEEPEST:
        ways = [_letter(one) + _written(one, depth + 1) for one in node.following.values()]
        ways += [_end(node)] if node.ends else []
    return "".join(pieces) + (ways[0] if len(ways) == 1 else f"(?:{'|'.join(ways)})")


def _ways(node: _Node) -> list[str]:
    """All that may follow a node, one by one."""
    found: list[tuple[int, str]] = []
    waiting = [(node, 0, "")]
    while waiting:
        one, length, before = waiting.pop()
        found += [(length, before + _end(one))] if one.ends else []
        waiting += [(then, length + 1, before + _letter(then)) for then in one.following.values()]
    return [way for _, way in sorted(found, key=lambda way: -way[0])]


def _letter(node: _Node) -> str:
    if node.letters == [" "]:
        return r"\s++"
    written = "".join(map(re.escape, node.letters))
    return written if len(node.letters) == 1 else f"[{written}]"


def _end(node: _Node) -> str:
    return "" if node.open else r"(?!\w)"


def _folded(text: str) -> str:
    """The same for all that `re.IGNORECASE` takes for the same, also both Turkish i."""
    return text.translate(_TURKISH).casefold()


def _spaced(char: str) -> bool:
    """Whether it is a character of words that are set apart by spaces: CJK, kana, Thai and their kin run on without."""
    return (char.isalnum() or char == "_") and not (
        "\u0e00" <= char <= "\u0eff" or "\u1000" <= char <= "\u17ff" or char >= "\u2e80"
    )
