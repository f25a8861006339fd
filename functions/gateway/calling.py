"""One call of an upstream, up to the point at which it is known whether it will do.

Theory of operation: `open` sends the request and reads the answer until it is whole, is an error, or, for a stream, has begun with something a
client can use. Until then nothing has been passed on: what came before the content is `held`. So a provider that dies early, or says an error
inside a success, is as good as one that was never asked, and the next can be tried. From then on the answer is the client's
(`gateway.delivery`), and nobody else is asked any more.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from gateway.errors import GatewayError, Unavailable, UpstreamFault
from gateway.ingress.draft import Draft
from gateway.ingress.http import Headers
from gateway.neutral import redaction
from gateway.neutral.config import UpstreamKey
from gateway.parts import Parts
from gateway.passage import Answered, Going, Metered, Passage, SameDialect
from gateway.providers import Vendor
from gateway.routing.retry_after import retry_after
from gateway.translated import Translated, speaks
from gateway.upstream import attempt, faults
from gateway.upstream.client import Opening
from gateway.upstream.watchdog import Watchdog
from gateway.wire.gemini.errors import retry_delay
from gateway.wire.reading import StreamReader, load_object

# A credential that is shorter is a word, as local servers have it.
_TELLING: Final = 8
# Answers of servers that speak a dialect but do not count tokens in it.
_NO_SUCH_OPERATION: Final = frozenset([404, 405, 501])
_BUSY: Final = frozenset([429, 503])
# What is held back before the content; a provider that sends more than this has begun, whatever it sends.
_MOST_HELD: Final = 256 * 1024
IN_BAND: Final = "in_band_error"
# 403 is said of accounts, and of models an account may not use, of words that were flagged, and of places: OpenAI's "does not have access to model",
# Bedrock's "access to the model with the specified model ID", OpenRouter's "requires moderation". Whoever may name a model can provoke those.
MODEL_REFUSED: Final = "model_refused"
# 429 is said, too, of one request that is larger than a limit per minute, OpenAI's "Request too large", or longer than the account may send,
# Anthropic's "long context": waiting helps neither.
_NOT_THE_KEY: Final = {
    403: re.compile(rb"model|moderat|flagged|content.?(policy|filter)|country|region|territor", re.IGNORECASE),
    429: re.compile(rb"request too large|long.context", re.IGNORECASE),
}
_TOLD: Final = 8 * 1024


class KeyUnreadable(UpstreamFault):
    """The stored credential cannot be opened now."""

    status = 503
    code = "key_unreadable"


@dataclass(frozen=True, slots=True)
class Bounds:
    """What one call may use: `remaining` seconds of the environment's life (None = it has no end)."""

    parts: Parts
    draft: Draft
    remaining: Callable[[], float | None]


