"""What the store of uploads makes of S3's answers. That real signatures hold is proved over the local stack (tests/e2e/test_media_sdk.py)."""

from __future__ import annotations

from typing import Any

import pytest

from gateway.aws.faults import AccessDenied, AwsFault, NotFound, Rejected, Unreachable
from gateway.aws.s3 import Part
from gateway.clock import Clock
from gateway.errors import Unavailable
from gateway.neutral.uploads import MOST_BYTES, FileFacts, StoredFile, UploadPlace
from gateway.stores.hot_uploads import HotUploads

PLACE = UploadPlace("key_1", "upload_1")
HEADERS = {"content-type": "audio/mpeg", "x-amz-meta-filename": "t%C3%A4st%20%22.mp3"}
FILE = StoredFile(FileFacts('täst ".mp3', 3, "audio/mpeg"), '"v1"')


class Bucket:
    """`S3` that holds one object, or has one fault."""

    def __init__(self, body: bytes = b"abc", fault: AwsFault | None = None) -> None:
        self.body = body
        self.fault = fault
        self.asked: list[Any] = []

    async def get_part(self, *asked: Any) -> Part:
        self.asked.append(asked)
        if self.fault is not None:
            raise self.fault
        return Part(self.body[: asked[2] + 1], len(self.body), '"v1"', HEADERS)

    async def presigned_put(self, *asked: Any) -> str:
        self.asked.append(asked)
        if self.fault is not None:
            raise self.fault
        return "https://bucket/signed"


def store(bucket: Bucket) -> HotUploads:
    return HotUploads(bucket, "bodies", Clock(wall=lambda: 1_000.5))  # type: ignore[arg-type]


async def test_an_offer_is_bound_to_place_size_type_and_name() -> None:
    bucket = Bucket()
    offer = await store(bucket).offer(PLACE, FILE.facts)
    headers = {"content-length": "3", "content-type": "audio/mpeg", "x-amz-meta-filename": "t%C3%A4st%20%22.mp3"}
    assert (offer.url, offer.headers, offer.expires_ms) == ("https://bucket/signed", headers, 1_900_500)
    assert bucket.asked == [("bodies", "uploads/key_1/upload_1", tuple(headers.items()), 900)]


async def test_a_file_is_found_by_its_first_byte_and_read_in_that_version() -> None:
    bucket = Bucket()
    assert await store(bucket).find(PLACE) == FILE
    assert await store(bucket).read(PLACE, FILE) == b"abc"
    place = ("bodies", "uploads/key_1/upload_1")
    assert bucket.asked == [(*place, 0, None), (*place, MOST_BYTES, '"v1"')]


@pytest.mark.parametrize("kind", [NotFound, AccessDenied, Rejected])
async def test_what_is_not_there_is_nothing(kind: type[AwsFault]) -> None:
    bucket = Bucket(fault=kind("s3.GetObject", "x"))
    assert await store(bucket).find(PLACE) is None
    assert await store(bucket).read(PLACE, FILE) is None


async def test_a_file_of_another_size_is_nothing() -> None:
    assert await store(Bucket(b"abcd")).read(PLACE, FILE) is None


async def test_a_store_out_of_reach_says_so() -> None:
    uploads = store(Bucket(fault=Unreachable("s3.GetObject", "timeout")))
    for asked in (uploads.find(PLACE), uploads.read(PLACE, FILE), uploads.offer(PLACE, FILE.facts)):
        with pytest.raises(Unavailable, match="timeout"):
            await asked
