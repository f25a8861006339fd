"""The HTTP client for providers: resolve, judge, pin, exchange.

Redirects are not followed, proxies of the environment not used, bodies not decompressed: what arrives is what is relayed. Each name is
resolved and judged by the guard at most every minute, and connections go to the judged address only.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Final, Protocol
from urllib.parse import SplitResult, urlsplit

from gateway.errors import UnsafeUrl, UpstreamFault
from gateway.transport.faults import Closed, NotConnected, NotConnectedInTime, NotHttp, TransportFault, UnsendableHeader
from gateway.transport.pool import Destination, Exchange, Pool, request_head
from gateway.upstream import faults, guard

_JUDGEMENT_SECONDS: Final = 60.0

Headers = Sequence[tuple[bytes, bytes]]


@dataclass(frozen=True, slots=True)
class UpstreamRequest:
    """One request to a provider. Header names are lower-case; `url` holds no credential; `host` and lengths are added here."""

    url: str
    headers: Headers
    body: bytes
    connect_timeout: float
    allow_private: bool
    method: bytes = b"POST"


class UpstreamAnswer(Protocol):
    """Status and headers of an answer whose body is read chunk by chunk."""

    @property
    def status(self) -> int:
        """HTTP status."""

    @property
    def headers(self) -> Headers:
        """All headers, names lower-case, in order."""

    async def chunk(self) -> bytes | None:
        """Next bytes as they arrive; None at an orderly end; an UpstreamFault when the connection died."""


class UpstreamClient(Protocol):
    """What the exchange needs: an answer for as long as the context is open; leaving it early closes the connection."""

    def open(self, request: UpstreamRequest) -> Opening:
        """Send a request and wait for the head of its answer."""


@dataclass(frozen=True, slots=True)
class _Judged:
    address: str
    at: float


class PinnedClient:
    """`UpstreamClient` over `gateway.transport`. `monotonic` gives seconds."""

    def __init__(self, pool: Pool, monotonic: Callable[[], float]) -> None:
        self._pool = pool
        self._monotonic = monotonic
        self._judged: dict[tuple[str, bool], _Judged] = {}

    def open(self, request: UpstreamRequest) -> Opening:
        """See `UpstreamClient.open`."""
        return Opening(self, request)

    async def begin(self, request: UpstreamRequest) -> Exchange:
        """The exchange of a request, not yet entered."""
        try:
            parts = urlsplit(request.url)
            port = parts.port or (443 if parts.scheme == "https" else 80)
            target, authority = _target(parts), parts.netloc.encode("ascii")
        except ValueError:
            raise faults.NotConfigured("The provider's URL is malformed.") from None
        host = (parts.hostname or "").rstrip(".")
        address = await self._address(request, parts, host, port)
        name = host if parts.scheme == "https" else None
        head = request_head(request.method, target, [(b"host", authority), *request.headers, _length(request)])
        return self._pool.exchange(Destination(address, port, name), head, request.body, request.connect_timeout)

    async def _address(self, request: UpstreamRequest, parts: SplitResult, host: str, port: int) -> str:
        """An address of the host, judged within the last minute; NotConfigured when none may be reached."""
        key = (f"{parts.scheme}://{parts.netloc}", request.allow_private)
        known = self._judged.get(key)
        if known is not None and self._monotonic() - known.at < _JUDGEMENT_SECONDS:
            return known.address
        try:
            guard.check_url(request.url.partition("?")[0], allow_private=request.allow_private)
            async with asyncio.timeout(request.connect_timeout):
                found = await guard.resolve(host, port, allow_private=request.allow_private)
        except UnsafeUrl:
            # The client cannot mend it and need not know where it points; the administrator is told when the URL is saved.
            raise faults.NotConfigured("The provider's address is not one the gateway may reach.") from None
        except TimeoutError:
            raise faults.ConnectTimeout("The provider's host name did not resolve in time.") from None
        except (OSError, UnicodeError):
            raise faults.DnsFault("The provider's host name does not resolve.") from None
        address = known.address if known is not None and known.address in found else found[0]
        self._judged[key] = _Judged(address, self._monotonic())
        return address

    def forget(self, request: UpstreamRequest) -> None:
        """A connection failed: resolve (and choose the address) anew next time."""
        parts = urlsplit(request.url)
        self._judged.pop((f"{parts.scheme}://{parts.netloc}", request.allow_private), None)

    def close(self) -> None:
        """Close every idle connection."""
        self._pool.close()


class Opening:
    """The life of one exchange with a provider, with faults of ours in place of the transport's."""

    __slots__ = ("_exchange", "_owner", "_request")

    def __init__(self, owner: PinnedClient, request: UpstreamRequest) -> None:
        self._owner = owner
        self._request = request
        self._exchange: Exchange | None = None

    async def __aenter__(self) -> Opening:
        try:
            self._exchange = await self._owner.begin(self._request)
            await self._exchange.__aenter__()
        except TransportFault as fault:
            if isinstance(fault, NotConnected):
                self._owner.forget(self._request)
            raise _translate(fault, under_way=False) from None
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._exchange is not None:
            await self._exchange.__aexit__(kind, error, trace)

    @property
    def status(self) -> int:
        """See `UpstreamAnswer.status`."""
        assert self._exchange is not None
        return self._exchange.status

    @property
    def headers(self) -> Headers:
        """See `UpstreamAnswer.headers`."""
        assert self._exchange is not None
        return self._exchange.headers

    async def chunk(self) -> bytes | None:
        """See `UpstreamAnswer.chunk`."""
        assert self._exchange is not None
        try:
            return await self._exchange.chunk()
        except TransportFault as fault:
            raise _translate(fault, under_way=True) from None


def _target(parts: SplitResult) -> bytes:
    path = parts.path or "/"
    return (f"{path}?{parts.query}" if parts.query else path).encode("ascii")


def _length(request: UpstreamRequest) -> tuple[bytes, bytes]:
    return b"content-length", b"%d" % len(request.body)


def _translate(fault: TransportFault, *, under_way: bool) -> UpstreamFault:
    """Our fault for one of the transport's."""
    if isinstance(fault, NotConnectedInTime):
        return faults.ConnectTimeout("The provider did not accept a connection in time.")
    if isinstance(fault, NotConnected):
        return faults.ConnectFault("The provider could not be reached (connection refused, no route, or TLS failure).")
    if isinstance(fault, UnsendableHeader):
        return faults.NotConfigured("The provider's URL or headers cannot be sent.")
    if isinstance(fault, NotHttp):
        return faults.BadAnswer("The provider's answer is not HTTP.")
    if isinstance(fault, Closed) and not under_way:
        return faults.Broken("The provider closed the connection without an answer.")
    return faults.Broken("The provider's connection broke off in the middle of its answer.")
