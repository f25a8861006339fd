"""`GET /v1/models`: what a key may use, in the shape its SDK expects."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final
from urllib.parse import parse_qs

import orjson

from gateway.errors import InvalidRequest
from gateway.neutral.config import VirtualKey
from gateway.neutral.index import Index
from gateway.neutral.listing import Listed
from gateway.routing.plan import visible
from gateway.wire.anthropic_messages import models as anthropic_models
from gateway.wire.gemini import models as gemini_models
from gateway.wire.openai_chat import models as openai_models

_ONE: Final[Mapping[str, Callable[[Listed], dict[str, Any]]]] = {
    "openai": openai_models.one,
    "anthropic": anthropic_models.one,
    "gemini": gemini_models.one,
}


def render_list(index: Index, key: VirtualKey, query: str, shape: str) -> bytes:
    """The list in the shape of a dialect's family (`ErrorForm.name`).

    Anthropic's is paged by `limit` (1 to 1,000, default 1,000 here), `after_id` and `before_id`; Gemini's by `pageSize` and `pageToken`.
    """
    models = [_listed(index, name) for name in visible(index, key)]
    wanted = {name: values[0] for name, values in parse_qs(query).items()}
    if shape == "gemini":
        page = gemini_models.many(models, page_size=wanted.get("pageSize"), page_token=wanted.get("pageToken"))
        return orjson.dumps(page)
    if shape == "openai":
        return orjson.dumps(openai_models.many(models))
    text = wanted.get("limit", "1000")
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:6]) <= 1000):
        raise InvalidRequest("limit must be a whole number from 1 to 1000.", param="limit")
    return orjson.dumps(
        anthropic_models.many(models, limit=int(text), after=wanted.get("after_id"), before=wanted.get("before_id"))
    )


def render_one(index: Index, key: VirtualKey, name: str, shape: str) -> bytes | None:
    """One model, None when the key may not know it."""
    if name not in visible(index, key):
        return None
    return orjson.dumps(_ONE[shape](_listed(index, name)))


def _listed(index: Index, name: str) -> Listed:
    model = index.models.get(name)
    if model is None or name in index.routes:
        return Listed(name, "gateway", name, index.published)
    shown, embeds = model.display_name or name, model.kind == "embedding"
    limits = model.context_window, model.max_output_tokens
    return Listed(name, model.provider, shown, index.published, *limits, embeds)
