"""Balances, figures and the audit log under `/api/v1`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from unittest.mock import patch

import pytest
from tests.admin.conftest import Api
from tests.admin.test_dialogs import Person, _key, _made, _person, me, models, she
from tests.aws_mock import World

from gateway.admin import dialog_figures
from gateway.rollups.rows import Finished
from gateway.stores.users import Role

__all__ = ["me", "models", "she"]


@pytest.fixture
def granting(world: World) -> Iterator[None]:
    """A deployment that grants 100 tokens."""
    services = world.client.app.state  # type: ignore[attr-defined]
    before = services.services
    settings = replace(before.settings, token_grant=100)
    balances = type(before.balances)(before.balances._tables, world.clock, 100)
    services.services = replace(before, settings=settings, balances=balances)
    yield
    services.services = before


def test_own_tokens(me: Person, she: Person) -> None:
    own = she("GET", "users/me/tokens").json()
    assert own == {"balance": 0, "total_used": 0, "limit": None, "held": 0, "pays": False}
    owner = _made(she)["user_id"]
    assert me("POST", f"admin/users/{owner}/tokens", {"amount": 500}).json()["balance"] == 500
    assert me("PATCH", f"admin/users/{owner}/limits", {"limit": 700}).json()["limit"] == 700
    assert she("GET", "users/me/tokens").json() == own | {"balance": 500, "limit": 700}
    (entry,) = she("GET", "users/me/tokens/history").json()
    assert (entry["amount"], entry["reason"], entry["user_id"]) == (500, "admin_top_up", owner)
    assert entry["created_at"].endswith("Z")
    assert she("GET", "users/me/tokens/history?skip=1").json() == []


def test_who_pays(she: Person, world: World, api: Api, granting: None) -> None:
    assert she("GET", "users/me/tokens").json() == {
        "balance": 100, "total_used": 0, "limit": None, "held": 0, "pays": True,
    }  # fmt: skip
    for token_balance in (True, False):
        name = f"u{token_balance}"
        assert api("POST", "end-users", {"id": name, "token_balance": token_balance}).status_code == 201
        person, _ = _key(world, api, user_id=name)
        assert person("GET", "users/me/tokens").json()["pays"] is token_balance


def test_changes_with_an_id_happen_once_and_are_exact(me: Person, she: Person, world: World) -> None:
    owner = _made(she)["user_id"]
    path = f"admin/users/{owner}/tokens"
    for expected in (500, -200, -200):
        assert me("POST", path, {"amount": 500, "id": "a"}).json()["balance"] == expected
        assert me("POST", path, {"amount": -700, "id": "b"}).json()["balance"] == -200
    other = me("POST", path, {"amount": 501, "id": "a"})
    assert (other.status_code, other.json()["code"], other.json()["details"]) == (409, "CONFLICT", {"field": "id"})
    assert [one["amount"] for one in me("GET", f"{path}/history").json()] == [-700, 500]
    assert [one["amount"] for one in me("GET", f"{path}/history?skip=1&limit=1").json()] == [500]
    for body in ({}, {"amount": 0}, {"amount": 10**16}, {"amount": 1.5}, {"amount": 1, "reason": "x"}):
        assert me("POST", path, body).status_code == 400
    assert me("PATCH", f"admin/users/{owner}/limits", {}).status_code == 400
    assert me("PATCH", f"admin/users/{owner}/limits", {"limit": -1}).status_code == 400
    assert me("PATCH", f"admin/users/{owner}/limits", {"limit": None}).json()["limit"] is None
    audit = me("GET", "admin/audit?resource_type=end_user").json()
    assert {one["action"] for one in audit} == {"top_up", "deduct", "limit"}
    assert {one["resource_id"] for one in audit} == {owner}


def test_nobody_has_no_balance(me: Person) -> None:
    for method, path, body in (
        ("GET", "admin/users/nobody", None),
        ("GET", "admin/users/nobody/tokens/history", None),
        ("POST", "admin/users/nobody/tokens", {"amount": 1}),
        ("PATCH", "admin/users/nobody/limits", {"limit": 1}),
        ("GET", "admin/balances/nobody", None),
        ("GET", "admin/balances/key%23key_0", None),
        ("GET", "admin/users/%00", None),
        ("GET", f"admin/users/{'x' * 300}", None),
    ):
        answer = me(method, path, body)
        assert (answer.status_code, answer.json()["code"]) == (404, "NOT_FOUND"), path


def test_everybody_is_listed_once_with_true_totals(
    me: Person, world: World, api: Api, user: Callable[[Role], dict[str, str]]
) -> None:
    api("POST", "end-users", {"id": "org/ann", "name": "Ann", "token_balance": True})
    api("POST", "end-users/org/ann/balance", {"amount": 70})
    ann, _ = _key(world, api, user_id="org/ann")
    alone, made = _key(world, api, name="alone")
    known, _ = _key(world, api, user_id="only-by-dialogs")
    for person in (alone, ann, ann, known):
        _made(person)
    operator = _person(world, user("operator"))
    answer = operator("GET", "admin/users")
    rows = answer.json()
    key = f"key#{made['id']}"
    assert [one["user_id"] for one in rows][:3] == ["only-by-dialogs", "org/ann", key], "those last active first"
    assert answer.headers["x-total-count"] == "5"
    assert len(rows) == len({one["user_id"] for one in rows}) == 5
    assert rows[1] == {
        "user_id": "org/ann", "name": "Ann", "dialog_count": 2, "total_tokens_used": 0, "balance": 70, "limit": None,
        "last_activity": rows[1]["last_activity"],
    }  # fmt: skip
    assert operator("GET", "admin/users/org/ann").json() == rows[1]
    assert rows[2]["name"] == "alone"
    assert [one["user_id"] for one in operator("GET", "admin/users?q=ALON").json()] == [key]
    assert operator("GET", f"admin/users/{key.replace('#', '%23')}").json()["name"] == "alone"
    assert [operator("GET", f"admin/users?skip={n}&limit=1").json()[0] for n in range(5)] == rows
    assert operator("GET", "admin/users?skip=5").json() == []
    paged, cursor = [], ""
    while True:
        page = operator("GET", f"admin/balances?limit=2{cursor}").json()
        assert page["total"] == 5
        paged += page["items"]
        if page["next_cursor"] is None:
            break
        cursor = f"&cursor={page['next_cursor']}"
    assert [one["id"] for one in paged] == [one["user_id"] for one in rows]
    assert {one["id"]: one["source"] for one in paged}[key] == "key"
    assert [one["source"] for one in paged[:3]] == ["dialogs", "account", "key"]
    assert (paged[1]["pays"], paged[1]["available"], paged[1]["dialogs"]) == (True, 70, 2)
    assert operator("GET", "admin/balances/org/ann").json() == paged[1]
    assert [one["id"] for one in operator("GET", "admin/balances?q=ANN").json()["items"]] == ["org/ann"]
    assert operator("GET", "admin/balances?dialogs=true").json()["total"] == 3
    for bad in ("cursor=x", "cursor=MS0x", "limit=0"):
        assert operator("GET", f"admin/balances?{bad}").status_code == 400


def _finished(at: str, model: str, user: str, tokens: int, ms: int) -> Finished:
    moment = int(datetime.fromisoformat(at).replace(tzinfo=UTC).timestamp() * 1000)
    adds = {"requests": 1, "input_tokens": tokens, f"t{_bin(ms)}": 1}
    dimensions = (("model", model), ("user", user))
    return Finished("req_1", moment, adds, dimensions, None)  # type: ignore[arg-type]


def _bin(ms: int) -> int:
    from gateway.rollups.sketch import bin_of

    return bin_of(ms)


def test_figures_are_real_and_the_last_day_counts(me: Person, world: World) -> None:
    from gateway.rollups.fold import buckets_of

    rows = [
        _finished("2026-09-01T00:00:00", "big", "ann", 10, 100),
        _finished("2026-09-02T23:59:59", "big", "bob", 20, 300),
        _finished("2026-09-03T00:00:00", "small", "ann", 40, 1000),
    ]
    for row in rows:
        for bucket in buckets_of(row):
            names = {f"#{name}": name for name in row.adds}
            world.dynamodb.update_item(
                TableName="usage",
                Key={"pk": {"S": bucket.pk}, "sk": {"S": bucket.sk}},
                UpdateExpression="ADD " + ", ".join(f"#{name} :{name}" for name in row.adds),
                ExpressionAttributeNames=names,
                ExpressionAttributeValues={f":{name}": {"N": str(amount)} for name, amount in row.adds.items()},
            )
    told = me("GET", "admin/stats?start_date=2026-09-01&end_date=2026-09-02").json()
    assert told.pop("avg_latency_ms") == pytest.approx(200, rel=0.05)
    assert told == {"total_tokens": 30, "active_users": 2, "top_models": [{"model": "big", "usage": 2}]}
    usual = me("GET", "admin/stats").json()
    assert (usual["total_tokens"], [one["model"] for one in usual["top_models"]]) == (70, ["big", "small"])
    empty = me("GET", "admin/stats?start_date=2026-01-01&end_date=2026-01-01").json()
    assert empty == {"total_tokens": 0, "active_users": 0, "top_models": [], "avg_latency_ms": 0.0}
    for bad in (
        "start_date=2026-09-02&end_date=2026-09-01",
        "start_date=x",
        "start_date=2020-01-01",
        "end_date=9999-12-31",
    ):
        assert me("GET", f"admin/stats?{bad}").status_code == 400, bad


def test_the_audit_log_has_filters(me: Person, she: Person, world: World) -> None:
    dialog = _made(she, title="not for the log", system_prompt="nor this")
    she("DELETE", f"dialogs/{dialog['id']}")
    found = me("GET", "admin/audit?resource_type=dialog").json()
    assert [one["action"] for one in found] == ["delete", "create"]
    assert {one["user_id"] for one in found} == {dialog["user_id"]}
    assert "not for" not in str(found)
    assert "nor this" not in str(found)
    assert set(found[0]) == {
        "id", "user_id", "action", "resource_type", "resource_id", "details", "ip_address", "user_agent", "created_at",
    }  # fmt: skip
    day = found[0]["created_at"][:10]

    def count(query: str) -> int:
        return len(me("GET", f"admin/audit?resource_type=dialog&{query}").json())

    assert count("action=create") == 1
    assert count(f"user_id={dialog['user_id']}") == 2
    assert count("user_id=nobody") == 0
    assert count(f"start_date={day}&end_date={day}") == 2, "the last day is included"
    assert count("end_date=2020-01-01") == count("start_date=2030-01-01") == 0
    assert (count("skip=1"), count("skip=2"), count("limit=1")) == (1, 0, 1)
    with patch.object(dialog_figures, "_MOST_PAGES", 1), patch.object(dialog_figures, "_READ", 1):
        refused = me("GET", "admin/audit?user_id=nobody&start_date=2001-01-01")
        assert refused.status_code == 200, "everything was looked at"
        assert me("GET", "admin/audit").json()["details"] == {"field": "start_date"}
    for bad in ("limit=0", "limit=1001", "skip=-1", "start_date=x", "unknown=1"):
        assert me("GET", f"admin/audit?{bad}").status_code == 400


def test_there_is_nothing_to_reload(me: Person, world: World) -> None:
    before = world.items("config")
    told = me("POST", "admin/models/reload").json()
    assert (told["status"], told["number"]) == ("ok", told["number"])
    assert set(told["models"]) == {"z", "smart", "fast", "cheap", "any", "a-embedder", "big"}
    assert world.items("config") == before


def test_a_store_out_of_reach_refuses(me: Person, world: World) -> None:
    from pynamodb.exceptions import GetError

    with patch.object(world.services.dialogs, "get", side_effect=GetError("down")):
        answer = me("GET", "dialogs/dlg_1")
    assert (answer.status_code, answer.json()["code"]) == (503, "SERVICE_UNAVAILABLE")
    assert answer.headers["retry-after"]
