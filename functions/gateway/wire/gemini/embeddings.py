"""`embedContent` and `batchEmbedContents`, as a relay reads them. https://ai.google.dev/api/embeddings"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

import orjson

from gateway.errors import InvalidRequest
from gateway.neutral.usage import Usage
from gateway.wire.gemini import response
from gateway.wire.gemini.request import model_member
from gateway.wire.json_body import JsonBody, list_field, parse
from gateway.wire.reading import Peek

_TOKEN: Final = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"|[\[\]{}]', re.DOTALL)


def peek(raw: bytes, *, model: str, stream: bool = False) -> Peek:
    """Read an `embedContent` request; InvalidRequest names the field that is wrong."""
    del stream
    body = parse(raw)
    if not isinstance(body.data.get("content"), dict):
        raise InvalidRequest("The field 'content' must be an object.", param="content")
    return Peek(body, model)


def peek_batch(raw: bytes, *, model: str, stream: bool = False) -> Peek:
    """Read a `batchEmbedContents` request; InvalidRequest names the field that is wrong."""
    del stream
    body = parse(raw)
    list_field(body.data, "requests")
    for index, one in enumerate(body.data["requests"]):
        if not isinstance(one, dict):
            raise InvalidRequest(f"The field 'requests[{index}]' must be an object.", param=f"requests[{index}]")
    return Peek(body, model)


def relay_body(request: Peek, model: str, *, ask_usage: bool) -> bytes:
    """The bytes for the upstream of either operation: every `model` member names the upstream's model, every other byte stays."""
    del ask_usage
    body = request.body
    values = model_member(body.data, model)
    if isinstance(body.data.get("requests"), list):
        values["requests"] = orjson.Fragment(_renamed(body, model))
    return body.replace(values)


def _renamed(body: JsonBody, model: str) -> bytes:
    span = body.spans["requests"]
    raw = body.raw[span.start : span.end]
    pieces: list[bytes] = []
    position = 0
    for start, end in _objects(raw):
        one = parse(raw[start:end])
        pieces += [raw[position:start], one.replace(model_member(one.data, model))]
        position = end
    return b"".join([*pieces, raw[position:]])


def _objects(raw: bytes) -> Iterator[tuple[int, int]]:
    """Where the objects of a JSON array of objects stand."""
    depth = start = 0
    for token in _TOKEN.finditer(raw):
        first = token[0][:1]
        if first in b"[{":
            depth += 1
            start = token.start() if depth == 2 else start
        elif first in b"]}":
            depth -= 1
            if depth == 1:
                yield start, token.end()


def usage(body: Mapping[str, Any]) -> Usage | None:
    """Usage of an answer, None when the upstream gave none (most embedding models give none)."""
    return response.usage(body)


def text(body: Mapping[str, Any]) -> str:
    """Embeddings generate no text."""
    del body
    return ""
