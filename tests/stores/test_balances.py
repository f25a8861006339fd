"""Token balances: both sides on the same items, every amount accounted for."""

from __future__ import annotations

import random
from typing import Any

import pytest
from tests.aws_mock import World
from tests.moto_session import MotoSession

from gateway.aws.dynamodb import DynamoDB
from gateway.aws.faults import ConditionFailed, TransactionCancelled
from gateway.neutral.limits import Refusal
from gateway.stores.balance_items import (
    ENTRY_TTL_S,
    Charge,
    balance_key,
    correct_writes,
    hold_write,
    refused,
    release_write,
    settle_writes,
    standing,
)
from gateway.stores.balances import MOST, BadPlace, Balance, Balances, Change
from gateway.stores.tables import Tables
from gateway.stores.versioned import Taken

GRANT = 1000
USER = "a/b#c ü%"


class Sides:
    """An administrator and an environment of the data plane."""

    def __init__(self, world: World, tables: Tables) -> None:
        self.clock = world.clock
        self.session = MotoSession(world.dynamodb)
        self.database: DynamoDB = self.session.database()
        self.admin = Balances(tables, world.clock, GRANT, sleep=lambda _: None)
        self.world = world

    def request(self) -> str:
        return self.clock.new_id("req")

    async def hold(self, tokens: int, user: str = USER, grant: int = GRANT) -> Refusal | None:
        try:
            await self.database.update_item(hold_write("state", user, tokens, grant))
        except ConditionFailed as failed:
            return refused(user, failed.item, tokens, grant)
        return None

    async def settle(self, charge: Charge) -> None:
        await self.database.transact_write(settle_writes("state", charge), token=self.clock.new_id("t")[:36])

    async def item(self, user: str = USER) -> Any:
        return await self.database.get_item("state", balance_key(user), consistent=True)

    def top_up(self, amount: int, identifier: str = "i1", user: str = USER) -> Any:
        return self.admin.top_up(Change(user, amount, "user_1", identifier))

    def deduct(self, amount: int, identifier: str = "i1", user: str = USER) -> Any:
        return self.admin.deduct(Change(user, amount, "user_1", identifier))


@pytest.fixture
def sides(world: World, tables: Tables) -> Sides:
    return Sides(world, tables)


async def test_a_new_user_begins_with_the_grant(sides: Sides) -> None:
    assert sides.admin.get(USER) == Balance(USER, GRANT, granted=GRANT)
    assert await sides.hold(400) is None
    assert sides.admin.get(USER) == Balance(USER, 600, held=400, granted=GRANT)
    assert (await sides.item())["user"] == USER
    assert await sides.hold(1, grant=9999) is None
    assert sides.admin.get(USER).granted == GRANT, "a later grant is not given to those who are there"


async def test_what_is_not_there_is_not_held(sides: Sides) -> None:
    assert await sides.hold(1001) == Refusal("user", USER, "balance", GRANT, 0, 0, 1001)
    assert await sides.item() is None
    assert await sides.hold(1000) is None
    assert await sides.hold(1) == Refusal("user", USER, "balance", GRANT, 0, 1000, 1)
    assert sides.admin.get(USER).available == 0


async def test_without_a_grant_nothing_is_admitted_before_a_top_up(sides: Sides) -> None:
    assert await sides.hold(1, grant=0) == Refusal("user", USER, "balance", 0, 0, 0, 1)
    admin = Balances(sides.admin._tables, sides.clock, 0)
    admin.top_up(Change(USER, 5, "user_1", "first"))
    assert await sides.hold(5, grant=0) is None
    assert admin.get(USER) == Balance(USER, 0, held=5)


async def test_the_exact_figure_takes_the_place_of_what_was_held(sides: Sides) -> None:
    await sides.hold(400)
    request = sides.request()
    await sides.settle(Charge(USER, request, 123, held=400, model="gpt"))
    assert sides.admin.get(USER) == Balance(USER, 877, used=123, granted=GRANT)
    (entry,), position = sides.admin.history(USER, 10)
    assert (entry.amount, entry.reason, entry.request_id, entry.message_id, entry.model, position) == (
        -123, "llm_usage", request, request, "gpt", None,
    )  # fmt: skip
    (stored,) = [item for item in sides.world.items("state") if item["sk"]["S"].startswith("entry#")]
    assert int(stored["ttl"]["N"]) == entry.at_ms // 1000 + ENTRY_TTL_S


