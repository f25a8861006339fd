"""A client of the Lambda Runtime API (version 2018-06-01) over asyncio streams.

It speaks just enough HTTP/1.1: one keep-alive connection, one request at a time, chunked request bodies with trailers (which
`http.client` cannot send). Sources: https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html and, for response streaming,
https://docs.aws.amazon.com/lambda/latest/dg/runtimes-custom.html#runtimes-custom-response-streaming.
"""

from __future__ import annotations

import asyncio
import binascii
import socket
from collections.abc import Mapping
from dataclasses import dataclass

import orjson

_VERSION = "/2018-06-01"
_READ_LIMIT = 1 << 20  # also the flow-control window: a 6 MB event then pauses the socket a few times, not a hundred
_JOINED = 16 * 1024
_CONTENT_TYPE = "application/vnd.awslambda.http-integration-response"
_ERROR_TYPE = "Lambda-Runtime-Function-Error-Type"
_ERROR_BODY = "Lambda-Runtime-Function-Error-Body"


class RuntimeApiError(ConnectionError):
    """The Runtime API refused a call, broke the connection or answered with something that is not HTTP/1.1."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What Lambda is told about a failure. `kind` has the form `Function.Name` or `Runtime.Name`: others become Runtime.Unknown."""

    kind: str
    message: str

    def document(self) -> bytes:
        """The error object of the Runtime API, as JSON."""
        return orjson.dumps({"errorMessage": self.message, "errorType": self.kind, "stackTrace": []})


@dataclass(frozen=True, slots=True)
class Invocation:
    """One event as Lambda handed it over. `deadline_ms` is Unix milliseconds; `attempt_id` is echoed when Lambda sends one."""

    request_id: str
    body: bytes
    deadline_ms: int | None = None
    function_arn: str | None = None
    trace_id: str | None = None
    attempt_id: str | None = None


@dataclass(frozen=True, slots=True)
class _Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def keeps_alive(self) -> bool:
        return self.headers.get("connection", "").lower() != "close"


@dataclass(frozen=True, slots=True)
class _Wire:
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter


class RuntimeApi:
    """The Runtime API at `address` ("host:port", the value of AWS_LAMBDA_RUNTIME_API). Every method may raise RuntimeApiError or OSError."""

    def __init__(self, address: str) -> None:
        host, _, port = address.rpartition(":")
        if not host or not port.isdigit():
            raise ValueError("AWS_LAMBDA_RUNTIME_API must look like host:port")
        self._host, self._port = host.strip("[]"), int(port)
        self._host_header = address
        self._wire: _Wire | None = None

    async def next(self) -> Invocation:
        """The next event. Waits as long as it takes: the environment may be frozen in between, so there is no timeout."""
        answer = await self._call("GET", "/runtime/invocation/next")
        if answer.status != 200:
            raise RuntimeApiError(f"invocation/next answered {answer.status}")
        return _invocation(answer)

    async def restore_next(self) -> None:
        """Say that the snapshot may be taken; returns in each environment that was restored from it (SnapStart only)."""
        answer = await self._call("GET", "/runtime/restore/next")
        if answer.status != 200:
            raise RuntimeApiError(f"restore/next answered {answer.status}")

    async def init_error(self, fault: Fault) -> None:
        """Report that the application could not be built; the process must exit afterwards."""
        await self._report("/runtime/init/error", fault)

    async def restore_error(self, fault: Fault) -> None:
        """Report that the state could not be renewed after a restore; the process must exit afterwards."""
        await self._report("/runtime/restore/error", fault)

    async def invocation_error(self, invocation: Invocation, fault: Fault) -> None:
        """Fail one invocation for which no response was begun."""
        await self._report(f"/runtime/invocation/{invocation.request_id}/error", fault, _echo(invocation))

    def respond(self, invocation: Invocation) -> ResponseStream:
        """A streaming response to `invocation`; nothing is sent before its first write."""
        return ResponseStream(self, invocation)

    def close(self) -> None:
        """Drop the connection; the next call opens a fresh one."""
        wire, self._wire = self._wire, None
        if wire is not None:
            wire.writer.close()

    def head(self, method: str, path: str, headers: str) -> bytes:
        """A request's head; `headers` are complete lines."""
        return f"{method} {_VERSION}{path} HTTP/1.1\r\nHost: {self._host_header}\r\n{headers}\r\n".encode("latin-1")

    async def wire(self) -> _Wire:
        """The open connection, made now if there is none or the other side has closed it since."""
        if self._wire is not None and (self._wire.reader.at_eof() or self._wire.writer.is_closing()):
            self.close()
        if self._wire is None:
            reader, writer = await asyncio.open_connection(self._host, self._port, limit=_READ_LIMIT)
            # asyncio does this too, but a chunk held back by Nagle's algorithm would be a silent 40 ms: say it where it matters.
            writer.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._wire = _Wire(reader, writer)
        return self._wire

    async def _report(self, path: str, fault: Fault, headers: str = "") -> None:
        lines = f"{headers}Content-Type: application/json\r\n{_ERROR_TYPE}: {fault.kind}\r\n"
        answer = await self._call("POST", path, lines, fault.document())
        if answer.status != 202:
            raise RuntimeApiError(f"{path} answered {answer.status}")

    async def _call(self, method: str, path: str, headers: str = "", body: bytes = b"") -> _Answer:
        """One buffered exchange. A kept-alive connection that turns out to be dead is replaced once: no answer, no effect."""
        reused = self._wire is not None
        try:
            return await self._exchange(method, path, headers, body)
        except OSError:
            self.close()
            if not reused:
                raise
        return await self._exchange(method, path, headers, body)

    async def _exchange(self, method: str, path: str, headers: str, body: bytes) -> _Answer:
        wire = await self.wire()
        length = f"Content-Length: {len(body)}\r\n" if body else ""
        wire.writer.write(self.head(method, path, headers + length) + body)
        await wire.writer.drain()
        answer = await _read_answer(wire.reader)
        if not answer.keeps_alive:
            self.close()
        return answer


