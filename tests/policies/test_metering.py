"""Whose price holds, and what the row says of it."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from gateway.catalog import DATA, lookup
from gateway.neutral.config import Model, Price, PriceOverride, Provider, to_json
from gateway.neutral.config_reading import model_from_json, provider_from_json
from gateway.neutral.logrow import Cost
from gateway.neutral.usage import Usage
from gateway.policies.metering import cost, price_of

M = 1_000_000
OWN, SAID, WIDE = Price(M, M), Price(2 * M, 2 * M), Price(3 * M, 3 * M)
OVERRIDES = (PriceOverride("gpt-4o", SAID), PriceOverride("gpt-*", WIDE))
needs_catalog = pytest.mark.skipif(
    not (DATA / "models.json").exists(), reason="NOT RUN: the catalog is not built (make setup)"
)


@dataclass(frozen=True)
class Way:
    """A candidate."""

    provider: Provider
    upstream_model: str
    model: Model | None = None


def _way(name: str, *, listed: bool = False, own: Price | None = None, **said: object) -> Way:
    provider = Provider("p", "p", "openai", **said)  # type: ignore[arg-type]
    return Way(provider, name, Model("m", "p", name, price=own) if listed else None)


def _filled(name: str, **said: object) -> Way:
    """A model that the catalog gave the price WIDE when it was listed, whatever the catalog says now."""
    way = _way(name, **said)
    return Way(way.provider, name, Model("m", "p", name, price=WIDE, price_from="catalog"))


@pytest.mark.parametrize(
    ("way", "price", "source"),
    [
        (_way("gpt-4o", listed=True, own=OWN, prices=OVERRIDES), OWN, "model"),
        (_way("gpt-4o", listed=True, prices=OVERRIDES), SAID, "provider"),
        (_way("gpt-4o", prices=OVERRIDES), SAID, "provider"),
        (_way("gpt-4o-mini", prices=OVERRIDES, price_factor_ppm=1), WIDE, "provider"),
        (_way("o3", prices=(PriceOverride("*", WIDE),)), WIDE, "provider"),
        (_way("gpt-4o", prices=OVERRIDES[::-1]), WIDE, "provider"),
        (_way("gpt-4o", listed=True), None, None),
        (_way("gpt-4o", listed=True, price_factor_ppm=500_000), None, None),
        (_way("gpt-4o", listed=True, own=OWN, price_factor_ppm=500_000), OWN, "model"),
        (_filled("gpt-4o"), WIDE, "catalog"),
        (_filled("gpt-4o", prices=OVERRIDES, price_factor_ppm=500_000), SAID, "provider"),
        (_filled("o3", prices=OVERRIDES, price_factor_ppm=500_000), Price(3 * M // 2, 3 * M // 2), "catalog"),
        (_way("nobody-knows-it"), None, None),
    ],
)
def test_whose_price_holds(way: Way, price: Price | None, source: str | None) -> None:
    assert price_of(way) == price
    found = cost(Usage(fresh=10, source="upstream"), way)
    assert found.source == source
    assert found.state == ("unpriced" if price is None else "priced")


@needs_catalog
def test_the_catalogs_price_is_multiplied() -> None:
    listed = lookup("openai", "gpt-4o")
    assert listed is not None
    assert price_of(_way("gpt-4o")) == listed.price
    assert listed.price is not None
    less = price_of(_way("gpt-4o", price_factor_ppm=900_000, prices=(PriceOverride("o*", WIDE),)))
    assert less is not None
    assert (less.input, less.output, less.cache_read) == (2_250_000, 9_000_000, 1_125_000)
    assert less.priority is not None
    assert less.priority.input == listed.price.priority.input * 9 // 10  # type: ignore[union-attr]
    assert cost(Usage(fresh=1_000, source="upstream"), _way("gpt-4o", price_factor_ppm=900_000)) == Cost(
        2_250_000, "priced", "catalog"
    )


@needs_catalog
def test_a_price_by_the_second_says_nothing_of_tokens() -> None:
    assert cost(Usage(fresh=10, output=5, source="upstream"), _way("whisper-1")) == Cost(None, "unpriced")
    assert cost(Usage(audio_ms_in=1_500, source="upstream"), _way("whisper-1")).nano_usd == 150_000


def test_nothing_consumed_costs_nothing() -> None:
    assert cost(Usage(), _way("nobody-knows-it")) == Cost()


def test_overrides_survive_the_release() -> None:
    provider = Provider("p", "p", "openai", prices=OVERRIDES, price_factor_ppm=900_000)
    assert provider_from_json(to_json(provider)) == provider
    assert provider_from_json({"id": "p", "name": "p", "kind": "openai"}).price_factor_ppm == 1_000_000


def test_a_release_tells_a_filled_in_price_and_says_nothing_of_others() -> None:
    plain = Model("m", "p", "m", price=OWN)
    assert "price_from" not in to_json(plain), "a release of before keeps its address"
    for model in (plain, Model("m", "p", "m", price=OWN, price_from="catalog")):
        assert model_from_json(to_json(model)) == model


def test_no_cost_is_beyond_what_a_row_may_hold() -> None:
    dear = Way(Provider("p", "p", "openai"), "m", Model("m", "p", "m", price=Price(10**18, 10**18)))
    assert cost(Usage(fresh=10**9, output=10**9, source="upstream"), dear).nano_usd == 10**18
