"""Streams of `streamGenerateContent?alt=sse`, read beside the relay. https://ai.google.dev/api/generate-content#method:-models.streamgeneratecontent

Theory of operation: every event passes through untouched; each is a whole GenerateContentResponse. There is no terminal event. A stream may
end well once every candidate that was seen has named its `finishReason`, or once the prompt was blocked (`promptFeedback.blockReason`: no
candidate will come). The end of the connection before that is a cut. Chunks may still follow (an empty text with a thought signature,
grounding), so `finished` says that the stream may end, not that it has.

Usage stands in almost every chunk and grows. It counts as the upstream's once the stream may end; before that it is a first guess.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from gateway.wire import sse
from gateway.wire.gemini import response
from gateway.wire.reading import EventRelay, StreamEnd, count, load_object

# Members of a chunk that say nothing of what the model said, or that were looked into.
_KNOWN: Final = frozenset(["candidates", "usageMetadata", "promptFeedback", "error", "modelVersion", "responseId"])


class GeminiRelay(EventRelay):
    """Sideways reader of one stream."""

    markers = (b'"candidates"', b'"usageMetadata"', b'"promptFeedback"', b'"error"')

    def __init__(self) -> None:
        super().__init__()
        self._open: dict[int, bool] = {}
        self._counts: Mapping[str, Any] = {}

    def look(self, data: bytes) -> bool:
        """Learn usage, an in-band error or an end; every event is kept."""
        chunk = load_object(data)
        if chunk is None:
            return True
        self.note_error(response.error(chunk), data)
        for candidate in response.candidates(chunk):
            index = count(candidate, "index")
            self._open[index] = self._open.get(index, True) and not response.ended(candidate)
        self.finished = response.blocked(chunk) is not None or self.finished or bool(self._open)
        self.finished = self.finished and not any(self._open.values())
        if response.counts(chunk.get("usageMetadata")):
            self._counts = chunk
        return True

    def end(self) -> StreamEnd:
        """The verdict, with usage as it was told last."""
        found = response.usage(self._counts)
        if found is not None:
            self.usage = found if self.finished or found.source != "upstream" else replace(found, source="estimated")
        return super().end()

    def shows(self, name: bytes, data: bytes) -> bool | None:
        """See `EventRelay`: a part with anything in it."""
        del name
        chunk = load_object(data)
        if chunk is None:
            return None
        if any(response.shows(part) for candidate in response.candidates(chunk) for part in response.parts(candidate)):
            return True
        return False if chunk.keys() & _KNOWN else None

    def close(self) -> bytes:
        """The last event is passed on when it is a whole one, with the blank line that it lacks; half of one is left out."""
        rest, self._held = bytes(self._held), bytearray()
        if load_object(sse.fields(rest)[1]) is None:
            return b""
        self._seek(rest)
        self._keep(rest)
        self.begun = self.begun or self.finished
        return rest + b"\n\n" if self.finished or self.error is not None else b""

    def words(self, event: Mapping[str, Any]) -> str:
        """Generated text of one chunk."""
        return response.text(event)
