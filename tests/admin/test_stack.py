"""The same on the local AWS (ministack), whose conditional writes and transactions are exact across processes."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import boto3
import pytest
from fastapi.testclient import TestClient
from tests.aws.stack import PROGRAM, ministack
from tests.aws_mock import ENVIRON, PASSWORD, REGION, USERNAME, create_tables

from admin.app import apply_document, create_app

pytestmark = [pytest.mark.stack, pytest.mark.slow]

DOCUMENT = """
providers: [{id: openai, kind: openai, api_key: sk-openai-000001}]
models: [{id: gpt-4o, provider: openai}]
keys: [{name: fixed, value: sk-gw-fixed-fixed-fixed}]
"""


@pytest.fixture(scope="module")
def environ(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    if not PROGRAM.exists():
        pytest.skip("NOT RUN: the local AWS is not installed (.venv-ministack)")
    patch = pytest.MonkeyPatch()
    patch.setenv("AWS_ACCESS_KEY_ID", "test")
    patch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    with ministack(tmp_path_factory.mktemp("ministack")) as url:

        def client(service: str) -> object:
            return boto3.client(service, endpoint_url=url, region_name=REGION)

        create_tables(client("dynamodb"), ENVIRON)
        kms = boto3.client("kms", endpoint_url=url, region_name=REGION)
        key = kms.create_key()["KeyMetadata"]["KeyId"]
        secrets = boto3.client("secretsmanager", endpoint_url=url, region_name=REGION)
        value = json.dumps({"username": USERNAME, "password": PASSWORD})
        secrets.create_secret(Name="gateway-admin", SecretString=value)
        secrets.create_secret(Name="gateway-jwt", SecretString="0123456789abcdef0123456789abcdef")
        yield {**ENVIRON, "KMS_KEY_ID": key, "AWS_ENDPOINT_URL": url}
    patch.undo()


@pytest.fixture(scope="module")
def call(environ: dict[str, str]) -> Iterator[Callable[..., object]]:
    with TestClient(create_app(environ)) as client:
        answer = client.post("/api/auth/login", json={"username": USERNAME, "password": PASSWORD})
        headers = {"authorization": f"Bearer {answer.json()['access_token']}"}

        def run(method: str, path: str, body: object = None) -> object:
            extra = {} if body is None else {"json": body}
            return client.request(method, f"/api/admin/{path}", headers=headers, **extra)

        yield run


def test_a_document_is_applied_once(environ: dict[str, str], call: Callable[..., object]) -> None:
    first = apply_document(environ, DOCUMENT, "c.yaml")
    again = apply_document(environ, DOCUMENT, "c.yaml")
    assert (first.release, first.number) == (again.release, again.number)
    assert call("GET", "release").json()["release"] == first.release  # type: ignore[attr-defined]
    assert call("DELETE", "providers/openai").status_code == 409  # type: ignore[attr-defined]
    assert call("POST", "models", {"id": "x", "provider": "nobody"}).status_code == 422  # type: ignore[attr-defined]
    assert call("POST", "models", {"id": "gpt-4o", "provider": "openai"}).status_code == 409  # type: ignore[attr-defined]
    assert len(call("GET", "keys").json()["items"]) == 1  # type: ignore[attr-defined]
    assert call("GET", "logs").json() == {"items": [], "next_cursor": None, "total": None}  # type: ignore[attr-defined]


def test_writers_at_once_lose_nothing(call: Callable[..., object]) -> None:
    with ThreadPoolExecutor(8) as pool:
        bodies = [{"id": f"p{number}", "kind": "openai"} for number in range(8)]
        statuses = [answer.status_code for answer in pool.map(lambda body: call("POST", "providers", body), bodies)]  # type: ignore[attr-defined]
    assert set(statuses) <= {201, 409}
    assert 201 in statuses
    listed = call("GET", "providers?limit=100").json()["items"]  # type: ignore[attr-defined]
    assert {f"p{number}" for number in range(8)} <= {item["id"] for item in listed}
    assert call("GET", "release").json()["providers"] == len(listed)  # type: ignore[attr-defined]


def test_one_of_many_edits_of_a_version_wins(call: Callable[..., object], environ: dict[str, str]) -> None:
    call("POST", "providers", {"id": "raced", "kind": "openai"})
    with TestClient(create_app(environ)) as client:
        token = client.post("/api/auth/login", json={"username": USERNAME, "password": PASSWORD}).json()["access_token"]
        headers = {"authorization": f"Bearer {token}", "if-match": '"1"'}
        with ThreadPoolExecutor(8) as pool:
            names = [f"n{number}" for number in range(8)]
            path = "/api/admin/providers/raced"
            answers = list(pool.map(lambda name: client.patch(path, json={"name": name}, headers=headers), names))
    statuses = sorted(answer.status_code for answer in answers)
    assert statuses == [200] + [412] * 7
