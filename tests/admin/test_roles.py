"""Who may do what, cell by cell: caller x route x method x whose thing it is, against a table that is written out by hand (`role_table.py`)."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final
from unittest.mock import patch

import pytest
from tests.admin.asgi import Answer, ask
from tests.admin.role_scene import TABLES, Caller, Scene, concrete_paths, scene, warm
from tests.admin.role_table import APART, METHODS, ROWS, Row, routes_of_the_application, row_of
from tests.aws_mock import World

from gateway.admin import access
from gateway.stores.sessions import SessionStore
from gateway.stores.users import Users

__all__ = ["scene"]


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
        assert len(nouns) == (0 if route.path.startswith(("/api/auth/", "/v1/auth/")) else 1), route.path
        for noun in nouns:
            for role in ("admin", "operator", "user"):
                assert (method in access.rights(role)[noun]) == row.lets(role), (role, method, route.path)
    told = world.client.get("/api/auth/me", headers=world.login()).json()["access"]
    assert told == access.rights("admin")
    assert set(access.rights("user")) == set(told), "no noun is left out"
    assert {noun: methods for noun, methods in access.rights("user").items() if methods} == {
        "usage": ["GET"],
        "dialogs": ["DELETE", "GET", "PATCH", "POST"],
    }
    assert not any(access.rights("nobody").values())
    assert not access.allowed("admin", "no such noun", "GET")
    assert not access.allowed("admin", "models", "PUT")


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
        paths = concrete_paths(path, scene.ids)
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
    asyncio.run(warm(scene))
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
