"""Idempotency keys on the local AWS: claims at one moment from connections of their own, and a claimant that is killed."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
import threading
import uuid
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final, TypeVar

import boto3
import pytest
from tests.aws.stack import PROGRAM, ministack
from tests.hot_stores.conftest import REGION, create

from gateway.aws.credentials import StaticCredentials
from gateway.aws.dynamodb import DynamoDB
from gateway.aws.retries import Policy
from gateway.aws.s3 import S3
from gateway.aws.session import AwsSession
from gateway.aws.sigv4 import Credentials
from gateway.clock import Clock
from gateway.neutral.replays import KeptAnswer, ReplayKey, Taken
from gateway.stores.hot_replays import HotReplays

pytestmark = [pytest.mark.stack, pytest.mark.slow]

T = TypeVar("T")
THREADS: Final = 10
PLACE: Final = ReplayKey("key_1", "d" * 64)
START: Final = 1_790_000_000.0


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    if not PROGRAM.exists():
        pytest.skip("NOT RUN: the local AWS is not installed (.venv-ministack)")
    with ministack(tmp_path_factory.mktemp("ministack")) as address:
        yield address


class Stack:
    """A table and a bucket, and environments on them."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.table = f"state-{uuid.uuid4().hex[:8]}"
        self.bucket = f"bodies-{self.table}"
        aws: Any = boto3.Session("test", "made-up", region_name=REGION)
        create(aws.client("dynamodb", endpoint_url=url), self.table)
        place = {"LocationConstraint": REGION}
        aws.client("s3", endpoint_url=url).create_bucket(Bucket=self.bucket, CreateBucketConfiguration=place)

    def run(self, act: Callable[[HotReplays], Coroutine[Any, Any, T]], later: float = 0.0) -> T:
        """What `act` gives on an environment of its own, `later` seconds after the beginning."""

        async def go() -> T:
            clock = Clock(wall=lambda: START + later)
            patient = Policy(attempts=6, base=0.05, total=60.0)
            session = AwsSession(
                REGION, self.url, StaticCredentials(Credentials("test", "made-up")), Clock(), policy=patient
            )
            store = HotReplays(DynamoDB(session), self.table, S3(session), self.bucket, clock)
            try:
                return await act(store)
            finally:
                await session.close()

        return asyncio.run(go())

    def at_once(self, number: int, later: float = 0.0) -> list[Taken | None]:
        """Claims of so many requests at one moment."""
        barrier = threading.Barrier(THREADS)

        async def share(store: HotReplays, first: int) -> list[Taken | None]:
            barrier.wait(60)
            owners = [f"r{at}" for at in range(first, number, THREADS)]
            return list(await asyncio.gather(*(store.claim(PLACE, owner, "print") for owner in owners)))

        with ThreadPoolExecutor(THREADS) as pool:
            shares = list(pool.map(lambda first: self.run(lambda store: share(store, first), later), range(THREADS)))
        return [one for found in shares for one in found]


@pytest.fixture
def stack(url: str) -> Stack:
    return Stack(url)


def test_of_50_claims_at_once_one_wins_also_of_a_lease_that_ended(stack: Stack) -> None:
    found = stack.at_once(50)
    assert found.count(None) == 1
    (first,) = {one for one in found if one is not None}
    assert stack.at_once(50, 59.9).count(None) == 0
    again = stack.at_once(50, 60.0)
    assert again.count(None) == 1
    assert len({one for one in again if one is not None}) == 1
    print(f"\nidempotency: 50 claims at once, one won ({first.owner}); 50 in its lease, none; 50 after it, one")


@pytest.mark.parametrize("size", [0, 1000, 64 * 1024 + 1, 10 * 1024 * 1024])
def test_an_answer_comes_back_byte_for_byte(stack: Stack, size: int) -> None:
    body = (bytes(range(256)) * (size // 256 + 1))[:size]
    answer = KeptAnswer("r1", 200, ((b"content-type", b"text/event-stream"), (b"x-odd", b"caf\xe9")), body, stream=True)

    async def act(store: HotReplays) -> tuple[bool, Taken | None]:
        await store.claim(PLACE, "r1", "print")
        return await store.keep(PLACE, "print", answer), await store.claim(PLACE, "r2", "print")

    assert stack.run(act) == (True, Taken("r1", "print", answer))


CLAIMANT: Final = """
import asyncio, sys
from gateway.aws.credentials import StaticCredentials
from gateway.aws.dynamodb import DynamoDB
from gateway.aws.s3 import S3
from gateway.aws.session import AwsSession
from gateway.aws.sigv4 import Credentials
from gateway.clock import Clock
from gateway.neutral.replays import ReplayKey
from gateway.stores.hot_replays import HotReplays

async def main(url, region, table, start):
    session = AwsSession(region, url, StaticCredentials(Credentials("test", "made-up")), Clock())
    store = HotReplays(DynamoDB(session), table, S3(session), "bodies", Clock(wall=lambda: float(start)))
    print(await store.claim(ReplayKey("key_1", "d" * 64), "killed", "print"), flush=True)
    await asyncio.Event().wait()

asyncio.run(main(*sys.argv[1:]))
"""


def test_a_claimant_that_is_killed_blocks_its_key_for_the_lease_alone(stack: Stack) -> None:
    given = [sys.executable, "-c", CLAIMANT, stack.url, REGION, stack.table, str(START)]
    with subprocess.Popen(given, stdout=subprocess.PIPE, text=True, env={"PYTHONPATH": ":".join(sys.path)}) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "None\n"
        process.send_signal(signal.SIGKILL)
    assert process.returncode == -signal.SIGKILL
    assert stack.at_once(10, 59.9) == [Taken("killed", "print")] * 10
    assert stack.at_once(10, 60.0).count(None) == 1
