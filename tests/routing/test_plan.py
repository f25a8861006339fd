"""Names, candidates, and allow-lists that no spelling goes around."""

from __future__ import annotations

import time
from typing import Any

import pytest
from tests.routing.planners import NOW, WELL, virtual_key

from gateway.errors import Forbidden, GatewayError, ModelNotFound
from gateway.neutral.config import Model, Provider, Release, Route, Target, VirtualKey
from gateway.neutral.index import Index
from gateway.routing.candidate import Plan
from gateway.routing.features import Features
from gateway.routing.plan import Planner, may_use, visible

RELEASE = Release(
    providers=(
        Provider("oai", "O", "openai"),
        Provider("ant", "A", "anthropic"),
        Provider("off", "X", "openai", active=False),
    ),
    models=(
        Model("gpt-small", "oai", "up-small"),
        Model("gpt-secret", "oai", "up-secret"),
        Model("claude", "ant", "up-claude"),
        Model("dark", "oai", "up-dark", active=False),
        Model("dark-too", "oai", "up-small", active=False),
        Model("orphan", "gone", "x"),
        Model("sleeping", "off", "up-sleep"),
        Model("odd[1]?", "oai", "up-odd"),
    ),
    routes=(
        Route("fast", (Target("ant", "up-claude", priority=2), Target("oai", "up-small", priority=1))),
        Route("secret-route", (Target("oai", "up-secret"),)),
        Route("closed", (Target("oai", "up-small"),), active=False),
        Route("dead", (Target("oai", "up-dark"), Target("gone", "x"))),
    ),
)
INDEX = Index(RELEASE, "h", 0)
PLANNER = Planner(INDEX, lambda _kind, _model: None, lambda _kind: False)


def make_plan(name: str, key: VirtualKey, planner: Planner = PLANNER) -> Plan:
    return planner.plan(Features(name, key, NOW), WELL)


def plan(name: str, **limits: Any) -> list[tuple[str, str]] | type[GatewayError]:
    try:
        return [(one.provider.id, one.upstream_model) for one in make_plan(name, virtual_key(**limits)).candidates]
    except GatewayError as error:
        return type(error)


@pytest.mark.parametrize(
    ("name", "limits", "expected"),
    [
        ("gpt-small", {}, [("oai", "up-small")]),
        ("fast", {}, [("oai", "up-small"), ("ant", "up-claude")]),
        ("oai/up-small", {}, [("oai", "up-small")]),
        ("oai/gpt-small", {}, [("oai", "up-small")]),
        ("oai/anything/at/all", {}, [("oai", "anything/at/all")]),
        ("dark", {}, ModelNotFound),
        ("oai/up-dark", {}, ModelNotFound),
        ("oai/dark", {}, ModelNotFound),
        ("dead", {}, ModelNotFound),
        ("closed", {}, ModelNotFound),
        ("orphan", {}, ModelNotFound),
        ("sleeping", {}, ModelNotFound),
        ("off/x", {}, ModelNotFound),
        ("nowhere/x", {}, ModelNotFound),
        ("oai/", {}, ModelNotFound),
        ("/x", {}, ModelNotFound),
        ("GPT-SMALL", {}, ModelNotFound),
        (" gpt-small", {}, ModelNotFound),
        # No way around a list of models.
        ("gpt-secret", {"allowed_models": ("gpt-small",)}, Forbidden),
        ("oai/up-secret", {"allowed_models": ("gpt-small",)}, Forbidden),
        ("oai/gpt-secret", {"allowed_models": ("gpt-*",)}, Forbidden),
        ("secret-route", {"allowed_models": ("gpt-small",)}, Forbidden),
        ("oai/gpt-small", {"allowed_models": ("gpt-small",)}, Forbidden),
        ("gpt-small\n", {"allowed_models": ("gpt-small",)}, ModelNotFound),
        ("fast", {"allowed_models": ("fast",)}, [("oai", "up-small"), ("ant", "up-claude")]),
        ("oai/up-x", {"allowed_models": ("oai/*",)}, [("oai", "up-x")]),
        # No way around a list of providers.
        ("gpt-small", {"allowed_providers": ("ant",)}, Forbidden),
        ("oai/up-small", {"allowed_providers": ("ant",)}, Forbidden),
        ("fast", {"allowed_providers": ("ant",)}, [("ant", "up-claude")]),
        ("secret-route", {"allowed_providers": ("ant",)}, Forbidden),
        ("oai/anything", {"allowed_providers": ("OAI",)}, Forbidden),
        ("gpt-small", {"allowed_models": ("gpt-small",), "allowed_providers": ("ant",)}, Forbidden),
    ],
)
def test_plans(name: str, limits: dict[str, Any], expected: object) -> None:
    assert plan(name, **limits) == expected


