"""ASGI, narrowed to what the exchange needs: a request as a value with a body to read, and a reply that knows whether it has begun.

https://asgi.readthedocs.io/en/latest/specs/www.html
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol
from urllib.parse import parse_qsl, quote, unquote_plus

from gateway.errors import GatewayError, TooLarge, UpstreamFault
from gateway.neutral.uploads import MOST_BYTES

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Headers = Sequence[tuple[bytes, bytes]]

# Lambda takes synchronous events of up to 6 MB: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
MAX_BODY: Final = 6 * 1024 * 1024
_TAKING_UPLOADS: Final = ("/v1/audio/transcriptions", "/v1/audio/translations")
_QUERY_SAFE: Final = "".join(map(chr, range(0x21, 0x7F)))


class ClientGone(Exception):
    """The client closed its connection."""


@dataclass(frozen=True, slots=True)
class Request:
    """The head of a request. Header names are lower-case bytes; `deadline` is Unix seconds at which the environment ends, if it does."""

    method: str
    path: str
    query: str
    headers: Headers
    address: str | None
    deadline: float | None

    def header(self, name: bytes) -> str | None:
        """First value of a header, as latin-1 text."""
        for key, value in self.headers:
            if key == name:
                return value.decode("latin-1")
        return None

    def credentials(self) -> list[str]:
        """Distinct API keys in the order Authorization, x-api-key, x-goog-api-key, `?key=`."""
        found = []
        bearer = self.header(b"authorization")
        if bearer is not None:
            scheme, _, value = bearer.partition(" ")
            found.append(value.strip() if scheme.lower() == "bearer" else bearer.strip())
        found += [(self.header(name) or "").strip() for name in (b"x-api-key", b"x-goog-api-key")]
        if "key=" in self.query:
            found += [value for name, value in parse_qsl(self.query) if name == "key"]
        return list(dict.fromkeys(value for value in found if value))

    def onward_query(self, *but: str) -> str:
        """The query string without the credential and the parameters `but`, otherwise as it was written; what must not stand in a request
        line is escaped."""
        query = self.query
        if "=" in query:
            gone = {"key", *but}
            query = "&".join(part for part in query.split("&") if unquote_plus(part.partition("=")[0]) not in gone)
        if query.isascii() and query.isprintable() and " " not in query:
            return query
        return quote(query.encode("latin-1"), safe=_QUERY_SAFE)


def request_of(scope: Scope) -> Request:
    """The head of an ASGI http scope."""
    client = scope.get("client")
    return Request(
        method=scope["method"],
        path=scope["path"],
        query=scope.get("query_string", b"").decode("latin-1"),
        headers=[(name.lower(), value) for name, value in scope["headers"]],
        address=client[0] if client else None,
        deadline=scope.get("gateway.deadline"),
    )


async def read_body(request: Request, receive: Receive) -> bytes:
    """The whole body; TooLarge past 6 MiB (an announced length is refused before it is read), ClientGone when it never comes."""
    announced = request.header(b"content-length") or ""
    if announced.isascii() and announced.isdigit() and int(announced[:18]) > MAX_BODY:
        raise _too_large(request.path)
    parts: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientGone
        part = message.get("body", b"")
        size += len(part)
        if size > MAX_BODY:
            raise _too_large(request.path)
        parts.append(part)
        if not message.get("more_body", False):
            return parts[0] if len(parts) == 1 else b"".join(parts)


def _too_large(path: str) -> TooLarge:
    told = f"The request body is larger than {MAX_BODY // (1024 * 1024)} MB, the limit of the platform."
    if path.startswith(_TAKING_UPLOADS):
        told += (
            f" Announce a file of up to {MOST_BYTES // (1024 * 1024)} MB to POST /v1/audio/uploads, put it to the URL you get, "
            "and name its 'upload' here in place of 'file'."
        )
    return TooLarge(told)


_JSON: Final = (b"content-type", b"application/json")
"""What every shaped answer is, also where a page stood in its place."""


class Recorder(Protocol):
    """Hears an answer as it goes out, also the part that a muted reply sends nowhere."""

    def began(self, status: int, headers: Headers) -> None:
        """Status and headers. Said again when the server could not send the first."""

    def sent(self, body: bytes, *, last: bool) -> None:
        """Some of the body."""


class Shaper(Protocol):
    """Turns an answer into what the client reads, on its way out; recorders hear the result."""

    def began(self, status: int, headers: Headers) -> None:
        """Status and headers. Said again when the server could not send the first."""

    def whole(self, status: int, body: bytes) -> bytes:
        """A complete answer, whose head is not told yet."""

    def part(self, body: bytes, *, last: bool) -> bytes:
        """Some of the body."""

    def status(self, status: int) -> int:
        """What the client is told in the place of a status, behind `whole`."""


class Guard(Protocol):
    """Looks at an answer on its way out, before it is shaped, and may change it or end it."""

    @property
    def gathers(self) -> bool:
        """Whether nothing is told before its end: then the status is not told before it either."""

    def began(self, status: int, headers: Headers) -> None:
        """Status and headers. Said again when the server could not send the first."""

    async def whole(self, status: int, body: bytes) -> bytes:
        """A complete answer, whose head is not told yet; GatewayError where it must not be told."""

    async def part(self, body: bytes, *, last: bool) -> tuple[bytes, bool]:
        """Some of the body, and whether the answer ends with it; GatewayError as above."""


class Reply:
    """One answer. `begun` tells whether the status can still be chosen; `sent` counts body bytes; `last` is when something was sent last
    (the running loop's clock). A broken way to the client is ClientGone.
    """

    def __init__(self, send: Send) -> None:
        self._send = send
        self._sign: asyncio.Task[None] | None = None
        self.begun = False
        self.ended = False
        self.status = 0
        self.sent = 0
        self.last = 0.0
        self.muted = False
        """Set when the client is gone and the provider's answer is to be read to its end all the same: what is sent goes nowhere."""
        self.draining = False
        """Whether a client that leaves mutes the reply, instead of being ClientGone."""
        self.gate: asyncio.Future[None] | None = None
        """What must have ended before the client gets its first byte."""
        self.wording: Callable[[GatewayError], bytes] | None = None
        """How an error is told inside the stream that has begun, when that depends on what was sent; the relay sets it."""
        self.recorder: Recorder | None = None
        """Who hears what the client is told."""
        self.listener: Recorder | None = None
        """Who hears the answer as it is before it is shaped for the client."""
        self.guard: Guard | None = None
        """Who looks at the answer before it is shaped."""
        self._head: tuple[int, Headers] | None = None
        self.cut = False
        """Set when the guard ended the answer: the client has all that it gets."""
        self.shaper: Shaper | None = None
        """Who turns the answer into the client's shape."""
        self.closing: Callable[[], Awaitable[None]] | None = None
        """What is done once, when the answer is whole and before the client has the last of it."""
        self.aside: list[tuple[bytes, bytes]] = []
        """Headers of the gateway's own that any answer gets which has not begun yet."""

    async def whole(self, status: int, headers: Headers, body: bytes) -> None:
        """A complete answer."""
        self._head = None
        if self.listener is not None:
            listener, self.listener = self.listener, None
            listener.began(status, [*headers, (b"content-length", b"%d" % len(body))])
            listener.sent(body, last=True)
        if self.guard is not None:
            guard, self.guard = self.guard, None
            body = await guard.whole(status, body)
            if self.begun:  # by a sign of life
                await self.part(body, last=True)
                return
        if self.shaper is not None:
            shaped = self.shaper.whole(status, body)
            status = self.shaper.status(status)
            if shaped is not body:
                headers = [_JSON, *(pair for pair in headers if pair[0] != _JSON[0])]
            body = shaped
        await self.start(status, [*headers, (b"content-length", b"%d" % len(body))])
        await self.part(body, last=True)

    async def start(self, status: int, headers: Headers) -> None:
        """Status and headers; UpstreamFault when the server cannot send such a head (a provider's, too long)."""
        if self.guard is not None and self.guard.gathers:
            self._gather(status, headers)
            return
        headers = [*headers, *self.aside]
        self.begun = True
        self.status = status
        if self.listener is not None:
            self.listener.began(status, headers)
        if self.guard is not None:
            self.guard.began(status, headers)
        if self.shaper is not None:
            self.shaper.began(status, headers)
        if self.recorder is not None:
            self.recorder.began(status, headers)
        if self.muted:
            return
        await self._opened()
        try:
            await self._send({"type": "http.response.start", "status": status, "headers": list(headers)})
        except OSError:
            self._gone()
        except ValueError:
            self.begun = False
            raise UpstreamFault("The headers of the provider's answer cannot be passed on.") from None

    def _gather(self, status: int, headers: Headers) -> None:
        """Keep a head until its answer may be told. It is said again with every part, as nothing has begun."""
        if self._head is None:
            for hearing in (self.listener, self.guard):
                if hearing is not None:
                    hearing.began(status, headers)
        self._head = status, headers

    async def part(self, body: bytes, *, last: bool = False) -> None:
        """Some of the body; `last` ends the answer for the client."""
        if self.listener is not None:
            self.listener.sent(body, last=last)
        if self.guard is not None:
            ended = last
            body, last = await self.guard.part(body, last=last)
            self.cut = last and not ended
            if not (body or last):
                return
        if self._head is not None:
            (status, headers), self._head, self.guard, self.listener = self._head, None, None, None
            await self.whole(status, headers, body)
            return
        if self._sign is not None:
            await self._signed()
        if self.shaper is not None:
            body = self.shaper.part(body, last=last)
        if last and self.closing is not None:
            closing, self.closing = self.closing, None
            await closing()
        self.sent += len(body)
        self.ended = self.ended or last
        self.last = asyncio.get_running_loop().time()
        if self.recorder is not None:
            self.recorder.sent(body, last=last)
        if self.muted:
            return
        try:
            await self._send({"type": "http.response.body", "body": body, "more_body": not last})
        except OSError:
            self._gone()
        except ValueError:
            # Servers that send the head with the first of the body find out here.
            if self.sent > len(body):
                raise
            self.begun = self.ended = False
            raise UpstreamFault("The headers of the provider's answer cannot be passed on.") from None

    def _gone(self) -> None:
        if not self.draining:
            raise ClientGone from None
        self.muted = True

    def sign(self, headers: Headers, body: bytes) -> None:
        """Send a sign of life beside whatever is going on; what comes next waits for it. Begins the answer with 200 if nothing did yet."""
        if self.muted:
            return
        begin = not self.begun
        headers = [*headers, *self.aside]
        if begin:
            self.begun, self.status = True, 200
            for hearing in (self.listener, self.guard, self.shaper):
                if hearing is not None:
                    hearing.began(200, headers)
        if self.recorder is not None:
            if begin:
                self.recorder.began(200, headers)
            self.recorder.sent(body, last=False)
        self._sign = asyncio.ensure_future(self._send_sign(headers if begin else None, body))

    async def _opened(self) -> None:
        if self.gate is not None:
            await asyncio.shield(self.gate)

    async def _send_sign(self, headers: Headers | None, body: bytes) -> None:
        await self._opened()
        try:
            if headers is not None:
                await self._send({"type": "http.response.start", "status": 200, "headers": list(headers)})
            await self._send({"type": "http.response.body", "body": body, "more_body": True})
        except OSError:
            return  # the next part finds out, or the one that watches the client

    async def _signed(self) -> None:
        sign, self._sign = self._sign, None
        if sign is not None and not sign.done():
            await asyncio.shield(sign)


def watch_client(receive: Receive, on_gone: Callable[[], None]) -> asyncio.Task[None]:
    """A task that calls `on_gone` when the client leaves. Where a disconnect cannot be seen (Lambda) it just waits; cancel it after the answer."""

    async def watch() -> None:
        while (await receive())["type"] != "http.disconnect":
            pass
        on_gone()

    return asyncio.ensure_future(watch())
