"""The configuration as one document over the API: what a plan says, what applying does, and what neither may."""

from __future__ import annotations

import json
from typing import Any
from unittest.mock import patch

import pytest
from tests.admin.conftest import Api
from tests.aws_mock import World

from gateway.stores.releases import Releases
from gateway.stores.versioned import Outdated

TEXT = """
providers:
  - {id: openai, kind: openai, extra_headers: {x-my-token: c4nary-header-1}, keys: [{id: main, value: sk-c4nary-upstream-0001}]}
models:
  - {id: gpt-4o, provider: openai}
routes:
  - {id: smart, targets: [{provider: openai, model: gpt-4o}]}
keys:
  - {name: fixed, value: sk-gw-c4nary-fixed-0001}
  - {name: made, team_id: red}
teams: [{id: red, limits: {budgets: [{period: day, usd: 5}]}}]
end_users: [{id: ann}]
"""
TABLES = ("config", "keys", "state")


def put(api: Api, text: str, **more: Any) -> Any:
    """Apply a document."""
    answer = api("POST", "configuration/apply", {"document": text, **more})
    assert answer.status_code == 200, answer.text
    return answer.json()


def planned(api: Api, text: str, **more: Any) -> Any:
    """Plan a document."""
    answer = api("POST", "configuration/plan", {"document": text, **more})
    assert answer.status_code == 200, answer.text
    return answer.json()


def refused(api: Api, text: str, action: str = "plan", **more: Any) -> tuple[int, str, str]:
    """How a document is refused."""
    answer = api("POST", f"configuration/{action}", {"document": text, **more})
    error = answer.json()["error"]
    assert "c4nary" not in answer.text
    return answer.status_code, error["message"], error.get("field", "")


def stored(world: World) -> Any:
    """Everything but the audit log."""
    return [world.configuration(), *(world.items(table) for table in TABLES[1:])]


def entries(world: World) -> list[dict[str, Any]]:
    """How the entries of the audit log about documents ended."""
    found = [
        json.loads(item["data"]["S"])
        for item in world.items("config")
        if item["pk"]["S"].startswith("audit#") and item["sk"]["S"].endswith("#1")
    ]
    return [entry for entry in found if entry["action"] == "apply"]


def test_plan_apply_and_plan_again(api: Api, world: World) -> None:
    before = stored(world)
    plan = planned(api, TEXT)
    assert stored(world) == before, "a plan writes nothing"
    made = {(change["noun"], change["id"]): (change["path"], change["before"]) for change in plan["changes"]}
    assert made == {
        ("provider", "openai"): ("providers[0]", None),
        ("upstream_key", "openai:main"): ("providers[0].keys[0]", None),
        ("model", "gpt-4o"): ("models[0]", None),
        ("route", "smart"): ("routes[0]", None),
        ("team", "red"): ("teams[0]", None),
        ("end_user", "ann"): ("end_users[0]", None),
        ("virtual_key", "fixed"): ("keys[0]", None),
        ("virtual_key", "made"): ("keys[1]", None),
    }
    assert "c4nary" not in json.dumps(plan)
    assert (plan["number"], plan["missing"]) == (0, [])
    assert [warning.split(" will")[0] for warning in plan["warnings"]] == ["1 virtual key"]
    applied = put(api, TEXT, fingerprint=plan["fingerprint"])
    assert (applied["number"], applied["changed"], [one["name"] for one in applied["keys"]]) == (1, True, ["made"])
    assert world.client.get("/api/admin/release", headers=world.login()).json()["release"] == applied["release"]
    (entry,) = entries(world)
    assert (entry["noun"], entry["noun_id"], entry["outcome"], len(entry["changes"])) == (
        "configuration",
        "document",
        "done",
        8,
    )
    assert "c4nary" not in json.dumps(entry)
    assert applied["keys"][0]["key"] not in json.dumps(entry)
    again = planned(api, TEXT)
    assert (again["changes"], again["warnings"]) == ([], [])
    left = stored(world)
    assert put(api, TEXT) == {"release": applied["release"], "number": 1, "changed": False, "keys": []}
    assert stored(world) == left
    assert len(entries(world)) == 1


@pytest.mark.parametrize("kind", ["yaml", "json"])
def test_an_export_changes_nothing_where_it_comes_from_and_misses_its_secrets_elsewhere(
    api: Api, world: World, kind: str
) -> None:
    put(api, TEXT)
    assert api("POST", "providers/openai/keys", {"value": "sk-c4nary-by-hand-0002", "weight": 3}).status_code == 201
    assert api("POST", "playground").status_code < 300
    answer = api("GET", f"configuration?format={kind}")
    assert (answer.headers["content-type"], answer.headers["etag"]) == (f"application/{kind}; charset=utf-8", '"2"')
    assert "c4nary" not in answer.text
    assert "Playground" not in answer.text
    assert api("GET", f"configuration?format={kind}").text == answer.text
    for prune in (False, True):
        assert planned(api, answer.text, format=kind, prune=prune)["changes"] == []
    world.reset()
    headers = world.login()
    elsewhere = world.client.post(
        "/api/admin/configuration/plan", json={"document": answer.text}, headers=headers
    ).json()
    paths = [one["path"] for one in elsewhere["missing"]]
    assert paths[1:] == ["providers[0].keys[0]", "providers[0].keys[1]"]
    assert paths[0] == "providers[0].stored_headers[0]"
    empty = stored(world)
    body = {"document": answer.text, "fingerprint": elsewhere["fingerprint"]}
    refusal = world.client.post("/api/admin/configuration/apply", json=body, headers=headers)
    assert (refusal.status_code, refusal.json()["error"]["field"]) == (422, paths[0])
    assert stored(world) == empty


