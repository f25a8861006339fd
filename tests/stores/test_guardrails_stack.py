"""A guardrail is deleted while routes begin to name it, on the local AWS: no route is left that names one that is gone."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from typing import cast

import boto3
import pytest
from tests.aws.stack import PROGRAM, ministack
from tests.hot_stores.conftest import create

from gateway.admin.desk import Desk
from gateway.admin.errors import ApiError
from gateway.admin.guardrail_editor import GuardrailEditor
from gateway.admin.guardrail_schemas import GuardrailIn
from gateway.admin.route_editor import RouteEditor
from gateway.admin.route_schemas import RouteIn
from gateway.clock import Clock
from gateway.neutral.config import Provider
from gateway.settings import Settings
from gateway.stores.entities import GUARDRAIL, PROVIDER, ROUTE, Entities
from gateway.stores.tables import bind

pytestmark = [pytest.mark.stack, pytest.mark.slow]

REGION = "eu-central-1"
ROUNDS, ROUTES = 12, 3
RULE = GuardrailIn.model_validate({"id": "g", "kind": "deny", "keywords": ["x"]})


def _route(name: str) -> RouteIn:
    return RouteIn.model_validate({"id": name, "targets": [{"provider": "p", "model": "m"}], "guardrails": ["g"]})


def _entities(url: str, table: str) -> Entities:
    names = ("config_table", "keys_table", "state_table", "logs_table", "usage_table", "cache_table", "dialogs_table")
    settings = SimpleNamespace(region=REGION, endpoint_url=url, **dict.fromkeys(names, table))
    return Entities(bind(cast(Settings, settings)), Clock())


def test_no_route_is_left_that_names_one_that_is_gone(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not PROGRAM.exists():
        pytest.skip("NOT RUN: the local AWS is not installed (.venv-ministack)")
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    with ministack(tmp_path_factory.mktemp("ministack")) as url:
        table = f"config-{uuid.uuid4().hex[:8]}"
        create(boto3.client("dynamodb", endpoint_url=url, region_name=REGION), table)
        entities = _entities(url, table)
        entities.create(PROVIDER, Provider("p", "p", "openai"))
        desks = [Desk(_entities(url, table), lambda _actor: None) for _ in range(ROUTES + 1)]
        outcomes = [_round(desks, entities, number) for number in range(ROUNDS)]
    assert len(outcomes) == ROUNDS


def _round(desks: list[Desk], entities: Entities, number: int) -> bool:
    """Whether the guardrail is gone; all begin at the same moment."""
    if entities.get(GUARDRAIL, "g") is None:
        GuardrailEditor(desks[0]).create(RULE, "a")
    start = threading.Barrier(len(desks))

    def act(work: Callable[[], object]) -> None:
        start.wait()
        try:
            work()
        except ApiError:
            return

    deleting, *naming = desks
    works: list[Callable[[], object]] = [lambda: GuardrailEditor(deleting).delete("g", None, "a")]
    works += [
        lambda desk=desk, at=at: RouteEditor(desk).create(_route(f"r{number}-{at}"), "a")  # type: ignore[misc]
        for at, desk in enumerate(naming)
    ]
    with ThreadPoolExecutor(len(works)) as pool:
        list(pool.map(act, works))
    routes = entities.all(ROUTE)
    gone = entities.get(GUARDRAIL, "g") is None
    assert not (gone and any("g" in row.value.guardrails for row in routes)), "a route names what is gone"
    for row in routes:
        entities.delete(ROUTE, row.value.id, row.version)
    return gone
