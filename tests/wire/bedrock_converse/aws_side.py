"""What AWS's own SDK makes of a request or an answer: botocore's shapes, its validator and its parsers."""

from __future__ import annotations

import base64
import functools
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import botocore.session
from botocore.eventstream import EventStream
from botocore.model import OperationModel, Shape
from botocore.parsers import EventStreamJSONParser, RestJSONParser
from botocore.validate import ParamValidator

from gateway.wire.eventstream import event

FIXTURES = Path(__file__).parents[1] / "fixtures" / "bedrock_converse"
ANSWERS = sorted(path.name.partition(".")[0] for path in FIXTURES.glob("*.response.json"))


def load(name: str) -> Any:
    return json.loads((FIXTURES / name).read_text("utf-8"))


def frames(case: str) -> list[bytes]:
    """The frames of `<case>.stream.jsonl`: a line is `[event type, payload]`."""
    lines = (FIXTURES / f"{case}.stream.jsonl").read_text("utf-8").split("\n")
    return [frame(*json.loads(line)) for line in lines if line]


def frame(name: str, payload: Any, kind: str = "event") -> bytes:
    return event(name, json.dumps(payload, ensure_ascii=False).encode(), kind)


@functools.cache
def operation(name: str) -> OperationModel:
    return botocore.session.get_session().get_service_model("bedrock-runtime").operation_model(name)


def complaints(body: dict[str, Any]) -> str:
    """What botocore's validator says of a request's body; "" when nothing."""
    shape = operation("ConverseStream").input_shape
    params = {"modelId": "anthropic.claude-x", **_with_bytes(body, shape)}
    report: str = ParamValidator().validate(params, shape).generate_report()
    return report


def _with_bytes(value: Any, shape: Shape) -> Any:
    """The value with its base64 texts decoded, as an SDK's caller would hand it over. A text that is not base64 fails here."""
    if shape.type_name == "blob":
        return base64.b64decode(value, validate=True)
    if shape.type_name == "list":
        return [_with_bytes(item, shape.member) for item in value]
    if shape.type_name == "map":
        return {name: _with_bytes(item, shape.value) for name, item in value.items()}
    if shape.type_name == "structure" and not getattr(shape, "is_document_type", False):
        members = shape.members
        return {name: _with_bytes(item, members[name]) if name in members else item for name, item in value.items()}
    return value


def parsed(body: bytes) -> dict[str, Any]:
    """A whole answer as botocore reads it."""
    response = {"status_code": 200, "headers": {}, "body": body}
    found: dict[str, Any] = RestJSONParser().parse(response, operation("Converse").output_shape)
    return found


class _Raw:
    def __init__(self, chunks: Iterable[bytes]) -> None:
        self._chunks = chunks

    def stream(self) -> Iterator[bytes]:
        yield from self._chunks


def streamed(data: Iterable[bytes]) -> list[dict[str, Any]]:
    """A stream's events as botocore reads them; EventStreamError for an exception frame."""
    shape = operation("ConverseStream").output_shape.members["stream"]
    return list(EventStream(_Raw(data), shape, EventStreamJSONParser(), "ConverseStream"))
