r"""Why two questions that look alike do not mean the same.

An embedding puts "is it safe" and "is it not safe" beside each other (cosine 0.98), and so "convert 10 euro" and "convert 12 euro". So a high
cosine is only the beginning: two questions count as one when nothing speaks against it. What may speak against it is looked for in the words, for
any pair that an embedding finds alike:

- code, and anything that looks like it: must be equal to the letter
- numbers (as digits or as words), units, dates, versions: the same ones, in the same order
- negation: in both or in neither
- words of opposite meaning, or of one kind (days, months, colours, languages, currencies, countries): not one here and another there
- small words that say whose, where, when or how much: `my` and `your`, `to` and `from`, `more` and `less`, `is` and `was`
- names and quotations: the same ones, in the same order
- the order of the words they share: "from A to B" is not "from B to A"
- language: one writing, and no two sets of small words
- length: a question of twice the length asks for more

Each errs towards "not the same": a miss costs a call, a wrong hit a wrong answer.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from gateway.caching import words

_WORD: Final = re.compile(r"[^\W_]+(?:['’.,:/-][^\W_]+)*")
_CODE: Final = re.compile(
    r"```|`[^`\n]+`|[{};]\s*$|=>|->|::|==|!=|<=|>=|&&|\|\||</?[a-z][\w-]*[\s/>]|\w+\([^)]*\)|\w+\.\w+\(|[\w-]*/[\w./-]+/|\\\w|\$\{?\w|--[a-z]"
    r"|\w\s*=\s*\w|\b(?:SELECT|INSERT|UPDATE|DELETE|CREATE)\s+\w|\b[^\W_]+_\w+\b|\b[a-z]+[A-Z]\w*\b",
    re.MULTILINE,
)
_QUOTED: Final = re.compile(r"[\"“„«»]([^\"“”„«»]{1,200})[\"”“«»]|(?<!\w)'([^'\n]{2,200})'(?!\w)")
_ELIDED: Final = re.compile(r"^(?:l|d|j|m|n|s|t|c|qu|dell|all|nell|sull|un)['’](?=\w)", re.IGNORECASE)
_NUMBER: Final = re.compile(r"\d")
_LONGER: Final = 2.0
_SHORTEST_STEM: Final = 3
_SHORT: Final = 6  # words up to which the ratio says nothing


@dataclass(frozen=True)
class _Question:
    """One text, read in the ways that the reasons below need."""

    text: str

    @cached_property
    def plain(self) -> str:
        return unicodedata.normalize("NFKC", self.text).strip()

    @cached_property
    def spelled(self) -> list[str]:
        """Words as they are written."""
        return _WORD.findall(self.plain)

    @cached_property
    def words(self) -> list[str]:
        """Words in lower case."""
        return [_bare(word) for word in self.spelled]

    @cached_property
    def numbers(self) -> list[str]:
        found = [number for word in self.words if (number := _number(word)) is not None]
        return [*found, *(char for char in self.plain if char in words.DIGITS_INSIDE)]

    @cached_property
    def negations(self) -> int:
        joined = " ".join(self.words)
        # Chinese and Japanese have no spaces: their negations are looked for inside.
        inside = sum(self.plain.count(sign) for sign in words.NEGATIONS_INSIDE)
        ends = sum(word.endswith(("n't", "ない")) for word in self.words)
        return sum(word in words.NEGATIONS for word in self.words) + ends + inside + joined.count("no longer")

    @cached_property
    def names(self) -> list[str]:
        """Words with a capital that do not begin a sentence, and abbreviations; in scripts with capitals alone. German nouns are among them."""
        found = []
        for match in _WORD.finditer(self.plain):
            word, before = match[0], self.plain[: match.start()].rstrip(" \"'“„(¿¡")
            begins = not before or before[-1] in ".!?:\n…"
            word = _ELIDED.sub("", word)
            capital = word[0].isupper() and (not begins or (len(word) > 1 and word[1].isupper()))
            if capital and word.casefold() not in words.PRONOUNS:
                found.append(_bare(word))
        return found

    @cached_property
    def quoted(self) -> list[str]:
        return [one or other for one, other in _QUOTED.findall(self.plain)]

    @cached_property
    def script(self) -> str:
        """The writing of most of its letters."""
        counts: dict[str, int] = {}
        for char in self.plain:
            if char.isalpha():
                script = unicodedata.name(char, "?").split(" ", 1)[0]
                counts[script] = counts.get(script, 0) + 1
        return max(counts, key=lambda name: (counts[name], name), default="")

    @cached_property
    def language(self) -> str:
        """The language whose small words it has most of; "" when that is not clear."""
        scores = {name: sum(word in small for word in self.words) for name, small in words.SMALL.items()}
        best = max(scores.values())
        leading = [name for name, score in scores.items() if score == best]
        return leading[0] if best > 0 and len(leading) == 1 else ""

    @cached_property
    def related(self) -> list[set[int]]:
        """Of each kind of small words, which sides are there."""
        found = _WORD.findall(words.HOW.sub(r"\1", self.plain).casefold().replace("’", "'"))
        inside = {words.RELATIONS_INSIDE[char] for char in self.plain if char in words.RELATIONS_INSIDE}
        return [inside, *({kind[word] for word in found if word in kind} for kind in words.RELATIONS)]

    @cached_property
    def content(self) -> list[str]:
        """What is left without small words, in order."""
        return [word for word in self.words if word not in words.EVERY_SMALL]


def normalised(text: str) -> str:
    """A question as it is embedded: without what people say out of politeness, and the sign at its end."""
    plain = unicodedata.normalize("NFKC", text).strip()
    shorter = words.POLITE.sub(" ", plain).strip(" ,.!?¿¡…:;\n\t")
    return " ".join(shorter.split()) or plain


def _bare(word: str) -> str:
    """In lower case, without an article that is written together with it (`l'Espagne`, `d'eau`)."""
    return _ELIDED.sub("", word.casefold().replace("’", "'"))


def _number(word: str) -> str | None:
    """A number in one spelling, with what is glued to it (`10km`, `v1.2`, `3rd`); None for a word that is none."""
    if _NUMBER.search(word):
        return word.replace(",", "").rstrip(".")
    value = words.NUMBERS.get(word)
    return None if value is None else str(value)


Reason = Callable[[_Question, _Question], bool]


def _code(one: _Question, other: _Question) -> bool:
    found = bool(_CODE.search(one.plain)), bool(_CODE.search(other.plain))
    return any(found) and one.plain != other.plain


def _numbers(one: _Question, other: _Question) -> bool:
    return one.numbers != other.numbers


def _negation(one: _Question, other: _Question) -> bool:
    return one.negations != other.negations


def _opposites(one: _Question, other: _Question) -> bool:
    """A word of one side here, and one of another side of the same line there: `buy` and `sell`, `Monday` and `Friday`."""
    first, second = set(one.words), set(other.words)
    return any(_sides(line, first) != _sides(line, second) for line in words.OPPOSITES if _both(line, first, second))


def _turned(one: _Question, other: _Question) -> bool:
    """A word in one, and the same with a syllable that turns its meaning round in the other: `happy`, `unhappy`."""
    first, second = set(one.words), set(other.words)
    alone = (first - second, second), (second - first, first)
    return any(
        word[len(prefix) :] in others
        for words_, others in alone
        for word in words_
        for prefix in words.TURNING
        if word.startswith(prefix) and len(word) > len(prefix) + 2
    )


def _relations(one: _Question, other: _Question) -> bool:
    """Two small words of one kind, one here and another there. That one question says more than the other is no reason."""
    first, second = one.related, other.related
    pairs = zip(first, second, strict=True)
    return any(found - others and others - found for found, others in pairs)


def _sides(line: tuple[frozenset[str], ...], found: set[str]) -> list[int]:
    return [number for number, side in enumerate(line) if side & found]


def _both(line: tuple[frozenset[str], ...], first: set[str], second: set[str]) -> bool:
    """One more of a kind changes a question only where the other has one as well."""
    return any(side & first for side in line) and any(side & second for side in line)


def _names(one: _Question, other: _Question) -> bool:
    # A word may be a name in one and begin the sentence in the other: then it must at least be there.
    first, second = (
        [name for name in one.names if name not in other.words],
        [name for name in other.names if name not in one.words],
    )
    shared = [name for name in one.names if name in other.names], [name for name in other.names if name in one.names]
    return bool(first or second) or shared[0] != shared[1]


def _quotations(one: _Question, other: _Question) -> bool:
    return one.quoted != other.quoted


def _language(one: _Question, other: _Question) -> bool:
    languages = one.language, other.language
    return one.script != other.script or (all(languages) and languages[0] != languages[1])


def _order(one: _Question, other: _Question) -> bool:
    """Words that both have once, in another order, where something is set apart by its place: `from … to`, `than`, `before`, subject and object."""
    first, second = _once(one.content), _once(other.content)
    shared, again = [word for word in first if word in second], [word for word in second if word in first]
    return shared != again and len(shared) > 1


def _once(found: Iterable[str]) -> dict[str, None]:
    """Words that are there once, in order; of two numbers of a word (`cup`, `cups`) its place counts."""
    counts = Counter(_stem(word) for word in found)
    return {word: None for word, number in counts.items() if number == 1}


def _stem(word: str) -> str:
    return word[:-1] if len(word) > _SHORTEST_STEM and word.endswith("s") else word


def _length(one: _Question, other: _Question) -> bool:
    sizes = sorted((max(len(one.words), 1), max(len(other.words), 1)))
    return sizes[1] > _SHORT and sizes[1] > sizes[0] * _LONGER


REASONS: Final[tuple[tuple[str, Reason], ...]] = (
    ("code", _code),
    ("numbers", _numbers),
    ("negation", _negation),
    ("opposites", _opposites),
    ("turned", _turned),
    ("relations", _relations),
    ("quotations", _quotations),
    ("names", _names),
    ("language", _language),
    ("order", _order),
    ("length", _length),
)


def difference(one: str, other: str) -> str | None:
    """The first reason why two questions do not mean the same; None when there is none."""
    first, second = _Question(normalised(one)), _Question(normalised(other))
    if first.plain == second.plain:
        return None
    return next((name for name, speaks in REASONS if speaks(first, second)), None)
