"""Requests of OpenAI Responses, as a relay reads them. https://platform.openai.com/docs/api-reference/responses/create"""

from __future__ import annotations

from gateway.errors import InvalidRequest
from gateway.wire.json_body import flag_field, parse, text_field
from gateway.wire.reading import Peek


def peek(raw: bytes) -> Peek:
    """Read what routing and accounting need; InvalidRequest names the field that is wrong.

    `input` is text or an array and may be absent: a stored `prompt` or a `conversation` can stand in its place.
    """
    body = parse(raw)
    model = text_field(body.data, "model")
    given = body.data.get("input")
    if given is not None and not isinstance(given, str | list):
        raise InvalidRequest("The field 'input' must be a string or an array.", param="input")
    return Peek(body, model, stream=flag_field(body.data, "stream"))


def relay_body(request: Peek, model: str, *, ask_usage: bool) -> bytes:
    """The bytes for the upstream: only the model name is replaced; Responses always reports usage."""
    del ask_usage
    return request.body.replace({} if model == request.model else {"model": model})