class ResponseStream:
    """One streaming response: `write` any number of times, then `finish` once, then `answered`.

    `write` and `finish` raise RuntimeApiError (an OSError) when the connection broke or the Runtime API answered before the end; the
    stream is then `broken` for good. An empty write sends nothing: a chunk of length zero would end the stream.
    """

    def __init__(self, api: RuntimeApi, invocation: Invocation) -> None:
        self._api = api
        self._invocation = invocation
        self._wire: _Wire | None = None
        self._answer: asyncio.Task[_Answer] | None = None
        self.broken = False

    async def write(self, *chunks: bytes) -> None:
        """Send each of `chunks` as a chunk of its own, at once and in one system call where possible."""
        data = _chunked(chunks)
        if data:
            await self._send(data)

    async def finish(self, *chunks: bytes, fault: Fault | None = None) -> None:
        """Send the last chunks and end the stream; `fault` goes into the error trailers."""
        await self._send([*_chunked(chunks), b"0\r\n", _trailers(fault) if fault else b"", b"\r\n"])

    async def answered(self) -> int:
        """Wait for the Runtime API's answer to the finished stream; its status (202 = accepted)."""
        if self._answer is None or self.broken:
            raise RuntimeApiError("the response stream broke")
        try:
            answer = await self._answer
        except OSError:
            self.abandon()
            raise
        if not answer.keeps_alive:
            self._api.close()
        return answer.status

    def abandon(self) -> None:
        """Give the stream up: whatever state the connection is in, nobody else may use it."""
        self.broken = True
        if self._answer is not None:
            self._answer.add_done_callback(_consume)
            self._answer.cancel()
        self._api.close()

    async def _send(self, data: list[bytes]) -> None:
        if self.broken:
            raise RuntimeApiError("the response stream broke")
        try:
            if self._wire is None:
                self._wire = await self._open(data)
            elif self._answer is not None and self._answer.done():
                raise RuntimeApiError(_early(self._answer))
            else:
                _put(self._wire.writer, data)
            await self._wire.writer.drain()
        except OSError as error:
            self.abandon()
            raise RuntimeApiError(f"the response stream broke: {error}") from error

    async def _open(self, data: list[bytes]) -> _Wire:
        wire = await self._api.wire()
        headers = (
            f"{_echo(self._invocation)}Lambda-Runtime-Function-Response-Mode: streaming\r\nTransfer-Encoding: chunked\r\n"
            f"Content-Type: {_CONTENT_TYPE}\r\nTrailer: {_ERROR_TYPE}, {_ERROR_BODY}\r\n"
        )
        path = f"/runtime/invocation/{self._invocation.request_id}/response"
        _put(wire.writer, [self._api.head("POST", path, headers), *data])
        # Read from the start: an early refusal or a closed connection is then known before the next write, not after the last.
        self._answer = asyncio.create_task(_read_answer(wire.reader))
        return wire


