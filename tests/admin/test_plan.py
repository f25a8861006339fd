"""The dry run, and the routes that are there without having been made."""

from __future__ import annotations

from typing import Any

import pytest
from tests.admin.conftest import Api
from tests.aws_mock import World

from gateway import catalog
from gateway.stores.health_items import breaker_key

SECRET = "sk-proj-abcdefghijklmnop1234"
TEAM = {"field": "headers.x-team", "op": "eq", "value": "blue"}


@pytest.fixture
def smart(api: Api, openai: str) -> str:
    """A route over two providers; the first is only for a team."""
    api("POST", "providers", {"id": "groq", "kind": "groq"})
    for name in ("openai", "groq"):
        assert api("POST", f"providers/{name}/keys", {"value": SECRET}).status_code == 201
    api("POST", "models", {"id": "gpt-4o", "provider": "openai", "price": {"input": "1", "output": "2"}})
    targets = [
        {"provider": "openai", "model": "gpt-4o", "rules": {"all": [TEAM]}},
        {"provider": "groq", "model": "llama", "priority": 1},
    ]
    assert api("POST", "routes", {"id": "smart", "targets": targets}).status_code == 201
    return "smart"


def plan(api: Api, **body: Any) -> dict[str, Any]:
    answer = api("POST", "plan", body)
    assert answer.status_code == 200, answer.text
    assert SECRET not in answer.text
    assert "ciphertext" not in answer.text
    found: dict[str, Any] = answer.json()
    return found


def names(found: dict[str, Any]) -> list[str]:
    return [f"{one['provider']}/{one['model']}" for one in found["candidates"]]


def test_a_rule_decides_and_says_what_it_saw(api: Api, smart: str) -> None:
    body = {"messages": [{"role": "user", "content": "hello " * 100}], "max_tokens": 10}
    blue = plan(api, model=smart, headers={"X-Team": "blue", "Authorization": "Bearer abc"}, body=body)
    assert names(blue) == ["openai/gpt-4o", "groq/llama"]
    assert (blue["route"], blue["strategy"], blue["strategy_from"], blue["refusal"]) == (
        smart,
        "priority",
        "route",
        None,
    )
    first = blue["candidates"][0]
    assert [key["hint"] for key in first["keys"]] == ["sk-****1234"]
    estimate = first["estimate"]
    assert (estimate["output_tokens"], estimate["counted"], estimate["assumed"]) == (10, True, False)
    assert estimate["nano_usd"] == estimate["input_tokens"] * 1000 + 10 * 2000 > 0
    verdict = blue["targets"][0]["verdict"]
    assert (verdict["kind"], verdict["holds"], verdict["children"][0]["seen"]) == ("all", True, "blue")
    red = plan(api, model=smart, headers={"x-team": "red"}, body=body)
    assert names(red) == ["groq/llama"]
    assert red["skipped"] == [{"provider": "openai", "model": "gpt-4o", "reason": "rules", "until_ms": 0}]
    assert red["targets"][0]["verdict"]["children"][0] == {
        "path": "all[0]",
        "kind": "leaf",
        "holds": False,
        "field": "headers.x-team",
        "op": "eq",
        "value": "blue",
        "seen": "red",
        "children": [],
    }


def test_a_credential_of_the_request_is_neither_seen_nor_repeated(api: Api, smart: str) -> None:
    rules = {"any": [{"field": "headers.authorization", "op": "exists", "value": True}, TEAM]}
    draft = {"id": "d", "targets": [{"provider": "groq", "model": "m", "rules": rules}]}
    answer = api(
        "POST", "plan", {"draft_route": draft, "headers": {"Authorization": "Bearer canary-4711", "X-Team": "blue"}}
    )
    assert answer.status_code == 200, answer.text
    assert "4711" not in answer.text
    assert answer.json()["targets"][0]["verdict"]["children"][0]["holds"] is False


