"""Logical models: which providers and models are behind `smart`, `fast`, `cheap` and `any`."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from tests.routing.planners import WELL, features, names, planner_for, provider

from gateway.catalog import CatalogMissing, logical_models, lookup, provenance
from gateway.neutral.config import Model, Release, Route, Target
from gateway.routing.defaults import with_defaults

TABLE = logical_models()
NAMES = ("smart", "fast", "cheap", "any")


def kinds(*of: str) -> Release:
    return Release(tuple(provider(f"my-{kind}", kind=kind) for kind in of))


def route_of(release: Release, name: str) -> list[tuple[str, str, int]]:
    found = [route for route in with_defaults(release, TABLE).routes if route.id == name]
    return [(target.provider, target.model, target.priority) for route in found for target in route.targets]


def test_every_model_of_the_table_is_a_current_chat_model_of_the_catalog() -> None:
    try:
        provenance()
    except CatalogMissing:
        pytest.skip("there is no catalog of models: make setup")
    for rows in TABLE.values():
        for kind, model in rows:
            if model is None:
                continue
            facts = lookup(kind, model)
            assert facts is not None, (kind, model)
            assert (facts.mode, facts.upstream_model, facts.deprecated_on) == ("chat", model, None)


def test_the_names_and_their_order() -> None:
    assert tuple(TABLE) == NAMES
    order = {name: [kind for kind, _ in rows][:3] for name, rows in TABLE.items()}
    assert order["smart"] == ["openai", "anthropic", "gemini"]
    assert order["fast"] == ["groq", "openai", "gemini"]
    assert order["cheap"] == ["deepseek", "groq", "gemini"]


def test_a_logical_model_serves_by_priority() -> None:
    release = with_defaults(kinds("gemini", "openai", "anthropic"), TABLE)
    plan = planner_for(release).plan(features("smart"), WELL)
    assert [name.partition("/")[0] for name in names(plan)] == ["my-openai", "my-anthropic", "my-gemini"]
    assert plan.route is not None
    assert plan.route.strategy == "priority"


def test_without_a_provider_there_is_no_route() -> None:
    assert [route.id for route in with_defaults(kinds("deepseek"), TABLE).routes] == list(NAMES)
    assert [route.id for route in with_defaults(kinds("together"), TABLE).routes] == ["any"]
    asleep = replace(kinds("deepseek"), providers=(provider("d", kind="deepseek", active=False),))
    assert with_defaults(asleep, TABLE) is asleep


def test_two_providers_of_a_kind_share_a_place() -> None:
    release = Release((provider("one", kind="openai"), provider("two", kind="openai")))
    assert [priority for _, _, priority in route_of(release, "smart")] == [0, 0]


def test_what_an_administrator_made_wins() -> None:
    own = Route("smart", (Target("my-openai", "mine"),), active=False)
    release = replace(kinds("openai"), routes=(own,), models=(Model("fast", "my-openai", "x"),))
    made = with_defaults(release, TABLE)
    assert made.routes[0] is own
    assert [route.id for route in made.routes] == ["smart", "cheap", "any"]


def test_the_models_of_the_release_come_before_the_table() -> None:
    wanted = dict(TABLE["smart"])["openai"]
    assert wanted is not None

    def model_with(*models: Model) -> list[str]:
        return [model for _, model, _ in route_of(replace(kinds("openai"), models=models), "smart")]

    other, embeds = Model("o", "my-openai", "other"), Model("e", "my-openai", "embed", kind="embedding")
    listed = Model("w", "my-openai", wanted)
    assert model_with() == [wanted]
    assert model_with(embeds) == [wanted]
    assert model_with(other, listed) == [wanted]
    assert model_with(embeds, other) == ["other"]
    assert model_with(replace(listed, active=False), other) == ["other"]
    assert model_with(replace(other, active=False)) == []
    assert model_with(replace(listed, active=False)) == []
    assert model_with(Model("w", "somebody-else", wanted, active=False)) == [wanted]


def test_kinds_without_data_serve_with_what_the_release_lists() -> None:
    bare = kinds("ollama", "vllm")
    assert with_defaults(bare, TABLE) is bare
    models = (Model("e", "my-ollama", "embed", kind="embedding"), Model("l", "my-ollama", "llama"))
    assert route_of(replace(bare, models=models), "any") == [("my-ollama", "llama", len(TABLE["any"]) - 1)]


def test_a_release_that_has_all_four_is_never_changed() -> None:
    chance = random.Random(1)
    every = sorted({kind for rows in TABLE.values() for kind, _ in rows} | {"ollama"})
    for _ in range(300):
        release = kinds(*chance.sample(every, chance.randint(0, len(every))))
        routes = tuple(Route(name, (Target("x", "y"),), active=chance.random() < 0.5) for name in NAMES)
        full = replace(release, routes=routes)
        assert with_defaults(full, TABLE) is full
        once = with_defaults(release, TABLE)
        assert with_defaults(once, TABLE) == once
        assert (once.providers, once.models) == (release.providers, release.models)
