"""Where a call goes: the path of every dialect's operation, and Azure's addresses of its own."""

from __future__ import annotations

from typing import get_args

import pytest

from gateway.neutral.dialects import Dialect
from gateway.providers import join_url, kinds, operation, vendor
from gateway.wire.openai_chat.traits import WORDS

AZURE = "https://res.openai.azure.com"


@pytest.mark.parametrize(
    ("dialect", "model", "stream", "path"),
    [
        ("openai_chat", "gpt-5", True, "/v1/chat/completions"),
        ("openai_responses", "gpt-5", False, "/v1/responses"),
        ("anthropic_messages", "c", True, "/v1/messages"),
        ("gemini", "gemini-2.5-pro", False, "/v1beta/models/gemini-2.5-pro:generateContent"),
        ("gemini", "models/gemini-2.5-pro", True, "/v1beta/models/gemini-2.5-pro:streamGenerateContent?alt=sse"),
        ("gemini", "a/b?c d", False, "/v1beta/models/a%2Fb%3Fc%20d:generateContent"),
        ("gemini_embeddings", "models/e", False, "/v1beta/models/e:embedContent"),
        ("bedrock_converse", "anthropic.claude-v2:1", False, "/model/anthropic.claude-v2%3A1/converse"),
        (
            "bedrock_converse",
            "arn:aws:bedrock:eu-west-1:1:inference-profile/x",
            True,
            "/model/arn%3Aaws%3Abedrock%3Aeu-west-1%3A1%3Ainference-profile%2Fx/converse-stream",
        ),
        ("openai_embeddings", "e", False, "/v1/embeddings"),
    ],
)
def test_paths(dialect: Dialect, model: str, stream: bool, path: str) -> None:
    assert operation(dialect, model, stream=stream) == path


def test_every_dialect_has_an_operation() -> None:
    assert all(operation(dialect, "m", stream=True).startswith("/") for dialect in get_args(Dialect))


@pytest.mark.parametrize(
    ("base", "path", "url"),
    [
        (AZURE, "/v1/chat/completions", f"{AZURE}/openai/v1/chat/completions"),
        (f"{AZURE}/", "/v1/responses", f"{AZURE}/openai/v1/responses"),
        (f"{AZURE}/openai", "/v1/embeddings", f"{AZURE}/openai/v1/embeddings"),
        (f"{AZURE}/openai/v1/", "/v1/chat/completions", f"{AZURE}/openai/v1/chat/completions"),
        (f"{AZURE}/openai/v1?api-version=preview", "/v1/responses", f"{AZURE}/openai/v1/responses?api-version=preview"),
        (f"{AZURE}?api-version=preview", "/v1/responses", f"{AZURE}/openai/v1/responses?api-version=preview"),
        (
            f"{AZURE}?api-version=2024-10-21",
            "/v1/chat/completions",
            f"{AZURE}/openai/deployments/my%20gpt/chat/completions?api-version=2024-10-21",
        ),
        (
            f"{AZURE}/openai/?api-version=2024-10-21",
            "/v1/embeddings",
            f"{AZURE}/openai/deployments/my%20gpt/embeddings?api-version=2024-10-21",
        ),
        (
            f"{AZURE}/openai/deployments/other/chat/completions?api-version=2024-10-21",
            "/v1/chat/completions",
            f"{AZURE}/openai/deployments/my%20gpt/chat/completions?api-version=2024-10-21",
        ),
        (
            f"{AZURE}?api-version=2025-03-01-preview",
            "/v1/responses",
            f"{AZURE}/openai/responses?api-version=2025-03-01-preview",
        ),
        (
            "https://apim.example/team/openai?api-version=2024-10-21",
            "/v1/chat/completions",
            "https://apim.example/team/openai/deployments/my%20gpt/chat/completions?api-version=2024-10-21",
        ),
        (
            "https://openai.example/openai-proxy",
            "/v1/chat/completions",
            "https://openai.example/openai-proxy/openai/v1/chat/completions",
        ),
    ],
)
def test_azure(base: str, path: str, url: str) -> None:
    assert join_url(vendor("azure_openai"), base, path, model="my gpt") == url
    more = "&" if "?" in url else "?"
    assert join_url(vendor("azure_openai"), base, path, model="my gpt", query="a=1") == f"{url}{more}a=1"


def test_queries_of_path_base_and_client_are_joined() -> None:
    path = operation("gemini", "g", stream=True)
    url = join_url(vendor("gemini"), None, path, query="key2=1")
    assert url.endswith("/v1beta/models/g:streamGenerateContent?alt=sse&key2=1")
    assert join_url(vendor("vllm"), "https://v.example/v1/?tenant=3", "/v1/responses") == "https://v.example/v1/responses?tenant=3"  # fmt: skip


def test_only_azures_base_may_carry_a_query() -> None:
    assert [row.kind for row in kinds() if row.base_query] == ["azure_openai"]


def test_azure_names_its_credential_in_a_header_of_its_own() -> None:
    assert vendor("azure_openai").credential_header("s") == ("api-key", "s")
    with pytest.raises(ValueError, match="no base URL"):
        join_url(vendor("azure_openai"), None, "/v1/responses", model="m")


def test_the_first_dialect_of_a_vendor_that_speaks_chat_is_chat() -> None:
    """Translation goes into the first one; the vendors' other endpoints are younger and serve fewer models."""
    for row in kinds():
        assert ("openai_chat" in row.dialects) == (row.dialects[0] == "openai_chat"), row.kind
        assert len(set(row.dialects)) == len(row.dialects)


def test_chat_vendors_use_words_that_the_room_knows() -> None:
    for row in kinds():
        if "openai_chat" in row.dialects:
            assert row.traits <= WORDS, (row.kind, row.traits - WORDS)
            assert not ({"reasoning_object"} <= row.traits and any(word.startswith("effort:") for word in row.traits))


def test_usage_is_asked_for_where_it_is_known() -> None:
    without = {row.kind for row in kinds() if "openai_chat" in row.dialects and not row.stream_usage}
    assert without == {"mistral"}
