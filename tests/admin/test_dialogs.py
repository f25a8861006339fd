"""Dialogs under `/api/v1`: their shapes, whose they are, and that nobody learns of another's."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from unittest.mock import patch

import pytest
from tests.admin.conftest import Api
from tests.admin.role_table import ROWS
from tests.aws_mock import World

from gateway.stores import dialogs as store
from gateway.stores.users import Role

V1 = "/api/v1"
FIELDS = {
    "id", "user_id", "title", "system_prompt", "model_name", "agent", "agent_missing", "agent_config", "created_at",
    "updated_at", "message_count",
}  # fmt: skip
Person = Callable[..., Any]


def _person(world: World, headers: dict[str, str]) -> Person:
    def call(method: str, path: str, body: Any = None, **more: str) -> Any:
        extra = {} if body is None else {"json": body}
        given = {**headers, **{name.replace("_", "-"): value for name, value in more.items()}}
        return world.client.request(method, f"{V1}/{path}", headers=given, **extra)

    return call


@pytest.fixture
def models(world: World, admin: dict[str, str], api: Api, openai: str) -> None:
    """A chat model with a price and a window, one that embeds and comes before it, and a route."""
    world.once(f"models {admin['authorization']}", lambda: _models(api, openai))


def _models(api: Api, openai: str) -> None:
    price = {"input": "2.5", "output": "10"}
    for body in (
        {"id": "a-embedder", "kind": "embedding"},
        {"id": "big", "kind": "chat", "context_window": 1000, "price": price},
        {"id": "off", "active": False},
    ):
        assert api("POST", "models", {"provider": openai, "price": None, **body}).status_code == 201
    assert api("POST", "routes", {"id": "z", "targets": [{"provider": openai, "model": "big"}]}).status_code == 201


@pytest.fixture
def me(world: World, admin: dict[str, str], models: None) -> Person:
    return _person(world, admin)


@pytest.fixture
def she(world: World, user: Callable[[Role], dict[str, str]], models: None) -> Person:
    return _person(world, user("user"))


def _made(person: Person, **body: Any) -> dict[str, Any]:
    answer = person("POST", "dialogs", body)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def _key(world: World, api: Api, **body: Any) -> tuple[Person, dict[str, Any]]:
    made = api("POST", "keys", {"name": "k", **body})
    assert made.status_code == 201, made.text
    return _person(world, {"authorization": f"Bearer {made.json()['secret']}"}), made.json()


def test_a_dialog_is_made_looked_at_changed_and_removed(me: Person) -> None:
    answer = me("POST", "dialogs", {"title": "Terms", "model_name": "big", "agent_config": {"temperature": 0.5}})
    made = answer.json()
    assert (answer.status_code, answer.headers["etag"], set(made)) == (201, '"1"', FIELDS)
    assert made["agent_config"] == {"temperature": 0.5}
    assert made["created_at"] == made["updated_at"]
    assert made["created_at"].endswith("Z")
    assert me("GET", f"dialogs/{made['id']}").json() == made
    changed = me("PATCH", f"dialogs/{made['id']}", {"system_prompt": "Short.", "agent": "code_assistant"})
    assert changed.headers["etag"] == '"2"'
    told = changed.json()
    assert (told["title"], told["system_prompt"], told["agent"]) == ("Terms", "Short.", "code_assistant")
    assert told["updated_at"] > made["updated_at"]
    cleared = me("PATCH", f"dialogs/{made['id']}", {"title": None, "agent_config": None}).json()
    assert (cleared["title"], cleared["agent_config"]) == (None, {})
    assert me("DELETE", f"dialogs/{made['id']}").status_code == 204
    assert me("GET", f"dialogs/{made['id']}").status_code == 404
    assert me("DELETE", f"dialogs/{made['id']}").status_code == 404


def test_an_edit_sets_no_dialog_back(me: Person, world: World) -> None:
    """The next message's place is behind `updated_at`: the clocks of two machines differ."""
    made = _made(me)
    before = world.services.dialogs.get(made["user_id"], made["id"])
    assert before is not None
    world.services.dialogs.change(before, replace(before, updated_at=before.updated_at + 90_000))
    changed = me("PATCH", f"dialogs/{made['id']}", {"title": "Other"}).json()
    assert changed["title"] == "Other"
    after = world.services.dialogs.get(made["user_id"], made["id"])
    assert after is not None
    assert after.updated_at >= before.updated_at + 90_000


