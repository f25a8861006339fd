"""The model list in Google's shape: https://ai.google.dev/api/models#method:-models.list"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from typing import Any, Final

from gateway.errors import InvalidRequest
from gateway.neutral.listing import Listed

DEFAULT_PAGE: Final = 50
MAX_PAGE: Final = 1_000
_GENERATES: Final = ("generateContent", "countTokens")
_EMBEDS: Final = ("embedContent", "batchEmbedContents", "countTokens")


def one(model: Listed) -> dict[str, Any]:
    """A model resource."""
    limits = {"inputTokenLimit": model.input_limit, "outputTokenLimit": model.output_limit}
    return {
        "name": f"models/{model.id}",
        "displayName": model.display_name,
        "description": f"{model.display_name} ({model.owner})",
        **{name: limit for name, limit in limits.items() if limit is not None},
        "supportedGenerationMethods": list(_EMBEDS if model.embeds else _GENERATES),
    }


def many(models: Sequence[Listed], *, page_size: str | None = None, page_token: str | None = None) -> dict[str, Any]:
    """One page of the list; `nextPageToken` is there when another one follows. Both parameters are the query's, as text."""
    size = _size(page_size)
    start = _start(models, page_token)
    page = models[start : start + size]
    body: dict[str, Any] = {"models": [one(model) for model in page]}
    if start + size < len(models):
        body["nextPageToken"] = base64.urlsafe_b64encode(page[-1].id.encode()).decode()
    return body


def _size(text: str | None) -> int:
    if not text:
        return DEFAULT_PAGE
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise InvalidRequest("The parameter 'pageSize' must be a whole number.", param="pageSize")
    return min(int(text), MAX_PAGE) or DEFAULT_PAGE


def _start(models: Sequence[Listed], token: str | None) -> int:
    """A page begins behind the model that the token names: a token stays right while the list grows."""
    if not token:
        return 0
    try:
        last = base64.urlsafe_b64decode(token.encode()).decode()
    except (binascii.Error, UnicodeError, ValueError):
        last = ""
    for index, model in enumerate(models):
        if model.id == last:
            return index + 1
    raise InvalidRequest("The parameter 'pageToken' is no token of this list.", param="pageToken")
