"""Streams of text completions, read beside the relay: Chat Completions' events with `text` in place of a delta."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gateway.wire.openai_chat.stream import ChatRelay
from gateway.wire.openai_completions import response
from gateway.wire.reading import load_object


class TextRelay(ChatRelay):
    """Sideways reader of one stream of text completions."""

    def shows(self, name: bytes, data: bytes) -> bool | None:
        """See `EventRelay`: a choice with a text."""
        del name
        if data.startswith(b"[DONE]"):
            return False
        chunk = load_object(data)
        if chunk is None:
            return None
        choices = chunk.get("choices")
        if response.error(chunk) is not None:
            return False
        if not isinstance(choices, list):
            return None
        return any(isinstance(choice, Mapping) and response.shows(choice) for choice in choices)

    def words(self, event: Mapping[str, Any]) -> str:
        """Generated text of one chunk."""
        return response.text(event)
