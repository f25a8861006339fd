"""Requests of OpenAI Embeddings, as a relay reads them. https://platform.openai.com/docs/api-reference/embeddings/create"""

from __future__ import annotations

from gateway.errors import InvalidRequest
from gateway.wire.json_body import parse, text_field
from gateway.wire.reading import Peek


def peek(raw: bytes) -> Peek:
    """Read the model; `input` must be there (a string, or an array of strings or token ids)."""
    body = parse(raw)
    model = text_field(body.data, "model")
    value = body.data.get("input")
    if value is None:
        raise InvalidRequest("The field 'input' is missing.", param="input")
    if not isinstance(value, str | list) or not value:
        raise InvalidRequest("The field 'input' must be a non-empty string or array.", param="input")
    return Peek(body, model)


def relay_body(request: Peek, model: str, *, ask_usage: bool) -> bytes:
    """The bytes for the upstream: only the model name is replaced."""
    del ask_usage
    return request.body.replace({} if model == request.model else {"model": model})
