"""What a request consumed and what it costs, settled after the answer.

The upstream's own figures count whenever it gave them. Where it gave none, or the stream was cut before it did, tokens are estimated and
marked so: a delivered byte is never recorded as nothing. A model without a price is recorded as `unpriced`, never as free.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from gateway.catalog.pricing import cost_nano
from gateway.catalog.tokens import estimate_request, estimate_text, tokenizer_of
from gateway.neutral.config import Model
from gateway.neutral.logrow import Cost
from gateway.neutral.usage import Usage


@dataclass(frozen=True, slots=True)
class Consumed:
    """What is known when an answer ends. `told` is the upstream's usage, `text` what it generated when that is missing or not final."""

    dialect: str
    body: Mapping[str, Any]
    provider_kind: str
    upstream_model: str
    told: Usage | None
    text: str


def usage(consumed: Consumed) -> Usage:
    """The upstream's figures; else what is known of them, completed by an estimate over the request and the text."""
    told = consumed.told
    if told is not None and told.source != "estimated":
        return told
    known = told or Usage()
    tokenizer = tokenizer_of(consumed.provider_kind, consumed.upstream_model)
    fresh = known.fresh if known.input_total else estimate_request(consumed.dialect, consumed.body, tokenizer).tokens
    written = estimate_text(consumed.text, tokenizer).tokens if consumed.text else 0
    return replace(known, fresh=fresh, output=max(known.output, written), source="estimated")


def cost(used: Usage, model: Model | None) -> Cost:
    """Integer nano-dollars; `unpriced` when something was consumed and nobody knows its price."""
    if used.source == "none":
        return Cost()
    if model is None or model.price is None:
        return Cost(None, "unpriced")
    return Cost(cost_nano(used, model.price), "priced")
