"""Each row is counted once, whatever DynamoDB answers on the way."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError, ReadTimeoutError
from tests.rollups.samples import DAY, NOON, record, request_id, row, sums, traffic
from tests.rollups.tables import contents, counted, create, marks

from gateway.clock import Clock
from gateway.rollups.rows import Finished, read_record
from gateway.rollups.write import MOST_ACTIONS, BucketWriter, packs, transaction

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

CLOCK = Clock(wall=lambda: 1_777_777_777.0)
FOREVER = lambda: 60.0  # noqa: E731


def read(plain: dict[str, Any]) -> Finished:
    finished = read_record(record(plain, 1))
    assert finished is not None
    return finished


class Flaky:
    """A DynamoDB client whose next transactions go wrong as the script says; None lets one through."""

    def __init__(self, client: DynamoDBClient, script: Sequence[Exception | str | None]) -> None:
        self.client = client
        self.script: Iterator[Exception | str | None] = iter(script)
        self.calls: list[dict[str, Any]] = []

    def transact_write_items(self, **arguments: Any) -> Any:
        self.calls.append(arguments)
        fault = next(self.script, None)
        if isinstance(fault, Exception):
            raise fault
        answer = self.client.transact_write_items(**arguments)
        if fault == "answer lost":
            raise ReadTimeoutError(endpoint_url="http://127.0.0.1")
        return answer


def cancelled(*reasons: str) -> ClientError:
    body = {
        "Error": {"Code": "TransactionCanceledException", "Message": "cancelled"},
        "CancellationReasons": [{"Code": reason} for reason in reasons],
    }
    return ClientError(body, "TransactWriteItems")  # type: ignore[arg-type]


def refused(code: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": "no"}}, "TransactWriteItems")


@pytest.fixture
def table(moto_client: DynamoDBClient, table_name: str) -> Iterator[str]:
    create(moto_client, table_name)
    yield table_name
    moto_client.delete_table(TableName=table_name)  # moto copies every table there is at each transaction


def writer(client: Any, table: str, slept: list[float] | None = None, clock: Clock = CLOCK) -> BucketWriter:
    pauses = [] if slept is None else slept
    return BucketWriter(client, table, clock, sleep=pauses.append, jitter=lambda: 0.5)


def everything_counted_once(client: DynamoDBClient, table: str, plain: list[dict[str, Any]]) -> None:
    items = contents(client, table)
    expected = sums(plain)
    assert marks(items) == {one["id"] for one in plain}
    for size in ("hour", "day"):
        for dimension in ("all", "model", "provider"):
            assert counted(items, size, dimension, list(expected)) == expected


def test_rows_become_marks_and_sums(moto_client: DynamoDBClient, table: str) -> None:
    plain = traffic(40, 1)
    outcome = writer(moto_client, table).apply([read(one) for one in plain], FOREVER)
    assert (outcome.applied, outcome.duplicates, outcome.failed) == (40, 0, frozenset())
    everything_counted_once(moto_client, table, plain)


def test_an_item_looks_as_documented(moto_client: DynamoDBClient, table: str) -> None:
    writer(moto_client, table).apply([read(row(1)), read(row(2, key_name="Newer", time_ms=NOON + 1))], FOREVER)
    items = contents(moto_client, table)
    key = items["hour#key#2026-05-01", "2026-05-01T12#key_1"]
    assert key == {
        "pk": {"S": "hour#key#2026-05-01"},
        "sk": {"S": "2026-05-01T12#key_1"},
        "ttl": {"N": str((NOON + 400 * DAY) // 1000)},
        "name": {"S": "Newer"},
        "requests": {"N": "2"},
        "status_2xx": {"N": "2"},
        "fresh_tokens": {"N": "20"},
        "cache_read_tokens": {"N": "10"},
        "cache_write_5m_tokens": {"N": "6"},
        "cache_write_1h_tokens": {"N": "4"},
        "input_tokens": {"N": "40"},
        "output_tokens": {"N": "14"},
        "reasoning_tokens": {"N": "8"},
        "cost_nano": {"N": "2468"},
        "f51": {"N": "2"},
        "t72": {"N": "2"},
    }
    assert "ttl" not in items["day#key#2026-05", "2026-05-01#key_1"]
    mark = items[f"mark#{request_id(1)}", "mark"]
    assert 48 * 3600 < int(mark["ttl"]["N"]) - CLOCK.wall() <= 49 * 3600


def test_no_transaction_exceeds_the_limits() -> None:
    rows = [
        read(row(n, key_id=f"k{n}", model=f"m{n}", user_id=f"u{n}", first_byte_ms=1.3**n, total_ms=1.2**n))
        for n in range(60)
    ]
    groups = list(packs(rows + [read(row(n, first_byte_ms=1.1**n, total_ms=1.1**n)) for n in range(100, 260)]))
    assert sorted(one.id for group in groups for one in group) == sorted(
        request_id(n) for n in [*range(60), *range(100, 260)]
    )
    for group in groups:
        actions = transaction("t", group, 1)["TransactItems"]
        assert len(actions) <= MOST_ACTIONS
        for action in actions:
            assert len(action.get("Update", {}).get("UpdateExpression", "").encode()) <= 4096


def test_the_same_rows_make_the_same_token_and_others_another() -> None:
    rows = [read(one) for one in traffic(5, 1)]
    assert transaction("t", rows, 1)["ClientRequestToken"] == transaction("t", rows, 1)["ClientRequestToken"]
    tokens = {
        transaction(*args)["ClientRequestToken"]
        for args in [("t", rows, 1), ("t", rows[1:], 1), ("u", rows, 1), ("t", rows, 2)]
    }
    assert len(tokens) == 4
    assert all(len(token) <= 36 for token in tokens)


@pytest.mark.parametrize("later", [0.0, 3600.0 * 5])
def test_a_replay_changes_nothing(moto_client: DynamoDBClient, table: str, later: float) -> None:
    plain = traffic(10, 2)
    rows = [read(one) for one in plain]
    writer(moto_client, table).apply(rows, FOREVER)
    before = contents(moto_client, table)
    replay = writer(moto_client, table, clock=Clock(wall=lambda: CLOCK.wall() + later)).apply(rows, FOREVER)
    assert replay.failed == frozenset()
    assert contents(moto_client, table) == before


def test_of_a_half_known_batch_the_other_half_counts(moto_client: DynamoDBClient, table: str) -> None:
    plain = traffic(10, 3)
    slept: list[float] = []
    writer(moto_client, table).apply([read(one) for one in plain[::2]], FOREVER)
    outcome = writer(moto_client, table, slept).apply([read(one) for one in plain], FOREVER)
    assert (outcome.applied, outcome.duplicates, slept) == (5, 5, [])
    everything_counted_once(moto_client, table, plain)


@pytest.mark.parametrize(
    "fault",
    [
        cancelled("None", "TransactionConflict"),
        cancelled("ThrottlingError"),
        refused("ThrottlingException"),
        refused("ProvisionedThroughputExceededException"),
        refused("TransactionInProgressException"),
        refused("InternalServerError"),
        "answer lost",
        ReadTimeoutError(endpoint_url="http://127.0.0.1"),
    ],
)
def test_a_passing_fault_is_waited_out(moto_client: DynamoDBClient, table: str, fault: Exception | str) -> None:
    plain = traffic(4, 4)
    slept: list[float] = []
    client = Flaky(moto_client, [fault, fault])
    outcome = writer(client, table, slept).apply([read(one) for one in plain], FOREVER)
    assert outcome.failed == frozenset()
    assert slept[:1] == [0.025]
    assert len({call["ClientRequestToken"] for call in client.calls[:2]}) == 1
    everything_counted_once(moto_client, table, plain)


def test_the_pauses_grow_and_end(moto_client: DynamoDBClient, table: str) -> None:
    slept: list[float] = []
    rows = [read(one) for one in traffic(3, 5)]
    client = Flaky(moto_client, [refused("ThrottlingException")] * 50)
    outcome = writer(client, table, slept).apply(rows, FOREVER)
    assert outcome.failed == {one.id for one in rows}
    assert outcome.faults == {"ThrottlingException"}
    assert slept == [0.025, 0.05, 0.1, 0.2, 0.4, 0.8, 0.8, 0.8]
    assert contents(moto_client, table) == {}


def test_without_time_nothing_is_tried(moto_client: DynamoDBClient, table: str) -> None:
    client = Flaky(moto_client, [])
    outcome = writer(client, table).apply([read(row(1))], lambda: 0.0)
    assert (outcome.failed, client.calls) == ({request_id(1)}, [])


@pytest.mark.parametrize("code", ["AccessDeniedException", "ResourceNotFoundException"])
def test_a_lasting_fault_is_reported_at_once(moto_client: DynamoDBClient, table: str, code: str) -> None:
    client = Flaky(moto_client, [refused(code)])
    outcome = writer(client, table).apply([read(row(1)), read(row(2))], FOREVER)
    assert (outcome.failed, outcome.faults, len(client.calls)) == ({request_id(1), request_id(2)}, {code}, 1)


def test_only_the_pack_that_failed_is_reported(moto_client: DynamoDBClient, table: str) -> None:
    names = ("key_id", "user_id", "team_id", "model", "provider", "route")
    plain = [row(n, **{name: f"{name}{n}" for name in names}) for n in range(9)]  # nothing shared: few fit together
    rows = [read(one) for one in plain]
    groups = list(packs(rows))
    assert len(groups) > 1
    client = Flaky(moto_client, [None, refused("AccessDeniedException")])
    outcome = writer(client, table).apply(rows, FOREVER)
    assert outcome.failed == {one.id for one in groups[1]}
    assert marks(contents(moto_client, table)) == {one.id for one in rows} - outcome.failed
    again = writer(moto_client, table).apply(rows, FOREVER)
    assert (again.failed, again.applied) == (frozenset(), len(groups[1]))
    everything_counted_once(moto_client, table, plain)


class Refusing(Flaky):
    """Refuses every transaction that holds one row's mark, as DynamoDB refuses what it finds invalid."""

    def __init__(self, client: DynamoDBClient, culprit: str, fault: Callable[[], ClientError]) -> None:
        super().__init__(client, [])
        self.culprit, self.fault = culprit, fault

    def transact_write_items(self, **arguments: Any) -> Any:
        keys = {action["Put"]["Item"]["pk"]["S"] for action in arguments["TransactItems"] if "Put" in action}
        if f"mark#{self.culprit}" in keys:
            raise self.fault()
        return super().transact_write_items(**arguments)


