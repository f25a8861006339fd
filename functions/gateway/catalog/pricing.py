"""Money, exactly: what a request costs, and dollars in people's notation ⇄ the integers of `Price`. Pure.

Units: a price is pico-dollars (10⁻¹² USD) per token or other unit, an amount is nano-dollars (10⁻⁹ USD).
"""

from __future__ import annotations

from decimal import Decimal, InvalidOperation, localcontext

from gateway.neutral.config import Price, PriceTier
from gateway.neutral.usage import Usage

FEMTO_PER_NANO = 1_000_000
PICO_PER_USD = 10**12
NANO_PER_USD = 10**9
TOKENS_PER_MILLION = 1_000_000
_LARGEST = 10**18  # a million dollars per token: beyond any price, within DynamoDB's and JSON's integers


def cost_nano(usage: Usage, price: Price) -> int:
    """What `usage` costs at `price` in nano-dollars, rounded half up once. Thinking counts as output where it has no price of its own."""
    return (cost_femto(usage, price) + FEMTO_PER_NANO // 2) // FEMTO_PER_NANO


def cost_femto(usage: Usage, price: Price) -> int:
    """The same, exact, in femto-dollars (10⁻¹⁵ USD): a millisecond at a price per second is a thousandth of the price's unit."""
    price = at_service(price, usage.service)
    pico = _text(usage, price) + _media(usage, price) + price.request * max(1, usage.searches)
    milliseconds = usage.audio_ms_in * (price.per_second_input or 0) + usage.audio_ms_out * (
        price.per_second_output or 0
    )
    return pico * 1_000 + milliseconds


def at_service(price: Price, service: str) -> Price:
    """The prices that hold at a service tier of the upstream (`Usage.service`)."""
    if service == "priority":
        return price.priority or price
    return (price.flex or price) if service == "flex" else price


def rates_above(price: Price, tokens: int) -> Price | PriceTier:
    """The token prices that hold for a request with so many tokens of input."""
    reached = [tier for tier in price.tiers if tokens > tier.above]
    return max(reached, key=lambda tier: tier.above) if reached else price


def says_nothing(usage: Usage, price: Price) -> bool:
    """Whether what was counted has no price here, and what has one was not counted: the cost is then not known, and not nothing.

    So of a price by pictures, seconds or characters alone where none of them was counted, and of one by tokens where only they were.
    """
    tokens = (price.input, price.output, price.audio_input, price.audio_output, price.image_input, price.image_output)
    pieces = (
        (usage.images_in, price.per_image_input),
        (usage.images_out, picture_price(price, usage.picture)),
        (usage.audio_ms_in, price.per_second_input),
        (usage.audio_ms_out, price.per_second_output),
        (usage.characters, price.per_character),
    )
    if price.request or any(counted and each for counted, each in pieces):
        return False
    if any(tokens):
        return usage.pieces > 0 and usage.input_total + usage.output == 0
    return usage.pieces == 0 and any(each for _, each in pieces)


def picture_price(price: Price, made: str) -> int:
    """Pico-dollars of a picture that was made (`Usage.picture`). One of which too little is known has the price for all others, without such
    a price the dearest that it may have."""
    quality, _, size = made.partition("/")
    listed = price.pictures or ()
    fits = [one for one in listed if one.quality in {"", quality} and one.size in {"", size}]
    if fits:
        return max(fits, key=lambda one: (bool(one.quality) + bool(one.size), one.price)).price
    return dearest_picture(price, made) if price.per_image_output is None else price.per_image_output


def dearest_picture(price: Price, asked: str) -> int:
    """The most that a picture may cost of which so much is known before it is made. Words that no price has say nothing: the provider may
    take them for others."""
    listed = price.pictures or ()
    quality, _, size = asked.partition("/")
    quality = quality if any(one.quality == quality for one in listed) else ""
    size = size if any(one.size == size for one in listed) else ""
    may = [
        one.price
        for one in listed
        if (not quality or one.quality in {"", quality}) and (not size or one.size in {"", size})
    ]
    return max([*(may or [one.price for one in listed]), price.per_image_output or 0])


def _text(usage: Usage, price: Price) -> int:
    """Pico-dollars of all tokens, those of sound and pictures among them where they have no price of their own."""
    rates = rates_above(price, usage.input_total)
    reasoning = min(usage.reasoning, usage.output)
    sound, pictures = _parts(usage.fresh, usage.audio_input, usage.image_input)
    spoken, drawn = _parts(usage.output - reasoning, usage.audio_output, usage.image_output)
    return (
        (usage.fresh - sound - pictures) * rates.input
        + sound * _or(price.audio_input, rates.input)
        + pictures * _or(price.image_input, rates.input)
        + usage.cache_read * _or(rates.cache_read, rates.input)
        + usage.cache_write_5m * _or(rates.cache_write_5m, rates.input)
        + usage.cache_write_1h * _or(rates.cache_write_1h, rates.input)
        + (usage.output - reasoning - spoken - drawn) * rates.output
        + spoken * _or(price.audio_output, rates.output)
        + drawn * _or(price.image_output, rates.output)
        + reasoning * _or(rates.reasoning, rates.output)
    )


def _media(usage: Usage, price: Price) -> int:
    return (
        usage.images_in * (price.per_image_input or 0)
        + usage.images_out * picture_price(price, usage.picture)
        + usage.characters * (price.per_character or 0)
    )


def _parts(whole: int, sound: int, pictures: int) -> tuple[int, int]:
    """The parts of `whole` that are sound and pictures: never more than there is."""
    sound = min(sound, whole)
    return sound, min(pictures, whole - sound)


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


def nano_from_usd(usd: str | Decimal) -> int:
    """An amount in USD as nano-dollars; ValueError as above."""
    return _pico(usd, NANO_PER_USD, "0.000000001 USD")


def usd_from_nano(nano: int) -> str:
    """The shortest decimal text of an amount in USD."""
    return _plain(nano, NANO_PER_USD)


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
