"""What a virtual key's requests found in the cache, from the usage table: the data plane only reads there (`gateway.rollups` writes)."""

from __future__ import annotations

from typing import Final

from gateway.aws.dynamodb import DynamoDB
from gateway.aws.faults import AwsFault
from gateway.clock import Clock
from gateway.errors import Unavailable
from gateway.neutral.caching import CacheCounts
from gateway.rollups.buckets import DAY_MS, Bucket, bounded, floor

DAYS: Final = 30


class HotUsage:
    """`UsageFigures` over the signed client."""

    def __init__(self, database: DynamoDB, table: str, clock: Clock) -> None:
        self._database = database
        self._table = table
        self._clock = clock

    async def cache_counts(self, key_id: str) -> CacheCounts:
        """See `UsageFigures.cache_counts`. One call, whatever the key has done."""
        today = floor("day", self._clock.now_ms())
        days = [Bucket("day", "key", today - back * DAY_MS, bounded(key_id)) for back in range(DAYS)]
        try:
            found = await self._database.batch_get_item(self._table, [{"pk": day.pk, "sk": day.sk} for day in days])
        except AwsFault as fault:
            raise Unavailable(f"The usage table is out of reach: {fault}") from None
        hits = sum(int(item.get("cache_hits", 0)) for item in found)
        return CacheCounts(hits, sum(int(item.get("cache_misses", 0)) for item in found))
