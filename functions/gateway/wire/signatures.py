"""Opaque proofs of one dialect, carried through clients of another.

A client hands back a thought's signature exactly as it got it. So a foreign one is put into an envelope that names its dialect; when it
comes back, the envelope is opened, and the signature goes to upstreams of its own dialect alone.
"""

from __future__ import annotations

import base64
import binascii
from typing import Final

from gateway.neutral.blocks import Signature

_MARK: Final = "gateway.sig1."
# The same thoughts, whoever hosts the model: https://platform.claude.com/docs/en/build-with-claude/extended-thinking#thinking-encryption
_SAME: Final = frozenset(["anthropic_messages", "bedrock_converse"])


def belongs(signature: Signature | None, dialect: str) -> bool:
    """Whether upstreams of `dialect` understand the signature."""
    if signature is None:
        return False
    return signature.dialect == dialect or {signature.dialect, dialect} <= _SAME


def seal(signature: Signature, dialect: str) -> str:
    """What a client of `dialect` is given: its own kind as it is, a foreign one in an envelope. The result is valid base64 in either case."""
    if belongs(signature, dialect):
        return signature.data
    return base64.b64encode(f"{_MARK}{signature.dialect}.{signature.data}".encode()).decode()


SEALED: Final = base64.b64encode(_MARK.encode() + b"\0\0").decode()[: len(_MARK) * 4 // 3]
"""How every envelope begins."""

# google-genai parses signatures as bytes and writes them back in the other alphabet of base64.
_STANDARD: Final = str.maketrans("-_", "+/")


def opened(value: str, dialect: str) -> Signature:
    """The signature a client of `dialect` handed back, out of its envelope if it was in one."""
    if value.startswith(SEALED):
        plain = value.translate(_STANDARD).rstrip("=")
        try:
            inner = base64.b64decode(plain + "=" * (-len(plain) % 4), validate=True).decode()
        except (binascii.Error, UnicodeDecodeError):
            return Signature(dialect, value)
        origin, dot, data = inner.removeprefix(_MARK).partition(".")
        if inner.startswith(_MARK) and dot and origin:
            return Signature(origin, data)
    return Signature(dialect, value)
