"""Who may do what, cell by cell: caller x route x method x whose thing it is, against a table that is written out by hand."""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final
from unittest.mock import patch

import boto3
import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute
from tests.admin.asgi import Answer, ask
from tests.admin.test_external_tokens import HS, SHARED, claims, hs256
from tests.aws_mock import ENVIRON, REGION, World, bind, cheap_argon2id

from admin.app import create_app
from gateway.admin import access
from gateway.admin.api import ROUTERS
from gateway.stores.sessions import SessionStore
from gateway.stores.users import User, Users

# One line per operation: who may. `anyone` needs no token, `everyone` any valid one. A new route needs a line here; so does a route that goes.
TABLE: Final = """
POST   /api/auth/login                                     anyone
POST   /api/auth/register                                  anyone
POST   /api/auth/refresh                                   anyone
GET    /api/auth/registration                              anyone
GET    /api/auth/me                                        everyone
POST   /api/auth/password                                  everyone
POST   /api/auth/logout                                    everyone
POST   /api/auth/logout-everywhere                         everyone
GET    /api/admin/provider-kinds                           admin operator
GET    /api/admin/providers                                admin operator
POST   /api/admin/providers                                admin operator
GET    /api/admin/providers/{id}                           admin operator
PATCH  /api/admin/providers/{id}                           admin operator
DELETE /api/admin/providers/{id}                           admin operator
POST   /api/admin/providers/{id}/probe                     admin operator
POST   /api/admin/providers/{id}/import                    admin operator
GET    /api/admin/providers/{id}/keys                      admin operator
POST   /api/admin/providers/{id}/keys                      admin
PATCH  /api/admin/providers/{id}/keys/{key_id}             admin
DELETE /api/admin/providers/{id}/keys/{key_id}             admin
POST   /api/admin/providers/{id}/keys/{key_id}/revive      admin operator
POST   /api/admin/providers/{id}/targets/close             admin operator
GET    /api/admin/models                                   admin operator
POST   /api/admin/models                                   admin operator
GET    /api/admin/models/{id:path}                         admin operator
PATCH  /api/admin/models/{id:path}                         admin operator
DELETE /api/admin/models/{id:path}                         admin operator
GET    /api/admin/catalog                                  admin operator
GET    /api/admin/routes                                   admin operator
POST   /api/admin/routes                                   admin operator
GET    /api/admin/routes/{id:path}                         admin operator
PATCH  /api/admin/routes/{id:path}                         admin operator
DELETE /api/admin/routes/{id:path}                         admin operator
GET    /api/admin/keys                                     admin operator
POST   /api/admin/keys                                     admin
GET    /api/admin/keys/{id}                                admin operator
PATCH  /api/admin/keys/{id}                                admin
DELETE /api/admin/keys/{id}                                admin
GET    /api/admin/keys/{id}/limits                         admin operator
POST   /api/admin/keys/{id}/limits/reset                   admin
GET    /api/admin/teams/{id:path}/limits                   admin operator
POST   /api/admin/teams/{id:path}/limits/reset             admin
GET    /api/admin/teams                                    admin operator
POST   /api/admin/teams                                    admin
GET    /api/admin/teams/{id:path}                          admin operator
PATCH  /api/admin/teams/{id:path}                          admin
DELETE /api/admin/teams/{id:path}                          admin
GET    /api/admin/end-users/{id:path}/balance              admin operator
POST   /api/admin/end-users/{id:path}/balance              admin
PATCH  /api/admin/end-users/{id:path}/balance              admin
GET    /api/admin/end-users/{id:path}/balance/history      admin operator
GET    /api/admin/end-users/{id:path}/limits               admin operator
POST   /api/admin/end-users/{id:path}/limits/reset         admin
GET    /api/admin/end-users                                admin operator
POST   /api/admin/end-users                                admin
GET    /api/admin/end-users/{id:path}                      admin operator
PATCH  /api/admin/end-users/{id:path}                      admin
DELETE /api/admin/end-users/{id:path}                      admin
GET    /api/admin/limits                                   admin operator
GET    /api/admin/logs                                     admin operator
GET    /api/admin/logs/export                              admin operator
GET    /api/admin/logs/timeline                            admin operator
GET    /api/admin/logs/{id}                                admin operator
POST   /api/admin/logs/{id}/stop                           admin operator
GET    /api/admin/health                                   admin operator
POST   /api/admin/plan                                     admin operator
GET    /api/admin/overview                                 admin operator
GET    /api/admin/usage                                    everyone
GET    /api/admin/usage/export                             everyone
GET    /api/admin/users                                    admin
POST   /api/admin/users                                    admin
GET    /api/admin/users/{id}                               admin
PATCH  /api/admin/users/{id}                               admin
DELETE /api/admin/users/{id}                               admin
POST   /api/admin/users/{id}/logout                        admin
GET    /api/admin/invitations                              admin
POST   /api/admin/invitations                              admin
DELETE /api/admin/invitations/{id}                         admin
GET    /api/admin/release                                  admin operator
GET    /api/admin/releases                                 admin operator
GET    /api/admin/releases/{hash}                          admin operator
GET    /api/admin/releases/{hash}/diff                     admin operator
POST   /api/admin/releases/{hash}/rollback                 admin
GET    /api/admin/audit                                    admin
GET    /api/admin/audit/export                             admin
GET    /api/admin/releases/draft                           admin operator
POST   /api/admin/releases/draft/publish                   admin operator
POST   /api/admin/releases/draft/discard                   admin
GET    /api/admin/settings                                 admin operator
PATCH  /api/admin/settings                                 admin
POST   /api/admin/bulk                                     admin operator
POST   /api/admin/playground                               admin operator
GET    /api/admin/configuration                            admin
POST   /api/admin/configuration/plan                       admin
POST   /api/admin/configuration/apply                      admin
"""
METHODS: Final = ("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE")
# These end the session they are asked with, or begin one: tests/admin/test_sessions.py has them, one by one.
APART: Final = {"/api/auth/logout", "/api/auth/logout-everywhere"}


