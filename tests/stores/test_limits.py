"""Limits as the control plane sees them: sums over all shards, running holds, and a budget's use forgotten without touching what is held."""

from __future__ import annotations

from typing import Any

import pytest
from tests.aws_mock import World

from gateway.aws.attributes import decode_item, encode_item
from gateway.clock import Clock
from gateway.neutral.limits import Budget, Held, Limits, Period, Scope, Spent, Standing
from gateway.stores.entities import Contended
from gateway.stores.limit_items import Hold, counters_key, hold_item, lent_name
from gateway.stores.limits import LimitReader, Running
from gateway.stores.tables import Tables

NOW_MS = 1_790_000_000_000
DAY = 1_789_948_800
LIMITS = Limits(concurrent=10, budgets=(Budget("day", 10_000), Budget("total", 50_000)))
LENT = {lent_name(3): NOW_MS, lent_name(15): NOW_MS}
SCOPE = Scope("team", "red / blue", LIMITS)


def held(nano: int, kind: Any = "team", identifier: str = SCOPE.id) -> Held:
    windows: tuple[tuple[Period, int], ...] = (("total", 0),)
    return Held(kind, identifier, nano=nano, windows=windows)


class Counted:
    """A scope with shards, and a reader of it."""

    def __init__(self, world: World, tables: Tables) -> None:
        self.client = world.dynamodb
        self.table = world.services.settings.state_table
        self.reader = LimitReader(tables, Clock(lambda: NOW_MS / 1000), lambda _seconds: None)

    def put(self, item: dict[str, Any]) -> None:
        self.client.put_item(TableName=self.table, Item=encode_item(item))

    def counters(self, shard: int = 0, **more: int) -> None:
        self.put({**counters_key(SCOPE.kind, SCOPE.id, shard), **more})

    def stored(self, shard: int = 0) -> dict[str, Any]:
        key = counters_key(SCOPE.kind, SCOPE.id, shard)
        return decode_item(self.client.get_item(TableName=self.table, Key=encode_item(key))["Item"])

    def spread(self) -> None:
        """Of the day 9,000 are taken: 1,000 held and 3,000 lent on, of which 700 are still room, 300 are held and the rest was used."""
        self.counters(
            **{f"day_{DAY}": 9_000, f"day_{DAY}_held": 1_000, "total_0": 20_000, "running": 6, "slots": 0}, **LENT
        )
        self.counters(3, **{f"day_{DAY}_room": 500, f"day_{DAY}_held": 300, "slots": 1})
        self.counters(15, **{f"day_{DAY}_room": 200, "slots": 2})


@pytest.fixture
def counted(world: World, tables: Tables) -> Counted:
    return Counted(world, tables)


def test_standings_sum_up_all_shards(counted: Counted) -> None:
    counted.spread()
    assert counted.reader.standings(SCOPE) == (
        Standing("concurrent", 10, 0, 3),
        Standing("day", 10_000, 7_000, 1_300, (DAY + 86_400) * 1000),
        Standing("total", 50_000, 20_000, 0),
    )
    assert counted.reader.running("team", SCOPE.id) == 3


def test_a_scope_nobody_used_stands_at_nothing(counted: Counted) -> None:
    assert [(one.used, one.held) for one in counted.reader.standings(SCOPE)] == [(0, 0)] * 3
    assert counted.reader.running("team", SCOPE.id) == 0
    counted.reader.reset(SCOPE, "day")
    assert counted.reader.holds() == Running()


def test_a_reset_forgets_what_was_used_and_keeps_what_is_held(counted: Counted) -> None:
    counted.spread()
    counted.reader.reset(SCOPE, "day")
    day = counted.reader.standings(SCOPE)[1]
    assert (day.used, day.held) == (0, 1_300)
    # What is held and what is lent is still taken of the cap.
    assert counted.stored()[f"day_{DAY}"] == 1_300 + 700
    assert counted.stored()["total_0"] == 20_000
    assert counted.stored(3)[f"day_{DAY}_room"] == 500
    counted.reader.reset(SCOPE, "day")
    assert counted.stored()[f"day_{DAY}"] == 2_000
    with pytest.raises(KeyError):
        counted.reader.reset(SCOPE, "month")


def test_a_request_that_comes_between_is_not_forgotten(counted: Counted, monkeypatch: pytest.MonkeyPatch) -> None:
    counted.spread()
    client = counted.reader._client
    update, passes = client.update_item, iter([True])

    def beaten_once(**arguments: Any) -> Any:
        if next(passes, False):
            counted.counters(**{f"day_{DAY}": 9_500, f"day_{DAY}_held": 1_500, **LENT})
        return update(**arguments)

    monkeypatch.setattr(client, "update_item", beaten_once)
    counted.reader.reset(SCOPE, "day")
    day = counted.reader.standings(SCOPE)[1]
    assert (day.used, day.held) == (0, 1_800)


def test_a_reset_that_never_gets_its_turn_says_so(counted: Counted, monkeypatch: pytest.MonkeyPatch) -> None:
    counted.spread()
    client = counted.reader._client
    update, taken = client.update_item, iter(range(9_500, 20_000))

    def beaten(**arguments: Any) -> Any:
        counted.counters(**{f"day_{DAY}": next(taken), f"day_{DAY}_held": 1_000, **LENT})
        return update(**arguments)

    monkeypatch.setattr(client, "update_item", beaten)
    with pytest.raises(Contended):
        counted.reader.reset(SCOPE, "day")


def test_running_holds_are_counted_and_bounded(counted: Counted, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(4):
        identifier = f"req_{NOW_MS:012x}7{number:03x}8{'0' * 14}{number:x}"
        mine = (held(100 + number), held(200, "key", "k1")) if number else (held(5, "key", "k1"),)
        at_ms = NOW_MS - 1_000 * number
        counted.put(hold_item(Hold(identifier, mine, at_ms, NOW_MS + 1 - number, Spent())))
    assert counted.reader.holds() == Running(4, 605, NOW_MS - 3_000, 3)
    assert counted.reader.holds(SCOPE) == Running(3, 306, NOW_MS - 3_000, 3)
    assert counted.reader.holds(Scope("user", SCOPE.id, LIMITS)) == Running()
    monkeypatch.setattr("gateway.stores.limits._MOST_HOLDS", 2)
    found = counted.reader.holds()
    assert (found.count, found.truncated) == (2, True)