def test_an_edit_says_what_it_is_based_on(me: Person) -> None:
    path = f"dialogs/{_made(me)['id']}"
    assert me("PATCH", path, {"title": "b"}, if_match='"1"').status_code == 200
    for method, body in (("PATCH", {"title": "c"}), ("DELETE", None)):
        stale = me(method, path, body, if_match='"1"')
        assert (stale.status_code, stale.json()["code"]) == (412, "PRECONDITION_FAILED")
    assert me("PATCH", path, {"title": "b"}).headers["etag"] == '"2"', "what is as it was is not written"
    assert me("DELETE", path, if_match='"2"').status_code == 204


def test_who_says_no_model_gets_the_agents_or_the_first_that_talks(me: Person, api: Api) -> None:
    assert _made(me)["model_name"] == "z", "routes come before models, and what embeds does not talk"
    assert api("DELETE", "routes/z").status_code == 204
    dialog = _made(me)
    assert dialog["model_name"] == "smart", "a name that needs no route answers before models, as on the data plane"
    assert api("POST", "agents", {"id": "mine", "model": "openai/gpt-x"}).status_code == 201
    named = _made(me, agent="mine")
    assert (named["model_name"], named["agent_missing"]) == ("openai/gpt-x", False)
    assert api("DELETE", "agents/mine").status_code == 204
    gone = me("GET", f"dialogs/{named['id']}").json()
    assert (gone["model_name"], gone["agent"], gone["agent_missing"]) == ("smart", "mine", True)
    assert me("PATCH", f"dialogs/{named['id']}", {"title": "still"}).status_code == 200


MISFITS: tuple[tuple[dict[str, Any], str, str], ...] = (
    ({"model_name": "gpt-9"}, "model_name", "Available: z, smart, fast, cheap, any, big."),
    ({"model_name": "a-embedder"}, "model_name", "Available: z, smart, fast, cheap, any, big."),
    ({"model_name": "off"}, "model_name", "Available"),
    ({"agent": "nobody"}, "agent", "default, code_assistant, creative_writer"),
    ({"model_name": "big", "agent_config": {"max_tokens": 1001}}, "agent_config.max_tokens", "1000"),
    ({"agent_config": {"temperature": 1.01}}, "agent_config.temperature", ""),
    ({"agent_config": {"top_p": -0.1}}, "agent_config.top_p", ""),
    ({"agent_config": {"presence_penalty": 2.1}}, "agent_config.presence_penalty", ""),
    ({"agent_config": {"max_tokens": 0}}, "agent_config.max_tokens", ""),
    ({"agent_config": {"stop_sequences": ["x"] * 5}}, "agent_config.stop_sequences", ""),
    ({"agent_config": {"seed": 1}}, "agent_config.seed", ""),
    ({"title": "x" * 256}, "title", ""),
    ({"system_prompt": "x" * 32_001}, "system_prompt", ""),
    ({"system_prompt": "\U0001f4a3" * 8001}, "system_prompt", "32000 bytes"),
    ({"user_id": "usr_1"}, "user_id", ""),
    ({"message_count": 7}, "message_count", ""),
)


def test_what_does_not_fit_is_told_flat(me: Person) -> None:
    for body, field, words in MISFITS:
        answer = me("POST", "dialogs", body, x_request_id="mine-1")
        told = answer.json()
        assert (answer.status_code, told["code"], told["details"]["field"]) == (400, "VALIDATION_ERROR", field)
        assert told["request_id"] == answer.headers["x-request-id"] == "mine-1"
        assert set(told) == {"code", "message", "request_id", "details"}
        assert words in told["message"]


def test_every_error_has_the_flat_shape(world: World, me: Person) -> None:
    for answer, status, code in (
        (world.client.get(f"{V1}/dialogs"), 401, "UNAUTHORIZED"),
        (me("GET", "nothing"), 404, "NOT_FOUND"),
        (me("PUT", "dialogs"), 405, "METHOD_NOT_ALLOWED"),
        (me("GET", "dialogs/none"), 404, "NOT_FOUND"),
        (me("POST", "export/import", {"dialogs": ["x" * 5_300_000]}), 413, "PAYLOAD_TOO_LARGE"),
        (me("POST", "dialogs", {"title": "x" * 1_100_000}), 413, "PAYLOAD_TOO_LARGE"),
        (world.client.post(f"{V1}/dialogs", content=b"{"), 401, "UNAUTHORIZED"),
    ):
        told = answer.json()
        assert (answer.status_code, told["code"]) == (status, code)
        assert set(told) == {"code", "message", "request_id"}
        assert answer.headers["x-request-id"] == told["request_id"]


