"""One deployment in moto, emptied before each test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from tests.aws_mock import World, cheap_argon2id, mocked_world

from gateway.stores.tables import bind
from gateway.stores.users import Role, User, Users

Api = Callable[..., httpx.Response]


@pytest.fixture(scope="session")
def _asleep() -> Iterator[World]:
    with mocked_world() as world:
        yield world


@pytest.fixture(scope="module")
def _world(_asleep: World) -> Iterator[World]:
    with _asleep.awake():
        yield _asleep


@pytest.fixture
def world(_world: World) -> World:
    _world.reset()
    return _world


@pytest.fixture
def admin(world: World) -> dict[str, str]:
    return dict(world.once("signed in", world.login))


@pytest.fixture
def api(world: World, admin: dict[str, str]) -> Api:
    """`api("POST", "providers", {...}, if_match='"1"')` as the administrator."""

    def call(method: str, path: str, body: Any = None, **headers: str) -> httpx.Response:
        more = {name.replace("_", "-"): value for name, value in headers.items()}
        extra = {} if body is None else {"json": body}
        return world.client.request(method, f"/api/admin/{path}", headers={**admin, **more}, **extra)

    return call


@pytest.fixture
def user(world: World) -> Callable[[Role], dict[str, str]]:
    """Signs in a new user of a role."""

    def make(role: Role) -> dict[str, str]:
        person = User(world.clock.new_id("usr"), f"{role}-person", role)
        Users(bind(world.services.settings)).create(person, cheap_argon2id().hash("some password 1"))
        return world.login(person.username, "some password 1")

    return make


@pytest.fixture
def openai(world: World, admin: dict[str, str], api: Api) -> str:
    """A provider."""

    def create() -> str:
        assert api("POST", "providers", {"id": "openai", "kind": "openai"}).status_code == 201
        return "openai"

    # What is put back has the session that this header is of.
    return world.once(f"openai {admin['authorization']}", create)
