"""The fold on a DynamoDB with real transactions and a real stream: poison at each place, replays, consumers that overlap.

`pytest tests/rollups/test_stack.py -s` prints the figures that functions/gateway/rollups/README.md quotes.
"""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from tests.rollups.conftest import FAKE
from tests.rollups.samples import HOUR, NOON, image, nearest_rank, record, sums, traffic
from tests.rollups.tables import contents, counted, create, marks

from gateway.clock import Clock
from gateway.rollups.buckets import Window
from gateway.rollups.consume import Report, consume
from gateway.rollups.write import BucketWriter
from gateway.stores.usage import UsageReader

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

pytestmark = [pytest.mark.stack, pytest.mark.slow]

Items = dict[tuple[str, str], dict[str, Any]]


def run(client: DynamoDBClient, table: str, records: Sequence[Any], wall: Callable[[], float] = time.time) -> Report:
    return consume(records, BucketWriter(client, table, Clock(wall=wall)), lambda: 120.0)


def assert_counted_once(items: Items, plain: Sequence[dict[str, Any]]) -> None:
    """All sums of all dimensions equal those of the rows."""
    assert marks(items) == {one["id"] for one in plain}
    expected = sums(plain)
    for dimension in ("all", "key", "user", "team", "model", "provider", "route", "cell"):
        for size in ("hour", "day"):
            assert counted(items, size, dimension, list(expected)) == expected


def stream_records(stack_url: str, arn: str) -> list[dict[str, Any]]:
    """The whole stream from its beginning, as Lambda would hand it over."""
    streams = boto3.client("dynamodbstreams", region_name="eu-central-1", endpoint_url=stack_url, **FAKE)
    found: list[dict[str, Any]] = []
    for shard in streams.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"]:
        iterator = streams.get_shard_iterator(
            StreamArn=arn, ShardId=shard["ShardId"], ShardIteratorType="TRIM_HORIZON"
        )["ShardIterator"]
        while True:
            answer = streams.get_records(ShardIterator=iterator, Limit=1000)
            found += [dict(one) for one in answer["Records"]]
            if not answer["Records"] or "NextShardIterator" not in answer:
                break
            iterator = answer["NextShardIterator"]
    return found


def write_logs(client: DynamoDBClient, table: str, plain: Sequence[dict[str, Any]]) -> None:
    """Each row as the gateway leaves it: every third one first running, then done; every tenth removed in the end."""
    for number, one in enumerate(plain):
        key = {"pk": f"2026-05-01#{number % 4}", "sk": one["id"]}
        if number % 3 == 0:
            client.put_item(TableName=table, Item=image({**one, **key, "state": "running", "status": 0}))
        client.put_item(TableName=table, Item=image({**one, **key}))
        if number % 10 == 0:
            client.delete_item(TableName=table, Key=image(key))


def test_one_poison_at_each_of_a_hundred_places(stack_client: DynamoDBClient, table_name: str) -> None:
    right, applied_once, transactions_seconds = 0, 0, time.perf_counter()
    for index in range(100):
        table = f"{table_name}-{index}"
        create(stack_client, table)
        plain = traffic(100, seed=index, span_ms=HOUR)
        records = [record(one, n) for n, one in enumerate(plain)]
        records[index]["dynamodb"]["NewImage"]["output_tokens"] = {"N": "NaN"}
        good = plain[:index] + plain[index + 1 :]
        report = run(stack_client, table, records)
        right += report.failures == (records[index]["dynamodb"]["SequenceNumber"],)
        # Lambda sends everything from the poison on again, and halves it; the poison keeps failing alone.
        again = run(stack_client, table, records[index:], wall=lambda: time.time() + 7200)
        right += again.failures == report.failures
        rest = (
            run(stack_client, table, records[index + 1 :], wall=lambda: time.time() + 14_400) if good[index:] else None
        )
        assert rest is None or rest.failures == ()
        items = contents(stack_client, table)
        assert_counted_once(items, good)
        applied_once += len(marks(items))
        stack_client.delete_table(TableName=table)
    seconds = time.perf_counter() - transactions_seconds
    print(
        f"\npoison: batchItemFailures right {right}/200, rows applied exactly once {applied_once}/9900, {seconds:.1f} s"
    )
    assert (right, applied_once) == (200, 9900)


