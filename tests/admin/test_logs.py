"""The log list and detail, over rows as the data plane writes them."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import boto3
import pytest
from boto3.dynamodb.types import TypeSerializer
from tests.admin.conftest import Api
from tests.aws_mock import World

from gateway.admin.user_names import user_names
from gateway.neutral.guardrails import Verdict
from gateway.neutral.logrow import Attempt, Caller, Cost, LogRow
from gateway.neutral.usage import Usage
from gateway.stores.log_filter import LogFilter
from gateway.stores.log_items import to_item
from gateway.stores.logs import LogReader, ReadBudget
from gateway.stores.tables import bind

DAY = 86_400_000
Write = Callable[..., str]


@pytest.fixture
def write(world: World) -> Write:
    """Write a row; gives its id."""
    serializer = TypeSerializer()

    def put(ago_ms: int = 0, **changes: Any) -> str:
        made = int(world.time.now * 1000) - ago_ms
        identifier = f"req_{made:012x}{world.clock.entropy(10).hex()}"
        row = LogRow(identifier, made, "POST", "/v1/chat/completions", "openai_chat", 200, int(world.time.now) + 9999)
        item = to_item(replace(row, **changes))
        world.dynamodb.put_item(
            TableName="logs", Item={name: serializer.serialize(value) for name, value in item.items()}
        )
        return identifier

    return put


def every(api: Api, query: str) -> list[str]:
    """All ids of a query, page by page."""
    found: list[str] = []
    cursor = ""
    for _ in range(1000):
        page = api("GET", f"logs?{query}{cursor}").json()
        found += [item["id"] for item in page["items"]]
        if page["next_cursor"] is None:
            return found
        cursor = f"&cursor={page['next_cursor']}"
    raise AssertionError("paging does not end")


def test_pages_are_newest_first_across_days_and_shards_and_cover_everything_once(api: Api, write: Write) -> None:
    ids = [write(ago_ms=number * 3_600_000) for number in range(60)]
    start = min(int(name[4:16], 16) for name in ids)
    for size in (7, 40, 100):
        assert every(api, f"from={start}&limit={size}") == sorted(ids, reverse=True)


def test_rows_that_arrive_between_pages_neither_repeat_nor_hide_others(api: Api, write: Write) -> None:
    old = sorted((write(ago_ms=1000 + number) for number in range(30)), reverse=True)
    start = f"from={int(old[-1][4:16], 16)}"
    first = api("GET", f"logs?limit=10&{start}").json()
    for _ in range(20):
        write()
    assert [item["id"] for item in first["items"]] == old[:10]
    assert every(api, f"limit=10&{start}&cursor={first['next_cursor']}") == old[10:]


def test_a_row_says_everything(api: Api, write: Write) -> None:
    attempts = (
        Attempt("openai", "gpt-4o", "uk_1", 500, "server_error", 12.0, 20.0, "retry"),
        Attempt("openai", "gpt-4o", "uk_2", 200, None, 30.0, 80.0),
    )
    identifier = write(
        caller=Caller("key_1", "team a", "usr_1", "team_1", "10.0.0.1", "curl/8", "ses", "claude"),
        requested_model="smart",
        model="gpt-4o",
        attempts=attempts,
        usage=Usage(10, 5, 1, 2, 7, 3, "upstream", image_output=4, audio_ms_in=1500, characters=9, searches=2),
        cost=Cost(1234, "priced"),
        losses=("top_k: dropped: unknown",),
        request_headers={"accept": "*/*"},
        request_body="<script>alert(1)</script>",
        total_ms=80.0,
    )
    detail = api("GET", f"logs/{identifier}").json()
    assert detail["tokens"] == {
        "input": 18,
        "fresh": 10,
        "cache_read": 5,
        "cache_write_5m": 1,
        "cache_write_1h": 2,
        "output": 7,
        "reasoning": 3,
        "source": "upstream",
        **dict.fromkeys(["audio_input", "audio_output", "image_input", "images_in", "images_out", "audio_ms_out"], 0),
        "image_output": 4,
        "audio_ms_in": 1500,
        "characters": 9,
        "searches": 2,
    }
    assert (detail["retries"], detail["cost_nano"], detail["cost_state"], detail["session"]) == (
        1,
        1234,
        "priced",
        "ses",
    )
    assert [attempt["fault"] for attempt in detail["attempts"]] == ["server_error", None]
    assert detail["request_body"] == "<script>alert(1)</script>"
    assert (detail["request_headers"], detail["body_stored"]) == ({"accept": "*/*"}, False)
    listed = api("GET", "logs").json()["items"][0]
    assert listed == {name: detail[name] for name in listed}
    assert "request_body" not in listed


def test_a_copy_names_its_original_and_attempts_tell_their_kind(api: Api, write: Write, world: World) -> None:
    attempts = (
        Attempt("openai", "a", None, None, "breaker_open", None, 0.0, "next_target", "skip", 1.5),
        Attempt("groq", "b", "uk_1", 200, None, 30.0, 80.0, "stop_success", "call", 2.0),
        Attempt("groq", "c", "uk_1", None, "lost", None, 70.0, "stop_success", "hedge", 32.5, 4321),
    )
    original = write()
    copy = write(mirror_of=original, attempts=attempts)
    detail = api("GET", f"logs/{copy}").json()
    assert (detail["mirror_of"], api("GET", f"logs/{original}").json()["mirror_of"]) == (original, None)
    told = [(one["kind"], one["began_ms"], one["cost_nano"], one["next"]) for one in detail["attempts"]]
    assert told == [
        ("skip", 1.5, None, "next_target"),
        ("call", 2.0, None, "stop_success"),
        ("hedge", 32.5, 4321, "stop_success"),
    ]
    assert detail["retries"] == 1, "a target that was skipped was not called"
    assert {row["id"]: row["mirror_of"] for row in api("GET", "logs").json()["items"]} == {
        copy: original,
        original: None,
    }


def test_a_request_that_has_ended_cannot_be_stopped(api: Api, write: Write, world: World) -> None:
    running, done = write(state="running"), write()
    assert api("POST", f"logs/{running}/stop").status_code == 202
    refused = api("POST", f"logs/{done}/stop")
    assert (refused.status_code, refused.json()["error"]["type"]) == (409, "conflict")
    asked = [item["pk"]["S"] for item in world.items("state") if item["pk"]["S"].startswith("stop#")]
    assert asked == [f"stop#{running}"]


def test_large_bodies_come_from_the_bucket(api: Api, write: Write, world: World) -> None:
    settings = world.services.settings
    bucket = settings.bodies_bucket
    objects = boto3.client("s3", region_name=settings.region)
    objects.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": settings.region})  # type: ignore[typeddict-item]
    try:
        document = {"request_body": "asked " * 1000, "response_body": "r" * 1_000_005}
        objects.put_object(Bucket=bucket, Key="bodies/aa/one.json", Body=json.dumps(document).encode())
        detail = api("GET", f"logs/{write(body_ref='bodies/aa/one.json')}").json()
        assert detail["body_stored"] is True
        assert detail["request_body"] == document["request_body"]
        assert detail["response_body"].endswith("[5 more characters in the bucket]")
        gone = api("GET", f"logs/{write(body_ref='bodies/aa/gone.json')}").json()
        assert (gone["body_stored"], gone["request_body"], gone["response_body"]) == (True, None, None)
    finally:
        objects.delete_object(Bucket=bucket, Key="bodies/aa/one.json")
        objects.delete_bucket(Bucket=bucket)


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("requested_model=gp", {"a", "b"}),
        ("model=gpt-4o-2", {"b"}),
        ("provider=openai", {"a"}),
        ("status=429", {"b"}),
        ("status=4xx", {"b", "c"}),
        ("status=2xx", {"a"}),
        ("error=any", {"b", "c"}),
        ("error=rate_limited", {"b"}),
        ("key_id=key_1", {"a", "c"}),
        ("user_id=usr_2", {"b"}),
        ("session=s3", {"c"}),
        ("min_retries=1", {"b"}),
        ("max_retries=0", {"a", "c"}),
        ("min_tokens=15", {"a", "b"}),
        ("min_tokens=15&max_tokens=15", {"a"}),
        ("min_ms=100&max_ms=200", {"b"}),
        ("min_cost_nano=1", {"a"}),
        ("max_cost_nano=0", {"b"}),
        ("status=4xx&key_id=key_1", {"c"}),
        ("provider=nobody", set()),
    ],
)
def test_filters(api: Api, world: World, write: Write, query: str, wanted: set[str]) -> None:
    attempt = Attempt("p", "m", None, 500, "x", None, 1.0)
    names = {
        write(
            caller=Caller(key_id="key_1", user_id="usr_1", session="s1"),
            requested_model="gpt-4o",
            model="gpt-4o",
            provider="openai",
            usage=Usage(fresh=10, output=5, source="upstream"),
            cost=Cost(50, "priced"),
            total_ms=50.0,
        ): "a",
        write(
            caller=Caller(key_id="key_2", user_id="usr_2", session="s2"),
            requested_model="gpt-5",
            model="gpt-4o-2024",
            provider="azure",
            status=429,
            error="rate_limited",
            attempts=(attempt, attempt),
            usage=Usage(fresh=90, output=9, source="upstream"),
            cost=Cost(0, "priced"),
            total_ms=150.0,
        ): "b",
        write(
            caller=Caller(key_id="key_1", session="s3"), requested_model="claude", status=400, error="invalid_request"
        ): "c",
    }
    start = int(world.time.now * 1000) - 60_000
    assert {names[identifier] for identifier in every(api, f"from={start}&{query}")} == wanted


def test_a_time_range_includes_its_start_and_excludes_its_end(api: Api, write: Write, world: World) -> None:
    now = int(world.time.now * 1000)
    ids = [write(ago_ms=number * DAY // 2) for number in range(10)]
    start, end = now - 3 * DAY, now - DAY
    got = every(api, f"from={start}&to={end}&limit=3")
    made = {identifier: int(identifier[4:16], 16) for identifier in ids}
    assert got == sorted((name for name in ids if start <= made[name] < end), reverse=True)
    assert every(api, f"from={end}&to={start}") == []
    assert every(api, f"from={now + DAY * 5}") == []


@pytest.mark.parametrize(
    "query",
    [
        "status=6xx",
        "status=%25",
        "status=4*",
        "limit=101",
        "from=yesterday",
        "from=-1",
        "to=99999999999999999999",
        "min_ms=x",
        "provider=",
        "sort=asc",
        "model=" + "x" * 300,
        "status=200&status=300&x=1",
    ],
)
def test_a_filter_that_does_not_fit_is_refused(api: Api, query: str) -> None:
    assert api("GET", f"logs?{query}").status_code == 422


@pytest.mark.parametrize("position", ["cmVx", "MXJlcV8", "MXJlcV96enp6", "x"])
def test_a_foreign_cursor_is_refused(api: Api, position: str) -> None:
    assert api("GET", f"logs?cursor={position}").status_code == 400


@pytest.mark.parametrize(
    "identifier", ["req_0", f"req_{'f' * 32}", f"req_{'0' * 32}", "%00", "x" * 500, f"key_{'0' * 32}"]
)
def test_a_row_that_cannot_be_is_not_found(api: Api, identifier: str) -> None:
    assert api("GET", f"logs/{identifier}").status_code == 404


def test_hostile_filters_match_nothing_and_break_nothing(world: World, admin: dict[str, str], write: Write) -> None:
    write(requested_model="gpt-4o", provider="openai")
    start = int(world.time.now * 1000) - 1000
    for text in ("%", "*", ".*", "' OR 1=1 --", ":v0", "#n", "attribute_exists(pk)", "a\x00b", "\u202e", "{}", "$ne"):
        for name in ("requested_model", "provider", "error", "session"):
            answer = world.client.get("/api/admin/logs", params={name: text, "from": start}, headers=admin)
            assert (answer.status_code, answer.json()["items"]) == (200, []), (name, text)


def test_a_call_reads_a_bounded_amount_and_still_gets_further(world: World, write: Write) -> None:
    wanted = [write(ago_ms=number * 60_000, provider="rare" if number % 17 == 0 else "common") for number in range(120)]
    tables, clock = bind(world.services.settings), world.clock
    budget = ReadBudget(units=20, queries=12, rows=8)
    start = min(int(name[4:16], 16) for name in wanted)
    reader = LogReader(tables, clock, 30, budget)
    queries = 0
    connection = tables.log._get_connection()
    plain = connection.query

    def counted(*args: Any, **more: Any) -> Any:
        nonlocal queries
        queries += 1
        return plain(*args, **more)

    connection.query = counted  # type: ignore[method-assign]
    found: list[str] = []
    position: str | None = None
    for _ in range(200):
        queries = 0
        page = reader.page(LogFilter(from_ms=start, provider="rare"), 50, position)
        assert queries <= 12
        found += [row.id for row in page.rows]
        if page.position is None:
            break
        assert position is None or page.position < position, "every call gets further"
        position = page.position
    assert position is not None, "one call was not enough"
    assert found == sorted(wanted[::17], reverse=True)


def test_users_of_the_deployment_have_names(api: Api, write: Write) -> None:
    kim = api("POST", "users", {"username": "kim", "password": "some password 1"}).json()["id"]
    ids = [write(caller=Caller("key_1", "k", user)) for user in (kim, "ann@example.com", "usr_" + "0" * 32, None)]
    listed = {row["id"]: row["user_name"] for row in api("GET", "logs").json()["items"]}
    assert [listed[one] for one in ids] == ["kim", None, None, None]
    assert api("GET", f"logs/{ids[0]}").json()["user_name"] == "kim"
    file = api("GET", "logs/export?format=csv").text.splitlines()
    at = file[0].split(",").index("user_name")
    assert sorted(line.split(",")[at] for line in file[1:]) == ["", "", "", "kim"]


def test_no_more_names_are_read_than_a_hundred() -> None:
    users = CountedUsers()
    assert user_names(users, [*(f"usr_{n}" for n in range(300)), "usr_1", "ann", None]) == {}  # type: ignore[arg-type]
    assert len(users.asked) == 100


class CountedUsers:
    """Users, of whom there are none."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def get(self, identifier: str) -> None:
        self.asked.append(identifier)


