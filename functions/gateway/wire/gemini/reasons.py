"""Why an answer ended: https://ai.google.dev/api/generate-content#FinishReason"""

from __future__ import annotations

from typing import Final

from gateway.neutral.response import Stop, StopReason

_FILTERS: Final = (
    "SAFETY",
    "RECITATION",
    "BLOCKLIST",
    "PROHIBITED_CONTENT",
    "SPII",
    "IMAGE_SAFETY",
    "IMAGE_PROHIBITED_CONTENT",
    "IMAGE_RECITATION",
    "MODEL_ARMOR",
)
_BAD_CALLS: Final = (
    "MALFORMED_FUNCTION_CALL",
    "UNEXPECTED_TOOL_CALL",
    "TOO_MANY_TOOL_CALLS",
    "MISSING_THOUGHT_SIGNATURE",
)

_REASONS: Final[dict[str, StopReason]] = {
    "STOP": "end",
    "MAX_TOKENS": "length",
    **dict.fromkeys(_FILTERS, "content_filter"),
    **dict.fromkeys(_BAD_CALLS, "bad_tool_call"),
}

_WORDS: Final[dict[StopReason, str]] = {
    "end": "STOP",
    "stop_sequence": "STOP",
    "tool_call": "STOP",
    "length": "MAX_TOKENS",
    "context": "MAX_TOKENS",
    "content_filter": "SAFETY",
    "refusal": "SAFETY",
    "bad_tool_call": "MALFORMED_FUNCTION_CALL",
    "pause": "OTHER",
    "other": "OTHER",
}


def decode(word: str, *, calls: bool) -> Stop:
    """What a `finishReason` means. Gemini says STOP after calls too: `calls` tells that there were some."""
    reason = _REASONS.get(word, "other")
    return Stop("tool_call" if reason == "end" and calls else reason, raw=word)


def encode(stop: Stop | None, *, bad_calls: bool = False) -> str:
    """The word for a stop; OTHER where the upstream did not say, since clients take an answer without a reason for a broken one."""
    if bad_calls:
        return "MALFORMED_FUNCTION_CALL"
    return "OTHER" if stop is None else _WORDS[stop.reason]
