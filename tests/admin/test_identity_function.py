"""The identity function: whose a token is, by the admin API's own rules, from what is stored, and nothing written."""

from __future__ import annotations

import ast
from collections.abc import Callable
from pathlib import Path
from typing import Any

import boto3
import pytest
from infra.scripts.bundle import FUNCTIONS, reachable, third_party
from tests.admin.test_external_tokens import HS, SHARED, claims, hs256
from tests.aws_mock import ENVIRON, PASSWORD, REGION, USERNAME, World

from gateway.settings import SettingsError
from identity.app import Unreadable, create


@pytest.fixture
def ask(world: World) -> Callable[[str], dict[str, Any] | None]:
    answer = create(ENVIRON, world.clock)
    return lambda token: answer({"token": token})["user"]


@pytest.fixture
def outside(world: World) -> Callable[..., dict[str, Any] | None]:
    boto3.client("secretsmanager", region_name=REGION).create_secret(Name="oidc", SecretString=SHARED)
    answer = create({**ENVIRON, **HS}, world.clock)
    return lambda **changes: answer({"token": hs256(claims(**changes))})["user"]


def _token(world: World) -> str:
    return world.login()["authorization"].removeprefix("Bearer ")


def test_an_access_token_is_its_users(world: World, ask: Callable[[str], Any]) -> None:
    token = _token(world)
    found = ask(token)
    me = world.client.get("/api/auth/me", headers={"authorization": f"Bearer {token}"}).json()
    assert found == {"id": me["id"], "username": USERNAME, "role": "admin", "active": True}


def test_a_session_that_ended_is_nobodys(world: World, ask: Callable[[str], Any]) -> None:
    token = _token(world)
    world.client.post("/api/auth/logout", headers={"authorization": f"Bearer {token}"})
    assert ask(token) is None


def test_a_token_ends_with_its_time(world: World, ask: Callable[[str], Any]) -> None:
    token = _token(world)
    world.time.now += 901
    assert ask(token) is None


def test_a_deactivated_user_is_nobody(world: World, api: Callable[..., Any], ask: Callable[[str], Any]) -> None:
    made = api("POST", "users", {"username": "kim", "password": PASSWORD, "role": "operator"}).json()
    token = world.login("kim")["authorization"].removeprefix("Bearer ")
    found = ask(token)
    assert (found["id"], found["role"]) == (made["id"], "operator")
    api("PATCH", f"users/{made['id']}", {"active": False}).raise_for_status()
    assert ask(token) is None


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "é", "sk-gw-abc", "a.b.c.d"])
def test_anything_else_is_nobodys(ask: Callable[[str], Any], token: str) -> None:
    assert ask(token) is None


def test_twisted_tokens_are_nobodys(world: World, ask: Callable[[str], Any]) -> None:
    token = _token(world)
    head, body, signature = token.split(".")
    none = "eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0"
    for twisted in (
        f"{head}.{body}.",
        f"{head}.{body}.{signature[:-2]}AA",
        f"{none}.{body}.",
        f"{none}.{body}.{signature}",
    ):
        assert ask(twisted) is None


@pytest.mark.parametrize("event", [{}, {"token": None}, {"token": 7}, {"token": "x" * 8193}, [], "token"])
def test_another_event_is_refused_without_being_repeated(world: World, event: Any) -> None:
    with pytest.raises(Unreadable, match="the event holds no token"):
        create(ENVIRON, world.clock)(event)


def test_an_identity_providers_user_is_found_and_not_made(world: World, outside: Callable[..., Any]) -> None:
    before = len(world.items("keys"))
    found = outside(sub="u-1", preferred_username="kim", is_staff=True)
    assert found["id"].startswith("ext_")
    assert (found["username"], found["role"], found["active"]) == ("kim", "admin", True)
    assert outside(sub="u-2")["id"] != found["id"]
    assert outside(sub="u-1", aud="somebody else") is None
    assert len(world.items("keys")) == before, "its role may not write"


def test_its_log_says_who_and_never_the_token(
    world: World, ask: Callable[[str], Any], capsys: pytest.CaptureFixture[str]
) -> None:
    token = _token(world)
    capsys.readouterr()
    ask(token)
    ask("x.y.z")
    told = capsys.readouterr().out
    assert told.count("\n") == 2
    assert token not in told
    assert "x.y.z" not in told


@pytest.mark.parametrize("secret", ["", "short", "change-me-change-me-change-me-change-me", "a" * 40])
def test_an_unfit_key_stops_it(world: World, secret: str) -> None:
    client = boto3.client("secretsmanager", region_name=REGION)
    if secret:
        client.put_secret_value(SecretId="gateway-jwt", SecretString=secret)
    else:
        client.delete_secret(SecretId="gateway-jwt", ForceDeleteWithoutRecovery=True)
    with pytest.raises(SettingsError):
        create(ENVIRON, world.clock)


def test_it_needs_no_web_framework_and_no_password_hashing() -> None:
    files = reachable(("identity",))
    packages = {name for path in files for name in third_party(path)}
    assert not packages & {"fastapi", "starlette", "mangum", "pydantic", "argon2", "httpx"}
    locked = (Path(FUNCTIONS).parent / "infra" / "locks" / "identity.txt").read_text()
    assert "fastapi" not in locked
    names = {path.stem for path in files}
    assert "passwords" not in names
    assert ast.parse((FUNCTIONS / "identity" / "app.py").read_text())
