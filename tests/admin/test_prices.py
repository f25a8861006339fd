"""Prices of every kind, and what a provider charges: kept as given, refused by name."""

from __future__ import annotations

from typing import Any

import pytest
from tests.admin.conftest import Api
from tests.admin.test_configuration import in_force
from tests.aws_mock import ENVIRON, World

from admin.app import apply_document
from gateway.admin.document import DocumentError
from gateway.admin.price_schemas import PriceIO
from gateway.admin.price_shapes import price_io, price_value
from gateway.neutral.config import PicturePrice, Price, PriceOverride, PriceTier

FULL: dict[str, Any] = {
    "input": "2.5",
    "output": "10",
    "cache_read": "1.25",
    "cache_write_5m": None,
    "cache_write_1h": None,
    "reasoning": None,
    "request": "0.01",
    "tiers": [],
    "audio_input": "40",
    "audio_output": "80",
    "image_input": "5",
    "image_output": "30",
    "per_image_input": "0.0011",
    "per_image_output": "0.04",
    "per_second_input": "0.00003083",
    "per_second_output": "0.00025",
    "per_character": "15",
    "pictures": [
        {"price": "0.08", "quality": "hd", "size": "1024x1024"},
        {"price": "0.02", "quality": "", "size": "512x512"},
    ],
    "priority": {
        "input": "4.25",
        "output": "17",
        **dict.fromkeys(["cache_read", "cache_write_5m", "cache_write_1h", "reasoning"]),
        "tiers": [
            {
                "above": 200_000,
                "input": "9",
                "output": "20",
                **dict.fromkeys(["cache_read", "cache_write_5m", "cache_write_1h", "reasoning"]),
            }
        ],
    },
    "flex": None,
}
VALUE = Price(
    2_500_000,
    10_000_000,
    cache_read=1_250_000,
    request=10_000_000_000,
    audio_input=40_000_000,
    audio_output=80_000_000,
    image_input=5_000_000,
    image_output=30_000_000,
    per_image_input=1_100_000_000,
    per_image_output=40_000_000_000,
    per_second_input=30_830_000,
    per_second_output=250_000_000,
    per_character=15_000_000,
    pictures=(PicturePrice(80_000_000_000, "hd", "1024x1024"), PicturePrice(20_000_000_000, "", "512x512")),
    priority=Price(4_250_000, 17_000_000, tiers=(PriceTier(200_000, 9_000_000, 20_000_000),)),
)
MINI = {"input": "0.1", "output": "0.4"}


def test_a_price_there_and_back() -> None:
    assert FULL.keys() == PriceIO.model_fields.keys()
    assert price_value(PriceIO.model_validate(FULL)) == VALUE
    assert price_io(VALUE).model_dump() == FULL


def test_a_model_keeps_all_of_its_price(api: Api, world: World, openai: str) -> None:
    made = api("POST", "models", {"id": "m", "provider": openai, "price": FULL})
    assert made.json()["price"] == FULL
    assert in_force(world).models[0].price == VALUE
    again = api("PATCH", "models/m", {"price": made.json()["price"]}, if_match='"1"')
    assert again.headers["etag"] == '"1"'


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"audio_input": "0.0000001"}, "price.audio_input"),
        ({"per_image_output": "-1"}, "price.per_image_output"),
        ({"per_character": 15}, "price.per_character"),
        ({"pictures": [{"price": "0.0000000000001"}]}, "price.pictures[0].price"),
        ({"pictures": [{"price": "1", "size": "1"}, {"price": "2", "size": "1"}]}, "price.pictures[1]"),
        ({"pictures": [{"price": "1", "size": "a b"}]}, "price.pictures[0].size"),
        ({"pictures": [{"quality": "hd"}]}, "price.pictures[0].price"),
        ({"priority": {**MINI, "input": "0.0000001"}}, "price.priority.input"),
        ({"flex": {**MINI, "tiers": [{"above": 9, **MINI, "output": "0.0000001"}]}}, "price.flex.tiers[0].output"),
        ({"flex": {**MINI, "request": "1"}}, "price.flex.request"),
        ({"per_pixel": "1"}, "price.per_pixel"),
    ],
)
def test_what_is_wrong_with_a_price_is_named(api: Api, openai: str, change: dict[str, Any], field: str) -> None:
    answer = api("POST", "models", {"id": "m", "provider": openai, "price": {**MINI, **change}})
    assert answer.status_code == 422 or answer.status_code == 400
    assert answer.json()["error"]["field"] == field


