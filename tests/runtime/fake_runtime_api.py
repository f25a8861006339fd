"""A Lambda Runtime API for tests: hands out events, takes streaming responses and remembers when each piece arrived.

    with FakeRuntimeApi() as lambda_api:
        call = lambda_api.enqueue(rest_event("POST", "/v1/chat/completions", body="{}"))
        ...                       # start the loop with AWS_LAMBDA_RUNTIME_API=lambda_api.address
        call.wait_polled()        # the runtime has asked for the next event: all its work for this one is done
        call.prelude, call.body, call.chunks, call.trailers

It runs in threads of its own, so it serves a loop in the same process as well as a real subprocess. Every `wait_*` blocks until the fact is
there and raises AssertionError after `PATIENCE` seconds; asynchronous tests call them through `asyncio.to_thread`. Times are
`time.monotonic()` (on Linux the same clock in every process). A subprocess can wait for the same facts over HTTP:
`GET /test/chunks/<request id>/<n>` answers once the client's side has n chunks (the prelude is the first),
`GET /test/ended/<request id>` once the response has ended.
"""

from __future__ import annotations

import base64
import json
import queue
import socket
import socketserver
import struct
import threading
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, BinaryIO

PATIENCE = 20.0
_PREFIX = "/2018-06-01/runtime"
_RESPONSE_TYPE = "application/vnd.awslambda.http-integration-response"


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
    after so many chunks, without reading on. `chunked_event`: hand the event over in chunked coding."""

    break_after: int | None = None
    refuse_after: int | None = None
    refuse_status: int = 413
    chunked_event: bool = False
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


@dataclass
class _Log:
    """The calls in order, as "METHOD path", and the reports."""

    lines: list[str] = field(default_factory=list)
    reports: list[Report] = field(default_factory=list)
    connections: int = 0


class FakeRuntimeApi:
    """The API itself; a context manager. `address` is the value for AWS_LAMBDA_RUNTIME_API."""

    def __init__(self) -> None:
        self._queue: queue.Queue[Call | None] = queue.Queue()
        self._calls: dict[str, Call] = {}
        self._last: Call | None = None
        self._log = _Log()
        self._changed = threading.Condition()
        self._restore = threading.Event()
        self._restore.set()
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.api = self
        self.address = f"127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> FakeRuntimeApi:
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._queue.put(None)
        self._restore.set()
        self._server.shutdown()
        self._server.close_all()
        self._server.server_close()

    def enqueue(
        self,
        event: Any,
        deadline: float | None = None,
        *,
        headers: Mapping[str, str] | None = None,
        behaviour: Behaviour | None = None,
    ) -> Call:
        """Queue an event (JSON data, or bytes to be sent as they are). `deadline` is Unix seconds; 900 s from now when absent."""
        payload = event if isinstance(event, bytes) else json.dumps(event).encode()
        deadline = time.time() + 900 if deadline is None else deadline
        facts = {
            "Lambda-Runtime-Aws-Request-Id": str(uuid.uuid4()),
            "Lambda-Runtime-Deadline-Ms": str(round(deadline * 1000)),
            "Lambda-Runtime-Invoked-Function-Arn": "arn:aws:lambda:eu-central-1:123456789012:function:proxy",
            "Lambda-Runtime-Trace-Id": "Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Sampled=1",
            **(headers or {}),
        }
        call = Call(payload, facts, behaviour or Behaviour())
        self._calls[call.id] = call
        self._queue.put(call)
        return call

    def hold_restore(self) -> None:
        """Let GET restore/next wait until `release_restore`."""
        self._restore.clear()

    def release_restore(self) -> None:
        self._restore.set()

    @property
    def calls(self) -> list[str]:
        """What the runtime asked for, in order: "GET /invocation/next", …"""
        return list(self._log.lines)

    @property
    def reports(self) -> list[Report]:
        return list(self._log.reports)

    @property
    def connections(self) -> int:
        """How many connections the runtime has opened."""
        return self._log.connections

    def wait_call(self, line: str, count: int = 1) -> None:
        """The runtime has made this call `count` times."""
        with self._changed:
            done = self._changed.wait_for(lambda: self._log.lines.count(line) >= count, PATIENCE)
        assert done, f"{line} did not happen {count} times; calls: {self._log.lines}"

    # What the handler threads use.

    def connected(self) -> None:
        with self._changed:
            self._log.connections += 1

    def called(self, line: str) -> None:
        with self._changed:
            self._log.lines.append(line)
            self._changed.notify_all()

    def take(self) -> Call | None:
        last, self._last = self._last, None
        if last is not None:
            last.note(polled_at=time.monotonic())
        self._last = self._queue.get()
        return self._last

    def wait_restored(self) -> None:
        self._restore.wait()

    def find(self, request_id: str) -> Call:
        return self._calls[request_id]

    def reported(self, report: Report) -> None:
        with self._changed:
            self._log.reports.append(report)


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True
    api: FakeRuntimeApi

    def __init__(self, *arguments: Any) -> None:
        self._open: set[socket.socket] = set()
        super().__init__(*arguments)

    def process_request(self, request: Any, client_address: Any) -> None:
        self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self._open.discard(request)
        super().shutdown_request(request)

    def close_all(self) -> None:
        for connection in list(self._open):
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass  # the client was faster


class _Handler(socketserver.StreamRequestHandler):
    server: _Server
    disable_nagle_algorithm = True

    def setup(self) -> None:
        super().setup()
        self.api = self.server.api
        self.counted = False

    def handle(self) -> None:
        try:
            while self._one():
                pass
        except OSError:
            pass  # the runtime went away, as a killed one does

    def _one(self) -> bool:
        line = self.rfile.readline().decode("latin-1").split()
        if len(line) != 3:
            return False
        method, target, version = line
        assert version == "HTTP/1.1"
        headers = _read_headers(self.rfile)
        if target.startswith("/test/"):
            return self._test_hook(target)
        if not self.counted:
            self.counted = True
            self.api.connected()
        assert target.startswith(_PREFIX), target
        path = target.removeprefix(_PREFIX)
        if method == "GET":
            self.api.called(f"GET {path}")
            return self._get(path)
        self.api.called(f"POST {_without_id(path)}")
        return self._response(path, headers) if path.endswith("/response") else self._error(path, headers)

    def _get(self, path: str) -> bool:
        if path == "/restore/next":
            self.api.wait_restored()
            return self._reply(200)
        call = self.api.take()
        if call is None:
            return False
        call.note(delivered_at=time.monotonic())
        return self._reply(200, call.payload, call.event_headers, chunked=call.behaviour.chunked_event)

    def _response(self, path: str, headers: dict[str, str]) -> bool:
        call = self.api.find(path.split("/")[2])
        if call.ended_at is not None or call.chunks:
            return self._reply(403, b'{"errorType":"InvalidStateTransition"}')
        call.note(request_headers=headers)
        assert headers["lambda-runtime-function-response-mode"] == "streaming"
        assert headers["transfer-encoding"] == "chunked"
        assert headers["content-type"] == _RESPONSE_TYPE
        while size := int(self.rfile.readline(), 16):
            data = self.rfile.read(size)
            assert self.rfile.read(2) == b"\r\n"
            call.add_chunk(data)
            if len(call.chunks) == call.behaviour.break_after:
                self._reset(call)
                return False
            if len(call.chunks) == call.behaviour.refuse_after:
                self._reply(call.behaviour.refuse_status, b"{}")
                return False
        call.note(trailers=_read_headers(self.rfile))
        call.note(ended_at=time.monotonic())
        self._reply(202, b'{"status":"OK"}', {"Connection": "close"} if call.behaviour.answer_close else {})
        return not call.behaviour.answer_close

    def _error(self, path: str, headers: dict[str, str]) -> bool:
        body = self.rfile.read(int(headers["content-length"]))
        report = Report(_without_id(path), headers["lambda-runtime-function-error-type"], json.loads(body))
        self.api.reported(report)
        if path.startswith("/invocation/"):
            self.api.find(path.split("/")[2]).note(error=report)
        return self._reply(202, b'{"status":"OK"}')

    def _test_hook(self, target: str) -> bool:
        _, _, kind, request_id, *count = target.split("/")
        call = self.api.find(request_id)
        if kind == "chunks":
            call.wait_chunks(int(count[0]))
        else:
            call.wait_ended()
        return self._reply(204)

    def _reset(self, call: Call) -> None:
        """Close with RST, as a dying peer does."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        # Both file objects share the socket; closing it for good takes all three.
        self.rfile.close()
        self.wfile.close()
        self.connection.close()
        self.server._open.discard(self.connection)
        call.note(broken_at=time.monotonic())

    def finish(self) -> None:
        if not self.rfile.closed:
            super().finish()

    def _reply(
        self, status: int, body: bytes = b"", headers: Mapping[str, str] | None = None, chunked: bool = False
    ) -> bool:
        framing = "Transfer-Encoding: chunked" if chunked else f"Content-Length: {len(body)}"
        lines = "".join(f"{name}: {value}\r\n" for name, value in (headers or {}).items())
        head = f"HTTP/1.1 {status} x\r\nContent-Type: application/json\r\n{lines}{framing}\r\n\r\n".encode()
        self.wfile.write(head + (_in_chunks(body) if chunked else body))
        return True


def _in_chunks(body: bytes, size: int = 10_000) -> bytes:
    pieces = [body[start : start + size] for start in range(0, len(body), size)]
    return b"".join(b"%X;x=y\r\n%s\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\nX-Trailer: 1\r\n\r\n"


def _read_headers(stream: BinaryIO) -> dict[str, str]:
    headers = {}
    while (line := stream.readline().decode("latin-1").strip()) != "":
        name, _, value = line.partition(":")
        headers[name.lower()] = value.strip()
    return headers


def _without_id(path: str) -> str:
    parts = path.split("/")
    return f"/invocation/{parts[-1]}" if parts[1] == "invocation" else path


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
