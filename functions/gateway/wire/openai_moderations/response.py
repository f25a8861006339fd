"""Answers of Moderations, as a relay reads them: https://platform.openai.com/docs/api-reference/moderations/object"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gateway.neutral.usage import Usage
from gateway.wire.openai_embeddings.response import text
from gateway.wire.openai_embeddings.response import usage as told

__all__ = ["text", "usage"]


def usage(body: Mapping[str, Any]) -> Usage | None:
    """OpenAI tells none; compatible servers that do say it as Embeddings do."""
    return told(body)
