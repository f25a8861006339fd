"""What planning comes to: the ways to serve a request, in the order to try them, and why the others are none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from gateway.neutral.config import Model, Provider, Route, UpstreamKey

Reason = Literal[
    "rules",  # the target's condition does not hold
    "paused",  # the target or its provider is paused
    "inactive",  # the model or the provider is switched off, or gone
    "not_allowed",  # the virtual key may not use the provider
    "excluded",  # the client excluded the provider
    "capability",  # the client requires what the model is not known to do
    "breaker_open",  # too many faults just now
    "cooling",  # all keys of the provider wait for the end of a cooldown
    "quota",  # all keys of the provider used up their daily quota
    "dead",  # the provider refuses all its keys
    "no_key",  # the provider needs a key and has none that is active
]


@dataclass(frozen=True, slots=True)
class Candidate:
    """One way to serve the request. `model` holds price and limits; None when the release does not list the upstream's model.

    `keys`: the usable keys of the provider in the order to try them; empty where a provider needs none. `half_open`: a call must first win
    the probe of the target's breaker. `role` is `canary` for the target of a canary whose share this request belongs to.
    """

    provider: Provider
    upstream_model: str
    model: Model | None
    keys: tuple[UpstreamKey, ...] = ()
    half_open: bool = False
    role: Literal["target", "canary", "mirror"] = "target"

    @property
    def name(self) -> str:
        """`provider/model`, as log rows and messages call it."""
        return f"{self.provider.id}/{self.upstream_model}"


@dataclass(frozen=True, slots=True)
class Skipped:
    """A target that is no candidate now. `until_ms`: when the reason ends by itself, as far as that is known (Unix milliseconds, 0 = not)."""

    provider: str
    model: str
    reason: Reason
    until_ms: int = 0


@dataclass(frozen=True, slots=True)
class Plan:
    """Candidates in the order to try them, never empty. `route` is None where the client named a model. `mirror`: who gets a copy."""

    candidates: tuple[Candidate, ...]
    route: Route | None = None
    skipped: tuple[Skipped, ...] = ()
    mirror: Candidate | None = None
