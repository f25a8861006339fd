"""The same on the local AWS (ministack), whose conditional writes and transactions are exact across processes."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import boto3
import pytest
from fastapi.testclient import TestClient
from tests.aws.stack import PROGRAM, ministack
from tests.aws_mock import ENVIRON, PASSWORD, REGION, USERNAME, create_tables

from admin.app import apply_document, create_app
from gateway.stores import dialogs

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


@pytest.fixture(scope="module")
def v1(environ: dict[str, str]) -> Iterator[Callable[..., Any]]:
    """Requests under `/api/v1` as the administrator."""
    with TestClient(create_app(environ)) as client:
        answer = client.post("/api/auth/login", json={"username": USERNAME, "password": PASSWORD})
        headers = {"authorization": f"Bearer {answer.json()['access_token']}"}
        client.post("/api/admin/end-users", json={"id": "raced", "token_balance": True}, headers=headers)

        def run(method: str, path: str, body: object = None) -> Any:
            extra = {} if body is None else {"json": body}
            return client.request(method, f"/api/v1/{path}", headers=headers, **extra)

        yield run


def _at_once(number: int, act: Callable[[int], Any]) -> list[Any]:
    """What each of `number` threads gets, which begin together."""
    barrier = threading.Barrier(number)

    def run(one: int) -> Any:
        barrier.wait(60)
        return act(one)

    with ThreadPoolExecutor(number) as pool:
        return list(pool.map(run, range(number)))


def test_tokens_are_exact_whoever_asks_at_once(v1: Callable[..., Any]) -> None:
    """16 threads: one change sent by all, 16 others each sent twice, limits set meanwhile. Each change counts once."""
    path = "admin/users/raced"
    amounts = [(number + 1) * (-1) ** number for number in range(16)]

    def act(number: int) -> set[int]:
        change = {"amount": amounts[number], "id": f"own-{number}"}
        answers = [v1("POST", f"{path}/tokens", {"amount": 1000, "id": "shared"})]
        answers += [v1("POST", f"{path}/tokens", change), v1("POST", f"{path}/tokens", change)]
        answers.append(v1("PATCH", f"{path}/limits", {"limit": None if number % 2 else 10_000 + number}))
        return {answer.status_code for answer in answers}

    assert set().union(*_at_once(16, act)) <= {200, 409}, "409: others kept writing, nothing was changed"
    for number, amount in enumerate(amounts):  # whoever was told 409 asks again
        assert v1("POST", f"{path}/tokens", {"amount": amount, "id": f"own-{number}"}).status_code == 200
    assert v1("PATCH", f"{path}/limits", {"limit": 5000}).status_code == 200
    row = v1("GET", "admin/balances/raced").json()
    assert (row["available"], row["limit"], row["used"], row["held"]) == (1000 + sum(amounts), 5000, 0, 0)
    history = v1("GET", f"{path}/tokens/history?limit=100").json()
    assert sorted(one["amount"] for one in history) == sorted([1000, *amounts])


def test_what_is_left_of_a_limit_is_true_after_deductions_at_once(
    v1: Callable[..., Any], environ: dict[str, str]
) -> None:
    """A limit is kept as what is left of it: after everybody's changes it is the limit less what was used, whatever came first."""

    def act(number: int) -> None:
        if number % 2:
            v1("PATCH", "admin/users/raced/limits", {"limit": 100 * number})
        else:
            v1("POST", "admin/users/raced/tokens", {"amount": -1, "id": f"less-{number}"})

    _at_once(12, act)
    table = boto3.resource("dynamodb", endpoint_url=environ["AWS_ENDPOINT_URL"], region_name=REGION).Table("state")
    item = table.get_item(Key={"pk": "balance#raced", "sk": "balance"})["Item"]
    assert item["room"] == item["limit"] - item["used"] - item["held"]
    assert item["limit"] in {100 * number for number in range(1, 12, 2)} | {5000}


def test_dialogs_at_once_are_counted_one_by_one(v1: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dialogs, "MOST_DIALOGS", 6)
    made = _at_once(16, lambda _: v1("POST", "dialogs", {}))
    good = [answer.json()["id"] for answer in made if answer.status_code == 201]
    assert {answer.status_code for answer in made} == {201, 409}
    while v1("POST", "dialogs", {}).status_code == 201:  # those who were told that others kept writing
        pass
    listed = v1("GET", "dialogs?page_size=100").json()
    assert listed["total"] == 6
    removed = _at_once(12, lambda _: v1("DELETE", f"dialogs/{good[0]}").status_code)
    assert set(removed) <= {204, 404}
    assert 204 in removed
    (owner,) = v1("GET", "admin/balances?dialogs=true").json()["items"]
    assert (owner["dialogs"], v1("GET", "dialogs").json()["total"]) == (5, 5)
    changed = _at_once(8, lambda number: v1("PATCH", f"dialogs/{good[1]}", {"title": str(number)}).status_code)
    assert set(changed) == {200}
    print("\ndialogs: 16 begun at once under a cap of 6: 6; one removed by 12 at once: counted once")
