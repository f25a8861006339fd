"""The shared state of routing on the local AWS: environments in threads of their own, each with a loop, a session and connections."""

from __future__ import annotations

import asyncio
import threading
import uuid
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

import boto3
import pytest
from tests.aws.stack import PROGRAM, ministack
from tests.hot_stores.conftest import REGION, create
from tests.hot_stores.fleet import KEY, START_MS, Environment, Now
from tests.moto_session import MotoSession

from gateway.aws.attributes import decode_item
from gateway.aws.credentials import StaticCredentials
from gateway.aws.dynamodb import DynamoDB
from gateway.aws.retries import Policy
from gateway.aws.session import AwsSession
from gateway.aws.sigv4 import Credentials
from gateway.clock import Clock

pytestmark = [pytest.mark.stack, pytest.mark.slow]

T = TypeVar("T")
THREADS = 8
PATIENT = Policy(attempts=6, base=0.05, total=60.0)


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    if not PROGRAM.exists():
        pytest.skip("NOT RUN: the local AWS is not installed (.venv-ministack)")
    with ministack(tmp_path_factory.mktemp("ministack")) as address:
        yield address


class Stack:
    """One table, and environments on it that act at the same moment."""

    def __init__(self, url: str) -> None:
        self._url = url
        self.table = f"state-{uuid.uuid4().hex[:8]}"
        self.client = boto3.client(
            "dynamodb", endpoint_url=url, region_name=REGION, aws_access_key_id="test", aws_secret_access_key="test"
        )
        create(self.client, self.table)

    def items(self, kind: str) -> list[dict[str, Any]]:
        found = [decode_item(item) for item in self.client.scan(TableName=self.table, ConsistentRead=True)["Items"]]
        return [item for item in found if item["sk"].startswith(kind)]

    def at_once(self, number: int, act: Callable[[Environment, int], Awaitable[T]], seconds: float = 0.0) -> list[T]:
        """What each of `number` environments gives, all after reading the state `seconds` later than the beginning."""
        barrier = threading.Barrier(THREADS)

        async def share(first: int) -> list[T]:
            session = AwsSession(
                REGION, self._url, StaticCredentials(Credentials("test", "made-up")), Clock(), policy=PATIENT
            )
            ready = [self._one(DynamoDB(session), seconds) for _ in range(first, number, THREADS)]
            for one in ready:
                await one.health.current()
            barrier.wait(60)
            found = await asyncio.gather(*(act(one, first + THREADS * at) for at, one in enumerate(ready)))
            await session.close()
            return found

        with ThreadPoolExecutor(THREADS) as pool:
            shares = list(pool.map(lambda first: asyncio.run(share(first)), range(THREADS)))
        return [one for found in shares for one in found]

    def _one(self, database: DynamoDB, seconds: float) -> Environment:
        now = Now()
        now.go(seconds)
        return Environment(database, MotoSession(None), now, self.table, patience=30.0)


@pytest.fixture
def stack(url: str) -> Stack:
    return Stack(url)


async def _fault(one: Environment, _number: int) -> int:
    one.call(False)
    await one.health.flush()
    return (await one.target()).open_until_ms


async def _probe(one: Environment, number: int) -> bool:
    return await one.health.probe("p", "m", f"r{number} at {one.now.seconds}")


async def _failed_probe(one: Environment, number: int) -> bool:
    won = await _probe(one, number)
    if won:
        one.call(False, probe=f"r{number} at {one.now.seconds}")
        await one.health.flush()
    return won


def test_200_environments_open_it_once_and_one_of_100_probes(stack: Stack) -> None:
    knew = stack.at_once(200, _fault)
    (item,) = stack.items("breaker#")
    assert (item["opens"], item["until_ms"]) == (1, START_MS + 30_000)
    assert stack.items("answers#")[0]["b0"] == 200
    assert knew.count(START_MS + 30_000) >= 196
    assert stack.at_once(100, _probe, 31).count(True) == 1
    assert stack.at_once(20, _probe, 31 + 59).count(True) == 0
    assert stack.at_once(100, _failed_probe, 31 + 60).count(True) == 1
    (item,) = stack.items("breaker#")
    assert (item["opens"], item["until_ms"]) == (2, START_MS + 91_000 + 60_000)
    print("\nbreaker: 200 faults at once, opened once; 100 probes at once, 1 let through; lease over, again 1")


async def _use(one: Environment, number: int) -> None:
    for _ in range(5):
        one.key(KEY, tokens=number)
        await one.health.flush()


def test_tokens_of_32_environments_are_exact(stack: Stack) -> None:
    stack.at_once(32, _use)
    (item,) = stack.items("key#")
    assert item["used_tokens"] == 5 * sum(range(32))
    print(f"\nquota: {item['used_tokens']} tokens by 160 writes of 32 environments, none lost")