def test_the_same_seed_and_moment_give_the_same_plan(api: Api, openai: str) -> None:
    targets = [{"provider": "openai", "model": f"m{number}"} for number in range(8)]
    api("POST", "providers/openai/keys", {"value": SECRET})
    assert api("POST", "routes", {"id": "r", "targets": targets, "strategy": "weighted"}).status_code == 201
    first = plan(api, model="r")
    assert first["seed"] < 2**53
    again = plan(api, model="r", seed=first["seed"], at=first["at"])
    assert again == first
    others = {tuple(names(plan(api, model="r", seed=seed))) for seed in range(20)}
    assert len(others) > 5, "chance comes from the seed"


def test_a_draft_is_planned_with_and_not_saved(api: Api, world: World, smart: str) -> None:
    before = world.configuration()
    draft = {"id": smart, "targets": [{"provider": "groq", "model": "other"}], "strategy": "cost"}
    found = plan(api, draft_route=draft)
    assert (names(found), found["strategy"], found["requested"]) == (["groq/other"], "cost", smart)
    assert names(plan(api, model=smart)) == ["groq/llama"]
    assert world.configuration() == before


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "model"),
        ({"model": ""}, "model"),
        ({"model": "smart", "dialect": "morse"}, "dialect"),
        ({"model": "smart", "key_id": "key_none"}, "key_id"),
        ({"model": "smart", "seed": -1}, "seed"),
        ({"model": "smart", "seed": 2**64}, "seed"),
        ({"model": "smart", "at": -5}, "at"),
        ({"model": "smart", "headers": {"x": 5}}, "headers.x"),
        ({"model": "smart", "body": []}, "body"),
        ({"model": "smart", "colour": "red"}, "colour"),
        ({"draft_route": {"id": "d", "targets": []}}, "draft_route.targets"),
        (
            {"draft_route": {"id": "d", "targets": [{"provider": "nobody", "model": "m"}]}},
            "draft_route.targets[0].provider",
        ),
        (
            {
                "draft_route": {
                    "id": "d",
                    "targets": [{"provider": "groq", "model": "m", "rules": {"all": [{"field": "x"}]}}],
                }
            },
            "draft_route.targets[0].rules.all[0]",
        ),
    ],
)
def test_a_dry_run_that_does_not_fit_is_refused_by_name(api: Api, smart: str, body: dict[str, Any], field: str) -> None:
    answer = api("POST", "plan", body)
    assert (answer.status_code, answer.json()["error"]["field"]) == (422, field), answer.text


def test_what_a_real_request_would_be_refused_is_an_answer(api: Api, world: World, smart: str) -> None:
    unknown = plan(api, model="smrt")
    assert (unknown["refusal"]["status"], unknown["candidates"], unknown["route"]) == (404, [], None)
    assert "smart" in unknown["refusal"]["message"]
    hint = plan(api, model=smart, headers={"x-gateway-strategy": "astrology"})
    assert hint["refusal"]["status"] == 400
    now = world.clock.now_ms()
    key = breaker_key(("groq", "llama"))
    item = {**key, "provider": "groq", "model": "llama"}
    values = {name: {"S": value} for name, value in item.items()} | {"until_ms": {"N": str(now + 30_000)}}
    world.dynamodb.put_item(TableName="state", Item={**values, "ttl": {"N": "9999999999"}})
    nobody = plan(api, model=smart)
    assert [one["reason"] for one in nobody["skipped"]] == ["rules", "breaker_open"]
    assert (nobody["refusal"]["status"], nobody["refusal"]["retry_after"] is not None) == (503, True)


def test_a_key_brings_its_limits_along(api: Api, smart: str) -> None:
    key = api("POST", "keys", {"name": "k", "allowed_providers": ["groq"]}).json()["id"]
    found = plan(api, model=smart, key_id=key, headers={"x-team": "blue"})
    assert names(found) == ["groq/llama"]
    assert [(one["provider"], one["reason"]) for one in found["skipped"]] == [("openai", "not_allowed")]
    assert plan(api, model="openai/gpt-4o", key_id=key)["refusal"]["status"] == 403