def test_a_providers_prices(api: Api, world: World, openai: str) -> None:
    prices = [{"model": "gpt-4o", "price": FULL}, {"model": "gpt-*", "price": MINI}]
    changed = api("PATCH", "providers/openai", {"prices": prices, "price_factor_ppm": 900_000}).json()
    assert [one["model"] for one in changed["prices"]] == ["gpt-4o", "gpt-*"]
    assert changed["prices"][0]["price"] == FULL
    assert changed["price_factor_ppm"] == 900_000
    provider = in_force(world).providers[0]
    assert provider.prices == (PriceOverride("gpt-4o", VALUE), PriceOverride("gpt-*", Price(100_000, 400_000)))
    assert provider.price_factor_ppm == 900_000
    renamed = api("PATCH", "providers/openai", {"name": "Other"}).json()
    assert renamed["prices"] == changed["prices"], "what is not named stays"
    assert api("PATCH", "providers/openai", {"prices": []}).json()["prices"] == []


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"prices": [{"model": "a*b", "price": MINI}]}, "prices[0].model"),
        ({"prices": [{"model": "", "price": MINI}]}, "prices[0].model"),
        ({"prices": [{"model": "a", "price": MINI}, {"model": "a", "price": MINI}]}, "prices[1].model"),
        ({"prices": [{"model": "a", "price": {**MINI, "input": "0.0000001"}}]}, "prices[0].price.input"),
        ({"prices": None}, "prices"),
        ({"price_factor_ppm": -1}, "price_factor_ppm"),
        ({"price_factor_ppm": 0.9}, "price_factor_ppm"),
        ({"price_factor_ppm": None}, "price_factor_ppm"),
    ],
)
def test_what_is_wrong_with_a_providers_prices_is_named(
    api: Api, openai: str, change: dict[str, Any], field: str
) -> None:
    answer = api("PATCH", "providers/openai", change)
    assert answer.json()["error"]["field"] == field


DOCUMENT = """
providers:
  - id: house
    kind: openai
    price_factor_ppm: 900000
    prices:
      - {model: "gpt-4o*", price: {input: 0.1, output: 0.4, per_second_input: 0.0001, tiers: [{above: 9, input: 1, output: 2}]}}
"""


def test_the_document_takes_them(world: World) -> None:
    assert apply_document(ENVIRON, DOCUMENT, "c.yaml").number == 1
    assert apply_document(ENVIRON, DOCUMENT, "c.yaml").number == 1
    price = Price(100_000, 400_000, per_second_input=10**8, tiers=(PriceTier(9, 1_000_000, 2_000_000),))
    assert in_force(world).providers[0].prices == (PriceOverride("gpt-4o*", price),)


@pytest.mark.parametrize(
    ("was", "now", "place"),
    [
        ("input: 0.1", "input: 0.00000001", "providers[0].prices[0].price.input"),
        ("gpt-4o*", "gpt*4o", "providers[0].prices[0].model"),
        ("900000", "0.9", "providers[0].price_factor_ppm"),
    ],
)
def test_the_document_is_refused_by_name(world: World, was: str, now: str, place: str) -> None:
    with pytest.raises(DocumentError) as caught:
        apply_document(ENVIRON, DOCUMENT.replace(was, now), "c.yaml")
    assert place in str(caught.value)
