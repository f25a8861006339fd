"""Tables as CSV (RFC 4180) that a spreadsheet shows and never runs."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Final

_STARTS_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n")


def harmless(value: object) -> object:
    """The value, or, for text that a spreadsheet may take for a formula, the same behind an apostrophe.

    https://owasp.org/www-community/attacks/CSV_Injection. Numbers stay numbers.
    """
    if not isinstance(value, str):
        return value
    # Spreadsheets skip leading blanks, and take the full-width forms of these signs for the signs.
    bare = value.lstrip(" \u00a0\u3000")
    formula = value.startswith(_STARTS_FORMULA) or bare.startswith(
        (*_STARTS_FORMULA, "\uff1d", "\uff0b", "\uff0d", "\uff20")
    )
    return f"'{value}" if formula else value


def csv_text(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """The table with its header; None is an empty field, lines end with CR LF."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(header)
    for row in rows:
        writer.writerow([harmless(value) for value in row])
    return out.getvalue()