@pytest.mark.parametrize(
    "body",
    [
        {"messages": "no list"},
        {"messages": [None, 5, {"content": {"a": 1}}]},
        {"max_tokens": "many", "tools": 7, "metadata": [], "routing": "x", "user": {}},
        {"system": {"deep": [[[[[[[[[[]]]]]]]]]]}},
    ],
    ids=str,
)
def test_no_body_breaks_it(api: Api, smart: str, body: dict[str, Any]) -> None:
    for dialect in ("openai_chat", "openai_responses", "openai_embeddings", "anthropic_messages", "gemini"):
        assert names(plan(api, model=smart, dialect=dialect, body=body)) == ["groq/llama"]


def test_text_that_is_no_text_is_answered(world: World, admin: dict[str, str], smart: str) -> None:
    rules = '{"field": "body.user", "op": "eq", "value": "x"}'
    draft = f'"draft_route": {{"id": "d", "targets": [{{"provider": "groq", "model": "m", "rules": {rules}}}]}}'
    odd = '{"user": "\\ud800", "messages": "\\ud800"}'
    headers = {**admin, "content-type": "application/json"}
    for body, status in (
        (f'{{{draft}, "body": {odd}}}', 200),
        ('{"model": "\\ud800"}', 422),
        ('{"model": "smart", "headers": {"x-team": "\\ud800"}}', 422),
    ):
        answer = world.client.post("/api/admin/plan", content=body, headers=headers)
        assert answer.status_code == status, answer.text


def test_a_deep_body_is_no_failure_of_ours(world: World, admin: dict[str, str], smart: str) -> None:
    headers = {**admin, "content-type": "application/json"}
    for depth in (400, 5_000, 200_000):
        body = f'{{"model": "smart", "body": {{"messages": {"[" * depth}{"]" * depth}}}}}'
        answer = world.client.post("/api/admin/plan", content=body, headers=headers)
        assert answer.status_code in {200, 400, 422}, (depth, answer.text)


def test_built_in_routes_are_listed_until_one_of_their_name_is_made(api: Api, openai: str) -> None:
    known = set(catalog.logical_models())
    listed = {row["id"]: row for row in api("GET", "routes").json()["items"]}
    assert set(listed) <= known
    assert all(row["built_in"] and row["version"] == 0 for row in listed.values())
    assert listed["smart"]["targets"][0]["provider"] == "openai"
    one = api("GET", "routes/smart")
    assert (one.json(), "etag" in one.headers) == (listed["smart"], False)
    assert api("PATCH", "routes/smart", {"active": False}).status_code == 404
    assert api("DELETE", "routes/smart").status_code == 404
    assert api("GET", "routes/no-such").status_code == 404
    made = api("POST", "routes", {"id": "smart", "targets": [{"provider": "openai", "model": "mine"}]}).json()
    assert (made["built_in"], made["version"]) == (False, 1)
    rows = [row for row in api("GET", "routes").json()["items"] if row["id"] == "smart"]
    assert rows == [made], "once, and ours"
    api("DELETE", "routes/smart")
    assert api("GET", "routes/smart").json()["built_in"] is True


def test_built_in_routes_come_behind_the_last_page(api: Api, openai: str) -> None:
    for number in range(3):
        api("POST", "routes", {"id": f"r{number}", "targets": [{"provider": "openai", "model": "m"}]})
    first = api("GET", "routes?limit=2").json()
    assert [row["id"] for row in first["items"]] == ["r0", "r1"]
    second = api("GET", f"routes?limit=2&cursor={first['next_cursor']}").json()
    assert (second["items"][0]["id"], second["next_cursor"]) == ("r2", None)
    assert all(row["built_in"] for row in second["items"][1:])
    assert len(second["items"]) > 1
