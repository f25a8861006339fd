"""Users that an identity provider vouches for, over HTTP."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from unittest.mock import patch

import boto3
import pytest
from fastapi.testclient import TestClient
from tests.admin.test_external_tokens import HS, ISSUER, SHARED, claims, hs256
from tests.aws_mock import ENVIRON, REGION, World, cheap_argon2id

from admin.app import create_app


@pytest.fixture
def outside(world: World) -> Iterator[Callable[..., Any]]:
    """`outside("GET", "/api/auth/me", sub="u-1")`: the deployment, with an identity provider."""
    boto3.client("secretsmanager", region_name=REGION).create_secret(Name="oidc", SecretString=SHARED)
    with patch("admin.identity.argon2id", cheap_argon2id):
        app = create_app({**ENVIRON, **HS}, world.clock)
    with TestClient(app, base_url="http://admin.test") as client:

        def call(method: str, path: str, **changes: object) -> Any:
            headers = {"authorization": f"Bearer {hs256(claims(**changes))}"}
            return client.request(method, path, headers=headers)

        yield call


def test_a_user_appears_with_the_first_token(
    world: World, outside: Callable[..., Any], api: Callable[..., Any]
) -> None:
    answer = outside("GET", "/api/auth/me", preferred_username="kim", is_staff=True)
    assert answer.status_code == 200
    body = answer.json()
    assert (body["username"], body["role"]) == ("kim", "admin")
    assert body["id"].startswith("ext_")
    assert outside("GET", "/api/auth/me", preferred_username="kim", is_staff=True).json() == body
    assert outside("GET", "/api/auth/me", sub="u-2").json()["id"] != body["id"]
    assert outside("GET", "/api/admin/users", is_admin=True).status_code == 200
    assert outside("GET", "/api/admin/users").status_code == 403, "the role is what this token says"
    row = api("GET", f"users/{body['id']}").json()
    assert (row["source"], row["issuer"], row["role"]) == ("external", ISSUER, "user")


def test_an_external_name_takes_nobodys_place(world: World, outside: Callable[..., Any]) -> None:
    assert outside("GET", "/api/auth/me", preferred_username="admin").json()["role"] == "user"
    assert world.login(), "the first administrator gets in, and as themselves"
    for password in ("", "x"):
        tried = world.client.post("/api/auth/login", json={"username": "u-1", "password": password})
        assert tried.status_code in {401, 422}


def test_a_deactivated_external_user_stays_out(outside: Callable[..., Any], api: Callable[..., Any]) -> None:
    identifier = outside("GET", "/api/auth/me").json()["id"]
    for body in ({"role": "admin"}, {"username": "x"}, {"password": "some password 1"}):
        assert api("PATCH", f"users/{identifier}", body).status_code == 409
    assert api("PATCH", f"users/{identifier}", {"active": False}).status_code == 200
    assert outside("GET", "/api/auth/me").status_code == 401
    assert outside("GET", "/api/auth/me", is_admin=True).status_code == 401
    assert api("DELETE", f"users/{identifier}").status_code == 204, "this deployment has no provider (any more)"


def test_signing_out_ends_this_token_only(outside: Callable[..., Any]) -> None:
    assert outside("POST", "/api/auth/logout", jti="a").status_code == 204
    assert outside("GET", "/api/auth/me", jti="a").status_code == 401
    assert outside("GET", "/api/auth/me", jti="b").status_code == 200
    assert outside("POST", "/api/auth/logout-everywhere", jti="b").status_code == 409
    assert outside("POST", "/api/auth/logout", exp=1).status_code == 401


def test_first_tokens_at_once_make_one_user(world: World, outside: Callable[..., Any]) -> None:
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: outside("GET", "/api/auth/me"), range(4)))
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.json()["id"] for answer in answers}) == 1


def test_without_a_provider_its_tokens_are_nothing(world: World) -> None:
    headers = {"authorization": f"Bearer {hs256(claims())}"}
    assert world.client.get("/api/auth/me", headers=headers).status_code == 401
    assert not [item for item in world.items("keys") if item["pk"]["S"].startswith("user#")]


def test_own_tokens_go_on_beside_a_provider(world: World, outside: Callable[..., Any]) -> None:
    assert world.client.get("/api/auth/me", headers=world.login()).status_code == 200
    assert outside("GET", "/api/auth/me", iss="serverless-llm-gateway", aud="admin:test").status_code == 401
