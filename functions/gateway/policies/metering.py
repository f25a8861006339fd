"""What a request consumed and what it costs, settled after the answer.

The upstream's own figures count whenever it gave them. Where it gave none, or the stream was cut before it did, tokens are estimated and
marked so: a delivered byte is never recorded as nothing. A model without a price is recorded as `unpriced`, never as free.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Protocol

from gateway.catalog.pricing import cost_nano
from gateway.neutral.config import Model
from gateway.neutral.logrow import Cost
from gateway.neutral.usage import Usage


class Estimator(Protocol):
    """Token counts for want of the upstream's (`gateway.catalog.tokens`)."""

    def request_tokens(self, dialect: str, body: Mapping[str, Any], model: str) -> int:
        """Input tokens of a request body."""

    def text_tokens(self, dialect: str, text: str, model: str) -> int:
        """Tokens of generated text."""


class Metering:
    """The policy that settles consumption."""

    def __init__(self, estimator: Estimator) -> None:
        self._estimator = estimator

    def usage(self, dialect: str, body: Mapping[str, Any], told: Usage | None, text: str, model: str) -> Usage:
        """The upstream's figures; else what is known of them (`told`, not final), completed by an estimate over the request and the text."""
        if told is not None and told.source != "estimated":
            return told
        known = told or Usage()
        fresh = known.fresh if known.input_total else self._estimator.request_tokens(dialect, body, model)
        output = max(known.output, self._estimator.text_tokens(dialect, text, model) if text else 0)
        return replace(known, fresh=fresh, output=output, source="estimated")

    def cost(self, usage: Usage, model: Model | None) -> Cost:
        """Integer nano-dollars; `unpriced` when something was consumed and nobody knows its price."""
        if usage.source == "none":
            return Cost()
        if model is None or model.price is None:
            return Cost(None, "unpriced")
        return Cost(cost_nano(usage, model.price), "priced")
