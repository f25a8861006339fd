"""Races on the local AWS: environments in threads of their own, each with a loop, a session and connections."""

from __future__ import annotations

import asyncio
import contextlib
import random
import threading
import uuid
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import boto3
import pytest
from tests.aws.faulty import DROP_AFTER, PASS, Faulty, refuse
from tests.aws.stack import PROGRAM, ministack
from tests.limits_room.conftest import REGION, create
from tests.limits_room.ledgers import Environment, Now, Table, budget, scope

from gateway.aws.credentials import StaticCredentials
from gateway.aws.dynamodb import DynamoDB
from gateway.aws.faults import TransactionCancelled
from gateway.aws.retries import Policy
from gateway.aws.session import AwsSession
from gateway.aws.sigv4 import Credentials
from gateway.clock import Clock
from gateway.neutral.limits import Admission, Budget, Limits, Refusal, Scope
from gateway.stores.limit_items import Tables, read_hold, sweep
from gateway.stores.limit_shards import STRIKES

pytestmark = [pytest.mark.stack, pytest.mark.slow]

T = TypeVar("T")
THREADS = 6
PATIENT = Policy(attempts=6, base=0.05, total=60.0)
Script = Callable[[], list[object]]


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    if not PROGRAM.exists():
        pytest.skip("NOT RUN: the local AWS is not installed (.venv-ministack)")
    with ministack(tmp_path_factory.mktemp("ministack")) as address:
        yield address


@pytest.fixture(autouse=True)
def _slow_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """The local AWS answers one call after another: seconds here are milliseconds there."""
    monkeypatch.setattr("gateway.stores.limit_admitting.ADMIT_S", 120.0)
    monkeypatch.setattr("gateway.stores.limit_settling.FLUSH_S", 120.0)


class Stack:
    """Two tables, and environments on them that act at the same moment."""

    def __init__(self, url: str) -> None:
        self._url = url
        end = uuid.uuid4().hex[:8]
        client = boto3.client(
            "dynamodb", endpoint_url=url, region_name=REGION, aws_access_key_id="test", aws_secret_access_key="test"
        )
        self.table = Table(client, f"state-{end}", f"logs-{end}")
        for name in (self.table.state, self.table.logs):
            create(client, name)
        self.seen = 0

    def at_once(
        self, each: int, act: Callable[[Environment, int], Awaitable[T]], script: Script | None = None
    ) -> list[T]:
        """What each of `THREADS` environments gives for `each` acts at once; `script` makes what the wire does to its calls."""
        barrier = threading.Barrier(THREADS)

        async def share(thread: int) -> list[T]:
            async with Faulty(self._url, script() if script else []) as wire:
                session = AwsSession(
                    REGION,
                    wire.url if script else self._url,
                    StaticCredentials(Credentials("test", "made-up")),
                    Clock(),
                    policy=PATIENT,
                )
                one = Environment(DynamoDB(session), Now(), (self.table.state, self.table.logs), settle_s=120.0)
                barrier.wait(60)
                found = await asyncio.gather(*(act(one, thread * each + number) for number in range(each)))
                await session.close()
            self.seen += sum(session.calls.values())
            return found

        with ThreadPoolExecutor(THREADS) as pool:
            shares = list(pool.map(lambda thread: asyncio.run(share(thread)), range(THREADS)))
        return [one for found in shares for one in found]


@pytest.fixture
def stack(url: str) -> Stack:
    return Stack(url)


def exact(stack: Stack, asked: Scope, name: str = "total") -> tuple[int, int]:
    """(used, held) of a budget; the rows' sum must be what is used, and no hold may be left."""
    assert stack.table.holds() == []
    used, held = stack.table.standing(asked, name)
    assert used == sum(item["cost_nano"] for item in stack.table.rows() if item["state"] == "done")
    return used, held


def test_240_admissions_at_once_never_pass_a_cap(stack: Stack) -> None:
    key, team = scope(budget(10**9)), scope(Limits(concurrent=90, budgets=(Budget("total", 777_777_777),)), "team", "t")

    async def act(one: Environment, _number: int) -> Admission | Refusal:
        return await one.admit(key, team, nano=10_000_001)

    found = stack.at_once(40, act)
    let_in = [one for one in found if isinstance(one, Admission)]
    assert len(let_in) == 77
    assert stack.table.standing(team, "total") == (0, 77 * 10_000_001)
    assert stack.table.standing(key, "total") == (0, 77 * 10_000_001)
    assert {one.name for one in found if isinstance(one, Refusal)} == {"total"}
    assert len(stack.table.holds()) == len(stack.table.rows()) == 77
    print(f"\ncap: 240 admissions at once by {THREADS} environments, 77 fit, 77 let in, {stack.seen} calls")


