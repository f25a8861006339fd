"""Entities: versions, references, and writers at the same moment."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
from tests.aws_mock import World

from gateway.admin.desk import Desk
from gateway.admin.errors import Conflict, Invalid, Stale
from gateway.admin.provider_editor import ProviderEditor, UrlRules
from gateway.admin.publisher import Publisher
from gateway.neutral.config import Model, Provider, Route, Target, UpstreamKey
from gateway.stores.entities import MODEL, PROVIDER, ROUTE, UPSTREAM_KEY, Entities, OwnedKey, Unreferable
from gateway.stores.publishing import PublishingStore
from gateway.stores.releases import Releases
from gateway.stores.tables import Tables
from gateway.stores.versioned import Outdated, Taken

OPENAI = Provider("openai", "OpenAI", "openai")


def at_once(acts: list[Callable[[], Any]]) -> list[Any]:
    """Run all at the same moment; gives results, or the class of what was raised."""
    barrier = threading.Barrier(len(acts))

    def run(act: Callable[[], Any]) -> Any:
        barrier.wait()
        try:
            return act()
        except Exception as error:
            return type(error)

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


@pytest.fixture
def entities(tables: Tables, world: World) -> Entities:
    return Entities(tables, world.clock, sleep=lambda _seconds: None)


def test_what_goes_in_comes_out(entities: Entities) -> None:
    provider = replace(OPENAI, extra_headers={"x-team": "ä"}, base_url="https://example.com/v1")
    entities.create(PROVIDER, provider)
    model = Model("m", "openai", "gpt")
    route = Route("r", (Target("openai", "gpt", 1, 2),))
    key = OwnedKey("openai", UpstreamKey("uk_1", "****", reference="arn"), "fingerprint")
    for noun, value in ((MODEL, model), (ROUTE, route), (UPSTREAM_KEY, key)):
        entities.create(noun, value)  # type: ignore[arg-type]
        row = entities.get(noun, noun.identify(value))  # type: ignore[arg-type]
        assert row is not None
        assert (row.value, row.version) == (value, 1)
    found = entities.get(PROVIDER, "openai")
    assert found is not None
    assert (found.value, found.version) == (provider, 1), "being referred to is not a change"
    assert entities.uses("openai") == 3


def test_of_two_creations_at_once_one_wins(entities: Entities) -> None:
    outcomes = at_once([lambda: entities.create(PROVIDER, OPENAI)] * 6)
    assert outcomes.count(Taken) == 5


def test_of_edits_based_on_one_version_one_wins(entities: Entities) -> None:
    entities.create(PROVIDER, OPENAI)
    outcomes = at_once(
        [lambda n=number: entities.replace(PROVIDER, replace(OPENAI, name=f"n{n}"), 1) for number in range(6)]
    )
    assert outcomes.count(Outdated) == 5
    row = entities.get(PROVIDER, "openai")
    assert row is not None
    assert row.version == 2


def test_edits_without_a_version_all_count(entities: Entities) -> None:
    entities.create(PROVIDER, OPENAI)
    desk = Desk(entities, lambda _actor: None)

    def add(name: str) -> None:
        def change(value: Provider) -> Provider:
            return replace(value, extra_headers={**value.extra_headers, name: "1"})

        desk.revise(PROVIDER, "openai", None, change, "me")

    assert at_once([lambda n=number: add(f"x-{n}") for number in range(4)]) == [None] * 4
    row = entities.get(PROVIDER, "openai")
    assert row is not None
    assert (sorted(row.value.extra_headers), row.version) == (["x-0", "x-1", "x-2", "x-3"], 5)


def test_with_a_version_one_edit_wins_and_the_others_are_stale(entities: Entities) -> None:
    entities.create(PROVIDER, OPENAI)
    desk = Desk(entities, lambda _actor: None)
    acts = [
        lambda n=number: desk.revise(PROVIDER, "openai", 1, lambda value: replace(value, name=f"n{n}"), "me")
        for number in range(4)
    ]
    assert at_once(acts).count(Stale) == 3


def test_nothing_refers_to_a_provider_that_is_not_there(entities: Entities) -> None:
    with pytest.raises(Unreferable, match="nobody"):
        entities.create(MODEL, Model("m", "nobody", "x"))
    entities.create(PROVIDER, OPENAI)
    with pytest.raises(Unreferable, match="nobody"):
        entities.create(ROUTE, Route("r", (Target("openai", "x"), Target("nobody", "x"))))
    assert entities.uses("openai") == 0, "a transaction is all or nothing"
    assert entities.all(MODEL) == []


def test_a_provider_cannot_go_while_a_model_begins_to_use_it(entities: Entities) -> None:
    """However the two interleave, either the model is refused or the provider stays."""
    desk = Desk(entities, lambda _actor: None)
    editor = ProviderEditor(desk, UrlRules(private_allowed=False))
    for number in range(15):
        name = f"p{number}"
        entities.create(PROVIDER, replace(OPENAI, id=name))
        outcomes = at_once(
            [
                lambda n=name: editor.delete(n, None, "me"),
                lambda n=name: desk.create(MODEL, Model(f"model-{n}", n, "x"), "me"),
            ]
        )
        there = entities.get(PROVIDER, name) is not None
        assert (outcomes[0] is Conflict, outcomes[1] is Invalid) in {(True, False), (False, True)}
        assert there == (outcomes[0] is Conflict) == (entities.get(MODEL, f"model-{name}") is not None)


def test_deleting_an_old_version_is_refused(entities: Entities) -> None:
    row = entities.create(PROVIDER, OPENAI)
    entities.replace(PROVIDER, replace(OPENAI, name="new"), 1)
    with pytest.raises(Outdated):
        entities.delete(PROVIDER, "openai", row.version)
    with pytest.raises(Outdated):
        entities.delete_unused(PROVIDER, row, 0, [])
    entities.delete(PROVIDER, "openai", 2)
    with pytest.raises(Outdated):
        entities.replace(PROVIDER, OPENAI, 2)


def test_the_release_in_force_holds_every_change_of_writers_at_once(
    entities: Entities, tables: Tables, world: World
) -> None:
    releases = Releases(tables, world.clock)
    publisher = Publisher(entities, releases, PublishingStore(tables, world.clock))
    desk = Desk(entities, publisher.publish)
    acts = [lambda n=number: desk.create(PROVIDER, replace(OPENAI, id=f"p{n}"), "me").version for number in range(6)]
    outcomes = at_once(acts)
    assert set(outcomes) <= {1, Conflict}
    pointer = releases.pointer()
    found = releases.read(pointer.release)
    assert found is not None
    assert {provider.id for provider in found[0].providers} == {f"p{number}" for number in range(6)}
    assert 1 <= pointer.number <= 6
