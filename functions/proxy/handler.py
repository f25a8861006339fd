"""The buffered handler: Mangum over the same application, for `sam local` and the local stack, which cannot stream.

On AWS wrapper.sh replaces the managed runtime, and this module is never imported.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Mapping
from typing import Any

from mangum import Mangum

from gateway.runtime.bridge import ASGIApp, Receive, Scope, Send
from gateway.runtime.events import BadEvent, is_proxy_event, to_request

_EMPTY = {"statusCode": 200, "headers": {}, "multiValueHeaders": {}, "body": "", "isBase64Encoded": False}


class BufferedHandler:
    """A Lambda handler `(event, context) -> response`. One event loop and one application for the life of the process, made at first use.

    The lock keeps Lambda's rule of one invocation at a time where an emulator calls from several threads.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._mangum: Mangum | None = None

    def __call__(self, event: Any, context: Any) -> dict[str, Any]:
        """Answer a REST proxy event in one piece; anything else gets an empty 200."""
        if not is_proxy_event(event):
            return dict(_EMPTY)
        try:
            to_request(event)
        except BadEvent:
            return _EMPTY | {"statusCode": 400}
        with self._lock:
            return self._adapter()({"resource": event["path"], **event}, context)

    def _adapter(self) -> Mangum:
        if self._loop is None:
            self._loop = asyncio.new_event_loop()
        asyncio.set_event_loop(self._loop)  # Mangum asks for the current loop, and each thread has its own
        if self._mangum is None:
            app = self._loop.run_until_complete(_build())
            self._mangum = Mangum(_with_true_scope(app), lifespan="off")
        return self._mangum


async def _build() -> ASGIApp:
    import os

    from proxy.app import create_app

    return await create_app(os.environ)


def _with_true_scope(app: ASGIApp) -> Any:
    """Mangum joins repeated headers and leaves the path encoded; the application shall see what it sees when streaming."""

    async def wrapped(scope: Scope, receive: Receive, send: Send) -> None:
        event: Mapping[str, Any] = scope["aws.event"]
        await app({**scope, **to_request(event).scope}, receive, send)

    return wrapped


handler = BufferedHandler()
