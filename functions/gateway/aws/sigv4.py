"""AWS Signature Version 4, in headers and in a URL's query. Pure: the caller says what time it is.

Spec: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html, and for URLs
https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
"""

from __future__ import annotations

import hashlib
import hmac
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from urllib.parse import quote

EMPTY_HASH = hashlib.sha256(b"").hexdigest()
UNSIGNED_PAYLOAD = "UNSIGNED-PAYLOAD"
_ALGORITHM = "AWS4-HMAC-SHA256"

# Hop-by-hop and tracing headers that something on the way may rewrite; AWS's own signers leave them out too.
_UNSIGNED_HEADERS = frozenset(
    {
        "baggage",
        "connection",
        "expect",
        "keep-alive",
        "proxy-authenticate",
        "proxy-authorization",
        "te",
        "traceparent",
        "tracestate",
        "trailer",
        "transfer-encoding",
        "upgrade",
        "user-agent",
        "x-amzn-trace-id",
    }
)

Headers = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Credentials:
    """`expires_at` is Unix seconds, None when they do not expire. The secret parts stay out of `repr`."""

    access_key: str
    secret_key: str = field(repr=False)
    session_token: str | None = field(default=None, repr=False)
    expires_at: float | None = None


@dataclass(frozen=True, slots=True)
class Request:
    """What is signed: `path` and `query` exactly as they go over the wire (already percent-encoded, query without `?`).

    `headers` must hold `host`. `payload_hash` is the lower-case hex SHA-256 of the body or `UNSIGNED_PAYLOAD`.
    """

    method: str
    path: str
    query: str
    headers: Headers = field(repr=False)
    payload_hash: str


def payload_hash(body: bytes) -> str:
    """Lower-case hex SHA-256 of a body."""
    return hashlib.sha256(body).hexdigest()


def encode_path(segments: Iterable[str]) -> str:
    """An absolute path with every segment percent-encoded as AWS wants it (unreserved characters only)."""
    return "/" + "/".join(quote(segment, safe="-_.~") for segment in segments)


def encode_query(pairs: Iterable[tuple[str, str]]) -> str:
    """A query string with names and values percent-encoded as AWS wants them."""
    return "&".join(f"{quote(name, safe='-_.~')}={quote(value, safe='-_.~')}" for name, value in pairs)


def _canonical_path(path: str, service: str) -> str:
    """S3 signs the path as sent; every other service normalises it and encodes it once more."""
    if service == "s3":
        return path or "/"
    if path in {"", "/"}:
        return "/"
    kept: list[str] = []
    for part in path.split("/"):
        if part == "..":
            del kept[-1:]
        elif part and part != ".":
            kept.append(part)
    tail = "/" if path.endswith("/") and kept else ""
    return quote("/" + "/".join(kept) + tail, safe="/~")


def _canonical_query(query: str) -> str:
    if not query:
        return ""
    pairs = sorted(part.partition("=")[::2] for part in query.split("&"))
    return "&".join(f"{name}={value}" for name, value in pairs)


def _canonical_headers(headers: Headers) -> tuple[str, str]:
    """The header block and the list of signed names; equal names are joined with commas in their order."""
    joined: dict[str, str] = {}
    for name, value in headers:
        lower = name.lower()
        if lower not in _UNSIGNED_HEADERS:
            clean = " ".join(value.split())
            joined[lower] = f"{joined[lower]},{clean}" if lower in joined else clean
    names = sorted(joined)
    return "".join(f"{name}:{joined[name]}\n" for name in names), ";".join(names)


def canonical_request(request: Request, service: str) -> tuple[str, str]:
    """The canonical request and the list of signed header names (step 1 of the spec)."""
    block, names = _canonical_headers(request.headers)
    path = _canonical_path(request.path, service)
    query = _canonical_query(request.query)
    return f"{request.method}\n{path}\n{query}\n{block}\n{names}\n{request.payload_hash}", names


def _hmac(key: bytes, text: str) -> bytes:
    return hmac.digest(key, text.encode(), "sha256")


def signing_key(secret_key: str, date: str, region: str, service: str) -> bytes:
    """The key that is good for one day (`yyyymmdd`), region and service (step 3)."""
    return _hmac(_hmac(_hmac(_hmac(b"AWS4" + secret_key.encode(), date), region), service), "aws4_request")


def amz_date(now: float) -> str:
    """Unix seconds as `yyyymmddThhmmssZ`."""
    return time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(now))


class Signer:
    """Signs for one region. The only state is the day's signing keys, four hash operations that are the same for every call."""

    def __init__(self, region: str) -> None:
        self.region = region
        self._day = ""
        self._keys: dict[tuple[str, str], bytes] = {}

    def sign(self, request: Request, service: str, credentials: Credentials, now: float) -> list[tuple[str, str]]:
        """The request's headers plus `x-amz-date`, `x-amz-security-token` (when there is one) and `authorization`."""
        stamp = amz_date(now)
        headers = [*request.headers, ("x-amz-date", stamp)]
        if credentials.session_token:
            headers.append(("x-amz-security-token", credentials.session_token))
        signed = Request(request.method, request.path, request.query, headers, request.payload_hash)
        canonical, names = canonical_request(signed, service)
        signature = self._signature(canonical, service, credentials, stamp)
        proof = f"Credential={credentials.access_key}/{self._scope(stamp, service)}, SignedHeaders={names}, Signature={signature}"
        headers.append(("authorization", f"{_ALGORITHM} {proof}"))
        return headers

    def presign(self, request: Request, credentials: Credentials, now: float, seconds: int) -> str:
        """The query of a URL of S3 with which anybody may make this one request for `seconds`, if it has exactly the request's headers.

        Its payload hash must be `UNSIGNED_PAYLOAD`: what will be sent is not known yet.
        """
        stamp = amz_date(now)
        _, names = _canonical_headers(request.headers)
        said = [
            ("X-Amz-Algorithm", _ALGORITHM),
            ("X-Amz-Credential", f"{credentials.access_key}/{self._scope(stamp, 's3')}"),
            ("X-Amz-Date", stamp),
            ("X-Amz-Expires", str(seconds)),
            ("X-Amz-SignedHeaders", names),
        ]
        if credentials.session_token:
            said.append(("X-Amz-Security-Token", credentials.session_token))
        query = "&".join(part for part in (request.query, encode_query(said)) if part)
        signed = Request(request.method, request.path, query, request.headers, request.payload_hash)
        canonical, _ = canonical_request(signed, "s3")
        return f"{query}&X-Amz-Signature={self._signature(canonical, 's3', credentials, stamp)}"

    def _signature(self, canonical: str, service: str, credentials: Credentials, stamp: str) -> str:
        """Steps 2 and 4 of the spec."""
        digest = hashlib.sha256(canonical.encode()).hexdigest()
        key = self._key(credentials, stamp[:8], service)
        return _hmac(key, f"{_ALGORITHM}\n{stamp}\n{self._scope(stamp, service)}\n{digest}").hex()

    def _scope(self, stamp: str, service: str) -> str:
        return f"{stamp[:8]}/{self.region}/{service}/aws4_request"

    def _key(self, credentials: Credentials, day: str, service: str) -> bytes:
        if day != self._day:
            self._day = day
            self._keys = {}
        name = (credentials.secret_key, service)
        if name not in self._keys:
            if len(self._keys) > 16:  # renewed credentials leave old keys behind
                self._keys = {}
            self._keys[name] = signing_key(credentials.secret_key, day, self.region, service)
        return self._keys[name]
