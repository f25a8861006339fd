"""Environments whose clocks are minutes off: what is counted in time goes by the store's clock, as soon as it has answered once."""

from __future__ import annotations

import asyncio

import pytest
from tests.limits_room.ledgers import Fleet, scope

from gateway.neutral.limits import Admission, Limits


@pytest.mark.parametrize("skew", [-300.0, -30.0, 30.0, 300.0])
def test_a_rate_lets_one_window_through_whatever_the_clocks_say(fleet: Fleet, skew: float) -> None:
    right, _ = fleet.one()
    wrong, session = fleet.one(skew=skew)
    session.skew.ahead = skew  # as the `Date` of any answer tells
    asked = scope(Limits(requests_per_minute=6))

    async def story() -> list[bool]:
        return [isinstance(await one.admit(asked), Admission) for _ in range(6) for one in (right, wrong)]

    passed = asyncio.run(story())
    assert sum(passed) == 6
    assert passed[:6] == [True] * 6, "a wrong clock starves nobody"


def test_without_an_answer_a_clock_that_is_ahead_fills_the_bucket_once_more(fleet: Fleet) -> None:
    """The reverse: so the test above would see a correction that is not made."""
    right, _ = fleet.one()
    wrong, _ = fleet.one(skew=300.0)
    asked = scope(Limits(requests_per_minute=6))

    async def story() -> list[bool]:
        return [isinstance(await one.admit(asked), Admission) for one in (right,) * 7 + (wrong,) * 7]

    assert sum(asyncio.run(story())) == 12
