"""Vendors as rows, and the URL of an operation however its base was pasted."""

from __future__ import annotations

import pytest

from gateway.providers import join_url, kinds, vendor


@pytest.mark.parametrize(("kind", "base", "path", "url"), [
    ("openai", None, "/v1/chat/completions", "https://api.openai.com/v1/chat/completions"), ("openai", "https://x.example", "/v1/embeddings", "https://x.example/v1/embeddings"),
    ("openai", "https://x.example/", "/v1/embeddings", "https://x.example/v1/embeddings"), ("openai", "https://x.example/v1/", "/v1/embeddings", "https://x.example/v1/embeddings"),
    ("openai", "https://x.example/api/paas/v4", "/v1/chat/completions", "https://x.example/api/paas/v4/chat/completions"),
    ("openai", "https://x.example/proxy", "/v1/chat/completions", "https://x.example/proxy/v1/chat/completions"), ("openai", "https://v1", "/v1/x", "https://v1/v1/x"),
    ("groq", None, "/v1/chat/completions", "https://api.groq.com/openai/v1/chat/completions"), ("anthropic", None, "/v1/messages", "https://api.anthropic.com/v1/messages"),
    ("anthropic", "https://api.anthropic.com/v1", "/v1/messages/count_tokens", "https://api.anthropic.com/v1/messages/count_tokens"),
    ("gemini", None, "/v1beta/models/x:generateContent", "https://generativelanguage.googleapis.com/v1beta/models/x:generateContent"),
    ("cohere", None, "/v1/embeddings", "https://api.cohere.com/compatibility/v1/embeddings"),
    ("cohere", None, "/v1/rerank", "https://api.cohere.com/v2/rerank"),
    ("cohere", "https://api.cohere.com/compatibility/v1", "/v1/rerank", "https://api.cohere.com/v2/rerank"),
    ("cohere", "https://x.example/v2/", "/v1/embeddings", "https://x.example/compatibility/v1/embeddings"),
    ("voyage", None, "/v1/rerank", "https://api.voyageai.com/v1/rerank"), ("jina", None, "/v1/embeddings", "https://api.jina.ai/v1/embeddings"),
    ("gemini", "https://g.example/v1beta", "/v1beta/models", "https://g.example/v1beta/models"), ("vllm", "http://127.0.0.1:8000/apiv1", "/v1/x", "http://127.0.0.1:8000/apiv1/v1/x"),
])  # fmt: skip
def test_urls(kind: str, base: str | None, path: str, url: str) -> None:
    assert join_url(vendor(kind), base, path) == url


def test_no_base_is_an_error() -> None:
    for base in (None, "", "/"):
        with pytest.raises(ValueError, match="no base URL"):
            join_url(vendor("vllm"), base, "/v1/x")


def test_rows_are_whole() -> None:
    assert len({row.kind for row in kinds()}) == len(kinds())
    for row in kinds():
        assert row.base_url is None or row.base_url.startswith(("https://", "http://127.0.0.1"))
        name, value = row.credential_header("s3cret")
        assert name == name.lower()
        assert "s3cret" in value
    assert vendor("openai").credential_header("s") == ("authorization", "Bearer s")
    assert vendor("anthropic").credential_header("s") == ("x-api-key", "s")
    with pytest.raises(KeyError):
        vendor("nobody")
