"""Streams of OpenAI Responses, read beside the relay. https://platform.openai.com/docs/api-reference/responses-streaming

Theory of operation: every event passes through untouched. `response.completed` and `response.incomplete` are the good ends and carry the
usage, `response.failed`, `response.cancelled` and `error` are the bad ones. `response.created` and the last event are remembered, so that
an error of ours goes on with their response object and sequence number.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from gateway.errors import GatewayError
from gateway.wire import sse
from gateway.wire.openai_responses import errors, response
from gateway.wire.reading import EventRelay, load_object

# Events that say nothing of what the model said.
_FRAME: Final = frozenset(
    ["keepalive", "error"]
    + [
        f"response.{name}"
        for name in ("created", "queued", "in_progress", "completed", "incomplete", "failed", "cancelled")
    ]
)
_FRAME_NAMES: Final = frozenset(name.encode() for name in _FRAME)


class ResponsesRelay(EventRelay):
    """Sideways reader of one Responses stream."""

    markers = (
        b"response.completed",
        b"response.incomplete",
        b"response.failed",
        b"response.cancelled",
        b"response.created",
        b'"error"',
        b"event: error",
    )

    def __init__(self) -> None:
        super().__init__()
        self._opening: Mapping[str, Any] = {}
        self._last = b""

    def feed(self, chunk: bytes) -> bytes:
        """See `StreamReader.feed`."""
        told = super().feed(chunk)
        if told:
            self._last = told
        return told

    def look(self, data: bytes) -> bool:
        """Learn usage, an in-band error or the end; every event is kept."""
        event = load_object(data)
        if event is None:
            return True
        kind = event.get("type")
        held = event.get("response")
        body: Mapping[str, Any] = held if isinstance(held, Mapping) else {}
        if kind in ("response.completed", "response.incomplete"):
            self.finished = True
        elif kind in ("response.failed", "response.cancelled"):
            self._note(response.error(body) or "upstream_error", body.get("error"))
        elif kind == "response.created":
            self._opening = body
        elif kind == "error" or (event.get("error") and held is None):
            self._note(response.error(event), event.get("error") or event)
        found = response.usage(body)
        if found is not None:
            self.usage = found
        return True

    def _note(self, kind: str | None, held: Any) -> None:
        self.note_error(kind, errors.as_body(errors.in_stream(held if isinstance(held, Mapping) else {})))

    def shows(self, name: bytes, data: bytes) -> bool | None:
        """See `EventRelay`: a delta, a part or a whole text that is not empty, or an item that is more than an empty message or thought."""
        if name in _FRAME_NAMES:
            return False
        event = load_object(data)
        if event is None:
            return None
        if event.get("type") in _FRAME or event.get("error"):
            return False
        return response.shows(event)

    def words(self, event: Mapping[str, Any]) -> str:
        """Generated text of one event: its delta; what `done` events say was said before."""
        delta = event.get("delta")
        return delta if isinstance(delta, str) else ""

    def failure(self, error: GatewayError, request_id: str) -> bytes:
        """Our own error as the last events of what was passed on so far."""
        known = {**errors.ending(request_id), **self._opening}
        return errors.failed_events(errors.failure_of(error), known, self._next_number())

    def _next_number(self) -> int:
        number = -1
        for event in sse.split(self._last):
            data = load_object(sse.fields(event)[1])
            found = data.get("sequence_number") if data is not None else None
            if isinstance(found, int):
                number = max(number, found)
        return number + 1
