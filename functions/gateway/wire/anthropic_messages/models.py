"""The model list in Anthropic's shape: https://platform.claude.com/docs/en/api/models-list"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from gateway.neutral.listing import Listed


def one(model: Listed) -> dict[str, Any]:
    """A model object; `created_at` is RFC 3339."""
    moment = datetime.fromtimestamp(model.created, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return {
        "type": "model",
        "id": model.id,
        "display_name": model.display_name,
        "created_at": moment,
        "lifecycle": "active",
        "max_input_tokens": model.input_limit,
        "max_tokens": model.output_limit,
    }


def many(models: Sequence[Listed], *, limit: int, after: str | None, before: str | None) -> dict[str, Any]:
    """One page of the list: `limit` models after (or before) the named one."""
    names = [model.id for model in models]
    start = names.index(after) + 1 if after in names else 0
    end = names.index(before) if before in names else len(models)
    window = models[start:end]
    page = window[-limit:] if before in names else window[:limit]
    return {
        "data": [one(model) for model in page],
        "has_more": len(window) > len(page),
        "first_id": page[0].id if page else None,
        "last_id": page[-1].id if page else None,
    }
