"""What is held is never less than what is charged, whatever the prices and however the request turns out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from itertools import pairwise
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.catalog.pricing import cost_nano
from gateway.neutral.config import Model, Price, PriceOverride, PriceTier, Provider
from gateway.neutral.usage import Usage
from gateway.policies.metering import cost
from gateway.policies.reservation import UNKNOWN_OUTPUT, Size, input_bound, output_bound, unpriced, worst_case

M = 1_000_000


@dataclass(frozen=True)
class Way:
    """A candidate."""

    price: Price | None = None
    limit: int | None = None
    defaults: dict[str, Any] = field(default_factory=dict)
    kind: str = "openai_compatible"
    upstream_model: str = "m"

    @property
    def provider(self) -> Provider:
        return Provider("p", "p", self.kind, default_parameters=self.defaults)

    @property
    def model(self) -> Model | None:
        return Model("m", "p", "m", price=self.price, max_output_tokens=self.limit)


_RATES = ("cache_read", "cache_write_5m", "cache_write_1h", "reasoning")
_OTHERS = (
    "audio_input",
    "audio_output",
    "image_input",
    "image_output",
    "per_image_input",
    "per_image_output",
    "per_character",
)
_SECONDS = ("per_second_input", "per_second_output")


def _pico(dice: Random) -> int:
    """Prices of every size, so that in most draws one of them towers over the others."""
    return dice.randrange(10 ** dice.randrange(1, 10))


def _maybe(dice: Random, names: Iterable[str]) -> dict[str, int]:
    return {name: _pico(dice) for name in names if dice.random() < 0.5}


def _price(dice: Random, *, served: bool = True) -> Price:
    tiers = [
        PriceTier(above, _pico(dice), _pico(dice), **_maybe(dice, _RATES))
        for above in dice.sample(range(1, 3_000), dice.randrange(3))
    ]
    more = {name: _price(dice, served=False) for name in ("priority", "flex") if served and dice.random() < 0.5}
    parts = _maybe(dice, (*_RATES, *_OTHERS, *_SECONDS, "request"))
    return Price(_pico(dice), _pico(dice), tiers=tuple(tiers), **parts, **more)


def _parts(dice: Random, whole: int, count: int) -> list[int]:
    """Parts of a whole: mostly one of them is all of it."""
    if dice.random() < 0.7:
        chosen = dice.randrange(count)
        return [whole if at == chosen else 0 for at in range(count)]
    cuts = sorted(dice.randint(0, whole) for _ in range(count - 1))
    return [end - begin for begin, end in pairwise([0, *cuts, whole])]


def _request(dice: Random) -> tuple[Size, Usage]:
    """A request, and a usage that keeps to it, often to its very bounds."""
    estimate, limit, choices = dice.randint(0, 2_000), dice.randint(16, 500), dice.randint(1, 3)
    caching, media, service = dice.random() < 0.5, dice.random() < 0.5, dice.choice(["", "priority", "flex"])
    most = Usage(
        **{
            name: dice.randint(0, 9_999)
            for name in ("images_in", "images_out", "audio_ms_in", "audio_ms_out", "characters", "searches")
        }
    )
    went_in = dice.choice([input_bound(estimate), dice.randint(0, input_bound(estimate))])
    fresh, audio, image, read, short, long = _parts(dice, went_in, 6)
    fresh, audio, image = (fresh, audio, image) if media else (fresh + audio + image, 0, 0)
    short, long = (short, long) if caching else (short + long, 0)
    output = dice.choice([limit * choices, dice.randint(0, limit * choices)])
    _, reasoning, spoken, drawn = _parts(dice, output, 4)
    used = replace(
        most,
        fresh=fresh + audio + image,
        audio_input=audio,
        image_input=image,
        cache_read=read,
        cache_write_5m=short,
        cache_write_1h=long,
        output=output,
        reasoning=reasoning,
        audio_output=spoken,
        image_output=drawn,
        source="upstream",
        service=dice.choice(["", service]),
    )
    return Size(estimate, limit, choices, caching, media=media, service=service, beside=most), used


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 2**64))
def test_no_request_costs_more_than_was_held(seed: int) -> None:
    dice = Random(seed)
    for _ in range(10):
        size, used = _request(dice)
        prices = [_price(dice) for _ in range(dice.randint(1, 3))]
        hedged = dice.random() < 0.5
        worst = worst_case(size, [Way(price) for price in prices], hedged=hedged)
        costs = sorted(cost_nano(used, price) for price in prices)[-2 if hedged else -1 :]
        assert type(worst.nano) is int
        assert sum(costs) <= worst.nano
        assert (used.input_total + used.output) * len(costs) <= worst.tokens
        assert 0 <= worst.known_nano <= worst.nano
        assert worst.known_tokens == size.input_tokens <= worst.tokens


def test_a_hold_is_tight_where_nothing_is_open() -> None:
    """Text alone, one price for everything: the bound is the estimate with its margin and the client's limit, to the nano-dollar."""
    worst = worst_case(Size(100, 50, choices=2), [Way(Price(3 * M, 15 * M), limit=8_000)])
    assert worst.tokens == input_bound(100) + 100
    assert worst.nano == input_bound(100) * 3_000 + 100 * 15_000
    assert (worst.known_tokens, worst.known_nano) == (100, 100 * 3_000)