async def _whole(one: Environment, asked: Scope, number: int) -> int:
    """Admit and settle twice at once; the nano-dollars spent."""
    found = await one.admit(asked, nano=1000)
    if isinstance(found, Refusal):
        return 0
    spent = 500 + number % 7
    await asyncio.gather(one.settle(found, spent), one.settle(found, spent))
    return spent


def test_settling_twice_at_once_counts_once(stack: Stack) -> None:
    asked = scope(Limits(concurrent=30, budgets=(Budget("total", 40_000),)))
    spent = stack.at_once(20, lambda one, number: _whole(one, asked, number))
    used, held = exact(stack, asked)
    assert (used, held) == (sum(spent), 0)
    assert 0 < used <= 40_000
    assert stack.table.standing(asked, "concurrent") == (0, 0)


def test_every_fifth_answer_is_lost_after_the_commit(stack: Stack) -> None:
    asked = scope(budget(10**6))
    chance = random.Random(1)

    def script() -> list[object]:
        return [DROP_AFTER if chance.random() < 0.2 else PASS for _ in range(2000)]

    spent = stack.at_once(20, lambda one, number: _whole(one, asked, number), script)
    assert len(spent) == 120
    assert 0 not in spent
    assert exact(stack, asked) == (sum(spent), 0)
    print(f"\nlost answers: 120 requests settled twice, a fifth of all answers lost: exact, {stack.seen} calls")


def test_every_tenth_call_is_throttled(stack: Stack) -> None:
    asked = scope(budget(10**6))
    chance = random.Random(2)
    throttle = refuse(400, "ProvisionedThroughputExceededException")

    def script() -> list[object]:
        return [throttle if chance.random() < 0.1 else PASS for _ in range(2000)]

    spent = stack.at_once(20, lambda one, number: _whole(one, asked, number), script)
    assert 0 not in spent
    assert exact(stack, asked) == (sum(spent), 0)
    print(f"\nthrottles: 120 requests, a tenth of the calls throttled: nothing lost, {stack.seen} calls")


def test_sweeps_and_settlements_race_and_the_row_is_right(stack: Stack) -> None:
    asked = scope(budget(10**6))
    tables = Tables(stack.table.state, stack.table.logs)

    async def act(one: Environment, number: int) -> int:
        found = await one.let_in(asked, nano=1000, known_nano=300)
        held = read_hold(
            await one.database.get_item(tables.state, {"pk": f"hold#{found.request_id[-1]}", "sk": found.request_id})
        )

        async def swept() -> None:
            with contextlib.suppress(TransactionCancelled):
                await one.database.transact_write(sweep(tables, held, held.expires_ms + 1), token=found.request_id[4:])

        await asyncio.gather(*(swept(), one.settle(found, 700)) if number % 2 else (one.settle(found, 700), swept()))
        return 700

    stack.at_once(10, act)
    assert exact(stack, asked) == (60 * 700, 0)


def test_shards_never_pass_the_cap_and_use_it_up(stack: Stack) -> None:
    asked = scope(
        Limits(
            requests_per_minute=10**6,
            tokens_per_minute=10**8,
            concurrent=150,
            budgets=(Budget("total", 1_000_000), Budget("day", 2_000_000)),
        )
    )

    async def act(one: Environment, number: int) -> Admission | Refusal:
        if number // 40 % 3:  # two of three environments
            for _ in range(STRIKES):
                one.limits._ledger.heat.strike(("key", "k1"))
        return await one.admit(asked, nano=9_999, tokens=10)

    found = stack.at_once(40, act)
    let_in = [one for one in found if isinstance(one, Admission)]
    assert len(let_in) == 100
    assert stack.table.standing(asked, "total") == (0, 100 * 9_999)
    assert stack.table.standing(asked, "concurrent") == (0, 100)
    shards = {held.shard for one in let_in for held in one.held}
    assert len(shards) > 2
    print(f"\nshards: 240 admissions at once over shards {sorted(shards)}, 100 fit, 100 let in, {stack.seen} calls")
