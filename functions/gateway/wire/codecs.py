"""The codecs by dialect. They are loaded when the first translation needs them: a relay, which is most traffic, starts without them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from gateway.neutral.dialects import Dialect
from gateway.wire.codec import Codec


def _chat() -> Codec:
    from gateway.wire.openai_chat.codec import CODEC

    return CODEC


def _responses() -> Codec:
    from gateway.wire.openai_responses.codec import CODEC

    return CODEC


def _messages() -> Codec:
    from gateway.wire.anthropic_messages.codec import CODEC

    return CODEC


def _gemini() -> Codec:
    from gateway.wire.gemini.codec import CODEC

    return CODEC


def _converse() -> Codec:
    from gateway.wire.bedrock_converse.codec import CODEC

    return CODEC


_LOADERS: Final[Mapping[Dialect, Callable[[], Codec]]] = {
    "openai_chat": _chat,
    "openai_responses": _responses,
    "anthropic_messages": _messages,
    "gemini": _gemini,
    "bedrock_converse": _converse,
}

TRANSLATED: Final[tuple[Dialect, ...]] = tuple(_LOADERS)
"""Dialects that have a codec."""


def codec(dialect: Dialect) -> Codec:
    """The codec of a dialect; KeyError when it has none."""
    return _LOADERS[dialect]()
