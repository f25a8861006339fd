"""What a model costs that nobody gave a price, and what follows it to another upstream."""

from __future__ import annotations

from typing import Any

import pytest
from tests.admin.conftest import Api
from tests.admin.test_configuration import in_force
from tests.aws_mock import ENVIRON, World

from admin.app import apply_document
from gateway.catalog import DATA, lookup
from gateway.neutral.config import Price
from gateway.neutral.prices import released

pytestmark = pytest.mark.skipif(
    not (DATA / "models.json").exists(), reason="NOT RUN: the catalog is not built (make setup)"
)
MINE = {"input": "7", "output": "8"}
MINI, PRO = "gpt-4o-mini", "gpt-5-pro"


def _price(kind: str, name: str) -> Price:
    facts = lookup(kind, name)
    assert facts is not None
    assert facts.price is not None
    return facts.price


def _in_force(api: Api, name: str) -> tuple[str | None, str | None, str | None]:
    """Whose price holds, input and output in dollars, as the API says."""
    model = api("GET", f"models/{name}").json()
    price = model["effective_price"] or {"input": None, "output": None}
    return model["price_source"], price["input"], price["output"]


def _charged(world: World, name: str) -> tuple[str | None, Price | None]:
    """The same, as the release says."""
    release = in_force(world)
    model = next(one for one in release.models if one.id == name)
    provider = next(one for one in release.providers if one.id == model.provider)
    price, source = released(provider, model.upstream_model, model) or (None, None)
    return source, price


def test_a_models_price_follows_what_its_provider_charges(api: Api, world: World, openai: str) -> None:
    made = api("POST", "models", {"id": MINI, "provider": openai}).json()
    assert made["price_source"] == "catalog"
    assert made["effective_price"] == made["price"]
    assert _charged(world, MINI) == ("catalog", _price("openai", MINI)), "the release pins it"

    api("PATCH", "providers/openai", {"price_factor_ppm": 2_000_000})
    assert _in_force(api, MINI) == ("catalog", "0.3", "1.2")
    source, doubled = _charged(world, MINI)
    assert (source, doubled and doubled.input, doubled and doubled.output) == ("catalog", 300_000, 1_200_000)

    api("PATCH", "providers/openai", {"prices": [{"model": "gpt-4o*", "price": MINE}]})
    assert _in_force(api, MINI) == ("provider", "7", "8")
    assert _charged(world, MINI) == ("provider", Price(7_000_000, 8_000_000))

    api("PATCH", "providers/openai", {"prices": [], "price_factor_ppm": 1_000_000})
    assert _in_force(api, MINI) == ("catalog", "0.15", "0.6")
    assert api("GET", f"models/{MINI}").json()["price"] == made["price"]


def test_a_model_created_under_a_factor_has_it(api: Api, openai: str) -> None:
    api("PATCH", "providers/openai", {"price_factor_ppm": 500_000, "prices": [{"model": PRO, "price": MINE}]})
    for name in (MINI, PRO):
        api("POST", "models", {"id": name, "provider": openai})
    assert _in_force(api, MINI) == ("catalog", "0.075", "0.3")
    assert _in_force(api, PRO) == ("provider", "7", "8")
    listed = {one["id"]: one["price_source"] for one in api("GET", "models").json()["items"]}
    assert listed == {MINI: "catalog", PRO: "provider"}


def test_a_price_that_was_given_is_nobody_elses(api: Api, world: World, openai: str) -> None:
    api("PATCH", "providers/openai", {"price_factor_ppm": 500_000, "prices": [{"model": "gpt-*", "price": MINE}]})
    api("POST", "models", {"id": MINI, "provider": openai, "price": {"input": "1", "output": "2"}})
    assert _in_force(api, MINI) == ("model", "1", "2")
    assert _charged(world, MINI) == ("model", Price(1_000_000, 2_000_000))
    api("PATCH", "providers/openai", {"prices": []})
    assert _in_force(api, MINI) == ("model", "1", "2")
    assert api("PATCH", f"models/{MINI}", {"price": None}).json()["effective_price"] is None, "none is none"
    assert _in_force(api, MINI) == (None, None, None)
    assert _charged(world, MINI) == (None, None)


