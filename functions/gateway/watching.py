"""The part of the story in which an answer is looked at on its way out: whole, or event by event.

Theory of operation. The guard sits between the answer as the provider (or the cache) gave it and the client: what is kept in a cache is what came in,
so that a later rule holds for it as well. A whole answer is changed in place (`guardrails.answers`). A stream is decoded, put in order, looked at
(`guardrails.output`, which holds back 256 characters) and encoded anew in the same dialect. Where a rule blocks, the client has the end of its answer
at once, in its dialect's own words for a filter, and the provider is hung up on: what it has said so far is what the request costs.

A moderation model judges whole texts. One that may block holds a stream back to its end, under signs of life, and then tells it at once or not at
all. One that only annotates is asked when the stream is with the client.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import orjson

from gateway.delivery import Asked
from gateway.errors import Blocked, GatewayError, InvalidRequest
from gateway.guardrails import answers
from gateway.guardrails.checks import Check
from gateway.guardrails.output import Watched
from gateway.ingress.http import Headers
from gateway.neutral.blocks import Refusal, Text, Thinking
from gateway.neutral.guardrails import Verdict
from gateway.neutral.request import Request
from gateway.neutral.response import BlockDelta, BlockStart, ChoiceEnd, Event, Failed, Finished, Started, Stop
from gateway.neutral.sequence import Sequencer
from gateway.passage import own_members
from gateway.wire import sse
from gateway.wire.codec import Context, StreamDecoder, StreamEncoder
from gateway.wire.codecs import codec
from gateway.wire.gemini.array import ArrayStream
from gateway.wire.reading import load_object

Judge = Callable[[Check, Sequence[str]], Awaitable[Verdict | None]]
"""What a moderation says of an answer's texts, None when it says nothing; Unjudged when it cannot be asked and blocks."""

_FILTER: Final = Stop("content_filter")
_MOST_JUDGED: Final = 4 * 1024 * 1024
WHOLE: Final = frozenset(["openai_transcriptions"])
"""Dialects whose streams are looked at as a whole: they are texts of files, which nobody watches growing."""


def message_of(check: Check) -> str:
    """What a caller is told whose request was blocked."""
    return check.guardrail.message or f"The request was blocked by the guardrail '{check.guardrail.id}'."


@dataclass(frozen=True, slots=True)
class Rules:
    """What holds for an answer: the checks with eyes, at work, and the models that are asked. `told` hears of what they say."""

    watched: Watched
    judges: tuple[Check, ...]
    judge: Judge
    told: Callable[[], None]

    @property
    def holds(self) -> bool:
        """Whether a stream must be held back to its end."""
        return any(one.guardrail.action == "block" for one in self.judges)


