"""Rates after settlements that were far off, and after a clock that was wrong: what is owed heals by itself."""

from __future__ import annotations

import asyncio

import pytest
from tests.limits_room.ledgers import Fleet, scope
from tests.limits_room.test_changed_limits import heat

from gateway.neutral.limits import Admission, Limits, Refusal


@pytest.mark.parametrize("hot", [False, True])
def test_no_settlement_makes_a_debt_of_more_than_a_bucket(fleet: Fleet, hot: bool) -> None:
    one, _ = fleet.one()
    asked = scope(Limits(tokens_per_minute=600))

    async def story() -> None:
        if hot:
            heat(one)
        await one.settle(await one.let_in(asked, tokens=10), tokens=10**18)
        refused = await one.admit(asked, tokens=600)
        assert isinstance(refused, Refusal)
        assert refused.retry_after_s is not None
        assert refused.retry_after_s <= 121
        fleet.now.seconds += 122
        await one.let_in(asked, tokens=600)

    asyncio.run(story())


def test_refunds_never_fill_a_bucket_beyond_what_it_holds(fleet: Fleet) -> None:
    one, _ = fleet.one()
    asked = scope(Limits(tokens_per_minute=600))

    async def story() -> None:
        running = [await one.let_in(asked, tokens=200) for _ in range(3)]
        fleet.now.seconds += 15
        for admission in running:
            await one.settle(admission, tokens=0)
        found = [await one.admit(asked, tokens=200) for _ in range(4)]
        assert [isinstance(each, Admission) for each in found] == [True, True, True, False]

    asyncio.run(story())


@pytest.mark.parametrize("hot", [False, True])
def test_a_bucket_closed_by_a_clock_that_was_days_ahead_opens_with_the_next_request(fleet: Fleet, hot: bool) -> None:
    wrong, _ = fleet.one(skew=5 * 86_400.0)
    one, _ = fleet.one()
    asked = scope(Limits(requests_per_minute=3, tokens_per_minute=600))

    async def story() -> None:
        await wrong.let_in(asked, tokens=600)
        assert fleet.table.standing(asked, "tokens") == (0, 0)
        if hot:
            heat(one)
        found = [await one.admit(asked, tokens=200) for _ in range(4)]
        assert [isinstance(each, Admission) for each in found] == [True, True, True, False]

    asyncio.run(story())
