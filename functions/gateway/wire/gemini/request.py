"""Requests of `generateContent` and `streamGenerateContent`, as a relay reads them. https://ai.google.dev/api/generate-content

The model stands in the path: whoever calls has read it there. Field names come in camelCase and in snake_case, which protobuf's JSON form
allows alike.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gateway.errors import InvalidRequest
from gateway.wire.json_body import JsonBody, list_field, parse
from gateway.wire.reading import Peek


def peek(raw: bytes, *, model: str, stream: bool) -> Peek:
    """Read what routing and accounting need; InvalidRequest names the field that is wrong."""
    body = parse(raw)
    contents_field(body.data)
    return Peek(body, model, stream=stream)


def contents_field(data: Mapping[str, Any]) -> None:
    """`contents` is needed: a non-empty array, or a lone object, which Google reads as an array of one."""
    if not (isinstance(data.get("contents"), dict) and data["contents"]):
        list_field(data, "contents")


def relay_body(request: Peek, model: str, *, ask_usage: bool) -> bytes:
    """The bytes for the upstream, unchanged but for a `model` member; Gemini always reports usage."""
    del ask_usage
    return request.body.replace(model_member(request.body.data, model))


def model_member(data: Mapping[str, Any], model: str) -> dict[str, Any]:
    """What replaces a `model` member in a body: the upstream's name as a resource name. Where there is none, none is added."""
    if "model" not in data:
        return {}
    if not isinstance(data["model"], str):
        raise InvalidRequest("The field 'model' must be a string.", param="model")
    return {"model": f"models/{model}"}


def nested(body: JsonBody, name: str) -> JsonBody:
    """A member that is an object, as a body of its own."""
    if not isinstance(body.data[name], dict):
        raise InvalidRequest(f"The field '{name}' must be an object.", param=name)
    span = body.spans[name]
    return parse(body.raw[span.start : span.end])


def either(data: Mapping[str, Any], camel: str, snake: str) -> str | None:
    """The spelling in which a member is there; None when it is absent. Both at once are refused: parsers differ in which one they take."""
    if camel in data and snake in data:
        raise InvalidRequest(f"The fields '{camel}' and '{snake}' are the same; send one of them.", param=camel)
    return camel if camel in data else snake if snake in data else None