def test_pages_are_true(me: Person, she: Person) -> None:
    ids = [_made(me, title=f"Talk {number}")["id"] for number in range(5)]
    _made(she, title="Talk of hers")
    first = me("GET", "dialogs?page=1&page_size=2").json()
    assert [one["id"] for one in first["items"]] == [ids[4], ids[3]], "newest first"
    assert {name: first[name] for name in ("total", "page", "page_size", "has_next")} == {
        "total": 5, "page": 1, "page_size": 2, "has_next": True,
    }  # fmt: skip
    last = me("GET", "dialogs?page=3&page_size=2").json()
    assert ([one["id"] for one in last["items"]], last["has_next"], last["total"]) == ([ids[0]], False, 5)
    beyond = me("GET", "dialogs?page=9&page_size=2").json()
    assert (beyond["items"], beyond["total"], beyond["has_next"]) == ([], 5, False)
    for query, number, size in (
        ("page=0&page_size=0", 1, 20),
        ("page=x&page_size=-3", 1, 20),
        ("page_size=1000", 1, 100),
        ("page_size=1e3&page=1.5", 1, 20),
    ):
        told = me("GET", f"dialogs?{query}").json()
        assert (told["page"], told["page_size"], told["total"]) == (number, size, 5), query
    me("PATCH", f"dialogs/{ids[0]}", {"title": "TALK of old"})
    assert [one["id"] for one in me("GET", "dialogs?sort=updated").json()["items"]] == [ids[0], *ids[:0:-1]]
    found = me("GET", "dialogs?q=talk OF").json()
    assert ([one["id"] for one in found["items"]], found["total"]) == ([ids[0]], 1)


def test_there_are_so_many_dialogs_and_no_more(me: Person) -> None:
    with patch.object(store, "MOST_DIALOGS", 2):
        first = _made(me)
        _made(me)
        full = me("POST", "dialogs", {})
        assert (full.status_code, full.json()["code"]) == (409, "CONFLICT")
        assert me("DELETE", f"dialogs/{first['id']}").status_code == 204
        _made(me)
    assert me("GET", "dialogs").json()["total"] == 2


def test_a_virtual_key_has_its_users_dialogs_or_its_own(world: World, api: Api, models: None) -> None:
    first, _ = _key(world, api, user_id="ann")
    second, _ = _key(world, api, user_id="ann")
    alone, made = _key(world, api)
    dialog = _made(first, title="shared")
    assert dialog["user_id"] == "ann"
    assert second("GET", f"dialogs/{dialog['id']}").json() == dialog
    assert _made(alone)["user_id"] == f"key#{made['id']}"
    assert alone("GET", f"dialogs/{dialog['id']}").status_code == 404
    by_header = world.client.get(f"{V1}/dialogs", headers={"x-api-key": made["secret"]})
    assert by_header.json()["total"] == 1


def test_a_key_that_is_none_any_more_is_nobody(world: World, api: Api, models: None) -> None:
    nobody = world.client.get(f"{V1}/dialogs", headers={"authorization": "Bearer sk-gw-nothing"})
    off, _ = _key(world, api, active=False)
    late, _ = _key(world, api, valid_until=int(world.time.now - 5) * 1000)
    gone, made = _key(world, api)
    assert gone("GET", "dialogs").status_code == 200
    assert api("DELETE", f"keys/{made['id']}").status_code == 204
    assert nobody.status_code == 401
    told = nobody.json() | {"request_id": ""}
    for person in (off, late, gone):
        answer = person("GET", "dialogs")
        assert answer.json() | {"request_id": ""} == told
    elsewhere, _ = _key(world, api, ip_allow=["192.0.2.0/24"])
    assert elsewhere("GET", "dialogs").status_code == 403
    assert api("POST", "end-users", {"id": "eve", "active": False}).status_code == 201
    hers, _ = _key(world, api, user_id="eve")
    assert (hers("GET", "dialogs").status_code, hers("GET", "dialogs").json()["code"]) == (403, "FORBIDDEN")


def test_the_names_that_need_no_route_are_names_here_too(me: Person) -> None:
    assert _made(me, model_name="smart")["model_name"] == "smart"
    assert me("GET", "models/any").json()["provider"] == "gateway"


def test_a_key_may_name_only_what_it_may_use(world: World, api: Api, models: None) -> None:
    narrow, _ = _key(world, api, allowed_models=["big"])
    assert _made(narrow)["model_name"] == "big"
    refused = narrow("POST", "dialogs", {"model_name": "z"})
    assert refused.status_code == 400
    assert refused.json()["details"]["available"] == ["big"]
    assert [one["name"] for one in narrow("GET", "models").json()] == ["big"]
    hidden, nothing = narrow("GET", "models/z"), narrow("GET", "models/nothing")
    assert hidden.status_code == nothing.status_code == 404
    assert hidden.json() | {"request_id": ""} == nothing.json() | {"request_id": ""}


