"""The export and the timeline of the log, and the filters that tell streams, copies and successes apart."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from boto3.dynamodb.types import TypeSerializer
from tests.admin.conftest import Api
from tests.aws_mock import World

from gateway.admin import log_export, log_timeline
from gateway.admin.csv_text import csv_text, harmless
from gateway.admin.log_schemas import LogItem
from gateway.neutral.logrow import Caller, Cost, LogRow
from gateway.neutral.usage import Usage
from gateway.rollups.fold import fold
from gateway.rollups.rebuild import item_of
from gateway.rollups.rows import decode, finished
from gateway.stores.log_filter import LogFilter
from gateway.stores.log_items import to_item
from gateway.stores.logs import LogReader, ReadBudget
from gateway.stores.tables import bind

MINUTE, HOUR, DAY = 60_000, 3_600_000, 86_400_000
Write = Callable[..., str]


@pytest.fixture
def write(world: World) -> Write:
    """Write a row and fold it; gives its id."""
    serializer = TypeSerializer()

    def put(ago_ms: int = 0, **changes: Any) -> str:
        made = int(world.time.now * 1000) - ago_ms
        identifier = f"req_{made:012x}{world.clock.entropy(10).hex()}"
        row = LogRow(identifier, made, "POST", "/v1/messages", "anthropic", 200, int(world.time.now) + 9999)
        item = {name: serializer.serialize(value) for name, value in to_item(replace(row, **changes)).items()}
        world.dynamodb.put_item(TableName="logs", Item=item)
        counted = finished(decode(item))
        for bucket, delta in fold([counted] if counted else []).items():
            key = {"pk": {"S": bucket.pk}, "sk": {"S": bucket.sk}}
            before = world.dynamodb.get_item(TableName="usage", Key=key).get("Item", {})
            item = item_of(bucket, delta)
            sums = {n: {"N": str(int(v["N"]) + int(before.get(n, {"N": 0})["N"]))} for n, v in item.items() if "N" in v}
            world.dynamodb.put_item(TableName="usage", Item={**before, **item, **sums, "ttl": {"N": "1"}})
        return identifier

    return put


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("stream=true", {"a"}),
        ("stream=false", {"b", "c"}),
        ("mirror=true", {"c"}),
        ("mirror=false", {"a", "b"}),
        ("error=none", {"a", "c"}),
        ("error=none&mirror=false", {"a"}),
    ],
)
def test_filters(api: Api, world: World, write: Write, query: str, wanted: set[str]) -> None:
    names = {write(stream=True): "a", write(status=429, error="rate_limited"): "b", write(mirror_of="req_0"): "c"}
    start = int(world.time.now * 1000) - MINUTE
    items = api("GET", f"logs?from={start}&{query}").json()["items"]
    assert {names[item["id"]] for item in items} == wanted


def test_rows_of_a_team_a_route_or_a_release_and_of_none(api: Api, world: World, write: Write) -> None:
    names = {
        write(caller=Caller(user_id="ann", team_id="red"), route="smart", release="1" * 64): "a",
        write(caller=Caller(user_id="ann", team_id="none"), route="none", release="2" * 64): "b",
        write(): "c",
    }
    start = int(world.time.now * 1000) - MINUTE
    for query, wanted in {
        "team_id=red": "a",
        "team_id=none": "b",
        "team_id=~none": "c",
        "user_id=~none": "c",
        "key_id=~none": "abc",
        "route=smart": "a",
        "route=~none": "c",
        f"release={'2' * 64}": "b",
        "user_id=ann&team_id=red": "a",
    }.items():
        items = api("GET", f"logs?from={start}&{query}").json()["items"]
        assert {names[item["id"]] for item in items} == set(wanted), query
        assert len(exported(api, f"from={start}&{query}")) == 1 + len(wanted), query
        bars = api("GET", f"logs/timeline?from={start}&{query}").json()["bars"]
        assert sum(bar["requests"] for bar in bars) == len(wanted), query
    week = start - 7 * 24 * HOUR
    sources = {
        query: api("GET", f"logs/timeline?from={week}&{query}").json()["source"]
        for query in ("team_id=red", "team_id=~none", "team_id=red&user_id=ann")
    }
    assert list(sources.values()) == ["figures", "rows", "rows"], "no figures are kept of what has no team"


def exported(api: Api, query: str) -> list[list[str]]:
    """All parts of an export, as one table."""
    table: list[list[str]] = []
    cursor = ""
    for _ in range(100):
        answer = api("GET", f"logs/export?{query}{cursor}")
        assert answer.status_code == 200, answer.text
        assert answer.headers["content-type"] == "text/csv; charset=utf-8"
        rows = list(csv.reader(io.StringIO(answer.text)))
        table += rows if not table else rows[1:]
        if "x-next-cursor" not in answer.headers:
            return table
        cursor = f"&cursor={answer.headers['x-next-cursor']}"
    raise AssertionError("the export does not end")


@pytest.mark.parametrize("limit", [3, 2000])
def test_an_export_has_every_row_once_newest_first(api: Api, world: World, write: Write, limit: int) -> None:
    ids = [write(ago_ms=number * HOUR, provider="x" if number % 2 else "y") for number in range(10)]
    start = int(world.time.now * 1000) - DAY
    header, *rows = exported(api, f"from={start}&limit={limit}")
    assert [row[0] for row in rows] == sorted(ids, reverse=True)
    assert set(LogItem.model_fields) - {"tokens"} < set(header)
    assert [row[0] for row in exported(api, f"from={start}&provider=x")[1:]] == sorted(ids[1::2], reverse=True)


def test_csv_and_json_say_the_same(api: Api, world: World, write: Write) -> None:
    write(
        caller=Caller(key_id="key_1", key_name='=cmd|"/c calc"!A1', session="line\nbreak, and comma"),
        usage=Usage(fresh=10, output=5, source="upstream"),
        cost=Cost(-0, "priced"),
        first_byte_ms=12.0,
    )
    start = f"from={int(world.time.now * 1000) - MINUTE}"
    header, row = exported(api, start)
    table = dict(zip(header, row, strict=True))
    answer = api("GET", f"logs/export?{start}&format=json")
    assert answer.headers["content-disposition"] == 'attachment; filename="logs.json"'
    (item,) = answer.json()["items"]
    assert answer.json()["next_cursor"] is None
    assert item == api("GET", f"logs?{start}").json()["items"][0]
    assert table["key_name"] == "'" + item["key_name"]
    assert table["session"] == item["session"]
    assert (table["tokens_input"], table["tokens_output"], table["cost_nano"]) == ("10", "5", "0")
    assert table["error"] == ""


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", " =", "\u00a0@", "\uff1d"])
def test_no_field_begins_a_formula(start: str) -> None:
    hostile = start + '1+1,"x"\n'
    _, (field, number) = csv.reader(io.StringIO(csv_text(["a", "b"], [[hostile, -5]]), newline=""))
    assert (field, number) == ("'" + hostile, "-5")


@pytest.mark.parametrize("plain", ["", "a=b", "gpt-4o", "1", "'x", "ä", None, 5, True])
def test_other_values_are_as_they_are(plain: object) -> None:
    assert harmless(plain) == plain


@pytest.mark.parametrize("query", ["format=xml", "limit=2001", "limit=0", "bars=3", "status=%25"])
def test_an_export_that_does_not_fit_is_refused(api: Api, query: str) -> None:
    assert api("GET", f"logs/export?{query}").status_code == 422


def test_an_export_reads_a_bounded_amount(
    api: Api, world: World, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = [write(ago_ms=number * MINUTE) for number in range(12)]
    monkeypatch.setattr(log_export, "EXPORT_BUDGET", ReadBudget(units=1, queries=4, rows=2))
    since = f"from={int(world.time.now * 1000) - HOUR}"
    assert len(exported(api, f"{since}&provider=nobody")) == 1
    assert [row[0] for row in exported(api, since)[1:]] == sorted(ids, reverse=True)
    assert len(api("GET", f"logs/export?{since}").text.splitlines()) < 12
    assert api("GET", "logs/export?cursor=cmVx").status_code == 400


def test_no_page_repeats_rows_where_one_shard_ends_before_the_others(world: World, write: Write) -> None:
    """Small budgets, many shapes: pages end in the middle of a day while some of its shards are read to their end."""
    ids = sorted((write(ago_ms=number * MINUTE) for number in range(25)), reverse=True)
    start = int(ids[-1][4:16], 16)
    for queries in range(4, 12):
        reader = LogReader(bind(world.services.settings), world.clock, 30, ReadBudget(1e9, queries, 2))
        found: list[str] = []
        position: str | None = None
        for _ in range(60):
            page = reader.page(LogFilter(from_ms=start), 7, position)
            found += [row.id for row in page.rows]
            if (position := page.position) is None:
                break
        assert found == ids, queries


def some_traffic(world: World, write: Write) -> int:
    """Rows within one hour; gives the start of that hour."""
    world.time.now = (
        1_790_000_000 // 3600 * 3600 + 1500.0
    )  # the administrator signed in less than a quarter of an hour ago
    write()
    write(ago_ms=MINUTE, status=404, error="not_found", caller=Caller(key_id="key_1", team_id="red"))
    write(ago_ms=MINUTE, status=502, error="bad_gateway", provider="openai")
    write(ago_ms=2 * MINUTE, status=0, error="client_gone", caller=Caller(key_id="key_1"))
    write(ago_ms=2 * MINUTE, mirror_of="req_0", status=500, provider="openai")
    write(ago_ms=3 * MINUTE, state="running", status=0)
    return int(world.time.now * 1000) // HOUR * HOUR


COUNTS = ("requests", "errors", "status_2xx", "status_3xx", "status_4xx", "status_5xx", "other", "mirrors")


@pytest.mark.parametrize(
    ("query", "counts"),
    [
        ("", (4, 3, 1, 0, 1, 1, 1, 1)),
        ("&key_id=key_1", (2, 2, 0, 0, 1, 0, 1, 0)),
        ("&provider=openai", (1, 1, 0, 0, 0, 1, 0, 1)),
        ("&team_id=red", (1, 1, 0, 0, 1, 0, 0, 0)),
        ("&key_id=nobody", (0, 0, 0, 0, 0, 0, 0, 0)),
    ],
)
def test_figures_and_rows_count_alike(
    api: Api, world: World, write: Write, query: str, counts: tuple[int, ...]
) -> None:
    hour = some_traffic(world, write)
    coarse = api("GET", f"logs/timeline?from={hour}&to={hour + 6 * HOUR}&bars=6{query}").json()
    fine = api("GET", f"logs/timeline?from={hour}&to={hour + HOUR}&bars=60{query}").json()
    assert (coarse["source"], coarse["step_ms"], len(coarse["bars"])) == ("figures", HOUR, 6)
    assert (fine["source"], fine["step_ms"], len(fine["bars"])) == ("rows", MINUTE, 60)
    assert (coarse["from"], coarse["to"]) == (hour, hour + 6 * HOUR)
    for answer in (coarse, fine):
        assert tuple(sum(bar[name] for bar in answer["bars"]) for name in COUNTS) == counts
        assert (answer["complete"], answer["counted_from"]) == (True, hour)
    assert sum(bar["running"] for bar in fine["bars"]) == (1 if not query else 0)


def test_bars_stand_at_their_minutes_and_filters_hold(api: Api, world: World, write: Write) -> None:
    hour = some_traffic(world, write)
    bars = api("GET", f"logs/timeline?from={hour}&to={hour + HOUR}&status=4xx").json()["bars"]
    assert [(bar["start"] - hour, bar["requests"]) for bar in bars if bar["requests"]] == [(24 * MINUTE, 1)]


def test_without_a_range_it_is_the_last_day(api: Api, world: World, write: Write) -> None:
    write(ago_ms=20 * HOUR)
    answer = api("GET", "logs/timeline?bars=30").json()
    assert (sum(bar["requests"] for bar in answer["bars"]), answer["step_ms"]) == (1, HOUR)


def test_too_many_rows_are_not_passed_for_all(
    api: Api, world: World, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    hour = some_traffic(world, write)
    monkeypatch.setattr(log_timeline, "MOST_ROWS", 2)
    answer = api("GET", f"logs/timeline?from={hour}&to={hour + HOUR}").json()
    assert answer["complete"] is False
    assert hour < answer["counted_from"] <= hour + 25 * MINUTE
    assert sum(bar["requests"] + bar["mirrors"] + bar["running"] for bar in answer["bars"]) == 2


@pytest.mark.parametrize("query", ["from=5&to=5", "from=9&to=5", "from=1", "bars=121", "limit=5", "cursor=x"])
def test_a_timeline_that_does_not_fit_is_refused(api: Api, query: str) -> None:
    assert api("GET", f"logs/timeline?{query}").status_code == 422
