"""Vendors without behaviour of their own: one row each. A new one needs nothing but a row here.

Base URLs are the vendors' documented ones (July 2026). `stream_usage=False` marks vendors that send usage in the last chunk on their own
and do not document `stream_options`.
"""

from __future__ import annotations

from typing import Final

from gateway.providers.vendor import Vendor

_CHAT: Final = ("openai_chat", "openai_embeddings")

_ROWS: Final = (
    Vendor("openai", "OpenAI", _CHAT, "https://api.openai.com/v1"),
    Vendor(
        "anthropic",
        "Anthropic",
        ("anthropic_messages",),
        "https://api.anthropic.com",
        auth="x-api-key",
        headers={"anthropic-version": "2023-06-01"},
    ),
    Vendor(
        "gemini",
        "Google Gemini",
        ("gemini",),
        "https://generativelanguage.googleapis.com",
        auth="x-goog-api-key",
        version_path="/v1beta",
    ),
    Vendor("deepseek", "DeepSeek", ("openai_chat",), "https://api.deepseek.com/v1"),
    Vendor("groq", "Groq", ("openai_chat",), "https://api.groq.com/openai/v1"),
    Vendor("mistral", "Mistral", _CHAT, "https://api.mistral.ai/v1", stream_usage=False),
    Vendor("xai", "xAI", ("openai_chat",), "https://api.x.ai/v1"),
    Vendor("openrouter", "OpenRouter", ("openai_chat",), "https://openrouter.ai/api/v1"),
    Vendor("together", "Together AI", _CHAT, "https://api.together.xyz/v1"),
    Vendor("ollama", "Ollama", _CHAT, "http://127.0.0.1:11434/v1", needs_key=False),
    Vendor("vllm", "vLLM", _CHAT, None, needs_key=False),
    Vendor("openai_compatible", "OpenAI-compatible", _CHAT, None, needs_key=False),
    Vendor(
        "anthropic_compatible",
        "Anthropic-compatible",
        ("anthropic_messages",),
        None,
        auth="x-api-key",
        needs_key=False,
        headers={"anthropic-version": "2023-06-01"},
    ),
    Vendor(
        "gemini_compatible",
        "Gemini-compatible",
        ("gemini",),
        None,
        auth="x-goog-api-key",
        version_path="/v1beta",
        needs_key=False,
    ),
)

VENDORS: Final = {row.kind: row for row in _ROWS}