SONNET = Price(3 * M, 15 * M, cache_read=300_000, cache_write_5m=3_750_000, cache_write_1h=6 * M)


@pytest.mark.parametrize(("caching", "each"), [(False, 3_750), (True, 6_000)])
def test_marks_may_write_for_an_hour(caching: bool, each: int) -> None:
    worst = worst_case(Size(1_000, 16, caching=caching), [Way(SONNET)])
    assert worst.nano == input_bound(1_000) * each + 16 * 15_000
    assert worst.known_nano == 1_000 * 300


def test_a_tier_holds_that_the_estimate_may_reach() -> None:
    price = Price(M, 2 * M, tiers=(PriceTier(1_000, 4 * M, 8 * M),))
    below = next(tokens for tokens in range(2_000) if input_bound(tokens) > 1_000)
    assert worst_case(Size(below - 1, 16), [Way(price)]).nano == input_bound(below - 1) * 1_000 + 16 * 2_000
    assert worst_case(Size(below, 16), [Way(price)]).nano == input_bound(below) * 4_000 + 16 * 8_000


def test_a_cheaper_tier_does_not_lower_the_hold() -> None:
    price = Price(4 * M, 8 * M, tiers=(PriceTier(10, M, M),))
    assert worst_case(Size(1_000, 16), [Way(price)]).nano == input_bound(1_000) * 4_000 + 16 * 8_000


@pytest.mark.parametrize(
    ("size", "way", "tokens"),
    [
        (Size(1, 100), Way(limit=50), 50),
        (Size(1, 100), Way(limit=500), 100),
        (Size(1, 100), Way(), 100),
        (Size(1), Way(limit=500), 500),
        (Size(1), Way(), UNKNOWN_OUTPUT),
        (Size(1, 3), Way(), 16),  # Responses raises a smaller limit
        (Size(1, 100, choices=4), Way(limit=50), 200),
        (Size(1), Way(limit=500, defaults={"max_tokens": 70}), 70),
        (Size(1), Way(defaults={"generationConfig": {"maxOutputTokens": 80, "candidateCount": 2}}), 160),
        (Size(1), Way(defaults={"inferenceConfig": {"maxTokens": 90}}), 90),
        (Size(1, 100), Way(defaults={"max_tokens": 7_000}), 100),
        (Size(1, 100), Way(defaults={"n": 3}), 300),
        (Size(1), Way(defaults={"max_tokens": True}), UNKNOWN_OUTPUT),
        (Size(1, 100, generates=False), Way(limit=50), 0),
    ],
)
def test_the_longest_answer(size: Size, way: Way, tokens: int) -> None:
    assert output_bound(size, way) == tokens


def test_the_catalog_knows_the_limit_of_a_model_that_the_release_does_not() -> None:
    way = Way(kind="openai", upstream_model="gpt-4o")
    assert output_bound(Size(1), way) == 16_384
    assert output_bound(Size(1, 10**6), way) == 16_384


def test_the_dearest_candidate_counts_and_two_of_them_when_hedged() -> None:
    ways = [Way(Price(M, M)), Way(Price(3 * M, 3 * M)), Way(Price(2 * M, 2 * M))]
    each = input_bound(100) + 20
    assert worst_case(Size(100, 20), ways).nano == each * 3_000
    assert worst_case(Size(100, 20), ways, hedged=True).nano == each * 5_000
    assert worst_case(Size(100, 20), ways, hedged=True).tokens == each * 2
    assert worst_case(Size(100, 20), ways).known_nano == 100_000


def test_sound_is_held_for_only_where_there_may_be_some() -> None:
    price = Price(M, M, audio_input=40 * M)
    assert worst_case(Size(100, 16, media=False), [Way(price)]).nano == input_bound(100) * 1_000 + 16_000
    assert worst_case(Size(100, 16), [Way(price)]).nano == input_bound(100) * 40_000 + 16_000


def test_the_service_tier_that_is_asked_for_is_held() -> None:
    price = Price(M, M, priority=Price(2 * M, 2 * M), flex=Price(M // 2, M // 2))
    each = input_bound(100) + 16
    held = {name: worst_case(Size(100, 16, service=name), [Way(price)]).nano for name in ("", "priority", "flex")}
    assert held == {"": each * 1_000, "priority": each * 2_000, "flex": each * 1_000}


def test_candidates_without_a_price() -> None:
    free, known = Way(None), Way(Price(M, M))
    assert unpriced([free, known]) == (free,)
    assert worst_case(Size(100, 20), [free]).nano == 0
    assert worst_case(Size(100, 20), [free]).tokens == input_bound(100) + 20
    assert worst_case(Size(100, 20), [free, known]) == worst_case(Size(100, 20), [known])


def test_a_hold_speaks_of_the_prices_that_metering_charges() -> None:
    @dataclass(frozen=True)
    class Overridden(Way):
        @property
        def provider(self) -> Provider:
            return Provider("p", "p", "openai", prices=(PriceOverride("m*", Price(7 * M, 7 * M)),))

    way, used = Overridden(), Usage(fresh=input_bound(100), output=20, source="upstream")
    assert cost(used, way).nano_usd == worst_case(Size(100, 20), [way]).nano
