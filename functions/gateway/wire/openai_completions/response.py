"""Answers of text completions, as a relay reads them: https://platform.openai.com/docs/api-reference/completions/object. Usage is worded as in
Chat Completions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gateway.wire.openai_chat.response import error, usage

__all__ = ["error", "shows", "text", "usage"]


def shows(choice: Mapping[str, Any]) -> bool:
    """Whether a choice of a chunk holds something of the answer."""
    return any(value for name, value in choice.items() if name not in {"index", "finish_reason"})


def text(body: Mapping[str, Any]) -> str:
    """All generated text of an answer or a chunk, for an estimate."""
    choices = body.get("choices")
    found = [one.get("text") for one in choices if isinstance(one, Mapping)] if isinstance(choices, list) else []
    return "".join(piece for piece in found if isinstance(piece, str))
