"""Calls of Amazon Bedrock, signed with the role's credentials: https://docs.aws.amazon.com/bedrock/latest/APIReference/welcome.html

No key is stored anywhere for them. A provider that has a Bedrock API key sends that as a bearer token instead and needs none of this.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final
from urllib.parse import urlsplit

from gateway.aws.credentials import CredentialsProvider
from gateway.aws.faults import AwsFault
from gateway.aws.http import Http
from gateway.aws.sigv4 import Headers, Request, Signer, payload_hash
from gateway.clock import Clock
from gateway.errors import Unavailable
from gateway.transport.pool import Pool

SERVICE: Final = "bedrock"
"""The name in the signature; the host's is `bedrock-runtime`."""

_MADE_HERE: Final = frozenset({"host", "x-amz-date", "x-amz-security-token"})


class BedrockSigner:
    """Signs calls for one process. `pool` is used only where credentials are fetched from an endpoint."""

    def __init__(self, credentials: CredentialsProvider, clock: Clock, pool: Pool | None = None) -> None:
        self._credentials = credentials
        self._clock = clock
        self._http = Http(clock, pool)
        self._signers: dict[str, Signer] = {}

    async def sign(self, region: str, method: str, url: str, headers: Headers, body: bytes) -> list[tuple[str, str]]:
        """The headers to add: `x-amz-date`, `authorization`, and `x-amz-security-token` for temporary credentials.

        `url` exactly as it goes over the wire, its path percent-encoded (`/model/anthropic.claude%3A0/converse`); the Host header must be its
        authority as it stands. Of `headers` those named `content-type` and `x-amz-…` are signed, so that a hop may change the others.
        Unavailable when there are no credentials.
        """
        try:
            credentials = await self._credentials.get(self._http)
        except AwsFault as fault:
            raise Unavailable(f"The gateway has no AWS credentials to sign with ({fault.code}).") from None
        parts = urlsplit(url)
        known = [("host", parts.netloc), *_signed(headers)]
        request = Request(method, parts.path, parts.query, known, payload_hash(body))
        signer = self._signers.get(region)
        if signer is None:
            signer = self._signers[region] = Signer(region)
        signed = signer.sign(request, SERVICE, credentials, self._clock.wall())
        return signed[len(known) :]

    def invalidate(self) -> bool:
        """AWS called the credentials expired: forget them. False when there are no others to be had."""
        return self._credentials.invalidate()


def _signed(headers: Headers) -> Iterable[tuple[str, str]]:
    for name, value in headers:
        lower = name.lower()
        if lower == "content-type" or (lower.startswith("x-amz-") and lower not in _MADE_HERE):
            yield lower, value
