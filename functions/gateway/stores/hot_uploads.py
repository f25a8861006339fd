"""Uploaded files in the bodies bucket, as the data plane offers and reads them.

One object per upload: `uploads/<virtual key's id>/<upload's id>`. The client puts it by a URL that is signed for its size, its media type and its
name (metadata `filename`, percent-encoded), so that S3 refuses anything else, and it is encrypted as everything in the bucket is. Whose file it is
follows from the path alone: another key's request looks in another place. The bucket's lifecycle removes it; nothing here does.
"""

from __future__ import annotations

from typing import Final
from urllib.parse import quote, unquote

from gateway.aws.faults import AccessDenied, AwsFault, NotFound, Rejected
from gateway.aws.s3 import S3, Part
from gateway.clock import Clock
from gateway.errors import Unavailable
from gateway.neutral.uploads import MOST_BYTES, FileFacts, Offer, StoredFile, UploadPlace

OFFERED_SECONDS: Final = 900
_NAME: Final = "x-amz-meta-filename"


class HotUploads:
    """`UploadStore` over S3. An offer asks nobody; looking at a file and reading it is one GetObject each."""

    def __init__(self, objects: S3, bucket: str, clock: Clock) -> None:
        self._objects = objects
        self._bucket = bucket
        self._clock = clock

    async def offer(self, place: UploadPlace, facts: FileFacts) -> Offer:
        """See `UploadStore.offer`."""
        headers = {"content-length": str(facts.size), "content-type": facts.type, _NAME: quote(facts.name, safe="")}
        try:
            url = await self._objects.presigned_put(self._bucket, _key(place), tuple(headers.items()), OFFERED_SECONDS)
        except AwsFault as fault:
            raise _out_of_reach(fault) from None
        return Offer(url, headers, self._clock.now_ms() + OFFERED_SECONDS * 1000)

    async def find(self, place: UploadPlace) -> StoredFile | None:
        """See `UploadStore.find`."""
        part = await self._read(place, 0, None)
        if part is None:
            return None
        name = unquote(part.headers.get(_NAME, ""), errors="replace")
        kind = part.headers.get("content-type", "application/octet-stream")
        return StoredFile(FileFacts(name, part.size, kind), part.etag)

    async def read(self, place: UploadPlace, file: StoredFile) -> bytes | None:
        """See `UploadStore.read`."""
        part = await self._read(place, MOST_BYTES, file.version)
        return None if part is None or len(part.body) != file.facts.size else part.body

    async def _read(self, place: UploadPlace, last: int, version: str | None) -> Part | None:
        try:
            return await self._objects.get_part(self._bucket, _key(place), last, version)
        except (NotFound, AccessDenied, Rejected):
            # A role that may not list a bucket is told "access denied" of what is not there. Rejected: no byte, or another version by now.
            return None
        except AwsFault as fault:
            raise _out_of_reach(fault) from None


def _key(place: UploadPlace) -> str:
    return f"uploads/{place.owner}/{place.id}"


def _out_of_reach(fault: AwsFault) -> Unavailable:
    return Unavailable(f"The store of uploads is out of reach ({fault.code}); try again.")
