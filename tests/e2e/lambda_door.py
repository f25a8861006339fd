"""The Lambda loop behind HTTP: API Gateway's part is played by a small server, Lambda's by the fake Runtime API, the loop is the real process.

A request becomes a REST proxy event (multi-value headers, base64 body, as `BinaryMediaTypes: */*` has it); the streamed response comes back chunk
by chunk. As on AWS: a body that does not fit into a 6 MB event is refused before the function, a function that fails before its first byte is a
502, and a stream that ends in error trailers is cut for the client.
"""

from __future__ import annotations

import base64
import json
import re
import socketserver
import sys
import threading
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from tests.e2e.processes import ROOT, environment, running, until
from tests.runtime.fake_runtime_api import Call, FakeRuntimeApi

EVENT_LIMIT = 6 * 1024 * 1024
HEAD_LIMIT = 128 * 1024
DELIMITER = b"\0" * 8
TOKEN = re.compile(rb"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")


@dataclass(frozen=True)
class Incoming:
    """One HTTP request."""

    method: str
    target: str
    headers: list[tuple[str, str]]
    body: bytes

    def event(self) -> dict[str, Any]:
        """The REST proxy event (payload format 1.0)."""
        path, _, query = self.target.partition("?")
        many: dict[str, list[str]] = {}
        for name, value in [
            *self.headers,
            ("X-Forwarded-For", "198.51.100.7, 198.51.100.8"),
            ("X-Forwarded-Proto", "https"),
        ]:
            many.setdefault(name, []).append(value)
        asked: dict[str, list[str]] = {}
        for name, value in parse_qsl(query, keep_blank_values=True):
            asked.setdefault(name, []).append(value)
        return {
            "resource": "/{proxy+}",
            "path": path,
            "httpMethod": self.method,
            "headers": {name: values[-1] for name, values in many.items()},
            "multiValueHeaders": many,
            "queryStringParameters": {name: values[-1] for name, values in asked.items()} or None,
            "multiValueQueryStringParameters": asked or None,
            "pathParameters": {"proxy": path.lstrip("/")},
            "stageVariables": None,
            "requestContext": {
                "stage": "dev",
                "path": "/dev" + path,
                "protocol": "HTTP/1.1",
                "requestId": str(uuid.uuid4()),
                "identity": {"sourceIp": "198.51.100.7", "userAgent": None},
            },
            "body": base64.b64encode(self.body).decode() if self.body else None,
            "isBase64Encoded": bool(self.body),
        }


class BadHttp(ValueError):
    """The request is refused before it becomes an event."""


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 256
    api: FakeRuntimeApi


