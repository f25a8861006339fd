"""What must not work although each part of it is allowed: credentials by a detour, keys that come back, requests that do half of it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from unittest.mock import patch

import pytest
from botocore.exceptions import ClientError
from pynamodb.transactions import TransactWrite
from tests.admin.conftest import Api
from tests.admin.test_handler import CONTEXT, event
from tests.admin.test_registration import GOOD, mode, register
from tests.aws_mock import ENVIRON, PASSWORD, USERNAME, World

from admin import app
from gateway.admin import applying
from gateway.admin.document import DocumentError
from gateway.admin.document_text import parse
from gateway.admin.draft import Stored, read
from gateway.admin.editors import Editors
from gateway.stores.entities import Entities

HEADER = "c4nary-header-0001"
People = Callable[[Any], dict[str, str]]


@pytest.mark.usefixtures("openai")
def test_an_export_is_text_behind_api_gateway(monkeypatch: pytest.MonkeyPatch) -> None:
    # An API without binary media types gives the client what the function says, base64 or not.
    for name, value in ENVIRON.items():
        monkeypatch.setenv(name, value)
    app._mangum.cache_clear()
    body = json.dumps({"username": USERNAME, "password": PASSWORD})
    token = json.loads(app.handler(event("POST", "/api/auth/login", body), CONTEXT)["body"])["access_token"]
    for path in ("configuration", "audit/export"):
        answer = app.handler(event("GET", f"/api/admin/{path}", authorization=f"Bearer {token}"), CONTEXT)
        assert (answer["statusCode"], answer["isBase64Encoded"]) == (200, False), path
        assert path != "configuration" or "providers:\n" in answer["body"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("base_url", "https://evil.example/v1"),
        ("extra_headers", {"x-a": "b"}),
        ("allow_private", True),
    ],
)
def test_an_operators_new_provider_is_where_its_kind_is(world: World, user: People, field: str, value: Any) -> None:
    # A provider without keys is served by a credential of the proxy's environment, by its name.
    headers = user("operator")
    body = {"id": "openai", "kind": "openai"}
    answer = world.client.post("/api/admin/providers", json={**body, field: value}, headers=headers)
    assert answer.status_code == 403
    assert answer.json()["error"]["field"] == field
    plain = world.client.post("/api/admin/providers", json={**body, "base_url": None}, headers=headers)
    assert plain.status_code == 201


def test_credentials_in_headers_are_an_administrators(world: World, api: Api, user: People) -> None:
    body = {"id": "acme", "kind": "openai", "extra_headers": {"x-tenant-token": HEADER, "x-team": "a"}}
    assert api("POST", "providers", body).json()["extra_headers"]["x-tenant-token"] == HEADER
    operator = user("operator")
    answers = [
        world.client.get("/api/admin/providers", headers=operator),
        world.client.get("/api/admin/providers/acme", headers=operator),
        world.client.patch("/api/admin/providers/acme", json={"name": "Acme"}, headers=operator),
    ]
    assert [answer.status_code for answer in answers] == [200] * 3
    assert not [answer.text for answer in answers if HEADER in answer.text]
    assert answers[1].json()["extra_headers"] == {"x-tenant-token": "[redacted]", "x-team": "a"}
    assert api("GET", "providers/acme").json()["extra_headers"]["x-tenant-token"] == HEADER, "as it was"


def _reading_then(act: Callable[[], Any]) -> Any:
    """Something that happens between what a document is planned against and what is written of it."""

    def reading(editors: Editors) -> Stored:
        stored = read(editors)
        act()
        return stored

    return patch.object(applying, "read", reading)


def test_a_key_that_is_revoked_meanwhile_stays_revoked(api: Api, world: World) -> None:
    made = api("POST", "keys", {"name": "leaked"}).json()
    document = {"document": "keys: [{name: leaked, rpm: 5}]".replace("rpm: 5", "allowed_models: [a]")}
    with _reading_then(lambda: api("DELETE", f"keys/{made['id']}")):
        answer = api("POST", "configuration/apply", document)
    assert answer.status_code in {200, 409}
    assert api("GET", f"keys/{made['id']}").status_code == 404
    assert world.services.editors.keys.store.named("leaked") == []


def test_a_playground_key_does_not_become_another_by_a_document(api: Api, world: World) -> None:
    made = world.client.post("/api/admin/playground", headers=world.login()).json()
    for document in (f"keys: [{{name: mine, value: {made['key']}}}]", "keys: [{name: mine, env: MINE}]"):
        body = {"document": document, "variables": {"MINE": made["key"]}}
        for way in ("plan", "apply"):
            answer = api("POST", f"configuration/{way}", body)
            assert (answer.status_code, answer.json()["error"]["type"]) == (422, "validation_error"), answer.text
    row = world.services.editors.keys.get(made["key_id"])
    assert row.value.valid_until == made["expires_at"] // 1000


@pytest.mark.parametrize(
    "value", ["!!bool maybe", "!!timestamp soon", "!!int ''", "!!float ''", "!!int '-'", "!!null x"]
)
def test_a_tag_that_does_not_fit_its_value_is_the_documents_fault(value: str) -> None:
    with pytest.raises(DocumentError, match="d:1: "):
        parse(f"version: {value}", "d")


def test_braces_are_yaml_too() -> None:
    assert parse("{providers: [{id: a, kind: openai}]}", "d", "yaml").document.providers[0].id == "a"
    with pytest.raises(DocumentError, match="not valid JSON"):
        parse("{providers: []}", "d", "json")


def test_a_long_bulk_action_ends_in_time_and_publishes_what_it_did(api: Api, world: World, openai: str) -> None:
    ids = [f"m{at}" for at in range(4)]
    for one in ids:
        api("POST", "models", {"id": one, "provider": openai})
    number = api("GET", "release").json()["number"]
    delete = Entities.delete

    def slow(self: Entities, *given: Any) -> None:
        delete(self, *given)
        world.time.now += 10  # of 29 seconds that API Gateway waits

    with patch.object(Entities, "delete", slow):
        answer = api("POST", "bulk", {"noun": "model", "ids": ids, "action": "delete"})
    told = answer.json()
    assert [one["ok"] for one in told["results"]] == [True, True, False, False]
    assert "again" in told["results"][2]["error"]
    assert (told["changed"], api("GET", "release").json()["number"]) == (2, number + 1)
    assert api("GET", "audit?action=delete").json()["items"][0]["outcome"] == "done"


def test_an_invitation_is_worth_what_its_giver_is(world: World, api: Api) -> None:
    second = api("POST", "users", {"username": "eve", "password": GOOD, "role": "admin"}).json()
    with mode(world, "invite"):
        headers = world.login("eve", GOOD)
        invited = world.client.post("/api/admin/invitations", json={"role": "admin"}, headers=headers).json()
        assert api("PATCH", f"users/{second['id']}", {"role": "user"}).status_code == 200
        refused = register(world, "eve2", invitation=invited["token"])
        assert (refused.status_code, refused.json()["error"]["field"]) == (403, "invitation")
        assert api("PATCH", f"users/{second['id']}", {"role": "admin"}).status_code == 200
        assert register(world, "eve2", invitation=invited["token"]).status_code == 201


def test_no_other_sites_page_puts_its_session_into_a_browser(world: World) -> None:
    body = {"username": USERNAME, "password": PASSWORD}
    for site, kept in (("cross-site", False), ("same-site", False), ("same-origin", True), (None, True)):
        headers = {} if site is None else {"sec-fetch-site": site}
        answer = world.client.post("/api/auth/login", json=body, headers=headers)
        assert (answer.status_code, "set-cookie" in answer.headers) == (200, kept), site
        assert json.loads(answer.text)["access_token"]


LARGE = """
providers: [{id: openai, kind: openai, keys: [{id: main, stored: true, weight: 2}]}]
models: [{id: m0, provider: openai}, {id: m1, provider: openai}, {id: m2, provider: openai}, {id: m3, provider: openai}]
routes: [{id: r, targets: [{provider: openai, model: m0}]}]
"""


def test_a_large_document_is_written_in_a_few_steps_each_over_what_was_read(api: Api, world: World) -> None:
    entry = "providers: [{id: openai, kind: openai, keys: [{id: main, value: sk-first-000000000001}]}]"
    assert api("POST", "configuration/apply", {"document": entry}).status_code == 200
    api("POST", "models", {"id": "old", "provider": "openai"})
    before = api("GET", "release").json()["number"]
    rotations = iter(["sk-second-00000000002"])

    def rotate() -> None:
        for value in rotations:
            body = {"value": value}
            assert api("PATCH", "providers/openai/keys/openai:main", body).status_code == 200

    moves, write = list[object](), TransactWrite._commit

    def counted(self: TransactWrite) -> None:
        moves.append(self)
        write(self)

    with (
        patch("gateway.stores.restoring.MOST_WRITES", 3),
        patch.object(TransactWrite, "_commit", counted),
        _reading_then(rotate),
    ):
        answer = api("POST", "configuration/apply", {"document": LARGE, "prune": True})
    assert answer.status_code == 200, answer.text
    (key,) = api("GET", "providers/openai/keys").json()["items"]
    assert (key["weight"], key["hint"][-4:]) == (2, "0002"), "the rotation was not lost"
    assert [row["id"] for row in api("GET", "models").json()["items"]] == ["m0", "m1", "m2", "m3"]
    assert [row["id"] for row in api("GET", "routes").json()["items"] if not row["built_in"]] == ["r"]
    assert world.services.editors.publisher.compose() == world.services.editors.publisher.current()[1]
    assert api("GET", "release").json()["number"] == before + 2, "the rotation's, and one for all of the document"
    (told, *_) = api("GET", "audit?action=apply").json()["items"]
    assert {change["id"] for change in told["changes"]} == {"openai:main", "old", "m0", "m1", "m2", "m3", "r"}
    assert len(moves) <= 9


def test_a_large_document_against_a_plan_is_refused_when_something_moved(api: Api, world: World, openai: str) -> None:
    document = {"document": LARGE.replace("stored: true", "value: sk-first-000000000001")}
    planned = api("POST", "configuration/plan", document).json()
    meddling = iter([{"name": "Other"}])

    def meddle() -> None:
        for body in meddling:
            api("PATCH", f"providers/{openai}", body)

    with patch("gateway.stores.restoring.MOST_WRITES", 3), _reading_then(meddle):
        answer = api("POST", "configuration/apply", {**document, "fingerprint": planned["fingerprint"]})
    assert answer.status_code in {200, 409}
    assert answer.status_code == 409 or api("GET", f"providers/{openai}").json()["name"] == "Other"


def test_aliases_do_not_grow_a_document() -> None:
    text = "providers: [{id: a, kind: openai}]\nmodels:\n" + f"  - {{id: &big {'x' * 20_000}, provider: *big}}\n"
    text += "  - {id: *big, provider: *big}\n" * 60
    with pytest.raises(DocumentError, match="too large"):
        parse(text, "d")


def test_an_import_that_the_store_cuts_off_is_published_as_far_as_it_came(api: Api, world: World, openai: str) -> None:
    create, number = Entities.create, api("GET", "release").json()["number"]

    def failing(self: Entities, noun: Any, value: Any) -> Any:
        if value.id == "b":
            raise ClientError({"Error": {"Code": "InternalServerError"}}, "TransactWriteItems")
        return create(self, noun, value)

    with patch.object(Entities, "create", failing):
        answer = api("POST", f"providers/{openai}/import", {"models": [{"id": "a"}, {"id": "b"}, {"id": "c"}]})
    assert answer.status_code == 503
    assert [row["id"] for row in api("GET", "models").json()["items"]] == ["a"]
    assert api("GET", "release").json()["number"] == number + 1
    assert world.services.editors.publisher.compose() == world.services.editors.publisher.current()[1]
