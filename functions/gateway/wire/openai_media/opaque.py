"""Answers that are no JSON and no events: bytes of sound, plain text, subtitles. They pass as they come."""

from __future__ import annotations

from gateway.errors import GatewayError
from gateway.neutral.usage import Usage
from gateway.wire.reading import StreamEnd


class OpaqueRelay:
    """A `wire.reading.StreamReader` of bytes that mean nothing to it: any byte is content, and the end of the transfer is the end."""

    def __init__(self) -> None:
        self.begun = False
        self.finished = False
        self.error: str | None = None
        self.error_data = b""
        self.usage: Usage | None = None

    def feed(self, chunk: bytes) -> bytes:
        """See `StreamReader.feed`."""
        self.begun = self.begun or bool(chunk)
        return chunk

    def close(self) -> bytes:
        """See `StreamReader.close`. An answer without a byte is none, and not begun."""
        self.finished = self.begun
        return b""

    def conclude(self) -> bytes:
        """See `StreamReader.conclude`."""
        return b""

    def end(self) -> StreamEnd:
        """See `StreamReader.end`."""
        return StreamEnd(self.finished, None, None, None)

    def failure(self, error: GatewayError, request_id: str) -> bytes:
        """See `StreamReader.failure`: bytes of an error would be taken for sound, so only a broken connection tells it."""
        del error, request_id
        return b""
