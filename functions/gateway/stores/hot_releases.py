"""The release in force as the data plane keeps it.

Theory of operation: requests are served from memory. Once the last look at the pointer is `poll_seconds` old, the next look happens after an
answer was sent (`refresh`), so that nobody waits for it. When no request came for a while and the last look is older than `PROPAGATION_SECONDS`, the
request that comes next looks first. So a publication reaches every environment within `PROPAGATION_SECONDS` of its next request. If
the store is out of reach, or holds a release this version cannot read, the last known one goes on serving: configuration is not a permission.
"""

from __future__ import annotations

import asyncio
import gzip
import logging
from collections.abc import Callable
from typing import Final
from zlib import error as ZlibError  # noqa: N812

import orjson

from gateway.aws.dynamodb import DynamoDB, Expr, Query
from gateway.aws.faults import AwsFault
from gateway.clock import Clock, Moment
from gateway.errors import Unavailable
from gateway.neutral.config import Release, release_hash
from gateway.neutral.config_reading import release_from_json
from gateway.neutral.index import Index
from gateway.settings import PROPAGATION_SECONDS

_LOG: Final = logging.getLogger("gateway")
_FORMAT: Final = 1


def _as_published(release: Release) -> Release:
    return release


class HotReleases:
    """`ReleaseReader` over the signed client. `prepare` adds what every deployment has beside what was published."""

    def __init__(
        self,
        database: DynamoDB,
        table: str,
        clock: Clock,
        poll_seconds: float,
        prepare: Callable[[Release], Release] = _as_published,
    ) -> None:
        self._database = database
        self._table = table
        self._clock = clock
        self._poll = poll_seconds
        self._bound = max(PROPAGATION_SECONDS, poll_seconds)
        self._prepare = prepare
        self._index: Index | None = None
        self._looked = Moment(0.0, 0.0)
        self._failed: Moment | None = None
        self._lock = asyncio.Lock()

    async def current(self) -> Index:
        """See `ReleaseReader.current`."""
        if self._index is None or (self._clock.age(self._looked) > self._bound and not self._failing()):
            await self._look(self._bound)
        if self._index is None:
            raise Unavailable("The configuration store is out of reach; try again.")
        return self._index

    async def refresh(self) -> None:
        """See `ReleaseReader.refresh`."""
        if self._clock.age(self._looked) > self._poll and not self._failing():
            await self._look(self._poll)

    def _failing(self) -> bool:
        """Whether the last look failed just now: while there is a release to serve, not every request pays for another try."""
        return self._index is not None and self._failed is not None and self._clock.age(self._failed) <= self._poll

    async def _look(self, older_than: float) -> None:
        async with self._lock:
            began = self._clock.moment()
            if self._index is not None and (self._clock.age(self._looked) <= older_than or self._failing()):
                return
            try:
                self._index = await self._read()
                self._looked, self._failed = began, None
            except AwsFault:
                self._fail("The configuration store is out of reach; try again.")
            except Unavailable as damaged:
                self._fail(damaged.message)

    def _fail(self, why: str) -> None:
        """What was read last goes on serving; Unavailable when there is nothing."""
        self._failed = self._clock.moment()
        if self._index is None:
            raise Unavailable(why)
        _LOG.error("%s The release in force stays %s.", why, self._index.hash)

    async def _read(self) -> Index:
        pointer = await self._database.get_item(self._table, {"pk": "pointer", "sk": "current"}, consistent=True)
        if pointer is None:
            return Index(self._prepare(Release()), "", 0)
        address = str(pointer.get("release"))
        if self._index is not None and self._index.hash == address:
            return self._index
        try:
            release = _unpack(address, await self._chunks(address), int(pointer["chunks"]))
            published = int(pointer["updated_at"]) // 1000
        except (KeyError, AttributeError, OSError, EOFError, ZlibError, TypeError, ValueError):
            raise Unavailable("The published configuration cannot be read by this version.") from None
        return Index(self._prepare(release), address, published)

    async def _chunks(self, address: str) -> list[bytes]:
        where = Expr("pk = :pk", values={":pk": f"release#{address}"})
        page = await self._database.query(Query(self._table, where, consistent=True))
        found = [bytes(item["data"]) for item in page.items]
        while page.next is not None:
            page = await self._database.query(Query(self._table, where, consistent=True, start=page.next))
            found += [bytes(item["data"]) for item in page.items]
        return found


def _unpack(address: str, chunks: list[bytes], expected: int) -> Release:
    """The release of an address; ValueError, or what the decoders raise, when it is incomplete, damaged or newer than this version."""
    canonical = gzip.decompress(b"".join(chunks))
    if len(chunks) != expected or release_hash(canonical) != address:
        raise ValueError(address)
    release = release_from_json(orjson.loads(canonical))
    if release.format != _FORMAT:
        raise ValueError(release.format)
    return release
