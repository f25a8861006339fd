"""`GET /api/admin/usage` and its export: sums that agree, days as they are where the reader lives, and who may see what."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from itertools import pairwise
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from tests.rollups.samples import DAY, HOUR, NOON, nearest_rank, row, sums, traffic
from tests.rollups.tables import create
from tests.rollups.test_usage import store

from gateway.admin import answers
from gateway.admin.access import signed_in
from gateway.admin.routers import usage
from gateway.admin.usage_time import span, zone
from gateway.clock import Clock
from gateway.neutral.config import Provider, Release
from gateway.stores.usage import TooMuch, UsageReader, UsageUnavailable
from gateway.stores.users import Account, User

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

MIDNIGHT = NOON - 12 * HOUR
PLAIN = [*traffic(50, seed=21, span_ms=3 * DAY, mirrors=0.1), row(999, key_name="=1+1", key_id="key_9", model="a|b%7C")]
ATTRIBUTE = {"key": "key_id", "user": "user_id", "team": "team_id"}
SUMS = tuple(sums([]))
ALL = {"from": MIDNIGHT, "to": MIDNIGHT + 4 * DAY}


class People:
    """One known user."""

    def get(self, identifier: str) -> Account | None:
        return Account(User("user_1", "ada", "user"), "") if identifier == "user_1" else None


def client_of(reader: Any, role: str = "admin", identifier: str = "user_0", now: float = NOON / 1000) -> TestClient:
    app = FastAPI()
    answers.install(app)
    app.include_router(usage.router)
    app.state.usage = reader
    release = Release(providers=(Provider("openai", "Open AI", "openai"),))
    publisher = SimpleNamespace(current=lambda: ("hash", release))
    app.state.services = SimpleNamespace(
        editors=SimpleNamespace(publisher=publisher), users=People(), clock=Clock(wall=lambda: now)
    )
    app.dependency_overrides[signed_in] = lambda: User(identifier, "someone", role)  # type: ignore[arg-type]
    return TestClient(app)


@pytest.fixture(scope="module")
def reader(moto_client: DynamoDBClient) -> Iterator[UsageReader]:
    create(moto_client, "usage-api")
    store(moto_client, "usage-api", PLAIN)
    yield UsageReader(moto_client, "usage-api")
    moto_client.delete_table(TableName="usage-api")


@pytest.fixture(scope="module")
def client(reader: UsageReader) -> TestClient:
    return client_of(reader)


def ask(client: TestClient, **query: Any) -> Any:
    answer = client.get("/api/admin/usage", params={**ALL, **query})
    assert answer.status_code == 200, answer.text
    return answer.json()


def told(figures: Mapping[str, Any]) -> dict[str, int]:
    return {name: figures[name] for name in SUMS if not name.startswith("status_")}


def expected(rows: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    return {name: amount for name, amount in sums(rows).items() if not name.startswith("status_")}


def value(one: Mapping[str, Any], dimension: str) -> str | None:
    return one.get(ATTRIBUTE.get(dimension, dimension))


def added(parts: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    return {name: sum(part[name] for part in parts) for name in expected([])}


GROUPINGS = [
    ["key"], ["user"], ["team"], ["model"], ["provider"], ["route"], ["requested_model"],
    ["key", "model"], ["team", "route"], ["provider", "requested_model"],
]  # fmt: skip


@pytest.mark.parametrize("group_by", GROUPINGS)
@pytest.mark.parametrize("limit", [2, 200])
def test_groups_are_those_of_the_rows_and_add_up_to_the_nano_dollar(
    client: TestClient, group_by: list[str], limit: int
) -> None:
    body = ask(client, group_by=group_by, limit=limit, interval="day")
    wanted: dict[tuple[str | None, ...], list[Any]] = {}
    for one in PLAIN:
        wanted.setdefault(tuple(value(one, name) for name in group_by), []).append(one)
    found = {tuple(group["ids"][name] for name in group_by): told(group["figures"]) for group in body["groups"]}
    assert found == {ids: expected(wanted[ids]) for ids in found}
    assert len(found) == min(limit, len(wanted))
    rest = [body["rest"]["figures"]] if body["rest"] else []
    assert (body["rest"] or {"groups": 0})["groups"] == len(wanted) - len(found)
    whole = expected(PLAIN)
    assert told(body["totals"]) == whole
    assert added([group["figures"] for group in body["groups"]] + rest) == whole
    assert added([point["figures"] for point in body["series"]]) == whole
    costs = [group["figures"]["total_cost_nano"] for group in body["groups"]]
    assert costs == sorted(costs, reverse=True)
    lines = [part["lines"] for part in (*body["groups"], *([body["rest"]] if body["rest"] else []))]
    for number, point in enumerate(body["series"]):
        assert sum(line["cost_nano"][number] for line in lines) == point["figures"]["total_cost_nano"]
        assert sum(line["requests"][number] for line in lines) == point["figures"]["requests"]


@pytest.mark.parametrize(
    "filters",
    [
        {},
        {"user": "user_1"},
        {"requested_model": "smart"},
        {"key": "key_2", "model": "gpt-x"},
        {"model": "a|b%7C"},
        {"team": "nobody"},
    ],
)
@pytest.mark.parametrize("group_by", [[], ["model"], ["user", "provider"]])
def test_filters_hold_exactly(client: TestClient, filters: dict[str, str], group_by: list[str]) -> None:
    body = ask(client, group_by=group_by, interval="none", **filters)
    rows = [one for one in PLAIN if all(value(one, name) == text for name, text in filters.items())]
    assert told(body["totals"]) == expected(rows)
    assert (body["series"], [group["lines"] for group in body["groups"] if group["lines"]]) == ([], [])
    if group_by:
        assert added([group["figures"] for group in body["groups"]]) == expected(rows)


def test_what_was_paid_altogether(client: TestClient) -> None:
    whole = ask(client)["totals"]
    assert whole["total_cost_nano"] == whole["cost_nano"] + whole["lost_cost_nano"] + whole["mirror_cost_nano"]
    assert whole["mirrors"] > 0


def test_latencies_are_told_for_one_dimension_and_not_for_two(client: TestClient) -> None:
    for group in ask(client, group_by=["provider"])["groups"]:
        rows = [one for one in PLAIN if one["provider"] == group["ids"]["provider"] and not one.get("mirror_of")]
        exact = nearest_rank([one["total_ms"] for one in rows], 99)
        assert group["figures"]["total_p99_ms"] == pytest.approx(exact, rel=0.05)
    (first, *_) = ask(client, group_by=["provider", "model"])["groups"]
    assert first["figures"]["total_p50_ms"] is None


def test_names_stand_beside_ids(client: TestClient) -> None:
    names = {
        (name, group["ids"][name]): group["names"][name]
        for group_by in (["key", "user"], ["provider"])
        for group in ask(client, group_by=group_by, limit=200)["groups"]
        for name in group_by
    }
    assert names["key", "key_2"] == "Key 2"
    assert names["key", None] is None
    assert (names["user", "user_1"], names["user", "user_2"]) == ("ada", None)
    assert (names["provider", "openai"], names["provider", "anthropic"]) == ("Open AI", None)


def test_the_time_before(client: TestClient) -> None:
    body = ask(client, **{"from": MIDNIGHT + 2 * DAY, "to": MIDNIGHT + 4 * DAY}, group_by=["model"], compare="previous")
    rows = [one for one in PLAIN if one["time_ms"] < MIDNIGHT + 2 * DAY]
    assert (body["previous_from"], told(body["previous"])) == (MIDNIGHT, expected(rows))
    for group in body["groups"]:
        assert told(group["previous"]) == expected([one for one in rows if one["model"] == group["ids"]["model"]])
    assert ask(client)["previous"] is None


@pytest.mark.parametrize("timezone", ["UTC", "Europe/Berlin", "America/Los_Angeles", "Asia/Kolkata"])
@pytest.mark.parametrize("interval", ["hour", "day"])
def test_intervals_hold_their_rows(client: TestClient, timezone: str, interval: str) -> None:
    body = ask(client, timezone=timezone, interval=interval, group_by=["team"])
    series = body["series"]
    assert (series[0]["start"], series[-1]["end"]) == (body["from"], body["to"])
    for point, following in pairwise(series):
        assert point["end"] == following["start"]
    for point in series:
        rows = [one for one in PLAIN if point["start"] <= one["time_ms"] < point["end"]]
        assert told(point["figures"]) == expected(rows)
        if interval == "day" and timezone != "Asia/Kolkata":
            local = datetime.fromtimestamp(point["start"] / 1000, zone(timezone))
            assert (local.hour, local.minute) == (0, 0)


def at(*moment: int) -> int:
    return int(datetime(*moment, tzinfo=UTC).timestamp()) * 1000  # type: ignore[arg-type, misc]


@pytest.mark.parametrize(
    ("name", "day", "start", "hours"),
    [
        ("Europe/Berlin", (2026, 3, 29), (2026, 3, 28, 23), 23),
        ("Europe/Berlin", (2026, 10, 25), (2026, 10, 24, 22), 25),
        ("America/New_York", (2026, 3, 8), (2026, 3, 8, 5), 23),
        ("America/New_York", (2026, 11, 1), (2026, 11, 1, 4), 25),
        ("Africa/Cairo", (2026, 4, 24), (2026, 4, 23, 22), 23),  # midnight itself is skipped
        ("America/Havana", (2026, 11, 1), (2026, 11, 1, 4), 25),  # midnight comes twice
        ("Australia/Lord_Howe", (2026, 6, 1), (2026, 5, 31, 13), 24),  # 13:30 UTC
        ("Asia/Kathmandu", (2026, 6, 1), (2026, 5, 31, 18), 24),  # 18:15 UTC
        ("UTC", (2026, 6, 1), (2026, 6, 1), 24),
    ],
)
def test_days_of_changing_clocks(name: str, day: tuple[int, int, int], start: tuple[int, ...], hours: int) -> None:
    noon = int(datetime(*day, 12, tzinfo=zone(name)).timestamp()) * 1000
    (window,) = span(noon, noon + 1, "day", zone(name)).windows
    assert (window.start_ms, window.end_ms - window.start_ms) == (at(*start), hours * HOUR)


def test_a_year_of_days_has_no_gap_and_its_time_before_is_as_many_days() -> None:
    covered = span(at(2026, 1, 15, 7), at(2026, 12, 20, 7), "day", zone("America/New_York"))
    assert len(covered.windows) == 340
    assert all(a.end_ms == b.start_ms for a, b in pairwise(covered.windows))
    before = span(covered.before.start_ms, covered.before.end_ms, "day", zone("America/New_York"))
    assert (len(before.windows), before.end_ms) == (340, covered.start_ms)


def table(client: TestClient, **query: Any) -> list[dict[str, str]]:
    answer = client.get("/api/admin/usage/export", params={**ALL, **query})
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/csv; charset=utf-8")
    assert answer.headers["content-disposition"] == 'attachment; filename="usage.csv"'
    return list(csv.DictReader(io.StringIO(answer.text)))


@pytest.mark.parametrize("group_by", [[], ["key"], ["key", "model"]])
def test_an_export_has_every_group_and_agrees_with_the_report(client: TestClient, group_by: list[str]) -> None:
    rows = table(client, group_by=group_by, timezone="Europe/Berlin")
    document = client.get(
        "/api/admin/usage/export", params={**ALL, "group_by": group_by, "timezone": "Europe/Berlin", "format": "json"}
    ).json()
    assert len(rows) == len(document["rows"])
    for text, plain in zip(rows, document["rows"], strict=True):
        assert list(text) == [
            "start",
            "end",
            *(c for g in group_by for c in (g, f"{g}_name")),
            *list(plain)[2 + 2 * len(group_by) :],
        ]
        assert text["total_cost_nano"] == str(plain["total_cost_nano"])
        assert text["total_cost_usd"].replace(".", "").lstrip("0") == str(plain["total_cost_nano"]).lstrip("0")
        assert plain["start"].endswith("T00:00:00+02:00")
    assert added(document["rows"]) == expected(PLAIN)


def test_no_field_of_an_export_begins_a_formula(client: TestClient) -> None:
    names = {one["key_name"] for one in table(client, group_by=["key"])}
    assert "'=1+1" in names
    document = client.get("/api/admin/usage/export", params={**ALL, "group_by": ["key"], "format": "json"}).json()
    assert "=1+1" in {one["key_name"] for one in document["rows"]}


def test_users_see_their_own_and_nothing_else(reader: UsageReader) -> None:
    client = client_of(reader, "user", "user_1")
    mine = [one for one in PLAIN if one["user_id"] == "user_1"]
    assert told(ask(client)["totals"]) == expected(mine)
    body = ask(client, group_by=["user", "key"], user="user_1")
    assert {group["ids"]["user"] for group in body["groups"]} == {"user_1"}
    assert added(body["groups"] and [group["figures"] for group in body["groups"]]) == expected(mine)
    for path in ("usage", "usage/export"):
        answers = [client.get(f"/api/admin/{path}", params={**ALL, "user": name}) for name in ("user_2", "nobody")]
        assert [(one.status_code, one.json()["error"]["field"]) for one in answers] == [(403, "user")] * 2
        said = [{**one.json()["error"], "request_id": ""} for one in answers]
        assert said[0] == said[1], "whether there is such a user is not told"
    own = list(
        csv.DictReader(io.StringIO(client.get("/api/admin/usage/export", params={**ALL, "group_by": "user"}).text))
    )
    assert {one["user"] for one in own} == {"user_1"}
    assert told(ask(client_of(reader, "operator"))["totals"]) == expected(PLAIN)


@pytest.mark.parametrize(
    "query",
    [
        {"group_by": ["key", "user", "team"]},
        {"group_by": ["key", "key"]},
        {"group_by": ["all"]},
        {"group_by": ["cell"]},
        {"timezone": "Mars/Olympus"},
        {"timezone": "../../etc/passwd"},
        {"timezone": "Europe"},
        {"timezone": ""},
        {"timezone": "\u0000"},
        {"interval": "minute"},
        {"interval": "hour", "to": MIDNIGHT + 32 * DAY},
        {"to": MIDNIGHT + 401 * DAY},
        {"to": MIDNIGHT},
        {"from": 5},
        {"limit": 201},
        {"limit": 0},
        {"compare": "next"},
        {"format": "csv"},
        {"user": ""},
    ],
)
def test_a_bad_question_is_refused(client: TestClient, query: dict[str, Any]) -> None:
    answer = client.get("/api/admin/usage", params={**ALL, **query})
    assert (answer.status_code, answer.json()["error"]["type"]) == (422, "validation_error")


def test_hours_that_have_expired_are_refused_and_whole_utc_days_are_not(reader: UsageReader) -> None:
    client = client_of(reader, now=NOON / 1000 + 420 * 86_400)
    answer = client.get("/api/admin/usage", params={**ALL, "timezone": "Europe/Berlin"})
    assert (answer.status_code, answer.json()["error"]["field"]) == (422, "from")
    assert told(ask(client)["totals"]) == expected(PLAIN)


class Failing:
    """A reader that cannot."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    def grid(self, *_: Any, **__: Any) -> Any:
        raise self.error


def test_too_much_is_refused_and_a_busy_table_is_unavailable() -> None:
    for error, status in ((TooMuch(), 422), (UsageUnavailable("the table is too busy"), 503)):
        client = client_of(Failing(error))
        for path in ("usage", "usage/export"):
            assert client.get(f"/api/admin/{path}", params={**ALL, "group_by": "key"}).status_code == status
