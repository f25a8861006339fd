"""Answers of `/v1/chat`: OpenAI's, with the name that was asked for as `model`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gateway.wire.told import Told


def renamed(chat: Mapping[str, Any], told: Told) -> dict[str, Any] | None:
    """An answer or a chunk under the asked name; None for what is none (an error)."""
    if "choices" not in chat:
        return None
    return {**chat, "model": told.model}
