"""The pump between the log table and the rollup: nothing lost, nothing doubled, whatever happens in between."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from infra.local.pump import BATCH, MARGIN_SECONDS, Pump
from infra.local.statedir import StateDir

NOW = datetime(2026, 3, 2, 0, 10, tzinfo=UTC).timestamp()


def row(seconds_ago: float, tail: str = "0") -> dict[str, Any]:
    moment = NOW - seconds_ago
    identifier = f"req_{int(moment * 1000):012x}".ljust(35, "0") + tail
    day = datetime.fromtimestamp(moment, UTC).date().isoformat()
    return {"pk": {"S": f"{day}#{int(tail, 16) % 4}"}, "sk": {"S": identifier}, "id": {"S": identifier}}


class Table:
    """Rows by partition, two to a page."""

    def __init__(self, *rows: dict[str, Any]) -> None:
        self.items = sorted(rows, key=lambda item: item["sk"]["S"])

    def describe_table(self, **_arguments: Any) -> dict[str, Any]:
        return {"Table": {"LatestStreamArn": "arn:stream"}}

    def query(self, **arguments: Any) -> dict[str, Any]:
        values = arguments["ExpressionAttributeValues"]
        after = arguments.get("ExclusiveStartKey", {"sk": {"S": ""}})["sk"]["S"]
        found = [
            item
            for item in self.items
            if item["pk"] == values[":pk"] and item["sk"]["S"] >= values[":first"]["S"] and item["sk"]["S"] > after
        ]
        page = found[:2]
        return {"Items": page, **({"LastEvaluatedKey": page[-1]} if len(found) > 2 else {})}


class Stream:
    """Records by position."""

    def __init__(self, *records: dict[str, Any]) -> None:
        self.records = list(records)

    def describe_stream(self, **_arguments: Any) -> dict[str, Any]:
        return {"StreamDescription": {"Shards": [{"ShardId": "shard"}]}}

    def get_shard_iterator(self, **arguments: Any) -> dict[str, Any]:
        assert arguments["ShardIteratorType"] == "TRIM_HORIZON"
        return {"ShardIterator": "0"}

    def get_records(self, **arguments: Any) -> dict[str, Any]:
        at = int(arguments["ShardIterator"])
        page = self.records[at : at + arguments["Limit"]]
        return {"Records": page, "NextShardIterator": str(at + len(page))}


def record(item: dict[str, Any], number: int) -> dict[str, Any]:
    created = datetime.fromtimestamp(NOW, UTC)
    return {
        "eventName": "INSERT",
        "dynamodb": {"NewImage": item, "SequenceNumber": str(number), "ApproximateCreationDateTime": created},
    }


class Fold:
    """Counts rows once by id, as the real one does, and fails on demand."""

    def __init__(self, *failing: str) -> None:
        self.counted: set[str] = set()
        self.calls: list[list[str]] = []
        self.failing = list(failing)

    def __call__(self, event: dict[str, Any], context: Any) -> dict[str, Any]:
        assert context.get_remaining_time_in_millis() > 0
        failures = []
        self.calls.append([item["dynamodb"]["SequenceNumber"] for item in event["Records"]])
        for item in event["Records"]:
            number = item["dynamodb"]["SequenceNumber"]
            if number in self.failing:
                self.failing.remove(number)
                failures.append({"itemIdentifier": number})
            else:
                self.counted.add(item["dynamodb"]["NewImage"]["id"]["S"])
        return {"batchItemFailures": failures}


def pump(fold: Fold, state: StateDir, table: Table | None = None, stream: Stream | None = None) -> Pump:
    return Pump(fold, table or Table(), stream or Stream(), "logs", state, now=lambda: NOW, sleep=lambda _seconds: None)


def ids(*rows: dict[str, Any]) -> set[str]:
    return {item["id"]["S"] for item in rows}


def test_a_first_start_folds_what_lies_there_across_days_and_shards(tmp_path):
    rows = [row(60, "1"), row(900, "2"), row(86_400, "3"), *(row(5 + at, "4") for at in range(5))]
    fold = Fold()
    assert pump(fold, StateDir(tmp_path), Table(*rows)).catch_up() == len(rows)
    assert fold.counted == ids(*rows)


def test_a_restart_begins_a_margin_before_its_checkpoint(tmp_path):
    state = StateDir(tmp_path)
    state.remember("pump", {"time": NOW - 100})
    old, under_way, fresh = row(100 + MARGIN_SECONDS + 60), row(100 + MARGIN_SECONDS - 60, "1"), row(50, "2")
    fold = Fold()
    pump(fold, state, Table(old, under_way, fresh)).catch_up()
    assert fold.counted == ids(under_way, fresh)


def test_rows_written_while_nobody_pumped_for_days_are_found(tmp_path):
    state = StateDir(tmp_path)
    state.remember("pump", {"time": NOW - 3 * 86_400})
    missed = row(3 * 86_400 - 30)
    fold = Fold()
    pump(fold, state, Table(missed)).catch_up()
    assert fold.counted == ids(missed)


def test_the_stream_is_read_in_batches_from_its_beginning(tmp_path):
    rows = [row(at % 60, f"{at % 16:x}") | {"id": {"S": f"r{at}"}} for at in range(BATCH + 3)]
    fold = Fold()
    reading = pump(fold, StateDir(tmp_path), stream=Stream(*(record(item, at) for at, item in enumerate(rows))))
    assert [reading.step(), reading.step(), reading.step()] == [BATCH, 3, 0]
    assert fold.counted == ids(*rows)


def test_what_failed_is_sent_again_from_there(tmp_path):
    rows = [row(at, f"{at:x}") for at in range(4)]
    fold = Fold("2")
    pump(fold, StateDir(tmp_path), stream=Stream(*(record(item, at) for at, item in enumerate(rows)))).step()
    assert fold.calls == [["0", "1", "2", "3"], ["2", "3"]]
    assert fold.counted == ids(*rows)


def test_a_poisonous_record_does_not_stop_the_rest(tmp_path):
    rows = [row(1, "1"), row(2, "2")]
    fold = Fold("0", "0", "0", "0", "0")
    reading = pump(fold, StateDir(tmp_path), stream=Stream(*(record(item, at) for at, item in enumerate(rows))))
    reading.step()
    assert fold.counted == ids(rows[1])
    assert len(fold.calls) == 4


def test_a_crash_of_the_fold_moves_neither_position_nor_checkpoint(tmp_path):
    state = StateDir(tmp_path)

    def breaks(event: Any, context: Any) -> dict[str, Any]:
        raise ConnectionError("the store is gone")

    reading = Pump(
        breaks, Table(), Stream(record(row(1), 0)), "logs", state, now=lambda: NOW, sleep=lambda _seconds: None
    )
    with pytest.raises(ConnectionError):
        reading.step()
    assert state.recall("pump") is None
    fold = Fold()
    reading.handler = fold
    assert reading.step() == 1
    assert fold.counted == ids(row(1))
