"""One call of one provider: prepare it, open it, and give its answer back as bytes that are fit for the client.

The relay passes whole events of a stream as they arrive. Nothing is sent to the client before the first one is there, so that an upstream
that dies before it has said anything still becomes a real HTTP status.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Protocol

from gateway.errors import UpstreamFault
from gateway.neutral.config import Provider
from gateway.providers import Vendor, aws_region, join_url
from gateway.upstream import faults
from gateway.upstream.client import Headers, UpstreamAnswer, UpstreamRequest
from gateway.upstream.decoding import decoder
from gateway.upstream.watchdog import Watchdog
from gateway.wire.reading import EndlessEvent

_MAX_ANSWER: Final = 64 * 1024 * 1024
# How long a connection may stay open after the terminal event: nobody waits for what comes after it.
_AFTER_END_SECONDS: Final = 2.0
_REQUEST_IDS: Final = (b"x-request-id", b"request-id", b"x-amzn-requestid", b"apim-request-id")
_STREAMS: Final = frozenset(["text/event-stream", "application/vnd.amazon.eventstream"])


class Reader(Protocol):
    """What the relay needs of a dialect's stream reader (`gateway.wire.reading.StreamReader`)."""

    @property
    def finished(self) -> bool:
        """Whether the stream may end here."""

    @property
    def error(self) -> str | None:
        """The type of an error told inside the stream."""

    def feed(self, chunk: bytes) -> bytes:
        """Upstream bytes in, whole events out."""

    def close(self) -> bytes:
        """The rest, when the upstream ended in an orderly way."""


@dataclass(frozen=True, slots=True)
class Call:
    """What to send where. `path` begins with the vendor's version segment; `query` is the client's without its credential.

    `model` is the upstream's name of the model, for vendors that put it into the path; `region` is the gateway's own AWS Region.
    """

    provider: Provider
    vendor: Vendor
    path: str
    query: str
    model: str
    headers: Headers
    body: bytes
    secret: str | None
    allow_private: bool
    region: str

    def url(self) -> str:
        """The whole address; NotConfigured when the provider has none."""
        try:
            url = join_url(self.vendor, self.provider.base_url, self.path, model=self.model, query=self.query)
        except ValueError:
            raise faults.NotConfigured("The provider has no base URL.") from None
        return url.replace("{region}", self.region)

    def request(self) -> UpstreamRequest:
        """The HTTP request."""
        return UpstreamRequest(
            url=self.url(),
            headers=self.headers,
            body=self.body,
            connect_timeout=self.provider.timeouts.connect,
            allow_private=self.allow_private,
        )


class Signing(Protocol):
    """Signs calls with the gateway's own AWS role."""

    async def sign(
        self, region: str, method: str, url: str, headers: Sequence[tuple[str, str]], body: bytes
    ) -> list[tuple[str, str]]:
        """The headers to add; Unavailable when there are no credentials."""


async def signed(call: Call, signing: Signing) -> Call:
    """The call with an AWS signature. The Region is the one that the address names, else the gateway's."""
    url = call.url()
    plain = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in call.headers]
    added = await signing.sign(aws_region(url) or call.region, "POST", url, plain, call.body)
    return replace(call, headers=[*call.headers, *((n.lower().encode(), v.encode("latin-1")) for n, v in added)])


def credential(vendor: Vendor, secret: str | None) -> Mapping[str, str]:
    """The header that carries the provider's credential; NotConfigured when the vendor needs one and there is none."""
    if secret is None:
        if vendor.needs_key:
            raise faults.NotConfigured("The provider has no active API key.")
        return {}
    name, value = vendor.credential_header(secret)
    return {name: value}


def answer_header(answer: UpstreamAnswer, name: bytes) -> str:
    """First value of a header of an answer, `""` when absent."""
    return next((value.decode("latin-1") for key, value in answer.headers if key == name), "")


