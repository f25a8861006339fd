"""Faults that come while the write of an earlier one is on its way."""

from __future__ import annotations

from typing import Any

import pytest
from tests.hot_stores.fleet import Fleet


async def test_a_breaker_does_not_close_because_an_earlier_fault_was_written(
    fleet: Fleet, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = fleet.one()
    await one.health.current()
    database = one.health._writer._database
    write, came = database.update_item, []

    async def slow(*arguments: Any, **options: Any) -> Any:
        answer = await write(*arguments, **options)
        if not came:
            came.append(4)
            for _ in range(4):
                one.call(False)
        return answer

    monkeypatch.setattr(database, "update_item", slow)
    one.call(False)
    await one.health.flush()
    assert (await one.target()).bad == 5
    assert (await one.target()).open_until_ms, "five faults were seen, four of them are not written yet"
    await one.health.flush()
    (item,) = fleet.items("breaker#")
    assert item["opens"] == 1
    assert (await one.target()).open_until_ms == item["until_ms"]