def test_the_whole_stream_twice_gives_identical_aggregates(
    stack_client: DynamoDBClient, stack_url: str, table_name: str
) -> None:
    logs = f"{table_name}-logs"
    create(stack_client, table_name)
    create(stack_client, logs, stream=True)
    plain = traffic(600, seed=1)
    write_logs(stack_client, logs, plain)
    arn = stack_client.describe_table(TableName=logs)["Table"]["LatestStreamArn"]
    records = stream_records(stack_url, arn)
    assert len(records) == 600 + 200 + 60

    for start in range(0, len(records), 100):
        assert run(stack_client, table_name, records[start : start + 100]).failures == ()
    first = contents(stack_client, table_name)
    assert_counted_once(first, plain)

    duplicates = 0
    random.Random(2).shuffle(records)
    for start in range(0, len(records), 70):  # other batches, later: neither the token nor the grouping helps
        report = run(stack_client, table_name, records[start : start + 70], wall=lambda: time.time() + 7200)
        duplicates += report.outcome.duplicates
        assert (report.failures, report.outcome.applied) == ((), 0)
    assert contents(stack_client, table_name) == first
    print(f"\nreplay: {len(records)} records twice, {len(first)} items identical, {duplicates} repetitions dropped")


def test_the_stored_figures_read_back_truthfully(stack_client: DynamoDBClient, table_name: str) -> None:
    create(stack_client, table_name)
    plain = [{**one, "time_ms": NOON} for one in traffic(300, seed=3)]
    run(stack_client, table_name, [record(one, n) for n, one in enumerate(plain)])
    found = UsageReader(stack_client, table_name).sum(Window.around("hour", NOON, NOON + 1))
    worst = 0.0
    for histogram, name in (("f", "first_byte_ms"), ("t", "total_ms")):
        samples = [one[name] for one in plain if name in one]
        for percent in (50, 95, 99):
            exact, read = nearest_rank(samples, percent), found.percentile_ms(histogram, percent / 100)
            assert read is not None
            worst = max(worst, abs(read - exact) / exact)
    print(f"\npercentiles: worst relative error {worst:.2%} over 2 x p50/p95/p99 of 300 requests")
    assert worst <= 0.05


@pytest.mark.parametrize("consumers", [2, 4])
def test_parallel_consumers_on_overlapping_batches(
    stack_client: DynamoDBClient, table_name: str, consumers: int
) -> None:
    create(stack_client, table_name)
    plain = traffic(400, seed=4)
    records = [record(one, n) for n, one in enumerate(plain)]
    gate = threading.Barrier(consumers)

    def consumer(number: int) -> list[Report]:
        # Each begins elsewhere and cuts differently, so that batches overlap in part.
        size, turned = 60 + 17 * number, records[number * 31 :] + records[: number * 31]
        gate.wait(timeout=30)
        return [run(stack_client, table_name, turned[start : start + size]) for start in range(0, len(turned), size)]

    started = time.perf_counter()
    with ThreadPoolExecutor(consumers) as pool:
        reports = [report for result in pool.map(consumer, range(consumers)) for report in result]
    seconds = time.perf_counter() - started
    outcomes = [report.outcome for report in reports]
    applied, dropped = sum(o.applied for o in outcomes), sum(o.duplicates for o in outcomes)
    assert [report.failures for report in reports if report.failures] == []
    assert applied + dropped == 400 * consumers
    assert_counted_once(contents(stack_client, table_name), plain)
    # Two that send the very same transaction are both told "done" (same token), while it is carried out once.
    print(
        f"\n{consumers} consumers: {400 * consumers} deliveries, {applied} confirmed, {dropped} dropped, "
        f"400 of 400 rows counted exactly once, {seconds:.1f} s"
    )