class _Handler(socketserver.StreamRequestHandler):
    server: _Server
    disable_nagle_algorithm = True

    def handle(self) -> None:
        try:
            while (incoming := self._read()) is not None:
                self._answer(incoming)
        except BadHttp:
            self._refuse(400, "Bad Request")
        except OSError:
            pass  # the client went away: on AWS, too, the function is not told

    def _read(self) -> Incoming | None:
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            line = self.rfile.readline(HEAD_LIMIT)
            if not line:
                return None
            head += line
            if len(head) > HEAD_LIMIT or not line.endswith(b"\r\n"):
                raise BadHttp
        first, *lines = head[:-4].split(b"\r\n")
        words = first.split(b" ")
        if len(words) != 3 or words[2] != b"HTTP/1.1":
            raise BadHttp
        headers = [_header(line) for line in lines]
        return Incoming(
            words[0].decode("latin-1"),
            words[1].decode("latin-1"),
            headers,
            self._body({name.lower(): value for name, value in headers}),
        )

    def _body(self, headers: Mapping[str, str]) -> bytes:
        if headers.get("expect", "").lower() == "100-continue":
            self.wfile.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        if headers.get("transfer-encoding", "").lower() != "chunked":
            return self.rfile.read(int(headers.get("content-length", "0")))
        body = b""
        while size := int(self.rfile.readline(), 16):
            body += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        return body

    def _answer(self, incoming: Incoming) -> None:
        event = json.dumps(incoming.event()).encode()
        if len(event) > EVENT_LIMIT:
            self._refuse(413, "Request Too Long")
            return
        call = self.server.api.enqueue(event)
        call.wait_for("an answer", lambda: bool(call.chunks) or _over(call), 120)
        if not call.chunks:
            self._refuse(502, "Internal server error")
            return
        self._stream(call, incoming.method == "HEAD")

    def _stream(self, call: Call, head_only: bool) -> None:
        pieces = self._pieces(call)
        data = b""
        while DELIMITER not in data:
            data += next(pieces)
        prelude, _, rest = data.partition(DELIMITER)
        facts = json.loads(prelude)
        announced = any(name.lower() == "content-length" for name in _fields(facts))
        self.wfile.write(_head(facts, chunked=not announced))
        for piece in _chain(rest, pieces):
            if piece and not head_only:
                self.wfile.write(piece if announced else b"%x\r\n%b\r\n" % (len(piece), piece))
        if call.trailer_error is not None or call.error is not None:
            raise BrokenPipeError("the function failed in the middle of its answer")
        if not announced and not head_only:
            self.wfile.write(b"0\r\n\r\n")

    def _pieces(self, call: Call) -> Iterator[bytes]:
        """Chunks as the function sends them."""
        given: list[bytes] = []

        def more() -> bool:
            return len(call.chunks) > len(given) or _over(call)

        while True:
            call.wait_for("the next chunk", more, 120)
            found = [chunk.data for chunk in call.chunks[len(given) :]]
            if not found:
                return
            given.extend(found)
            yield from found

    def _refuse(self, status: int, message: str) -> None:
        body = json.dumps({"message": message}).encode()
        head = f"HTTP/1.1 {status} {HTTPStatus(status).phrase}\r\ncontent-type: application/json\r\n"
        self.wfile.write(
            f"{head}content-length: {len(body)}\r\nconnection: {'close' if status == 400 else 'keep-alive'}\r\n\r\n".encode()
            + body
        )


def _chain(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from rest


def _over(call: Call) -> bool:
    return call.ended_at is not None or call.error is not None or call.broken_at is not None


def _header(line: bytes) -> tuple[str, str]:
    name, colon, value = line.partition(b":")
    value = value.strip(b" \t")
    if not colon or not TOKEN.fullmatch(name) or any((byte < 0x20 and byte != 0x09) or byte == 0x7F for byte in value):
        raise BadHttp
    return name.decode(), value.decode("latin-1")


def _fields(facts: Mapping[str, Any]) -> dict[str, list[str]]:
    many: dict[str, list[str]] = facts.get("multiValueHeaders") or {
        name: [value] for name, value in (facts.get("headers") or {}).items()
    }
    return many


def _head(facts: Mapping[str, Any], chunked: bool) -> bytes:
    status = int(facts["statusCode"])
    lines = [f"HTTP/1.1 {status} {HTTPStatus(status).phrase if status in HTTPStatus._value2member_map_ else 'Status'}"]
    lines += [f"{name}: {value}" for name, values in _fields(facts).items() for value in values]
    if chunked:
        lines.append("transfer-encoding: chunked")
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


@contextmanager
def lambda_door(function_environ: Mapping[str, str], folder: Path) -> Iterator[str]:
    """Start the loop (one environment) and the server in front; the URL."""
    with FakeRuntimeApi() as api, _Server(("127.0.0.1", 0), _Handler) as server:
        server.api = api
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        with _loop(api, function_environ, folder):
            yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


@contextmanager
def _loop(api: FakeRuntimeApi, function_environ: Mapping[str, str], folder: Path) -> Iterator[None]:
    environ = environment(
        **{**function_environ, "AWS_LAMBDA_RUNTIME_API": api.address, "PYTHONPATH": str(ROOT / "functions")}
    )
    log = folder / "function.log"
    with running([sys.executable, "-m", "proxy.bootstrap"], environ, log, stop_seconds=3.0) as process:
        until(lambda: "GET /invocation/next" in api.calls, process, log, 30.0)
        yield