async def test_what_was_free_leaves_no_entry(sides: Sides) -> None:
    await sides.hold(400)
    await sides.settle(Charge(USER, sides.request(), 0, held=400))
    assert sides.admin.get(USER) == Balance(USER, GRANT, granted=GRANT)
    assert sides.admin.history(USER, 10) == ((), None)


async def test_more_than_was_held_may_be_used_and_nothing_is_admitted_then(sides: Sides) -> None:
    await sides.hold(1000)
    await sides.settle(Charge(USER, sides.request(), 1500, held=1000))
    assert sides.admin.get(USER).available == -500
    assert await sides.hold(1) == Refusal("user", USER, "balance", GRANT, 1500, 0, 1)


async def test_one_deduction_per_message_whichever_request_answers_it(sides: Sides) -> None:
    message, first, second = sides.clock.new_id("msg"), sides.request(), sides.request()
    await sides.hold(400)
    await sides.hold(400)
    await sides.settle(Charge(USER, first, 100, held=400, message_id=message))
    again = Charge(USER, second, 90, held=400, message_id=message)
    with pytest.raises(TransactionCancelled) as cancelled:
        await sides.settle(again)
    assert [reason.code for reason in cancelled.value.reasons] == ["None", "ConditionalCheckFailed"]
    await sides.database.update_item(release_write("state", USER, again.held))
    assert sides.admin.get(USER) == Balance(USER, 900, used=100, granted=GRANT)
    assert [entry.request_id for entry in sides.admin.history(USER, 10)[0]] == [first]


async def test_a_late_settlement_corrects_what_was_guessed(sides: Sides) -> None:
    request = sides.request()
    await sides.hold(400)
    await sides.settle(Charge(USER, request, 50, held=400))
    for exact in (130, 0):
        before = sides.admin.get(USER).used
        writes = correct_writes("state", Charge(USER, request, exact), before)
        await sides.database.transact_write(writes, token=f"late{exact}")
        assert sides.admin.get(USER) == Balance(USER, GRANT - exact, used=exact, granted=GRANT)
        assert [entry.amount for entry in sides.admin.history(USER, 10)[0]] == [-exact]


def test_a_change_is_made_once_per_id(sides: Sides) -> None:
    first = sides.top_up(500)
    assert sides.top_up(500) == first
    assert sides.admin.get(USER).available == 1500
    with pytest.raises(Taken):
        sides.top_up(501)
    sides.world.time.now += 1
    assert sides.deduct(100).amount == -100, "another reason is another change"
    sides.world.time.now += 1
    sides.top_up(1, "i2")
    sides.top_up(7, user="somebody else")
    assert sides.admin.get(USER) == Balance(USER, 1401, granted=GRANT)
    newest = [(entry.amount, entry.reason, entry.admin, entry.message_id) for entry in sides.admin.history(USER, 10)[0]]
    assert newest == [
        (1, "admin_top_up", "user_1", "i2"), (-100, "admin_deduct", "user_1", "i1"), (500, "admin_top_up", "user_1", "i1"),
    ]  # fmt: skip


async def test_an_administrator_may_go_below_zero(sides: Sides) -> None:
    sides.deduct(1700)
    assert sides.admin.get(USER) == Balance(USER, -700, granted=GRANT)
    assert await sides.hold(0) is not None
    sides.top_up(800)
    assert await sides.hold(100) is None
    assert await sides.hold(1) is not None


@pytest.mark.parametrize("amount", [0, -1, MOST + 1])
def test_amounts_are_positive(sides: Sides, amount: int) -> None:
    for change in (sides.top_up, sides.deduct):
        with pytest.raises(ValueError, match="amount"):
            change(amount)
    assert sides.world.items("state") == []


