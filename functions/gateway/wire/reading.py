"""What a relay asks of a dialect: shapes shared by the dialects' rooms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Protocol

import orjson

from gateway.errors import GatewayError
from gateway.neutral.usage import Usage
from gateway.wire import sse
from gateway.wire.json_body import JsonBody

# A stream that never reports usage is kept to estimate it afterwards, up to this many bytes.
_KEEP_LIMIT: Final = 8 * 1024 * 1024
# So many events of an unknown meaning may come before an answer counts as begun.
_UNKNOWN_LIMIT: Final = 16
_MOST_TOKENS: Final = 10**9  # of one kind, in one request
_COUNTS: Final = ("tokens", "tokencount")  # as every dialect's names of token counts end
_USAGE_DEPTH: Final = 8


class EndlessEvent(Exception):
    """The upstream sends an event that does not end."""


@dataclass(frozen=True, slots=True)
class Peek:
    """What the gateway reads of a request it relays: the model asked for, whether a stream is wanted, and the body itself. `upload` is the id of
    the file that was put beside the request instead of into it."""

    body: JsonBody
    model: str
    stream: bool = False
    wants_usage: bool = True
    upload: str = ""


@dataclass(frozen=True, slots=True)
class StreamEnd:
    """How a relayed stream ended. `error` is the type an in-band error event named; `text` is what was generated when usage is missing."""

    finished: bool
    usage: Usage | None
    error: str | None
    text: str | None


class StreamReader(Protocol):
    """Reads a relayed stream sideways. `feed` returns the bytes to pass on (whole events only), `close` the rest.

    `finished`: the dialect's terminal event came. `error`: the type that an in-band error event named, `error_data` its JSON.
    `begun`: what `feed` returned so far, the last time included, holds something a client shows or uses (text, thoughts, a call, a
    picture, a signature, …), or the answer is complete. What opens an answer (ids, roles, empty blocks, pings) does not count, nor does
    an error: until then nothing was said, and another provider can be asked instead.
    """

    @property
    def begun(self) -> bool:
        """Whether the client was given content."""

    @property
    def finished(self) -> bool:
        """Whether the stream may end here."""

    @property
    def error(self) -> str | None:
        """The type of an error the upstream told in its stream."""

    @property
    def error_data(self) -> bytes:
        """That error's JSON."""

    def feed(self, chunk: bytes) -> bytes:
        """Take upstream bytes, return client bytes."""

    def close(self) -> bytes:
        """The upstream ended in an orderly way: return what was held back when that is fit to pass on."""

    def conclude(self) -> bytes:
        """What ends a finished stream for the client, when the upstream does not close; b"" when nothing is missing."""

    def end(self) -> StreamEnd:
        """The verdict; call it after `close`, or instead of it when the upstream was cut."""

    def failure(self, error: GatewayError, request_id: str) -> bytes | None:
        """Our own error as the last event of what was passed on so far; None where its form does not depend on that."""


