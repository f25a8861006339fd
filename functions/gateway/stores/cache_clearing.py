"""Throwing kept answers away, for the control plane: `hot_cache.py` says how they lie."""

from __future__ import annotations

from typing import Final

from gateway.clock import Clock
from gateway.stores.tables import Tables

ALL: Final = "all"


class CacheClearing:
    """One write a call, whatever there is. Errors: PynamoDB's when the store fails."""

    def __init__(self, tables: Tables, clock: Clock) -> None:
        self._item = tables.cleared
        self._clock = clock

    def clear(self, tenant: str) -> None:
        """Let nothing that was kept so far be given again to a tenant (`team#…`, `user#…`, `key#…`, `deployment`), or to anybody (`all`)."""
        place = "everything" if tenant == ALL else f"tenant#{tenant}"
        self._item(place, "tenant").update(actions=[self._item.cleared_ms.set(self._clock.now_ms())])
