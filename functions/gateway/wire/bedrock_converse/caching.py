"""Cache marks as cache points: https://docs.aws.amazon.com/bedrock/latest/userguide/prompt-caching.html"""

from __future__ import annotations

from typing import Any

from gateway.neutral.blocks import CacheMark
from gateway.wire.carrying import Carrying
from gateway.wire.codec import Upstream


class CachePoints:
    """Whether the model takes cache points, and how long they may last.

    A model that the catalog knows is judged by its capability `prompt_caching`; others by the trait `cache_points`. The trait
    `cache_1h` says that points may last an hour.
    """

    def __init__(self, upstream: Upstream, carrying: Carrying) -> None:
        known = upstream.capabilities
        self._possible = "prompt_caching" in known if known is not None else "cache_points" in upstream.traits
        self._hour = "cache_1h" in upstream.traits
        self._carrying = carrying

    def after(self, mark: CacheMark) -> list[dict[str, Any]]:
        """The cache point to put behind a marked block: one, or none where the model has no form for it."""
        if not self._possible:
            self._carrying.drop("cache_control", "this model takes no cache points")
            return []
        if mark.ttl == "1h" and self._hour:
            return [{"cachePoint": {"type": "default", "ttl": "1h"}}]
        if mark.ttl not in {None, "5m"}:
            self._carrying.approximate("cache_control", "cached for five minutes")
        return [{"cachePoint": {"type": "default"}}]
