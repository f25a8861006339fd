"""One call of one provider: prepare it, open it, and give its answer back as bytes that are fit for the client.

The relay passes whole events of a stream as they arrive. Nothing is sent to the client before the first one is there, so that an upstream
that dies before it has said anything still becomes a real HTTP status.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Final, Protocol

from gateway.errors import UpstreamFault
from gateway.neutral.config import Provider
from gateway.providers import Vendor, join_url
from gateway.upstream import faults
from gateway.upstream.client import Headers, UpstreamAnswer, UpstreamRequest
from gateway.upstream.decoding import decoder
from gateway.upstream.watchdog import Watchdog
from gateway.wire.reading import EndlessEvent

_MAX_ANSWER: Final = 64 * 1024 * 1024
# How long a connection may stay open after the terminal event: nobody waits for what comes after it.
_AFTER_END_SECONDS: Final = 2.0


class Reader(Protocol):
    """What the relay needs of a dialect's stream reader (`gateway.wire.reading.StreamReader`)."""

    finished: bool

    def feed(self, chunk: bytes) -> bytes:
        """Upstream bytes in, whole events out."""

    def close(self) -> bytes:
        """The rest, when the upstream ended in an orderly way."""


@dataclass(frozen=True, slots=True)
class Call:
    """What to send where. `path` begins with the vendor's version segment; `query` is the client's without its credential."""

    provider: Provider
    vendor: Vendor
    path: str
    query: str
    headers: Headers
    body: bytes
    secret: str | None
    allow_private: bool

    def request(self) -> UpstreamRequest:
        """The HTTP request; NotConfigured when the provider has no address."""
        try:
            url = join_url(self.vendor, self.provider.base_url, self.path)
        except ValueError:
            raise faults.NotConfigured("The provider has no base URL.") from None
        return UpstreamRequest(
            url=f"{url}?{self.query}" if self.query else url,
            headers=self.headers,
            body=self.body,
            connect_timeout=self.provider.timeouts.connect,
            allow_private=self.allow_private,
        )


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


def is_event_stream(answer: UpstreamAnswer) -> bool:
    """Whether an answer is a stream of server-sent events."""
    return answer_header(answer, b"content-type").partition(";")[0].strip().lower() == "text/event-stream"


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


async def pump(
    answer: UpstreamAnswer, reader: Reader, deliver: Callable[[bytes], Awaitable[None]], watchdog: Watchdog, idle: float
) -> None:
    """Pass a stream on, event by event, until the upstream ends in an orderly way; a fault otherwise."""
    watchdog.phase(idle, _idle_timeout)
    coding = decoder(answer_header(answer, b"content-encoding"))
    ended = False
    try:
        while (chunk := await answer.chunk()) is not None:
            watchdog.touch()
            ready = reader.feed(coding.feed(chunk))
            if ready:
                await deliver(ready)
                watchdog.touch()  # a slow client is not a silent provider
            if reader.finished and not ended:
                ended = True
                watchdog.phase(min(idle, _AFTER_END_SECONDS), _idle_timeout)
        rest = reader.feed(coding.close()) + reader.close()
    except EndlessEvent:
        raise faults.BadAnswer("The provider's stream holds an event that does not end.") from None
    if rest:
        await deliver(rest)


def refuse_redirect(answer: UpstreamAnswer) -> None:
    """A redirect is never followed: it could lead anywhere, with our credential in hand."""
    if 300 <= answer.status < 400:
        raise faults.BadAnswer("The provider answered with a redirect, which is not followed.")
