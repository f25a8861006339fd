"""What one request takes, gives back and is told, over moto."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from tests.limits_room.ledgers import DOLLAR, LOGS, START, STATE, Fleet, budget, scope

from gateway.errors import Unavailable
from gateway.neutral.limits import Admission, Budget, Limits, Refusal, Spent
from gateway.stores.limit_items import HOLD_LIFE_MS, Tables, read_hold
from gateway.stores.limit_shards import STRIKES

TABLES = Tables(STATE, LOGS)
NOW_MS = int(START * 1000)


def run(coroutine: Any) -> Any:
    return asyncio.run(coroutine)


def test_the_worst_case_is_held_and_the_exact_figure_stays(fleet: Fleet) -> None:
    one, session = fleet.one()
    limits = Limits(60, 10_000, 3, (Budget("day", DOLLAR), Budget("month", 5 * DOLLAR), Budget("total", 9 * DOLLAR)))
    scopes = [scope(limits), scope(limits, "user", "u/1 ö"), scope(limits, "team", "t#1")]

    async def story() -> None:
        found = await one.let_in(*scopes, nano=300, tokens=2000, known_nano=7, known_tokens=9)
        assert session.calls == {"TransactWriteItems": 1}
        for each in scopes:
            for period in ("day", "month", "total"):
                assert fleet.table.standing(each, period) == (0, 300)
            assert fleet.table.standing(each, "concurrent") == (0, 1)
            assert fleet.table.standing(each, "requests") == (1, 0)
            assert fleet.table.standing(each, "tokens") == (2000, 0)
        (hold,) = fleet.table.holds()
        assert read_hold(hold).held == found.held
        assert (hold["known_nano"], hold["expires_ms"]) == (7, NOW_MS + HOLD_LIFE_MS)
        assert [item["state"] for item in fleet.table.rows()] == ["running"]
        assert (found.requests.remaining, found.tokens.remaining) == (59, 8000)
        await one.settle(found, 120, 500)
        assert session.calls == {"TransactWriteItems": 2}
        for each in scopes:
            for period in ("day", "month", "total"):
                assert fleet.table.standing(each, period) == (120, 0)
            assert fleet.table.standing(each, "concurrent") == (0, 0)
            assert fleet.table.standing(each, "tokens") == (500, 0)
        assert fleet.table.holds() == []
        assert [(item["state"], item["cost_nano"]) for item in fleet.table.rows()] == [("done", 120)]
        await one.settle(found, 120, 500)
        await one.settle(found, 999, 999)
        assert fleet.table.standing(scopes[0], "day") == (120, 0)

    run(story())


def test_a_refusal_says_what_stands_in_the_way(fleet: Fleet) -> None:
    one, _ = fleet.one()
    asked = scope(Limits(budgets=(Budget("day", 100), Budget("total", 1000))))

    async def story() -> None:
        await one.settle(await one.let_in(asked, nano=40), 40)
        await one.let_in(asked, nano=30)
        end = (NOW_MS // 86_400_000 + 1) * 86_400_000
        assert await one.admit(asked, nano=31) == Refusal("key", "k1", "day", 100, 40, 30, 31, end, 1.0)
        assert await one.admit(asked, nano=61) == Refusal("key", "k1", "day", 100, 40, 30, 61, end, None)
        assert await one.admit(asked, nano=101) == Refusal("key", "k1", "day", 100, 40, 30, 101, end, None)
        total = await one.admit(asked, nano=961)
        assert (total.name, total.reset_ms, total.used) == ("total", None, 40)
        await one.let_in(asked, nano=30)
        assert len(fleet.table.rows()) == 3  # a refused request leaves no hold and no start row
        assert len(fleet.table.holds()) == 2

    run(story())


def test_nothing_to_pay_passes_a_spent_budget_and_is_charged_all_the_same(fleet: Fleet) -> None:
    one, _ = fleet.one()
    asked = scope(budget(0))

    async def story() -> None:
        free = await one.let_in(asked)
        assert fleet.table.counters(asked) == []
        await one.settle(free, 5)
        assert fleet.table.standing(asked, "total") == (5, 0)
        refused = await one.admit(asked, nano=1)
        assert (refused.limit, refused.used, refused.retry_after_s) == (0, 5, None)

    run(story())


def test_requests_of_a_minute(fleet: Fleet) -> None:
    one, session = fleet.one()
    asked = scope(Limits(requests_per_minute=6))

    async def story() -> None:
        for left in (5, 4, 3, 2, 1, 0):
            assert (await one.let_in(asked)).requests.remaining == left
        assert session.calls == {"TransactWriteItems": 6}  # no guess was wrong
        refused = await one.admit(asked)
        assert refused == Refusal("key", "k1", "requests", 6, 6, 0, 1, NOW_MS + 60_000, pytest.approx(10.0))
        fleet.now.seconds += 9.99
        assert isinstance(await one.admit(asked), Refusal)
        fleet.now.seconds += 0.011
        await one.let_in(asked)
        assert isinstance(await one.admit(asked), Refusal)
        await one.let_in(asked, requests=0)
        fleet.now.seconds += 1000
        for _ in range(6):
            await one.let_in(asked)
        assert isinstance(await one.admit(asked), Refusal)

    run(story())


def test_another_environment_knows_nothing_and_guesses_wrong_once(fleet: Fleet) -> None:
    one, _ = fleet.one()
    other, session = fleet.one()
    asked = scope(Limits(requests_per_minute=60, tokens_per_minute=6000))

    async def story() -> None:
        await one.let_in(asked, tokens=600)
        found = await other.let_in(asked, tokens=600)
        assert session.calls == {"TransactWriteItems": 2}
        assert (found.requests.remaining, found.tokens.remaining) == (58, 4800)
        await other.let_in(asked, tokens=600)
        assert session.calls == {"TransactWriteItems": 3}
        fleet.now.seconds += 500  # the bucket filled, nobody told it
        await other.let_in(asked, tokens=600)
        assert session.calls == {"TransactWriteItems": 4}
        assert fleet.table.standing(asked, "tokens", NOW_MS + 500_000) == (600, 0)

    run(story())


def test_tokens_that_drained_are_not_given_back(fleet: Fleet) -> None:
    one, _ = fleet.one()
    asked = scope(Limits(tokens_per_minute=60))

    async def story() -> None:
        found = await one.let_in(asked, tokens=30)
        fleet.now.seconds += 20
        await one.settle(found, 0, 1)  # 29 unused, of which 10 are still in the bucket
        assert fleet.table.standing(asked, "tokens", NOW_MS + 20_000) == (0, 0)
        huge = await one.let_in(asked, tokens=10**9)
        assert huge.held[0].tokens == 60
        assert isinstance(await one.admit(asked, tokens=1), Refusal)
        await one.settle(huge, 0, 90)  # more than was reserved is a debt
        assert fleet.table.standing(asked, "tokens", NOW_MS + 20_000) == (90, 0)
        refused = await one.admit(asked, tokens=1)
        assert (refused.used, refused.retry_after_s) == (90, pytest.approx(31.0))

    run(story())


def test_requests_at_once(fleet: Fleet) -> None:
    one, _ = fleet.one()
    asked = scope(Limits(concurrent=2))

    async def story() -> None:
        first = await one.let_in(asked)
        await one.let_in(asked)
        assert await one.admit(asked) == Refusal("key", "k1", "concurrent", 2, 0, 2, 1, None, 1.0)
        await one.settle(first)
        await one.let_in(asked)
        assert isinstance(await one.admit(scope(Limits(concurrent=0), identifier="k0")), Refusal)
        assert isinstance(await one.admit(scope(Limits(requests_per_minute=0), identifier="k0")), Refusal)

    run(story())


def test_one_of_several_scopes_refuses_and_nothing_is_held(fleet: Fleet) -> None:
    one, _ = fleet.one()
    key, team = scope(budget(1000)), scope(budget(10), "team", "t")

    async def story() -> None:
        refused = await one.admit(key, team, nano=11)
        assert (refused.scope, refused.scope_id, refused.needed) == ("team", "t", 11)
        assert fleet.table.scan(STATE) == []

    run(story())


def test_a_lost_answer_counts_once(fleet: Fleet) -> None:
    one, session = fleet.one()
    asked = scope(Limits(requests_per_minute=60, budgets=(Budget("total", 100),)))

    async def story() -> None:
        session.silent = 1
        found = await one.let_in(asked, nano=60)  # the second try finds the hold of the first
        assert fleet.table.standing(asked, "total") == (0, 60)
        session.silent = 1
        await one.settle(found, 50)
        assert fleet.table.standing(asked, "total") == (50, 0)
        session.repeating = True
        await one.settle(await one.let_in(asked, nano=50), 50)
        assert fleet.table.standing(asked, "total") == (100, 0)
        assert fleet.table.standing(asked, "requests") == (2, 0)

    run(story())


def test_no_store_no_admission(fleet: Fleet, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gateway.stores.limit_admitting.ADMIT_S", 0.1)
    one, session = fleet.one(settle_s=0.05)
    asked = scope(budget(100))

    async def story() -> None:
        found = await one.let_in(asked, nano=10)
        session.down = True
        with pytest.raises(Unavailable):
            await one.admit(asked, nano=1)
        with pytest.raises(Unavailable):
            await one.settle(found, 7)
        await one.limits.flush()
        await one.limits.renew(found, Spent(1))
        assert one.limits.waiting == 1
        session.down, session.hanging = False, True
        with pytest.raises(Unavailable):
            await one.admit(asked, nano=1)
        session.hanging = False
        await one.limits.flush()
        assert one.limits.waiting == 0
        assert fleet.table.standing(asked, "total") == (7, 0)
        session.refused = {"TransactWriteItems"}
        with pytest.raises(Unavailable):
            await one.admit(asked, nano=1)

    run(story())


def test_what_was_refused_although_it_was_applied_is_given_back(fleet: Fleet, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gateway.stores.limit_admitting.ADMIT_S", 0.05)
    one, session = fleet.one()
    asked = scope(Limits(concurrent=5, budgets=(Budget("total", 100),)))

    async def story() -> None:
        session.silent = 1

        async def never(_tries: int) -> None:
            await asyncio.Event().wait()

        monkeypatch.setattr(one.limits._ledger, "pause", never)
        with pytest.raises(Unavailable):
            await one.admit(asked, nano=60)
        assert fleet.table.standing(asked, "total") == (0, 60)
        await one.limits.flush()
        assert fleet.table.standing(asked, "total") == (0, 0)
        assert fleet.table.standing(asked, "concurrent") == (0, 0)
        assert fleet.table.holds() == []

    run(story())


def test_a_token_balance_pays_beside_the_limits(fleet: Fleet) -> None:
    one, _ = fleet.one()
    asked = scope(budget(100))

    async def story() -> None:
        found = await one.let_in(asked, nano=10, tokens=70, balance_of="u1", grant=100)
        refused = await one.admit(asked, nano=10, tokens=31, balance_of="u1", grant=100)
        assert (refused.name, refused.scope, refused.limit, refused.held) == ("balance", "user", 100, 70)
        assert fleet.table.standing(asked, "total") == (0, 10)
        await one.settle(found, 10, 60)
        await one.let_in(asked, nano=10, tokens=40, balance_of="u1", grant=100)
        ((_, stands), (_, balance)) = await one.limits.look(one.ask(asked, balance_of="u1", grant=100))
        assert [(item.name, item.used, item.held) for item in stands] == [("total", 10, 10)]
        assert [(item.name, item.used, item.held) for item in balance] == [("balance", 60, 40)]

    run(story())


def test_a_hot_scope_is_spent_from_a_shard_up_to_the_last_request(fleet: Fleet) -> None:
    cold, _ = fleet.one()
    hot = [fleet.one()[0] for _ in range(4)]
    limits = Limits(requests_per_minute=6000, tokens_per_minute=10**6, concurrent=25, budgets=(Budget("total", 1000),))
    asked = scope(limits)

    async def story() -> None:
        for one in hot:
            for _ in range(STRIKES):
                one.limits._ledger.heat.strike(("key", "k1"))
        running: list[tuple[Any, Admission]] = []
        for number in range(25):
            one = (*hot, cold)[number % 5]
            running.append((one, await one.let_in(asked, nano=40, tokens=5)))
        assert {held.shard for _, found in running for held in found.held} > {0}
        for one in (*hot, cold):
            refused = await one.admit(asked, nano=40, tokens=5)
            assert (refused.name, refused.limit, refused.used, refused.held) == ("total", 1000, 0, 1000)
        assert fleet.table.standing(asked, "concurrent") == (0, 25)
        for one, found in running:
            await one.settle(found, 28, 5)
        assert fleet.table.standing(asked, "total") == (700, 0)
        assert fleet.table.standing(asked, "concurrent") == (0, 0)
        assert fleet.table.holds() == []
        for _ in range(10):
            await cold.let_in(asked, nano=30, tokens=5)
        assert fleet.table.standing(asked, "total") == (700, 300)
        assert isinstance(await hot[0].admit(asked, nano=1), Refusal)

    run(story())


def test_old_windows_are_removed_beside_the_path(fleet: Fleet) -> None:
    one, _ = fleet.one()
    asked = scope(budget(100, "day"))

    async def story() -> None:
        for _ in range(4):
            await one.settle(await one.let_in(asked, nano=10), 10)
            fleet.now.seconds += 86_400
            await one.limits.flush()
        (item,) = fleet.table.counters(asked)
        days = [name for name in item if name.startswith("day_") and not name.endswith("_held")]
        assert len(days) == 2

    run(story())