class Watching:
    """The guard of one reply. See `ingress.http.Guard`."""

    def __init__(self, asked: Asked, rules: Rules, created: int) -> None:
        self._asked = asked
        self._rules = rules
        self._created = created
        self._draft = asked.draft
        self._status = 200
        self._events: Stream | None = None
        self._body: list[bytes] = []
        self._evented = False
        self._over = False

    @property
    def gathers(self) -> bool:
        """See `Guard.gathers`."""
        return self._asked.relay.dialect in WHOLE

    def began(self, status: int, headers: Headers) -> None:
        """A stream is told by its type, or by the array that was asked for."""
        self._status, self._body, self._events = status, [], None
        array = self._asked.relay.array
        self._evented = sse.told(headers)
        if status < 400 and self._asked.relay.dialect not in WHOLE and (array or self._evented):
            self._events = Stream(self._asked, self._rules, self._created)

    async def whole(self, status: int, body: bytes) -> bytes:
        """See `Guard.whole`."""
        self._status = status
        return self._kept(await self._answer(body))

    async def part(self, body: bytes, *, last: bool) -> tuple[bytes, bool]:
        """See `Guard.part`."""
        if self._over:
            return b"", last
        if self._events is None:
            self._body.append(body)
            return (self._kept(await self._answer(b"".join(self._body))), True) if last else (b"", False)
        told = self._events.feed(body, last=last)
        if self._events.waits and (last or self._events.ended):
            told += await self._events.judged()
        self._over = last or self._events.ended
        if self._over:
            told += self._events.close()
            self._rules.told()
        return self._kept(told), last or self._events.cut

    def _kept(self, body: bytes) -> bytes:
        self._draft.told(body)
        return body

    async def _answer(self, body: bytes) -> bytes:
        """A whole answer; Blocked where its dialect has no word for that."""
        if self._status >= 400 or not body.strip():
            return body
        dialect, watched, data = self._asked.relay.dialect, self._rules.watched, load_object(body)
        if data is None:
            return await self._plain(body) if dialect in WHOLE else body
        found = answers.looked(dialect, data, watched)
        blocked = watched.blocked or await self._flagged(lambda: answers.words(dialect, found))
        self._rules.told()
        if blocked is None:
            return body if found is data else orjson.dumps(found)
        empty = answers.emptied(dialect, data)
        if empty is None:
            raise Blocked(message_of(blocked))
        return orjson.dumps(empty)

    async def _plain(self, body: bytes) -> bytes:
        """A transcript as text, subtitles or events: looked at as they are."""
        text, watched = body.decode("utf-8", "replace"), self._rules.watched
        found = _transcript(body, watched) if self._evented else watched.text(text).encode()
        blocked = watched.blocked or await self._flagged(lambda: [found.decode()])
        self._rules.told()
        if blocked is not None:
            raise Blocked(message_of(blocked))
        return found if watched.verdicts else body

    async def _flagged(self, texts: Callable[[], list[str]]) -> Check | None:
        """The first moderation that blocks."""
        for check in self._rules.judges:
            verdict = await self._rules.judge(check, texts())
            if verdict is not None and verdict.count and verdict.action == "block":
                return check
        return None


class Stream:
    """One stream of a dialect, decoded, looked at and encoded again. `ended`: the client's end is told; `cut`: by us, before the provider's."""

    def __init__(self, asked: Asked, rules: Rules, created: int) -> None:
        self._asked = asked
        self._rules = rules
        self._decoder, self._encoder = _ends(asked, created)
        self._sequencer = Sequencer()
        self._array = ArrayStream() if asked.relay.array else None
        self._words: list[str] = []
        self._size = 0
        self._held: list[Event] = []
        self._last: Event | None = None
        self.ended = False
        self.cut = False

    @property
    def waits(self) -> bool:
        """Whether moderations are still to be asked."""
        blocked = self._rules.watched.blocked is not None
        return bool(self._rules.judges) and not blocked and isinstance(self._last, Finished)

    def feed(self, chunk: bytes, *, last: bool) -> bytes:
        """Bytes of the stream, whole events, to bytes for the client."""
        events = self._decoder.feed(_unarrayed(chunk) if self._array is not None else chunk)
        events += self._decoder.close() if last else []
        watched, told = self._rules.watched, list[Event]()
        for event in events:
            for one in self._sequencer.feed(event):
                told += watched.feed([one])
                if watched.blocked is not None:
                    break
            if watched.blocked is not None:
                # Told at once: nobody waits for what is behind it.
                self.cut = not (last or isinstance(told[-1], Finished | Failed))
                told += [Finished()] if not isinstance(told[-1], Finished | Failed) else []
                break
        return self._tell(told)

    def _tell(self, events: Sequence[Event]) -> bytes:
        if not events:
            return b""
        self._last = events[-1]
        if self._rules.judges and self._rules.watched.blocked is None:
            self._learn(events)
            if self._rules.holds:
                self._held += events
                return self._failed() if isinstance(self._last, Failed) else b""
        held, self._held = self._held, []
        return self._encoded(_filtered([*held, *events]) if held else events)

    def _failed(self) -> bytes:
        """An answer that came to a bad end before it was judged: nothing of it is told but that."""
        self._held = []
        assert self._last is not None
        return self._encoded([self._last])

    def _learn(self, events: Sequence[Event]) -> None:
        for event in events:
            text = event.text if isinstance(event, BlockDelta) else ""
            if isinstance(event, BlockStart) and isinstance(event.block, Text | Thinking | Refusal):
                text = event.block.text
            if text and self._size < _MOST_JUDGED:
                self._words.append(text)
                self._size += len(text)

    async def judged(self) -> bytes:
        """What the moderations make of a stream that has come to its good end."""
        texts, rules = ["".join(self._words)], self._rules
        if not rules.holds:
            # The client has its answer; the row waits for the verdict.
            self._asked.draft.beside.append(asyncio.ensure_future(self._noted(texts)))
            return b""
        for check in rules.judges:
            try:
                verdict = await rules.judge(check, texts)
            except GatewayError as error:
                self._asked.draft.fail(error)
                return self._encoded([Failed(error.message, error.status, error.code)])
            if verdict is not None and verdict.count and verdict.action == "block":
                return self._encoded(_filtered(self._held))
        return self._encoded(self._held)

    async def _noted(self, texts: Sequence[str]) -> None:
        for check in self._rules.judges:
            await self._rules.judge(check, texts)

    def _encoded(self, events: Sequence[Event]) -> bytes:
        self.ended = self.ended or isinstance(events[-1], Finished | Failed)
        told = b"".join([self._encoder.feed(event) for event in events])
        return told if self._array is None else self._array.feed(told)

    def close(self) -> bytes:
        """What ends the client's stream."""
        return b"" if self._array is None else self._array.close()