class EventRelay:
    """Base of the dialects' stream readers: holds back half events, looks into those that carry a marker, keeps text for an estimate.

    A subclass names `markers` (an event holding none of them is passed without a look) and gives `look(data) -> keep?`. For `begun` it
    gives `shows`, which every event is asked about until one holds content; later ones cost nothing. An event nobody knows counts as
    content when it names a place in the answer, because a client may draw it; one that does not is taken for a note beside the answer (rate
    limits, say), for which no failover should be lost. Should that be wrong, the answer has begun after 16 of them: nothing waits for the end.
    """

    markers: tuple[bytes, ...] = ()

    def __init__(self) -> None:
        self.begun = False
        self._unknown = 0
        self._held = bytearray()
        self._kept: list[bytes] = []
        self._kept_size = 0
        self.finished = False
        self.usage: Usage | None = None
        self.error: str | None = None
        self.error_data = b""

    def feed(self, chunk: bytes) -> bytes:
        """See `StreamReader.feed`."""
        whole = sse.gather(self._held, chunk)
        if len(self._held) > sse.LONGEST:
            raise EndlessEvent
        if not whole:
            return b""
        if self._kept_size < _KEEP_LIMIT:
            self._kept.append(whole)
            self._kept_size += len(whole)
        if not self.begun:
            self._seek(whole)
        if not any(marker in whole for marker in self.markers):
            return whole
        kept = b"".join(event for event in sse.split(whole) if self._keep(event))
        self.begun = self.begun or self.finished
        return kept

    def _seek(self, whole: bytes) -> None:
        """Look for the first content."""
        for event in sse.split(whole):
            name, data = sse.fields(event)
            shown = self.shows(name, data) if data else False
            if shown is None:
                self._unknown += 1
            if shown or self._unknown > _UNKNOWN_LIMIT:
                self.begun = True
                return

    def close(self) -> bytes:
        """See `StreamReader.close`. A last event without its blank line is passed on only when it is the terminal one or tells an error."""
        rest, self._held = bytes(self._held), bytearray()
        if not rest.strip() or self.finished:
            return rest
        self._keep(rest)
        self.begun = self.begun or self.finished
        if self.error is not None:
            return rest + b"\n\n"  # parsers forget an event without its blank line, and this one must be heard
        return rest if self.finished else b""

    def conclude(self) -> bytes:
        """See `StreamReader.conclude`: the provider's own terminal event was passed on."""
        return b""

    def end(self) -> StreamEnd:
        """See `StreamReader.end`."""
        text = None if self.usage is not None and self.usage.told else self._generated()
        return StreamEnd(self.finished, self.usage, self.error, text)

    def failure(self, error: GatewayError, request_id: str) -> bytes | None:
        """See `StreamReader.failure`."""
        del error, request_id
        return None

    def _keep(self, event: bytes) -> bool:
        return self.look(sse.fields(event)[1])

    def note_error(self, kind: str | None, data: bytes) -> None:
        """Remember the first in-band error."""
        if kind is not None and self.error is None:
            self.error, self.error_data = kind, data

    def look(self, data: bytes) -> bool:
        """Learn from one marked event; False leaves it out of the client's stream."""
        raise NotImplementedError

    def shows(self, name: bytes, data: bytes) -> bool | None:
        """Whether an event, by its name (b"" without one) and data, holds content; None when nobody knows what it is."""
        raise NotImplementedError

    def words(self, event: Mapping[str, Any]) -> str:
        """The generated text of one decoded event."""
        raise NotImplementedError

    def _generated(self) -> str:
        pieces: list[str] = []
        for event in sse.split(b"".join(self._kept)):
            data = load_object(sse.fields(event)[1])
            if data is not None:
                pieces.append(self.words(data))
        return "".join(pieces)


def load_object(data: bytes) -> dict[str, Any] | None:
    """A JSON object, or None for anything else (`[DONE]`, a broken event)."""
    try:
        value = orjson.loads(data)
    except orjson.JSONDecodeError:
        return None
    return value if isinstance(value, dict) else None


def impossible(data: Any, depth: int = 0) -> bool:
    """Whether a usage object tells a number of tokens that cannot be: below 0, beyond any window, or no whole number."""
    if isinstance(data, list) and depth < _USAGE_DEPTH:
        return any(impossible(item, depth + 1) for item in data)
    if not isinstance(data, Mapping) or depth >= _USAGE_DEPTH:
        return False
    return any(
        impossible(value, depth + 1)
        if isinstance(value, Mapping | list)
        else name.lower().endswith(_COUNTS) and not _possible(value)
        for name, value in data.items()
    )


def _possible(value: Any) -> bool:
    return value is None or (type(value) is int and 0 <= value <= _MOST_TOKENS)


def count(data: Any, name: str) -> int:
    """A token count of a usage object: 0 when absent, negative or not an integer."""
    value = data.get(name) if isinstance(data, Mapping) else None
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else 0
