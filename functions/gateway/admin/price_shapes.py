"""Prices as replies, and request bodies as prices."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from gateway.admin.errors import Invalid
from gateway.admin.price_schemas import PriceIO, PriceOverrideIO, PriceTierIO, TokenPricesIO
from gateway.catalog.pricing import pico_per_request, pico_per_token, usd_per_million, usd_per_request
from gateway.neutral.config import PicturePrice, Price, PriceOverride, PriceTier

_TOKENS: Final = ("input", "output", "cache_read", "cache_write_5m", "cache_write_1h", "reasoning")
_PER_MILLION: Final = (*_TOKENS, "audio_input", "audio_output", "image_input", "image_output", "per_character")
_PER_PIECE: Final = ("request", "per_image_input", "per_image_output", "per_second_input", "per_second_output")
_SERVICES: Final = ("priority", "flex")


def price_io(value: Price) -> PriceIO:
    """A price in dollars."""
    pieces = {name: getattr(value, name) for name in _PER_PIECE}
    served = {name: getattr(value, name) for name in _SERVICES}
    return PriceIO.model_validate(
        {
            **_dollars(value, _PER_MILLION),
            **{name: None if pico is None else usd_per_request(pico) for name, pico in pieces.items()},
            "pictures": _pictures(value),
            "tiers": _tiers(value),
            **{name: {**_dollars(one, _TOKENS), "tiers": _tiers(one)} for name, one in served.items() if one},
        }
    )


def _pictures(value: Price) -> list[dict[str, str]] | None:
    if value.pictures is None:
        return None
    return [{"price": usd_per_request(one.price), "quality": one.quality, "size": one.size} for one in value.pictures]


def _picture_values(body: PriceIO, place: str) -> tuple[PicturePrice, ...] | None:
    found: dict[tuple[str, str], PicturePrice] = {}
    for at, one in enumerate(body.pictures or ()):
        try:
            made = PicturePrice(pico_per_request(one.price), one.quality, one.size)
        except ValueError as error:
            raise Invalid(f"{place}.pictures[{at}].price {error}.", field=f"{place}.pictures[{at}].price") from None
        if (one.quality, one.size) in found:
            raise Invalid("Two prices are for the same quality and size.", field=f"{place}.pictures[{at}]")
        found[one.quality, one.size] = made
    return tuple(found.values()) or None


def _tiers(value: Price) -> list[dict[str, Any]]:
    return [{"above": tier.above, **_dollars(tier, _TOKENS)} for tier in value.tiers]


def _dollars(value: Price | PriceTier, names: Sequence[str]) -> dict[str, str | None]:
    picos = {name: getattr(value, name) for name in names}
    return {name: None if pico is None else usd_per_million(pico) for name, pico in picos.items()}


def price_value(body: PriceIO, place: str = "price") -> Price:
    """A price in pico-dollars; Invalid names the part of it, at `place`, that cannot be told exactly."""
    served: dict[str, Any] = {}
    for name in _SERVICES:
        one = getattr(body, name)
        if one is not None:
            tiers = _tier_values(one.tiers, f"{place}.{name}")
            served[name] = Price(**_picos(one, _TOKENS, f"{place}.{name}"), tiers=tiers)
    parts = _picos(body, (*_PER_MILLION, *_PER_PIECE), place)
    pictures = _picture_values(body, place)
    return Price(**parts, tiers=_tier_values(body.tiers, place), pictures=pictures, **served)


def _tier_values(tiers: Sequence[PriceTierIO], place: str) -> tuple[PriceTier, ...]:
    found = [
        PriceTier(above=tier.above, **_picos(tier, _TOKENS, f"{place}.tiers[{at}]")) for at, tier in enumerate(tiers)
    ]
    if len({tier.above for tier in found}) != len(found):
        raise Invalid("Two tiers begin at the same size.", field=f"{place}.tiers")
    return tuple(sorted(found, key=lambda tier: tier.above))


def _picos(body: TokenPricesIO, names: Sequence[str], place: str) -> dict[str, Any]:
    """The parts of a price in pico-dollars; Invalid names the one that is not a whole number of them."""
    found: dict[str, int | None] = {}
    for name in names:
        text = getattr(body, name)
        convert = pico_per_request if name in _PER_PIECE else pico_per_token
        try:
            found[name] = None if text is None else convert(text)
        except ValueError as error:
            raise Invalid(f"{place}.{name} {error}.", field=f"{place}.{name}") from None
    return found


def overrides_io(values: Sequence[PriceOverride]) -> list[PriceOverrideIO]:
    """A provider's prices in dollars."""
    return [PriceOverrideIO(model=one.model, price=price_io(one.price)) for one in values]


def override_values(body: Sequence[PriceOverrideIO]) -> tuple[PriceOverride, ...]:
    """A provider's prices; Invalid when one cannot be told exactly, or could never hold because the same models are there before it."""
    seen: set[str] = set()
    for at, one in enumerate(body):
        if one.model in seen:
            raise Invalid(f"{one.model!r} is there twice.", field=f"prices[{at}].model")
        seen.add(one.model)
    return tuple(PriceOverride(one.model, price_value(one.price, f"prices[{at}].price")) for at, one in enumerate(body))
