"""Personal data and credentials in texts, by their shape and, where there is one, their check digits.

What has no check digits is found by its shape alone: a number with the form of a telephone number is taken for one. Patterns are bounded, so that
each is read in time proportional to the text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from ipaddress import ip_address
from typing import Final

from gateway.neutral.guardrails import PiiKind

Span = tuple[int, int]

# A letter or digit of scripts that set their words apart. In those that do not, such as Chinese, a number's neighbours are no part of it.
_W: Final = r"[^\W\u0e00-\u0eff\u1000-\u17ff\u2e80-\U0010ffff]"
# Local part and host of RFC 5321's lengths, without quoted local parts; of the local part it is looked how far it goes back.
_HOST: Final = re.compile(r"@(?:[\w-]{1,63}\.){1,8}(?:[A-Za-z]{2,24}(?![A-Za-z0-9])|[^\W\d_]{2,24}(?!\w))")
_LOCAL: Final = "_.+%-"
_LONGEST_LOCAL: Final = 64
_UNSPACED: Final = "\u2e80"
_RUN: Final = re.compile(rf"(?<!{_W})(?<![\d.+-])\d+(?:[ \u00a0\u202f-]\d+)*(?!{_W}|\d|-\w)")
# How digits of cards are set apart (ISO/IEC 7813, American Express, Diners Club), for those that stand among others; by the first group's size.
_GROUPED: Final = {
    4: ((4, 4, 4, 4), (4, 6, 5), (4, 6, 4), (4, 4, 4, 1), *((4, 4, 4, 4, size) for size in (1, 2, 3))),
    **{size: ((size,),) for size in range(13, 20)},
}
_GROUP: Final = re.compile(r"\d+")
_SHORTEST_CARD: Final = 13
_LONGEST_CARD: Final = 19
_IBAN: Final = re.compile(r"(?<![A-Za-z0-9])[A-Z]{2}\d{2}(?: ?[A-Z0-9]){11,30}(?![A-Za-z0-9])")
# https://www.swift.com/resource/iban-registry-pdf
_IBAN_LENGTHS: Final = {
    country: length
    for length, countries in {
        15: "NO",
        16: "BE",
        18: "DK FK FI FO GL NL SD",
        19: "MK SI",
        20: "AT BA EE KZ LT LU MN XK",
        21: "CH HR LI LV",
        22: "BG BH CR DE GB GE IE ME RS VA",
        23: "AE GI IL IQ OM SO TL",
        24: "AD CZ ES MD PK RO SA SE SK TN VG",
        25: "LY PT ST",
        26: "IS TR",
        27: "BI DJ FR GR IT MC MR SM",
        28: "AL AZ BY CY DO GT HN HU LB NI PL SV",
        29: "BR EG PS QA UA",
        30: "JO KW MU YE",
        31: "MT SC",
        32: "LC",
        33: "RU",
    }.items()
    for country in countries.split()
}
_SSN: Final = re.compile(r"(?<![\d-])(?!000|666|9\d\d)\d{3}-(?!00)\d{2}-(?!0000)\d{4}(?![\d-])")
# International with a plus or 00, or a national one with its area code set apart: 8 to 15 digits (ITU-T E.164).
_PHONE: Final = re.compile(
    rf"(?<!{_W})(?<![\d.+-])(?:"
    r"(?:\+|00)[1-9]\d{0,2}[ ./-]?(?:\(0?\d{1,4}\)[ ./-]?)?\d{1,4}(?:[ ./-]?\d{2,4}){1,4}|\(?0?\d{2,4}\)[ ./-]?\d{3,4}[ ./-]?\d{3,4}"
    rf"|\d{{3}}[.-]\d{{3}}[.-]\d{{4}})(?!{_W}|[\d-])"
)
_IP: Final = re.compile(
    rf"(?<!{_W})(?<![\d.:])"
    r"(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f]{0,4}){2,7})"
    rf"(?!{_W}|[\d:]|\.\d)"
)
# Vendors' published prefixes, private keys, and JSON Web Tokens.
_SECRET: Final = re.compile(
    rf"(?<!{_W})(?<!-)(?:"
    r"sk-[A-Za-z0-9_-]{20,200}|(?:AKIA|ASIA)[A-Z0-9]{16}|gh[pousr]_[A-Za-z0-9]{36,255}|github_pat_[A-Za-z0-9_]{22,255}"
    r"|xox[abprs]-[A-Za-z0-9-]{10,200}|AIza[A-Za-z0-9_-]{35}|glpat-[A-Za-z0-9_-]{20,64}|npm_[A-Za-z0-9]{36}|hf_[A-Za-z0-9]{30,64}"
    r"|eyJ[A-Za-z0-9_-]{8,2000}\.eyJ[A-Za-z0-9_-]{8,4000}\.[A-Za-z0-9_-]{16,1000})"
    rf"(?!{_W}|-)"
    r"|-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----"
)
LONGEST_SHAPE: Final = 200
"""Characters of the longest of these that a person would call one word; longer ones (tokens) are found by their beginning in a stream."""


def _luhn(digits: str) -> bool:
    """ISO/IEC 7812-1, annex B."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (1 + place % 2)
        total += value - 9 * (value > 9)
    return total % 10 == 0 and len(set(digits)) > 1


