"""Requests of Moderations, as a relay reads them. https://platform.openai.com/docs/api-reference/moderations/create"""

from __future__ import annotations

from typing import Final

from gateway.errors import InvalidRequest
from gateway.wire.json_body import parse, text_field
from gateway.wire.openai_embeddings.request import relay_body
from gateway.wire.reading import Peek

__all__ = ["peek", "relay_body"]

# OpenAI's own default, where a client names none.
DEFAULT: Final = "omni-moderation-latest"


def peek(raw: bytes) -> Peek:
    """Read the model; `input` must be there (a string, an array of strings, or of parts with text or pictures)."""
    body = parse(raw)
    model = DEFAULT if body.data.get("model") is None else text_field(body.data, "model")
    value = body.data.get("input")
    if value is None:
        raise InvalidRequest("The field 'input' is missing.", param="input")
    if not isinstance(value, str | list) or value == []:
        raise InvalidRequest("The field 'input' must be a string or a non-empty array.", param="input")
    return Peek(body, model)
