"""Playground keys: for an hour, in the name of who asked, on no list, and gone with any change of that user."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from unittest.mock import patch

import pytest
from tests.admin.conftest import Api
from tests.admin.test_drafts import _once
from tests.aws_mock import USERNAME, World

from gateway.clock import Clock
from gateway.errors import Unauthorized
from gateway.neutral.config import VirtualKey, key_digest
from gateway.neutral.config_reading import virtual_key_from_json
from gateway.policies.keys import Keys
from gateway.stores.playground_keys import PlaygroundKeys
from gateway.stores.users import Users

PASSWORD = "some password 1"


def _make(world: World, headers: dict[str, str]) -> dict[str, Any]:
    answer = world.client.post("/api/admin/playground", headers=headers)
    assert answer.status_code == 201, answer.text
    assert answer.headers["cache-control"] == "no-store"
    found: dict[str, Any] = answer.json()
    return found


def _items(world: World) -> list[dict[str, Any]]:
    return [item for item in world.items("keys") if item["pk"]["S"].startswith("key#")]


@pytest.fixture
def operator(world: World, api: Api) -> tuple[str, dict[str, str]]:
    """An operator's id and headers."""
    body = {"username": "olga", "password": PASSWORD, "role": "operator"}
    return api("POST", "users", body).json()["id"], world.login("olga", PASSWORD)


def test_a_key_for_an_hour(api: Api, world: World, user: Callable[[Any], dict[str, str]]) -> None:
    headers = world.login()
    me = world.client.get("/api/auth/me", headers=headers).json()["id"]
    made = _make(world, headers)
    (item,) = _items(world)
    key = virtual_key_from_json(json.loads(item["data"]["S"]))
    now = world.time.now
    assert key.digest == key_digest(made["key"])
    assert (key.name, key.user_id, key.id) == (f"Playground of {USERNAME}", me, made["key_id"])
    assert made["expires_at"] == (key.valid_until or 0) * 1000
    assert now + 3590 < (key.valid_until or 0) <= now + 3600
    assert item["ttl"]["N"] == str((key.valid_until or 0) + 86_400)
    assert (item["kind"]["S"], item["pk"]["S"]) == ("playground", f"key#{key.digest}")
    (listed,) = [item for item in world.items("keys") if item["pk"]["S"].startswith("playground#")]
    assert listed["ttl"]["N"] == item["ttl"]["N"]
    assert api("GET", "keys").json()["items"] == []
    assert [row["id"] for row in api("GET", "keys?playground=true").json()["items"]] == [key.id]
    entry = api("GET", "audit?noun=virtual_key").json()["items"][0]
    assert (entry["noun_id"], entry["changes"][0]["after"]["user_id"]) == (key.id, me)
    for secret in (made["key"], key.digest):
        assert secret not in json.dumps(entry)
    assert world.client.post("/api/admin/playground", headers=user("user")).status_code == 403


def test_it_can_be_switched_off_and_nothing_else(api: Api, world: World) -> None:
    made = _make(world, world.login())
    path = f"keys/{made['key_id']}"
    refused = api("PATCH", path, {"valid_until": made["expires_at"] + 10**9})
    assert (refused.status_code, refused.json()["error"]["field"]) == (409, "valid_until")
    before = _items(world)[0]
    assert api("PATCH", path, {"active": False}).json()["active"] is False
    after = _items(world)[0]
    assert {name: after[name] for name in ("ttl", "kind", "id")} == {
        name: before[name] for name in ("ttl", "kind", "id")
    }
    assert api("GET", f"{path}/limits").status_code == 200
    assert api("DELETE", path).status_code == 204
    assert _items(world) == []
    _make(world, world.login())


def test_a_sixth_takes_the_place_of_the_oldest(api: Api, world: World) -> None:
    headers = world.login()
    made = [_make(world, headers)["key_id"] for _ in range(6)]
    assert {row["id"] for row in api("GET", "keys?playground=true").json()["items"]} == set(made[1:])
    entry = api("GET", f"audit?noun=virtual_key&id={made[0]}").json()["items"][0]
    assert entry["noun_id"] == made[5], "told in the entry of the sixth"
    world.time.now += 3601
    last = _make(world, world.login())["key_id"]
    assert [item["id"]["S"] for item in _items(world)] == [last], "those that are over go"


