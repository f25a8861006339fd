"""Content codings of an answer, undone as it arrives.

The gateway asks for `identity`. An upstream that compresses all the same is relayed in the clear, because the streaming edge in front of the
gateway passes no content coding: https://docs.aws.amazon.com/apigateway/latest/developerguide/response-transfer-mode.html
"""

from __future__ import annotations

import zlib
from collections.abc import Callable
from typing import Final

from gateway.upstream.faults import BadAnswer, Broken

_EITHER: Final = 47
# Clear bytes out of one chunk (at most some 256 KB arrive at a time): a bomb must not fill the memory before anybody counts.
_MOST: Final = 32 * 1024 * 1024


class Plain:
    """No coding."""

    def feed(self, chunk: bytes) -> bytes:
        """The bytes as they are."""
        return chunk

    def close(self) -> bytes:
        """Nothing is held back."""
        return b""


class Inflate:
    """gzip (also of several members, RFC 1952 §2.2) or zlib, told apart by their heads."""

    def __init__(self) -> None:
        self._inflater = zlib.decompressobj(wbits=_EITHER)

    def feed(self, chunk: bytes) -> bytes:
        """Clear bytes; BadAnswer when it is not what it says it is, or grows beyond all measure."""
        try:
            clear = self._inflater.decompress(chunk, _MOST)
            while self._inflater.unused_data:
                rest, self._inflater = self._inflater.unused_data, zlib.decompressobj(wbits=_EITHER)
                clear += self._inflater.decompress(rest, _MOST)
        except zlib.error:
            raise BadAnswer("The provider's answer is not compressed as it says.") from None
        if self._inflater.unconsumed_tail or len(clear) > _MOST:
            raise BadAnswer("The provider's compressed answer is too large.")
        return clear

    def close(self) -> bytes:
        """The rest; Broken when the compressed stream was cut."""
        rest = self._inflater.flush()
        if not self._inflater.eof:
            raise Broken("The provider's compressed answer broke off.")
        return rest


_CODINGS: Final[dict[str, Callable[[], Plain | Inflate]]] = {
    "": Plain,
    "identity": Plain,
    "gzip": Inflate,
    "x-gzip": Inflate,
    "deflate": Inflate,
}


def decoder(coding: str) -> Plain | Inflate:
    """The decoder of a Content-Encoding value; BadAnswer for one that was not asked for and cannot be undone."""
    kind = _CODINGS.get(coding.strip().lower())
    if kind is None:
        raise BadAnswer("The provider's answer is compressed in a way that was not asked for.")
    return kind()
