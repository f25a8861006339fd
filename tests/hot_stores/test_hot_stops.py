"""Who may stop a request."""

from __future__ import annotations

import pytest
from tests.hot_stores.fleet import START_MS, TABLE, Fleet

from gateway.errors import Unavailable
from gateway.stores.hot_stops import HotStops


def stops(fleet: Fleet) -> HotStops:
    one = fleet.one()
    return HotStops(one.session.database(), TABLE, one.clock)


async def test_its_own_key_and_an_administrator_may_and_others_neither_ask_nor_undo(fleet: Fleet) -> None:
    board = stops(fleet)
    await board.ask("req_1", "other")
    assert not await board.asked("req_1", "own")
    await board.ask("req_1", "own")
    await board.ask("req_1", "other")
    assert await board.asked("req_1", "own")
    assert not await board.asked("req_2", "own")
    await board.ask("req_2", "*")
    assert await board.asked("req_2", "own")
    assert {item["ttl"] for item in fleet.items()} == {START_MS // 1000 + 3600}
    fleet.now.go(3601)
    assert not await board.asked("req_1", "own")


async def test_a_wish_means_a_request_that_ran_then_and_none_that_takes_its_id_later(fleet: Fleet) -> None:
    board = stops(fleet)
    began = START_MS + 700
    fleet.now.go(0.9)
    await board.ask("turn-1", "own")
    assert await board.asked("turn-1", "own", began)
    assert not await board.asked("turn-1", "own", began + 1000)


async def test_without_the_store_nothing_is_stopped_and_asking_says_so(fleet: Fleet) -> None:
    board = stops(fleet)
    fleet.sessions[-1].down = True
    with pytest.raises(Unavailable):
        await board.ask("req_1", "own")
    assert not await board.asked("req_1", "own")
    fleet.sessions[-1].down = False
    for odd in ("", "x" * 3000, "\ud800"):
        with pytest.raises(Unavailable):
            await board.ask(odd if odd != "" else "req_1", "own" if odd else "")
        assert not await board.asked(odd, "own")
