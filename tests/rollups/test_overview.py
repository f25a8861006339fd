"""`GET /api/admin/overview`: the figures, the limits, and who may see them."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from tests.rollups.samples import DAY, HOUR, NOON, nearest_rank, sums, traffic
from tests.rollups.tables import create
from tests.rollups.test_usage import store

from gateway.admin import answers, overview
from gateway.admin.access import signed_in
from gateway.stores.usage import UsageReader
from gateway.stores.users import User

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

PLAIN = traffic(80, seed=11, span_ms=2 * DAY)
SUMS = ("requests", "errors", "input_tokens", "output_tokens", "cost_nano")


def application(reader: UsageReader) -> FastAPI:
    app = FastAPI()
    answers.install(app)
    app.include_router(overview.router)
    app.state.usage = reader
    return app


@pytest.fixture(scope="module")
def reader(moto_client: DynamoDBClient) -> Iterator[UsageReader]:
    create(moto_client, "usage-overview")
    store(moto_client, "usage-overview", PLAIN)
    yield UsageReader(moto_client, "usage-overview")
    moto_client.delete_table(TableName="usage-overview")


def client_of(reader: UsageReader, role: str) -> TestClient:
    app = application(reader)
    app.dependency_overrides[signed_in] = lambda: User("u1", "someone", role)  # type: ignore[arg-type]
    return TestClient(app)


@pytest.fixture(scope="module")
def client(reader: UsageReader) -> TestClient:
    return client_of(reader, "admin")


def ask(client: TestClient, **query: Any) -> Any:
    answer = client.get("/api/admin/overview", params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


def between(start: int, end: int) -> list[dict[str, Any]]:
    return [one for one in PLAIN if start <= one["time_ms"] < end]


def some(figures: dict[str, Any]) -> dict[str, int]:
    return {name: figures[name] for name in SUMS}


def expected(rows: list[dict[str, Any]]) -> dict[str, int]:
    return some(sums(rows))


@pytest.mark.parametrize("bucket", ["hour", "day"])
def test_the_figures_are_those_of_the_rows(client: TestClient, bucket: str) -> None:
    width = HOUR if bucket == "hour" else DAY
    start, end = (NOON + DAY, NOON + 2 * DAY) if bucket == "hour" else (NOON + 12 * HOUR, NOON + 36 * HOUR)
    body = ask(client, **{"from": start, "to": end, "bucket": bucket})
    rows = between(start, end)
    assert list(body) == [
        "bucket", "from", "to", "totals", "previous", "series", "models", "keys", "providers", "truncated",
    ]  # fmt: skip
    assert (body["bucket"], body["from"], body["to"], body["truncated"]) == (bucket, start, end, False)
    assert some(body["totals"]) == expected(rows)
    total = sums(rows)
    assert body["totals"]["unpriced"] == total["unpriced"]
    kept = ("cache_hits", "saved_nano")
    paid = total["cost_nano"] + total["lost_cost_nano"] + total["mirror_cost_nano"]
    assert body["totals"]["total_cost_nano"] == paid
    assert {name: body["totals"][name] for name in kept} == {name: total[name] for name in kept}
    assert some(body["previous"]) == expected(between(2 * start - end, start))
    assert [point["start"] for point in body["series"]] == list(range(start, end, width))
    for point in body["series"]:
        assert some(point) == expected(between(point["start"], point["start"] + width))


def test_percentiles_are_within_five_percent(client: TestClient) -> None:
    start, end = NOON, NOON + 2 * DAY
    totals = ask(client, **{"from": start, "to": end})["totals"]
    for field, name in (("first_byte", "first_byte_ms"), ("total", "total_ms")):
        for percent in (50, 95):
            exact = nearest_rank([one[name] for one in between(start, end) if name in one], percent)
            assert totals[f"{field}_p{percent}_ms"] == pytest.approx(exact, rel=0.05)


def test_the_lists_name_models_keys_and_providers(client: TestClient) -> None:
    body = ask(client, **{"from": NOON, "to": NOON + 2 * DAY})
    for model in body["models"]:
        assert {**some(model), "name": model["name"]} == model
        assert some(model) == expected([one for one in PLAIN if one["model"] == model["name"]])
    assert {key["id"]: key["name"] for key in body["keys"]} == {f"key_{n}": f"Key {n}" for n in range(1, 6)}
    assert [key["requests"] for key in body["keys"]] == sorted((key["requests"] for key in body["keys"]), reverse=True)
    for provider in body["providers"]:
        samples = [o["first_byte_ms"] for o in PLAIN if o["provider"] == provider["name"] and "first_byte_ms" in o]
        assert provider["first_byte_p95_ms"] == pytest.approx(nearest_rank(samples, 95), rel=0.05)
    assert len(body["models"]) == 3


def test_an_empty_range_is_all_zeros_and_nulls(client: TestClient) -> None:
    body = ask(client, **{"from": NOON - 90 * DAY, "to": NOON - 89 * DAY})
    assert some(body["totals"]) == dict.fromkeys(SUMS, 0)
    assert (body["totals"]["total_p95_ms"], body["totals"]["first_byte_p50_ms"]) == (None, None)
    assert (len(body["series"]), body["models"], body["keys"], body["providers"]) == (24, [], [], [])


def test_a_range_is_widened_to_whole_buckets(client: TestClient) -> None:
    body = ask(client, **{"from": NOON + 1, "to": NOON + HOUR + 1, "bucket": "hour"})
    assert (body["from"], body["to"], len(body["series"])) == (NOON, NOON + 2 * HOUR, 2)


@pytest.mark.parametrize(("bucket", "days", "points"), [("hour", 14, 336), ("day", 400, 400)])
def test_the_longest_ranges(client: TestClient, bucket: str, days: int, points: int) -> None:
    midnight = NOON + 12 * HOUR
    assert len(ask(client, **{"from": midnight - days * DAY, "to": midnight, "bucket": bucket})["series"]) == points
    refused = client.get("/api/admin/overview", params={"from": NOON - days * DAY - 1, "to": NOON, "bucket": bucket})
    assert refused.status_code == 422
    assert f"at most {days} days" in refused.json()["error"]["message"]


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"from": NOON},
        {"to": NOON},
        {"from": NOON, "to": NOON},
        {"from": NOON, "to": NOON - 1},
        {"from": 0, "to": DAY},
        {"from": -1, "to": NOON},
        {"from": NOON, "to": 10**30},
        {"from": "now", "to": NOON},
        {"from": NOON + 0.5, "to": NOON + HOUR},
        {"from": NOON, "to": NOON + HOUR, "bucket": "minute"},
        {"from": NOON, "to": NOON + HOUR, "unknown": "1"},
        {"from": "\u0000", "to": "9" * 5000},
    ],
)
def test_a_bad_range_is_refused(client: TestClient, query: dict[str, Any]) -> None:
    answer = client.get("/api/admin/overview", params=query)
    assert answer.status_code == 422
    assert answer.json()["error"]["type"] == "validation_error"


@pytest.mark.parametrize(("role", "status"), [("admin", 200), ("operator", 200), ("user", 403)])
def test_who_may_look(reader: UsageReader, role: str, status: int) -> None:
    answer = client_of(reader, role).get("/api/admin/overview", params={"from": NOON, "to": NOON + HOUR})
    assert answer.status_code == status


def test_the_document_names_the_fields_as_sent(reader: UsageReader) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        document = application(reader).openapi()
    operation = document["paths"]["/api/admin/overview"]["get"]
    assert [one["name"] for one in operation["parameters"] if one["in"] == "query"] == ["from", "to", "bucket"]
    assert {"from", "to"} <= set(document["components"]["schemas"]["Overview"]["required"])
