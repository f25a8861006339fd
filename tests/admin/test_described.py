"""The admin API does what its description says, whatever is sent: requests that the description allows and ones that it does not, made from it
by schemathesis, and hostile values in every field of every example. No 5xx, no status that is not listed, every answer as its schema says.

DESCRIBED_EXAMPLES=100 makes so many of each kind for each operation; without it as many as `make test` has time for, the same every time.
"""

from __future__ import annotations

import copy
import json
import logging
import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from infra.openapi.describe import PUBLIC
from infra.scripts.export_openapi import data
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.config import GenerationConfig, ProjectConfig, ProjectsConfig, SchemathesisConfig
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from tests.admin.story import STORY, Teller, prepared
from tests.aws_mock import World, backend

pytestmark = pytest.mark.timeout(3600)

EXAMPLES = int(os.environ.get("DESCRIBED_EXAMPLES", "2"))
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
# They take away what everything else is asked with. What they answer is proved in tests/admin/test_sessions.py.
ENDING = {"logout", "logout_everywhere", "change_password"}
# Up to here the story makes things, and takes none away.
LAST = "get_usage_export"
SURROGATE = "a lone surrogate"
HOSTILE: tuple[Any, ...] = ("a\x00", SURROGATE, "\U0001f4a3" * 3000, 10**400, 1e308, [[]])
PATHS = ("%00", "%ED%A0%80", "..%2F..", "a" * 3000)
QUERIES = ("%00", "9" * 500)


@dataclass
class Room:
    """A deployment in which everything is there once, and can be made so again."""

    world: World
    document: dict[str, Any]
    kept: dict[str, str]
    headers: dict[str, str]
    tables: dict[str, Any]

    def again(self) -> None:
        """As it was."""
        for name, table in backend("dynamodb").tables.items():
            table.items = copy.deepcopy(self.tables[name])

    def place(self, operation: str) -> dict[str, str]:
        """Path parameters of something that is there; those of the story."""
        step = next(step for step in STORY if step.operation == operation)
        text = json.dumps(dict(step.at))
        for kept, identifier in self.kept.items():
            text = text.replace(f"{{{kept}}}", identifier)
        return dict(json.loads(text))


@pytest.fixture(scope="module")
def room(_world: World) -> Iterator[Room]:
    _world.reset()
    document = data()
    level, log = logging.getLogger("gateway.admin").level, logging.getLogger("gateway.admin")
    log.setLevel(logging.CRITICAL)  # a line per request is a fifth of the time
    with prepared(_world):
        teller = Teller(_world, document)
        made = [*STORY[: [step.operation for step in STORY].index(LAST)]]
        made += [step for step in STORY if step.operation in {"get_release", "create_user", "create_invitation"}]
        for step in made:
            assert teller.tell(step).status_code < 300
        headers = {name: value for name, value in teller.headers.items() if name == "authorization"}
        tables = {name: copy.deepcopy(table.items) for name, table in backend("dynamodb").tables.items()}
        with_prober = _world.client.app.state  # type: ignore[attr-defined]
        before, with_prober.services = with_prober.services, _world.services
        yield Room(_world, document, teller.kept, headers, tables)
        with_prober.services = before
    log.setLevel(level)


def _schema(room: Room) -> Any:
    # Tokens are the test's: a made one only says 401.
    generation = GenerationConfig(with_security_parameters=False)
    config = SchemathesisConfig(projects=ProjectsConfig(default=ProjectConfig(generation=generation)))
    schema = schemathesis.openapi.from_dict(room.document, config=config)
    schema.app = room.world.client.app
    return schema


def _operations(room: Room) -> Iterator[tuple[str, Any]]:
    for result in _schema(room).get_all_operations():
        operation = result.ok()
        name = operation.definition.raw["operationId"]
        if name not in ENDING:
            yield name, operation


def _ask(room: Room, case: Any) -> Any:
    sent = case.as_transport_kwargs(base_url="http://admin.test", headers=room.headers)
    sent.pop("cookies", None)
    return room.world.client.request(**{name: value for name, value in sent.items() if value is not None})


def _try(room: Room, operation: Any, mode: GenerationMode, place: dict[str, str], examples: int) -> set[int]:
    """Every status that was answered; schemathesis's failures, which print the request."""
    seen: set[int] = set()

    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(operation.as_strategy(generation_mode=mode, path_parameters=place or None))
    def tried(case: Any) -> None:
        answer = _ask(room, case)
        seen.add(answer.status_code)
        case.validate_response(answer, checks=CHECKS)

    tried()
    return seen


