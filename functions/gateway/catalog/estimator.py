"""`Estimator` of `gateway.policies.metering`, for want of the upstream's own figures."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class CatalogEstimator:
    """Four characters a token."""

    def request_tokens(self, dialect: str, body: Mapping[str, Any], model: str) -> int:
        """Input tokens of a request body."""
        del dialect, model
        return len(str(body.get("messages") or body.get("input") or "")) // 4

    def text_tokens(self, dialect: str, text: str, model: str) -> int:
        """Tokens of generated text."""
        del dialect, model
        return -(-len(text) // 4)
