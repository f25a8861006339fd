"""One invocation as the fake Runtime API sees it, and the events it hands out."""

from __future__ import annotations

import base64
import json
import threading
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

PATIENCE = 20.0


@dataclass(frozen=True)
class Chunk:
    """One chunk as framed by the runtime, and when it was whole."""

    at: float
    data: bytes


@dataclass(frozen=True)
class Report:
    """A POST to one of the error paths."""

    path: str
    error_type: str
    document: Any


@dataclass
class Behaviour:
    """How the API treats one invocation. `break_after`: reset the connection after so many chunks. `refuse_after`: answer `refuse_status`
    after so many chunks and take no notice of the rest. `chunked_event`: hand the event over in chunked coding. `close_after_event`, `answer_close`:
    close the connection after the event (without a word), after the answer (announced)."""

    break_after: int | None = None
    refuse_after: int | None = None
    refuse_status: int = 413
    chunked_event: bool = False
    close_after_event: bool = False
    answer_close: bool = False


class Call:
    """One invocation and everything that is known of its response."""

    def __init__(self, payload: bytes, headers: Mapping[str, str], behaviour: Behaviour) -> None:
        self.id = headers["Lambda-Runtime-Aws-Request-Id"]
        self.payload = payload
        self.event_headers = dict(headers)
        self.behaviour = behaviour
        self.request_headers: dict[str, str] = {}
        self.chunks: list[Chunk] = []
        self.trailers: dict[str, str] = {}
        self.delivered_at: float | None = None
        self.ended_at: float | None = None
        self.broken_at: float | None = None
        self.polled_at: float | None = None
        self.error: Report | None = None
        self._changed = threading.Condition()

    def note(self, **facts: Any) -> None:
        with self._changed:
            for name, value in facts.items():
                setattr(self, name, value)
            self._changed.notify_all()

    def add_chunk(self, data: bytes) -> None:
        with self._changed:
            self.chunks.append(Chunk(time.monotonic(), data))
            self._changed.notify_all()

    def wait_for(self, what: str, condition: Callable[[], bool], patience: float = PATIENCE) -> None:
        with self._changed:
            assert self._changed.wait_for(condition, patience), f"{what} did not happen within {patience} s"

    def wait_chunks(self, count: int) -> None:
        """`count` chunks have arrived; the prelude is the first."""
        self.wait_for(f"chunk {count}", lambda: len(self.chunks) >= count)

    def wait_ended(self) -> None:
        """The response has ended: for the client it is over."""
        self.wait_for("the end of the response", lambda: self.ended_at is not None or self.error is not None)

    def wait_polled(self, patience: float = PATIENCE) -> None:
        """The runtime has polled again after this invocation; on AWS the environment may now freeze."""
        self.wait_for("the next poll", lambda: self.polled_at is not None, patience)

    @property
    def data(self) -> bytes:
        """Everything that was streamed."""
        return b"".join(chunk.data for chunk in self.chunks)

    @property
    def prelude(self) -> Any:
        """The JSON before the delimiter; AssertionError when there is no delimiter in the first 16 KB."""
        head, delimiter, _ = self.data[: 16 * 1024].partition(b"\0" * 8)
        assert delimiter, "no delimiter in the first 16 KB"
        return json.loads(head)

    @property
    def status(self) -> int:
        return int(self.prelude["statusCode"])

    @property
    def body(self) -> bytes:
        """What the HTTP client would get."""
        return self.data.partition(b"\0" * 8)[2]

    @property
    def trailer_error(self) -> Any:
        """The JSON in the error trailer, or None."""
        encoded = self.trailers.get("lambda-runtime-function-error-body")
        return None if encoded is None else json.loads(base64.b64decode(encoded, validate=True))


def rest_event(method: str = "POST", path: str = "/v1/chat/completions", **fields: Any) -> dict[str, Any]:
    """A REST proxy event with the fields API Gateway always sends; `fields` replace them. `headers` fills both header mappings."""
    headers = fields.pop("headers", {"Host": "api.example.com", "Content-Type": "application/json"})
    event = {
        "resource": path,
        "path": path,
        "httpMethod": method,
        "headers": headers,
        "multiValueHeaders": {name: [value] for name, value in headers.items()},
        "queryStringParameters": None,
        "multiValueQueryStringParameters": None,
        "pathParameters": None,
        "stageVariables": None,
        "requestContext": {
            "stage": "prod",
            "path": f"/prod{path}",
            "protocol": "HTTP/1.1",
            "requestId": str(uuid.uuid4()),
            "identity": {"sourceIp": "203.0.113.7", "userAgent": "test"},
        },
        "body": None,
        "isBase64Encoded": False,
    }
    return event | fields
