"""The audit log: what an entry says, how the log is read, and what happens when it cannot be written."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from unittest.mock import patch

import pytest
from pynamodb.exceptions import PutError
from tests.admin.conftest import Api
from tests.admin.test_registration import mode
from tests.aws_mock import ENVIRON, USERNAME, World

from admin.app import apply_document
from gateway.admin.document import DocumentError
from gateway.admin.schemas import ProviderPatch
from gateway.stores.audit import AuditFilter, AuditLog, Unwritten

DOCUMENT = """
providers: [{id: acme, kind: openai, api_key: sk-document-00000001}]
teams: [{id: red}]
"""


def _entries(api: Api, query: str = "") -> list[dict[str, Any]]:
    answer = api("GET", f"audit{query}")
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


def _lost(*_args: Any, **_more: Any) -> None:
    raise PutError("out of reach")


def _unwritten(*_args: Any, **_more: Any) -> None:
    raise Unwritten


def test_an_entry_says_who_when_from_where_and_what(api: Api, world: World, openai: str) -> None:
    answer = api(
        "PATCH", "providers/openai", {"name": "Open", "active": False}, user_agent="curl/8", x_request_id="r-1"
    )
    entry = _entries(api)[0]
    release = api("GET", "release").json()["release"]
    assert (entry["actor_name"], entry["actor_role"], entry["user_agent"]) == (USERNAME, "admin", "curl/8")
    assert (entry["address"], entry["request_id"]) == ("testclient", "r-1")
    assert (entry["action"], entry["noun"], entry["noun_id"]) == ("update", "provider", "openai")
    assert (entry["outcome"], entry["status"], answer.status_code) == ("done", 200, 200)
    (change,) = entry["changes"]
    assert change["before"] == {"active": True, "name": "openai"}
    assert change["after"] == {"active": False, "name": "Open"}
    assert entry["release_after"] == release != entry["release_before"]
    assert abs(entry["time_ms"] - world.clock.now_ms()) < 1000


def test_a_replaced_secret_is_told_and_not_shown(api: Api, openai: str) -> None:
    key = api("POST", "providers/openai/keys", {"value": "sk-first-0000000000001"}).json()["id"]
    api("PATCH", f"providers/openai/keys/{key}", {"value": "sk-other-0000000000001", "weight": 3})
    entry = _entries(api)[0]
    (change,) = entry["changes"]
    assert change["before"] == {"value": None, "weight": 1}
    assert change["after"] == {"value": "[replaced]", "weight": 3}


def test_the_keys_that_go_with_a_provider_are_named(api: Api, openai: str) -> None:
    key = api("POST", "providers/openai/keys", {"value": "sk-first-0000000000001"}).json()["id"]
    api("DELETE", "providers/openai")
    entry = _entries(api)[0]
    assert [(one["noun"], one["id"], one["after"]) for one in entry["changes"]] == [
        ("provider", "openai", None),
        ("upstream_key", key, None),
    ]
    assert _entries(api, f"?noun=upstream_key&id={key}")[0]["id"] == entry["id"]


def test_what_changes_nothing_leaves_nothing(api: Api, openai: str) -> None:
    before = _entries(api)
    assert api("PATCH", "providers/openai", {"name": "openai"}).status_code == 200
    assert api("PATCH", "providers/openai", {"name": ""}).status_code == 422
    assert api("PATCH", "providers/none", {"name": "x"}).status_code == 404
    assert api("PATCH", "providers/openai", {"name": "x"}, if_match='"99"').status_code == 412
    assert _entries(api) == before


def test_a_refused_write_is_told_as_refused(api: Api, openai: str) -> None:
    assert api("POST", "providers", {"id": "openai", "kind": "openai"}).status_code == 409
    entry = _entries(api)[0]
    assert (entry["outcome"], entry["status"], entry["changes"]) == ("refused", 409, [])


def test_without_its_beginning_nothing_is_changed(api: Api, world: World, openai: str) -> None:
    before = world.items("config")
    with patch.object(AuditLog, "begin", _lost):
        answers = [
            api("PATCH", "providers/openai", {"name": "Lost"}),
            api("POST", "providers", {"id": "groq", "kind": "groq"}),
            api("DELETE", "providers/openai"),
            api("POST", "keys", {"name": "k"}),
            api("POST", "teams", {"id": "t"}),
            api("POST", "providers/openai/targets/close", {"model": "m"}),
        ]
    assert [answer.status_code for answer in answers] == [503] * 6
    assert world.items("config") == before
    assert not [item for item in world.items("keys") if item["pk"]["S"].startswith(("key#", "account#"))]


def test_an_ending_that_cannot_be_written_is_loud(api: Api, openai: str, caplog: pytest.LogCaptureFixture) -> None:
    with patch.object(AuditLog, "end", _unwritten), caplog.at_level(logging.ERROR, "gateway.admin"):
        answer = api("PATCH", "providers/openai", {"name": "Changed"}, x_request_id="r-2")
    assert answer.status_code == 500
    error = answer.json()["error"]
    assert (error["type"], error["request_id"]) == ("internal_error", "r-2")
    assert "audit" in error["message"]
    (record,) = [record for record in caplog.records if hasattr(record, "audit")]
    said = json.loads(record.audit)
    assert (said["noun_id"], said["changes"][0]["after"]) == ("openai", {"name": "Changed"})
    assert api("GET", "providers/openai").json()["name"] == "Changed"
    begun = _entries(api)[0]
    assert (begun["outcome"], begun["status"], begun["noun_id"], begun["changes"]) == ("unknown", None, "openai", [])


def test_nobody_signs_in_or_out_unseen(api: Api, world: World) -> None:
    body = {"username": USERNAME, "password": "correct horse 7 battery"}
    with patch.object(AuditLog, "end", _unwritten):
        assert world.client.post("/api/auth/login", json=body).status_code == 503
        assert world.client.post("/api/auth/login", json={**body, "password": "wrong"}).status_code == 503


def test_a_bug_is_told_as_failed_with_what_it_left_changed(api: Api, world: World, openai: str) -> None:
    publisher = type(world.services.editors.publisher)
    with patch.object(publisher, "publish", side_effect=RuntimeError("a bug")):
        assert api("PATCH", "providers/openai", {"name": "Half"}).status_code == 500
    entry = _entries(api)[0]
    assert (entry["outcome"], entry["status"]) == ("failed", 500)
    assert entry["changes"][0]["after"] == {"name": "Half"}


def test_filters_and_pages(api: Api, world: World, openai: str) -> None:
    api("POST", "models", {"id": "a", "provider": "openai"})
    world.time.now += 40 * 86_400  # another month
    world_login = world.login()
    middle = world.clock.now_ms()
    for name in "bcd":
        body = {"id": name, "provider": "openai"}
        assert world.client.post("/api/admin/models", json=body, headers=world_login).status_code == 201

    def get(query: str) -> dict[str, Any]:
        answer = world.client.get(f"/api/admin/audit?{query}", headers=world_login)
        assert answer.status_code == 200, answer.text
        body: dict[str, Any] = answer.json()
        return body

    def names(query: str) -> list[str]:
        return [item["noun_id"] for item in get(query)["items"]]

    assert names("noun=model") == ["d", "c", "b", "a"]
    assert names(f"noun=model&to={middle}") == ["a"]
    assert names(f"noun=model&from={middle}") == ["d", "c", "b"]
    assert names("noun=model&id=c") == ["c"]
    assert names(f"actor={USERNAME}&action=create&noun=provider") == ["openai"]
    assert names("actor=nobody") == []
    assert names("action=delete") == []
    found, query, pages = [], "noun=model&limit=1", 0
    cursor = ""
    while True:
        page = get(f"{query}{cursor}")
        found += [item["noun_id"] for item in page["items"]]
        pages += 1
        if page["next_cursor"] is None:
            break
        cursor = f"&cursor={page['next_cursor']}"
    assert (found, pages <= 5) == (["d", "c", "b", "a"], True)
    whole = [item["id"] for item in get("limit=100")["items"]]
    assert whole == sorted(whole, reverse=True)
    for bad in ("cursor=x", "cursor=MXg", "limit=0", "colour=red", "from=-1"):
        answer = world.client.get(f"/api/admin/audit?{bad}", headers=world_login)
        assert answer.status_code in {400, 422}, bad


def test_entries_end_by_the_retention_and_are_never_written_twice(api: Api, world: World, openai: str) -> None:
    items = [item for item in world.items("config") if item["pk"]["S"].startswith("audit#")]
    assert {item["pk"]["S"] for item in items} == {"audit#2026-09"}
    assert all(abs(int(item["ttl"]["N"]) - world.time.now - 400 * 86_400) < 60 for item in items)
    (first,) = world.services.audit.page(AuditFilter(), 1).entries
    with pytest.raises(Unwritten):
        world.services.audit.end(replace(first, action="forged"))


def test_a_put_that_is_sent_again_finds_itself(api: Api, world: World, openai: str) -> None:
    (first,) = world.services.audit.page(AuditFilter(), 1).entries
    before = world.items("config")
    world.services.audit.end(first)
    assert world.items("config") == before


def test_what_is_too_large_is_named_without_its_values(api: Api, openai: str) -> None:
    with patch("gateway.stores.audit.MAX_BYTES", 3000):
        api("POST", "teams", {"id": "t", "name": "n" * 200, "allowed_models": [f"m{at:0100}" for at in range(40)]})
    entry = _entries(api)[0]
    assert entry["cut"] is True
    assert entry["changes"] == [{"noun": "team", "id": "t", "before": None, "after": None}]


def test_export(api: Api, openai: str) -> None:
    api("POST", "teams", {"id": "t", "name": "=cmd"})
    csv = api("GET", "audit/export?noun=team")
    assert csv.headers["content-type"].startswith("text/csv")
    header, line = csv.text.strip().split("\r\n")
    assert header.startswith("id,time_ms,actor_id")
    assert line.startswith("aud_")
    assert "=cmd" in line
    part = api("GET", "audit/export?format=json&limit=1")
    assert len(part.json()["items"]) == 1
    following = part.headers["x-next-cursor"]
    assert part.json()["next_cursor"] == following
    rest = api("GET", f"audit/export?format=json&cursor={following}").json()
    assert part.json()["items"][0]["id"] not in [item["id"] for item in rest["items"]]
    assert rest["items"]


def test_operators_do_not_read_it(world: World, admin: dict[str, str], user: Callable[[str], dict[str, str]]) -> None:
    for role in ("operator", "user"):
        headers = user(role)
        assert world.client.get("/api/admin/audit", headers=headers).status_code == 403
        assert world.client.get("/api/admin/audit/export", headers=headers).status_code == 403


def test_a_document_leaves_one_entry_and_none_when_it_says_what_is_so(
    api: Api, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("admin.app.Clock", lambda: world.clock)
    apply_document(ENVIRON, DOCUMENT, "gateway.yaml")
    entry = _entries(api, "?action=apply")[0]
    assert (entry["actor_id"], entry["actor_name"], entry["actor_role"]) == ("document", "gateway.yaml", "document")
    assert (entry["noun"], entry["outcome"]) == ("configuration", "done")
    assert [(change["noun"], change["id"]) for change in entry["changes"]] == [
        ("provider", "acme"),
        ("upstream_key", "acme:default"),
        ("team", "red"),
    ]
    assert entry["release_after"] == api("GET", "release").json()["release"]
    apply_document(ENVIRON, DOCUMENT, "gateway.yaml")
    assert len(_entries(api, "?action=apply")) == 1
    with pytest.raises(DocumentError):
        apply_document(ENVIRON, "models: [{id: m, provider: none}]", "gateway.yaml")
    assert len(_entries(api, "?action=apply")) == 1


def test_the_trail_is_the_requests_own(api: Api, world: World, openai: str) -> None:
    """What code of the deployment does by itself is not told under somebody's name."""
    before = _entries(api)
    world.services.editors.providers.update("openai", ProviderPatch(name="x"), None, "me")
    assert _entries(api) == before


def test_a_registration_without_its_beginning_is_none(api: Api, world: World) -> None:
    body = {"username": "lee", "password": "a password of lee 1"}
    with mode(world, "open"), patch.object(AuditLog, "begin", _lost):
        assert world.client.post("/api/auth/register", json=body).status_code == 503
    assert world.services.users.by_name("lee") is None
    with mode(world, "open"):
        assert world.client.post("/api/auth/register", json=body).status_code == 201
    entry = _entries(api, "?action=register")[0]
    (change,) = entry["changes"]
    assert (entry["actor_id"], change["after"]["username"], change["after"]["role"]) == ("", "lee", "user")


def test_only_what_differs_of_a_user_is_kept(api: Api) -> None:
    made = api("POST", "users", {"username": "kim", "password": "a password of kim 1"}).json()["id"]
    api("PATCH", f"users/{made}", {"role": "operator"})
    (change,) = _entries(api)[0]["changes"]
    assert (change["before"]["role"], change["after"]["role"]) == ("user", "operator")
    assert "username" not in change["after"]