def test_a_price_that_comes_back_as_it_was_is_no_change(api: Api, openai: str) -> None:
    made = api("POST", "models", {"id": MINI, "provider": openai}).json()
    same = api("PATCH", f"models/{MINI}", {"price": made["price"], "context_window": made["context_window"]}).json()
    assert (same["version"], same["price_source"]) == (1, "catalog")
    other = api("PATCH", f"models/{MINI}", {"price": {**made["price"], "input": "0.2"}}).json()
    assert (other["version"], other["price_source"]) == (2, "model")


FACTS = {
    MINI: ("chat", 128_000, 16_384, "0.15"),
    PRO: ("chat", 400_000, 272_000, "15"),
    "text-embedding-3-small": ("embedding", 8_191, None, "0.02"),
    "nobody-knows-it": ("chat", None, None, None),
}


def _facts(model: dict[str, Any]) -> tuple[str, int | None, int | None, str | None]:
    price = model["price"]
    return model["kind"], model["context_window"], model["max_output_tokens"], price and price["input"]


@pytest.mark.parametrize("was", FACTS)
@pytest.mark.parametrize("now", FACTS)
def test_what_the_catalog_said_follows_the_upstream(api: Api, openai: str, was: str, now: str) -> None:
    made = api("POST", "models", {"id": "m", "provider": openai, "upstream_model": was}).json()
    assert _facts(made) == FACTS[was]
    moved = api("PATCH", "models/m", {"upstream_model": now}).json()
    kind, *rest = FACTS[now]
    assert _facts(moved) == (kind if now != "nobody-knows-it" else made["kind"], *rest)
    assert moved["price_source"] == (None if now == "nobody-knows-it" else "catalog")


def test_it_follows_to_another_provider_and_its_contract(api: Api, openai: str) -> None:
    api("POST", "providers", {"id": "claude", "kind": "anthropic", "price_factor_ppm": 500_000})
    api("POST", "models", {"id": "m", "provider": openai, "upstream_model": MINI})
    moved = api("PATCH", "models/m", {"provider": "claude", "upstream_model": "claude-sonnet-4-5"}).json()
    assert _facts(moved) == ("chat", 200_000, 64_000, "3")
    assert _in_force(api, "m") == ("catalog", "1.5", "7.5")
    refused = api("PATCH", "models/m", {"provider": "nobody"})
    assert (refused.status_code, refused.json()["error"]["field"]) == (422, "provider")


def test_what_people_set_stays(api: Api, openai: str) -> None:
    own = {"price": MINE, "context_window": 5, "max_output_tokens": 3}
    api("POST", "models", {"id": "m", "provider": openai, "upstream_model": MINI, **own})
    assert _facts(api("PATCH", "models/m", {"upstream_model": PRO}).json()) == ("chat", 5, 3, "7")
    assert _in_force(api, "m")[0] == "model"
    api("POST", "models", {"id": "free", "provider": openai, "upstream_model": MINI, "price": None})
    assert api("PATCH", "models/free", {"upstream_model": PRO}).json()["price"] is None, "it was said to have none"


def test_what_the_same_change_says_holds(api: Api, openai: str) -> None:
    made = api("POST", "models", {"id": "m", "provider": openai, "upstream_model": MINI}).json()
    body = {"upstream_model": PRO, "price": made["price"], "max_output_tokens": 16_384}
    assert _facts(api("PATCH", "models/m", body).json()) == ("chat", 400_000, 16_384, "0.15")
    assert _in_force(api, "m")[0] == "model", "said of the new one, it is its own"


DOCUMENT = """
providers: [{id: o, kind: openai, price_factor_ppm: 500000}]
models:
  - {id: m, provider: o, upstream_model: gpt-4o-mini}
  - {id: own, provider: o, upstream_model: gpt-4o-mini, price: {input: 7, output: 8}, max_output_tokens: 3}
"""


def test_the_document_does_alike(api: Api, world: World) -> None:
    first = apply_document(ENVIRON, DOCUMENT, "c.yaml").number
    assert apply_document(ENVIRON, DOCUMENT, "c.yaml").number == first, "a second application changes nothing"
    assert _in_force(api, "m") == ("catalog", "0.075", "0.3")
    apply_document(ENVIRON, DOCUMENT.replace(MINI, PRO), "c.yaml")
    assert _facts(api("GET", "models/m").json()) == FACTS[PRO]
    assert _in_force(api, "m") == ("catalog", "7.5", "60")
    assert _facts(api("GET", "models/own").json()) == ("chat", 400_000, 3, "7")
    assert _in_force(api, "own") == ("model", "7", "8")
