"""The deployment's tables in moto, emptied before each test; conditional writes are exact because moto runs under a lock."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.aws_mock import World, mocked_world

from gateway.stores.tables import Tables, bind


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
def tables(world: World) -> Tables:
    return bind(world.services.settings)
