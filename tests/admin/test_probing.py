"""The provider probe and the import of models, as an administrator uses them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import pytest
from tests.admin.conftest import Api
from tests.aws_mock import World

from gateway.neutral.config import Provider
from gateway.neutral.probe import Heard, Offered

SECRET = "sk-canary-stored-000000000001"


@dataclass
class Provided:
    """Answers as it is told, and keeps what it was asked with."""

    heard: Heard = field(default_factory=lambda: Heard(1))
    asked: list[Provider] = field(default_factory=list)

    def ask(self, provider: Provider) -> Heard:
        self.asked.append(provider)
        return self.heard


@pytest.fixture
def provided(world: World) -> Iterator[Provided]:
    state = world.client.app.state  # type: ignore[attr-defined]
    before, found = state.services, Provided()
    state.services = replace(before, prober=found)
    yield found
    state.services = before


def test_a_list_is_told_beside_the_catalog_and_what_is_configured(api: Api, openai: str, provided: Provided) -> None:
    api("POST", f"providers/{openai}/keys", {"value": SECRET})
    api("POST", "models", {"id": "mine", "provider": openai, "upstream_model": "gpt-4o"})
    provided.heard = Heard(12, 200, (Offered("gpt-4o"), Offered("new-one", "New", 77, 7)), more=True)
    answer = api("POST", f"providers/{openai}/probe")
    assert answer.status_code == 200
    told = answer.json()
    assert (told["ok"], told["ms"], told["status"], told["error"], told["more"]) == (True, 12, 200, None, True)
    known, new = told["models"]
    assert (known["known"], known["configured"]) == (True, ["mine"])
    assert known["context_window"] >= 100_000
    assert float(known["input_price"]) > 0
    assert new == {
        "id": "new-one",
        "title": "New",
        "known": False,
        "configured": [],
        "context_window": 77,
        "max_output_tokens": 7,
        "input_price": None,
        "output_price": None,
    }
    (asked,) = provided.asked
    assert asked.keys[0].sealed is not None
    assert SECRET not in repr(asked) + answer.text


def test_a_failure_is_an_answer(api: Api, openai: str, provided: Provided) -> None:
    provided.heard = Heard(3, 401, error="The provider refused the credential (401).")
    told = api("POST", f"providers/{openai}/probe").json()
    assert (told["ok"], told["status"], told["error"]) == (False, 401, "The provider refused the credential (401).")


def test_who_cannot_be_asked(api: Api, world: World, openai: str) -> None:
    assert api("POST", "providers/nobody/probe").status_code == 404
    answer = api("POST", f"providers/{openai}/probe")  # this deployment has no such function
    assert (answer.status_code, answer.json()["error"]["type"]) == (503, "service_unavailable")


def test_models_are_taken_over_with_what_the_catalog_knows_in_one_release(api: Api, openai: str) -> None:
    before = api("GET", "release").json()["number"]
    wanted = [{"id": "gpt-4o"}, {"id": "gpt-4o-mini", "as": "small"}, {"id": "gpt-4o"}, {"id": "my model"}]
    answer = api("POST", f"providers/{openai}/import", {"models": [*wanted, {"id": "x", "as": "small"}]})
    assert answer.status_code == 200
    assert answer.json()["created"] == ["gpt-4o", "small"]
    assert [(one["id"], one["reason"]) for one in answer.json()["skipped"]] == [
        ("gpt-4o", "There is already a model 'gpt-4o'."),
        ("my model", "This name cannot be an id here; give another with `as`, or add the model by hand."),
        ("x", "There is already a model 'small'."),
    ]
    assert api("GET", "release").json()["number"] == before + 1
    small = api("GET", "models/small").json()
    assert (small["upstream_model"], small["price_source"]) == ("gpt-4o-mini", "catalog")
    again = api("POST", f"providers/{openai}/import", {"models": wanted[:2]})
    assert (again.json()["created"], len(again.json()["skipped"])) == ([], 2)
    assert api("GET", "release").json()["number"] == before + 1


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "models"),
        ({"models": []}, "models"),
        ({"models": [{"id": "a"}] * 201}, "models"),
        ({"models": [{"id": "a", "as": "no id"}]}, "models[0].as"),
        ({"models": [{"id": "a", "as_": "b"}]}, "models[0].as_"),
        ({"models": [{"id": "\x00"}]}, "models[0].id"),
        ({"models": [{"id": "a"}], "all": True}, "all"),
    ],
)
def test_an_import_that_does_not_fit_names_its_field(
    api: Api, openai: str, body: dict[str, object], field: str
) -> None:
    answer = api("POST", f"providers/{openai}/import", body)
    assert (answer.status_code, answer.json()["error"]["field"]) == (422, field)
    assert api("POST", "providers/nobody/import", {"models": [{"id": "a"}]}).status_code == 404
