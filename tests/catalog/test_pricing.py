"""Exact money."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.catalog.pricing import (
    FEMTO_PER_NANO,
    cost_femto,
    cost_nano,
    pico_per_request,
    pico_per_token,
    usd_per_million,
    usd_per_request,
)
from gateway.neutral.config import Model, Price, PriceTier, to_json
from gateway.neutral.config_reading import model_from_json
from gateway.neutral.usage import Usage

M = 1_000_000  # one dollar per million tokens
SONNET = Price(3 * M, 15 * M, cache_read=300_000, cache_write_5m=3_750_000, cache_write_1h=6 * M)


@pytest.mark.parametrize(
    ("usage", "price", "nano"),
    [
        (Usage(), SONNET, 0),
        (Usage(fresh=1), SONNET, 3_000),
        (Usage(fresh=1000, output=500), SONNET, 3_000_000 + 7_500_000),
        (Usage(cache_read=1000), SONNET, 300_000),
        (Usage(cache_write_5m=1000), SONNET, 3_750_000),
        (Usage(cache_write_1h=1000), SONNET, 6_000_000),
        # Fallbacks: cached input at the price of input, thinking at the price of output.
        (
            Usage(fresh=1, cache_read=2, cache_write_5m=3, cache_write_1h=4, output=5, reasoning=5),
            Price(M, 2 * M),
            20_000,
        ),
        (Usage(output=10, reasoning=4), Price(M, 2 * M, reasoning=3 * M), 12_000 + 12_000),
        (Usage(output=10, reasoning=99), Price(M, 2 * M, reasoning=3 * M), 30_000),
        (Usage(fresh=1), Price(0, 0, request=5_000_000_000), 5_000_000),
        # A cached price of nothing is not an absent one.
        (Usage(cache_read=1000), Price(M, M, cache_read=0), 0),
        # $0.0375 per million: 37.5 nano-dollars per token; the sum is rounded once, half up.
        (Usage(cache_read=1), Price(150_000, 600_000, cache_read=37_500), 38),
        (Usage(cache_read=2), Price(150_000, 600_000, cache_read=37_500), 75),
        (Usage(fresh=1), Price(499, 0), 0),
        (Usage(fresh=1), Price(500, 0), 1),
    ],
)
def test_cost(usage: Usage, price: Price, nano: int) -> None:
    assert cost_nano(usage, price) == nano


TIERED = Price(
    M, 2 * M, tiers=(PriceTier(272_000, 4 * M, 5 * M, reasoning=6 * M), PriceTier(128_000, 2 * M, 3 * M, cache_read=0))
)


@pytest.mark.parametrize(
    ("usage", "nano"),
    [
        (Usage(fresh=128_000, output=1), 128_002_000),
        (Usage(fresh=128_001, output=1), 256_005_000),
        (Usage(fresh=1, cache_read=128_000, output=1), 2_000 + 3_000),
        (Usage(fresh=272_001, output=2, reasoning=1), 272_001 * 4_000 + 5_000 + 6_000),
    ],
)
def test_the_greatest_tier_exceeded_prices_the_whole_request(usage: Usage, nano: int) -> None:
    assert cost_nano(usage, TIERED) == nano


_counts = st.integers(0, 10**9)
_prices = st.integers(0, 10**12)
_usages = st.builds(Usage, _counts, _counts, _counts, _counts, _counts, _counts)


@given(
    _usages,
    st.builds(
        Price,
        _prices,
        _prices,
        st.none() | _prices,
        st.none() | _prices,
        st.none() | _prices,
        st.none() | _prices,
        _prices,
    ),
)
def test_the_only_rounding_is_the_last_one(usage: Usage, price: Price) -> None:
    exact = Fraction(cost_femto(usage, price), FEMTO_PER_NANO)
    nano = cost_nano(usage, price)
    assert -Fraction(1, 2) < nano - exact <= Fraction(1, 2)


@given(st.integers(0, 10**18))
def test_dollars_there_and_back(pico: int) -> None:
    assert pico_per_token(usd_per_million(pico)) == pico
    assert pico_per_request(usd_per_request(pico)) == pico


@pytest.mark.parametrize(
    ("text", "pico"),
    [
        ("0.15", 150_000),
        ("0.0375", 37_500),
        ("3", 3_000_000),
        ("0.000001", 1),
        ("0", 0),
        ("15.", 15_000_000),
        (".5", 500_000),
    ],
)
def test_dollars_per_million(text: str, pico: int) -> None:
    assert pico_per_token(text) == pico
    assert pico_per_token(Decimal(text)) == pico


def test_shortest_text() -> None:
    assert [usd_per_million(pico) for pico in (0, 1, 37_500, 3_000_000, 100_000_000)] == [
        "0",
        "0.000001",
        "0.0375",
        "3",
        "100",
    ]
    assert usd_per_request(5_000_000_000) == "0.005"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("0.0000001", "finer"),
        ("1000000000001", "too large"),
        ("9" * 41, "plain decimal"),
        ("-1", "plain decimal"),
        ("1e3", "plain decimal"),
        ("NaN", "plain decimal"),
        ("", "plain decimal"),
        (".", "plain decimal"),
        ("1.2.3", "plain decimal"),
        ("1_000", "plain decimal"),
        (" 1", "plain decimal"),
        ("\uff11", "plain decimal"),
        (Decimal("-1"), "negative"),
        (Decimal("NaN"), "negative"),
        (Decimal("1e40"), "too large"),
    ],
)
def test_what_is_not_exact_is_refused(text: str | Decimal, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        pico_per_token(text)


def test_a_price_with_tiers_survives_the_release() -> None:
    model = Model("m", "p", "u", price=TIERED)
    assert model_from_json(to_json(model)) == model
    with pytest.raises(ValueError, match="unknown fields"):
        model_from_json(
            {
                **to_json(model),
                "price": {"input": 1, "output": 1, "tiers": [{"above": 1, "input": 1, "output": 1, "x": 1}]},
            }
        )
