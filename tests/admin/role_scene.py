"""Everybody who may call the admin API, and things of their own and of others'."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Final
from unittest.mock import patch

import boto3
import pytest
from fastapi import FastAPI
from tests.admin.asgi import ask
from tests.admin.test_external_tokens import HS, SHARED, claims, hs256
from tests.aws_mock import ENVIRON, REGION, World, bind, cheap_argon2id

from admin.app import create_app
from gateway.neutral.dialogs import Dialog
from gateway.stores.users import User, Users

TABLES: Final = ("config", "keys", "state", "logs", "usage", "dialogs")


@dataclass(frozen=True)
class Caller:
    """Somebody with a token (or none): `role` None = the deployment must not know them."""

    name: str
    role: str | None
    headers: dict[str, str]


@dataclass(frozen=True)
class Scene:
    """The application with an identity provider, who calls it, and what is in it."""

    app: FastAPI
    callers: tuple[Caller, ...]
    ids: dict[str, tuple[str, str, str]]
    """By the noun of a path: the id of something of the user's own, of somebody else's, and of nothing at all."""


def _bearer(token: str) -> dict[str, str]:
    return {"authorization": f"Bearer {token}"}


@pytest.fixture
def scene(world: World) -> Scene:
    boto3.client("secretsmanager", region_name=REGION).create_secret(Name="oidc", SecretString=SHARED)
    with patch("admin.identity.argon2id", cheap_argon2id):
        app = create_app({**ENVIRON, **HS}, world.clock)
    expired = world.login()
    world.time.now += 901
    callers, person = _callers(world, expired)
    return Scene(app, callers, _things(world, person))


def _callers(world: World, expired: dict[str, str]) -> tuple[tuple[Caller, ...], str]:
    """Everybody, and the id of the user among them. Each has been here before, so that nothing is written for them any more."""
    store, hasher, ids = Users(bind(world.services.settings)), cheap_argon2id(), {}
    for name, role in (("user", "user"), ("operator", "operator"), ("dismissed", "admin"), ("left", "admin")):
        ids[name] = world.clock.new_id("usr")
        store.create(User(ids[name], name, role), hasher.hash("some password 1"))  # type: ignore[arg-type]
    admin, left = world.login(), world.login("left", "some password 1")
    dismissed = world.login("dismissed", "some password 1")
    answer = world.client.post("/api/auth/login", json={"username": "user", "password": "some password 1"})
    refresh = answer.headers["set-cookie"].partition("=")[2].partition(";")[0]
    world.client.post("/api/auth/logout", headers=left)
    world.client.patch(f"/api/admin/users/{ids['dismissed']}", json={"active": False}, headers=admin)
    soon = int(world.time.now)
    outside = {
        "external user": ("user", claims(sub="u", exp=soon + 600)),
        "external admin": ("admin", claims(sub="a", exp=soon + 600, is_admin=True)),
        "external, expired": (None, claims(sub="a", exp=soon - 61, is_admin=True)),
        "external, for another audience": (None, claims(sub="a", exp=soon + 600, is_admin=True, aud="else")),
    }
    forged = hs256(claims(sub="a", exp=soon + 600, is_admin=True), "another shared secret of 32 chars")
    callers = (
        Caller("nobody", None, {}),
        Caller("nonsense", None, _bearer("x.y.z")),
        Caller("a refresh token", None, _bearer(refresh)),
        Caller("forged", None, _bearer(forged)),
        Caller("expired admin", None, expired),
        Caller("signed-out admin", None, left),
        Caller("deactivated admin", None, dismissed),
        *(Caller(name, role, _bearer(hs256(given))) for name, (role, given) in outside.items()),
        Caller("user", "user", _bearer(answer.json()["access_token"])),
        Caller("operator", "operator", world.login("operator", "some password 1")),
        Caller("admin", "admin", admin),
    )
    return tuple(sorted(callers, key=lambda one: RANK[one.role])), ids["user"]


# Those who change something come last.
RANK: Final = {None: 0, "user": 1, "operator": 2, "admin": 3}


def _things(world: World, person: str) -> dict[str, tuple[str, str, str]]:
    headers = world.login()

    def made(path: str, body: dict[str, Any], name: str = "id") -> str:
        answer = world.client.post(f"/api/admin/{path}", json=body, headers=headers)
        assert answer.status_code == 201, answer.text
        return str(answer.json()[name])

    made("providers", {"id": "acme", "kind": "openai"})
    made("providers", {"id": "other", "kind": "openai"})
    keys = [made(f"providers/{one}/keys", {"value": "sk-aaaa-bbbb-cccc"}) for one in ("acme", "other")]
    for model in ("mine", "theirs"):
        made("models", {"id": model, "provider": "acme"})
        made("routes", {"id": model, "targets": [{"provider": "acme", "model": model}]})
    for one in (person, "theirs"):
        made("end-users", {"id": one})
        made("teams", {"id": one})
    mine = made("keys", {"name": "mine", "user_id": person, "team_id": person})
    theirs = made("keys", {"name": "theirs", "user_id": "theirs"})
    other = made("users", {"username": "other", "password": "some password 1"})
    for one in ("mine", "theirs"):
        made("agents", {"id": one})
        made("guardrails", {"id": one, "kind": "deny", "keywords": ["x"]})
    now = world.clock.now_ms()
    dialogs = [
        world.services.dialogs.create(Dialog(world.clock.new_id("dlg"), owner, now, now)).id
        for owner in (person, other)
    ]
    release = world.client.get("/api/admin/release", headers=headers).json()["release"]
    nothing = "0" * 64
    return {
        "providers": ("acme", "other", "none"),
        "key_id": (keys[0], keys[1], "none"),
        "models": ("mine", "theirs", "none"),
        "routes": ("mine", "theirs", "none"),
        "end-users": (person, "theirs", "none"),
        "teams": (person, "theirs", "none"),
        "keys": (mine, theirs, "none"),
        "users": (person, other, "usr_" + "0" * 32),
        "balances": (person, "theirs", "none"),
        "dialogs": (*dialogs, "dlg_" + "0" * 32),
        "agents": ("mine", "theirs", "none"),
        "guardrails": ("mine", "theirs", "none"),
        "releases": (release, release, nothing),
        "logs": ("req_" + "1" * 32, "req_" + "2" * 32, "req_" + "0" * 32),
        "invitations": ("inv_" + "1" * 32, "inv_" + "2" * 32, "inv_" + "0" * 32),
    }


def concrete_paths(path: str, ids: dict[str, tuple[str, str, str]]) -> list[str]:
    """The path of something of one's own, of somebody else's and of nothing; one path where it holds no id."""
    if "{" not in path:
        return [path]
    noun = "key_id" if path.startswith("/v1/admin/keys/") else path.partition("/{")[0].rpartition("/")[2]
    filled = []
    for place in range(3):
        first = re.sub(r"\{(id|hash|name)(:path)?\}", ids[noun][place], path)
        filled.append(first.replace("{key_id}", ids["key_id"][place]))
    return filled


async def warm(scene: Scene) -> None:
    """A user of an identity provider is written down at the first request."""
    for caller in scene.callers:
        answer = await ask(scene.app, "GET", "/api/auth/me", caller.headers)
        assert answer.status == (401 if caller.role is None else 200), caller.name
        assert caller.role is None or answer.json()["role"] == caller.role