@dataclass(frozen=True)
class Row:
    """A line of the table."""

    method: str
    path: str
    who: frozenset[str]

    def fits(self, concrete: str) -> bool:
        pattern = re.sub(r"\{\w+:path\}", ".+", self.path)
        return re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", pattern), concrete) is not None

    def lets(self, role: str | None) -> bool:
        """Whether a caller of this role gets in; None = nobody whom the deployment knows."""
        return "anyone" in self.who or (role is not None and bool(self.who & {role, "everyone"}))


ROWS: Final = tuple(
    Row(words[0], words[1], frozenset(words[2:])) for line in TABLE.split("\n") if (words := line.split())
)


def row_of(method: str, concrete: str) -> Row | None:
    """The line that decides about a request; ids may hold slashes, so a longer path can be somebody's id."""
    return next((row for row in ROWS if row.method == method and row.fits(concrete)), None)


def routes_of_the_application() -> list[APIRoute]:
    """Every operation."""
    return [route for router in ROUTERS for route in router.routes if isinstance(route, APIRoute)]


def _nouns(dependant: Any) -> set[str]:
    noun = getattr(dependant.call, "noun", None)
    return ({noun} if noun else set()).union(*(_nouns(child) for child in dependant.dependencies))


def test_every_route_of_the_application_has_a_line_and_every_line_a_route(world: World) -> None:
    found = {(method, route.path) for route in routes_of_the_application() for method in route.methods or ()}
    lines = {(row.method, row.path) for row in ROWS}
    assert len(lines) == len(ROWS), "a line is there twice"
    assert found - lines == set(), "give every route a line in TABLE: who may use it"
    assert lines - found == set(), "these routes are gone"
    described = {
        (method.upper(), path)
        for path, operations in world.client.app.openapi()["paths"].items()  # type: ignore[attr-defined]
        for method in operations
    }
    assert described == {(method, path.replace(":path}", "}")) for method, path in lines}


def test_the_rights_that_a_page_is_told_are_those_of_the_table(world: World) -> None:
    for route in routes_of_the_application():
        method = next(iter(route.methods or ()))
        row = next(row for row in ROWS if (row.method, row.path) == (method, route.path))
        nouns = _nouns(route.dependant)
        assert len(nouns) == (0 if route.path.startswith("/api/auth/") else 1), route.path
        for noun in nouns:
            for role in ("admin", "operator", "user"):
                assert (method in access.rights(role)[noun]) == row.lets(role), (role, method, route.path)
    told = world.client.get("/api/auth/me", headers=world.login()).json()["access"]
    assert told == access.rights("admin")
    assert set(access.rights("user")) == set(told), "no noun is left out"
    assert {noun: methods for noun, methods in access.rights("user").items() if methods} == {"usage": ["GET"]}
    assert not any(access.rights("nobody").values())
    assert not access.allowed("admin", "no such noun", "GET")
    assert not access.allowed("admin", "models", "PUT")


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
        "releases": (release, release, nothing),
        "logs": ("req_" + "1" * 32, "req_" + "2" * 32, "req_" + "0" * 32),
        "invitations": ("inv_" + "1" * 32, "inv_" + "2" * 32, "inv_" + "0" * 32),
    }


