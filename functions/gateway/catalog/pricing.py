"""Money, exactly: what a request costs, and dollars in people's notation ⇄ the integers of `Price`. Pure.

Units: a price is pico-dollars (10⁻¹² USD) per token or per request, an amount is nano-dollars (10⁻⁹ USD).
"""

from __future__ import annotations

from decimal import Decimal, InvalidOperation, localcontext

from gateway.neutral.config import Price, PriceTier
from gateway.neutral.usage import Usage

PICO_PER_NANO = 1_000
PICO_PER_USD = 10**12
TOKENS_PER_MILLION = 1_000_000
_LARGEST = 10**18  # a million dollars per token: beyond any price, within DynamoDB's and JSON's integers


def cost_nano(usage: Usage, price: Price) -> int:
    """What `usage` costs at `price` in nano-dollars, rounded half up once. Thinking counts as output where it has no price of its own."""
    return (cost_pico(usage, price) + PICO_PER_NANO // 2) // PICO_PER_NANO


def cost_pico(usage: Usage, price: Price) -> int:
    """The same, exact, in pico-dollars."""
    rates = _rates(usage, price)
    reasoning = min(usage.reasoning, usage.output)
    return (
        usage.fresh * rates.input
        + usage.cache_read * _or(rates.cache_read, rates.input)
        + usage.cache_write_5m * _or(rates.cache_write_5m, rates.input)
        + usage.cache_write_1h * _or(rates.cache_write_1h, rates.input)
        + (usage.output - reasoning) * rates.output
        + reasoning * _or(rates.reasoning, rates.output)
        + price.request
    )


def _rates(usage: Usage, price: Price) -> Price | PriceTier:
    """The token prices that hold for a request of this size."""
    reached = [tier for tier in price.tiers if usage.input_total > tier.above]
    return max(reached, key=lambda tier: tier.above) if reached else price


def _or(value: int | None, fallback: int) -> int:
    return fallback if value is None else value


def pico_per_token(usd_per_million: str | Decimal) -> int:
    """USD per million tokens as pico-dollars per token; ValueError when it is no such number, too large, or finer than the unit."""
    return _pico(usd_per_million, PICO_PER_USD // TOKENS_PER_MILLION, "0.000001 USD per million tokens")


def pico_per_request(usd: str | Decimal) -> int:
    """USD per request as pico-dollars; ValueError as above."""
    return _pico(usd, PICO_PER_USD, "0.000000000001 USD per request")


def usd_per_million(pico: int) -> str:
    """The shortest decimal text of a token price in USD per million."""
    return _plain(pico, PICO_PER_USD // TOKENS_PER_MILLION)


def usd_per_request(pico: int) -> str:
    """The shortest decimal text of a price per request in USD."""
    return _plain(pico, PICO_PER_USD)


def _pico(amount: str | Decimal, scale: int, finest: str) -> int:
    if isinstance(amount, str) and not (
        amount.isascii() and len(amount) <= 40 and amount.replace(".", "", 1).isdecimal()
    ):
        raise ValueError("must be a plain decimal number such as 0.15")
    try:
        value = Decimal(amount)
    except InvalidOperation:
        raise ValueError("must be a plain decimal number such as 0.15") from None
    if not value.is_finite() or value < 0:
        raise ValueError("must not be negative")
    with localcontext() as context:
        context.prec = 100
        exact = value * scale
        if exact > _LARGEST:
            raise ValueError("is too large")
        if exact != exact.to_integral_value():
            raise ValueError(f"is finer than {finest}")
        return int(exact)


def _plain(pico: int, scale: int) -> str:
    with localcontext() as context:
        context.prec = 100
        text = f"{Decimal(pico) / scale:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
