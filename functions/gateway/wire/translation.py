"""An upstream's stream in one dialect as a client's in another, for the same loop that pumps a relayed one.

Theory of operation: bytes → decoder → `Sequencer` → encoder → bytes. Nothing is given out before there is content or the end: the start of
an answer or of an empty block is held back, so that after a failure another provider can be asked, or the client be told by a real HTTP
status. There are two bad ends:

- **The upstream failed, and nothing was given yet.** `feed` returns b"", `failed` and `error` are set: the caller answers with a status, or,
  when its reply has begun all the same (a ping was sent), passes `failed` to `fail`.
- **It failed behind content.** `feed` returns the encoder's own form of the error; the stream is over.

A stream that merely ends too early is the caller's to judge, as with relayed ones: `close` gives b"" and leaves `finished` False and
`error` None. `fail` then tells the client, as it does for any other fault of the caller's (a timeout, a deadline).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Final

from gateway.errors import GatewayError
from gateway.neutral import redaction
from gateway.neutral.blocks import Refusal, Text, Thinking, ToolCall
from gateway.neutral.losses import Loss
from gateway.neutral.response import (
    BlockDelta,
    BlockExtra,
    BlockLogprobs,
    BlockSignature,
    BlockStart,
    Event,
    Failed,
    Finished,
    Started,
)
from gateway.neutral.sequence import Sequencer
from gateway.neutral.usage import Usage
from gateway.wire.codec import StreamDecoder, StreamEncoder
from gateway.wire.reading import StreamEnd
from gateway.wire.tool_names import restored_events

# A stream that never reports usage is kept to estimate it afterwards, up to this many characters.
_KEEP_LIMIT: Final = 8 * 1024 * 1024
# What decoders call a stream that ended too early, half an event at its end included.
_UNFINISHED: Final = frozenset(["upstream_cut", "upstream_error", "upstream_bad_answer"])


class Translator:
    """A `wire.reading.StreamReader` made of two codecs' ends. Use one per stream.

    `failed`: the bad one, from the upstream, and `error` its code; `error_data` is always b"". `given`: whether any byte was returned.
    `usage`: what is known of it, `estimated` until the upstream told it whole. `names`: see `tool_names`.
    """

    def __init__(
        self, decoder: StreamDecoder, encoder: StreamEncoder, names: Mapping[str, str] = MappingProxyType({})
    ) -> None:
        self._names = names
        self._decoder = decoder
        self._encoder = encoder
        self._sequencer = Sequencer()
        self._held: list[Event | bytes] = []
        self._kept: list[str] = []
        self._kept_size = 0
        self._over = False  # nothing of the upstream's counts any more
        self._told = False  # an end is with the client
        self._finished = False
        self._content = False  # there was some
        self._begun = False
        self.given = False
        self.failed: Failed | None = None
        self.error: str | None = None
        self.error_data = b""
        self.usage: Usage | None = None

    @property
    def begun(self) -> bool:
        """See `StreamReader`. A stream that may end without having said anything counts, until an error says otherwise."""
        return self._begun or self.finished

    @property
    def finished(self) -> bool:
        """See `StreamReader`: the terminal event was given, or would be if the upstream closed now."""
        return self._finished or (not self._over and self._decoder.may_end)

    @property
    def losses(self) -> list[Loss]:
        """What the encoder could not carry, so far."""
        return self._encoder.losses

    def feed(self, chunk: bytes) -> bytes:
        """Upstream bytes, cut anywhere, to client bytes: whole protocol events, b"" when there is nothing to say yet."""
        return b"" if self._over else self.feed_events(self._decoder.feed(chunk))

    def feed_events(self, events: Iterable[Event]) -> bytes:
        """The same for events that are already decoded (a whole answer, replayed as a stream)."""
        ready: list[bytes] = []
        for event in restored_events(events, self._names):
            self._learn(event)
            for told in self._sequencer.feed(event):
                self._tell(told, ready)
        return self._give(ready)

    def close(self) -> bytes:
        """The upstream ended in an orderly way: the rest. A cut gives b"" and is for `fail`."""
        if self._over:
            return b""
        events = self._decoder.close()
        if events and isinstance(events[-1], Failed) and events[-1].code in _UNFINISHED:
            self._learn(events[-1])
            events = events[:-1]
        return self.feed_events(events)

    def conclude(self) -> bytes:
        """See `StreamReader.conclude`."""
        return self.close()

    def fail(self, failed: Failed) -> bytes:
        """The error event(s) that end a client's stream which has begun, whether with content or with pings; b"" when its end is already told."""
        if self._told:
            return b""
        self._over = self._told = self.given = True
        ready = [told for told in self._held if isinstance(told, bytes)]
        self._held = []
        ready.append(self._encoder.feed(failed))
        return b"".join(ready)

    def failure(self, error: GatewayError, request_id: str) -> bytes:
        """See `StreamReader.failure`; the encoder knows the request's id."""
        del request_id
        return self.fail(Failed(error.message, error.status, error.code, error.param))

    def ping(self) -> bytes:
        """A sign of life in the client's dialect, fit for any moment before the end."""
        return self._encoder.ping()

    def end(self) -> StreamEnd:
        """The verdict. `text` is all that was generated, thoughts and arguments included, unless the upstream told its usage."""
        told = self.usage is not None and self.usage.told
        return StreamEnd(self.finished, self.usage, self.error, None if told else "".join(self._kept))

    def _learn(self, event: Event) -> None:
        """Keep what an estimate of usage needs; also of blocks that the sequencer holds back."""
        if type(event) is BlockDelta:
            self._keep(event.text)
        elif type(event) is BlockStart:
            if isinstance(event.block, Text | Thinking | Refusal):
                self._keep(event.block.text)
            elif isinstance(event.block, ToolCall):
                self._keep(event.block.name)
                self._keep(event.block.arguments)
        elif isinstance(event, Started) and event.usage is not None and self.usage is None:
            # What is known at the start is a first guess at the output, or none.
            self.usage = replace(event.usage, source="estimated")
        elif isinstance(event, Finished | Failed) and event.usage is not None:
            self.usage = event.usage

    def _keep(self, text: str) -> None:
        if text and self._kept_size < _KEEP_LIMIT:
            self._kept.append(text)
            self._kept_size += len(text)

    def _tell(self, event: Event, ready: list[bytes]) -> None:
        """Encode one event of the well-ordered stream."""
        kind = type(event)
        if kind is BlockDelta and self.given:
            ready.append(self._encoder.feed(event))
            return
        if isinstance(event, Failed):
            self._fail_upstream(event, ready)
            return
        self._content = self._content or kind is Finished or _shows(event)
        if not self._content:
            self._held.append(event)
            return
        if self._held:
            ready += [told if isinstance(told, bytes) else self._encoder.feed(told) for told in self._held]
            self._held = []
        ready.append(self._encoder.feed(event))
        if kind is Finished:
            self._over = self._told = self._finished = True

    def _fail_upstream(self, event: Failed, ready: list[bytes]) -> None:
        """Encode it where the client has content; else leave it to the caller, with whatever was on its way out."""
        self._over = True
        event = replace(event, message=redaction.text(event.message))  # some providers repeat credentials
        self.failed, self.error = event, event.code
        if self.given:
            self._told = True
            ready.append(self._encoder.feed(event))
            return
        self._held += ready
        ready.clear()

    def _give(self, ready: list[bytes]) -> bytes:
        told = b"".join(ready)
        if told:
            self.given = self._begun = True
        return told


def _shows(event: Event) -> bool:
    """Whether there is something in an event that a client shows or uses."""
    if isinstance(event, BlockDelta):
        return bool(event.text)
    if not isinstance(event, BlockStart):
        return isinstance(event, BlockSignature | BlockLogprobs | BlockExtra)
    block = event.block
    if isinstance(block, Text | Refusal):
        return bool(block.text)
    return not isinstance(block, Thinking) or bool(block.text or block.signature or block.redacted)
