"""S3: whole small objects in and out. https://docs.aws.amazon.com/AmazonS3/latest/API/Welcome.html"""

from __future__ import annotations

from gateway.aws.session import Answer, AwsSession, Call, refusal
from gateway.aws.sigv4 import encode_path

_SECONDS = 15.0


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

    async def _run(
        self, operation: str, method: str, place: tuple[str, str], body: bytes, headers: tuple[tuple[str, str], ...]
    ) -> Answer:
        bucket, key = place
        if not bucket or not key:
            raise ValueError("bucket and key must not be empty")
        # A bucket name with a dot does not match the wildcard certificate, and the local stack has one host.
        in_path = self._session.is_local or "." in bucket
        segments = ([bucket] if in_path else []) + key.split("/")
        if any(segment in {".", ".."} for segment in segments):
            raise ValueError("an object key with a dot segment cannot be addressed by URL")
        call = Call(
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
        answer = await self._session.call(call)
        if answer.code:
            raise refusal(call, answer)
        return answer
