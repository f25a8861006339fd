"""Buckets computed anew are those of the live fold; days that are not over, and days whose rows have gone, are left alone."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from tests.rollups.samples import DAY, HOUR, NOON, image, record, row, traffic
from tests.rollups.tables import buckets, contents, create

from gateway.clock import Clock, id_time_ms
from gateway.rollups.consume import consume
from gateway.rollups.fold import fold
from gateway.rollups.rebuild import LOG_SHARDS, NotClosed, Rebuilder, RowsMissing, StoreBusy, item_of
from gateway.rollups.rows import read_record
from gateway.rollups.write import BucketWriter
from gateway.stores.log_items import SHARDS, partition
from rollup.rebuild import main

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

MIDNIGHT = NOON - 12 * HOUR
CLOSED = (MIDNIGHT + 3 * DAY + 2 * DAY) / 1000
Items = dict[tuple[str, str], dict[str, Any]]


def dated(plain: list[dict[str, Any]], seed: int = 1) -> list[dict[str, Any]]:
    """The rows with ids that hold their time, or a few milliseconds less."""
    dice = random.Random(seed)
    return [
        {**one, "id": f"req_{one['time_ms'] - dice.randrange(3):012x}7{dice.getrandbits(76):019x}"} for one in plain
    ]


# Three days, with rows at their very edges.
PLAIN = dated(
    [{**one, "time_ms": one["time_ms"] - 12 * HOUR} for one in traffic(5, seed=4, span_ms=3 * DAY, mirrors=0.1)]
    + [row(0, time_ms=MIDNIGHT + n * DAY + edge) for n in range(3) for edge in (0, 1, DAY - 1)]
)


class Deployment:
    """Both tables, with these rows written and folded live in random batches."""

    def __init__(
        self, client: DynamoDBClient, name: str, plain: list[dict[str, Any]], folded: int | None = None
    ) -> None:
        self.client, self.logs, self.usage = client, f"{name}-l", f"{name}-u"
        for table in (self.logs, self.usage):
            create(client, table)
        for one in plain:
            key = {"pk": {"S": partition(one["id"])}, "sk": {"S": one["id"]}}
            client.put_item(TableName=self.logs, Item={**image(one), **key})
        rows = [read_record(record(one, 1)) for one in plain[:folded]]
        for bucket, delta in fold(one for one in rows if one).items():
            client.put_item(TableName=self.usage, Item=item_of(bucket, delta))

    def fold_live(self, plain: list[dict[str, Any]]) -> None:
        """As the stream's function does, in random order."""
        shuffled = random.Random(2).sample(plain, len(plain))
        writer = BucketWriter(self.client, self.usage, Clock())
        for first in range(0, len(shuffled), 8):
            records = [record(one, n) for n, one in enumerate(shuffled[first : first + 8])]
            assert consume(records, writer, lambda: 60.0).failures == ()

    def items(self) -> Items:
        return buckets(contents(self.client, self.usage))

    def rebuilder(self, now: float = CLOSED, **more: Any) -> Rebuilder:
        return Rebuilder(self.client, self.logs, self.usage, Clock(wall=lambda: now), **more)


def without_names(items: Items) -> Items:
    """Which of a key's names came last depends on the order of folding."""
    return {key: {name: value for name, value in item.items() if name != "name"} for key, item in items.items()}