@pytest.mark.parametrize(
    ("pattern", "name", "good"),
    [
        ("gpt-*", "gpt-x", True),
        ("*", "anything/x", True),
        ("gpt-*", "xgpt-", False),
        ("gpt-?", "gpt-4", False),
        ("gpt-?", "gpt-?", True),
        ("gpt-[45]", "gpt-4", False),
        ("odd[1]?", "odd[1]?", True),
        ("odd[1]*", "odd[1]?", True),
        ("odd[1]*", "odd1x", False),
        ("[!a]*", "bcd", False),
        ("GPT-*", "gpt-x", False),
        ("*a*", "x\na\n", True),
        ("", "x", False),
        ("gpt.4", "gpt-4", False),
    ],
)
def test_only_the_star_is_special(pattern: str, name: str, good: bool) -> None:
    assert may_use(virtual_key(allowed_models=(pattern,)), name) is good


@pytest.mark.parametrize(
    "key",
    [
        virtual_key(allowed_models=("gpt-small",)),
        virtual_key(allowed_providers=("ant",)),
        virtual_key(allowed_models=("none",)),
        virtual_key(allowed_providers=("none",)),
    ],
)
def test_near_matches_name_only_what_the_key_may_use(key: VirtualKey) -> None:
    seen = visible(INDEX, key)
    for asked in (
        "gpt-secre",
        "gpt-smal",
        "secret-rout",
        "claud",
        "fas",
        "dar",
        "up-secret",
        "slepping",
        "gpt",
        "closd",
        "deadd",
    ):
        with pytest.raises(ModelNotFound) as refusal:
            make_plan(asked, key)
        message = refusal.value.message.replace(repr(asked), "")
        for name in [model.id for model in RELEASE.models] + [route.id for route in RELEASE.routes]:
            assert (f"'{name}'" in message) <= (name in seen), (asked, name)


def test_near_matches_are_named() -> None:
    with pytest.raises(ModelNotFound, match="gpt-small"):
        make_plan("gpt-smal", virtual_key())


def test_what_is_visible_can_be_used_and_nothing_else_is() -> None:
    for key in (virtual_key(), virtual_key(allowed_models=("fast", "dark")), virtual_key(allowed_providers=("ant",))):
        names = visible(INDEX, key)
        for name in names:
            assert make_plan(name, key).candidates
        for name in {*INDEX.models, *INDEX.routes} - set(names):
            with pytest.raises(GatewayError):
                make_plan(name, key)


def test_a_message_holds_no_control_characters_of_the_client() -> None:
    with pytest.raises(ModelNotFound) as refusal:
        make_plan("x\n\x1b[31m\u202ey" + "z" * 500, virtual_key())
    assert refusal.value.message.isprintable()
    assert len(refusal.value.message) < 260


def test_a_refusal_among_many_models_is_cheap() -> None:
    models = tuple(Model(f"vendor-model-{n}-instruct-{n % 7}", "oai", f"u{n}") for n in range(900))
    index = Index(Release(providers=RELEASE.providers, models=models), "h", 0)
    many = Planner(index, lambda _kind, _model: None, lambda _kind: False)
    began = time.process_time()
    for asked in ("x" * 256, "vendor-model-" * 19, "instruct"):
        with pytest.raises(ModelNotFound):
            make_plan(asked, virtual_key(), many)
    assert time.process_time() - began < 1.5
