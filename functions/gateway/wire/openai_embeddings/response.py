"""Answers of OpenAI Embeddings, as a relay reads them. https://platform.openai.com/docs/api-reference/embeddings/object"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gateway.neutral.usage import IMPOSSIBLE, Usage
from gateway.wire.reading import count, impossible


def usage(body: Mapping[str, Any]) -> Usage | None:
    """`prompt_tokens` in, nothing out; None when the upstream gave no usage."""
    data = body.get("usage")
    if impossible(data):
        return IMPOSSIBLE
    if not isinstance(data, Mapping) or not isinstance(data.get("prompt_tokens"), int):
        return None
    return Usage(fresh=count(data, "prompt_tokens"), source="upstream")


def text(body: Mapping[str, Any]) -> str:
    """Embeddings generate no text."""
    del body
    return ""
