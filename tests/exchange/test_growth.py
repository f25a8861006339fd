"""What one request leaves behind: bytes in every table and in the bucket, for small and large prompts, with the stores of the data plane.

The caps are the promise: nothing in a table grows with the prompt. What grows, recorded bodies, lies in the bucket, is cut at 2 MiB a side and
goes by the bucket's lifecycle. A single item stays far below the 400 KB at which DynamoDB refuses it.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from typing import Any, cast

import boto3
import orjson
import pytest
from moto import mock_aws
from tests.bench.log_table import size_of
from tests.exchange import dialects
from tests.exchange.kit import Door, MemoryKeys, release_for, virtual_key
from tests.hot_stores.conftest import REGION, create
from tests.moto_session import MotoSession
from tests.upstream.server import Upstream
from tests.upstream.steps import reply

from gateway.aws.attributes import encode_item
from gateway.aws.s3 import S3
from gateway.aws.session import Answer, Call
from gateway.exchange import Exchange
from gateway.neutral.limits import Account, Budget, Limits
from gateway.neutral.logrow import Attempt
from gateway.rollups.consume import consume
from gateway.rollups.write import BucketWriter
from gateway.stores.hot_health import HotHealth
from gateway.stores.hot_limits import HotLimits
from gateway.stores.hot_logs import HotLogs
from gateway.stores.hot_stops import HotStops
from gateway.stores.log_items import to_item

KB, MB = 1024, 1024 * 1024
PLAIN_CAP, LIMITED_CAP, RECORDED_CAP = 2 * KB, 2 * KB, 4 * KB
"""Stored in all tables by one more request: the row, its mark in the usage table, its entry in the history of a balance."""
SENT_CAP = 16 * KB
"""Sent to DynamoDB by the data plane for one request of a key with every kind of limit: admission, settlement, counts of health."""
BUCKET_CAP = 2 * 2 * MB + 64 * KB
ITEM_CAP = 400_000
WRITING = frozenset({"PutItem", "UpdateItem", "DeleteItem", "TransactWriteItems", "BatchWriteItem"})
TABLES = ("logs", "state", "usage")


class Scales(MotoSession):
    """Counts what is sent to be written."""

    sent = 0

    async def call(self, call: Call, _transient: object = None) -> Answer:
        if call.operation in WRITING:
            self.sent += len(call.body)
        return await super().call(call, _transient)


class Bucket:
    """As much of `S3` as `HotLogs` uses."""

    def __init__(self) -> None:
        self.objects: dict[str, bytes] = {}

    async def put_object(self, bucket: str, key: str, body: bytes, *, content_type: str = "") -> None:
        self.objects[f"{bucket}/{key}"] = body


class Place:
    """A door whose logs, limits, health and stops are the data plane's own, with a rollup behind it."""

    def __init__(self, url: str, client: Any, *, limited: bool, **key: Any) -> None:
        self._client, self.session, self.bucket = client, Scales(client), Bucket()
        limits = Limits(6000, 10**9, 50, (Budget("day", 10**12), Budget("month", 10**12), Budget("total", 10**12)))
        keys = MemoryKeys(virtual_key(user_id="ada", team_id="blue", limits=limits if limited else Limits(), **key))
        if limited:
            named = (
                Account("user", "ada", "Ada", limits=limits, token_balance=True),
                Account("team", "blue", "Blue", limits=limits),
            )
            keys.accounts = {(one.kind, one.id): one for one in named}
        self.door = Door(release_for(url), keys=keys)
        self.door.settings = replace(self.door.settings, token_grant=10**9)
        database, clock = self.session.database(), self.door.clock
        parts = replace(
            self.door.exchange._parts,
            settings=self.door.settings,
            logs=HotLogs(database, "logs", cast("S3", self.bucket), "bodies"),
            limits=HotLimits(database, "state", "logs", clock, "environment"),
            health=HotHealth(database, "state", clock),
            stops=HotStops(database, "state", clock),
        )
        self.door.exchange = Exchange(parts)

    async def ask(self, prompt: int) -> None:
        """One request with a prompt of so many bytes."""
        words = ("word " * (prompt // 5 + 1))[:prompt]
        target, body = dialects.asked("openai_chat", "chat-model", stream=False, max_tokens=50)
        body["messages"][0]["content"] = words
        heard = await self.door.ask("POST", target, body)
        assert heard.status == 200, heard.body

    def fold(self) -> None:
        """What the rollup makes of the rows."""
        records = [{"eventName": "INSERT", "dynamodb": {"NewImage": item}} for item in self.items("logs")]
        report = consume(records, BucketWriter(self._client, "usage", self.door.clock), lambda: 60.0)
        assert not report.failures

    def items(self, table: str) -> list[dict[str, Any]]:
        pages = self._client.get_paginator("scan").paginate(TableName=table)
        return [item for page in pages for item in page["Items"]]

    def stored(self) -> int:
        """Bytes in all tables. No item is near DynamoDB's limit."""
        sizes = [size_of(item) for table in TABLES for item in self.items(table)]
        assert max(sizes, default=0) < ITEM_CAP // 10
        return sum(sizes)


@pytest.fixture
def client(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    with mock_aws():
        found = boto3.client("dynamodb", region_name=REGION)
        for name in TABLES:
            create(found, name)
        yield found


@pytest.fixture
async def upstream() -> AsyncIterator[Upstream]:
    async with Upstream() as server:
        yield server


@pytest.mark.parametrize(
    ("limited", "recorded", "cap"),
    [(False, False, PLAIN_CAP), (True, False, LIMITED_CAP), (False, True, RECORDED_CAP)],
    ids=["plain", "limited", "recorded"],
)
async def test_what_a_request_leaves_does_not_grow_with_its_prompt(
    upstream: Upstream, client: Any, limited: bool, recorded: bool, cap: int
) -> None:
    upstream.add(reply(200, dialects.whole("openai_chat")))
    place = Place(upstream.url, client, limited=limited, record_bodies=recorded)
    await place.ask(KB)  # the counters and buckets that all requests share
    place.fold()
    for prompt in (KB, 5 * MB):
        stored, sent, objects = place.stored(), place.session.sent, len(place.bucket.objects)
        for _ in range(2):
            await place.ask(prompt)
        place.fold()
        stored, sent = (place.stored() - stored) // 2, (place.session.sent - sent) // 2
        new = list(place.bucket.objects.values())[objects:]
        largest = max((len(body) for body in new), default=0)
        print(
            f"\nlimited {limited}, recorded {recorded}, prompt {prompt}: {stored} B stored, {sent} B sent, object {largest} B"
        )
        assert 500 < stored <= cap
        assert 500 < sent <= SENT_CAP
        assert len(new) == (2 if recorded and prompt > 4 * KB else 0)
        assert largest <= BUCKET_CAP
    assert {item["pk"]["S"].partition("#")[0] for item in place.items("state")} >= (
        {"limit", "balance"} if limited else set()
    )


async def test_the_largest_row_there_can_be_is_not_half_of_what_an_item_may_be(upstream: Upstream) -> None:
    """A client that fills every field it can reach, after every attempt there may be."""
    upstream.add(reply(200, dialects.whole("openai_chat")))
    door = Door(release_for(upstream.url), keys=MemoryKeys(virtual_key(record_bodies=True)))
    wide = "ü€𝄞" * 2000
    names = ("user-agent", "x-claude-code-session-id", "x-claude-code-agent-id", "x-request-id", "accept-language")
    headers = [
        ("authorization", "Bearer sk-gw-" + "k" * 43),
        *((name, wide.encode().decode("latin-1")[:8000]) for name in names),
    ]
    await door.ask(
        "POST", "/v1/chat/completions", {"model": wide, "messages": [{"role": "user", "content": "€" * 4096}]}, headers
    )
    attempt = Attempt("p" * 64, "m" * 256, "k" * 40, 502, "server_error" * 4, 210.0, 900.0)
    row = replace(
        door.row, attempts=(attempt,) * 50, losses=("€" * 300,) * 100, request_body="€" * 4096, response_body="€" * 4096
    )
    size = size_of(encode_item(to_item(row)))
    print(f"\nthe largest row: {size} B")
    assert 30_000 < size < ITEM_CAP // 2
    assert orjson.dumps(to_item(row))