def _filtered(events: Sequence[Event]) -> list[Event]:
    """A stream without its content. Its usage stays: it was paid for."""
    begun = [event for event in events if isinstance(event, Started)]
    choices = sorted({event.choice for event in events if isinstance(event, ChoiceEnd)}) or [0]
    ends = [replace(event, extras={}) for event in events if isinstance(event, Finished)]
    return [*begun, *(ChoiceEnd(_FILTER, choice) for choice in choices), *ends]


def _ends(asked: Asked, created: int) -> tuple[StreamDecoder, StreamEncoder]:
    """Both ends of the client's dialect."""
    dialect, peek = asked.relay.dialect, asked.peek
    if dialect == "openai_completions":
        from gateway.wire.openai_completions.events import TextDecoder, TextEncoder

        reading = TextDecoder()
        return reading, TextEncoder(reading)
    found = codec(dialect)
    assert found.encoder is not None
    context = Context(asked.draft.id, peek.model, created, _request(asked))
    return found.decoder(asked.draft.id), found.encoder(context)


def _request(asked: Asked) -> Request:
    """The client's request, as far as an answer's form depends on it. What a relay carries and a codec cannot read changes nothing of that form."""
    peek, read = asked.peek, codec(asked.relay.dialect).decode_request
    gone = own_members(peek.body.data)
    data: dict[str, Any] = {name: value for name, value in peek.body.data.items() if name not in gone}
    try:
        assert read is not None
        return read(data, model=peek.model, stream=peek.stream)
    except InvalidRequest:
        return Request(asked.relay.dialect, peek.model, (), stream=peek.stream, stream_usage=peek.wants_usage)


def _transcript(body: bytes, watched: Watched) -> bytes:
    """The events of a transcript, whose pieces are looked at together and told as one."""
    found = [data for event in sse.split(body) if (data := load_object(sse.fields(event)[1])) is not None]
    pieces = [one["delta"] for one in found if isinstance(one.get("delta"), str)]
    text = watched.text("".join(pieces))
    told = [{"type": "transcript.text.delta", "delta": text}] if pieces else []
    for one in found:
        if not isinstance(one.get("delta"), str):
            whole = pieces and one.get("text") == "".join(pieces)
            told.append({**one, "text": text} if whole else dict(watched.data(one)))
    return b"".join(sse.encode(None, orjson.dumps({**one, "logprobs": None})) for one in told)


def _unarrayed(chunk: bytes) -> bytes:
    """Whole elements of the growing array as events. See `ArrayStream`, which never cuts one."""
    text, position, events = chunk.decode("utf-8", "replace"), 0, list[bytes]()
    while (start := text.find("{", position)) >= 0:
        data, position = _ELEMENTS.raw_decode(text, start)
        events.append(sse.encode(None, orjson.dumps(data)))
    return b"".join(events)


_ELEMENTS: Final = json.JSONDecoder()
