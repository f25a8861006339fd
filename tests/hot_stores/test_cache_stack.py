"""Kept answers on the local AWS: kept by one process and given by another, the large ones by way of the bucket."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import uuid
from collections.abc import Callable, Coroutine, Iterator
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
from gateway.neutral.caching import CachedAnswer, CacheKey
from gateway.stores.hot_cache import INLINE, HotCache

pytestmark = [pytest.mark.stack, pytest.mark.slow]

T = TypeVar("T")
HEADERS: Final = ((b"content-type", b"text/event-stream"), (b"x-odd", b"caf\xe9"))


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
        self.table = f"cache-{uuid.uuid4().hex[:8]}"
        self.bucket = f"bodies-{self.table}"
        aws: Any = boto3.Session("test", "made-up", region_name=REGION)
        self.objects = aws.client("s3", endpoint_url=url)
        create(aws.client("dynamodb", endpoint_url=url), self.table)
        place = {"LocationConstraint": REGION}
        self.objects.create_bucket(Bucket=self.bucket, CreateBucketConfiguration=place)

    def run(self, act: Callable[[HotCache], Coroutine[Any, Any, T]]) -> T:
        """What `act` gives on an environment of its own."""

        async def go() -> T:
            credentials = StaticCredentials(Credentials("test", "made-up"))
            policy = Policy(attempts=6, base=0.05, total=60.0)
            session = AwsSession(REGION, self.url, credentials, Clock(), policy=policy)
            store = HotCache(DynamoDB(session), self.table, S3(session), self.bucket, Clock())
            try:
                return await act(store)
            finally:
                await session.close()

        return asyncio.run(go())

    def elsewhere(self, tenant: str) -> None:
        """Another process keeps one small and one large answer, and a question."""
        arguments = [self.url, REGION, self.table, self.bucket, tenant]
        paths = {"PYTHONPATH": ":".join(sys.path)}
        subprocess.run([sys.executable, "-c", KEEPER, *arguments], check=True, timeout=60, env=paths)


KEEPER: Final = """
import asyncio, sys
from gateway.aws.credentials import StaticCredentials
from gateway.aws.dynamodb import DynamoDB
from gateway.aws.s3 import S3
from gateway.aws.session import AwsSession
from gateway.aws.sigv4 import Credentials
from gateway.clock import Clock
from gateway.neutral.caching import CachedAnswer, CacheKey, Candidate
from gateway.stores.hot_cache import INLINE, HotCache

url, region, table, bucket, tenant = sys.argv[1:]

async def main():
    clock = Clock()
    session = AwsSession(region, url, StaticCredentials(Credentials("test", "made-up")), clock)
    store = HotCache(DynamoDB(session), table, S3(session), bucket, clock)
    headers = ((b"content-type", b"text/event-stream"), (b"x-odd", b"caf\\xe9"))
    for digest, size in (("a" * 64, 1000), ("b" * 64, INLINE + 1)):
        body = (bytes(range(256)) * (size // 256 + 1))[:size]
        answer = CachedAnswer(f"req_{tenant}_{digest[:4]}", clock.now_ms(), True, headers, body, 1234, 1, 2, "oai", "m", "up")
        await store.keep(CacheKey(tenant, digest), answer, 600)
    await store.remember(CacheKey(tenant, "c" * 64), Candidate("why?", bytes(range(256)), CacheKey(tenant, "a" * 64), 0), "req_1", 600)
    await session.close()

asyncio.run(main())
"""


def test_what_one_process_keeps_another_gives_until_it_is_cleared_or_lost(url: str) -> None:
    stack = Stack(url)
    for tenant in ("team#a", "team#b"):
        stack.elsewhere(tenant)

    async def all_of(store: HotCache) -> list[tuple[CachedAnswer | None, ...]]:
        places = [(CacheKey(tenant, "a" * 64), CacheKey(tenant, "b" * 64)) for tenant in ("team#a", "team#b")]
        return [tuple([await store.find(place) for place in pair]) for pair in places]

    for small, large in stack.run(all_of):
        assert small is not None
        assert large is not None
        assert (small.headers, len(small.body), small.stream) == (HEADERS, 1000, True)
        assert large.body == (bytes(range(256)) * 257)[: INLINE + 1]
    [question] = stack.run(lambda store: store.candidates(CacheKey("team#a", "c" * 64)))
    assert question.text == "why?"
    assert (question.vector, question.answer) == (bytes(range(256)), CacheKey("team#a", "a" * 64))
    assert stack.run(lambda store: store.candidates(CacheKey("team#b", "x" * 64))) == []

    stack.run(lambda store: store.clear("team#a"))
    assert [[one is not None for one in pair] for pair in stack.run(all_of)] == [[False, False], [True, True]]
    for one in stack.objects.list_objects_v2(Bucket=stack.bucket, Prefix="cache/")["Contents"]:
        stack.objects.delete_object(Bucket=stack.bucket, Key=one["Key"])
    assert [[one is not None for one in pair] for pair in stack.run(all_of)] == [[False, False], [True, False]]
    print("\ncache: 2 processes, 2 tenants; a clearing reached one of them, a lost object was a miss")