def _put(writer: asyncio.StreamWriter, data: list[bytes]) -> None:
    """One system call either way: joining is cheaper for a stream's small parts, a vectored write for a large body."""
    if sum(map(len, data)) <= _JOINED:
        writer.write(b"".join(data))
    else:
        writer.writelines(data)


def _consume(task: asyncio.Task[_Answer]) -> None:
    """Look at an abandoned task's exception, so that asyncio does not complain about it."""
    if not task.cancelled():
        task.exception()


def _early(task: asyncio.Task[_Answer]) -> str:
    error = task.exception()
    return f"answered {task.result().status} before the end" if error is None else str(error)


def _chunked(chunks: tuple[bytes, ...]) -> list[bytes]:
    data = []
    for chunk in chunks:
        if chunk:
            data += [b"%x\r\n" % len(chunk), chunk, b"\r\n"]
    return data


def _trailers(fault: Fault) -> bytes:
    body = binascii.b2a_base64(fault.document(), newline=False)
    return b"%s: %s\r\n%s: %s\r\n" % (_ERROR_TYPE.encode(), fault.kind.encode(), _ERROR_BODY.encode(), body)


def _echo(invocation: Invocation) -> str:
    return f"Lambda-Runtime-Invocation-Id: {invocation.attempt_id}\r\n" if invocation.attempt_id else ""


def _invocation(answer: _Answer) -> Invocation:
    headers = answer.headers
    request_id = headers.get("lambda-runtime-aws-request-id")
    if not request_id:
        raise RuntimeApiError("invocation/next answered without a request id")
    deadline = headers.get("lambda-runtime-deadline-ms", "")
    return Invocation(
        request_id=request_id,
        body=answer.body,
        deadline_ms=int(deadline) if deadline.isdecimal() else None,
        function_arn=headers.get("lambda-runtime-invoked-function-arn"),
        trace_id=headers.get("lambda-runtime-trace-id"),
        attempt_id=headers.get("lambda-runtime-invocation-id"),
    )


async def _read_answer(reader: asyncio.StreamReader) -> _Answer:
    try:
        status, headers = _head(await reader.readuntil(b"\r\n\r\n"))
        return _Answer(status, headers, await _body(reader, headers))
    except asyncio.IncompleteReadError as error:
        raise RuntimeApiError("the Runtime API closed the connection") from error
    except (ValueError, asyncio.LimitOverrunError) as error:
        raise RuntimeApiError("the Runtime API's answer is not HTTP/1.1") from error


def _head(raw: bytes) -> tuple[int, dict[str, str]]:
    first, *lines = raw[:-4].decode("latin-1").split("\r\n")
    version, _, rest = first.partition(" ")
    if version != "HTTP/1.1":
        raise ValueError("not HTTP/1.1")
    pairs = (line.partition(":") for line in lines)
    return int(rest[:3]), {name.lower(): value.strip() for name, _, value in pairs}


async def _body(reader: asyncio.StreamReader, headers: Mapping[str, str]) -> bytes:
    if headers.get("transfer-encoding", "").lower() != "chunked":
        return await reader.readexactly(int(headers.get("content-length", "0")))
    parts = []
    while size := int((await reader.readuntil(b"\r\n")).partition(b";")[0], 16):
        parts.append((await reader.readexactly(size + 2))[:-2])
    while await reader.readuntil(b"\r\n") != b"\r\n":
        pass  # trailers of the answer carry nothing for us
    return b"".join(parts)
