"""Canary and mirror: whether a request belongs to the share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from gateway.neutral.config import Share
from gateway.routing.chance import digest, draw
from gateway.routing.features import Features

Purpose = Literal["canary", "mirror"]


@dataclass(frozen=True, slots=True)
class Drawn:
    """The draw of a share: `number` is above 0 and below 100, and a hit where it is below `percent`."""

    provider: str
    model: str
    percent: float
    by: Literal["request", "key"]
    number: float
    hit: bool


def draw_share(share: Share, purpose: Purpose, route: str, features: Features) -> Drawn:
    """A share of the requests is drawn for each anew; a share of the keys always falls the same way for a key, on each route another."""
    if share.by == "key":
        number = 100 * draw(digest(f"{purpose}|{route}|{features.key.id}"), 0)
    else:
        number = 100 * draw(features.seed, digest(f"{purpose}|{route}"))
    return Drawn(share.provider, share.model, share.percent, share.by, number, number < share.percent)
