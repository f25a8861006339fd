"""A client that sends any bytes at all, for what a well-behaved library refuses to send."""

from __future__ import annotations

import contextlib
import socket
from dataclasses import dataclass
from types import TracebackType
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class Answer:
    """Status 0 means that the connection ended without an answer."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def header(self, name: str) -> str | None:
        """First field of this lower-case name."""
        return next((value for key, value in self.headers if key == name), None)


class RawClient:
    """One keep-alive connection, opened again whenever the server has closed it."""

    def __init__(self, url: str, timeout: float = 15.0) -> None:
        parts = urlsplit(url)
        self._address = (parts.hostname or "", parts.port or 80)
        self._timeout = timeout
        self._socket: socket.socket | None = None
        self._buffer = b""

    def __enter__(self) -> RawClient:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Drop the connection."""
        if self._socket is not None:
            self._socket.close()
        self._socket, self._buffer = None, b""

    def ask(self, method: str, path: str, headers: list[tuple[bytes, bytes]], body: bytes = b"") -> Answer:
        """Send a request whose header values may be any bytes; `host` and `content-length` are added."""
        lines = [
            f"{method} {path} HTTP/1.1".encode(),
            b"host: gateway.test",
            b"content-length: %d" % len(body),
            *(name + b": " + value for name, value in headers),
        ]
        return self.send(b"\r\n".join(lines) + b"\r\n\r\n" + body)

    def send(self, request: bytes) -> Answer:
        """Send these bytes and read one answer; a connection that had been closed since is opened anew, once."""
        fresh = self._socket is None
        try:
            return self._exchange(request)
        except (ConnectionError, EOFError):
            self.close()
            if fresh:
                return Answer(0, (), b"")
        try:
            return self._exchange(request)
        except (ConnectionError, EOFError):
            self.close()
            return Answer(0, (), b"")

    def _exchange(self, request: bytes) -> Answer:
        if self._socket is None:
            self._socket = socket.create_connection(self._address, self._timeout)
        with contextlib.suppress(
            ConnectionError
        ):  # an early refusal may have been written before the connection was closed
            self._socket.sendall(request)
        head = self._until(b"\r\n\r\n").decode("latin-1").split("\r\n")
        status = int(head[0].split(" ")[1])
        headers = tuple(
            (name.lower(), value.strip()) for name, _, value in (line.partition(":") for line in head[1:-2])
        )
        answer = Answer(status, headers, b"")
        body = b"" if request.startswith(b"HEAD ") else self._body(answer)
        if (answer.header("connection") or "").lower() == "close":
            self.close()
        return Answer(status, headers, body)

    def _body(self, answer: Answer) -> bytes:
        if (answer.header("transfer-encoding") or "").lower() == "chunked":
            return self._chunks()
        length = answer.header("content-length")
        if length is not None:
            return self._exactly(int(length))
        body = b""
        try:
            while True:
                body += self._exactly(1)
        except EOFError:
            return body

    def _chunks(self) -> bytes:
        body = b""
        while size := int(self._until(b"\r\n").split(b";")[0], 16):
            body += self._exactly(size)
            self._until(b"\r\n")
        while self._until(b"\r\n") != b"\r\n":
            pass
        return body

    def _until(self, mark: bytes) -> bytes:
        while (at := self._buffer.find(mark)) < 0:
            self._more()
        return self._take(at + len(mark))

    def _exactly(self, size: int) -> bytes:
        while len(self._buffer) < size:
            self._more()
        return self._take(size)

    def _take(self, size: int) -> bytes:
        data, self._buffer = self._buffer[:size], self._buffer[size:]
        return data

    def _more(self) -> None:
        assert self._socket is not None
        data = self._socket.recv(65536)
        if not data:
            raise EOFError
        self._buffer += data
