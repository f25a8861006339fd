"""What the catalog says of a model, and what of a model is only what it said: that much follows the model to another upstream. Pure."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import Any, Final

from gateway.catalog import Facts
from gateway.neutral.config import Model

_FILLED: Final = ("kind", "context_window", "max_output_tokens")


def filled(known: Facts | None, given: Collection[str]) -> dict[str, Any]:
    """The fields of a model that the catalog fills in: all but those that are `given`. Of an unknown model, none."""
    if known is None:
        return {}
    found = {name: value for name, value in _facts(known).items() if name not in given}
    if "price" not in given and known.price is not None:
        found |= {"price": known.price, "price_from": "catalog"}
    return found


def moved(model: Model, was: Facts | None, now: Facts | None, given: Collection[str]) -> Model:
    """A model after its upstream changed from what the catalog knows as `was` to what it knows as `now`.

    What is neither `given` nor differs from what the catalog said becomes what it says now, or nothing where it knows nothing: an unknown
    price is better than another model's.
    """
    old, new = _facts(was), _facts(now)
    follow = {name: new[name] for name in _FILLED if name not in given and getattr(model, name) == old[name]}
    if now is None:
        follow.pop("kind", None)  # what it is for does not become unknown
    if "price" not in given and _copied(model, was):
        price = None if now is None else now.price
        follow |= {"price": price, "price_from": None if price is None else "catalog"}
    return replace(model, **follow)


def _facts(known: Facts | None) -> dict[str, Any]:
    if known is None:
        return {"kind": "chat", "context_window": None, "max_output_tokens": None}
    return {"kind": known.mode, "context_window": known.context_window, "max_output_tokens": known.max_output_tokens}


def _copied(model: Model, known: Facts | None) -> bool:
    """Whether its price is the catalog's, as it was then or as it is now. No price is, where the catalog knows none."""
    return model.price_from is not None or model.price == (None if known is None else known.price)
