"""Requests straight to the application, without a client between: thousands of them must be cheap."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from starlette.types import ASGIApp, Message


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        """The body, read."""
        return json.loads(self.body)

    def told(self) -> tuple[int, str]:
        """Status and body, without the request's id: what may not differ between two things that a caller must not tell apart."""
        if not self.body.startswith(b"{"):
            return self.status, self.body.decode()
        said = self.json()
        said.get("error", said).pop("request_id", None)
        return self.status, json.dumps(said, sort_keys=True)


async def ask(
    app: ASGIApp, method: str, path: str, headers: Mapping[str, str] | None = None, body: Any = None, query: str = ""
) -> Answer:
    """One request; `body` is sent as JSON."""
    raw = b"" if body is None else json.dumps(body).encode()
    given = {
        "host": "admin.test",
        "content-type": "application/json",
        "content-length": str(len(raw)),
        **(headers or {}),
    }
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": "https",
        "path": path,
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "root_path": "",
        "headers": [(name.encode(), value.encode()) for name, value in given.items()],
        "client": ("10.9.9.9", 1),
        "server": ("admin.test", 443),
    }
    messages: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": raw, "more_body": False}

    async def send(message: Message) -> None:
        messages.append(message)

    await app(scope, receive, send)
    start = messages[0]
    names = {name.decode(): value.decode() for name, value in start["headers"]}
    return Answer(start["status"], names, b"".join(message.get("body", b"") for message in messages[1:]))
