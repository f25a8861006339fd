"""Both sides of the shared state of routing: each reads what the other wrote, and an administrator's word reaches the data plane."""

from __future__ import annotations

import pytest
from tests.aws_mock import START, World
from tests.hot_stores.fleet import Environment, Now
from tests.moto_session import MotoSession

from gateway.clock import Clock
from gateway.neutral.config import UpstreamKey
from gateway.stores.health import HealthControl
from gateway.stores.health_items import breaker_key, upstream_key_key
from gateway.stores.hot_stops import HotStops
from gateway.stores.tables import Tables

KEY = UpstreamKey("uk_1", "****", reference="arn:1", daily_quota=1000)


class Sides:
    """A control plane and an environment of the data plane at the same time."""

    def __init__(self, world: World, tables: Tables) -> None:
        self.now = Now(START - Now().clock().wall())
        session = MotoSession(world.dynamodb)
        self.hot = Environment(session.database(), session, self.now)
        self.stops = HotStops(session.database(), "state", self.hot.clock)
        self.control = HealthControl(tables, Clock(wall=self.hot.clock.wall))
        self.now_ms = self.hot.clock.now_ms()

    async def later(self) -> None:
        self.now.go(25.1)
        await self.hot.health.current()


@pytest.fixture
def sides(world: World, tables: Tables) -> Sides:
    return Sides(world, tables)


async def test_both_see_the_same(sides: Sides, tables: Tables) -> None:
    hot, now = sides.hot, sides.now_ms
    assert sides.control.snapshot().targets == {}
    for first_ms in (100.0, 200.0, 400.0):
        hot.call(True, provider="a#b/ü", model="x#y", first_ms=first_ms)
    hot.key(KEY, cooling_until_ms=now + 1000, dead_until_ms=now + 2000, reason="401", tokens=9)
    await hot.fail()
    await hot.health.current()
    there, here = sides.control.snapshot(), await hot.health.current()
    assert (there.targets, there.keys) == (here.targets, here.keys)
    assert there.target("p", "m").open_until_ms == now + 30_000
    assert there.target("a#b/ü", "x#y").p50_ms == pytest.approx(200, rel=0.05)
    breaker = tables.breaker.get(*breaker_key(("p", "m")).values())
    assert (breaker.provider, breaker.opens, breaker.last_fault) == ("p", 1, "upstream_error")
    key = tables.upstream_key.get(*upstream_key_key("uk_1").values())
    assert (key.key_id, key.stamp, key.used_tokens, key.reason) == ("uk_1", KEY.stamp, 9, "401")
    answers = list(tables.answers.query("health", tables.answers.sk.startswith("answers#")))
    assert {(item.provider, item.model) for item in answers} == {("p", "m"), ("a#b/ü", "x#y")}
    sides.now.go(31)
    assert await hot.health.probe("p", "m", "req_1")
    assert tables.breaker.get(*breaker_key(("p", "m")).values()).probe_owner == "req_1"


async def test_a_key_is_revived_and_dies_again_when_it_is_refused_again(sides: Sides) -> None:
    hot = sides.hot
    hot.key(KEY, dead_until_ms=sides.now_ms + 1_800_000, cooling_until_ms=sides.now_ms + 1, reason="401", tokens=5)
    await hot.health.flush()
    assert sides.control.revive("uk_1")
    await sides.later()
    found = (await hot.health.current()).key(KEY)
    assert (found.dead_until_ms, found.cooling_until_ms, found.reason, found.used_tokens) == (0, 0, None, 5)
    hot.key(KEY, dead_until_ms=sides.now_ms + 1_900_000, reason="401")
    await hot.health.flush()
    assert sides.control.snapshot().key(KEY).dead_until_ms == sides.now_ms + 1_900_000
    assert not sides.control.revive("nobody")
    assert set(sides.control.snapshot().keys) == {"uk_1"}


async def test_a_breaker_is_closed_by_hand_and_opens_again_for_new_faults(sides: Sides) -> None:
    hot = sides.hot
    await hot.fail()
    assert sides.control.close("p", "m")
    assert sides.control.snapshot().target("p", "m").open_until_ms == 0
    await sides.later()
    await hot.fail(1)
    assert (await hot.target()).open_until_ms == 0, "the faults that opened it do not count again"
    await hot.fail(4)
    assert (await hot.target()).open_until_ms > 0
    assert not sides.control.close("p", "other")


async def test_closing_takes_the_probe_from_who_has_it(sides: Sides) -> None:
    hot = sides.hot
    await hot.fail()
    sides.now.go(31)
    assert await hot.health.probe("p", "m", "req_1")
    sides.control.close("p", "m")
    hot.call(False, probe="req_1")
    await hot.health.flush()
    assert sides.control.snapshot().target("p", "m").open_until_ms == 0
    assert (await hot.target()).open_until_ms == 0, "the store's word"


async def test_an_administrator_stops_any_request(sides: Sides, tables: Tables) -> None:
    sides.control.stop("req_1")
    assert await sides.stops.asked("req_1", "somebody")
    assert not await sides.stops.asked("req_2", "somebody")
    await sides.stops.ask("req_2", "somebody")
    assert tables.stop.get("stop#req_2", "somebody").ttl == int(sides.hot.clock.wall()) + 3600


async def test_a_snapshot_of_many_pages_is_read_whole(sides: Sides, world: World) -> None:
    for number in range(70):
        name = f"m{number}-{'x' * 800}"
        sides.hot.call(True, model=name, first_ms=float(number))
        world.dynamodb.put_item(
            TableName="state",
            Item={
                **{name: {"S": text} for name, text in breaker_key(("p", name)).items()},
                "provider": {"S": "p"},
                "model": {"S": name},
                "until_ms": {"N": "1"},
                "padding": {"S": "x" * 20_000},
            },
        )
    await sides.hot.health.current()
    assert len(sides.control.snapshot().targets) == 70
    assert len((await sides.hot.health.current()).targets) == 70
    assert sides.hot.session.calls["Query"] >= 2
