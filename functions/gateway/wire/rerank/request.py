"""Requests of reranking, as a relay reads them."""

from __future__ import annotations

from gateway.errors import InvalidRequest
from gateway.wire.json_body import list_field, parse, text_field
from gateway.wire.openai_embeddings.request import relay_body
from gateway.wire.reading import Peek

__all__ = ["peek", "relay_body"]


def peek(raw: bytes) -> Peek:
    """Read the model; `query` and `documents` must be there. What a document is (a text, an object) is the provider's business."""
    body = parse(raw)
    model = text_field(body.data, "model")
    query = body.data.get("query")
    if not isinstance(query, str) or not query:
        raise InvalidRequest("The field 'query' must be a non-empty string.", param="query")
    list_field(body.data, "documents")
    return Peek(body, model)
