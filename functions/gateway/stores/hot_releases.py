"""The release in force as the data plane keeps it.

Theory of operation: requests are served from memory. Once the last look at the pointer is `poll_seconds` old, the next look happens after an
answer was sent (`refresh`), so that nobody waits for it. When no request came for a while and the last look is older than `bound_seconds`, the
request that comes next looks first. So a publication reaches every environment within `bound_seconds` of its next request. If
the store is out of reach, the last known release goes on serving: configuration is not a permission.
"""

from __future__ import annotations

import asyncio
import gzip
from zlib import error as ZlibError  # noqa: N812

import orjson

from gateway.aws.dynamodb import DynamoDB, Expr, Query
from gateway.aws.faults import AwsFault
from gateway.clock import Clock
from gateway.errors import Unavailable
from gateway.neutral.config import Release, release_from_json, release_hash
from gateway.neutral.index import Index


class HotReleases:
    """`ReleaseReader` over the signed client. Seconds are monotonic."""

    def __init__(
        self, database: DynamoDB, table: str, clock: Clock, poll_seconds: float, bound_seconds: float = 25.0
    ) -> None:
        self._database = database
        self._table = table
        self._clock = clock
        self._poll = poll_seconds
        self._bound = max(bound_seconds, poll_seconds)
        self._index: Index | None = None
        self._looked = 0.0
        self._lock = asyncio.Lock()

    async def current(self) -> Index:
        """See `ReleaseReader.current`."""
        if self._index is None or self._clock.monotonic() - self._looked > self._bound:
            await self._look(self._bound)
        if self._index is None:
            raise Unavailable("The configuration store is out of reach; try again.")
        return self._index

    async def refresh(self) -> None:
        """See `ReleaseReader.refresh`."""
        if self._clock.monotonic() - self._looked > self._poll:
            await self._look(self._poll)

    async def _look(self, older_than: float) -> None:
        async with self._lock:
            began = self._clock.monotonic()
            if self._index is not None and began - self._looked <= older_than:
                return
            try:
                self._index = await self._read()
                self._looked = began
            except AwsFault:
                if self._index is None:
                    raise Unavailable("The configuration store is out of reach; try again.") from None

    async def _read(self) -> Index:
        pointer = await self._database.get_item(self._table, {"pk": "pointer", "sk": "current"}, consistent=True)
        if pointer is None:
            return Index(Release(), "", 0)
        address = str(pointer["release"])
        if self._index is not None and self._index.hash == address:
            return self._index
        release = _unpack(address, await self._chunks(address), int(pointer["chunks"]))
        return Index(release, address, int(pointer["updated_at"]) // 1000)

    async def _chunks(self, address: str) -> list[bytes]:
        where = Expr("pk = :pk", values={":pk": f"release#{address}"})
        page = await self._database.query(Query(self._table, where, consistent=True))
        found = [bytes(item["data"]) for item in page.items]
        while page.next is not None:
            page = await self._database.query(Query(self._table, where, consistent=True, start=page.next))
            found += [bytes(item["data"]) for item in page.items]
        return found


def _unpack(address: str, chunks: list[bytes], expected: int) -> Release:
    """The release of an address; Unavailable when it is incomplete, damaged or newer than this version."""
    try:
        canonical = gzip.decompress(b"".join(chunks))
        if len(chunks) != expected or release_hash(canonical) != address:
            raise ValueError(address)
        return release_from_json(orjson.loads(canonical))
    except (OSError, EOFError, ZlibError, TypeError, ValueError):
        raise Unavailable("The published configuration cannot be read by this version.") from None
