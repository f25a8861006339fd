"""Requests of OpenAI Chat Completions, as a relay reads them. https://platform.openai.com/docs/api-reference/chat/create"""

from __future__ import annotations

from typing import Any

import orjson

from gateway.errors import InvalidRequest
from gateway.wire.json_body import JsonBody, flag_field, list_field, parse, text_field
from gateway.wire.reading import Peek


def peek(raw: bytes) -> Peek:
    """Read what routing and accounting need; InvalidRequest names the field that is wrong."""
    body = parse(raw)
    model = text_field(body.data, "model")
    list_field(body.data, "messages")
    options = body.data.get("stream_options")
    if options is not None and not isinstance(options, dict):
        raise InvalidRequest("The field 'stream_options' must be an object.", param="stream_options")
    wants_usage = isinstance(options, dict) and options.get("include_usage") is True
    return Peek(body, model, stream=flag_field(body.data, "stream"), wants_usage=wants_usage)


def relay_body(request: Peek, model: str, *, ask_usage: bool) -> bytes:
    """The bytes for the upstream: the model name replaced, and usage asked for when the client did not ask itself."""
    values: dict[str, Any] = {} if model == request.model else {"model": model}
    if ask_usage and request.stream and not request.wants_usage:
        values["stream_options"] = _with_usage(request.body)
    return request.body.replace(values)


def _with_usage(body: JsonBody) -> Any:
    """`stream_options` with `include_usage` set and the client's other options as they were written."""
    if not body.data.get("stream_options"):
        return {"include_usage": True}
    span = body.spans["stream_options"]
    return orjson.Fragment(parse(body.raw[span.start : span.end]).replace({"include_usage": True}))
