"""Passing an answer on to the client: whole or event by event, with signs of life while there is nothing to pass on."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

import orjson

from gateway.calling import MODEL_REFUSED, Call
from gateway.catalog.tokens import estimate_request, tokenizer_of
from gateway.errors import GatewayError, UpstreamFault
from gateway.ingress.draft import Draft
from gateway.ingress.endpoints import ErrorForm
from gateway.ingress.headers import Pairs, own_headers
from gateway.ingress.heartbeat import Heartbeat
from gateway.ingress.http import ClientGone, Receive, Reply, Request
from gateway.ingress.relays import Relay
from gateway.neutral.losses import Loss
from gateway.parts import Parts
from gateway.passage import EVENT_STREAM, JSON, NO_STORE, Answered, Going, SameDialect
from gateway.policies import limits
from gateway.translated import loss_header
from gateway.upstream import faults
from gateway.wire.gemini.array import ArrayStream
from gateway.wire.openai_media.opaque import OpaqueRelay
from gateway.wire.reading import Peek, StreamReader, load_object

_WHOLE_PATIENCE: Final = 3.0
# https://platform.openai.com/docs/api-reference/debugging-requests: clients of this family log how long a provider took.
_TIMED: Final = "openai"
_TIME: Final = b"openai-processing-ms"
_ID: Final = b"x-request-id"


@dataclass(frozen=True, slots=True)
class Client:
    """The ends towards the client, and the words it understands."""

    request: Request
    receive: Receive
    reply: Reply
    form: ErrorForm
    stoppers: tuple[str, ...] = ()
    """Who may have its request stopped, as the stop board names them; nobody is named = its virtual key."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One request as the data plane serves it."""

    relay: Relay
    peek: Peek
    client: Client
    draft: Draft


