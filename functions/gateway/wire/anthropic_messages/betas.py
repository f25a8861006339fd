"""The flags of `anthropic-beta`, of which servers that copy Anthropic's API refuse some. https://platform.claude.com/docs/en/api/beta-headers"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

NAME: Final = "anthropic-beta"
_NAME: Final = NAME.encode()


def allowed(headers: Iterable[tuple[bytes, bytes]], denied: Sequence[str]) -> tuple[list[tuple[bytes, bytes]], bool]:
    """Headers without the denied flags, and whether any was there. Entries that end in `*` deny what begins so. Flags stand in comma lists,
    in one header or in several; one that is left empty goes, one that loses nothing keeps its bytes."""
    kept: list[tuple[bytes, bytes]] = []
    dropped = False
    for name, value in headers:
        if name == _NAME:
            flags = [flag.strip() for flag in value.split(b",")]
            good = [flag for flag in flags if not _is_denied(flag.decode("latin-1"), denied)]
            if len(good) < len(flags):
                dropped = True
                if any(good):
                    kept.append((name, b",".join(flag for flag in good if flag)))
                continue
        kept.append((name, value))
    return kept, dropped


def _is_denied(flag: str, denied: Iterable[str]) -> bool:
    return any(flag.startswith(entry[:-1]) if entry.endswith("*") else flag == entry for entry in denied if flag)
