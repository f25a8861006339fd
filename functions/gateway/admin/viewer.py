"""Whose address a request has: behind CloudFront the peer of API Gateway is an edge that many people share.

CloudFront appends its peer, the viewer, to `x-forwarded-for`, and API Gateway appends its own, the edge; what stands before these two anybody may
have written. That a request came through CloudFront is known by a secret header, which the distribution adds to every request in the place of
one that a viewer sends. Without it (a call straight to API Gateway, a local stack) nothing but the peer's address counts.
https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/RequestAndResponseBehaviorCustomOrigin.html#RequestCustomIPAddresses,
https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/add-origin-custom-headers.html
"""

from __future__ import annotations

import hmac
import ipaddress
from typing import Final

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

HEADER: Final = "x-origin-verify"
_NET_BITS: Final = 64


def viewer(forwarded_for: str, peer: str) -> str:
    """The address that CloudFront saw, of a request that did come through it; `peer` when there is none."""
    hops = [hop.strip() for hop in forwarded_for.split(",")]
    if hops[-1] == peer:  # API Gateway's entry
        hops.pop()
    try:
        return str(ipaddress.ip_address(hops[-1])) if hops else peer
    except ValueError:
        return peer


def group(address: str) -> str:
    """Under which address tries are counted: one IPv6 customer has a whole /64 (RFC 6177), so all of it is one."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address[:64]
    if isinstance(found, ipaddress.IPv4Address):
        return str(found)
    if found.ipv4_mapped is not None:
        return str(found.ipv4_mapped)
    return str(ipaddress.IPv6Network((int(found), _NET_BITS), strict=False))


class Viewer:
    """ASGI middleware: puts the viewer's address in the place of the peer's, and takes the secret away."""

    def __init__(self, app: ASGIApp, secret: bytes) -> None:
        self._app = app
        self._secret = secret

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request; other scopes pass through."""
        if scope["type"] == "http":
            scope = self._seen(scope)
        await self._app(scope, receive, send)

    def _seen(self, scope: Scope) -> Scope:
        headers = Headers(scope=scope)
        given = headers.getlist(HEADER)
        rest = [(name, value) for name, value in scope["headers"] if name.lower() != HEADER.encode()]
        changed = {**scope, "headers": rest}
        if len(given) == 1 and hmac.compare_digest(given[0].encode("latin-1"), self._secret):
            peer, port = scope["client"] or ("", 0)
            changed["client"] = (viewer(headers.get("x-forwarded-for", ""), peer or ""), port)
        return changed
