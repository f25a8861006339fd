"""Asking an ASGI app in the test's own process."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

DEMO_UPSTREAM_KEY = "demo-upstream-test-key"


@dataclass(frozen=True)
class Got:
    status: int
    headers: dict[str, str]
    body: bytes


async def ask(app: Any, method: str, path: str, headers: Mapping[str, str] | None = None) -> Got:
    """One request without a body."""
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    pairs = [(name.lower().encode(), value.encode()) for name, value in (headers or {}).items()]
    await app({"type": "http", "method": method, "path": path, "query_string": b"", "headers": pairs}, receive, send)
    start = sent[0]
    found = {name.decode(): value.decode() for name, value in start["headers"]}
    return Got(start["status"], found, b"".join(message.get("body", b"") for message in sent[1:]))
