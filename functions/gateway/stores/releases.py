"""Releases: immutable, content-addressed snapshots of the configuration, and the pointer to the one in force."""

from __future__ import annotations

import gzip
import json
from dataclasses import dataclass
from zlib import error as ZlibError  # noqa: N812

from pynamodb.exceptions import PutError

from gateway.clock import Clock
from gateway.neutral.config import Release, release_bytes, release_from_json, release_hash
from gateway.stores.tables import Tables
from gateway.stores.versioned import Outdated

CHUNK_BYTES = 300 * 1024


class Damaged(Exception):
    """A stored release is incomplete or does not match its address."""


@dataclass(frozen=True, slots=True)
class Pointer:
    """The release in force. `number` counts publications; 0 and an empty `release` = nothing was published yet."""

    release: str = ""
    chunks: int = 0
    number: int = 0
    updated_at: int = 0


def pack(release: Release) -> tuple[str, list[bytes]]:
    """The address of a release and its chunks: slices of the gzip (mtime 0) of its canonical JSON."""
    canonical = release_bytes(release)
    packed = gzip.compress(canonical, mtime=0)
    return release_hash(canonical), [packed[at : at + CHUNK_BYTES] for at in range(0, len(packed), CHUNK_BYTES)]


def unpack(address: str, chunks: list[bytes]) -> Release:
    """Inverse of `pack`; Damaged when the content is not that of the address."""
    try:
        canonical = gzip.decompress(b"".join(chunks))
    except (OSError, EOFError, ZlibError):
        raise Damaged(address) from None
    if release_hash(canonical) != address:
        raise Damaged(address)
    return release_from_json(json.loads(canonical))


class Releases:
    """Reads are strongly consistent. Errors: `Outdated` when the pointer moved meanwhile, PynamoDB's when the store fails."""

    def __init__(self, tables: Tables, clock: Clock) -> None:
        self._item = tables.release
        self._pointer = tables.pointer
        self._clock = clock

    def pointer(self) -> Pointer:
        """The pointer, `Pointer()` before the first publication."""
        try:
            item = self._pointer.get("pointer", "current", consistent_read=True)
        except self._pointer.DoesNotExist:
            return Pointer()
        return Pointer(item.release, int(item.chunks), int(item.number), int(item.updated_at))

    def read(self, address: str) -> tuple[Release, str] | None:
        """A release and who made it; None when there is none; Damaged when it is incomplete."""
        items = list(self._item.query(f"release#{address}", consistent_read=True))
        if not items:
            return None
        if len(items) != int(items[0].chunks):
            raise Damaged(address)
        return unpack(address, [item.data for item in items]), items[0].created_by

    def write(self, release: Release, created_by: str) -> tuple[str, int]:
        """Store a release, unless it is there; its address and number of chunks."""
        address, chunks = pack(release)
        try:
            if self.read(address) is not None:
                return address, len(chunks)
        except Damaged:  # a writer died between two chunks: write it again, whole
            pass
        for number, chunk in enumerate(chunks):
            self._item(
                f"release#{address}",
                f"chunk#{number:04d}",
                data=chunk,
                chunks=len(chunks),
                created_at=self._clock.now_ms(),
                created_by=created_by,
            ).save()
        return address, len(chunks)

    def move(self, seen: Pointer, address: str, chunks: int) -> Pointer:
        """Put a release in force if the pointer is still the one `seen`; Outdated otherwise."""
        moved = Pointer(address, chunks, seen.number + 1, self._clock.now_ms())
        item = self._pointer("pointer", "current", release=address, chunks=chunks, number=moved.number)
        item.updated_at = moved.updated_at
        condition = self._pointer.number == seen.number if seen.number else self._pointer.pk.does_not_exist()
        try:
            item.save(condition=condition)
        except PutError as error:
            if error.cause_response_code == "ConditionalCheckFailedException":
                raise Outdated from None
            raise
        return moved