def test_changes_are_told_before_and_after_without_secrets(api: Api) -> None:
    put(api, TEXT)
    changed = TEXT.replace("sk-c4nary-upstream-0001", "sk-c4nary-upstream-0009").replace(
        "smart, targets", "smart, active: false, targets"
    )
    found = {change["id"]: (change["before"], change["after"]) for change in planned(api, changed)["changes"]}
    assert found["smart"] == ({"active": True}, {"active": False})
    assert found["openai:main"] == (
        {"hint": "sk-****0001", "value": None},
        {"hint": "sk-****0009", "value": "[replaced]"},
    )
    assert len(found) == 2


def test_apply_refuses_when_something_moved(api: Api, world: World) -> None:
    put(api, TEXT)
    more = TEXT + "version: 1\n"
    plan = planned(api, more)
    for words in ({"document": TEXT}, {"document": more, "prune": True}):
        answer = api("POST", "configuration/apply", {**words, "fingerprint": plan["fingerprint"]})
        assert answer.status_code == 409, "another document"
    for edit in (("PATCH", "end-users/ann", {"name": "Ann"}), ("PATCH", "models/gpt-4o", {"active": False})):
        plan = planned(api, TEXT)
        assert api(*edit).status_code == 200
        left = stored(world)
        status, message, field = refused(api, TEXT, "apply", fingerprint=plan["fingerprint"])
        assert (status, field, "Plan it again" in message) == (409, "fingerprint", True)
        assert stored(world) == left


def test_an_edit_between_reading_and_writing_is_not_lost(api: Api, world: World) -> None:
    """The edit comes when the document is worked out and nothing is written yet."""
    put(api, TEXT)
    real, edits = Releases.move, iter([("PATCH", "models/gpt-4o", {"display_name": "Beside"})])

    def late(self: Releases, *args: Any, **more: Any) -> Any:
        for edit in edits:
            assert api(*edit).status_code == 200
        return real(self, *args, **more)

    changed = TEXT.replace("smart, targets", "smart, active: false, targets")
    plan = planned(api, changed)
    with patch.object(Releases, "move", late):
        answer = api("POST", "configuration/apply", {"document": changed, "fingerprint": plan["fingerprint"]})
    assert answer.status_code == 409
    assert api("GET", "routes/smart").json()["active"] is True
    assert api("GET", "models/gpt-4o").json()["display_name"] == "Beside"
    with patch.object(Releases, "move", side_effect=Outdated):
        assert api("POST", "configuration/apply", {"document": changed}).status_code == 409


def test_prune_removes_what_is_not_named(api: Api, world: World) -> None:
    put(api, TEXT)
    small = "providers: [{id: openai, kind: openai, stored_headers: [x-my-token]}]\nkeys: [{name: made, team_id: red}]"
    kept = planned(api, small)["changes"]
    assert kept == []
    plan = planned(api, small, prune=True)
    assert {(change["noun"], change["id"], change["path"], change["after"]) for change in plan["changes"]} == {
        (noun, name, None, None)
        for noun, name in (
            ("upstream_key", "openai:main"),
            ("model", "gpt-4o"),
            ("route", "smart"),
            ("team", "red"),
            ("end_user", "ann"),
            ("virtual_key", "fixed"),
        )
    }
    assert any("1 virtual key will be removed" in warning for warning in plan["warnings"])
    number = put(api, small, prune=True, fingerprint=plan["fingerprint"])["number"]
    assert (number, planned(api, small, prune=True)["changes"]) == (2, [])
    assert [item["name"] for item in api("GET", "keys").json()["items"]] == ["made"]
    assert api("GET", "providers/openai").json()["keys"] == []
    assert len(entries(world)[-1]["changes"]) == 6
    assert put(api, "", prune=True)["number"] == 3
    assert api("GET", "providers").json()["items"] == []


def test_what_is_still_used_is_not_pruned(api: Api, world: World) -> None:
    put(api, TEXT)
    left = stored(world)
    stays = "models: [{id: gpt-4o, provider: openai}, {id: b, provider: openai}]"
    status, message, field = refused(api, stays, "apply", prune=True)
    assert (status, field) == (422, "providers")
    assert "in use by 2 models (b, gpt-4o)" in message
    assert stored(world) == left


