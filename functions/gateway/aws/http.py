"""One pooled HTTP client for all calls to AWS, and what its failures mean.

The client is built on the first call inside a running loop, never at import: a SnapStart restore must not inherit connections.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pyreqwest.client import Client

USER_AGENT = "serverless-llm-gateway"
# DynamoDB closes idle connections on its own after a while; leaving first avoids writing into a closed socket.
IDLE_SECONDS = 40.0
CONNECT_SECONDS = 1.0


class TransportFault(Exception):
    """No answer. `maybe_delivered` is False only when it is certain that the server never got the request."""

    def __init__(self, reason: str, *, maybe_delivered: bool) -> None:
        super().__init__(reason)
        self.reason = reason
        self.maybe_delivered = maybe_delivered


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A request as it goes out: `url` absolute and encoded, `headers` complete."""

    method: str
    url: str
    headers: Sequence[tuple[str, str]]
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back. `request_id` is AWS's, `error_type` the `x-amzn-errortype` header; empty when absent."""

    status: int
    body: bytes
    request_id: str = ""
    error_type: str = ""


class Http:
    """The pool. `send` raises TransportFault; nothing else escapes but cancellation."""

    def __init__(self) -> None:
        self._client: Client | None = None

    async def send(self, outgoing: Outgoing, timeout: float) -> Reply:  # noqa: ASYNC109 - reqwest owns the timer
        """One request, one answer, within `timeout` seconds; redirects are answers, not followed."""
        from pyreqwest.exceptions import RequestError

        client = self._client or self._open()
        request = client.request(outgoing.method, outgoing.url).headers(outgoing.headers)
        if outgoing.body:
            request = request.body_bytes(outgoing.body)
        try:
            response = await request.timeout(timedelta(seconds=timeout)).build().send()
            body = (await response.bytes()).to_bytes()
        except RequestError as fault:
            raise _transport_fault(fault) from None
        get = response.get_header
        request_id = get("x-amzn-requestid") or get("x-amz-request-id") or ""
        return Reply(response.status, body, request_id, get("x-amzn-errortype") or "")

    def _open(self) -> Client:
        from pyreqwest.client import ClientBuilder

        builder = ClientBuilder().http1_only().follow_redirects(False).no_proxy().referer(False).user_agent(USER_AGENT)
        builder = builder.gzip(False).brotli(False).zstd(False).deflate(False)
        builder = builder.connect_timeout(timedelta(seconds=CONNECT_SECONDS))
        self._client = builder.pool_idle_timeout(timedelta(seconds=IDLE_SECONDS)).build()
        return self._client

    async def close(self) -> None:
        """Close the pool; the next `send` opens a new one."""
        client, self._client = self._client, None
        if client is not None:
            await client.close()


def _transport_fault(fault: Exception) -> TransportFault:
    """Tell faults before delivery from the rest.

    pyreqwest's classes do not: a connection that dies after the request was written is a `ConnectError` too. Reqwest's chain of causes
    does: hyper-util says `client error (Connect)` only when no connection came about, so only that text proves that nothing was sent.
    """
    details = getattr(fault, "details", None)
    causes = (details or {}).get("causes") or []
    texts = [str(cause.get("message", "")) for cause in causes]
    never_connected = any(text == "client error (Connect)" for text in texts)
    kind = "timeout" if isinstance(fault, TimeoutError) else "connection"
    return TransportFault(kind, maybe_delivered=not never_connected)
