"""What of a request is read, in every dialect, and that no body breaks it."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.catalog import DATA
from gateway.catalog.contents import contents
from gateway.catalog.tokens import estimate_request, quick_estimate

TABLE = json.loads((DATA / "tokenizers.json").read_text("utf-8"))
needs_ranks = pytest.mark.skipif(
    not (DATA / "ranks").is_dir(), reason="NOT RUN: the token ranks are not built (make setup)"
)

PICTURE = "iVBORw0KGgo" * 10_000


@needs_ranks
def test_pictures_are_not_text() -> None:
    def ask(part: dict) -> int:
        content = [{"type": "text", "text": "What is this?"}, part]
        return estimate_request("openai_chat", {"messages": [{"role": "user", "content": content}]}).tokens

    url = f"data:image/png;base64,{PICTURE}"
    plain = estimate_request("openai_chat", {"messages": [{"role": "user", "content": "What is this?"}]}).tokens
    assert ask({"type": "image_url", "image_url": {"url": url}}) - plain == 765
    assert ask({"type": "image_url", "image_url": {"url": url, "detail": "low"}}) - plain == 85
    assert ask({"type": "image_url", "image_url": url}) - plain == 765
    assert ask({"type": "input_audio", "input_audio": {"data": PICTURE, "format": "wav"}}) == plain


def test_anthropic() -> None:
    body = {
        "system": [{"type": "text", "text": "s" * 35, "cache_control": {"type": "ephemeral"}}],
        "messages": [
            {
                "role": "user",
                "content": [
                    {"type": "text", "text": "u" * 35},
                    {"type": "image", "source": {"type": "base64", "data": PICTURE}},
                    {"type": "document", "source": {"type": "base64", "data": PICTURE}},
                    {"type": "document", "source": {"type": "text", "data": "d" * 35}},
                ],
            },
            {
                "role": "assistant",
                "content": [{"type": "tool_use", "id": "toolu_1", "name": "n" * 7, "input": {"a": 1}}],
            },
            {
                "role": "user",
                "content": [
                    {"type": "tool_result", "tool_use_id": "toolu_1", "content": [{"type": "text", "text": "r" * 35}]}
                ],
            },
        ],
    }
    found = contents("anthropic_messages", body)
    assert found.texts[:3] == ("s" * 35, "user", "u" * 35)
    assert {"d" * 35, "n" * 7, '{"a":1}', "r" * 35} <= set(found.texts)
    assert not any("toolu_1" in text or PICTURE[:20] in text for text in found.texts)
    assert (found.messages, found.images, found.files) == (3, 1, 1)
    estimate = estimate_request("anthropic_messages", body)
    assert estimate.method == "ratio"
    assert 1600 + 2000 + 40 < estimate.tokens < 1600 + 2000 + 100
    tools = [
        {"name": "f", "description": "d", "input_schema": {"type": "object", "properties": {"a": {"type": "string"}}}}
    ]
    assert estimate_request("anthropic_messages", {**body, "tools": tools}).tokens > estimate.tokens + 313


@needs_ranks
def test_embeddings_in_every_form() -> None:
    def tokens(given: object) -> int:
        return estimate_request("openai_embeddings", {"input": given}).tokens

    assert tokens("hello world") == 2
    assert tokens(["hello world", "hello world"]) == 4
    assert tokens([15339, 1917, 0]) == 3
    assert tokens([[15339, 1917], [0]]) == 3


def test_gemini() -> None:
    body = {
        "systemInstruction": {"parts": [{"text": "s" * 8}]},
        "contents": [
            {"role": "user", "parts": [{"text": "u" * 8}, {"inlineData": {"mimeType": "image/png", "data": PICTURE}}]},
            {
                "role": "model",
                "parts": [{"functionCall": {"name": "f", "args": {"x": 1}}, "thoughtSignature": PICTURE}],
            },
        ],
        "tools": [{"functionDeclarations": [{"name": "f", "parameters": {"properties": {"x": {"type": "integer"}}}}]}],
    }
    found = contents("gemini", body)
    assert (found.messages, found.images, len(found.tools)) == (2, 1, 1)
    assert {"s" * 8, "u" * 8, '{"x":1}'} <= set(found.texts)
    assert 258 < estimate_request("gemini", body).tokens < 320


@needs_ranks
def test_responses() -> None:
    short = estimate_request("openai_responses", {"input": "hello world"}).tokens
    body = {
        "instructions": "Be brief.",
        "input": [{"role": "user", "content": [{"type": "input_text", "text": "hello world"}]}],
    }
    assert short == 2 + 3 + 3
    assert estimate_request("openai_responses", body).tokens == short + 1 + 3  # the role's token; "Be brief."


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "role",
                    "content",
                    "type",
                    "text",
                    "parts",
                    "source",
                    "function",
                    "name",
                    "tools",
                    "format",
                    "generationConfig",
                    "functionDeclarations",
                    "parameters",
                    "properties",
                    "enum",
                    "input",
                ]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@settings(max_examples=300, deadline=None)
@given(
    dialect=st.sampled_from(sorted(TABLE["dialects"])),
    members=st.dictionaries(
        st.sampled_from(
            [
                "messages",
                "input",
                "system",
                "tools",
                "contents",
                "response_format",
                "instructions",
                "requests",
                "content",
            ]
        ),
        _json,
    ),
    whole=st.booleans(),
)
def test_no_body_breaks_it(dialect: str, members: dict, whole: bool) -> None:
    estimate = estimate_request(dialect, members if whole else list(members.values()), "general")
    assert estimate.tokens >= 0
    assert quick_estimate(dialect, members if whole else list(members.values())) >= 0


def test_a_deep_body_does_not_break_it() -> None:
    deep: object = "x"
    for _ in range(5000):
        deep = [deep]
    assert estimate_request("openai_chat", {"messages": [{"content": deep}]}, "general").tokens >= 0
    nested = {"function": {"name": "f", "parameters": {"properties": {"a": {"items": deep}}}}}
    assert estimate_request("openai_chat", {"messages": [], "tools": [nested]}, "general").tokens >= 0


def test_an_unknown_dialect() -> None:
    with pytest.raises(KeyError):
        estimate_request("no-such-dialect", {})
