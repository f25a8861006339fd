"""Whose price holds, as far as a release knows. Pure.

First a model's own price; then what its provider is said to charge; then the catalog's price that the model was listed with, times the provider's
factor. So a provider's overrides and factor hold for every model that nobody gave a price, from the release that says them.
"""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any, Final, Literal

from gateway.neutral.config import Model, PicturePrice, Price, PriceTier, Provider

Source = Literal["model", "provider", "catalog"]

_ONE: Final = 1_000_000  # a factor of one, in millionths


def released(provider: Provider, upstream_model: str, model: Model | None) -> tuple[Price, Source] | None:
    """The price of a model, listed (`model`) or not, and where it is from; None when the release says nothing of it."""
    listed = None if model is None else model.price
    if model is not None and listed is not None and model.price_from is None:
        return listed, "model"
    said = provider.price_for(upstream_model)
    if said is not None:
        return said, "provider"
    return None if listed is None else (scaled(listed, provider.price_factor_ppm), "catalog")


def scaled(price: Price, ppm: int) -> Price:
    """A price times millionths. Each part is rounded half up to a pico-dollar: that is what is then charged per unit."""
    if ppm == _ONE:
        return price
    return replace(price, **_times(price, ppm), tiers=tuple(replace(tier, **_times(tier, ppm)) for tier in price.tiers))


def _times(price: Price | PriceTier | PicturePrice, ppm: int) -> dict[str, Any]:
    changed: dict[str, Any] = {}
    for part in fields(price):
        value = getattr(price, part.name)
        if isinstance(value, Price):
            changed[part.name] = scaled(value, ppm)
        elif part.name == "pictures" and value is not None:
            changed[part.name] = tuple(replace(one, **_times(one, ppm)) for one in value)
        elif isinstance(value, int) and part.name != "above":
            changed[part.name] = (value * ppm + _ONE // 2) // _ONE
    return changed