def _can_be_wrong(operation: Any) -> bool:
    """Whether there is anything to get wrong but the path, which may be any text."""
    raw = operation.definition.raw
    return "requestBody" in raw or any(one["in"] == "query" for one in raw.get("parameters", ()))


def test_every_answer_is_as_described(room: Room) -> None:
    seen: set[int] = set()
    for name, operation in _operations(room):
        room.again()
        place = room.place(name)
        seen |= _try(room, operation, GenerationMode.POSITIVE, place, EXAMPLES)
        if _can_be_wrong(operation):
            room.again()
            seen |= _try(room, operation, GenerationMode.NEGATIVE, place, EXAMPLES)
        if place and EXAMPLES > 10:
            seen |= _try(room, operation, GenerationMode.POSITIVE, {}, EXAMPLES)
    assert {200, 201, 204, 400, 404, 409, 422} <= seen, "the requests got nowhere"


def _bodies(example: dict[str, Any]) -> Iterator[bytes]:
    """The example with each of its fields in turn made hostile, then bodies that are hostile as a whole."""
    for name, good in example.items():
        for value in HOSTILE:
            text = json.dumps({**example, name: value})
            yield text.replace(json.dumps(SURROGATE), '"\\ud800"').encode()
        yield json.dumps(example).replace(json.dumps(good), "[" * 50_000 + "]" * 50_000, 1).encode()
    yield from (b"[" * 100_000, b'{"a":' * 50_000, b"\xff\xfe", b"\x00", b'"\\ud800"', b"null", b"[]", b"", b"NaN")
    twice = json.dumps(example)
    yield (twice[:-1] + "," + twice[1:]).encode()


def _path(room: Room, name: str, path: str) -> str:
    for part, value in room.place(name).items():
        path = path.replace(f"{{{part}}}", value).replace(f"{{{part}:path}}", value)
    return path


def _assert_described(answer: Any, operation: Any, told: str) -> None:
    assert answer.status_code < 500, f"{told}: {answer.text[:300]}"
    assert str(answer.status_code) in operation.definition.raw["responses"], f"{told}: {answer.status_code}"
    if answer.status_code >= 400:
        shown = {"code", "message", "request_id"} if operation.path.startswith("/api/v1/") else {"error"}
        assert set(answer.json()) - {"details", "detail"} == shown, told


def test_hostile_bodies_are_refused_in_order(room: Room) -> None:
    tried = 0
    for name, operation in _operations(room):
        content = operation.definition.raw.get("requestBody", {"content": {}})["content"].get("application/json")
        room.again()
        for body in _bodies(content["example"]) if content else ():
            headers = {**room.headers, "content-type": "application/json"}
            path = _path(room, name, operation.path)
            answer = room.world.client.request(operation.method.upper(), path, content=body, headers=headers)
            _assert_described(answer, operation, f"{name} {body[:200]!r}")
            tried += 1
    assert tried > 500


def test_hostile_paths_and_queries_are_refused_in_order(room: Room) -> None:
    told: set[str] = set()
    for name, operation in _operations(room):
        room.again()
        method = operation.method.upper()
        for part in room.place(name):
            for value in PATHS:
                path = operation.path.replace(f"{{{part}}}", value).replace("{key_id}", value).replace("{id}", "acme")
                answer = room.world.client.request(method, path, headers=room.headers, json={})
                assert answer.status_code in {204, 400, 404, 405, 412, 422}, (
                    f"{name} {path[:100]}: {answer.status_code}"
                )
        for one in operation.definition.raw.get("parameters", ()):
            kind = json.dumps([one["name"], one["schema"]], sort_keys=True)
            if one["in"] != "query" or kind in told:
                continue  # the same filter as another list has
            told.add(kind)
            for value in QUERIES:
                path = f"{_path(room, name, operation.path)}?{one['name']}={value}&{one['name']}={value}"
                answer = room.world.client.request(method, path, headers=room.headers)
                _assert_described(answer, operation, f"{name} {path[:120]}")


def test_nobody_gets_anything_without_a_token(room: Room) -> None:
    room.again()
    for name, operation in _operations(room):
        raw = operation.definition.raw
        content = raw.get("requestBody", {"content": {}})["content"].get("application/json")
        given_body = {"json": content["example"]} if content else {}
        path = _path(room, name, operation.path)
        answer = room.world.client.request(operation.method.upper(), path, **given_body)
        assert (answer.status_code == 401) == (name not in PUBLIC), f"{name}: {answer.status_code}"
