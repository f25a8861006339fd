"""Where the credentials come from: the environment, or Lambda's container credentials endpoint (SnapStart functions).

https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html - the instance metadata service is not asked: Lambda
has none, and a gateway should not have a reason to talk to it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Protocol
from urllib.parse import urlsplit

import orjson

from gateway.aws.faults import CredentialsUnavailable
from gateway.aws.http import Http, NoAnswer, Outgoing
from gateway.aws.sigv4 import Credentials
from gateway.clock import Clock

REFRESH_SECONDS = 300.0
"""Credentials this close to their end are renewed; if that fails, the old ones serve until `LAST_SECONDS` before the end."""
LAST_SECONDS = 15.0
RETRY_SECONDS = 10.0
"""How long a failed renewal is not repeated while the old credentials still serve."""
TIMEOUT_SECONDS = 2.0
ATTEMPTS = 3

# The addresses at which AWS itself serves container credentials without TLS (ECS, EKS), besides loopback.
_PLAIN_HTTP_HOSTS = frozenset({"169.254.170.2", "169.254.170.23", "fd00:ec2::23", "localhost"})


class CredentialsProvider(Protocol):
    """Hands out credentials that are valid now; CredentialsUnavailable when there are none."""

    async def get(self, http: Http) -> Credentials:
        """Current credentials, renewed over `http` if that is due."""
        ...

    def invalidate(self) -> bool:
        """AWS called them expired: forget them. False when there is no way to get others."""
        ...


class StaticCredentials:
    """The same credentials for ever: Lambda replaces the environment of an ordinary function before they expire."""

    def __init__(self, credentials: Credentials) -> None:
        self._credentials = credentials

    async def get(self, http: Http) -> Credentials:  # noqa: ARG002 - the protocol's shape
        """The credentials."""
        return self._credentials

    def invalidate(self) -> bool:
        """Nothing else to offer."""
        return False


class ContainerCredentials:
    """Credentials from `AWS_CONTAINER_CREDENTIALS_FULL_URI`, renewed before they expire, one request at a time."""

    def __init__(self, environ: Mapping[str, str], clock: Clock) -> None:
        self._environ = environ
        self._clock = clock
        self._url = _checked_url(environ.get("AWS_CONTAINER_CREDENTIALS_FULL_URI", ""))
        self._held: Credentials | None = None
        self._not_before = 0.0
        self._renewal: asyncio.Lock | None = None

    def invalidate(self) -> bool:
        """Forget what is held."""
        self._held = None
        return True

    async def get(self, http: Http) -> Credentials:
        """Held credentials, or new ones when those end within `REFRESH_SECONDS`."""
        if self._held is not None and self._fresh(self._held):
            return self._held
        self._renewal = self._renewal or asyncio.Lock()
        async with self._renewal:
            if self._held is None or not self._fresh(self._held):
                self._held = await self._renew(http)
            return self._held

    def _fresh(self, held: Credentials) -> bool:
        now = self._clock.wall()
        if held.expires_at is None or held.expires_at - now > REFRESH_SECONDS:
            return True
        return now < self._not_before and held.expires_at - now > LAST_SECONDS

    async def _renew(self, http: Http) -> Credentials:
        now = self._clock.wall()
        try:
            return await self._fetch(http)
        except CredentialsUnavailable:
            held = self._held
            if held is None or held.expires_at is None or held.expires_at - now <= LAST_SECONDS:
                raise
            self._not_before = now + RETRY_SECONDS
            return held

    async def _fetch(self, http: Http) -> Credentials:
        outgoing = Outgoing("GET", self._url, self._headers())
        reason = "no attempt"
        for _ in range(ATTEMPTS):
            try:
                reply = await http.send(outgoing, TIMEOUT_SECONDS)
            except NoAnswer as fault:
                reason = fault.reason
                continue
            if reply.status == 200:
                return _parse(reply.body)
            reason = f"status {reply.status}"
            if reply.status < 500:
                break
        raise _unavailable(reason)

    def _headers(self) -> list[tuple[str, str]]:
        token = self._environ.get("AWS_CONTAINER_AUTHORIZATION_TOKEN", "")
        file = self._environ.get("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", "")
        if file:
            try:
                with open(file, encoding="ascii") as stream:
                    token = stream.read().strip()
            except (OSError, UnicodeDecodeError):
                raise _unavailable("the authorization token file cannot be read") from None
        if "\r" in token or "\n" in token:
            raise _unavailable("the authorization token holds a line break")
        host = urlsplit(self._url).netloc
        return [("host", host), ("accept", "application/json"), *([("authorization", token)] if token else [])]


def from_environ(environ: Mapping[str, str], clock: Clock) -> CredentialsProvider:
    """The provider this environment calls for; CredentialsUnavailable when it names none or half of one."""
    if environ.get("AWS_CONTAINER_CREDENTIALS_FULL_URI"):
        return ContainerCredentials(environ, clock)
    access_key = environ.get("AWS_ACCESS_KEY_ID", "")
    secret_key = environ.get("AWS_SECRET_ACCESS_KEY", "")
    if not access_key or not secret_key:
        raise _unavailable("neither AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY nor a container credentials URI is set")
    return StaticCredentials(Credentials(access_key, secret_key, environ.get("AWS_SESSION_TOKEN") or None))


def _unavailable(reason: str) -> CredentialsUnavailable:
    return CredentialsUnavailable("credentials", reason)


def _checked_url(url: str) -> str:
    """The endpoint, if credentials may be asked of it: HTTPS, or plain HTTP to loopback and AWS's own link-local addresses."""
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").lower()
    except ValueError:
        raise _unavailable("the container credentials URI is malformed") from None
    if parts.scheme == "https" and host:
        return url
    if parts.scheme == "http" and (host in _PLAIN_HTTP_HOSTS or _is_loopback(host)):
        return url
    raise _unavailable("the container credentials URI is neither HTTPS nor a local address")


def _is_loopback(host: str) -> bool:
    import ipaddress  # only here, and slow to import

    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _parse(body: bytes) -> Credentials:
    """`{"AccessKeyId", "SecretAccessKey", "Token", "Expiration"}`, the last in RFC 3339."""
    try:
        data: dict[str, Any] = orjson.loads(body)
        ends = data.get("Expiration")
        found = Credentials(
            data["AccessKeyId"], data["SecretAccessKey"], data.get("Token"), _unix(ends) if ends else None
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        raise _unavailable("the container credentials endpoint answered nonsense") from None
    if not (found.access_key and found.secret_key):
        raise _unavailable("the container credentials endpoint answered nonsense")
    return found


def _unix(text: str) -> float:
    moment = datetime.fromisoformat(text)
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
