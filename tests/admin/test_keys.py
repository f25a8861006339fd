"""Virtual keys."""

from __future__ import annotations

import json
import re

import pytest
from tests.admin.conftest import Api
from tests.aws_mock import World

from gateway.neutral.config import key_digest
from gateway.neutral.config_reading import virtual_key_from_json


def test_the_secret_is_shown_once_and_only_its_digest_is_kept(api: Api, world: World) -> None:
    made = api(
        "POST", "keys", {"name": "team a", "allowed_models": ["gpt-4o", "openai/*"], "ip_allow": ["10.1.2.3/8", "::1"]}
    )
    assert made.status_code == 201
    key = made.json()
    secret = key.pop("secret")
    assert re.fullmatch(r"sk-gw-[A-Za-z0-9_-]{43}", secret)
    assert key["hint"] == f"sk-gw-****{secret[-4:]}"
    assert key["ip_allow"] == ["10.0.0.0/8", "::1/128"]
    assert api("GET", f"keys/{key['id']}").json() == key
    assert api("GET", "keys").json() == {"items": [key], "next_cursor": None, "total": 1}
    stored = [item for item in world.items("keys") if item["pk"]["S"].startswith("key#")]
    assert stored[0]["pk"]["S"] == f"key#{key_digest(secret)}"
    assert secret not in json.dumps(world.items("keys"))
    assert virtual_key_from_json(json.loads(stored[0]["data"]["S"])).name == "team a"


def test_changing_and_revoking(api: Api) -> None:
    key = api("POST", "keys", {"name": "k"}).json()
    path = f"keys/{key['id']}"
    body = {"active": False, "valid_until": 1_800_000_000_999, "log_ttl_days": 7}
    changed = api("PATCH", path, body, if_match='"1"')
    assert (changed.status_code, changed.headers["etag"]) == (200, '"2"')
    assert changed.json()["valid_until"] == 1_800_000_000_000
    assert api("PATCH", path, {"name": "x"}, if_match='"1"').status_code == 412
    assert api("PATCH", path, {"valid_until": None}).json()["valid_until"] is None
    assert api("DELETE", path, if_match='"1"').status_code == 412
    assert api("DELETE", path, if_match='"3"').status_code == 204
    assert api("GET", path).status_code == 404
    assert api("DELETE", path).status_code == 404


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "name"),
        ({"name": ""}, "name"),
        ({"name": "a\x00b"}, "name"),
        ({"name": "k", "digest": "0" * 64}, "digest"),
        ({"name": "k", "secret": "sk-gw-mine"}, "secret"),
        ({"name": "k", "id": "key_1"}, "id"),
        ({"name": "k", "ip_allow": ["10.0.0.0/99"]}, "ip_allow"),
        ({"name": "k", "ip_allow": ["example.com"]}, "ip_allow"),
        ({"name": "k", "allowed_models": ["a b"]}, "allowed_models[0]"),
        ({"name": "k", "valid_until": -1}, "valid_until"),
        ({"name": "k", "log_ttl_days": 0}, "log_ttl_days"),
        ({"name": "k", "log_ttl_days": 401}, "log_ttl_days"),
        ({"name": "k", "durable": 1}, "durable"),
    ],
)
def test_a_key_that_does_not_fit_is_refused(api: Api, body: dict[str, object], field: str) -> None:
    answer = api("POST", "keys", body)
    assert (answer.status_code, answer.json()["error"]["field"]) == (422, field), answer.text


def test_the_list_is_newest_first_and_searchable(api: Api) -> None:
    for number in range(7):
        api("POST", "keys", {"name": f"Team {number}"})
    first = api("GET", "keys?limit=4").json()
    assert [item["name"] for item in first["items"]] == ["Team 6", "Team 5", "Team 4", "Team 3"]
    rest = api("GET", f"keys?limit=4&cursor={first['next_cursor']}").json()
    assert [item["name"] for item in rest["items"]] == ["Team 2", "Team 1", "Team 0"]
    assert rest["next_cursor"] is None
    assert [item["name"] for item in api("GET", "keys?q=tEAM%205").json()["items"]] == ["Team 5"]


@pytest.mark.parametrize("identifier", ["key_0", "%20", "%00", "x" * 300, "%F0%9F%98%80", "key#1"])
def test_an_id_that_cannot_be_is_not_found(api: Api, identifier: str) -> None:
    assert api("GET", f"keys/{identifier}").status_code == 404
