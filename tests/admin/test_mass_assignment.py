"""Fields that a body does not have: every name that anything stored has, added to every body, by every role. Nothing may change."""

from __future__ import annotations

import asyncio
import dataclasses
import inspect
from types import ModuleType, NoneType
from typing import Any, Final, get_args

import pytest
from pydantic import BaseModel, ValidationError
from pynamodb.attributes import Attribute
from pynamodb.models import Model
from tests.admin.asgi import ask
from tests.admin.role_scene import TABLES, Scene, concrete_paths, scene, warm
from tests.admin.role_table import ROWS, routes_of_the_application
from tests.admin.test_registration import mode
from tests.aws_mock import World

from gateway.admin.error_shapes import shape_of
from gateway.neutral import audit, config, dialogs, health, identity, limits, prices
from gateway.stores import config_items, dialog_items, invitations, sessions, state_items, tables, users

__all__ = ["scene"]

# What others have been taken over with, and what an item is addressed by.
FAMOUS: Final = frozenset(
    "id role roles version is_admin is_staff admin superuser permissions scopes password_hash hash digest sealed ciphertext secret token created_by "
    "created_at updated_by owner owner_id user_id tenant_id generation from_deployment issuer active ttl pk sk kind allowed_routes __proto__ "
    "constructor used_by".split()
)


def _fields(module: ModuleType) -> set[str]:
    found: set[str] = set()
    for _, kind in inspect.getmembers(module, inspect.isclass):
        if dataclasses.is_dataclass(kind):
            found |= {field.name for field in dataclasses.fields(kind)}
        if issubclass(kind, Model):
            found |= {name for name, value in vars(kind).items() if isinstance(value, Attribute)}
    return found


def names() -> list[str]:
    """Every field of everything that is stored, and the famous ones."""
    modules = (
        audit,
        config,
        health,
        identity,
        limits,
        prices,
        config_items,
        dialogs,
        dialog_items,
        invitations,
        sessions,
        state_items,
        tables,
        users,
    )
    return sorted(FAMOUS.union(*(_fields(module) for module in modules)))


def bodies() -> dict[tuple[str, str], type[BaseModel]]:
    """The body of every operation that takes one, also where it may be left out."""
    found = {}
    for route in routes_of_the_application():
        if route.body_field is not None:
            kind = route.body_field.field_info.annotation
            (body,) = [one for one in (get_args(kind) or (kind,)) if one is not NoneType]
            found[next(iter(route.methods or ())), route.path] = body
    return found


def _foreign(body: type[BaseModel]) -> list[str]:
    own = {alias for name, field in body.model_fields.items() for alias in (name, field.alias or name)}
    return [name for name in names() if name not in own]


def test_no_body_takes_a_field_that_it_does_not_have() -> None:
    tried = 0
    for place, body in bodies().items():
        for name in _foreign(body):
            with pytest.raises(ValidationError) as caught:
                body.model_validate({name: "admin"})
            assert ("extra_forbidden", (name,)) in {(one["type"], one["loc"]) for one in caught.value.errors()}, place
            tried += 1
    print(f"\n{tried} foreign fields in {len(bodies())} bodies, {len(names())} names")
    assert tried > 3000


def test_nor_does_anything_inside_a_body(world: World) -> None:
    document = world.client.app.openapi()  # type: ignore[attr-defined]
    schemas = document["components"]["schemas"]
    seen: set[str] = set()

    def walk(node: Any) -> None:
        if isinstance(node, list):
            for one in node:
                walk(one)
        if not isinstance(node, dict):
            return
        if "$ref" in node:
            name = node["$ref"].rpartition("/")[2]
            if name not in seen:
                seen.add(name)
                walk(schemas[name])
        if "properties" in node:
            assert node.get("additionalProperties") is False, node.get("title")
        for one in node.values():
            walk(one)

    for operations in document["paths"].values():
        for operation in operations.values():
            walk(operation.get("requestBody"))
    assert len(seen) > 40
    print(f"\n{len(seen)} objects in bodies, none takes unknown fields")


def test_no_role_changes_anything_with_them(scene: Scene, world: World, caplog: pytest.LogCaptureFixture) -> None:
    """All foreign fields at once, over HTTP, on things that exist."""
    caplog.set_level("WARNING", "gateway.admin")
    asyncio.run(warm(scene))
    before = {table: world.items(table) for table in TABLES}
    tried = 0
    for caller in [one for one in scene.callers if one.name in {"nobody", "user", "operator", "admin"}]:
        for row in ROWS:
            body = bodies().get((row.method, row.path))
            if body is None:
                continue
            foreign = dict.fromkeys(_foreign(body), "admin")
            path = concrete_paths(row.path, scene.ids)[0]
            answer = asyncio.run(ask(scene.app, row.method, path, caller.headers, foreign))
            misfit = shape_of(row.path).statuses.get(422, 422)
            wanted = misfit if row.lets(caller.role) else 401 if caller.role is None else 403
            assert answer.status == wanted, (caller.name, row.method, row.path, answer.body)
            tried += 1
    assert {table: world.items(table) for table in TABLES} == before
    print(f"\n{tried} bodies refused, 0 of {sum(len(rows) for rows in before.values())} items changed")


def test_an_operator_does_not_say_where_credentials_go(scene: Scene, world: World) -> None:
    operator = next(one for one in scene.callers if one.name == "operator")
    before = world.configuration()
    held = {
        "base_url": "https://e.example/v1",
        "kind": "anthropic",
        "allow_private": True,
        "extra_headers": {"x-a": "b"},
    }
    for field, value in held.items():
        body = {"name": "x", field: value}
        answer = asyncio.run(ask(scene.app, "PATCH", "/api/admin/providers/acme", operator.headers, body))
        assert (answer.status, answer.json()["error"]["field"]) == (403, field)
    gone = asyncio.run(ask(scene.app, "DELETE", "/api/admin/providers/acme", operator.headers))
    assert gone.status == 409, "its key would go with it to whatever has the name next"
    assert world.configuration() == before


@pytest.mark.parametrize("value", ["open", "invite"])
def test_whoever_registers_does_not_choose_a_role(world: World, value: str) -> None:
    body = {"username": "kim", "password": "some password 1"}
    before = {table: world.items(table) for table in TABLES}
    with mode(world, value):
        for more in (
            {"role": "admin"},
            {"is_admin": True},
            {"id": "usr_1"},
            {"from_deployment": True},
            {"active": True},
        ):
            answer = world.client.post("/api/auth/register", json={**body, **more})
            assert (answer.status_code, answer.json()["error"]["field"]) == (422, next(iter(more)))
    assert {table: world.items(table) for table in TABLES} == before
