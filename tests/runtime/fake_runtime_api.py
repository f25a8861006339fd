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

import contextlib
import json
import queue
import socket
import socketserver
import struct
import threading
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from tests.runtime.calls import PATIENCE, Behaviour, Call, Chunk, Report, rest_event

__all__ = ["Behaviour", "Call", "Chunk", "FakeRuntimeApi", "Report", "rest_event"]

_PREFIX = "/2018-06-01/runtime"
_RESPONSE_TYPE = "application/vnd.awslambda.http-integration-response"


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
            with contextlib.suppress(OSError):  # the client may have been faster
                connection.shutdown(socket.SHUT_RDWR)


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
        self._reply(200, call.payload, call.event_headers, chunked=call.behaviour.chunked_event)
        if call.behaviour.close_after_event:
            self.connection.shutdown(socket.SHUT_RDWR)
            call.note(broken_at=time.monotonic())
            return False
        return True

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
                while self.rfile.read1(65536):
                    pass  # what still comes belongs to a response that was refused; only a closed connection ends it
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
