"""What a request consumed and what it costs, settled after the answer.

The upstream's own figures count whenever it gave them. Where it gave none, or the stream was cut before it did, tokens are estimated and
marked so: a delivered byte is never recorded as nothing. A model without a price is recorded as `unpriced`, never as free.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, Protocol

from gateway.catalog import lookup
from gateway.catalog.pricing import cost_nano, says_nothing
from gateway.catalog.tokens import estimate_request, estimate_text, tokenizer_of
from gateway.neutral.config import Model, Price, Provider
from gateway.neutral.logrow import Cost
from gateway.neutral.prices import released, scaled
from gateway.neutral.usage import Usage

_MOST_NANO: Final = 10**18  # a billion dollars: what the store and the rollups take in one row


class Priced(Protocol):
    """Who served a request."""

    @property
    def provider(self) -> Provider:
        """The provider."""

    @property
    def upstream_model(self) -> str:
        """Its name of the model."""

    @property
    def model(self) -> Model | None:
        """The model as the release lists it."""


@dataclass(frozen=True, slots=True)
class Consumed:
    """What is known when an answer ends. `told` is the upstream's usage, `text` what it generated when that is missing or not final,
    `beside` a guess at what of it is no text."""

    dialect: str
    body: Mapping[str, Any]
    provider_kind: str
    upstream_model: str
    told: Usage | None
    text: str
    beside: Usage = Usage()


def usage(consumed: Consumed) -> Usage:
    """The upstream's figures; else what is known of them, completed by an estimate over the request and the text."""
    told = consumed.told
    if told is not None and (told.told or told.source == "none"):
        return told if told.picture or not told.images_out else replace(told, picture=consumed.beside.picture)
    known = told or Usage()
    tokenizer = tokenizer_of(consumed.provider_kind, consumed.upstream_model)
    guess, fresh = consumed.beside, known.fresh
    if not known.input_total:
        fresh = estimate_request(consumed.dialect, consumed.body, tokenizer).tokens + guess.fresh
    written = estimate_text(consumed.text, tokenizer).tokens if consumed.text else 0
    return replace(
        known,
        fresh=fresh,
        output=max(known.output, written, guess.output),
        audio_input=max(known.audio_input, guess.audio_input),
        audio_output=max(known.audio_output, guess.audio_output),
        images_out=max(known.images_out, guess.images_out),
        audio_ms_in=known.audio_ms_in or guess.audio_ms_in,
        audio_ms_out=max(known.audio_ms_out, guess.audio_ms_out),
        characters=max(known.characters, guess.characters),
        searches=max(known.searches, guess.searches),
        picture=known.picture or guess.picture,
        source="estimated",
    )


def cost(used: Usage, candidate: Priced) -> Cost:
    """Integer nano-dollars; `unpriced` when something was consumed and nobody knows its price."""
    if used.source == "none":
        return Cost()
    price, source = quote(candidate)
    if price is None or says_nothing(used, price):
        return Cost(None, "unpriced")
    return Cost(min(cost_nano(used, price), _MOST_NANO), "priced", source)


def price_of(candidate: Priced) -> Price | None:
    """The price that holds for a candidate; None when nobody knows it."""
    return quote(candidate)[0]


def quote(candidate: Priced) -> tuple[Price | None, str | None]:
    """The price, and where it is from (`Cost.source`).

    First what the release says (`gateway.neutral.prices`), then the catalog's price times the provider's factor. The catalog is not asked
    about a model that the release lists: that one has the catalog's price in the release, or was said to have none. For one that it does not
    list (`provider/model`, a logical model) it is.
    """
    provider, model = candidate.provider, candidate.model
    said = released(provider, candidate.upstream_model, model)
    if said is not None:
        return said
    facts = lookup(provider.kind, candidate.upstream_model) if model is None else None
    if facts is None or facts.price is None:
        return None, None
    return scaled(facts.price, provider.price_factor_ppm), "catalog"