def _iban(plain: str) -> bool:
    """ISO 13616: the number is 1 modulo 97."""
    moved = plain[4:] + plain[:4]
    return int("".join(str(int(char, 36)) for char in moved)) % 97 == 1


def _emails(text: str) -> Iterator[Span]:
    for found in _HOST.finditer(text):
        start = _local(text, found.start())
        if start < found.start():
            yield start, found.end()


def _local(text: str, end: int) -> int:
    """Where the part before the sign begins; in the same kind of script as it ends."""
    start, unspaced = end, text[end - 1 : end] >= _UNSPACED
    while start > max(0, end - _LONGEST_LOCAL):
        char = text[start - 1]
        if not (char.isalnum() or char in _LOCAL) or (char >= _UNSPACED and not unspaced):
            break
        start -= 1
    return start


def _cards(text: str) -> Iterator[Span]:
    """Whole runs of digits, and of longer ones what is grouped as cards are: a number may stand before it, its end or its code behind."""
    for found in _RUN.finditer(text):
        groups = [group.span() for group in _GROUP.finditer(text, *found.span())]
        sizes = tuple(end - start for start, end in groups)
        if _SHORTEST_CARD <= sum(sizes) <= _LONGEST_CARD and _card(text, groups):
            yield found.span()
        else:
            yield from _among(text, groups, sizes)


def _among(text: str, groups: Sequence[Span], sizes: tuple[int, ...]) -> Iterator[Span]:
    """Cards among other numbers."""
    behind = 0
    for first, size in enumerate(sizes):
        for shape in _GROUPED.get(size, ()) if first >= behind else ():
            last = first + len(shape)
            if sizes[first:last] == shape and _card(text, groups[first:last]):
                yield groups[first][0], groups[last - 1][1]
                behind = last
                break


def _card(text: str, groups: Sequence[Span]) -> bool:
    digits = "".join([text[start:end] for start, end in groups])
    # The ranges that are issued: https://en.wikipedia.org/wiki/Payment_card_number
    return digits[0] in "23456" and _luhn(digits)


def _ibans(text: str) -> Iterator[Span]:
    for found in _IBAN.finditer(text):
        # What follows may look like more of it: its country says how long it is.
        length = _IBAN_LENGTHS.get(found[0][:2], 99)
        places = [at for at, char in enumerate(found[0]) if char != " "][:length]
        if len(places) == length and _iban("".join(found[0][at] for at in places)):
            yield found.start(), found.start() + places[-1] + 1


def _phones(text: str) -> Iterator[Span]:
    for found in _PHONE.finditer(text):
        digits = sum(char.isdigit() for char in found[0])
        if 8 <= digits <= 15:
            yield found.span()


def _addresses(text: str) -> Iterator[Span]:
    for found in _IP.finditer(text):
        try:
            address = ip_address(found[0])
        except ValueError:
            continue
        # `::` is punctuation in most programming languages.
        if int(address) > 0xFFFF:
            yield found.span()


def _by(pattern: re.Pattern[str]) -> Callable[[str], Iterator[Span]]:
    return lambda text: (found.span() for found in pattern.finditer(text))


_FINDERS: Final[dict[PiiKind, Callable[[str], Iterator[Span]]]] = {
    "email": _emails,
    "phone": _phones,
    "credit_card": _cards,
    "iban": _ibans,
    "us_ssn": _by(_SSN),
    "ip_address": _addresses,
    "secret": _by(_SECRET),
}


# Without one of these a text has nothing of the kind; a plain search is a hundred times faster than an expression.
_SIGNS: Final[dict[PiiKind, tuple[str, ...]]] = {
    "email": ("@",),
    "us_ssn": ("-",),
    "ip_address": (".", ":"),
    "secret": ("sk-", "AKIA", "ASIA", "gh", "xox", "AIza", "glpat-", "npm_", "hf_", "eyJ", "-----BEGIN "),
}


def find(kind: PiiKind, text: str) -> Iterator[Span]:
    """Where in a text things of this kind stand, in order, as (start, end)."""
    signs = _SIGNS.get(kind)
    if signs is not None and not any(sign in text for sign in signs):
        return iter(())
    return _FINDERS[kind](text)
