"""The function: a stream event in, the records that must come again out."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest
from tests.rollups.samples import record, row, sums, traffic
from tests.rollups.tables import contents, counted, create, marks

from gateway.rollups.consume import consume, sequence_number
from gateway.settings import SettingsError
from rollup.app import create_writer

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


class Context:
    """What the handler uses of Lambda's context."""

    def get_remaining_time_in_millis(self) -> int:
        """Milliseconds to the deadline."""
        return 60_000


def environ(table: str) -> dict[str, str]:
    names = [
        "CONFIG_TABLE",
        "KEYS_TABLE",
        "STATE_TABLE",
        "LOGS_TABLE",
        "CACHE_TABLE",
        "DIALOGS_TABLE",
        "BODIES_BUCKET",
        "KMS_KEY_ID",
    ]
    return {"AWS_REGION": "eu-central-1", "USAGE_TABLE": table, **dict.fromkeys(names, "unused")}


@pytest.fixture
def table(moto_client: DynamoDBClient, table_name: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    create(moto_client, table_name)
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    yield table_name
    moto_client.delete_table(TableName=table_name)  # moto copies every table there is at each transaction


@pytest.fixture
def handle(table: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    from rollup import app

    for name, value in environ(table).items():
        monkeypatch.setenv(name, value)
    app._writer.cache_clear()
    yield lambda records: app.handler({"Records": records}, Context())
    app._writer.cache_clear()


def run(table: str, records: list[Any]) -> Any:
    return consume(records, create_writer(environ(table)), lambda: 60.0)


def test_a_batch_is_counted_and_nothing_comes_again(
    handle: Any, moto_client: DynamoDBClient, table: str, capsys: Any
) -> None:
    plain = traffic(30, 1)
    answer = handle([record(one, n) for n, one in enumerate(plain)])
    assert answer == {"batchItemFailures": []}
    expected = sums(plain)
    assert counted(contents(moto_client, table), "hour", "all", list(expected)) == expected


def test_the_poison_is_named_and_the_rest_counts(
    handle: Any, moto_client: DynamoDBClient, table: str, caplog: Any
) -> None:
    plain = traffic(10, 2)
    records = [record(one, n) for n, one in enumerate(plain)]
    records[4]["dynamodb"]["NewImage"]["status"] = {"N": "top-secret"}
    answer = handle(records)
    assert answer == {"batchItemFailures": [{"itemIdentifier": records[4]["dynamodb"]["SequenceNumber"]}]}
    assert marks(contents(moto_client, table)) == {one["id"] for one in plain} - {plain[4]["id"]}
    assert "top-secret" not in json.dumps(answer) + caplog.text


@pytest.mark.parametrize("event", [{}, {"Records": []}, {"Records": None}])
def test_an_event_without_records_is_answered(handle: Any, event: dict[str, Any]) -> None:
    from rollup import app

    assert app.handler(event, Context()) == {"batchItemFailures": []}


def test_running_then_done_counts_once(moto_client: DynamoDBClient, table: str) -> None:
    started = row(1, state="running", status=0, cost_nano=None)
    report = run(table, [record(started, 1), record(row(1), 2, "MODIFY"), record(row(1, cost_nano=9), 3, "MODIFY")])
    assert (report.failures, report.ignored, report.outcome.applied) == ((), 2, 1)
    expected = sums([row(1)])
    assert counted(contents(moto_client, table), "day", "key", list(expected)) == expected


def test_running_in_one_batch_and_done_in_the_next_counts_once(moto_client: DynamoDBClient, table: str) -> None:
    run(table, [record(row(1, state="running"), 1)])
    assert contents(moto_client, table) == {}
    run(table, [record(row(1), 2, "MODIFY")])
    run(table, [{"eventName": "REMOVE", "dynamodb": {"SequenceNumber": "3"}}])
    assert counted(contents(moto_client, table), "hour", "all", ["requests"]) == {"requests": 1}


def test_every_record_of_a_request_that_failed_is_reported(table: str) -> None:
    report = consume(
        [record(row(1), 1), record(row(2), 2), record(row(1), 3)], create_writer(environ("no-such-table")), lambda: 60.0
    )
    assert report.failures == tuple(sequence_number(record(row(1), n)) for n in (1, 2, 3))
    assert report.outcome.faults == {"ResourceNotFoundException"}


@pytest.mark.parametrize("broken", [None, 7, {}, {"dynamodb": []}, {"dynamodb": {"SequenceNumber": 7}}])
def test_a_record_without_a_number_fails_the_batch(table: str, broken: Any) -> None:
    assert run(table, [broken]).failures == ("",)


def test_a_missing_setting_is_named() -> None:
    with pytest.raises(SettingsError, match="USAGE_TABLE"):
        create_writer({**environ("t"), "USAGE_TABLE": ""})
