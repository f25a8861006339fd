"""Prices in bodies and replies. All of them are US dollars as decimal text, exact; see `gateway.neutral.config.Price` for what each means."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from gateway.admin.fields import Strict, Tokens, UpstreamName, Usd


def _pattern(value: str) -> str:
    if "*" in value[:-1]:
        raise ValueError("'*' may only stand at the end")
    return value


PriceSource = Literal["model", "provider", "catalog"]
UpstreamPattern = Annotated[UpstreamName, AfterValidator(_pattern)]
Factor = Annotated[
    int, Field(ge=0, le=100_000_000, description="Millionths: 900000 = ten percent off the catalog's prices")
]


class TokenPricesIO(Strict):
    """USD per million tokens. A null cache price means the input price, a null `reasoning` the output price."""

    input: Usd
    output: Usd
    cache_read: Usd | None = None
    cache_write_5m: Usd | None = None
    cache_write_1h: Usd | None = None
    reasoning: Usd | None = None


class PriceTierIO(TokenPricesIO):
    """Other token prices, USD per million, for a whole request whose input is more than `above` tokens."""

    above: Tokens


Tiers = Annotated[list[PriceTierIO], Field(max_length=8)]


class ServicePriceIO(TokenPricesIO):
    """Token prices, USD per million, of a service tier."""

    tiers: Tiers = Field(default_factory=list)


PictureWord = Annotated[str, Field(max_length=32, pattern=r"^[0-9A-Za-z_-]*$")]


class PicturePriceIO(Strict):
    """USD for one picture that is made in this quality and size, in the words of requests (`hd`, `1792x1024`); empty = any."""

    price: Usd
    quality: PictureWord = ""
    size: PictureWord = ""


Pictures = Annotated[list[PicturePriceIO], Field(max_length=64)]


class PriceIO(TokenPricesIO):
    """USD per million tokens; a null cache price means the input price, a null `reasoning` the output price.

    `audio_…` and `image_…` are per million tokens of sound or pictures (null: as text), `per_character` per million characters;
    `per_image_…` per picture, `per_second_…` per second of sound, `request` per request (of reranking, per search). `pictures` says the price
    of a picture by quality and size: of those that fit, the one that names most of both holds, else `per_image_output`. `priority` and `flex`
    hold for requests that the upstream says it served at that service tier (null: as the others).
    """

    request: Usd = "0"
    tiers: Tiers = Field(default_factory=list)
    audio_input: Usd | None = None
    audio_output: Usd | None = None
    image_input: Usd | None = None
    image_output: Usd | None = None
    per_image_input: Usd | None = None
    per_image_output: Usd | None = None
    per_second_input: Usd | None = None
    per_second_output: Usd | None = None
    per_character: Usd | None = None
    pictures: Pictures | None = None
    priority: ServicePriceIO | None = None
    flex: ServicePriceIO | None = None


class PriceOverrideIO(Strict):
    """What a provider charges for its models of that (upstream) name; `*` at the end of `model` stands for anything."""

    model: UpstreamPattern
    price: PriceIO


Overrides = Annotated[list[PriceOverrideIO], Field(max_length=200)]
