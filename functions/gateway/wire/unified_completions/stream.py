"""A Chat Completions stream, event by event, in the unified shape. Comments (signs of life) and `[DONE]` pass as they are."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import orjson

from gateway.wire import sse
from gateway.wire.reading import load_object

Reshape = Callable[[Mapping[str, Any]], Mapping[str, Any] | None]
"""What a chunk becomes; None leaves it as it is."""


class Reshaped:
    """Feed it the client's bytes as the relay made them: whole events, which it gives back reshaped."""

    def __init__(self, chunk: Reshape) -> None:
        self._chunk = chunk
        self._held = bytearray()

    def feed(self, part: bytes) -> bytes:
        """More of the stream; what is no whole event yet is held back."""
        whole = sse.gather(self._held, part)
        return b"".join(self._event(event) for event in sse.split(whole))

    def close(self) -> bytes:
        """What is left when the stream has ended."""
        rest, self._held = bytes(self._held), bytearray()
        return self._event(rest) if rest.strip() else rest

    def _event(self, event: bytes) -> bytes:
        _, data = sse.fields(event)
        chunk = load_object(data) if data else None
        if chunk is None:
            return event
        shaped = self._chunk(chunk)
        return event if shaped is None else sse.encode(None, orjson.dumps(shaped))
