"""Attempt and stream: the part of the story in which a provider is called and its answer passed on.

What goes out and what comes back is a `Passage`: the bytes themselves where the provider speaks the client's dialect, a translation where it
does not. This module drives either: it bounds every phase, watches the client, keeps silent streams alive and records what happened.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from gateway.catalog.tokens import estimate_request, tokenizer_of
from gateway.errors import GatewayError, InvalidRequest, UpstreamFault
from gateway.ingress.draft import Draft
from gateway.ingress.endpoints import ErrorForm
from gateway.ingress.headers import Pairs, own_headers
from gateway.ingress.heartbeat import Heartbeat
from gateway.ingress.http import ClientGone, Receive, Reply, Request, watch_client
from gateway.ingress.relays import Relay
from gateway.neutral import redaction
from gateway.neutral.config import Provider, UpstreamKey
from gateway.neutral.index import Index
from gateway.neutral.logrow import Attempt
from gateway.neutral.losses import Loss
from gateway.parts import Parts
from gateway.passage import EVENT_STREAM, JSON, NO_STORE, Answered, Going, Metered, Passage, SameDialect, wants_strict
from gateway.providers import Vendor, vendor
from gateway.routing.plan import Candidate, make_plan, shown
from gateway.settlement import Settlement
from gateway.translated import Translated, can_translate, loss_header, speaks
from gateway.upstream import attempt, faults
from gateway.upstream.client import UpstreamAnswer
from gateway.upstream.watchdog import Watchdog
from gateway.wire.gemini.array import ArrayStream
from gateway.wire.reading import Peek, StreamReader, load_object

# Kept back from the environment's deadline, to tell the client, settle and write the row.
_SETTLE_SECONDS = 4.0
_WHOLE_PATIENCE = 3.0
# https://platform.openai.com/docs/api-reference/debugging-requests: clients of this family log how long a provider took.
_TIMED, _TIME = "openai", b"openai-processing-ms"
# A credential that is shorter is a word, as local servers have it.
_TELLING = 8
# Answers of servers that speak a dialect but do not count tokens in it.
_NO_SUCH_OPERATION = frozenset([404, 405, 501])


@dataclass(frozen=True, slots=True)
class Client:
    """The ends towards the client, and the words it understands."""

    request: Request
    receive: Receive
    reply: Reply
    form: ErrorForm


class Relaying:
    """Serves requests that a provider answers."""

    def __init__(self, parts: Parts, settlement: Settlement) -> None:
        self._parts = parts
        self._settlement = settlement

    async def run(self, relay: Relay, peek: Peek, index: Index, client: Client, draft: Draft) -> None:
        draft.requested_model, draft.stream = peek.model, peek.stream
        assert draft.key is not None
        plan = make_plan(index, peek.model, draft.key)
        draft.route, draft.candidates = plan.route, len(plan.candidates)
        candidate = _serving(plan.candidates, relay, peek.model)
        draft.provider, draft.upstream_model = candidate.provider.id, candidate.upstream_model
        draft.model = candidate.model.id if candidate.model else candidate.upstream_model
        kind = _vendor(candidate.provider)
        wants_strict(client.request)
        if relay.count is not None and relay.dialect not in kind.dialects:
            await self._count_here(relay, peek, candidate, client, draft)
            return
        going = Going(relay, peek, candidate, kind, client.form, client.request, draft.id)
        passage = self._passage(going, draft)
        metered = draft.metered = Metered(relay, peek, candidate, passage)
        await self._call(metered, client, draft)

    def _passage(self, going: Going, draft: Draft) -> Passage:
        if speaks(going.vendor, going.candidate.upstream_model, going.relay.dialect):
            return SameDialect(going)
        return Translated(going, draft.time_ms // 1000)

    async def _call(self, metered: Metered, client: Client, draft: Draft) -> None:
        began = self._parts.clock.monotonic()
        try:
            call = await self._prepare(metered, draft)
            if _durable(draft) or self._parts.settings.durable:
                await _beside(self._settlement.start_row(draft), self._attempt(call, metered, client, draft))
            else:
                await self._attempt(call, metered, client, draft)
        except UpstreamFault as fault:
            self._record(draft, metered.candidate, began, None, fault.code)
            raise
        except ClientGone:
            self._record(draft, metered.candidate, began, None, "client_gone")
            raise
        finally:
            draft.losses = metered.passage.losses

    async def _count_here(self, relay: Relay, peek: Peek, candidate: Candidate, client: Client, draft: Draft) -> None:
        """Token counting for a model whose provider does not count in this dialect: an estimate, and marked as one."""
        assert relay.count is not None
        tokenizer = tokenizer_of(candidate.provider.kind, candidate.upstream_model)
        tokens = estimate_request(
            relay.dialect, peek.body.data, tokenizer, _vendor(candidate.provider).dialects[0]
        ).tokens
        body = orjson.dumps(relay.count(tokens))
        draft.status = 200
        draft.keep(body)
        own = own_headers(draft.id, draft.correlation_id, client.form.id_header)
        await client.reply.whole(200, [JSON, (b"x-gateway-token-count", b"estimated"), *own], body)

    async def _prepare(self, metered: Metered, draft: Draft) -> attempt.Call:
        """The call of the upstream: credential, headers and body."""
        candidate, settings = metered.candidate, self._parts.settings
        provider, kind = candidate.provider, _vendor(candidate.provider)
        key = _first_active(provider.keys)
        secret = await self._parts.secrets.secret(key) if key is not None else None
        draft.upstream_key_id = key.id if key is not None else None
        fixed = {"accept-encoding": "identity", **provider.extra_headers, **attempt.credential(kind, secret)}
        if not all(value.isascii() for value in fixed.values()):
            raise faults.NotConfigured("The provider's headers or credential cannot be sent.")
        outgoing = metered.passage.outgoing(fixed)
        call = attempt.Call(
            provider=provider,
            vendor=kind,
            path=outgoing.path,
            query=outgoing.query,
            model=candidate.upstream_model,
            headers=outgoing.headers,
            body=outgoing.body,
            secret=secret,
            allow_private=provider.allow_private and settings.allow_private_upstreams,
            region=settings.region,
        )
        if kind.auth == "aws" and secret is None:
            return await attempt.signed(call, self._parts.signing)
        return call

    async def _attempt(self, call: attempt.Call, metered: Metered, client: Client, draft: Draft) -> None:
        """One exchange with the provider, bounded in every phase, ended early when the client leaves."""
        deadline = client.request.deadline
        remaining = None if deadline is None else deadline - self._parts.clock.wall() - _SETTLE_SECONDS
        watchdog = attempt.watchdog_for(call.provider, remaining)
        leaving = watch_client(client.receive, lambda: watchdog.bark(ClientGone()))
        heart = self._heartbeat(metered, client, draft)
        began = self._parts.clock.monotonic()
        try:
            async with self._parts.upstream.open(call.request()) as answer:
                draft.upstream_request_id = attempt.request_id(answer)
                attempt.refuse_redirect(answer)
                if answer.status < 400 and attempt.is_event_stream(answer) and metered.passage.streams:
                    await self._stream(answer, metered, client.reply, draft, watchdog)
                else:
                    await self._whole(answer, metered, client, draft, watchdog)
                self._record(draft, metered.candidate, began, answer.status, draft.error)
        except asyncio.CancelledError:
            reason = watchdog.reason()
            if reason is None:
                raise
            raise reason from None
        except GatewayError as error:
            # Translated refusals repeat the provider's words, and some providers repeat the credential they were given.
            if call.secret is not None and len(call.secret) >= _TELLING:
                error.message = error.message.replace(call.secret, redaction.MARK)
            raise
        finally:
            watchdog.stop()
            leaving.cancel()
            heart.stop()

    def _heartbeat(self, metered: Metered, client: Client, draft: Draft) -> Heartbeat:
        """Signs of life for a client that waits: events nobody sees in a stream, white space before a JSON answer.

        An answer in one piece gives its status away with the first sign, so it may be silent for three times as long, and stays
        below the minute after which many hops on the way close an idle connection.
        """
        relay, seconds = metered.relay, self._parts.settings.keepalive_seconds
        own = self._own(draft, metered.passage.losses, (), client.form.id_header)
        if not metered.peek.stream:
            return Heartbeat(client.reply, seconds * _WHOLE_PATIENCE, [JSON, *own], b" ")
        kind = (b"content-type", ArrayStream.media_type) if relay.array else EVENT_STREAM
        return Heartbeat(client.reply, seconds, [kind, NO_STORE, *own], b"\n" if relay.array else relay.sign)

    async def _whole(
        self, answer: UpstreamAnswer, metered: Metered, client: Client, draft: Draft, watchdog: Watchdog
    ) -> None:
        """An answer in one piece; a success that is not JSON is the provider's fault."""
        body = await attempt.read_whole(answer, watchdog, metered.candidate.provider.timeouts.idle)
        draft.first_byte = self._parts.clock.monotonic()
        if answer.status >= 400 and metered.relay.count is not None and answer.status in _NO_SUCH_OPERATION:
            await self._count_here(metered.relay, metered.peek, metered.candidate, client, draft)
            return
        answered = self._answered(answer, body, metered, draft)
        reply = client.reply
        draft.status = answered.status
        draft.keep(answered.body)
        headers = self._headers(answer, metered, draft)
        if not reply.begun:
            await reply.whole(answered.status, headers, answered.body)
        elif answered.status < 400:
            await reply.part(answered.body, last=True)
        else:
            raise _as_error(answered)

    @staticmethod
    def _answered(answer: UpstreamAnswer, body: bytes, metered: Metered, draft: Draft) -> Answered:
        """What the client is told of a whole answer; usage and errors noted."""
        status = answer.status
        if status >= 400:
            draft.error, draft.error_message = "upstream_status", f"The provider answered {status}."
            error = metered.passage.refused(status, answer.headers, body)
            if error is not None:
                raise error
            return Answered(status, body)
        data = load_object(body)
        if data is None:
            raise faults.BadAnswer("The provider's answer is not JSON.")
        answered = metered.passage.whole(status, data, body)
        metered.usage, metered.text = answered.usage, answered.text
        if answered.error is not None:
            draft.error, draft.error_message = (
                answered.error,
                "The provider reported an error in a successful answer.",
            )
        return answered

    async def _stream(
        self, answer: UpstreamAnswer, metered: Metered, reply: Reply, draft: Draft, watchdog: Watchdog
    ) -> None:
        """A stream, event by event; one that ends without its terminal event ends with an error event of ours."""
        passage = metered.passage
        reader = metered.reader = passage.reader()
        headers = self._headers(answer, metered, draft, stream=True)
        reply.wording = lambda error: passage.wording(reader, error)
        told = False  # whether the terminal event is with the client

        async def deliver(events: bytes) -> None:
            nonlocal told
            if draft.first_byte is None:
                draft.first_byte = self._parts.clock.monotonic()
            if reader.error is not None and not reply.sent and not (reply.begun and events):
                raise _EarlyError  # also behind signs of life: a translated error is worded where it is caught
            if not reply.begun:
                draft.status = answer.status
                await reply.start(answer.status, headers)
            draft.status = answer.status
            draft.keep(events)
            await reply.part(events)
            told = reader.finished

        try:
            await attempt.pump(answer, reader, deliver, watchdog, metered.candidate.provider.timeouts.idle)
        except _EarlyError:
            await self._early(reader, headers, metered, reply, draft)
            return
        except UpstreamFault:
            if not reader.finished:
                raise
        except asyncio.CancelledError:
            # A finished stream is whole, also when its provider keeps it open, or when its client hangs up at once, as SDKs do.
            if not (reader.finished and _may_end(watchdog.reason(), told)):
                raise
        _judge(reader, draft)
        if not reply.begun:
            await reply.start(answer.status, headers)
        rest = reader.conclude()
        draft.keep(rest)
        try:
            await reply.part(rest, last=True)
        except ClientGone:
            if not told:
                raise

    @staticmethod
    async def _early(reader: StreamReader, headers: Pairs, metered: Metered, reply: Reply, draft: Draft) -> None:
        """A stream that begins with an error is an error, under the status it stands for."""
        answered = metered.passage.early(reader)
        if isinstance(answered, GatewayError):
            raise answered
        draft.status = answered.status
        draft.error, draft.error_message = answered.error, "The provider reported an error before it began its stream."
        draft.keep(answered.body)
        kept = [pair for pair in headers if pair[0] != b"content-type"]
        await reply.whole(draft.status, [JSON, *kept], answered.body)

    def _headers(self, answer: UpstreamAnswer, metered: Metered, draft: Draft, *, stream: bool = False) -> Pairs:
        passed = metered.passage.headers(answer.headers, stream=stream)
        own = self._own(draft, metered.passage.losses, passed, None)
        if draft.dialect == _TIMED and all(name != _TIME for name, _ in passed):
            own.append((_TIME, b"%d" % ((self._parts.clock.monotonic() - draft.started) * 1000)))
        return [*passed, *own]

    @staticmethod
    def _own(
        draft: Draft, losses: Sequence[Loss], present: Sequence[tuple[bytes, bytes]], id_header: bytes | None
    ) -> Pairs:
        return [*own_headers(draft.id, draft.correlation_id, id_header, present), *loss_header(losses)]

    def _record(self, draft: Draft, candidate: Candidate, began: float, status: int | None, fault: str | None) -> None:
        if draft.attempts:
            return
        now = self._parts.clock.monotonic()
        first = None if draft.first_byte is None else (draft.first_byte - began) * 1000
        total = (now - began) * 1000
        draft.attempts.append(
            Attempt(candidate.provider.id, candidate.upstream_model, draft.upstream_key_id, status, fault, first, total)
        )


