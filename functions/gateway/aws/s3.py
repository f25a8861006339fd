"""S3: whole small objects in and out, and URLs with which others put one. https://docs.aws.amazon.com/AmazonS3/latest/API/Welcome.html"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from gateway.aws.session import Answer, AwsSession, Call, refusal
from gateway.aws.sigv4 import encode_path

_SECONDS = 15.0
_PATIENCE = 30.0
"""For a whole large object: a function with little memory has little processor time to decrypt it with."""


@dataclass(frozen=True, slots=True)
class Part:
    """The first bytes of an object: `size` is that of the whole, `headers` those of the answer, names lower-case."""

    body: bytes = field(repr=False)
    size: int
    etag: str
    headers: Mapping[str, str] = field(repr=False)


class S3:
    """Faults: StoreUnavailable's tree, NotFound, AccessDenied, Rejected."""

    def __init__(self, session: AwsSession) -> None:
        self._session = session

    async def put_object(
        self, bucket: str, key: str, body: bytes, *, content_type: str = "application/octet-stream"
    ) -> None:
        """Store an object whole; encryption is the bucket's default."""
        await self._run("PutObject", "PUT", (bucket, key), body, (("content-type", content_type),))

    async def get_object(self, bucket: str, key: str) -> bytes:
        """An object's bytes; NotFound when there is none (AccessDenied if the role may not list the bucket)."""
        answer = await self._run("GetObject", "GET", (bucket, key), b"", ())
        return answer.body

    async def get_part(self, bucket: str, key: str, last: int, etag: str | None = None) -> Part:
        """The bytes of an object up to `last`, that one included, and what is known of the whole; `etag`: of this version, or Rejected.

        NotFound as above. Rejected with the code `InvalidRange` for an object without a byte.
        """
        headers = [("range", f"bytes=0-{last}"), *([("if-match", etag)] if etag is not None else [])]
        call = self._call("GetObject", "GET", (bucket, key), b"", tuple(headers))
        answer = await self._answer(replace(call, total=_PATIENCE) if last > 0 else call)
        told = answer.headers.get("content-range", "").rpartition("/")[2]
        size = int(told) if told.isascii() and told.isdigit() else len(answer.body)
        return Part(answer.body, size, answer.headers.get("etag", ""), answer.headers)

    async def presigned_put(self, bucket: str, key: str, headers: tuple[tuple[str, str], ...], seconds: int) -> str:
        """A URL that takes one object at this place by PUT, with exactly these headers (`content-length` bounds it), for so many seconds."""
        return await self._session.presigned(self._call("PutObject", "PUT", (bucket, key), b"", headers), seconds)

    async def _run(
        self, operation: str, method: str, place: tuple[str, str], body: bytes, headers: tuple[tuple[str, str], ...]
    ) -> Answer:
        return await self._answer(self._call(operation, method, place, body, headers))

    async def _answer(self, call: Call) -> Answer:
        answer = await self._session.call(call)
        if answer.code:
            raise refusal(call, answer)
        return answer

    def _call(
        self, operation: str, method: str, place: tuple[str, str], body: bytes, headers: tuple[tuple[str, str], ...]
    ) -> Call:
        bucket, key = place
        if not bucket or not key:
            raise ValueError("bucket and key must not be empty")
        # A bucket name with a dot does not match the wildcard certificate, and the local stack has one host.
        in_path = self._session.is_local or "." in bucket
        segments = ([bucket] if in_path else []) + key.split("/")
        if any(segment in {".", ".."} for segment in segments):
            raise ValueError("an object key with a dot segment cannot be addressed by URL")
        return Call(
            "s3",
            operation,
            body,
            method=method,
            path=encode_path(segments),
            headers=headers,
            host_prefix="" if in_path else f"{bucket}.",
            as_json=False,
            seconds=_SECONDS,
        )
