"""Requests of reranking, as a relay reads them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import orjson

from gateway.errors import InvalidRequest
from gateway.neutral.usage import Usage
from gateway.wire.json_body import list_field, parse, text_field
from gateway.wire.openai_embeddings.request import relay_body
from gateway.wire.reading import Peek

__all__ = ["most", "peek", "relay_body"]

# A search is a query with up to a hundred documents; one that has, with the query, more than 500 tokens counts as several. No text has more tokens
# than bytes: https://docs.cohere.com/docs/rerank-overview, https://cohere.com/pricing
_DOCUMENTS_OF_ONE: Final = 100
_BYTES_OF_ONE: Final = 500


def peek(raw: bytes) -> Peek:
    """Read the model; `query` and `documents` must be there. What a document is (a text, an object) is the provider's business."""
    body = parse(raw)
    model = text_field(body.data, "model")
    query = body.data.get("query")
    if not isinstance(query, str) or not query:
        raise InvalidRequest("The field 'query' must be a non-empty string.", param="query")
    list_field(body.data, "documents")
    return Peek(body, model)


def most(data: Mapping[str, Any]) -> Usage:
    """The most searches that a request may be billed as."""
    documents, query = data.get("documents"), _size(data.get("query"))
    pieces = sum(1 + (_size(one) + query) // _BYTES_OF_ONE for one in documents) if isinstance(documents, list) else 1
    return Usage(searches=-(-pieces // _DOCUMENTS_OF_ONE))


def _size(value: Any) -> int:
    return len(value.encode()) if isinstance(value, str) else len(orjson.dumps(value))