def test_the_playgrounds_keys_are_found_as_one(api: Api, write: Write) -> None:
    ids = [write(caller=Caller(f"play_{n}", "Playground of kim", "usr_1")) for n in range(2)]
    write(caller=Caller("key_1", "k"))
    write()
    assert {row["id"] for row in api("GET", "logs?key_id=playground").json()["items"]} == set(ids)
    assert {row["id"] for row in api("GET", "logs?key_id=play_1").json()["items"]} == {ids[1]}


def test_rows_are_found_by_what_guardrails_did(api: Api, write: Write) -> None:
    mask = Verdict("no-cards", "pii", "input", "mask", 2, ("credit_card", "iban"), "Cards")
    block = Verdict("no-cards-2", "deny", "output", "block", 1, ("keyword",))
    masked, blocked, _plain = write(guardrails=(mask,)), write(guardrails=(mask, block)), write()
    for query, wanted in (
        ("guardrail=no-cards", {masked, blocked}),
        ("guardrail=no-cards-2", {blocked}),
        ("guardrail=no-card", set()),
        ("guarded=masked", {masked, blocked}),
        ("guarded=blocked", {blocked}),
        ("guarded=annotated", set()),
    ):
        assert {item["id"] for item in api("GET", f"logs?{query}").json()["items"]} == wanted, query
    assert api("GET", f"logs/{masked}").json()["guardrails"] == [
        {
            "guardrail": "no-cards",
            "name": "Cards",
            "kind": "pii",
            "stage": "input",
            "action": "mask",
            "count": 2,
            "sorts": ["credit_card", "iban"],
        }
    ]
    assert "no-cards:mask, no-cards-2:block" in api("GET", "logs/export?guarded=blocked").text
    assert api("GET", "logs?guardrail=a%22b").status_code == 422
