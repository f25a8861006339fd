"""The names of the wire formats."""

from __future__ import annotations

from typing import Literal

Dialect = Literal[
    "openai_chat",
    "openai_responses",
    "openai_completions",
    "openai_embeddings",
    "openai_images",
    "openai_moderations",
    "openai_speech",
    "openai_transcriptions",
    "rerank",
    "anthropic_messages",
    "gemini",
    "gemini_embeddings",
    "bedrock_converse",
]
"""A wire format: what a client writes, or what an upstream answers."""
