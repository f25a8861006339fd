"""Limits of keys, teams and end users: what can be said, where it stands, and what is refused."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from pydantic import ValidationError
from tests.admin.conftest import Api
from tests.aws_mock import ENVIRON, World

from admin.app import apply_document
from gateway.admin.document import DocumentError
from gateway.admin.limit_schemas import LimitsIO
from gateway.admin.limit_shapes import limits_io, limits_value
from gateway.catalog.pricing import nano_from_usd, usd_from_nano
from gateway.neutral.config_reading import virtual_key_from_json
from gateway.neutral.limits import Budget, Limits

ALL = {
    "requests_per_minute": 60,
    "tokens_per_minute": 100_000,
    "concurrent": 4,
    "budgets": [
        {"period": "day", "usd": "12.5", "timezone": "Europe/Berlin", "reset_time": "06:30", "reset_day": 1},
        {"period": "month", "usd": "0.000000001", "timezone": "UTC", "reset_time": "00:00", "reset_day": 28},
        {"period": "total", "usd": "0", "timezone": "UTC", "reset_time": "00:00", "reset_day": 1},
    ],
}


def test_limits_are_kept_exactly_and_there_and_back() -> None:
    value = limits_value(LimitsIO.model_validate(ALL))
    assert value.budgets[0] == Budget("day", 12_500_000_000, "Europe/Berlin", "06:30")
    assert [budget.nano_usd for budget in value.budgets] == [12_500_000_000, 1, 0]
    back = limits_io(value)
    assert back is not None
    assert back.model_dump() == ALL
    assert limits_io(Limits()) is None
    assert limits_value(LimitsIO()) == Limits() == limits_value(None)


@pytest.mark.parametrize(
    "part",
    [
        {"requests_per_minute": 0},
        {"requests_per_minute": 1.5},
        {"requests_per_minute": "60"},
        {"tokens_per_minute": True},
        {"concurrent": -1},
        {"colour": "red"},
        {"budgets": [{"period": "week", "usd": "1"}]},
        {"budgets": [{"period": "day"}]},
        {"budgets": [{"period": "day", "usd": 1}]},
        {"budgets": [{"period": "day", "usd": "-1"}]},
        {"budgets": [{"period": "day", "usd": "1e3"}]},
        {"budgets": [{"period": "day", "usd": "0.0000000001"}]},
        {"budgets": [{"period": "day", "usd": "٣"}]},
        {"budgets": [{"period": "day", "usd": "1", "timezone": "Mars/Olympus"}]},
        {"budgets": [{"period": "day", "usd": "1", "timezone": "../etc/passwd"}]},
        {"budgets": [{"period": "day", "usd": "1", "reset_time": "24:00"}]},
        {"budgets": [{"period": "day", "usd": "1", "reset_time": "7:00"}]},
        {"budgets": [{"period": "month", "usd": "1", "reset_day": 29}]},
        {"budgets": [{"period": "month", "usd": "1", "reset_day": 0}]},
        {"budgets": [{"period": "day", "usd": "1"}, {"period": "day", "usd": "2"}]},
        {"budgets": [{"period": "day", "usd": "1", "nano_usd": 1}]},
    ],
)
def test_what_is_no_limit_is_refused(part: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        LimitsIO.model_validate(part)


def test_amounts_are_exact_to_the_nano_dollar() -> None:
    assert nano_from_usd("999999999.999999999") == 999_999_999_999_999_999
    assert usd_from_nano(999_999_999_999_999_999) == "999999999.999999999"
    assert usd_from_nano(25_000_000_000) == "25"
    with pytest.raises(ValueError, match=r"finer than 0\.000000001 USD"):
        nano_from_usd("0.0000000001")


def test_a_key_has_limits_until_they_are_taken_away(api: Api, world: World) -> None:
    key = api("POST", "keys", {"name": "k", "limits": ALL}).json()
    assert key["limits"] == ALL
    [stored] = [item for item in world.items("keys") if item["pk"]["S"].startswith("key#")]
    assert virtual_key_from_json(json.loads(stored["data"]["S"])).limits.budgets[1].nano_usd == 1
    path = f"keys/{key['id']}"
    assert api("PATCH", path, {"name": "other"}).json()["limits"] == ALL, "what is absent stays"
    fewer = {"concurrent": 2}
    expected: dict[str, object] = {
        "requests_per_minute": None,
        "tokens_per_minute": None,
        "concurrent": 2,
        "budgets": [],
    }
    assert api("PATCH", path, {"limits": fewer}).json()["limits"] == expected, "limits replace limits"
    assert api("PATCH", path, {"limits": None}).json()["limits"] is None
    refused = api("PATCH", path, {"limits": {"budgets": [{"period": "day", "usd": "0.1234567890"}]}}).json()["error"]
    assert refused["field"] == "limits.budgets[0].usd"
    assert "at most 9 decimals" in refused["message"]


@pytest.mark.parametrize(("noun", "kind"), [("teams", "team"), ("end-users", "user")])
def test_accounts_are_made_changed_listed_and_removed(api: Api, world: World, noun: str, kind: str) -> None:
    body = {"id": "org/a@b", "limits": ALL, "allowed_models": ["gpt-*"], "valid_until": 1_800_000_000_999}
    made = api("POST", noun, body)
    assert (made.status_code, made.headers["etag"]) == (201, '"1"')
    account = made.json()
    assert (account["name"], account["limits"], account["valid_until"]) == ("org/a@b", ALL, 1_800_000_000_000)
    assert api("POST", noun, body).json()["error"]["field"] == "id", "the id is taken"
    path = f"{noun}/org%2Fa@b"
    assert api("GET", path).json() == account
    assert api("PATCH", path, {"name": "Org A"}, if_match='"7"').status_code == 412
    changed = api("PATCH", path, {"name": "Org A", "limits": None, "valid_until": None}, if_match='"1"')
    assert (changed.headers["etag"], changed.json()["limits"], changed.json()["valid_until"]) == ('"2"', None, None)
    assert api("PATCH", path, {"active": None}).json()["error"]["field"] == "active"
    for number in range(3):
        api("POST", noun, {"id": f"b{number}"})
    first = api("GET", f"{noun}?limit=2").json()
    rest = api("GET", f"{noun}?limit=2&cursor={first['next_cursor']}").json()
    assert [item["id"] for item in first["items"] + rest["items"]] == ["b0", "b1", "b2", "org/a@b"]
    assert [item["id"] for item in api("GET", f"{noun}?q=oRG%20A").json()["items"]] == ["org/a@b"]
    assert api("DELETE", path, if_match='"1"').status_code == 412
    assert api("DELETE", path).status_code == 204
    assert api("GET", path).status_code == 404
    assert {item["kind"]["S"] for item in world.items("keys") if "kind" in item} >= {f"account-{kind}"}
    assert api("POST", noun, {"id": "a/limits"}).status_code == 422, "that address is taken"


def test_teams_and_end_users_are_apart_and_only_users_have_balances(api: Api) -> None:
    assert api("POST", "teams", {"id": "x", "token_balance": True}).status_code == 422
    assert api("POST", "end-users", {"id": "x", "token_balance": True}).json()["token_balance"] is True
    assert api("GET", "teams/x").status_code == 404
    assert api("PATCH", "end-users/x", {"token_balance": False}).json()["token_balance"] is False


def test_standings_of_a_key_name_every_scope_it_belongs_to(api: Api) -> None:
    api("POST", "teams", {"id": "ml", "name": "ML", "limits": {"concurrent": 3}})
    key = api("POST", "keys", {"name": "k", "team_id": "ml", "user_id": "nobody/knows", "limits": ALL}).json()
    found = api("GET", f"keys/{key['id']}/limits").json()
    assert [limit["name"] for limit in found["limits"]] == ["requests", "tokens", "concurrent", "day", "month", "total"]
    day = next(limit for limit in found["limits"] if limit["name"] == "day")
    assert (day["unit"], day["limit"], day["used"], day["held"]) == ("nano_usd", 12_500_000_000, 0, 0)
    assert day["remaining"] == day["limit"]
    assert (found["team"]["name"], found["team"]["known"], found["team"]["limits"][0]["limit"]) == ("ML", True, 3)
    assert (found["user"]["id"], found["user"]["known"], found["user"]["limits"]) == ("nobody/knows", False, [])
    assert api("GET", "teams/ml/limits").json() == found["team"]
    assert api("GET", "end-users/nobody%2Fknows/limits").status_code == 404
    several = api("GET", f"limits?scope=key&id={key['id']}&id=gone&id={key['id']}").json()["items"]
    assert [(item["id"], len(item["limits"])) for item in several] == [(key["id"], 6)]
    assert [item["id"] for item in api("GET", "limits?scope=team&id=ml&id=none").json()["items"]] == ["ml"]
    assert api("GET", "limits?scope=key").status_code == 422


def test_only_a_budget_there_is_can_be_reset_and_only_by_an_administrator(
    api: Api, world: World, user: Callable[[str], dict[str, str]]
) -> None:
    api("POST", "teams", {"id": "ml", "limits": {"budgets": [{"period": "day", "usd": "5"}]}})
    assert api("POST", "teams/ml/limits/reset", {"name": "day"}).json()["limits"][0]["used"] == 0
    assert api("POST", "teams/ml/limits/reset", {"name": "month"}).status_code == 409
    assert api("POST", "teams/ml/limits/reset", {"name": "tokens"}).status_code == 422
    assert api("POST", "teams/gone/limits/reset", {"name": "day"}).status_code == 404
    operator = user("operator")
    answer = world.client.post("/api/admin/teams/ml/limits/reset", json={"name": "day"}, headers=operator)
    assert answer.status_code == 403
    assert world.client.get("/api/admin/teams/ml/limits", headers=operator).status_code == 200


DOCUMENT = """
teams:
  - id: ml
    name: Machine learning
    limits:
      requests_per_minute: 600
      budgets:
        - {period: month, usd: 500, timezone: Europe/Berlin, reset_time: 10:30, reset_day: 15}
