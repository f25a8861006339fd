"""Answers of reranking, as a relay reads them.

What is billed differs: tokens (`usage.total_tokens` or `prompt_tokens` of Jina, Voyage and vLLM; `meta.billed_units.input_tokens` or
`meta.tokens.input_tokens` of Cohere), or searches (`meta.billed_units.search_units`), each of which costs what a request does.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from gateway.neutral.usage import IMPOSSIBLE, Usage
from gateway.wire.openai_embeddings.response import text
from gateway.wire.reading import count, impossible

__all__ = ["text", "usage"]

_MOST_SEARCHES: Final = 10**6  # beyond any request


def usage(body: Mapping[str, Any]) -> Usage | None:
    """Tokens in and searches, nothing out; None when the upstream told none."""
    meta = body.get("meta")
    held = meta if isinstance(meta, Mapping) else {}
    if impossible(body.get("usage")) or impossible(held):
        return IMPOSSIBLE
    searches = min(count(held.get("billed_units"), "search_units"), _MOST_SEARCHES)
    places = (
        (body.get("usage"), "prompt_tokens"),
        (body.get("usage"), "total_tokens"),
        (held.get("billed_units"), "input_tokens"),
        (held.get("tokens"), "input_tokens"),
    )
    for place, name in places:
        if isinstance(place, Mapping) and isinstance(place.get(name), int):
            return Usage(fresh=count(place, name), searches=searches, source="upstream")
    return Usage(searches=searches, source="upstream") if searches else None
