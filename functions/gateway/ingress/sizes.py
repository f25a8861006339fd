"""What of a request's body, beside the limit of its answer (`affinity.max_output`), decides how much it may cost at most.

Cheap: top-level members are looked up, and marks are searched for in the body's bytes. A mark that only stands in a text is taken for one: then
a little more is held while the request runs. Nothing here raises; a value of a wrong type counts as absent.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from gateway.neutral.dialects import Dialect
from gateway.neutral.usage import service_of

_MOST_CHOICES: Final = 1_000
# Anthropic's mark in its own dialect and where others carry it, and the two of Bedrock and its kin.
_MARKS: Final = (b"cache_control", b"cachePoint", b"cache_point")
# As parts of messages name their kinds and types: `input_audio`, `image_url`, `audio/wav`, `inline_data`, files that may hold either.
_MEDIA: Final = (b"audio", b"image", b"inlineData", b"inline_data", b"fileData", b"file_data", b"file_id", b"video")
# Letters that nobody needs to escape: whoever does hides a word.
_HIDDEN: Final = (b"\\u005", b"\\u006", b"\\u007")


def choices(dialect: Dialect, body: Mapping[str, Any]) -> int:
    """How many answers the client wants, at least 1: OpenAI's `n` (or `best_of`, of which all are paid), Gemini's `candidateCount`."""
    if dialect == "gemini":
        config = body.get("generationConfig", body.get("generation_config"))
        within = config if isinstance(config, Mapping) else {}
        found = [within.get("candidateCount"), within.get("candidate_count")]
    else:
        found = [body.get("n"), body.get("best_of")]
    counts = [value for value in found if isinstance(value, int) and not isinstance(value, bool)]
    return min(max(1, *counts), _MOST_CHOICES) if counts else 1


def caches(raw: bytes) -> bool:
    """Whether a body (its bytes) holds marks of a prompt cache. One that names cached content by id holds none: it is not written again."""
    return any(mark in raw for mark in (*_MARKS, *_HIDDEN))


def media(raw: bytes) -> bool:
    """Whether there may be sound or pictures in a body (its bytes)."""
    return any(word in raw for word in (*_MEDIA, *_HIDDEN))


def service(body: Mapping[str, Any]) -> str:
    """The service tier asked for, as `Usage.service` has it: "" for the usual one, and for `auto`, which is what the account is set to."""
    return service_of(body.get("service_tier"))
