"""Reading back what the fold has written, within bounds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest
from tests.rollups.samples import DAY, HOUR, NOON, record, row, sums, traffic
from tests.rollups.tables import create

from gateway.rollups.buckets import Dimension, Window
from gateway.rollups.fold import Delta, fold
from gateway.rollups.rows import read_record
from gateway.stores.usage import MOST_PAGES, TooMuch, UsageReader, UsageUnavailable, merged, total

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

DIMENSIONS: list[tuple[Dimension, str]] = [
    ("key", "key_id"),
    ("user", "user_id"),
    ("team", "team_id"),
    ("model", "model"),
    ("provider", "provider"),
    ("route", "route"),
]
PLAIN = traffic(60, seed=9, span_ms=3 * DAY, mirrors=0.1)


def store(client: DynamoDBClient, table: str, plain: list[dict[str, Any]]) -> None:
    """The buckets of these rows, put as they are."""
    rows = [read_record(record(one, n)) for n, one in enumerate(plain)]
    for bucket, delta in fold(one for one in rows if one).items():
        item: dict[str, Any] = {name: {"N": str(amount)} for name, amount in delta.adds.items()}
        item |= {"name": {"S": delta.name}} if delta.name else {}
        client.put_item(
            TableName=table, Item={"pk": {"S": bucket.pk}, "sk": {"S": bucket.sk}, "ttl": {"N": "1"}, **item}
        )


@pytest.fixture(scope="module")
def reader(moto_client: DynamoDBClient) -> Iterator[UsageReader]:
    create(moto_client, "usage")
    store(moto_client, "usage", PLAIN)
    yield UsageReader(moto_client, "usage")
    moto_client.delete_table(TableName="usage")


def within(window: Window) -> list[dict[str, Any]]:
    return [one for one in PLAIN if window.start_ms <= one["time_ms"] < window.end_ms]


def figures(delta: Delta) -> dict[str, int]:
    return {name: delta[name] for name in sums([])}


WINDOWS = [
    Window.around("hour", NOON, NOON + 1),
    Window.around("hour", NOON - 5 * HOUR, NOON + 5 * HOUR),
    Window.around("hour", NOON, NOON + 2 * DAY + 7 * HOUR),
    Window.around("hour", NOON + 3 * HOUR, NOON + DAY),
    Window.around("day", NOON, NOON + 3 * DAY),
    Window.around("day", NOON - 90 * DAY, NOON + DAY),
    Window.around("hour", NOON - 9 * DAY, NOON - 8 * DAY),
]


@pytest.mark.parametrize("window", WINDOWS)
def test_the_sum_of_a_window_is_that_of_its_rows(reader: UsageReader, window: Window) -> None:
    assert figures(reader.sum(window)) == sums(within(window))
    assert figures(reader.sum(window, "model", "gpt-x")) == sums(
        [one for one in within(window) if one["model"] == "gpt-x"]
    )


@pytest.mark.parametrize("window", WINDOWS)
def test_a_series_has_every_bucket_and_adds_up(reader: UsageReader, window: Window) -> None:
    series = reader.series(window)
    width = HOUR if window.size == "hour" else DAY
    assert [point.start_ms for point in series] == list(range(window.start_ms, window.end_ms, width))
    for point in series:
        assert figures(point.sum) == sums(within(Window(window.size, point.start_ms, point.start_ms + width)))
    assert figures(total(series)) == sums(within(window))


@pytest.mark.parametrize("window", WINDOWS)
@pytest.mark.parametrize("dimension", DIMENSIONS)
def test_a_breakdown_has_every_value_most_requests_first(
    reader: UsageReader, window: Window, dimension: tuple[Dimension, str]
) -> None:
    name, attribute = dimension
    found = reader.breakdown(window, name)
    values = {one.get(attribute, "") for one in within(window)}
    assert {entry.value: figures(entry.sum) for entry in found.entries} == {
        value: sums([one for one in within(window) if one.get(attribute, "") == value]) for value in values
    }
    counts = [entry.sum["requests"] for entry in found.entries]
    assert counts == sorted(counts, reverse=True)
    assert not found.truncated


GRIDS = [
    [Window("hour", NOON + n * HOUR, NOON + (n + 1) * HOUR) for n in range(30)],
    [Window("hour", NOON + 10 * HOUR + n * DAY, NOON + 10 * HOUR + (n + 1) * DAY) for n in range(3)],
    [Window("hour", NOON - 12 * HOUR, NOON - 5 * HOUR), Window("hour", NOON - 5 * HOUR, NOON + 40 * HOUR)],
    [Window("hour", NOON - 12 * HOUR + n * DAY, NOON + 12 * HOUR + n * DAY) for n in range(4)],
]


@pytest.mark.parametrize("windows", GRIDS)
@pytest.mark.parametrize("dimension", DIMENSIONS)
def test_a_grid_has_every_value_of_every_window(
    reader: UsageReader, windows: list[Window], dimension: tuple[Dimension, str]
) -> None:
    name, attribute = dimension
    wanted: dict[tuple[int, str], list[dict[str, Any]]] = {}
    for position, window in enumerate(windows):
        for one in within(window):
            wanted.setdefault((position, one.get(attribute, "")), []).append(one)
    found = reader.grid(windows, name)
    assert {place: figures(delta) for place, delta in found.items()} == {p: sums(rows) for p, rows in wanted.items()}


def test_a_grid_reads_whole_utc_days_as_days() -> None:
    days = merged(piece for window in GRIDS[3] for piece in window.cover())
    assert days == [Window("day", NOON - 12 * HOUR, NOON + 84 * HOUR)]
    hours = merged(piece for window in GRIDS[1] for piece in window.cover())
    assert hours == [Window("hour", NOON + 10 * HOUR, NOON + 82 * HOUR)]


def test_a_grid_that_is_too_large_is_refused_not_cut() -> None:
    with pytest.raises(TooMuch):
        UsageReader(Endless(), "t").grid(GRIDS[0][:1], "model")  # type: ignore[arg-type]


def test_histograms_come_only_when_asked_for(reader: UsageReader) -> None:
    without = reader.breakdown(WINDOWS[4], "provider")
    having = reader.breakdown(WINDOWS[4], "provider", latencies=True)
    assert all(entry.sum.percentile_ms("t", 0.95) is None for entry in without.entries)
    assert all((entry.sum.percentile_ms("t", 0.95) or 0) > 1 for entry in having.entries)


def test_keys_have_the_name_they_had_last(moto_client: DynamoDBClient, table_name: str) -> None:
    create(moto_client, table_name)
    named = [row(1, key_name="Old"), row(2, time_ms=NOON + HOUR, key_name="New"), row(3, key_id="k2", key_name=None)]
    store(moto_client, table_name, named)
    entries = UsageReader(moto_client, table_name).breakdown(WINDOWS[1], "key").entries
    assert [(entry.value, entry.sum.name) for entry in entries] == [("key_1", "New"), ("k2", None)]


def test_values_that_hold_the_separator_are_kept_apart(moto_client: DynamoDBClient, table_name: str) -> None:
    create(moto_client, table_name)
    names = ["a", "a#b", "a#b#c", "\U0010ffff", "~"]
    store(moto_client, table_name, [row(n, model=name) for n, name in enumerate(names)])
    for window in (WINDOWS[0], WINDOWS[4]):
        entries = UsageReader(moto_client, table_name).breakdown(window, "model").entries
        assert {entry.value for entry in entries} == set(names)


class Endless:
    """A table in which every page has a successor."""

    def __init__(self) -> None:
        self.queries = 0

    def query(self, **_arguments: Any) -> dict[str, Any]:
        self.queries += 1
        item = {"sk": {"S": f"2026-05-01T12#m{self.queries}"}, "requests": {"N": "1"}}
        return {"Items": [item], "LastEvaluatedKey": {"pk": {"S": "x"}}}


def test_a_breakdown_is_bounded_and_says_so() -> None:
    client = Endless()
    found = UsageReader(client, "t").breakdown(WINDOWS[0], "model")  # type: ignore[arg-type]
    assert (len(found.entries), found.truncated, client.queries) == (MOST_PAGES, True, MOST_PAGES + 1)


class Busy:
    """A table that reads one key at a time, or none after `ends` answers."""

    def __init__(self, client: DynamoDBClient, ends: int) -> None:
        self.client, self.left = client, ends

    def batch_get_item(self, RequestItems: dict[str, Any]) -> Any:  # noqa: N803 - DynamoDB's name
        ((table, wanted),) = RequestItems.items()
        self.left -= 1
        if self.left < 0:
            return {"Responses": {}, "UnprocessedKeys": RequestItems}
        answer = self.client.batch_get_item(RequestItems={table: {"Keys": wanted["Keys"][:1]}})
        rest = wanted["Keys"][1:]
        return {"Responses": answer["Responses"], "UnprocessedKeys": {table: {"Keys": rest}} if rest else {}}


def test_keys_left_unread_are_asked_for_again(reader: UsageReader) -> None:
    window = Window("hour", NOON, NOON + 5 * HOUR)
    slept: list[float] = []
    busy = UsageReader(Busy(reader.client, 5), "usage", slept.append)  # type: ignore[arg-type]
    assert busy.series(window) == reader.series(window)
    assert slept == [0.05, 0.1, 0.2, 0.4]


def test_a_table_too_busy_is_an_error_not_a_zero(reader: UsageReader) -> None:
    busy = UsageReader(Busy(reader.client, 2), "usage", lambda _: None)  # type: ignore[arg-type]
    with pytest.raises(UsageUnavailable):
        busy.series(WINDOWS[1])
