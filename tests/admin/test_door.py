"""What every answer has: one error shape, a request id, security headers; and what a body may not be."""

from __future__ import annotations

import json
import logging

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from pynamodb.exceptions import GetError
from tests.admin.conftest import Api
from tests.aws_mock import ENVIRON, World

from admin.app import create_app
from gateway.admin.api import assemble
from gateway.admin.door import MAX_BODY_BYTES, SECURITY_HEADERS, Door


def test_request_ids_come_back(world: World) -> None:
    given = world.client.get("/api/nothing", headers={"x-request-id": "abc-123.x"})
    assert given.headers["x-request-id"] == given.json()["error"]["request_id"] == "abc-123.x"
    for odd in ("", "a b", "x" * 129, "<script>", "a\tb"):
        made = world.client.get("/api/nothing", headers={"x-request-id": odd}).headers["x-request-id"]
        assert made.startswith("req_")
        assert len(made) == 36


def test_every_answer_has_the_security_headers(world: World, admin: dict[str, str]) -> None:
    for path, status in (("/api/auth/me", 200), ("/api/nothing", 404), ("/api/admin/models", 200)):
        answer = world.client.get(path, headers=admin)
        assert answer.status_code == status
        assert {name: answer.headers[name] for name in SECURITY_HEADERS} == SECURITY_HEADERS
        assert "set-cookie" not in answer.headers
        assert "server" not in answer.headers


def test_unknown_paths_and_methods(world: World, admin: dict[str, str]) -> None:
    lost = world.client.get("/api/admin/unicorns", headers=admin)
    assert (lost.status_code, lost.json()["error"]["type"]) == (404, "not_found")
    wrong = world.client.put("/api/admin/models", headers=admin)
    assert (wrong.status_code, wrong.json()["error"]["type"]) == (405, "method_not_allowed")
    assert wrong.headers["allow"]
    for path in ("/docs", "/redoc", "/openapi.json", "/api/openapi.json"):
        assert world.client.get(path).status_code == 404


BODIES = [
    (b"", 422),
    (b"{", 400),
    (b"\xff\xfe", 400),
    (b'{"name": "\xff"}', 400),
    (b"[" * 100_000, 400),
    (b"[]", 422),
    (b"null", 422),
    (b'"name"', 422),
    (b'{"name": NaN}', 422),
    (b'{"name": "\\ud800"}', 422),
    (b'{"__proto__": {}, "name": "x"}', 422),
    (b'{"name": {"$gt": ""}}', 422),
]


@pytest.mark.parametrize(("body", "status"), BODIES)
def test_a_body_that_cannot_be_read(world: World, admin: dict[str, str], body: bytes, status: int) -> None:
    headers = {**admin, "content-type": "application/json"}
    answer = world.client.post("/api/admin/keys", content=body, headers=headers)
    assert answer.status_code == status, answer.text
    assert set(answer.json()["error"]) <= {"type", "message", "field", "request_id"}


def test_a_form_is_not_json(world: World, admin: dict[str, str]) -> None:
    answer = world.client.post(
        "/api/admin/keys", content=b'{"name": "x"}', headers={**admin, "content-type": "text/plain"}
    )
    assert answer.status_code == 422


def test_a_body_over_the_limit_is_refused_said_or_unsaid(world: World, admin: dict[str, str]) -> None:
    def stream() -> object:
        for _ in range(20):
            yield b"x" * 65536

    for content in (b"x" * (MAX_BODY_BYTES + 1), stream()):
        answer = world.client.post("/api/admin/keys", content=content, headers=admin)
        assert (answer.status_code, answer.json()["error"]["type"]) == (413, "request_too_large")


def test_a_bug_is_told_to_the_log_and_not_to_the_caller(caplog: pytest.LogCaptureFixture) -> None:
    app: FastAPI = assemble()

    @app.get("/bug")
    def bug() -> None:
        raise RuntimeError("the innards")

    app.add_middleware(Door, new_id=lambda: "req_1")
    with caplog.at_level(logging.ERROR), TestClient(app) as client:
        answer = client.get("/bug")
    assert answer.status_code == 500
    assert answer.json()["error"]["type"] == "internal_error"
    assert "innards" not in answer.text
    assert answer.headers["x-request-id"] == "req_1"


def test_a_store_out_of_reach_is_503(world: World, admin: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_args: object, **_more: object) -> None:
        raise GetError("the innards")

    monkeypatch.setattr(world.services.logs._item, "get", fail)
    answer = world.client.get(f"/api/admin/logs/req_{'0' * 32}", headers=admin)
    assert (answer.status_code, answer.json()["error"]["type"]) == (503, "service_unavailable")
    assert "innards" not in answer.text


def test_only_the_dashboards_origin_may_read_across_origins(world: World) -> None:
    app = create_app({**ENVIRON, "DASHBOARD_ORIGIN": "https://dash.example"}, world.clock)
    asked = {"access-control-request-method": "POST", "access-control-request-headers": "authorization"}
    with TestClient(app) as client:
        good = client.options("/api/admin/models", headers={"origin": "https://dash.example", **asked})
        assert good.headers["access-control-allow-origin"] == "https://dash.example"
        assert "access-control-allow-credentials" not in good.headers
        other = client.options("/api/admin/models", headers={"origin": "https://evil.example", **asked})
        assert "access-control-allow-origin" not in other.headers
    closed = world.client.get("/api/admin/models", headers={"origin": "https://dash.example"})
    assert "access-control-allow-origin" not in closed.headers


def test_log_lines_hold_no_secret_and_name_the_actor(
    world: World, api: Api, openai: str, caplog: pytest.LogCaptureFixture
) -> None:
    logger = logging.getLogger("gateway.admin")
    logger.addHandler(caplog.handler)
    try:
        with caplog.at_level(logging.INFO, "gateway.admin"):
            api("POST", "providers/openai/keys", {"value": "sk-canary-canary-canary"})
            world.client.post("/api/auth/login", json={"username": "admin", "password": "canary-password"})
            world.client.get("/api/admin/models?q=canary-query", headers={"authorization": "Bearer canary-token"})
    finally:
        logger.removeHandler(caplog.handler)
    lines = [record.__dict__ for record in caplog.records if record.name == "gateway.admin"]
    assert "canary" not in json.dumps(lines, default=repr)
    assert lines[0]["route"] == "/api/admin/providers/{id}/keys"
    assert lines[0]["actor"].startswith("usr_")


def test_a_body_that_is_not_called_json_is_told_what_to_call_it(world: World, admin: dict[str, str]) -> None:
    """As `curl -d` sends one: what is wrong is its type, not what it says."""
    form = {**admin, "content-type": "application/x-www-form-urlencoded"}
    answer = world.client.post("/api/admin/teams", content=b'{"id": "a"}', headers=form)
    assert answer.status_code == 422
    assert "content-type: application/json" in answer.json()["error"]["message"]
    listed = world.client.post("/api/admin/teams", json=["a"], headers=admin)
    assert listed.json()["error"]["message"] == "must be an object (names with values)"
