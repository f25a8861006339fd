"""Ends the trail of every request before its answer is given, so that nobody is told of a success that the audit log does not know of."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gateway.admin.answers import told_error
from gateway.admin.errors import Unrecorded
from gateway.admin.trail import Trail


class Ending:
    """ASGI middleware, inside the door. The trail is where `gateway.admin.changing` put it: in the request's state."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request; other scopes pass through."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        answer = _Answer(scope, send)
        try:
            await self._app(scope, receive, answer.send)
        except Exception:
            await end(scope, 500)
            raise


class _Answer:
    def __init__(self, scope: Scope, send: Send) -> None:
        self._scope = scope
        self._send = send
        self._replaced = False

    async def send(self, message: Message) -> None:
        if self._replaced:
            return
        if message["type"] == "http.response.start":
            try:
                await end(self._scope, message["status"])
            except Unrecorded as error:
                self._replaced = True
                await self._refuse(error)
                return
        await self._send(message)

    async def _refuse(self, error: Unrecorded) -> None:
        status, body = told_error(self._scope, error.status, (error.type, error.message))
        headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
        await self._send({"type": "http.response.start", "status": status, "headers": headers})
        await self._send({"type": "http.response.body", "body": body})


async def end(scope: Scope, status: int) -> None:
    """End the trail of a request, where it has one; Unrecorded when that fails."""
    trail = scope.get("state", {}).get("trail")
    if isinstance(trail, Trail):
        await run_in_threadpool(trail.end, status)
