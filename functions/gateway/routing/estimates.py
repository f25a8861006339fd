"""What a request will cost at a model's price, before the call: the figure by which strategy `cost` orders, and how it came about."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from gateway.neutral.config import Model, Price, PriceTier
from gateway.neutral.prices import released
from gateway.routing.candidate import Candidate
from gateway.routing.features import Features

_USUAL_OUTPUT: Final = 500
_PICO_PER_NANO: Final = 1_000


@dataclass(frozen=True, slots=True)
class Estimate:
    """`nano_usd` = (input_tokens * input_price + output_tokens * output_price + request_price) / 1,000, rounded half up.

    Prices are pico-dollars. `tier_above` is the threshold of the price tier that holds, None where the base price does. `assumed`: the client
    did not say how much it wants, so output is the model's limit, at most 500. `counted` is False where the input was not counted and is 0.
    """

    nano_usd: int
    input_tokens: int
    output_tokens: int
    input_price: int
    output_price: int
    request_price: int = 0
    tier_above: int | None = None
    assumed: bool = False
    counted: bool = True


def pico(candidate: Candidate, features: Features) -> int | None:
    """The estimate in pico-dollars; None for a model without a price in the release."""
    price = _price(candidate)
    if price is None:
        return None
    tokens = features.input_tokens or 0
    rates = _rates(price, tokens) if price.tiers else price
    return tokens * rates.input + _output(candidate.model, features) * rates.output + price.request


def _price(candidate: Candidate) -> Price | None:
    """What a release knows."""
    found = released(candidate.provider, candidate.upstream_model, candidate.model)
    return None if found is None else found[0]


def estimate(candidate: Candidate, features: Features) -> Estimate | None:
    """The same, with its parts."""
    total, price = pico(candidate, features), _price(candidate)
    if price is None or total is None:
        return None
    tokens = features.input_tokens or 0
    rates = _rates(price, tokens)
    return Estimate(
        nano_usd=(total + _PICO_PER_NANO // 2) // _PICO_PER_NANO,
        input_tokens=tokens,
        output_tokens=_output(candidate.model, features),
        input_price=rates.input,
        output_price=rates.output,
        request_price=price.request,
        tier_above=rates.above if isinstance(rates, PriceTier) else None,
        assumed=features.output_tokens is None,
        counted=features.input_tokens is not None,
    )


def _output(model: Model | None, features: Features) -> int:
    if features.output_tokens is not None:
        return features.output_tokens
    return (
        _USUAL_OUTPUT
        if model is None or model.max_output_tokens is None
        else min(model.max_output_tokens, _USUAL_OUTPUT)
    )


def _rates(price: Price, tokens: int) -> Price | PriceTier:
    """The token prices that hold for a request of this size, as in `gateway.catalog.pricing`."""
    reached = [tier for tier in price.tiers if tokens > tier.above]
    return max(reached, key=lambda tier: tier.above) if reached else price