def _may_end(reason: Exception | None, told: bool) -> bool:
    """Whether a stream that was stopped for this reason, behind its terminal event, ended well."""
    return isinstance(reason, UpstreamFault) or (told and isinstance(reason, ClientGone))


def _judge(reader: StreamReader, draft: Draft) -> None:
    """What an ended stream was: a success, an error the provider told in it, or cut."""
    if reader.error is not None:
        draft.status, draft.error, draft.error_message = (
            502,
            reader.error,
            "The provider reported an error inside its stream.",
        )
    elif not reader.finished:
        raise faults.Cut("The provider's stream ended before it was complete.")


class _EarlyError(Exception):
    """The first events of a stream hold an error; nothing was sent to the client yet."""


async def _beside(first: Coroutine[Any, Any, None], second: Coroutine[Any, Any, None]) -> None:
    """Run `second` here while `first` runs; both have ended when this returns."""
    other = asyncio.ensure_future(first)
    try:
        await second
    finally:
        await other


def _as_error(answered: Answered) -> GatewayError:
    """A provider's refusal, when the answer has begun and only an event of the stream can tell it."""
    data = load_object(answered.body)
    inner = data.get("error") if data is not None else None
    message = inner.get("message") if isinstance(inner, Mapping) else None
    text = message if isinstance(message, str) and message else f"The provider answered {answered.status}."
    return faults.Refused(text, answered.status, "upstream_status")


def _serving(candidates: Sequence[Candidate], relay: Relay, requested: str) -> Candidate:
    """The first candidate that can serve the operation, by relay or by translation; InvalidRequest names the dialects there are."""
    for candidate in candidates:
        kind = _vendor(candidate.provider)
        if relay.dialect in kind.dialects or (can_translate(kind) and (relay.generates or relay.count is not None)):
            return candidate
    spoken = sorted({dialect for one in candidates for dialect in _vendor(one.provider).dialects})
    raise InvalidRequest(
        f"The model '{shown(requested)}' is served by a provider that speaks {', '.join(spoken)}, not {relay.dialect}.",
        param="model",
    )


def _vendor(provider: Provider) -> Vendor:
    """The vendor of a provider; NotConfigured when this version does not know its kind."""
    try:
        return vendor(provider.kind)
    except KeyError:
        raise faults.NotConfigured("The provider is of a kind this version does not know.") from None


def _durable(draft: Draft) -> bool:
    return draft.key is not None and draft.key.durable


def _first_active(keys: Sequence[UpstreamKey]) -> UpstreamKey | None:
    return next((key for key in keys if key.active), None)