def test_it_reads_the_partitions_that_the_gateway_writes() -> None:
    assert LOG_SHARDS == SHARDS
    assert {partition(one["id"])[-1] for one in PLAIN} == {"0", "1", "2", "3"}
    assert any(id_time_ms(one["id"]) // DAY != one["time_ms"] // DAY for one in PLAIN), "an id of the day before"


def test_lost_and_spoiled_buckets_become_those_of_the_live_fold(moto_client: DynamoDBClient, table_name: str) -> None:
    deployment = Deployment(moto_client, table_name, PLAIN, folded=0)
    deployment.fold_live(PLAIN)
    live = deployment.items()
    for number, (pk, sk) in enumerate(sorted(live)):
        key = {"pk": {"S": pk}, "sk": {"S": sk}}
        if number % 3 == 0:
            moto_client.delete_item(TableName=deployment.usage, Key=key)
        elif number % 3 == 1:
            spoiled = {**live[pk, sk], "cost_nano": {"N": "99"}, "requests": {"N": "0"}, "f7": {"N": "5"}}
            moto_client.put_item(TableName=deployment.usage, Item=spoiled)
    report = list(deployment.rebuilder().days(MIDNIGHT, MIDNIGHT + 3 * DAY))
    assert without_names(deployment.items()) == without_names(live)
    assert [day.day for day in report] == ["2026-05-01", "2026-05-02", "2026-05-03"]
    assert (sum(day.rows for day in report), sum(day.buckets for day in report)) == (len(PLAIN), len(live))


def test_a_second_run_writes_nothing(moto_client: DynamoDBClient, table_name: str) -> None:
    deployment = Deployment(moto_client, table_name, PLAIN, folded=7)
    first = list(deployment.rebuilder().days(MIDNIGHT, MIDNIGHT + 3 * DAY))
    after = deployment.items()
    again = list(deployment.rebuilder().days(MIDNIGHT, MIDNIGHT + 3 * DAY))
    assert sum(day.put for day in first) > 0
    assert [(day.put, day.removed) for day in again] == [(0, 0)] * 3
    assert deployment.items() == after


def test_rows_that_the_fold_never_saw_are_counted_and_other_days_stay(
    moto_client: DynamoDBClient, table_name: str
) -> None:
    deployment = Deployment(moto_client, table_name, PLAIN, folded=0)
    (report,) = deployment.rebuilder().days(MIDNIGHT + DAY + HOUR, MIDNIGHT + DAY + 2 * HOUR)
    rebuilt = deployment.items()
    reference = Deployment(moto_client, f"{table_name}-r", PLAIN).items()
    second = {key: item for key, item in reference.items() if key[1].startswith("2026-05-02")}
    assert without_names(rebuilt) == without_names(second)
    assert report.day == "2026-05-02"


def test_running_and_unreadable_rows_are_left_out_as_by_the_fold(moto_client: DynamoDBClient, table_name: str) -> None:
    running, poison, good = dated([row(1, state="running", status=0), row(2, output_tokens=1.5), row(3)])
    deployment = Deployment(moto_client, table_name, [running, poison, good], folded=0)
    (report,) = deployment.rebuilder().days(MIDNIGHT, MIDNIGHT + DAY)
    assert (report.rows, report.bad) == (1, {poison["id"]: "output_tokens is not a whole number"})
    assert deployment.items()["day#all#2026-05", "2026-05-01#all"]["requests"] == {"N": "1"}


def test_a_day_that_may_still_be_folded_is_refused_and_nothing_written(
    moto_client: DynamoDBClient, table_name: str
) -> None:
    deployment = Deployment(moto_client, table_name, PLAIN, folded=0)
    with pytest.raises(NotClosed, match="2026-05-03 can be rebuilt from 2026-05-06T00:00Z on"):
        deployment.rebuilder(now=CLOSED - 0.001).days(MIDNIGHT, MIDNIGHT + 3 * DAY)
    assert deployment.items() == {}


def test_expired_rows_do_not_cost_figures(moto_client: DynamoDBClient, table_name: str) -> None:
    deployment = Deployment(moto_client, table_name, PLAIN)
    live = deployment.items()
    gone = PLAIN[-1]
    moto_client.delete_item(
        TableName=deployment.logs, Key={"pk": {"S": partition(gone["id"])}, "sk": {"S": gone["id"]}}
    )
    with pytest.raises(RowsMissing, match="requests, the rows left are"):
        list(deployment.rebuilder().days(MIDNIGHT + 2 * DAY, MIDNIGHT + 3 * DAY))
    assert deployment.items() == live
    (report,) = deployment.rebuilder(fewer=True, trial=True).days(MIDNIGHT + 2 * DAY, MIDNIGHT + 3 * DAY)
    assert report.put > 0
    assert deployment.items() == live
    list(deployment.rebuilder(fewer=True).days(MIDNIGHT + 2 * DAY, MIDNIGHT + 3 * DAY))
    before, after = (
        items["day#all#2026-05", "2026-05-03#all"]["requests"]["N"] for items in (live, deployment.items())
    )
    assert int(after) == int(before) - 1


def test_buckets_without_any_row_go_only_when_that_is_allowed(moto_client: DynamoDBClient, table_name: str) -> None:
    deployment = Deployment(moto_client, table_name, dated([row(1)]))
    (one,) = contents(moto_client, deployment.logs)
    moto_client.delete_item(TableName=deployment.logs, Key={"pk": {"S": one[0]}, "sk": {"S": one[1]}})
    with pytest.raises(RowsMissing):
        list(deployment.rebuilder().days(MIDNIGHT, MIDNIGHT + DAY))
    (report,) = deployment.rebuilder(fewer=True).days(MIDNIGHT, MIDNIGHT + DAY)
    assert (deployment.items(), report.removed) == ({}, 16)


class Reluctant:
    """A table that writes one item at a time, or none at all."""

    def __init__(self, client: DynamoDBClient, most: int) -> None:
        self.client, self.most = client, most

    def __getattr__(self, name: str) -> Any:
        return getattr(self.client, name)

    def batch_write_item(self, RequestItems: dict[str, Any]) -> Any:  # noqa: N803 - DynamoDB's name
        ((table, wanted),) = RequestItems.items()
        if self.most:
            self.client.batch_write_item(RequestItems={table: wanted[: self.most]})
        return {"UnprocessedItems": {table: wanted[self.most :]} if wanted[self.most :] else {}}


def test_items_left_unwritten_are_written_again(moto_client: DynamoDBClient, table_name: str) -> None:
    deployment = Deployment(moto_client, table_name, dated([row(1)]), folded=0)
    slept: list[float] = []
    slow = Rebuilder(
        Reluctant(moto_client, 4),  # type: ignore[arg-type]
        deployment.logs,
        deployment.usage,
        Clock(wall=lambda: CLOSED),
        sleep=slept.append,
    )
    list(slow.days(MIDNIGHT, MIDNIGHT + DAY))
    assert (len(deployment.items()), slept) == (16, [0.05, 0.1, 0.2])


def test_a_table_too_busy_ends_the_rebuild(moto_client: DynamoDBClient, table_name: str) -> None:
    deployment = Deployment(moto_client, table_name, dated([row(1)]), folded=0)
    busy = Rebuilder(
        Reluctant(moto_client, 0),  # type: ignore[arg-type]
        deployment.logs,
        deployment.usage,
        Clock(wall=lambda: CLOSED),
        sleep=lambda _: None,
    )
    with pytest.raises(StoreBusy):
        list(busy.days(MIDNIGHT, MIDNIGHT + DAY))


def test_the_command(moto_client: DynamoDBClient, table_name: str, capsys: pytest.CaptureFixture[str]) -> None:
    deployment = Deployment(moto_client, table_name, PLAIN, folded=0)
    tables = ["--logs-table", deployment.logs, "--usage-table", deployment.usage]
    clock = Clock(wall=lambda: CLOSED)

    def command(*arguments: str) -> int:
        return main([*arguments, *tables], moto_client, clock)

    assert command("--from", "2026-05-01", "--to", "2026-05-01", "--dry-run") == 0
    assert "buckets would be put" in capsys.readouterr().out
    assert deployment.items() == {}
    assert command("--from", "2026-05-01", "--to", "2026-05-03") == 0
    assert [line[:10] for line in capsys.readouterr().out.splitlines()] == ["2026-05-01", "2026-05-02", "2026-05-03"]
    assert deployment.items()
    assert command("--from", "2026-05-01", "--to", "2026-05-04") == 1
    assert capsys.readouterr().err.startswith("refused: 2026-05-04 can be rebuilt from ")
    for wrong in (["--from", "2026-05-02", "--to", "2026-05-01"], ["--from", "May", "--to", "2026-05-01"]):
        with pytest.raises(SystemExit):
            command(*wrong)


def test_the_day_of_the_sample_is_what_it_seems() -> None:
    assert datetime.fromtimestamp(MIDNIGHT / 1000, UTC).isoformat() == "2026-05-01T00:00:00+00:00"
