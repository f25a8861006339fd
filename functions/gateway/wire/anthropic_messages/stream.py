"""Streams of Anthropic Messages, read beside the relay. https://platform.claude.com/docs/en/api/messages-streaming

Theory of operation: every event passes through untouched. `message_start` gives the input side of usage, each `message_delta` the cumulative output
side, `message_stop` is the only good end and `error` the bad one. Usage counts as the upstream's once a `message_delta` reported it: before
that, `message_start` carries a first guess at the output.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from gateway.wire.anthropic_messages import response
from gateway.wire.reading import EventRelay, load_object

# Events that say nothing of what the model said.
_FRAME: Final = frozenset(["message_start", "ping", "content_block_stop", "message_delta", "message_stop", "error"])
_FRAME_NAMES: Final = frozenset(name.encode() for name in _FRAME)
# Members by which an event belongs to a block.
_PLACE: Final = frozenset(["index", "delta", "content_block"])


class MessagesRelay(EventRelay):
    """Sideways reader of one Messages stream."""

    markers = (b'"usage"', b"message_stop", b'"error"', b"event: error")

    def look(self, data: bytes) -> bool:
        """Learn usage, an in-band error or the end; every event is kept."""
        event = load_object(data)
        if event is None:
            return True
        kind = event.get("type")
        if kind == "message_stop":
            self.finished = True
        elif kind == "error":
            self.note_error(response.error(event), data)
        elif kind == "message_start" and isinstance(event.get("message"), Mapping):
            self.usage = response.opening(event["message"])
        elif kind == "message_delta":
            self.usage = response.added(self.usage, event)
        return True

    def shows(self, name: bytes, data: bytes) -> bool | None:
        """See `EventRelay`: a block that is not empty when it starts, or a delta that is not."""
        if name in _FRAME_NAMES:
            return False
        event = load_object(data)
        kind = event.get("type") if event is not None else None
        if event is None or kind in _FRAME:
            return None if event is None else False
        part = event.get("content_block") if kind == "content_block_start" else event.get("delta")
        if isinstance(part, Mapping):
            return response.starts(part) if kind == "content_block_start" else response.grows(part)
        return True if event.keys() & _PLACE else None

    def words(self, event: Mapping[str, Any]) -> str:
        """Generated text of one event."""
        part = event.get("delta") or event.get("content_block")
        return response.words(part) if isinstance(part, Mapping) else ""
