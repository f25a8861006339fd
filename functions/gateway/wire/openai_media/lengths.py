"""How long a sound is, by what is certain: the header of uncompressed sound, and the last time that subtitles tell. For answers without usage."""

from __future__ import annotations

import re
import struct
from typing import Final

from gateway.neutral.usage import Usage
from gateway.wire.openai_media.opaque import OpaqueRelay
from gateway.wire.reading import StreamEnd

LOOKED_AT: Final = 4096
"""So many of a file's first bytes are looked at."""

# PCM, floating point, and either of them in the longer form: http://soundfile.sapp.org/doc/WaveFormat/
_UNCOMPRESSED: Final = frozenset([1, 3, 0xFFFE])
_FORMAT: Final = struct.Struct("<HHIIHH")
# SubRip and WebVTT: `00:00:01,000 --> 00:01:02,500`, https://www.w3.org/TR/webvtt1/#webvtt-timestamp
_CUE: Final = re.compile(rb"-->[ \t]*(?:(\d{1,4}):)?(\d\d):(\d\d)[.,](\d{3})")
_TAIL: Final = 8 * 1024


def milliseconds(head: bytes, size: int) -> int | None:
    """The length of a file by its first bytes and its size; None for what is compressed.

    It is reckoned from the rate and the size of samples, by which every decoder plays them: a header that lies about them lies to the provider, too.
    """
    if head[:4] != b"RIFF" or head[8:12] != b"WAVE":
        return None
    at = 12
    while at + 24 <= len(head):
        if head[at : at + 4] == b"fmt ":
            kind, channels, rate, _, align, bits = _FORMAT.unpack_from(head, at + 8)
            fits = kind in _UNCOMPRESSED and 1 <= channels <= 8 and 1_000 <= rate <= 192_000
            return size * 1000 // (rate * align) if fits and 0 < align == channels * bits // 8 else None
        at += 8 + int.from_bytes(head[at + 4 : at + 8], "little")
    return None


class Written(OpaqueRelay):
    """A transcript that is no JSON: text, of whose length nothing is known, or subtitles, which tell when the last of them ends."""

    def __init__(self) -> None:
        super().__init__()
        self._tail = b""

    def feed(self, chunk: bytes) -> bytes:
        """See `StreamReader.feed`."""
        self._tail = (self._tail + chunk)[-_TAIL:]
        return super().feed(chunk)

    def end(self) -> StreamEnd:
        """See `StreamReader.end`."""
        cues = _CUE.findall(self._tail)
        if cues:
            hours, minutes, seconds, rest = (int(part or 0) for part in cues[-1])
            length = ((hours * 60 + minutes) * 60 + seconds) * 1000 + rest
            self.usage = Usage(audio_ms_in=length, source="estimated")
        return StreamEnd(self.finished, self.usage, None, None)