end_users:
  - {id: ada, token_balance: true, allowed_models: [gpt-*]}
keys:
  - {name: k, value: sk-gw-fixed-fixed-fixed, team_id: ml, limits: {concurrent: 2, budgets: [{period: day, usd: 0.25}]}}
"""


def test_a_document_says_it_all_and_can_be_applied_again(world: World, api: Api) -> None:
    apply_document(ENVIRON, DOCUMENT, "c.yaml")
    before = world.items("keys")
    apply_document(ENVIRON, DOCUMENT, "c.yaml")
    assert world.items("keys") == before
    team = api("GET", "teams/ml").json()
    assert team["limits"]["budgets"] == [
        {"period": "month", "usd": "500", "timezone": "Europe/Berlin", "reset_time": "10:30", "reset_day": 15}
    ]
    assert api("GET", "end-users/ada").json()["token_balance"] is True
    [key] = api("GET", "keys").json()["items"]
    assert (key["limits"]["concurrent"], key["limits"]["budgets"][0]["usd"]) == (2, "0.25")
    apply_document(ENVIRON, "keys: [{name: k, value: sk-gw-fixed-fixed-fixed, team_id: ml}]", "c.yaml")
    assert api("GET", f"keys/{key['id']}").json()["limits"] is None, "the key is as the document says"
    assert api("GET", "teams/ml").json() == team, "what it does not name stays"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("teams:\n  - {id: a}\n  - {id: a}", "c.yaml:3: teams[1].id: 'a' is there twice"),
        ("end_users:\n  - {id: a}\n  - {id: a}", "c.yaml:3: end_users[1].id: 'a' is there twice"),
        (
            "teams:\n  - id: a\n    limits:\n      concurrent: 0",
            "c.yaml:4: teams[0].limits.concurrent: must be at least 1",
        ),
        ("keys:\n  - name: k\n    limits: {rpm: 1}", "c.yaml:3: keys[0].limits.rpm: there is no such field; there are"),
        ("teams:\n  - id: a/limits", "c.yaml:2: teams[0].id: An id cannot end in /limits"),
    ],
)
def test_what_is_wrong_in_a_document_is_told_with_its_place(world: World, text: str, message: str) -> None:
    with pytest.raises(DocumentError) as caught:
        apply_document(ENVIRON, text, "c.yaml")
    assert str(caught.value).startswith(message), str(caught.value)
    assert not [item for item in world.items("keys") if item["pk"]["S"].startswith(("account#", "key#"))]
