"""Requests of OpenAI Responses, as a relay reads them. https://platform.openai.com/docs/api-reference/responses/create"""

from __future__ import annotations

from typing import Any

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
    """The bytes for the upstream: the model name is replaced, and a wish of Chat Completions taken out; Responses always reports usage.

    Cursor sends `stream_options.include_usage` here, too, which OpenAI refuses as unknown: https://github.com/BerriAI/litellm/issues/18200
    """
    del ask_usage
    changed: dict[str, Any] = {} if model == request.model else {"model": model}
    options = request.body.data.get("stream_options")
    if isinstance(options, dict) and "include_usage" in options:
        left = {name: value for name, value in options.items() if name != "include_usage"}
        changed["stream_options"] = left or None
    return request.body.replace(changed)
