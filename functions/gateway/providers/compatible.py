"""Vendors without behaviour of their own: one row each. A new one needs nothing but a row here.

Base URLs are the vendors' documented ones (July 2026). `traits` say how a vendor's Chat Completions differ, by the page named above them;
the words are explained in `gateway.wire.openai_chat.traits`. A dialect stands here only where the vendor documents its endpoint below the
same base URL, with the same credential.
"""

from __future__ import annotations

from typing import Final

from gateway.providers.azure_openai import AZURE_OPENAI
from gateway.providers.bedrock import BEDROCK
from gateway.providers.cohere import COHERE
from gateway.providers.vendor import Vendor
from gateway.wire.openai_chat.traits import COMPATIBLE, OPENAI, efforts

_CHAT: Final = ("openai_chat", "openai_embeddings")
_TEXT: Final = (*_CHAT, "openai_completions")
_MEDIA: Final = ("openai_images", "openai_speech", "openai_transcriptions")
_OPENAI: Final = (*_TEXT, *_MEDIA, "openai_responses", "openai_moderations")
# Servers of one's own, and what calls itself compatible: which of these a server has is its administrator's knowledge.
_ALL: Final = (*_TEXT, *_MEDIA, "openai_moderations", "rerank")
# https://api-docs.deepseek.com/api/create-chat-completion, …/guides/thinking_mode: JSON mode only; every effort is understood; thoughts of a
# turn with tool calls must come back. Its Anthropic endpoint has a base of its own (…/anthropic).
_DEEPSEEK: Final = frozenset(
    [
        *("stream_usage", "logprobs", "json_word", "thinking_toggle", "reasoning_content", "no_images", "no_seed"),
    ]
) | efforts("minimal", "low", "medium", "high", "xhigh", "max")
# https://console.groq.com/docs/openai: 400 for logprobs, logit_bias, names and n > 1.
_GROQ: Final = frozenset(
    [
        *("max_completion_tokens", "stream_usage", "parallel_tools", "service_tier", "user", "json_schema"),
        *("json_word", "no_names", "strict_tools"),
    ]
) | efforts("none", "low", "medium", "high")
# https://docs.mistral.ai/api/endpoint/chat: unknown members are refused; usage comes unasked.
_MISTRAL: Final = frozenset(
    [
        *("choices", "parallel_tools", "metadata", "cache_key", "json_schema", "random_seed", "no_names"),
        *("document_url", "strict_tools", "ids_of_9", "json_word"),
    ]
) | efforts("none", "high")
# https://docs.x.ai/developers/rest-api-reference/inference/chat
_XAI: Final = frozenset(
    [
        *("max_completion_tokens", "stream_usage", "logprobs", "choices", "parallel_tools", "user", "json_schema"),
        *("text_parts", "strict_tools"),
    ]
) | efforts("none", "low", "medium", "high")
# https://openrouter.ai/docs/api-reference/parameters, …/use-cases/reasoning-tokens, …/features/prompt-caching, …/features/multimodal
_OPENROUTER: Final = frozenset(
    [
        *("developer_role", "stream_usage", "top_k", "logit_bias", "logprobs", "parallel_tools", "verbosity"),
        *("metadata", "service_tier", "cache_key", "user", "json_schema", "reasoning_object", "reasoning_details"),
        *("text_parts", "cache_control", "refusal", "audio", "video_url", "files", "file_urls", "strict_tools"),
    ]
)
# https://docs.together.ai/reference/chat-completions. Its Responses endpoint serves some models only, so that it is not offered.
_TOGETHER: Final = frozenset(
    [
        *("stream_usage", "top_k", "logit_bias", "logprobs", "choices", "json_schema", "audio", "video_url"),
        *("reasoning_content",),
    ]
) | efforts("low", "medium", "high")
# https://docs.ollama.com/api/openai-compatibility
_OLLAMA: Final = frozenset(["stream_usage", "json_schema", "logprobs"]) | efforts(
    "none", "low", "medium", "high", "max"
)
# https://docs.vllm.ai/en/stable/serving/online_serving/openai_compatible_server
_VLLM: Final = frozenset(
    [
        *("stream_usage", "max_completion_tokens", "developer_role", "top_k", "logit_bias", "logprobs", "choices"),
        *("parallel_tools", "user", "json_schema", "reasoning_content", "text_parts", "audio", "video_url"),
        *("strict_tools",),
    ]
) | efforts("none", "low", "medium", "high")

_ROWS: Final = (
    Vendor("openai", "OpenAI", _OPENAI, "https://api.openai.com/v1", traits=OPENAI),
    AZURE_OPENAI,
    BEDROCK,
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
    Vendor("deepseek", "DeepSeek", ("openai_chat",), "https://api.deepseek.com/v1", traits=_DEEPSEEK),
    Vendor(
        "groq",
        "Groq",
        ("openai_chat", "openai_responses", "openai_speech", "openai_transcriptions"),
        "https://api.groq.com/openai/v1",
        traits=_GROQ,
    ),
    Vendor(
        "mistral",
        "Mistral",
        (*_CHAT, "openai_moderations", "openai_transcriptions"),
        "https://api.mistral.ai/v1",
        traits=_MISTRAL,
    ),
    Vendor("xai", "xAI", ("openai_chat", "openai_responses", "openai_images"), "https://api.x.ai/v1", traits=_XAI),
    Vendor(
        "openrouter",
        "OpenRouter",
        ("openai_chat", "openai_completions", "openai_responses", "anthropic_messages"),
        "https://openrouter.ai/api/v1",
        traits=_OPENROUTER,
    ),
    Vendor("together", "Together AI", (*_TEXT, *_MEDIA, "rerank"), "https://api.together.xyz/v1", traits=_TOGETHER),
    COHERE,
    # https://docs.voyageai.com/reference/embeddings-api, …/reranker-api
    Vendor("voyage", "Voyage AI", ("openai_embeddings", "rerank"), "https://api.voyageai.com/v1"),
    # https://api.jina.ai/redoc: embeddings and reranking
    Vendor("jina", "Jina AI", ("openai_embeddings", "rerank"), "https://api.jina.ai/v1"),
    # Newer ones answer Responses and Messages as well; which version somebody runs is not known, and translation serves them all.
    Vendor("ollama", "Ollama", _TEXT, "http://127.0.0.1:11434/v1", needs_key=False, traits=_OLLAMA),
    Vendor("vllm", "vLLM", (*_TEXT, "rerank"), None, needs_key=False, traits=_VLLM),
    Vendor("openai_compatible", "OpenAI-compatible", _ALL, None, needs_key=False, traits=COMPATIBLE),
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
