"""What an answer as a whole tells, in chunks and in one piece: its name, its model, its time, its usage.

https://ai.google.dev/api/generate-content#v1beta.GenerateContentResponse
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from gateway.neutral.response import Started
from gateway.neutral.usage import Usage
from gateway.wire.gemini import response

READ: Final = frozenset(["candidates", "usageMetadata", "modelVersion", "responseId", "createTime"])

WHOLE: Final = frozenset(["promptFeedback", "modelStatus"])
"""Members of a chunk that belong to no candidate and have no neutral meaning."""


def started(body: Mapping[str, Any]) -> Started:
    """The head of an answer; `usage` is what is known of the input by then."""
    return Started(
        id=_words(body, "responseId"),
        model=_words(body, "modelVersion"),
        created=_seconds(body.get("createTime")),
        usage=response.usage(body),
    )


def head(model: str, name: str, created: int) -> dict[str, Any]:
    """The members that stand in every chunk."""
    moment = datetime.fromtimestamp(created, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return {"modelVersion": model, "createTime": moment, "responseId": name}


def usage_metadata(usage: Usage | None) -> dict[str, Any]:
    """Usage in Google's buckets: the prompt's count includes what was read from a cache, thoughts stand beside the candidates.

    The split by modality is left out: nobody told it.
    """
    if usage is None:
        return {}
    found = {"promptTokenCount": usage.input_total}
    if usage.cache_read:
        found["cachedContentTokenCount"] = usage.cache_read
    found["candidatesTokenCount"] = usage.output - usage.reasoning
    if usage.reasoning:
        found["thoughtsTokenCount"] = usage.reasoning
    found["totalTokenCount"] = usage.input_total + usage.output
    return {"usageMetadata": found}


def _words(body: Mapping[str, Any], name: str) -> str | None:
    value = body.get(name)
    return value if isinstance(value, str) and value else None


def _seconds(value: Any) -> int | None:
    if not isinstance(value, str):
        return None
    try:
        return int(datetime.fromisoformat(value).timestamp())
    except (ValueError, OverflowError):
        return None