def test_many_changes_are_one_release_too(api: Api, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """More than one transaction holds."""
    monkeypatch.setattr("gateway.stores.restoring.MOST_WRITES", 3)
    models = "".join(f"  - {{id: m{at}, provider: p}}\n" for at in range(5))
    text = "providers: [{id: p, kind: openai}]\nmodels:\n" + models
    assert put(api, text)["number"] == 1
    assert api("GET", "release").json()["models"] == 5
    assert planned(api, text, prune=True)["changes"] == []
    (entry,) = entries(world)
    assert (entry["noun"], len(entry["changes"])) == ("configuration", 6)
    assert put(api, "", prune=True)["number"] == 2
    assert api("GET", "release").json()["models"] == 0


def test_in_draft_mode_applying_publishes_and_the_plan_says_what_goes_along(api: Api) -> None:
    put(api, TEXT)
    assert api("PATCH", "settings", {"publishing": "draft"}).status_code == 200
    assert api("PATCH", "models/gpt-4o", {"active": False}).status_code == 200
    assert api("GET", "release").json()["number"] == 1
    text = TEXT.replace("smart, targets", "smart, active: false, targets").replace(
        "gpt-4o, provider: openai", "gpt-4o, provider: openai, active: false", 1
    )
    plan = planned(api, text)
    assert [change["id"] for change in plan["changes"]] == ["smart"]
    assert plan["warnings"] == ["1 change of the draft, not in force yet, will be put in force with it."]
    assert put(api, text)["number"] == 2
    state = api("GET", "release").json()
    assert (state["number"], state["pending"]) == (2, 0)


def test_the_functions_own_environment_is_never_read(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "c4nary-of-the-function")
    for entry, path in (
        ("api_key_env: AWS_SECRET_ACCESS_KEY", "providers[0].api_key_env"),
        ("keys: [{env: AWS_SECRET_ACCESS_KEY}]", "providers[0].keys[0]"),
        ("header_env: {x-a: AWS_SECRET_ACCESS_KEY}", "providers[0].header_env.x-a"),
    ):
        text = f"providers: [{{id: p, kind: openai, {entry}}}]"
        for action in ("plan", "apply"):
            status, message, field = refused(api, text, action)
            assert (status, field) == (422, path)
            assert "`gateway config` sends what is set where it runs" in message
        assert planned(api, text, variables={"AWS_SECRET_ACCESS_KEY": "sk-c4nary-of-the-caller"})["changes"]
    assert refused(api, "keys: [{name: k, env: AWS_REGION}]")[2] == "keys[0]"


BOMB = "\n".join([f"a{at}: &a{at} [{', '.join([f'*a{at - 1}' if at else 'x'] * 9)}]" for at in range(9)])


@pytest.mark.parametrize(
    ("text", "kind", "message", "field"),
    [
        ("providers: {", None, "document:1: not valid YAML", "document"),
        ("providers: []\nproviders: []", None, "document:2: providers: is there twice", "providers"),
        ('{"keys": [], "keys": []}', "json", "document: keys: is there twice", "document"),
        ('{"keys": [],\n}', "json", "document:2: not valid JSON", "document"),
        ("keys: []", "json", "document:1: not valid JSON", "document"),
        ('{"keys": [{"name": "\\ud800"}]}', "json", "document: a text in it", "document"),
        (BOMB, None, "document:", "document"),
        ("a: " + "[" * 100_000, None, "document:1: nested too deeply", "document"),
        ("&a [*a]", None, "document", "document"),
        ('{"a":' * 50_000, "json", "document", "document"),
        (
            "models:\n  - {id: m, provider: p, price: 3}",
            None,
            "document:2: models[0].price: must be an object",
            "models[0].price",
        ),
        (
            "models:\n  - {id: m, provider: p}",
            None,
            "document:2: models[0].provider: There is no provider 'p'",
            "models[0].provider",
        ),
        ("keys: [{name: a, env: 'no name'}]", None, "document:1: keys[0].env", "keys[0].env"),
        (
            "providers: [{id: a, kind: openai, keys: [{stored: false}]}]",
            None,
            "document:1: providers[0].keys[0].stored",
            "providers[0].keys[0].stored",
        ),
        (
            "providers: [{id: a, kind: openai, stored_headers: [x], extra_headers: {X: a}}]",
            None,
            "document:1: providers[0]: the same header",
            "providers[0]",
        ),
    ],
)
def test_what_is_wrong_is_told_with_its_place(api: Api, text: str, kind: str | None, message: str, field: str) -> None:
    status, told, where = refused(api, text, format=kind)
    assert (status, where) == (422, field), told
    assert told.startswith(message), told
    assert "\n" not in told


def test_json_is_read_as_json(api: Api) -> None:
    """Tabs, numbers without a point and characters in two halves are not YAML's."""
    text = '{\t"providers": [{"id": "p", "kind": "openai", "name": "\\ud83d\\ude00 \\\\ud83d", "default_parameters": {"x": 1e5}}]}'
    for kind in ("json", None):
        (change,) = planned(api, text, format=kind)["changes"]
        assert (change["after"]["name"], change["after"]["default_parameters"]) == ("\U0001f600 \\ud83d", {"x": 1e5})
