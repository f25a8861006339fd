"""What a virtual key may know of the cache, and throwing its kept answers away: its own, its user's and its team's, never anybody else's."""

from __future__ import annotations

import orjson

from gateway.caching.keys import tenants
from gateway.neutral.config import VirtualKey
from gateway.neutral.index import Index
from gateway.parts import Parts
from gateway.routing.names import may_use


class OwnCache:
    """One instance per environment."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    async def stats(self, key: VirtualKey, index: Index) -> bytes:
        """JSON. `hits` and `misses` are of this key's requests of the last 30 days (UTC), as they were counted some seconds after they ended.
        `size` is null: how many answers lie there is not known without reading them all. `evictions` is 0: answers end by their time alone.
        Unavailable when the figures cannot be read."""
        counts = await self._parts.figures.cache_counts(key.id)
        looked = counts.hits + counts.misses
        told = {
            "enabled": _enabled(key, index),
            "size": None,
            "hits": counts.hits,
            "misses": counts.misses,
            "hit_rate": counts.hits / looked if looked else 0.0,
            "evictions": 0,
        }
        return orjson.dumps(told)

    async def clear(self, key: VirtualKey) -> bytes:
        """Nothing that was kept until now for the key, its user or its team is given again. What the whole deployment shares stays: it is not one
        key's to throw away. Unavailable when that cannot be written."""
        for tenant in tenants(key):
            await self._parts.cache.clear(tenant)
        return b'{"status":"ok","message":"Cache cleared"}'


def _enabled(key: VirtualKey, index: Index) -> bool:
    """Whether answers to anything that the key may ask for are kept."""
    routes = (route for route in index.release.routes if route.active and route.cache is not None)
    return index.release.cache is not None or any(may_use(key, route.id) for route in routes)