class Call:
    """One call. After `open`: `status` is the provider's; one of `answered` (a whole answer, or its error) and `error` (the same, to be told in
    the client's words) is set, or `streaming` is true. `fault` is the word for what went wrong, None for an answer that will do.
    """

    def __init__(self, bounds: Bounds, going: Going, key: UpstreamKey | None) -> None:
        self._bounds = bounds
        self._going = going
        self.key = key
        self.began = bounds.parts.clock.monotonic()
        self.first: float | None = None
        self.status: int | None = None
        self.fault: str | None = None
        self.answered: Answered | None = None
        self.error: GatewayError | None = None
        self.streaming = False
        self.held = b""
        self.count_here = False
        self.upstream_headers: Headers = ()
        self.upstream_request_id: str | None = None
        self.retry_after: float | None = None
        self.answer: Opening | None = None
        self.events: attempt.Events | None = None
        self._secret: str | None = None
        self._watchdog: Watchdog | None = None
        self._metered: Metered | None = None

    @property
    def metered(self) -> Metered:
        """The passage and what is learned of its consumption; after `prepare`."""
        assert self._metered is not None
        return self._metered

    @property
    def watchdog(self) -> Watchdog:
        """The timer of the call; after `open`."""
        assert self._watchdog is not None
        return self._watchdog

    def prepare(self) -> Metered:
        """Make the passage. CannotCarry when this candidate's dialect has no form for the request, InvalidRequest when none can have."""
        going = self._going
        self._metered = Metered(going.relay, going.peek, going.candidate, self._passage())
        return self._metered

    def _passage(self) -> Passage:
        going = self._going
        if speaks(going.vendor, going.candidate.upstream_model, going.relay.dialect):
            return SameDialect(going)
        return Translated(going, self._bounds.draft.time_ms // 1000)

    async def open(self) -> None:
        """See the theory of operation. UpstreamFault when there is no answer at all; nothing stays open then."""
        ready = False
        try:
            prepared = await self._prepared()
            self._watchdog = attempt.watchdog_for(self._going.candidate.provider, self._bounds.remaining())
            self.answer = self._bounds.parts.upstream.open(prepared.request())
            await self._read(await self.answer.__aenter__())
            ready = True
        except asyncio.CancelledError:
            reason = self._watchdog.reason() if self._watchdog is not None else None
            if reason is None:
                raise
            raise reason from None
        finally:
            if self.error is not None:
                self.redact(self.error)
            if not ready:
                await self.close()

    async def close(self) -> None:
        """End the call; an answer that is not whole takes its connection with it. May be called again."""
        if self._watchdog is not None:
            self._watchdog.stop()
        answer, self.answer = self.answer, None
        if answer is not None:
            await answer.__aexit__(None, None, None)

    def redact(self, error: GatewayError) -> None:
        """Translated refusals repeat the provider's words, and some providers repeat the credential they were given."""
        if self._secret is not None and len(self._secret) >= _TELLING:
            error.message = error.message.replace(self._secret, redaction.MARK)

    async def _prepared(self) -> attempt.Call:
        """The call of the upstream: credential, headers and body."""
        going, parts = self._going, self._bounds.parts
        provider, kind = going.candidate.provider, going.vendor
        self._secret = await self._credential()
        fixed = {"accept-encoding": "identity", **provider.extra_headers, **attempt.credential(kind, self._secret)}
        if not all(value.isascii() for value in fixed.values()):
            raise faults.NotConfigured("The provider's headers or credential cannot be sent.")
        outgoing = self.metered.passage.outgoing(fixed)
        call = attempt.Call(
            provider=provider,
            vendor=kind,
            path=outgoing.path,
            query=outgoing.query,
            model=going.candidate.upstream_model,
            headers=outgoing.headers,
            body=outgoing.body,
            secret=self._secret,
            allow_private=provider.allow_private and parts.settings.allow_private_upstreams,
            region=parts.settings.region,
        )
        return await self._signed(call, kind)

    async def _signed(self, call: attempt.Call, kind: Vendor) -> attempt.Call:
        if kind.auth == "aws" and self._secret is None:
            return await attempt.signed(call, self._bounds.parts.signing)
        return call

    async def _credential(self) -> str | None:
        if self.key is None:
            return None
        try:
            return await self._bounds.parts.secrets.secret(self.key)
        except Unavailable as fault:
            raise KeyUnreadable(fault.message) from None

    async def _read(self, answer: Opening) -> None:
        attempt.refuse_redirect(answer)
        self.status, self.upstream_headers = answer.status, answer.headers
        self.upstream_request_id = attempt.request_id(answer)
        opaque = self._going.relay.opaque
        if answer.status < 400 and self.metered.passage.streams and attempt.is_event_stream(answer):
            if not self._going.peek.stream:
                raise faults.BadAnswer("The provider answered with a stream that was not asked for.")
            await self._begin(answer, self.metered.passage.reader())
        elif answer.status < 400 and opaque is not None and not attempt.is_json(answer):
            await self._begin(answer, opaque())
        else:
            await self._whole(answer)

    async def _whole(self, answer: Opening) -> None:
        """An answer in one piece; a success that is not JSON is the provider's fault."""
        metered, idle = self.metered, self._going.candidate.provider.timeouts.idle
        body = await attempt.read_whole(answer, self.watchdog, idle)
        self.first = self._bounds.parts.clock.monotonic()
        if answer.status >= 400:
            words = _NOT_THE_KEY.get(answer.status)
            self.fault = MODEL_REFUSED if words is not None and words.search(body[:_TOLD]) else "upstream_status"
            self.count_here = self._going.relay.count is not None and answer.status in _NO_SUCH_OPERATION
            self.error = metered.passage.refused(answer.status, answer.headers, body)
            self.answered = Answered(answer.status, body) if self.error is None else None
            self._note_delay(body)
            return
        data = load_object(body)
        if data is None:
            raise faults.BadAnswer("The provider's answer is not JSON.")
        self.answered = answered = metered.passage.whole(answer.status, data, body)
        metered.usage, metered.text = answered.usage, answered.text
        if answered.error is not None:
            self.status, self.fault = answered.status, IN_BAND

    def _note_delay(self, body: bytes) -> None:
        """How long the provider wants to be left alone; a client of another dialect reads it in the header alone."""
        self.retry_after = retry_after(self.upstream_headers, self._bounds.parts.clock.wall())
        if self.retry_after is None and self.status in _BUSY:
            self.retry_after = retry_delay(load_object(body) or {})
            if self.retry_after is not None and self.error is not None:
                self.error.headers = {**self.error.headers, "retry-after": str(max(1, round(self.retry_after)))}

    async def _begin(self, answer: Opening, reader: StreamReader) -> None:
        """A stream, up to its first content. One that begins with an error is that error; one that ends before is cut."""
        metered = self.metered
        metered.reader = reader
        self.events = attempt.Events(answer, reader, self.watchdog, self._going.candidate.provider.timeouts.idle)
        held: list[bytes] = []
        size = 0
        while not reader.begun and reader.error is None and size <= _MOST_HELD:
            ready = await self.events.next()
            if ready is None:
                break
            held.append(ready)
            size += len(ready)
        self.held = b"".join(held)
        if reader.begun or size > _MOST_HELD:
            self.first = self._bounds.parts.clock.monotonic()
            self.streaming = True
        elif reader.error is not None:
            self._early(reader)
        else:
            raise faults.Cut("The provider's stream ended before it was complete.")

    def _early(self, reader: StreamReader) -> None:
        """A stream that begins with an error is an error, under the status it stands for."""
        early = self.metered.passage.early(reader)
        self.fault = IN_BAND
        if isinstance(early, GatewayError):
            self.error, self.status = early, early.status
        else:
            self.answered = replace(early, error=early.error or reader.error)
            self.status = early.status
