"""What of a request's body decides how much it may cost at most.

Cheap: top-level members are looked up, and marks are searched for in the body's bytes. A mark that only stands in a text is taken for one: then
a little more is held while the request runs. Numbers are read as the laxest server does, that takes `"8"` and `8.0` for 8, and of two spellings
of one limit the larger counts: which of them holds is the server's choice. Nothing here raises; what cannot be read counts as absent.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any, Final

from gateway.neutral.dialects import Dialect

_MOST_CHOICES: Final = 10**6  # servers of one's own set no limit
_MOST_TOKENS: Final = 10**12  # beyond any answer, and what comes of it fits into the store's numbers
_LIMITS: Final = ("max_completion_tokens", "max_tokens", "max_output_tokens")
_CONFIGS: Final = ("generationConfig", "generation_config")
# Members that stand for input which lies at the provider, of a size that nobody here knows.
_ELSEWHERE: Final[Mapping[str, tuple[str, ...]]] = {
    "openai_responses": ("previous_response_id", "conversation", "prompt"),
    "gemini": ("cachedContent", "cached_content"),
}
# Anthropic's mark in its own dialect and where others carry it, and the two of Bedrock and its kin.
_MARKS: Final = (b"cache_control", b"cachePoint", b"cache_point")
# As parts of messages name their kinds and types: `input_audio`, `image_url`, `audio/wav`, `inline_data`, files that may hold either.
_MEDIA: Final = (b"audio", b"image", b"inlineData", b"inline_data", b"fileData", b"file_data", b"file_id", b"video")
# Letters that nobody needs to escape: whoever does hides a word.
_HIDDEN: Final = (b"\\u005", b"\\u006", b"\\u007")


def choices(dialect: Dialect, body: Mapping[str, Any]) -> int:
    """How many answers the client wants, at least 1: OpenAI's `n` (or `best_of`, of which all are paid), Gemini's `candidateCount`."""
    names = ("candidateCount", "candidate_count") if dialect == "gemini" else ("n", "best_of")
    return min(max(_numbers(dialect, body, names), default=1), _MOST_CHOICES)


def output(dialect: Dialect, body: Mapping[str, Any]) -> int | None:
    """The most tokens one answer may have by what the client says; None when it says nothing."""
    names = ("maxOutputTokens", "max_output_tokens") if dialect == "gemini" else _LIMITS
    most = max(_numbers(dialect, body, names), default=None)
    return None if most is None else min(most, _MOST_TOKENS)


def elsewhere(dialect: Dialect, body: Mapping[str, Any]) -> bool:
    """Whether a part of the input lies at the provider: a stored conversation, prompt or cache, which a tiny body may continue."""
    return any(body.get(name) is not None for name in _ELSEWHERE.get(dialect, ()))


def detached(dialect: Dialect, body: Mapping[str, Any]) -> bool:
    """Whether the provider is to work on when the answer is out, so that nobody here will hear what it came to."""
    return dialect == "openai_responses" and body.get("background") not in (None, False)


def _numbers(dialect: Dialect, body: Mapping[str, Any], names: tuple[str, ...]) -> Iterator[int]:
    """Values above 0 under any of the names, where the dialect keeps them."""
    places: list[Any] = [body.get(name) for name in _CONFIGS] if dialect == "gemini" else [body]
    for place in places:
        for name in names if isinstance(place, Mapping) else ():
            value = _number(place.get(name))
            if value is not None and value > 0:
                yield math.ceil(value)


def _number(value: Any) -> float | None:
    """A number, or a text that is one; whole ones stay exact."""
    if isinstance(value, str):
        try:
            value = float(value) if len(value) <= 64 else None
        except ValueError:
            return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return value if isinstance(value, int) or math.isfinite(value) else None


def caches(raw: bytes) -> bool:
    """Whether a body (its bytes) holds marks of a prompt cache. One that names cached content by id holds none: it is not written again."""
    return any(mark in raw for mark in (*_MARKS, *_HIDDEN))


def media(raw: bytes) -> bool:
    """Whether there may be sound or pictures in a body (its bytes)."""
    return any(word in raw for word in (*_MEDIA, *_HIDDEN))
