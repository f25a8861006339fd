"""Answers of reranking, as a relay reads them.

What is billed differs: tokens (`usage.total_tokens` or `prompt_tokens` of Jina, Voyage and vLLM; `meta.billed_units.input_tokens` or
`meta.tokens.input_tokens` of Cohere), or searches (`meta.billed_units.search_units`): each is one unit of a price per request, which
`Usage` has no number for, so more than one is reckoned by the tokens alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gateway.neutral.usage import IMPOSSIBLE, Usage
from gateway.wire.openai_embeddings.response import text
from gateway.wire.reading import count, impossible

__all__ = ["text", "usage"]


def usage(body: Mapping[str, Any]) -> Usage | None:
    """Tokens in, nothing out; None when the upstream told none."""
    meta = body.get("meta")
    held = meta if isinstance(meta, Mapping) else {}
    if impossible(body.get("usage")) or impossible(held):
        return IMPOSSIBLE
    places = (
        (body.get("usage"), "prompt_tokens"),
        (body.get("usage"), "total_tokens"),
        (held.get("billed_units"), "input_tokens"),
        (held.get("tokens"), "input_tokens"),
    )
    for place, name in places:
        if isinstance(place, Mapping) and isinstance(place.get(name), int):
            return Usage(fresh=count(place, name), source="upstream")
    return None
