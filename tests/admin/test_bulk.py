"""One action on many things: told one by one, published and audited once, and nothing that is refused one by one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from unittest.mock import patch

import pytest
from botocore.exceptions import ClientError
from tests.admin.conftest import Api
from tests.aws_mock import USERNAME, World

from gateway.admin import access
from gateway.admin.bulk import METHODS, NOUNS
from gateway.stores.entities import Entities

BODIES: dict[str, tuple[str, dict[str, Any]]] = {
    "provider": ("providers", {"id": "{n}", "kind": "groq"}),
    "model": ("models", {"id": "{n}", "provider": "openai"}),
    "route": ("routes", {"id": "{n}", "targets": [{"provider": "openai", "model": "m"}]}),
    "virtual_key": ("keys", {"name": "{n}"}),
    "team": ("teams", {"id": "{n}"}),
    "end_user": ("end-users", {"id": "{n}"}),
    "user": ("users", {"username": "{n}", "password": "some password 1"}),
}


def _make(api: Api, noun: str, name: str) -> str:
    path, body = BODIES[noun]
    identifier: str = api("POST", path, {k: name if v == "{n}" else v for k, v in body.items()}).json()["id"]
    return identifier


def _bulk(api: Api, noun: str, ids: list[str], action: str) -> dict[str, Any]:
    answer = api("POST", "bulk", {"noun": noun, "ids": ids, "action": action})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


@pytest.mark.parametrize("noun", BODIES)
def test_every_noun_and_action(api: Api, world: World, openai: str, noun: str) -> None:
    path, one = BODIES[noun][0], _make(api, noun, "one")
    number, entries = world.services.editors.rollbacks.pointer().number, _entries(world)
    told = _bulk(api, noun, ["nobody", one], "deactivate")
    assert [(result["id"], result["ok"]) for result in told["results"]] == [("nobody", False), (one, True)]
    assert "nobody" in told["results"][0]["error"]
    assert (told["changed"], api("GET", f"{path}/{one}").json()["active"]) == (1, False)
    published = noun in {"provider", "model", "route"}
    assert world.services.editors.rollbacks.pointer().number == number + published
    assert _entries(world) == entries + 2, "one that begins and one that ends"
    entry = api("GET", "audit?action=deactivate").json()["items"][0]
    assert (entry["noun"], entry["noun_id"], entry["outcome"]) == (noun, f"nobody, {one}", "done")
    assert [(change["id"], change["after"]["active"]) for change in entry["changes"]] == [(one, False)]
    assert (entry["release_after"] is not None) == published
    assert _bulk(api, noun, [one], "delete") == {"results": [{"id": one, "ok": True, "error": None}], "changed": 1}
    assert api("GET", f"{path}/{one}").status_code == 404


def _entries(world: World) -> int:
    return len([item for item in world.items("config") if item["pk"]["S"].startswith("audit#")])


def test_many_things_are_one_release(api: Api, world: World, openai: str) -> None:
    ids = [_make(api, "model", f"m{at}") for at in range(4)]
    number = api("GET", "release").json()["number"]
    _bulk(api, "model", ids[:2], "deactivate")
    entries = _entries(world)
    assert _bulk(api, "model", ids[:2], "deactivate")["changed"] == 0, "they were"
    assert _entries(world) == entries
    assert _bulk(api, "model", ids, "activate")["changed"] == 2
    assert _bulk(api, "model", ids, "delete")["changed"] == 4
    assert api("GET", "release").json()["number"] == number + 3
    assert [change["id"] for change in api("GET", "audit?action=delete").json()["items"][0]["changes"]] == ids


def test_protections_are_those_of_one_by_one(api: Api, world: World, openai: str) -> None:
    first = next(row["id"] for row in api("GET", "users").json()["items"] if row["username"] == USERNAME)
    _make(api, "model", "m")
    for name in ("r1", "r2", "r3"):
        _make(api, "route", name)
    _make(api, "provider", "spare")
    before = world.services.editors.publisher.current()
    told = _bulk(api, "user", [first], "deactivate")["results"]
    assert told[0]["error"].startswith("The first administrator is the deployment's")
    assert _bulk(api, "user", [first], "delete")["changed"] == 0
    results = _bulk(api, "provider", ["openai", "spare"], "delete")["results"]
    assert results[0]["error"] == "The provider is in use by 1 model (m) and 3 routes (r1, r2, r3)."
    assert results[1]["ok"]
    assert world.services.editors.publisher.current() != before


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"noun": "model", "ids": [], "action": "delete"}, "ids"),
        ({"noun": "model", "ids": [f"m{n}" for n in range(101)], "action": "delete"}, "ids"),
        ({"noun": "model", "ids": ["m", "m"], "action": "delete"}, "ids"),
        ({"noun": "model", "ids": [""], "action": "delete"}, "ids[0]"),
        ({"noun": "model", "ids": ["m"], "action": "rename"}, "action"),
        ({"noun": "upstream_key", "ids": ["m"], "action": "delete"}, "noun"),
        ({"noun": "model", "ids": ["m"], "action": "delete", "force": True}, "force"),
    ],
)
def test_what_does_not_fit_is_refused(api: Api, body: dict[str, Any], field: str) -> None:
    answer = api("POST", "bulk", body)
    assert (answer.status_code, answer.json()["error"]["field"]) == (422, field)


def test_only_who_may_one_by_one(api: Api, world: World, openai: str, user: Callable[[Any], dict[str, str]]) -> None:
    before = [world.configuration(), world.items("keys")]
    headers = user("operator")
    before[1] = world.items("keys")
    for noun in NOUNS:
        for action, method in METHODS.items():
            body = {"noun": noun, "ids": ["nobody"], "action": action}
            answer = world.client.post("/api/admin/bulk", json=body, headers=headers)
            may = access.allowed("operator", NOUNS[noun], method)
            assert answer.status_code == (200 if may else 403), (noun, action)
    body = {"noun": "model", "ids": ["m"], "action": "delete"}
    assert world.client.post("/api/admin/bulk", json=body, headers=user("user")).status_code == 403
    assert world.configuration() == before[0]


def test_a_failing_store_is_told_and_what_was_done_is_published(api: Api, world: World, openai: str) -> None:
    for name in ("a", "b", "c"):
        _make(api, "model", name)
    plain, calls = Entities.delete, list[str]()

    def failing(self: Any, noun: Any, identifier: str, version: int) -> None:
        calls.append(identifier)
        if identifier == "b":
            raise ClientError({"Error": {"Code": "InternalServerError", "Message": "m"}}, "DeleteItem")
        plain(self, noun, identifier, version)

    with patch.object(Entities, "delete", failing):
        told = _bulk(api, "model", ["a", "b", "c"], "delete")
    assert ([one["ok"] for one in told["results"]], calls) == ([True, False, False], ["a", "b"])
    assert "out of reach" in told["results"][2]["error"]
    assert [model.id for model in world.services.editors.publisher.current()[1].models] == ["b", "c"]


def test_in_draft_mode_it_waits(api: Api, world: World, openai: str) -> None:
    _make(api, "model", "a")
    api("PATCH", "settings", {"publishing": "draft"})
    assert _bulk(api, "model", ["a"], "delete")["changed"] == 1
    assert [model.id for model in world.services.editors.publisher.current()[1].models] == ["a"]
    assert api("GET", "release").json()["pending"] == 1