async def test_a_limit_holds_beside_the_balance(sides: Sides) -> None:
    assert sides.admin.set_limit(USER, 300) == Balance(USER, GRANT, granted=GRANT, limit=300)
    assert await sides.hold(301) == Refusal("user", USER, "balance", 300, 0, 0, 301)
    assert await sides.hold(200) is None
    await sides.settle(Charge(USER, sides.request(), 120, held=200))
    assert await sides.hold(180) is None
    assert await sides.hold(1) == Refusal("user", USER, "balance", 300, 120, 180, 1)
    sides.top_up(10_000)
    assert await sides.hold(1) is not None, "a top-up lifts no limit"


async def test_a_limit_changes_while_requests_run(sides: Sides) -> None:
    await sides.hold(200)
    sides.admin.set_limit(USER, 100)
    assert await sides.hold(1) == Refusal("user", USER, "balance", 100, 0, 200, 1)
    sides.admin.set_limit(USER, 250)
    assert await sides.hold(51) is not None
    assert await sides.hold(50) is None
    assert sides.admin.set_limit(USER, None).limit is None
    assert await sides.hold(750) is None
    sides.admin.set_limit(USER, 0)
    await sides.settle(Charge(USER, sides.request(), 0, held=1000))
    assert await sides.hold(1) == Refusal("user", USER, "balance", 0, 0, 0, 1)
    for wrong in (-1, MOST + 1):
        with pytest.raises(ValueError, match="limit"):
            sides.admin.set_limit(USER, wrong)


def test_history_goes_on_where_it_stopped(sides: Sides) -> None:
    for number in range(7):
        sides.world.time.now += 1
        sides.top_up(number + 1, f"i{number}")
    position, seen = None, []
    for _ in range(4):
        page, position = sides.admin.history(USER, 2, position)
        assert len(page) <= 2
        seen += [entry.amount for entry in page]
        if position is None:
            break
    assert seen == [7, 6, 5, 4, 3, 2, 1]
    for hostile in ("", "once#x", "0" * 12, "0" * 12 + "#llm_usage#" + "x" * 200, "balance"):
        with pytest.raises(BadPlace):
            sides.admin.history(USER, 2, hostile)


async def test_nothing_is_lost_in_any_order(sides: Sides) -> None:
    """After every step: granted + topped up - deducted - used - held = available, and never below zero by admission."""
    dice, held, credit, used = random.Random(7), list[int](), GRANT, 0
    for step in range(90):
        kind = dice.randrange(4)
        if kind == 0 and await sides.hold(size := dice.randrange(400)) is None:
            held.append(size)
        elif kind == 1 and held:
            size = held.pop(dice.randrange(len(held)))
            exact = dice.randrange(size + 1)
            used += exact
            await sides.settle(Charge(USER, sides.request(), exact, held=size))
        elif kind == 2:
            credit += sides.top_up(1 + dice.randrange(100), f"t{step}").amount
        elif kind == 3:
            sides.admin.set_limit(USER, dice.choice([None, 0, used, used + 500]))
        stands = sides.admin.get(USER)
        assert (stands.available, stands.held, stands.used) == (credit - used - sum(held), sum(held), used)
        assert stands.available >= 0
        item = await sides.item()
        room = (10**18 if stands.limit is None else stands.limit) - used - sum(held)
        assert item is None or item["room"] == room
        left = standing(item, GRANT)
        assert left.limit - left.used - left.held == min(stands.available, room)
    assert used > 500


async def test_a_name_may_be_anything(sides: Sides) -> None:
    names = ["u", "U", "a#b", "a%23b", "ü" * 700, "ü" * 701, "\ud800", "balance#u"]
    for number, name in enumerate(names):
        assert await sides.hold(number + 1, user=name) is None
        sides.top_up(1, user=name)
    assert [sides.admin.get(name).held for name in names] == list(range(1, len(names) + 1))


def test_changes_wait_for_others_and_give_up_in_the_end(sides: Sides, monkeypatch: pytest.MonkeyPatch) -> None:
    answers = ["TransactionConflict", "TransactionConflict", None]
    monkeypatch.setattr(sides.admin, "_write", lambda *_: answers.pop(0))
    assert sides.top_up(5).amount == 5
    assert answers == []