def request_id(answer: UpstreamAnswer) -> str | None:
    """The provider's own id of the call, under any of the names in use."""
    return next((found for name in _REQUEST_IDS if (found := answer_header(answer, name))), None)


def is_event_stream(answer: UpstreamAnswer) -> bool:
    """Whether an answer is a stream of events: server-sent ones, or AWS's."""
    return answer_header(answer, b"content-type").partition(";")[0].strip().lower() in _STREAMS


def is_json(answer: UpstreamAnswer) -> bool:
    """Whether an answer says that it is JSON."""
    kind = answer_header(answer, b"content-type").partition(";")[0].strip().lower()
    return kind == "application/json" or kind.endswith("+json")


def watchdog_for(provider: Provider, remaining: float | None) -> Watchdog:
    """The timer of the running task: the provider's phases, and never longer than the environment lives (`remaining` seconds)."""
    task = asyncio.current_task()
    assert task is not None
    limits = provider.timeouts
    total = limits.total if remaining is None else min(limits.total, max(remaining, 0.1))
    watchdog = Watchdog(task, total=total, total_fault=_total_timeout)
    watchdog.phase(limits.connect + limits.first_byte, _first_byte_timeout)
    return watchdog


def _total_timeout() -> UpstreamFault:
    return faults.TotalTimeout("The provider's answer took longer than this request may last.")


def _first_byte_timeout() -> UpstreamFault:
    return faults.FirstByteTimeout("The provider did not answer in time.")


def _idle_timeout() -> UpstreamFault:
    return faults.IdleTimeout("The provider stopped sending in the middle of its answer.")


async def read_whole(answer: UpstreamAnswer, watchdog: Watchdog, idle: float) -> bytes:
    """The whole body, content coding undone; BadAnswer past 64 MB."""
    watchdog.phase(idle, _idle_timeout)
    coding = decoder(answer_header(answer, b"content-encoding"))
    parts: list[bytes] = []
    size = 0
    while (chunk := await answer.chunk()) is not None:
        watchdog.touch()
        parts.append(coding.feed(chunk))
        size += len(parts[-1])
        if size > _MAX_ANSWER:
            raise faults.BadAnswer("The provider's answer is too large.")
    parts.append(coding.close())
    return b"".join(parts)


class Events:
    """A streamed answer as whole events that are fit for the client; a fault when the upstream does not end in an orderly way."""

    __slots__ = ("_answer", "_coding", "_ended", "_idle", "_over", "_reader", "_watchdog")

    def __init__(self, answer: UpstreamAnswer, reader: Reader, watchdog: Watchdog, idle: float) -> None:
        self._answer = answer
        self._reader = reader
        self._watchdog = watchdog
        self._idle = idle
        self._coding = decoder(answer_header(answer, b"content-encoding"))
        self._ended = False
        self._over = False
        watchdog.phase(idle, _idle_timeout)

    async def next(self) -> bytes | None:
        """What is ready next, possibly b"" beside an error of the reader's; None when there is no more."""
        reader = self._reader
        self._watchdog.touch()  # a slow client is not a silent provider
        try:
            while not self._over:
                chunk = await self._answer.chunk()
                self._watchdog.touch()
                if chunk is None:
                    self._over = True
                    ready = reader.feed(self._coding.close()) + reader.close()
                else:
                    ready = reader.feed(self._coding.feed(chunk))
                if (reader.finished or reader.error is not None) and not self._ended:
                    self._ended = True
                    self._watchdog.phase(min(self._idle, _AFTER_END_SECONDS), _idle_timeout)
                if ready or reader.error is not None:
                    self._watchdog.pause()  # until somebody asks for more
                    return ready
        except EndlessEvent:
            raise faults.BadAnswer("The provider's stream holds an event that does not end.") from None
        return None


def refuse_redirect(answer: UpstreamAnswer) -> None:
    """A redirect is never followed: it could lead anywhere, with our credential in hand."""
    if 300 <= answer.status < 400:
        raise faults.BadAnswer("The provider answered with a redirect, which is not followed.")
