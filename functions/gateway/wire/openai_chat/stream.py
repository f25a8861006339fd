"""Streams of OpenAI Chat Completions, read beside the relay. https://platform.openai.com/docs/api-reference/chat-streaming

Theory of operation: events pass through untouched. An event is looked into only when it mentions usage, an error or the end. The usage chunk
(`choices: []`) is dropped when the client did not ask for it; the gateway did. Only `data: [DONE]` ends a stream well.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gateway.wire.openai_chat import response
from gateway.wire.reading import EventRelay, load_object


class ChatRelay(EventRelay):
    """Sideways reader of one Chat Completions stream."""

    markers = (b'"usage"', b'"error"', b"[DONE]")

    def __init__(self, *, strip_usage: bool) -> None:
        super().__init__()
        self._strip = strip_usage

    def look(self, data: bytes) -> bool:
        """Learn usage, an in-band error or the end; False for the usage chunk nobody asked for."""
        if data.startswith(b"[DONE]"):
            self.finished = True
            return True
        chunk = load_object(data)
        if chunk is None:
            return True
        self.note_error(response.error(chunk), data)
        found = response.usage(chunk)
        if found is None:
            return True
        self.usage = found
        return not (self._strip and chunk.get("choices") == [])

    def shows(self, name: bytes, data: bytes) -> bool | None:
        """See `EventRelay`: a choice with more than its role, empty texts and its end."""
        del name
        if data.startswith(b"[DONE]"):
            return False
        chunk = load_object(data)
        if chunk is None:
            return None
        if response.error(chunk) is not None:
            return False
        choices = chunk.get("choices")
        if not isinstance(choices, list):
            return None
        return any(isinstance(choice, Mapping) and response.shows(choice) for choice in choices)

    def words(self, event: Mapping[str, Any]) -> str:
        """Generated text of one chunk."""
        return response.text(event)