@pytest.mark.parametrize(
    "fault", [lambda: refused("ValidationException"), lambda: cancelled("None", "ValidationError")]
)
@pytest.mark.parametrize("index", [0, 3, 7])
def test_what_dynamodb_finds_invalid_fails_alone(
    moto_client: DynamoDBClient, table: str, fault: Any, index: int
) -> None:
    plain = traffic(8, 7)
    outcome = writer(Refusing(moto_client, plain[index]["id"], fault), table).apply(
        [read(one) for one in plain], FOREVER
    )
    assert outcome.failed == {plain[index]["id"]}
    assert outcome.applied == 7
    everything_counted_once(moto_client, table, plain[:index] + plain[index + 1 :])


def test_counted_rows_are_dropped_before_the_conflict_is_waited_out(moto_client: DynamoDBClient, table: str) -> None:
    plain = traffic(2, 8)
    rows = sorted((read(one) for one in plain), key=lambda one: (one.dimensions, one.time_ms, one.id))
    writer(moto_client, table).apply(rows[:1], FOREVER)
    client = Flaky(
        moto_client,
        [cancelled("ConditionalCheckFailed", "None", "TransactionConflict"), cancelled("TransactionConflict")],
    )
    outcome = writer(client, table).apply(rows, FOREVER)
    assert (outcome.applied, outcome.duplicates) == (1, 1)
    everything_counted_once(moto_client, table, plain)