class Delivery:
    """What one client gets. `stopped` says why the whole request was stopped, None when it was not."""

    def __init__(self, parts: Parts, asked: Asked, stopped: Callable[[], Exception | None]) -> None:
        self._parts = parts
        self._relay, self._peek = asked.relay, asked.peek
        self._client, self._draft = asked.client, asked.draft
        self._stopped = stopped

    def heartbeat(self) -> Heartbeat:
        """Signs of life for a client that waits: events nobody sees in a stream, white space before a JSON answer.

        An answer in one piece gives its status away with the first sign, so it may be silent for three times as long, and stays
        below the minute after which many hops on the way close an idle connection.
        """
        relay, reply = self._relay, self._client.reply
        seconds = self._parts.settings.keepalive_seconds if relay.opaque is None else 0.0
        if not self._peek.stream:
            return Heartbeat(reply, seconds * _WHOLE_PATIENCE, lambda: [JSON, *self._opening()], b" ")
        kind = (b"content-type", ArrayStream.media_type) if relay.array else EVENT_STREAM
        if relay.array:
            reply.wording = self._array_of
        sign = b"\n" if relay.array else relay.sign
        return Heartbeat(reply, seconds, lambda: [kind, NO_STORE, *self._opening()], sign)

    def _array_of(self, error: GatewayError) -> bytes:
        """An error where nothing but signs of life was told: the array that the client waits for has not been opened yet."""
        array = ArrayStream()
        return array.feed(self._client.form.stream_error(error, self._draft.id)) + array.close()

    def _opening(self) -> Pairs:
        """Our own headers of an answer that begins before any provider's did."""
        metered = self._draft.metered
        losses = metered.passage.losses if metered is not None else ()
        return [*self._own(losses, (), self._client.form.id_header), *self._rates()]

    def _rates(self) -> Pairs:
        """Where the client's own rates stand; what the provider tells of its are the gateway's account's."""
        draft = self._draft
        if draft.admission is None:
            return []
        return limits.rates(draft.admission, draft.dialect, self._parts.clock.now_ms())

    async def counted(self, going: Going) -> None:
        """Token counting for a model whose provider does not count in this dialect: an estimate, and marked as one."""
        relay, draft = self._relay, self._draft
        assert relay.count is not None
        tokenizer = tokenizer_of(going.candidate.provider.kind, going.candidate.upstream_model)
        tokens = estimate_request(relay.dialect, self._peek.body.data, tokenizer, going.vendor.dialects[0]).tokens
        body = orjson.dumps(relay.count(tokens))
        own = own_headers(draft.id, draft.correlation_id, self._client.form.id_header)
        draft.metered = None
        draft.status = 200
        draft.keep(body)
        await self._client.reply.whole(200, [JSON, (b"x-gateway-token-count", b"estimated"), *own], body)

    async def deliver(self, call: Call) -> None:
        """The answer of a call, good or bad, to its end. UpstreamFault when a stream dies under way; GatewayError for a translated refusal."""
        draft = self._draft
        if call.first is not None:
            draft.first_byte = call.first
        if call.streaming:
            await self._stream(call)
            return
        if call.held and call.answered is not None and self._client.reply.begun:
            await self._last_events(call)
            return
        if call.fault is not None:
            draft.error, draft.error_message = _told(call)
        if call.error is not None:
            raise call.error
        assert call.answered is not None
        await self._whole(call, call.answered)

    async def _whole(self, call: Call, answered: Answered) -> None:
        reply, draft = self._client.reply, self._draft
        draft.status = answered.status
        draft.keep(answered.body)
        if not reply.begun:
            headers = self._headers(call)
            if call.events is not None:
                headers = [JSON, *(pair for pair in headers if pair[0] != b"content-type")]
            await reply.whole(answered.status, headers, answered.body)
        elif answered.status < 400 and self._peek.stream and isinstance(call.metered.passage, SameDialect):
            # A document in the middle of events is nothing to any client: it would take the answer for empty.
            raise faults.BadAnswer("The provider answered in one piece where a stream was asked for and had begun.")
        elif answered.status < 400:
            await reply.part(answered.body, last=True)
        else:
            raise _as_error(answered)

    async def _stream(self, call: Call) -> None:
        """A stream, event by event; one that ends without its terminal event ends with an error event of ours."""
        reply, draft, metered, events = self._client.reply, self._draft, call.metered, call.events
        reader, passage = metered.reader, metered.passage
        assert reader is not None
        assert events is not None
        headers = self._headers(call, stream=True)
        reply.wording = lambda error: passage.wording(reader, error)
        draft.binary = _binary(reader, headers)
        status = call.status or 200
        told = False  # whether the terminal event is with the client
        ready: bytes | None = call.held
        try:
            while ready is not None:
                if not reply.begun:
                    draft.status = status
                    await reply.start(status, headers)
                draft.status = status
                draft.keep(ready)
                await reply.part(ready)
                if reply.cut:
                    return  # a guardrail ended the answer: the rest would be paid for and told to nobody
                told = reader.finished
                ready = await events.next()
        except UpstreamFault:
            if not reader.finished:
                raise
        except asyncio.CancelledError:
            # A finished stream is whole, also when its provider keeps it open, or when its client hangs up at once, as SDKs do.
            reason = call.watchdog.reason() or self._stopped()
            ended = isinstance(reason, UpstreamFault) or (told and isinstance(reason, ClientGone))
            if not (reader.finished and ended):
                raise reason or asyncio.CancelledError from None
        _judge(reader, draft)
        await self._conclude(reader, told=told)

    async def _last_events(self, call: Call) -> None:
        """A stream that begins with the provider's error, behind signs of life: its own words are an event of it."""
        reader = call.metered.reader
        assert reader is not None
        self._draft.keep(call.held)
        await self._client.reply.part(call.held)
        _judge(reader, self._draft)
        await self._conclude(reader, told=True)

    async def _conclude(self, reader: StreamReader, *, told: bool) -> None:
        rest = reader.conclude()
        self._draft.keep(rest)
        try:
            await self._client.reply.part(rest, last=True)
        except ClientGone:
            if not told:
                raise

    def _headers(self, call: Call, *, stream: bool = False) -> Pairs:
        draft, metered = self._draft, call.metered
        passed = metered.passage.headers(call.upstream_headers, stream=stream)
        if not self._client.form.vendors:
            passed = [pair for pair in passed if pair[0] != _ID]
        rates = self._rates()
        if rates:
            passed = [pair for pair in passed if not limits.is_rate(pair[0])]
        own = [*self._own(metered.passage.losses, passed, None), *rates]
        own.append((b"x-gateway-target", quote(metered.candidate.name, safe="/:").encode()))
        if draft.dialect == _TIMED and all(name != _TIME for name, _ in passed):
            own.append((_TIME, b"%d" % ((self._parts.clock.monotonic() - draft.started) * 1000)))
        return [*passed, *own]

    def _own(self, losses: Sequence[Loss], present: Sequence[tuple[bytes, bytes]], id_header: bytes | None) -> Pairs:
        draft = self._draft
        return [*own_headers(draft.id, draft.correlation_id, id_header, present), *loss_header(losses)]


def _told(call: Call) -> tuple[str, str]:
    """Code and message of a provider's error for the row."""
    if call.fault in {"upstream_status", MODEL_REFUSED}:
        return "upstream_status", f"The provider answered {call.status}."
    kind = call.answered.error if call.answered is not None else None
    if kind is None and call.error is not None:
        kind = call.error.code
    where = "before it began its stream" if call.events is not None else "in a successful answer"
    return kind or "upstream_error", f"The provider reported an error {where}."


def _binary(reader: StreamReader, headers: Pairs) -> str | None:
    """The media type of an answer that is neither events nor text."""
    kind = next((value for name, value in headers if name == b"content-type"), b"application/octet-stream")
    name = kind.decode("latin-1").partition(";")[0].strip()[:64]
    return None if not isinstance(reader, OpaqueRelay) or name.startswith("text/") else name


def _judge(reader: StreamReader, draft: Draft) -> None:
    """What an ended stream was: a success, an error the provider told in it, or cut."""
    if reader.error is not None:
        draft.status, draft.error = 502, reader.error
        draft.error_message = "The provider reported an error inside its stream."
    elif not reader.finished:
        raise faults.Cut("The provider's stream ended before it was complete.")


def _as_error(answered: Answered) -> GatewayError:
    """A provider's refusal, when the answer has begun and only an event of the stream can tell it."""
    data = load_object(answered.body)
    inner = data.get("error") if data is not None else None
    message = inner.get("message") if isinstance(inner, Mapping) else None
    text = message if isinstance(message, str) and message else f"The provider answered {answered.status}."
    return faults.Refused(text, answered.status, "upstream_status")
