"""Why an answer ended, in this dialect's words: https://platform.openai.com/docs/api-reference/chat/object#chat-object-choices-finish_reason"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from gateway.neutral.response import Stop, StopReason

_READ: Final[Mapping[str, StopReason]] = {
    "stop": "end",
    "length": "length",
    "tool_calls": "tool_call",
    "function_call": "tool_call",
    "content_filter": "content_filter",
    "model_length": "context",  # Mistral
}
_WRITTEN: Final[Mapping[StopReason, str]] = {
    "end": "stop",
    "stop_sequence": "stop",
    "length": "length",
    "context": "length",
    "tool_call": "tool_calls",
    "content_filter": "content_filter",
    "refusal": "content_filter",
    "pause": "stop",
    "bad_tool_call": "stop",
    "other": "stop",
}


def read(choice: Mapping[str, Any], *, called: bool, refused: bool) -> Stop | None:
    """The stop of an upstream's choice. Several vendors say `stop` after tool calls; vLLM names the stop sequence in `stop_reason`."""
    raw = choice.get("finish_reason")
    if not isinstance(raw, str) or not raw:
        return None
    met = choice.get("stop_reason")
    reason = _READ.get(raw, "other")
    if reason == "end":
        if isinstance(met, str) and met:
            return Stop("stop_sequence", met, raw)
        reason = "tool_call" if called else "refusal" if refused else "end"
    return Stop(reason, raw=raw)


def written(stop: Stop | None, *, called: bool, refused: bool, legacy: bool) -> str:
    """`finish_reason` for a client: a refusal in the model's own words is a `stop`, one without words is the work of a filter."""
    if stop is None:
        word = "tool_calls" if called else "stop"
    elif stop.reason == "refusal" and refused:
        word = "stop"
    else:
        word = _WRITTEN[stop.reason]
    return "function_call" if legacy and word == "tool_calls" else word