def _concrete(path: str, ids: dict[str, tuple[str, str, str]]) -> list[str]:
    """The path of something of one's own, of somebody else's and of nothing; one path where it holds no id."""
    if "{" not in path:
        return [path]
    noun = path.split("/")[3]
    filled = []
    for place in range(3):
        first = re.sub(r"\{(id|hash)(:path)?\}", ids[noun][place], path)
        filled.append(first.replace("{key_id}", ids["key_id"][place]))
    return filled


async def _cell(scene: Scene, caller: Caller, method: str, path: str) -> Answer:
    """No body, and a version that nothing has: what is let in is refused later, so nothing changes."""
    return await ask(scene.app, method, path, {**caller.headers, "if-match": '"999"'})


def _expected(caller: Caller, row: Row | None) -> str:
    if row is None:
        return "405"
    if row.lets(caller.role):
        return "in"
    return "401" if caller.role is None else "403"


def _outcome(status: int) -> str:
    if status in {401, 403, 405}:
        return str(status)
    return "in" if status < 500 else f"broken: {status}"


def _things_of(caller: Caller, method: str, outcome: str, paths: list[str]) -> list[str]:
    """Whose things are tried. All three where a caller is kept out; a POST that is let in only where nothing is, since many need no body to act."""
    if caller.name not in FOREMOST or outcome == "405":
        return paths[:1] if method != "POST" else paths[-1:]
    if outcome == "in":
        return paths[-1:] if method == "POST" else [paths[0], paths[-1]][: len(paths)]
    return paths


async def _ask_everything(scene: Scene, caller: Caller) -> Counter[str]:
    counted: Counter[str] = Counter()
    for path in dict.fromkeys(row.path for row in ROWS):
        if caller.role is not None and path in APART:
            continue
        paths = _concrete(path, scene.ids)
        for method in METHODS:
            outcome = _expected(caller, row_of(method, paths[0]))
            if outcome == "405" and caller.name not in FOREMOST:
                continue  # it is answered before anybody asks who calls
            answers = [await _cell(scene, caller, method, one) for one in _things_of(caller, method, outcome, paths)]
            for answer in answers:
                assert _outcome(answer.status) == outcome, (caller.name, method, path, answer.status, answer.body)
            if outcome != "in":
                assert len({answer.told() for answer in answers}) == 1, "whose it is, or whether it is, is not told"
            counted[outcome] += len(answers)
    return counted


# The others differ from one of these only in how they are recognised.
FOREMOST: Final = {"nobody", "user", "operator", "admin"}
TABLES: Final = ("config", "keys", "state", "logs", "usage")


@contextmanager
def _remembering(store: type, name: str) -> Iterator[None]:
    """Read each row once: in this test nobody changes users or sessions, and the reads would take half of its time."""
    read, known = getattr(store, name), dict[str, Any]()

    def remembered(self: Any, identifier: str) -> Any:
        if identifier not in known:
            known[identifier] = read(self, identifier)
        return known[identifier]

    with patch.object(store, name, remembered):
        yield


def test_every_cell(scene: Scene, world: World, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("WARNING", "gateway.admin")
    asyncio.run(_warm(scene))
    before = {table: world.items(table) for table in TABLES}
    counted: Counter[str] = Counter()
    for caller in scene.callers:
        with _remembering(Users, "get"), _remembering(SessionStore, "get"):
            found = asyncio.run(_ask_everything(scene, caller))
        counted += found
        if caller.role in {None, "user"}:
            assert {table: world.items(table) for table in TABLES} == before, f"{caller.name} changed something"
        print(f"\n{caller.name}: {dict(sorted(found.items()))}", end="")
    cells = sum(counted.values())
    print(
        f"\n{cells} cells of {len(scene.callers)} callers, {len(ROWS)} operations, {len(METHODS)} methods: {dict(counted)}"
    )
    assert cells > 3000


async def _warm(scene: Scene) -> None:
    """A user of an identity provider is written down at the first request."""
    for caller in scene.callers:
        answer = await ask(scene.app, "GET", "/api/auth/me", caller.headers)
        assert answer.status == (401 if caller.role is None else 200), caller.name
        assert caller.role is None or answer.json()["role"] == caller.role
