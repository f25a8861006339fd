"""A region, credentials, one HTTP pool, and the loop that signs, sends and repeats.

What may be repeated: anything that certainly was not applied (no connection, throttled, expired credentials); after a lost answer or a
5xx only calls marked `repeatable`, because the first one may have been applied. The others raise OutcomeUnknown.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import orjson

from gateway.aws import faults, retries
from gateway.aws.credentials import CredentialsProvider
from gateway.aws.http import Http, NoAnswer, Outgoing, Reply
from gateway.aws.sigv4 import UNSIGNED_PAYLOAD, Request, Signer, payload_hash
from gateway.aws.skew import Skew
from gateway.clock import Clock
from gateway.transport.pool import Pool

_DENIED = frozenset(
    {
        "AccessDenied",
        "AccessDeniedException",
        "InvalidAccessKeyId",
        "InvalidClientTokenId",
        "InvalidSignatureException",
        "MissingAuthenticationToken",
        "SignatureDoesNotMatch",
        "UnrecognizedClientException",
    }
)
_MISSING = frozenset(
    {"NoSuchBucket", "NoSuchKey", "NotFoundException", "ParameterNotFound", "ResourceNotFoundException"}
)


@dataclass(frozen=True, slots=True)
class Call:
    """One AWS operation before signing. `path` and `query` are encoded; `seconds` bounds one attempt, `total` all of them (None = the policy's).

    `host_prefix` goes before the service's host (an S3 bucket). `region` None = the session's. `as_json`: a success must be a JSON object.
    """

    service: str
    operation: str
    body: bytes = field(default=b"", repr=False)
    method: str = "POST"
    path: str = "/"
    query: str = ""
    headers: Sequence[tuple[str, str]] = ()
    host_prefix: str = ""
    region: str | None = None
    repeatable: bool = True
    as_json: bool = True
    seconds: float = 2.0
    total: float | None = None

    @property
    def name(self) -> str:
        """`service.Operation`, as in faults and in `AwsSession.calls`."""
        return f"{self.service}.{self.operation}"


@dataclass(frozen=True, slots=True)
class Answer:
    """A final answer. `code` is empty on success, else AWS's error code. `data` is the JSON object (empty if none). Names of `headers` are
    lower-case.

    `repeated`: an earlier attempt of this call may have been applied.
    """

    status: int
    code: str
    data: dict[str, Any] = field(repr=False)
    body: bytes = field(repr=False)
    request_id: str
    repeated: bool
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)


Transient = Callable[[Answer], bool]


class AwsSession:
    """Shared by the service clients below it. Safe for many tasks of one event loop.

    `endpoint_url` sends every call to one address (the local stack). `calls` counts HTTP requests by `service.Operation`.
    `skew` is how far the clock is from AWS's.
    `pool` shares connections and TLS settings with others of the same event loop; None = a pool of its own.
    """

    def __init__(
        self,
        region: str,
        endpoint_url: str | None,
        credentials: CredentialsProvider,
        clock: Clock,
        *,
        policy: retries.Policy | None = None,
        pool: Pool | None = None,
    ) -> None:
        self.region = region
        self.clock = clock
        self.calls: Counter[str] = Counter()
        self.skew = Skew(clock)
        self._endpoint = endpoint_url.rstrip("/") if endpoint_url else None
        self._credentials = credentials
        self._policy = policy or retries.Policy()
        self._quota = retries.Quota()
        self._http = Http(clock, pool)
        self._signers: dict[str, Signer] = {}

    @property
    def is_local(self) -> bool:
        """Whether calls go to one given address instead of AWS's own hosts."""
        return self._endpoint is not None

    async def close(self) -> None:
        """Close the connections; the session may be used again and opens new ones."""
        await self._http.close()

    async def call(self, call: Call, transient: Transient | None = None) -> Answer:
        """Send until there is an answer worth giving: a success or a refusal that a repetition would not change.

        `transient` may call more refusals temporary. Raises StoreUnavailable's tree; refusals come back as an Answer with a `code`.
        """
        ends = self.clock.monotonic() + (self._policy.total if call.total is None else call.total)
        tries = 0
        repeated = False
        while True:
            tries += 1
            left = ends - self.clock.monotonic()
            answer, fault, applied = await self._attempt(call, min(call.seconds, left), repeated)
            if fault is None and not (transient and transient(answer)):
                self._quota.give_back(tries - 1 or 0.2)
                return answer
            repeated = repeated or applied
            if fault is not None and applied and not call.repeatable:
                raise faults.OutcomeUnknown(call.name, fault.code, request_id=fault.request_id) from None
            pause = self.pause(tries)
            if tries >= self._policy.attempts or self.clock.monotonic() + pause >= ends or not self._quota.take():
                if fault is None:
                    return answer
                raise fault
            await asyncio.sleep(pause)

    async def _attempt(
        self, call: Call, seconds: float, repeated: bool
    ) -> tuple[Answer, faults.StoreUnavailable | None, bool]:
        """An answer, the fault that speaks for another attempt, and whether this attempt may have been applied."""
        outgoing = await self._sign(call)
        self.calls[call.name] += 1
        try:
            reply = await self._http.send(outgoing, max(seconds, 0.001))
        except NoAnswer as lost:
            empty = Answer(0, lost.reason, {}, b"", "", repeated)
            return empty, faults.Unreachable(call.name, lost.reason), lost.maybe_delivered
        self.skew.learn(reply.date)
        answer = _read(call, reply, repeated)
        if retries.is_throttle(answer.status, answer.code):
            return answer, faults.Throttled(call.name, answer.code, request_id=answer.request_id), False
        if retries.is_expired(answer.code) and self._credentials.invalidate():
            return answer, faults.CredentialsUnavailable(call.name, answer.code, request_id=answer.request_id), False
        if answer.status >= 500 or answer.code == "UnreadableAnswer":
            return answer, faults.Unreachable(call.name, answer.code, request_id=answer.request_id), True
        return answer, None, False

    async def _sign(self, call: Call) -> Outgoing:
        credentials = await self._credentials.get(self._http)
        region = call.region or self.region
        signer = self._signer(region)
        base, host = self._address(call, region)
        digest = payload_hash(call.body)
        headers = [("host", host), *call.headers]
        if call.service == "s3":
            headers.append(("x-amz-content-sha256", digest))
        request = Request(call.method, call.path, call.query, headers, digest)
        signed = signer.sign(request, call.service, credentials, self.clock.wall())
        query = f"?{call.query}" if call.query else ""
        return Outgoing(call.method, f"{base}{call.path}{query}", signed, call.body)

    async def presigned(self, call: Call, seconds: int) -> str:
        """A URL of S3 with which whoever has it may make this call, with its headers and any body, for `seconds`, or until the credentials end."""
        credentials = await self._credentials.get(self._http)
        base, host = self._address(call, self.region)
        request = Request(call.method, call.path, call.query, [("host", host), *call.headers], UNSIGNED_PAYLOAD)
        query = self._signer(self.region).presign(request, credentials, self.clock.wall() - self.skew.ahead, seconds)
        return f"{base}{call.path}?{query}"

    def _signer(self, region: str) -> Signer:
        signer = self._signers.get(region)
        if signer is None:
            signer = self._signers[region] = Signer(region)
        return signer

    def _address(self, call: Call, region: str) -> tuple[str, str]:
        """`scheme://host[:port]` and the Host header."""
        if self._endpoint is not None:
            return self._endpoint, urlsplit(self._endpoint).netloc
        suffix = "amazonaws.com.cn" if region.startswith("cn-") else "amazonaws.com"
        host = f"{call.host_prefix}{call.service}.{region}.{suffix}"
        return f"https://{host}", host

    def pause(self, retry: int) -> float:
        """Seconds to wait before the `retry`-th repetition (1, 2, …), with full jitter."""
        return self._policy.pause(retry, int.from_bytes(self.clock.entropy(6), "big") / 2**48)


def _read(call: Call, reply: Reply, repeated: bool) -> Answer:
    """Status, error code and JSON of a reply, whatever the protocol."""
    data: dict[str, Any] = {}
    readable = not call.as_json
    if call.as_json:
        try:
            loaded = orjson.loads(reply.body)
        except orjson.JSONDecodeError:
            loaded = None
        if isinstance(loaded, dict):
            data, readable = loaded, True
    code = ""
    if not 200 <= reply.status < 300:
        code = (
            reply.error_type.partition(":")[0]
            or str(data.get("__type") or data.get("code") or "")
            or _xml_code(reply.body)
        )
        code = code.rpartition("#")[2] or f"Status{reply.status}"
    elif not readable:
        code = "UnreadableAnswer"
    return Answer(reply.status, code, data, reply.body, reply.request_id, repeated, reply.headers)


def _xml_code(body: bytes) -> str:
    """`<Code>` of S3's error document, which is flat: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html"""
    _, opening, rest = body[:4096].partition(b"<Code>")
    code, closing, _ = rest.partition(b"</Code>")
    return code.decode("ascii", "replace")[:100] if opening and closing else ""


def refusal(call: Call, answer: Answer) -> faults.AwsFault:
    """The fault for an answer with a `code`."""
    kind: type[faults.AwsFault] = faults.Rejected
    if answer.code in _DENIED or answer.status in {401, 403}:
        kind = faults.AccessDenied
    elif retries.is_expired(answer.code):
        kind = faults.CredentialsUnavailable
    elif answer.code in _MISSING or answer.status == 404:
        kind = faults.NotFound
    detail = str(answer.data.get("message") or answer.data.get("Message") or "")
    return kind(call.name, answer.code, detail=detail, request_id=answer.request_id)
