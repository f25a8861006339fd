"""The form of a stream without `alt=sse`: one JSON array that grows, an element per chunk.

Google writes `[{…}`, then `\\n,\\r\\n{…}` for every further chunk, and `\\n]` at the end; an error in the middle is an element `{"error": {…}}`.
https://ai.google.dev/api/generate-content#method:-models.streamgeneratecontent
"""

from __future__ import annotations

from gateway.wire import sse


class ArrayStream:
    """Turns whole server-sent events into elements of the array. The JSON of each is passed on byte for byte."""

    media_type = b"application/json; charset=UTF-8"

    def __init__(self) -> None:
        self._begun = False

    def feed(self, events: bytes) -> bytes:
        """Whole events in (an error event too), bytes of the array out; events without JSON (comments, blank lines) give nothing."""
        pieces: list[bytes] = []
        for event in sse.split(events):
            data = sse.fields(event)[1]
            if data.startswith(b"{"):
                pieces += [b"\n,\r\n" if self._begun else b"[", data]
                self._begun = True
        return b"".join(pieces)

    def ping(self) -> bytes:
        """White space, which JSON allows here."""
        return b"\n"

    def close(self) -> bytes:
        """The end of the array, after a good end and after an error alike."""
        return b"\n]" if self._begun else b"[]"
