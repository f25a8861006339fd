"""The Lambda entry: cheap to import, built at the first event, clear about a bad setting."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from tests.aws_mock import ENVIRON, World

from admin import app
from gateway.settings import SettingsError

FUNCTIONS = Path(__file__).parents[2] / "functions"
CONTEXT = SimpleNamespace(aws_request_id="x", function_name="admin", get_remaining_time_in_millis=lambda: 1000)


def event(method: str, path: str, body: str | None = None, **headers: str) -> dict[str, Any]:
    """A REST API proxy event."""
    names = {"content-type": "application/json", "host": "x", **headers}
    return {
        "resource": "/{proxy+}",
        "path": path,
        "httpMethod": method,
        "headers": names,
        "multiValueHeaders": {name: [value] for name, value in names.items()},
        "queryStringParameters": None,
        "multiValueQueryStringParameters": None,
        "pathParameters": {"proxy": path.lstrip("/")},
        "requestContext": {"identity": {"sourceIp": "10.0.0.5"}, "stage": "v1", "httpMethod": method, "path": path},
        "body": body,
        "isBase64Encoded": False,
    }


@pytest.fixture
def environ(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in ENVIRON.items():
        monkeypatch.setenv(name, value)
    app._mangum.cache_clear()


@pytest.mark.usefixtures("environ")
def test_an_event_is_answered() -> None:
    body = json.dumps({"username": "admin", "password": "wrong"})
    statuses = [app.handler(event("POST", "/api/auth/login", body), CONTEXT)["statusCode"] for _ in range(6)]
    assert statuses == [401] * 5 + [429]
    lost = app.handler(event("GET", "/api/none", **{"x-request-id": "abc"}), CONTEXT)
    assert (lost["statusCode"], json.loads(lost["body"])["error"]["request_id"]) == (404, "abc")


@pytest.mark.usefixtures("environ")
def test_a_bad_setting_is_said_at_the_first_event_and_not_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setenv("JWT_SECRET_ARN", "")
        for _ in range(2):
            with pytest.raises(SettingsError, match="JWT_SECRET_ARN is not set"):
                app.handler(event("GET", "/api/auth/me"), CONTEXT)
    assert app.handler(event("GET", "/api/auth/me"), CONTEXT)["statusCode"] == 401


def test_importing_it_needs_no_environment() -> None:
    subprocess.run([sys.executable, "-c", "import admin.app"], cwd=FUNCTIONS, env={"PATH": ""}, check=True, timeout=60)
