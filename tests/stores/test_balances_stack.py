"""Races for a token balance on the local AWS: everybody acts at the same moment, every token is accounted for."""

from __future__ import annotations

import asyncio
import threading
import uuid
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from typing import Any, TypeVar, cast

import boto3
import pytest
from tests.aws.stack import PROGRAM, ministack
from tests.hot_stores.conftest import create

from gateway.aws.credentials import StaticCredentials
from gateway.aws.dynamodb import Delete, DynamoDB, Expr, Put, Write
from gateway.aws.faults import ConditionFailed, TransactionCancelled
from gateway.aws.retries import Policy
from gateway.aws.session import AwsSession
from gateway.aws.sigv4 import Credentials
from gateway.clock import Clock
from gateway.neutral.limits import Refusal
from gateway.settings import Settings
from gateway.stores.balance_items import Charge, hold_write, refused, settle_writes
from gateway.stores.balances import Balance, Balances, Change
from gateway.stores.tables import bind

pytestmark = [pytest.mark.stack, pytest.mark.slow]

T = TypeVar("T")
REGION = "eu-central-1"
THREADS, AT_ONCE = 8, 100
PATIENT = Policy(attempts=6, base=0.05, total=60.0)


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    if not PROGRAM.exists():
        pytest.skip("NOT RUN: the local AWS is not installed (.venv-ministack)")
    with ministack(tmp_path_factory.mktemp("ministack")) as address:
        yield address


def _is_refusal(refusal: Refusal, needed: int) -> bool:
    return refusal.limit - refusal.used - refusal.held < needed


class Stack:
    """A state table with the balance of one user on it."""

    def __init__(self, url: str, grant: int, monkeypatch: pytest.MonkeyPatch) -> None:
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            monkeypatch.setenv(name, "test")
        self._url, self.grant = url, grant
        self.table = f"state-{uuid.uuid4().hex[:8]}"
        create(boto3.client("dynamodb", endpoint_url=url, region_name=REGION), self.table)
        names = (
            "config_table",
            "keys_table",
            "state_table",
            "logs_table",
            "usage_table",
            "cache_table",
            "dialogs_table",
        )
        settings = SimpleNamespace(region=REGION, endpoint_url=url, **dict.fromkeys(names, self.table))
        self.admin = Balances(bind(cast("Settings", settings)), Clock(), grant)

    def changes(self, act: Callable[[int], Any], number: int) -> list[Any]:
        """What administrators get who all act at once."""
        with ThreadPoolExecutor(16) as pool:
            return list(pool.map(act, range(number)))

    def requests(self, number: int, act: Callable[[DynamoDB, int], Awaitable[T]]) -> list[T]:
        """What each of `number` requests gives, in threads that begin together."""
        barrier = threading.Barrier(THREADS)

        async def share(first: int) -> list[T]:
            credentials = StaticCredentials(Credentials("test", "made-up"))
            session = AwsSession(REGION, self._url, credentials, Clock(), policy=PATIENT)
            database = DynamoDB(session)
            barrier.wait(60)
            found = await asyncio.gather(*(act(database, one) for one in range(first, number, THREADS)))
            await session.close()
            return found

        with ThreadPoolExecutor(THREADS) as pool:
            shares = list(pool.map(lambda first: asyncio.run(share(first)), range(THREADS)))
        return [one for found in shares for one in found]

    async def request(self, database: DynamoDB, held: int, used: int) -> bool:
        """Hold and settle, each twice as after a lost answer; False when there was not enough."""
        request = Clock().new_id("req")
        hold = {"pk": f"hold#{request}", "sk": request}
        admit: list[Write] = [
            hold_write(self.table, "u", held, self.grant),
            Put(self.table, hold, Expr("attribute_not_exists(pk)")),
        ]
        try:
            await database.transact_write(admit, token=request[-36:])
        except TransactionCancelled as cancelled:
            stored = cancelled.reasons[0].item
            return not _is_refusal(refused("u", stored, held, self.grant), held)
        settle: list[Write] = [
            *settle_writes(self.table, Charge("u", request, used, held=held)),
            Delete(self.table, hold, Expr("attribute_exists(pk)")),
        ]
        await database.transact_write(settle, token=Clock().new_id("t")[-36:])
        with pytest.raises(TransactionCancelled):
            await database.transact_write(settle, token=Clock().new_id("t")[-36:])
        return True


def test_100_deductions_and_100_top_ups_at_once_are_exact(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    stack = Stack(url, 1000, monkeypatch)

    def change(number: int) -> int:
        half, odd = divmod(number, 2)
        act = stack.admin.deduct if odd else stack.admin.top_up
        change = Change("u", half + 1, "user_1", f"i{half}")
        assert act(change) == act(change)
        return 1

    assert sum(stack.changes(change, 2 * AT_ONCE)) == 2 * AT_ONCE
    assert stack.admin.get("u") == Balance("u", 1000, granted=1000)
    seen, position = stack.admin.history("u", 150)
    rest, _ = stack.admin.history("u", 150, position)
    assert sorted(entry.amount for entry in seen + rest) == sorted([*range(1, 101), *range(-100, 0)])
    print("\nbalance: 200 top-ups and deductions at once, each asked for twice: exact, 200 entries")


def test_one_id_asked_for_by_everybody_is_one_change(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    stack = Stack(url, 0, monkeypatch)
    told = stack.changes(lambda _: stack.admin.top_up(Change("u", 7, "user_1", "the same")), AT_ONCE)
    assert len(set(told)) == 1
    assert stack.admin.get("u").available == 7
    assert len(stack.admin.history("u", 150)[0]) == 1


def test_requests_at_once_never_pass_the_balance(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    stack = Stack(url, 1000, monkeypatch)

    async def only_hold(database: DynamoDB, _: int) -> bool:
        try:
            await database.update_item(hold_write(stack.table, "u", 30, stack.grant))
        except ConditionFailed:
            return False
        return True

    assert stack.requests(AT_ONCE, only_hold).count(True) == 33
    assert stack.admin.get("u") == Balance("u", 10, held=990, granted=1000)


def test_requests_settle_exactly_while_administrators_change_it(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    stack = Stack(url, 2000, monkeypatch)
    with ThreadPoolExecutor(1) as beside:
        changes = beside.submit(
            stack.changes, lambda n: stack.admin.top_up(Change("u", 1, "user_1", f"i{n}")), AT_ONCE // 2
        )
        admitted = stack.requests(AT_ONCE, lambda database, _: stack.request(database, 100, 37)).count(True)
        changes.result()
    stands = stack.admin.get("u")
    assert (stands.held, stands.used, stands.available) == (0, 37 * admitted, 2050 - 37 * admitted)
    assert 20 <= admitted <= 54
    assert stands.available >= 0
    print(f"\nbalance: 100 requests and 50 top-ups at once: {admitted} admitted, every token accounted for")
