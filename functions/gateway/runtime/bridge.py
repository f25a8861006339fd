"""From the messages of an ASGI application to one streaming response of the Runtime API.

Theory of operation. A `Reply` is in one of five states:

    WAITING ──start──► STARTED ──first body──► STREAMING ──more_body False──► COMPLETE
                                   └─────────────── a write fails ──────────► BROKEN

Nothing is sent before the first body message (the ASGI specification asks for that), so an application that fails before it still gets a
proper status. The first chunk is the prelude alone: JSON, then eight NUL bytes, within 16 KB
(https://docs.aws.amazon.com/apigateway/latest/developerguide/response-transfer-mode-lambda.html). The client's stream ends with
`more_body: False`, not with the application's return: what it does in between is the after-work, which `run` awaits. A client that
went away is invisible on Lambda; a broken Runtime API socket shows as OSError from `send`.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from enum import Enum, auto
from typing import Any

import orjson

from gateway.runtime.api import Fault, ResponseStream, RuntimeApiError
from gateway.runtime.events import Request

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
ASGIApp = Callable[[Scope, Receive, Send], Awaitable[None]]
Report = Callable[[str, BaseException | None], None]

PRELUDE_LIMIT = 16 * 1024
_DELIMITER = b"\x00" * 8
_NAME = re.compile(rb"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
_CONTROL = re.compile(rb"[\x00\r\n]")
# RFC 9110 §7.6.1; and content-length, because API Gateway frames the stream itself and a wrong length would cut it.
_DROPPED = frozenset(
    b"connection content-length keep-alive proxy-connection te trailer transfer-encoding upgrade".split()
)
_BODYLESS = frozenset({204, 304})


class PreludeError(ValueError):
    """A response head that API Gateway would not take. The application may send another; otherwise the client gets 502."""


class _State(Enum):
    WAITING = auto()
    STARTED = auto()
    STREAMING = auto()
    COMPLETE = auto()
    BROKEN = auto()


def prelude(status: int, headers: Iterable[tuple[bytes, bytes]]) -> bytes:
    """The first chunk. Hop-by-hop fields, content-length and malformed names are dropped, line breaks in values become spaces."""
    if not isinstance(status, int) or not 200 <= status <= 599:
        raise PreludeError("the status is not a final HTTP status")
    fields = _grouped(headers)
    cookies = fields.pop("set-cookie", None)
    head: dict[str, Any] = {"statusCode": status, "headers": {n: v[0] for n, v in fields.items() if len(v) == 1}}
    if repeated := {name: values for name, values in fields.items() if len(values) > 1}:
        head["multiValueHeaders"] = repeated
    if cookies:
        head["cookies"] = cookies
    data = orjson.dumps(head) + _DELIMITER
    if len(data) > PRELUDE_LIMIT:
        raise PreludeError(f"the response headers take {len(data)} bytes; {PRELUDE_LIMIT} are allowed")
    return data


def _grouped(headers: Iterable[tuple[bytes, bytes]]) -> dict[str, list[str]]:
    pairs = [(bytes(name).lower(), bytes(value)) for name, value in headers]
    named = {token.strip().lower() for name, value in pairs if name == b"connection" for token in value.split(b",")}
    fields: dict[str, list[str]] = {}
    for name, value in pairs:
        if name not in _DROPPED and name not in named and _NAME.fullmatch(name):
            fields.setdefault(name.decode("ascii"), []).append(_CONTROL.sub(b" ", value).strip().decode("latin-1"))
    return fields


class Reply:
    """One response on its way out; see the theory of operation above."""

    def __init__(self, request: Request, stream: ResponseStream) -> None:
        self._request = request
        self._stream = stream
        self._state = _State.WAITING
        self._prelude = b""
        self._bodyless = False
        self._refused = False
        self._requested = False
        self._over = asyncio.Event()

    async def receive(self) -> Message:
        """The request in one message; later `http.disconnect`, and only once the response is over."""
        if not self._requested:
            self._requested = True
            return {"type": "http.request", "body": self._request.body, "more_body": False}
        await self._over.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Message) -> None:
        """Take one ASGI message. OSError: the connection broke; PreludeError: the head is impossible; RuntimeError: out of turn."""
        kind = message["type"]
        if self._state is _State.BROKEN:
            raise RuntimeApiError("the response stream broke")
        if kind == "http.response.start" and self._state is _State.WAITING:
            self._start(message)
        elif kind == "http.response.body" and self._state in {_State.STARTED, _State.STREAMING}:
            await self._body(message)
        else:
            raise RuntimeError(f"unexpected ASGI message {kind!r} in state {self._state.name}")

    async def settle(self, error: BaseException | None) -> None:
        """End whatever the application left open; `error` is what it raised. OSError when the connection is broken."""
        if self._state in {_State.WAITING, _State.STARTED}:
            await self._apologise()
        elif self._state is _State.STREAMING:
            name = "ResponseIncomplete" if error is None else _letters(type(error).__name__)
            await self._finish(fault=Fault(f"Function.{name}", "The response stream ended early."))
        _accepted(await self._stream.answered())

    @property
    def complete(self) -> bool:
        """True once the client has the whole response."""
        return self._state is _State.COMPLETE

    @property
    def broken(self) -> bool:
        """True once a write has failed."""
        return self._state is _State.BROKEN

    def _start(self, message: Message) -> None:
        try:
            self._prelude = prelude(message["status"], message.get("headers", ()))
        except PreludeError:
            self._refused = True
            raise
        self._bodyless = self._request.scope["method"] == "HEAD" or message["status"] in _BODYLESS
        self._state = _State.STARTED

    async def _body(self, message: Message) -> None:
        head, self._prelude = self._prelude, b""
        body = b"" if self._bodyless else bytes(message.get("body", b""))
        if not message.get("more_body", False):
            await self._finish(head, body)
            return
        self._state = _State.STREAMING
        try:
            await self._stream.write(head, body)
        except OSError:
            self._end(_State.BROKEN)
            raise

    async def _finish(self, *chunks: bytes, fault: Fault | None = None) -> None:
        try:
            await self._stream.finish(*chunks, fault=fault)
        except OSError:
            self._end(_State.BROKEN)
            raise
        self._end(_State.COMPLETE)

    def _end(self, state: _State) -> None:
        self._state = state
        self._over.set()

    async def _apologise(self) -> None:
        """The application failed before its first byte: 502 when its head was refused, else 500. Says nothing of the cause."""
        await self._finish(
            *(plain(502, "Invalid response headers.") if self._refused else plain(500, "Internal error."))
        )


def plain(status: int, text: str) -> tuple[bytes, bytes]:
    """Prelude and body of the runtime's own answer, for when no application can write one in the client's dialect."""
    body = b"" if not text else orjson.dumps({"error": {"type": "gateway_error", "message": text}})
    return prelude(status, [(b"content-type", b"application/json")]), body


async def answer(stream: ResponseStream, status: int, text: str, report: Report) -> None:
    """Answer an event that no application will see."""
    try:
        await stream.finish(*plain(status, text))
        _accepted(await stream.answered())
    except OSError as broken:
        report("response_failed", broken)


def _accepted(status: int) -> None:
    if status != 202:
        raise RuntimeApiError(f"the Runtime API answered the response with {status}")


async def run(app: ASGIApp, request: Request, stream: ResponseStream, report: Report) -> None:
    """Let `app` answer `request` on `stream` and return when its after-work is done. Failures are reported, never raised."""
    reply = Reply(request, stream)
    # A task of its own: the application's context variables and its cancellation stay its own, and any exception is a value here.
    task = asyncio.ensure_future(app(request.scope, reply.receive, reply.send))
    await asyncio.wait({task})
    error = asyncio.CancelledError() if task.cancelled() else task.exception()
    if error is not None and not (reply.broken and isinstance(error, OSError)):
        report("after_work_failed" if reply.complete else "application_failed", error)
    try:
        await reply.settle(error)
    except OSError as broken:
        report("response_failed", broken)


def _letters(name: str) -> str:
    """Lambda takes an error type only as letters; anything else would become Runtime.Unknown."""
    return "".join(char for char in name if char.isascii() and char.isalpha()).removeprefix("Function") or "Error"
