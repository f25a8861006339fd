"""What a key's requests found in the cache, as the data plane reads it: the sums that the fold has written, of 30 days, in one call."""

from __future__ import annotations

import pytest
from tests.hot_stores.fleet import START_MS, TABLE, Fleet
from tests.moto_session import MotoSession
from tests.rollups.samples import DAY, row
from tests.rollups.test_usage import store

from gateway.errors import Unavailable
from gateway.neutral.caching import CacheCounts
from gateway.stores.hot_usage import DAYS, HotUsage


async def test_the_figures_are_those_of_the_fold(fleet: Fleet) -> None:
    session = MotoSession(fleet.client)
    figures = HotUsage(session.database(), TABLE, fleet.now.clock())
    assert await figures.cache_counts("key_1") == CacheCounts()
    days = {0: ("hit", "semantic", "miss", "bypass", "off"), DAYS - 1: ("hit",), DAYS: ("hit", "miss"), 3: (None,)}
    plain = [
        row(back * 10 + number, time_ms=START_MS - back * DAY, cache=state, saved_nano=5 if state == "hit" else None)
        for back, states in days.items()
        for number, state in enumerate(states)
    ]
    store(fleet.client, TABLE, [*plain, row(999, time_ms=START_MS, cache="hit", key_id="key_2")])
    before = sum(session.calls.values())
    assert await figures.cache_counts("key_1") == CacheCounts(3, 1), (
        "an older day, another key and old rows are not in it"
    )
    assert sum(session.calls.values()) - before == 1
    session.down = True
    with pytest.raises(Unavailable, match="usage table"):
        await figures.cache_counts("key_1")
