"""`countTokens`: https://ai.google.dev/api/tokens#method:-models.counttokens

The request is `{"contents": […]}`, or `{"generateContentRequest": {…}}` with everything that belongs to the prompt (system instruction, tools).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson

from gateway.errors import InvalidRequest
from gateway.neutral.request import Request
from gateway.neutral.usage import Usage
from gateway.wire.gemini.request import contents_field, either, model_member, nested
from gateway.wire.gemini.request_decode import decode
from gateway.wire.json_body import parse
from gateway.wire.reading import Peek


def peek(raw: bytes, *, model: str, stream: bool = False) -> Peek:
    """Read what routing needs: exactly one of the two forms; InvalidRequest names the field that is wrong."""
    del stream
    body = parse(raw)
    name = _whole(body.data)
    if name is None:
        contents_field(body.data)
    elif body.data.get("contents"):
        raise InvalidRequest(f"Send 'contents' or '{name}', not both.", param="contents")
    else:
        contents_field(nested(body, name).data)
    return Peek(body, model)


def relay_body(request: Peek, model: str, *, ask_usage: bool) -> bytes:
    """The bytes for the upstream: model names inside replaced."""
    del ask_usage
    body = request.body
    values = model_member(body.data, model)
    name = _whole(body.data)
    if name is not None:
        inner = nested(body, name)
        values[name] = orjson.Fragment(inner.replace(model_member(inner.data, model)))
    return body.replace(values)


def prompt(data: Mapping[str, Any]) -> Mapping[str, Any]:
    """The generateContent request whose tokens are asked for, of either form."""
    name = _whole(data)
    found = data if name is None else data[name]
    return found if isinstance(found, Mapping) else {}


def decode_count(data: Mapping[str, Any], *, model: str) -> Request:
    """The request in neutral form, for a count that is made here; InvalidRequest names the field that is wrong."""
    return decode(prompt(data), model=model, stream=False)


def counted(body: Mapping[str, Any]) -> Usage | None:
    """Counting consumes nothing: its answer is not usage."""
    del body
    return Usage()


def encode_count(tokens: int) -> dict[str, Any]:
    """The answer to a count that was made here."""
    return {"totalTokens": tokens}


def _whole(data: Mapping[str, Any]) -> str | None:
    return either(data, "generateContentRequest", "generate_content_request")