def test_a_key_administers_nothing_whoever_it_calls_for(world: World, api: Api, models: None) -> None:
    root = world.services.users.by_name("admin")
    assert root is not None
    key, made = _key(world, api, user_id=root.user.id)
    for row in ROWS:
        if row.path.startswith(f"{V1}/"):
            path = (
                row.path.removeprefix(f"{V1}/").replace(":path}", "}").replace("{id}", "ann").replace("{name}", "big")
            )
            answer = key(row.method, path)
            assert (answer.status_code == 403) == (not row.lets("user")), (row, answer.text)
    headers = {"authorization": f"Bearer {made['secret']}"}
    for path in ("users", "keys", "audit", "end-users/ann/balance", "usage"):
        assert world.client.get(f"/api/admin/{path}", headers=headers).status_code == 401


def test_a_foreign_dialog_and_one_that_never_was_are_told_alike(
    world: World, api: Api, me: Person, she: Person, models: None
) -> None:
    """Every route that takes a dialog's id, for another user, an administrator and virtual keys: one body, nothing changed."""
    hers = _made(she, title="secret", system_prompt="secret")
    key, _ = _key(world, api)
    before = world.items("dialogs")
    bodies: dict[str, set[str]] = {}
    for person in (me, key):
        for row in ROWS:
            if not row.path.startswith(f"{V1}/dialogs/"):
                continue
            for identifier in (hers["id"], "dlg_" + "0" * 32, "x", "%2e%2e", "a" * 200):
                answer = person(
                    row.method, f"dialogs/{identifier}", {"title": "mine"} if row.method == "PATCH" else None
                )
                assert answer.status_code == 404, (row, identifier)
                told = answer.json() | {"request_id": ""}
                bodies.setdefault(row.method, set()).add(repr(sorted(told.items())))
    assert {method: len(found) for method, found in bodies.items()} == {"GET": 1, "PATCH": 1, "DELETE": 1}
    assert world.items("dialogs") == before
    assert me("GET", "dialogs").json()["total"] == 0
    assert me("GET", "export").json()["dialogs"] == []


def test_an_administrator_sees_whose_dialogs_there_are_and_no_texts(me: Person, she: Person) -> None:
    ids = [_made(she, title=f"t{number}", system_prompt="secret")["id"] for number in range(3)]
    owner = she("GET", "dialogs").json()["items"][0]["user_id"]
    first = me("GET", f"admin/dialogs?user={owner}&limit=2").json()
    rest = me("GET", f"admin/dialogs?user={owner}&limit=2&cursor={first['next_cursor']}").json()
    assert [one["id"] for one in (*first["items"], *rest["items"])] == ids[::-1]
    assert rest["next_cursor"] is None
    assert "secret" not in str(first)
    assert me("GET", "admin/dialogs?user=nobody").json() == {"items": [], "next_cursor": None}
    assert me("GET", "admin/dialogs").status_code == 400


def test_models_are_told_with_what_they_cost(me: Person) -> None:
    listed = {one["name"]: one for one in me("GET", "models").json()}
    assert listed["big"] == {
        "name": "big", "provider": "openai", "cost_per_1k_prompt_tokens": 0.0025,
        "cost_per_1k_completion_tokens": 0.01, "context_window": 1000, "enabled": True,
    }  # fmt: skip
    assert set(listed) == {"z", "smart", "fast", "cheap", "any", "big", "off"}, "what embeds holds no dialog"
    assert me("GET", "models/a-embedder").status_code == 404
    assert (listed["off"]["enabled"], listed["z"]["provider"], listed["z"]["context_window"]) == (
        False,
        "gateway",
        1000,
    )
    assert me("GET", "models/big").json() == listed["big"]
    assert me("GET", "models/openai/gpt-new").json()["enabled"] is True


def test_agents_are_the_built_in_ones_and_those_made_here(me: Person, api: Api) -> None:
    found = {one["id"]: one for one in me("GET", "agents").json()}
    assert {name: one["config"] for name, one in found.items()} == {
        "default": {"temperature": 0.7},
        "code_assistant": {"temperature": 0.2, "max_tokens": 4096},
        "creative_writer": {"temperature": 0.9},
    }
    assert all(one["built_in"] for one in found.values())
    api("POST", "agents", {"id": "default", "name": "House", "temperature": 0.1})
    api("POST", "agents", {"id": "mine", "system_prompt": "Be brief.", "stop_sequences": ["END"]})
    found = {one["id"]: one for one in me("GET", "agents").json()}
    assert (found["default"]["config"], found["default"]["built_in"]) == ({"temperature": 0.1}, False)
    assert found["mine"]["config"] == {"stop_sequences": ["END"]}
    assert list(found) == ["default", "code_assistant", "creative_writer", "mine"]
