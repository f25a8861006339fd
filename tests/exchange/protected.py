"""Requests with an idempotency key, and what must be the same in a replay."""

from __future__ import annotations

from typing import Any

from tests.exchange.dialects import CONTENT_TYPE, asked, streamed, whole
from tests.exchange.kit import KEY, Door, Heard
from tests.upstream.server import Upstream
from tests.upstream.steps import EVENTS, JSON, events, reply

from gateway.clock import Clock

FRESH = {b"x-gateway-request-id", b"x-request-id", b"request-id"}
TOLD = {b"x-gateway-replay", b"x-gateway-original-id"}


async def ask(door: Door, target: str, body: Any, key: str | None = "turn-1", **more: Any) -> Heard:
    """POST with an idempotency key. `secret` is the virtual key's."""
    headers = [("authorization", f"Bearer {more.pop('secret', KEY)}"), *more.pop("headers", ())]
    if key is not None:
        headers.append(("idempotency-key", key))
    return await door.ask("POST", target, body, headers, **more)


async def chat(door: Door, key: str | None = "turn-1", *, stream: bool = False, **more: Any) -> Heard:
    return await ask(door, *asked("openai_chat", "chat-model", stream=stream), key, **more)


def answers(upstream: Upstream, dialect: str, *, stream: bool) -> None:
    kind = (("content-type", CONTENT_TYPE[dialect]),) if dialect in CONTENT_TYPE and stream else None
    if stream:
        upstream.add(events(b"".join(streamed(dialect)), kind or EVENTS, streamed(dialect)))
    else:
        upstream.add(reply(200, whole(dialect), (*JSON, ("x-request-id", "up-1"), ("request-id", "up-1"))))


def told(heard: Heard) -> list[tuple[bytes, bytes]]:
    """What must be the same in a replay."""
    return sorted(pair for pair in heard.headers if pair[0] not in FRESH | TOLD)


class Time:
    def __init__(self) -> None:
        self.seconds = 0.0

    @property
    def clock(self) -> Clock:
        return Clock(lambda: 1_790_000_000.0 + self.seconds, lambda: 50.0 + self.seconds)
