"""Releases: immutable, content-addressed snapshots of the configuration, the pointer to the one in force, and the list of its moves.

Releases and the list are never deleted: whatever was in force can be looked at and put in force again, and a row of the log names a release that
is there.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal
from zlib import error as ZlibError  # noqa: N812

from pynamodb.exceptions import TransactWriteError
from pynamodb.transactions import TransactWrite

from gateway.clock import Clock
from gateway.neutral.config import Release, release_bytes, release_hash
from gateway.neutral.config_reading import release_from_json
from gateway.stores.config_items import PublicationItem
from gateway.stores.tables import Tables
from gateway.stores.versioned import Outdated

CHUNK_BYTES = 300 * 1024
LIST = "publications"

Beside = Callable[[TransactWrite], None]
Cause = Literal["edit", "rollback", "publish", "discard"]


class Damaged(Exception):
    """A stored release is incomplete or does not match its address."""


@dataclass(frozen=True, slots=True)
class Pointer:
    """The release in force. `number` counts publications; 0 and an empty `release` = nothing was published yet."""

    release: str = ""
    chunks: int = 0
    number: int = 0
    updated_at: int = 0


@dataclass(frozen=True, slots=True)
class Making:
    """A release on its way into force: by whom (an actor's id), why, and how much it holds."""

    by: str = ""
    cause: Cause = "edit"
    providers: int = 0
    upstream_keys: int = 0
    models: int = 0
    routes: int = 0


def making(release: Release, by: str, cause: Cause) -> Making:
    """The same with the counts of a release."""
    keys = sum(len(provider.keys) for provider in release.providers)
    return Making(by, cause, len(release.providers), keys, len(release.models), len(release.routes))


@dataclass(frozen=True, slots=True)
class Publication:
    """One move of the pointer. `at` is Unix milliseconds."""

    number: int
    release: str
    at: int
    making: Making


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
        self._publication = tables.publication
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

    def move(
        self,
        seen: Pointer,
        packed: tuple[str, int],
        making: Making,
        beside: Beside | None = None,
    ) -> Pointer:
        """Put the release at (address, chunks) in force if the pointer is still the one `seen`; Outdated otherwise, or when others wrote at
        the same moment. What `beside` adds to the transaction, at most 98 operations, happens with it or not at all.
        """
        moved = Pointer(*packed, seen.number + 1, self._clock.now_ms())
        try:
            with TransactWrite(connection=self._pointer._get_connection().connection) as transaction:
                self._add(transaction, moved, making)
                if beside is not None:
                    beside(transaction)
        except TransactWriteError as error:
            codes = {reason.code for reason in error.cancellation_reasons if reason}
            if codes & {"ConditionalCheckFailed", "TransactionConflict"}:
                raise Outdated from None
            raise
        return moved

    def _add(self, transaction: TransactWrite, moved: Pointer, making: Making) -> None:
        item = self._pointer("pointer", "current", release=moved.release, chunks=moved.chunks, number=moved.number)
        item.updated_at = moved.updated_at
        first = moved.number == 1
        condition = self._pointer.pk.does_not_exist() if first else self._pointer.number == moved.number - 1
        transaction.save(item, condition=condition)
        line = self._publication(LIST, f"{moved.number:012d}", release=moved.release, number=moved.number)
        line.at, line.by, line.cause = moved.updated_at, making.by, making.cause
        line.providers, line.upstream_keys = making.providers, making.upstream_keys
        line.models, line.routes = making.models, making.routes
        transaction.save(line, condition=self._publication.pk.does_not_exist())

    def publications(self, before: int | None, limit: int) -> tuple[list[Publication], int | None]:
        """At most `limit` moves, newest first, below the number `before`, and where to go on from (None = the end)."""
        below = None if before is None else self._publication.sk < f"{before:012d}"
        size = limit + 1
        found = self._publication.query(
            LIST, below, consistent_read=True, scan_index_forward=False, limit=size, page_size=size
        )
        rows = [_publication(item) for item in found]
        return rows[:limit], rows[limit - 1].number if len(rows) > limit else None


def _publication(item: PublicationItem) -> Publication:
    known: dict[str, Cause] = {"rollback": "rollback", "publish": "publish", "discard": "discard"}
    cause = known.get(item.cause, "edit")
    counts = (int(item.providers), int(item.upstream_keys), int(item.models), int(item.routes))
    return Publication(int(item.number), item.release, int(item.at), Making(item.by, cause, *counts))
