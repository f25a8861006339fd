"""Settlements that come late, twice, or find something else than they expect, over moto."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from tests.limits_room.ledgers import LOGS, START, STATE, Fleet, budget, row, scope

from gateway.aws.faults import Reason, TransactionCancelled
from gateway.errors import Unavailable
from gateway.neutral.limits import Budget, Limits, Spent
from gateway.neutral.logrow import Cost
from gateway.stores.limit_items import HOLD_LIFE_MS, Tables, forget, read_hold, sweep

TABLES = Tables(STATE, LOGS)
NOW_MS = int(START * 1000)


def run(coroutine: Any) -> Any:
    return asyncio.run(coroutine)


def test_renewal_keeps_a_hold_from_the_sweep(fleet: Fleet) -> None:
    one, _ = fleet.one()
    asked = scope(budget(100))

    async def story() -> None:
        found = await one.let_in(asked, nano=60, known_nano=5)
        read = read_hold(fleet.table.holds()[0])
        fleet.now.seconds += 40
        await one.limits.renew(found, Spent(9, 3))
        again = read_hold(fleet.table.holds()[0])
        assert (again.expires_ms, again.known) == (NOW_MS + 40_000 + HOLD_LIFE_MS, Spent(9, 3))
        with pytest.raises(Exception, match="ConditionalCheckFailed"):
            await one.database.transact_write(sweep(TABLES, read, NOW_MS + 130_000), token="a")

    run(story())


def test_a_settlement_after_the_sweep_corrects_by_the_difference_once(fleet: Fleet) -> None:
    one, _ = fleet.one()
    limits = Limits(tokens_per_minute=6000, concurrent=4, budgets=(Budget("day", 100), Budget("total", 1000)))
    asked = scope(limits)

    async def story() -> None:
        found = await one.let_in(asked, nano=60, tokens=50, known_nano=5, known_tokens=40, balance_of="u", grant=500)
        fleet.now.seconds += 130
        hold = read_hold(fleet.table.holds()[0])
        await one.database.transact_write(sweep(TABLES, hold, NOW_MS + 130_000), token="a")
        assert fleet.table.standing(asked, "total") == (5, 0)
        assert fleet.table.standing(asked, "concurrent") == (0, 0)
        (swept,) = fleet.table.rows()
        assert (swept["status"], swept["error"], swept["cost_nano"], swept["swept"]) == (500, "interrupted", 5, True)
        for _ in range(2):
            await one.settle(found, 44, 70)
        assert fleet.table.standing(asked, "total") == (44, 0)
        assert fleet.table.standing(asked, "day") == (44, 0)
        (final,) = fleet.table.rows()
        assert (final["status"], final["cost_nano"], final["swept_nano"], "swept" in final) == (200, 44, 5, False)
        balance = next(item for item in fleet.table.scan(STATE) if item["sk"] == "balance")
        assert (balance["available"], balance["held"], balance["used"]) == (430, 0, 70)

    run(story())


def test_a_hold_that_is_gone_without_a_trace_does_not_lose_the_money(fleet: Fleet) -> None:
    one, _ = fleet.one()
    asked = scope(budget(100))

    async def story() -> None:
        found = await one.let_in(asked, nano=60)
        (hold,) = fleet.table.holds()
        await one.database.delete_item(STATE, {"pk": hold["pk"], "sk": hold["sk"]})
        for _ in range(2):
            await one.settle(found, 44)
        assert fleet.table.standing(asked, "total") == (44, 0)

    run(story())


def test_a_final_row_that_somebody_wrote_alone_does_not_lose_the_money(fleet: Fleet) -> None:
    one, _ = fleet.one()
    asked = scope(budget(100))

    async def story() -> None:
        found = await one.let_in(asked, nano=60)
        (item,) = fleet.table.rows()
        await one.database.put_item(LOGS, {**item, "state": "done"})
        for _ in range(2):
            await one.settle(found, 44)
        assert fleet.table.standing(asked, "total") == (44, 0)
        assert fleet.table.holds() == []

    run(story())


def test_a_row_the_store_cannot_take_is_shortened_before_the_money_is_lost(fleet: Fleet) -> None:
    one, session = fleet.one()
    asked = scope(budget(100))

    async def story() -> None:
        found = await one.let_in(asked, nano=60)
        session.poison = b"too-long"
        final = row(found.request_id, one.clock, cost=Cost(44, "priced"), request_body="too-long")
        await one.limits.settle(found, Spent(44), final)
        assert fleet.table.standing(asked, "total") == (44, 0)
        assert "request_body" not in fleet.table.rows()[0]

    run(story())


def test_a_settlement_that_is_never_taken_does_not_keep_others_waiting(fleet: Fleet) -> None:
    one, session = fleet.one(settle_s=0.05)
    asked = scope(budget(1000))

    async def story() -> None:
        bad, good = await one.let_in(asked, nano=60), await one.let_in(asked, nano=60)
        session.down = True
        for found, model in ((bad, "poisonous"), (good, "fine")):
            with pytest.raises(Unavailable):
                await one.limits.settle(found, Spent(44), row(found.request_id, one.clock, model=model))
        session.down, session.poison = False, b"poisonous"
        for _ in range(2):
            await one.limits.flush()
        assert one.limits.waiting == 1
        assert fleet.table.standing(asked, "total") == (44, 60)
        session.poison = None
        await one.limits.flush()
        assert (one.limits.waiting, fleet.table.standing(asked, "total")) == (0, (88, 0))

    run(story())


def test_a_row_that_is_too_large_for_a_transaction_is_shortened_too(fleet: Fleet) -> None:
    """DynamoDB says so in the reasons of a cancellation, not as a fault of the call."""
    one, _ = fleet.one()
    asked = scope(budget(100))

    async def story() -> None:
        found = await one.let_in(asked, nano=60)
        plain = one.database.transact_write

        async def strict(writes: Any, **more: Any) -> None:
            if any("request_body" in getattr(write, "item", ()) for write in writes):
                reasons = tuple(Reason("ValidationError" if at == 1 else "None") for at in range(len(writes)))
                raise TransactionCancelled("dynamodb.TransactWriteItems", reasons)
            await plain(writes, **more)

        one.database.transact_write = strict  # type: ignore[method-assign]
        final = row(found.request_id, one.clock, cost=Cost(44, "priced"), request_body="too-long")
        await one.limits.settle(found, Spent(44), final)
        assert fleet.table.standing(asked, "total") == (44, 0)
        assert "request_body" not in fleet.table.rows()[0]

    run(story())


def test_the_sweep_of_a_request_that_was_never_let_in_charges_nothing(fleet: Fleet) -> None:
    one, _ = fleet.one()
    asked = scope(budget(100))

    async def story() -> None:
        await one.let_in(asked, nano=60, known_nano=5)
        hold = read_hold(fleet.table.holds()[0])
        await one.database.transact_write(forget(TABLES, hold, NOW_MS), token="a")
        assert fleet.table.standing(asked, "total") == (0, 0)

    run(story())
