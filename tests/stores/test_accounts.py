"""Users and teams: versions, pages, and both sides reading the same item."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from tests.aws_mock import World
from tests.moto_session import MotoSession

from gateway.aws.attributes import encode_item
from gateway.clock import Clock
from gateway.errors import Unavailable
from gateway.neutral.limits import Account, Budget, Limits
from gateway.stores.accounts import AccountStore
from gateway.stores.hot_keys import HotKeys
from gateway.stores.tables import Tables
from gateway.stores.versioned import Outdated, Taken

CLOCK = Clock(lambda: 1_790_000_000.5)
ANN = Account(
    "user",
    "ann#1/ünï@example.com",
    "Ann",
    limits=Limits(10, 20_000, 3, (Budget("day", 5_000_000_000, "Europe/Berlin", "06:30"), Budget("total", 7))),
    allowed_models=("gpt-*",),
    allowed_providers=("openai",),
    valid_until=1_800_000_000,
    token_balance=True,
)
RED = Account("team", "ann#1/ünï@example.com", "Red", active=False)


@pytest.fixture
def store(tables: Tables) -> AccountStore:
    return AccountStore(tables, CLOCK)


def hot(world: World) -> HotKeys:
    return HotKeys(MotoSession(world.dynamodb).database(), world.services.settings.keys_table)


async def test_the_data_plane_reads_what_was_written(store: AccountStore, world: World) -> None:
    store.create(ANN)
    store.create(RED)
    assert await hot(world).account("user", ANN.id) == ANN
    assert await hot(world).account("team", RED.id) == RED
    assert await hot(world).account("team", "nobody") is None
    assert await hot(world).account("user", "\ud800") is None


async def test_the_control_plane_reads_what_stands_there(store: AccountStore, world: World) -> None:
    """The item as the README has it, written by nobody's code."""
    data = '{"kind":"team","id":"x","name":"X","limits":{"concurrent":4}}'
    item: dict[str, Any] = {"pk": "account#team#x", "sk": "account", "data": data, "version": 3, "updated_at": 9}
    world.dynamodb.put_item(TableName="keys", Item=encode_item({**item, "kind": "account-team", "id": "x"}))
    found = store.get("team", "x")
    assert found is not None
    assert (found.value, found.version, found.updated_at) == (
        Account("team", "x", "X", limits=Limits(concurrent=4)),
        3,
        9,
    )
    assert await hot(world).account("team", "x") == found.value
    assert [one.value.id for one in store.page("team", None, 5)[0]] == ["x"]


@pytest.mark.parametrize("data", ["[]", "{}", "null", '{"kind":"user","id":"x","name":"X","later":1}', "{"])
async def test_what_cannot_be_read_is_no_account_without_limits(world: World, data: str) -> None:
    item = {"pk": "account#user#x", "sk": "account", "data": data}
    world.dynamodb.put_item(TableName="keys", Item=encode_item(item))
    with pytest.raises(Unavailable):
        await hot(world).account("user", "x")


async def test_a_store_that_cannot_say_is_no_account_without_limits() -> None:
    session = MotoSession(None)
    session.down = True
    with pytest.raises(Unavailable):
        await HotKeys(session.database(), "keys").account("user", "x")


def test_versions_count_and_the_first_writer_wins(store: AccountStore) -> None:
    assert store.create(ANN).version == 1
    with pytest.raises(Taken):
        store.create(ANN)
    second = store.replace(replace(ANN, name="Anna"), 1)
    assert (second.version, second.updated_at) == (2, 1_790_000_000_500)
    with pytest.raises(Outdated):
        store.replace(ANN, 1)
    with pytest.raises(Outdated):
        store.delete("user", ANN.id, 1)
    assert store.get("user", ANN.id) == second
    store.delete("user", ANN.id, 2)
    assert store.get("user", ANN.id) is None
    with pytest.raises(Outdated):
        store.replace(ANN, 2)
    assert store.get("user", "") is None


def test_pages_hold_one_kind_by_id(store: AccountStore) -> None:
    for name in ("c", "a", "b"):
        store.create(Account("user", name, name))
    store.create(Account("team", "b", "b"))
    first, beyond = store.page("user", None, 2)
    assert ([one.value.id for one in first], beyond) == (["a", "b"], "b")
    rest, beyond = store.page("user", beyond, 2)
    assert ([one.value.id for one in rest], beyond) == (["c"], None)
    assert [one.value.id for one in store.page("team", None, 2)[0]] == ["b"]
