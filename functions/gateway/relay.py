"""Attempt and stream: the part of the story in which a provider is called and its answer passed on.

Same dialect in and out: the request's bytes go through with only the model name replaced, the answer's bytes come back unchanged, and
usage is read beside them. Errors of the provider come back byte for byte too, because clients recover by their wording.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gateway.errors import InvalidRequest, UpstreamFault
from gateway.ingress.draft import Draft, Metered
from gateway.ingress.endpoints import Relay
from gateway.ingress.headers import back, onward, own_headers
from gateway.ingress.http import ClientGone, Receive, Reply, Request, watch_client
from gateway.neutral.config import Provider, UpstreamKey
from gateway.neutral.index import Index
from gateway.neutral.logrow import Attempt
from gateway.parts import Parts
from gateway.providers import Vendor, vendor
from gateway.routing.plan import Candidate, make_plan, shown
from gateway.settlement import Settlement
from gateway.upstream import attempt, faults
from gateway.upstream.client import UpstreamAnswer
from gateway.upstream.watchdog import Watchdog
from gateway.wire.reading import Peek, StreamReader, load_object

# Kept back from the environment's deadline, to tell the client, settle and write the row.
_SETTLE_SECONDS = 4.0


@dataclass(frozen=True, slots=True)
class Client:
    """The three ends towards the client."""

    request: Request
    receive: Receive
    reply: Reply


class Relaying:
    """Serves requests whose dialect is the provider's."""

    def __init__(self, parts: Parts, settlement: Settlement) -> None:
        self._parts = parts
        self._settlement = settlement

    async def run(self, relay: Relay, peek: Peek, index: Index, client: Client, draft: Draft) -> None:
        draft.requested_model, draft.stream = peek.model, peek.stream
        assert draft.key is not None
        plan = make_plan(index, peek.model, draft.key)
        draft.route, draft.candidates = plan.route, len(plan.candidates)
        candidate = _speaking(plan.candidates, relay, peek.model)
        draft.provider, draft.upstream_model = candidate.provider.id, candidate.upstream_model
        draft.model = candidate.model.id if candidate.model else candidate.upstream_model
        began = self._parts.clock.monotonic()
        metered = draft.metered = Metered(relay, peek, candidate)
        try:
            call = await self._prepare(metered, client.request, draft)
            if draft.key.durable or self._parts.settings.durable:
                await _beside(self._settlement.start_row(draft), self._attempt(call, metered, client, draft))
            else:
                await self._attempt(call, metered, client, draft)
        except UpstreamFault as fault:
            self._record(draft, candidate, began, None, fault.code)
            raise
        except ClientGone:
            self._record(draft, candidate, began, None, "client_gone")
            raise

    async def _prepare(self, metered: Metered, request: Request, draft: Draft) -> attempt.Call:
        """The call of the upstream: credential, headers and body."""
        provider, relay, settings = metered.candidate.provider, metered.relay, self._parts.settings
        kind = _vendor(provider)
        key = _first_active(provider.keys)
        secret = await self._parts.secrets.secret(key) if key is not None else None
        draft.upstream_key_id = key.id if key is not None else None
        fixed = {"accept-encoding": "identity", **provider.extra_headers, **attempt.credential(kind, secret)}
        if not all(value.isascii() for value in fixed.values()):
            raise faults.NotConfigured("The provider's headers or credential cannot be sent.")
        return attempt.Call(
            provider=provider,
            vendor=kind,
            path=relay.path,
            query=request.onward_query(),
            headers=onward(request.headers, {"content-type": "application/json", **kind.headers}, fixed),
            body=relay.relay_body(metered.peek, metered.candidate.upstream_model, ask_usage=kind.stream_usage),
            secret=secret,
            allow_private=provider.allow_private and settings.allow_private_upstreams,
        )

    async def _attempt(self, call: attempt.Call, metered: Metered, client: Client, draft: Draft) -> None:
        """One exchange with the provider, bounded in every phase, ended early when the client leaves."""
        deadline = client.request.deadline
        remaining = None if deadline is None else deadline - self._parts.clock.wall() - _SETTLE_SECONDS
        watchdog = attempt.watchdog_for(call.provider, remaining)
        leaving = watch_client(client.receive, lambda: watchdog.bark(ClientGone()))
        began = self._parts.clock.monotonic()
        try:
            async with self._parts.upstream.open(call.request()) as answer:
                draft.upstream_request_id = (
                    attempt.answer_header(answer, b"x-request-id")
                    or attempt.answer_header(answer, b"request-id")
                    or None
                )
                attempt.refuse_redirect(answer)
                if answer.status < 400 and attempt.is_event_stream(answer) and metered.relay.reader is not None:
                    await self._stream(answer, metered, client.reply, draft, watchdog)
                else:
                    await self._whole(answer, metered, client.reply, draft, watchdog)
                self._record(draft, metered.candidate, began, answer.status, draft.error)
        except asyncio.CancelledError:
            reason = watchdog.reason()
            if reason is None:
                raise
            raise reason from None
        finally:
            watchdog.stop()
            leaving.cancel()

    async def _whole(
        self, answer: UpstreamAnswer, metered: Metered, reply: Reply, draft: Draft, watchdog: Watchdog
    ) -> None:
        """An answer in one piece: byte for byte, errors included; a success that is not JSON is the provider's fault."""
        body = await attempt.read_whole(answer, watchdog, metered.candidate.provider.timeouts.idle)
        draft.first_byte = self._parts.clock.monotonic()
        draft.status = answer.status
        if answer.status < 400:
            data = load_object(body)
            if data is None:
                raise faults.BadAnswer("The provider's answer is not JSON.")
            self._learn(data, metered, draft)
        else:
            draft.error, draft.error_message = "upstream_status", f"The provider answered {answer.status}."
        draft.keep(body)
        await reply.whole(draft.status, _answer_headers(answer, draft), body)

    @staticmethod
    def _learn(data: Mapping[str, Any], metered: Metered, draft: Draft) -> None:
        """Usage of a success; an error that came as a success gets the status it stands for."""
        error = metered.relay.error(data)
        if error is not None:
            draft.status = metered.relay.status_of(error)
            draft.error, draft.error_message = error, "The provider reported an error in a successful answer."
            return
        metered.usage = metered.relay.usage(data)
        metered.text = metered.relay.text(data) if metered.usage is None else ""

    async def _stream(
        self, answer: UpstreamAnswer, metered: Metered, reply: Reply, draft: Draft, watchdog: Watchdog
    ) -> None:
        """A stream, event by event; one that ends without its terminal event ends with an error event of ours."""
        assert metered.relay.reader is not None
        reader = metered.reader = metered.relay.reader(not metered.peek.wants_usage)
        headers = _answer_headers(answer, draft)
        told = False  # whether the terminal event is with the client

        async def deliver(events: bytes) -> None:
            nonlocal told
            if not reply.begun:
                draft.first_byte = self._parts.clock.monotonic()
                if reader.error is not None:
                    raise _EarlyError
                draft.status = answer.status
                await reply.start(answer.status, headers)
            draft.keep(events)
            await reply.part(events)
            told = reader.finished

        try:
            await attempt.pump(answer, reader, deliver, watchdog, metered.candidate.provider.timeouts.idle)
        except _EarlyError:
            await self._early(reader, answer, metered, reply, draft)
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
        try:
            await reply.part(b"", last=True)
        except ClientGone:
            if not told:
                raise

    @staticmethod
    async def _early(
        reader: StreamReader, answer: UpstreamAnswer, metered: Metered, reply: Reply, draft: Draft
    ) -> None:
        """A stream that begins with an error is an error: the provider's own words under the status they stand for."""
        draft.status = metered.relay.status_of(reader.error or "")
        draft.error, draft.error_message = reader.error, "The provider reported an error before it began its stream."
        draft.keep(reader.error_data)
        headers = [pair for pair in _answer_headers(answer, draft) if pair[0] != b"content-type"]
        await reply.whole(draft.status, [(b"content-type", b"application/json"), *headers], reader.error_data)

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


def _answer_headers(answer: UpstreamAnswer, draft: Draft) -> list[tuple[bytes, bytes]]:
    return [*back(answer.headers), *own_headers(draft.id, draft.correlation_id, None, answer.headers)]


def _speaking(candidates: Sequence[Candidate], relay: Relay, requested: str) -> Candidate:
    """The first candidate whose provider speaks the client's dialect; InvalidRequest names the dialects there are."""
    for candidate in candidates:
        if relay.dialect in _vendor(candidate.provider).dialects:
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


def _first_active(keys: Sequence[UpstreamKey]) -> UpstreamKey | None:
    return next((key for key in keys if key.active), None)
