"""The model list in OpenAI's shape: https://platform.openai.com/docs/api-reference/models/list"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from gateway.neutral.listing import Listed


def one(model: Listed) -> dict[str, Any]:
    """A model object."""
    return {"id": model.id, "object": "model", "created": model.created, "owned_by": model.owner}


def many(models: Iterable[Listed]) -> dict[str, Any]:
    """A list object."""
    return {"object": "list", "data": [one(model) for model in models]}
