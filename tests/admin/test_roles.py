"""The role table, cell by cell, and that no route is outside it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from fastapi.routing import APIRoute
from tests.admin.conftest import Api
from tests.aws_mock import World

from gateway.admin import access
from gateway.admin.api import ROUTERS

BY_ROLE = {
    "operator": {
        "GET": {
            "provider-kinds",
            "providers",
            "upstream-keys",
            "models",
            "catalog",
            "routes",
            "keys",
            "teams",
            "end-users",
            "limits",
            "logs",
            "health",
            "overview",
            "usage",
            "release",
        },
        "POST": {"providers", "models", "routes", "stops", "health", "plan"},
        "PATCH": {"providers", "models", "routes"},
        "DELETE": {"providers", "models", "routes"},
    },
    "user": {"GET": {"usage"}, "POST": set(), "PATCH": set(), "DELETE": set()},
}


def _routes() -> list[tuple[APIRoute, str, str]]:
    """(route, noun, method) of every operation; a route without a noun has None and fails the test below."""
    found = []
    for router in ROUTERS:
        for route in router.routes:
            assert isinstance(route, APIRoute)
            nouns = {noun for noun in _nouns(route.dependant) if noun}
            found += [(route, ",".join(sorted(nouns)), method) for method in sorted(route.methods)]
    return found


def _nouns(dependant: object) -> list[str]:
    call = getattr(dependant, "call", None)
    inner = [noun for child in getattr(dependant, "dependencies", []) for noun in _nouns(child)]
    return [getattr(call, "noun", ""), *inner]


def test_every_admin_route_belongs_to_one_noun_of_the_table() -> None:
    for route, noun, method in _routes():
        if route.path.startswith("/api/auth/"):
            assert noun == "", route.path
            continue
        assert noun in access.ROLES, f"{method} {route.path} is outside the role table"
        assert access.allowed("admin", noun, method), f"not even an administrator may {method} {route.path}"


def test_the_table_says_what_this_test_says() -> None:
    for noun in access.ROLES:
        for role, methods in BY_ROLE.items():
            allowed = {method for method in ("GET", "POST", "PATCH", "DELETE") if access.allowed(role, noun, method)}
            assert allowed == {method for method, nouns in methods.items() if noun in nouns}, (role, noun)
    assert not access.allowed("admin", "no such noun", "GET")
    assert not access.allowed("no such role", "models", "GET")
    assert not access.allowed("admin", "models", "PUT")


@pytest.mark.parametrize("role", ["operator", "user"])
def test_every_cell_over_http(
    world: World, admin: dict[str, str], user: Callable[[str], dict[str, str]], role: str
) -> None:
    headers = user(role)
    cells = 0
    for route, noun, method in _routes():
        if not noun:
            continue
        path = (
            route.path.replace("{id:path}", "x")
            .replace("{id}", "x")
            .replace("{hash}", "0" * 64)
            .replace("{key_id}", "y")
        )
        anonymous = world.client.request(method, path)
        assert anonymous.status_code == 401, path
        answer = world.client.request(method, path, headers=headers)
        refused = answer.status_code == 403
        assert refused == (not access.allowed(role, noun, method)), f"{role} {method} {path}: {answer.status_code}"
        cells += 1
    assert cells >= 57


def test_a_refused_write_writes_nothing(
    world: World, api: Api, openai: str, user: Callable[[str], dict[str, str]]
) -> None:
    before = world.configuration()
    for role in ("operator", "user"):
        headers = user(role)
        for path, body in (("providers/openai/keys", {"value": "sk-secret-secret"}), ("keys", {"name": "k"})):
            assert world.client.post(f"/api/admin/{path}", json=body, headers=headers).status_code == 403
    assert world.configuration() == before
    assert not [item for item in world.items("keys") if item["pk"]["S"].startswith("key#")]
