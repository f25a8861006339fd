"""The outermost door of the admin API: request id, size limit, security headers, one log line, and a last resort for bugs."""

from __future__ import annotations

import re
import time
from collections.abc import Callable

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gateway.admin.answers import LOG, told_error

MAX_BODY_BYTES = 1024 * 1024
# Of an import of dialogs, where Lambda takes 6 MB at most.
LARGER = {"/api/v1/export/import": 5 * 1024 * 1024}
_REQUEST_ID = re.compile(r"[A-Za-z0-9._:-]{1,128}")
SECURITY_HEADERS = {
    "cache-control": "no-store",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
    "cross-origin-resource-policy": "same-origin",
    "referrer-policy": "no-referrer",
    "strict-transport-security": "max-age=63072000; includeSubDomains",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
}


class Door:
    """ASGI middleware. A caller's `x-request-id` is kept when it is a plain word, else `new_id()` makes one."""

    def __init__(self, app: ASGIApp, new_id: Callable[[], str]) -> None:
        self._app = app
        self._new_id = new_id

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request; other scopes pass through."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        given = Headers(scope=scope).get("x-request-id", "")
        request_id = given if _REQUEST_ID.fullmatch(given) else self._new_id()
        scope.setdefault("state", {})["request_id"] = request_id
        reply = _Reply(scope, send, request_id)
        began = time.monotonic()
        try:
            body = await _body(scope, receive)
            if body is None:
                await reply.error(413)
            else:
                await self._app(scope, _replay(body, receive), reply.send)
        except Exception:  # noqa: BLE001 -- the outermost door
            LOG.exception("unforeseen error", extra={"request_id": request_id})
            await reply.error(500)
        _log(scope, reply.status, (time.monotonic() - began) * 1000, request_id)


class _Reply:
    """What goes back: adds headers, remembers the status."""

    def __init__(self, scope: Scope, send: Send, request_id: str) -> None:
        self._scope = scope
        self._send = send
        self._request_id = request_id
        self.status = 0

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers = MutableHeaders(scope=message)
            headers["x-request-id"] = self._request_id
            for name, value in SECURITY_HEADERS.items():
                headers.setdefault(name, value)
        await self._send(message)

    async def error(self, status: int) -> None:
        if self.status:  # the answer has begun: nothing can be said any more
            return
        status, body = told_error(self._scope, status)
        headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
        await self.send({"type": "http.response.start", "status": status, "headers": headers})
        await self.send({"type": "http.response.body", "body": body})


async def _body(scope: Scope, receive: Receive) -> bytes | None:
    """The whole body, None when it is over the limit (the rest is not read)."""
    most = LARGER.get(scope["path"], MAX_BODY_BYTES)
    length = Headers(scope=scope).get("content-length", "0")
    if length.isdigit() and int(length[:20]) > most:
        return None
    parts: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return b"".join(parts)
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if size > most:
            return None
        if not message.get("more_body", False):
            return b"".join(parts)


def _replay(body: bytes, receive: Receive) -> Receive:
    given = False

    async def replay() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return replay


def _log(scope: Scope, status: int, milliseconds: float, request_id: str) -> None:
    route = scope.get("route")
    LOG.info(
        "request",
        extra={
            "request_id": request_id,
            "method": scope["method"],
            "route": getattr(route, "path", None),  # the template: a path may hold names, a query may hold anything
            "status": status,
            "ms": round(milliseconds, 1),
            "actor": scope.get("state", {}).get("actor"),
        },
    )
