"""Whole HTTP exchanges with AWS over `gateway.transport`, and what their failures mean for a repetition.

Nothing is opened at import or construction: a SnapStart restore must not inherit connections, and the pool belongs to the event loop that
runs. Host names are resolved for each new connection, as AWS moves its addresses; the name is verified by TLS.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from gateway.clock import Clock
from gateway.transport.faults import Closed, NotConnected, NotHttp, UnsendableHeader
from gateway.transport.pool import Destination, Pool, request_head

USER_AGENT = (b"user-agent", b"serverless-llm-gateway")
CONNECT_SECONDS = 1.0
"""AWS's endpoints are in the same region; a second is a lost packet and its repetition."""


PARALLEL = 64
"""Exchanges at a time. An environment on Lambda never has that many; a process that serves hundreds of requests at once (the local stack) would
otherwise open hundreds of connections in one moment and run out of the time they have."""


class NoAnswer(Exception):
    """No whole answer. `maybe_delivered` is False only when it is certain that the server never got the request."""

    def __init__(self, reason: str, *, maybe_delivered: bool) -> None:
        super().__init__(reason)
        self.reason = reason
        self.maybe_delivered = maybe_delivered


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A request as it goes out: `url` absolute and percent-encoded, `headers` complete but for `content-length`.

    Headers and bodies stay out of `repr`, here and below: they hold signatures, session tokens, opened secrets.
    """

    method: str
    url: str
    headers: Sequence[tuple[str, str]] = field(repr=False)
    body: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back. `request_id` is AWS's, `error_type` the `x-amzn-errortype` header, `date` the `Date`; empty when absent. Names of
    `headers` are lower-case."""

    status: int
    body: bytes = field(repr=False)
    request_id: str = ""
    error_type: str = ""
    date: str = ""
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)


class Http:
    """One answer per `send`; redirects are answers. `pool`, when given, must belong to the loop that calls."""

    def __init__(self, clock: Clock, pool: Pool | None = None) -> None:
        self._clock = clock
        self._pool = pool
        self._loop: asyncio.AbstractEventLoop | None = None
        self._shared = pool is not None
        self._places: dict[str, Destination] = {}
        self._turns = asyncio.Semaphore(PARALLEL)

    async def send(self, outgoing: Outgoing, seconds: float) -> Reply:
        """The answer, whole, within `seconds` of its turn; NoAnswer otherwise."""
        pool = self._open_pool()
        try:
            async with self._turns, asyncio.timeout(seconds):
                return await self._exchange(pool, outgoing, min(CONNECT_SECONDS, seconds))
        except TimeoutError:
            raise NoAnswer("timeout", maybe_delivered=True) from None
        except NotConnected:
            raise NoAnswer("no connection", maybe_delivered=False) from None
        except UnsendableHeader:
            raise NoAnswer("unsendable header", maybe_delivered=False) from None
        except Closed:
            raise NoAnswer("connection lost", maybe_delivered=True) from None
        except (NotHttp, ValueError):
            raise NoAnswer("not HTTP, or too large", maybe_delivered=True) from None

    async def _exchange(self, pool: Pool, outgoing: Outgoing, connect_seconds: float) -> Reply:
        base, slash, target = _split(outgoing.url)
        place = self._places.get(base) or self._remember(base)
        headers = [(name.encode("ascii"), value.encode("utf-8")) for name, value in outgoing.headers]
        headers += [USER_AGENT, (b"content-length", b"%d" % len(outgoing.body))]
        head = request_head(outgoing.method.encode("ascii"), (slash + target).encode("ascii"), headers)
        async with pool.exchange(place, head, outgoing.body, connect_seconds) as exchange:
            body = await exchange.read()
            found = {name.decode("latin-1"): value.decode("latin-1") for name, value in exchange.headers}
            request_id = found.get("x-amzn-requestid") or found.get("x-amz-request-id") or ""
            told = (request_id, found.get("x-amzn-errortype", ""), found.get("date", ""))
            return Reply(exchange.status, body, *told, headers=found)

    def _remember(self, base: str) -> Destination:
        parts = urlsplit(base)
        host = parts.hostname or ""
        secure = parts.scheme == "https"
        place = Destination(host, parts.port or (443 if secure else 80), host if secure else None)
        self._places[base] = place
        return place

    def _open_pool(self) -> Pool:
        loop = asyncio.get_running_loop()
        if self._pool is None or (not self._shared and self._loop is not loop):
            self._pool = Pool(self._clock.wall)
            self._turns = asyncio.Semaphore(PARALLEL)
            self._loop = loop
        return self._pool

    async def close(self) -> None:
        """Close the connections that are our own; the next `send` opens new ones."""
        if self._pool is not None and not self._shared and self._loop is asyncio.get_running_loop():
            self._pool.close()
        await asyncio.sleep(0)  # lets the loop finish the closing


def _split(url: str) -> tuple[str, str, str]:
    """`https://host:1`, `/`, and the rest of the target."""
    start = url.index("//") + 2
    cut = url.find("/", start)
    return (url, "/", "") if cut < 0 else (url[:cut], "/", url[cut + 1 :])