def test_seven_at_once_leave_five(api: Api, world: World) -> None:
    headers = world.login()
    with ThreadPoolExecutor(7) as pool:
        codes = list(
            pool.map(lambda _: world.client.post("/api/admin/playground", headers=headers).status_code, range(7))
        )
    assert set(codes) <= {201, 409}
    assert len(_items(world)) == min(5, codes.count(201))
    (listed,) = [item for item in world.items("keys") if item["pk"]["S"].startswith("playground#")]
    assert {one["digest"] for one in json.loads(listed["data"]["S"])} == {
        item["pk"]["S"].removeprefix("key#") for item in _items(world)
    }


ENDS: dict[str, tuple[str, str, dict[str, Any] | None]] = {
    "demoted": ("PATCH", "users/{id}", {"role": "user"}),
    "deactivated": ("PATCH", "users/{id}", {"active": False}),
    "renamed": ("PATCH", "users/{id}", {"username": "otto"}),
    "deleted": ("DELETE", "users/{id}", None),
    "signed out everywhere": ("POST", "users/{id}/logout", None),
    "deactivated in bulk": ("POST", "bulk", {"noun": "user", "ids": ["{id}"], "action": "deactivate"}),
}


def _change(api: Api, how: str, identifier: str) -> int:
    method, path, body = ENDS[how]
    filled = json.loads(json.dumps(body).replace("{id}", identifier))
    return api(method, path.replace("{id}", identifier), filled).status_code


@pytest.mark.parametrize("how", ENDS)
def test_a_change_of_the_user_ends_their_keys(
    api: Api, world: World, operator: tuple[str, dict[str, str]], how: str
) -> None:
    mine = _make(world, world.login())
    _make(world, operator[1])
    assert _change(api, how, operator[0]) < 300
    assert [item["id"]["S"] for item in _items(world)] == [mine["key_id"]]
    assert [item["pk"]["S"] for item in world.items("keys") if item["sk"]["S"] == "keys"] != [
        f"playground#{operator[0]}"
    ]


@pytest.mark.parametrize("how", ["demoted", "deactivated", "renamed", "signed out everywhere"])
def test_a_key_made_at_the_same_moment_is_not_left_over(
    api: Api, world: World, operator: tuple[str, dict[str, str]], how: str
) -> None:
    """The user is changed behind the back of a request that has found them as they were."""
    with _once(PlaygroundKeys, "create", lambda: _change(api, how, operator[0])):
        answer = world.client.post("/api/admin/playground", headers=operator[1])
    names = [json.loads(item["data"]["S"])["name"] for item in _items(world)]
    assert answer.status_code == (201 if how == "renamed" else 401), answer.text
    assert names == (["Playground of otto"] if how == "renamed" else []), (
        "what is tried again is of the user as they are now"
    )


@pytest.mark.parametrize("how", ["demoted", "deleted"])
def test_a_user_changed_while_a_key_is_made(
    api: Api, world: World, operator: tuple[str, dict[str, str]], how: str
) -> None:
    """The other way round: the change has read that there is no key, and then there is one."""
    with _once(PlaygroundKeys, "held", lambda: _make(world, operator[1]), before=False):
        assert _change(api, how, operator[0]) < 300
    assert _items(world) == []


def test_the_gateway_refuses_it_within_the_bound_of_its_cache(
    api: Api, world: World, operator: tuple[str, dict[str, str]]
) -> None:
    """Its reader takes such a key for any other: one item, of which it reads `data`."""
    made = _make(world, operator[1])
    reads: list[str] = []

    class Reader:
        async def get(self, digest: str) -> VirtualKey | None:
            reads.append(digest)
            key = {"pk": {"S": f"key#{digest}"}, "sk": {"S": "key"}}
            item = world.dynamodb.get_item(TableName="keys", Key=key, ConsistentRead=True).get("Item")
            return None if item is None else virtual_key_from_json(json.loads(item["data"]["S"]))

        async def account(self, _kind: str, _identifier: str) -> None:
            return None

    now = [world.time.now]
    keys = Keys(Reader(), Clock(wall=lambda: now[0], monotonic=lambda: now[0]), 15.0)  # type: ignore[arg-type]

    async def admitted() -> bool:
        try:
            return (await keys.admit([made["key"]], None)).user_id == operator[0]
        except Unauthorized:
            return False

    assert asyncio.run(admitted())
    assert len(reads) == 1
    assert _change(api, "demoted", operator[0]) == 200
    assert asyncio.run(admitted()), "it is remembered"
    now[0] += 15.1
    assert not asyncio.run(admitted())


def test_a_user_who_was_never_here_costs_no_write(api: Api, world: World, operator: tuple[str, dict[str, str]]) -> None:
    with patch.object(Users, "_end_playground", side_effect=AssertionError):
        assert _change(api, "demoted", operator[0]) == 200
