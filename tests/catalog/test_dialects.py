"""One conversation in four dialects: what is read of it, its exact and its quick estimate."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest

from gateway.catalog import DATA
from gateway.catalog.contents import contents
from gateway.catalog.tokens import estimate_request, quick_estimate

needs_ranks = pytest.mark.skipif(
    not (DATA / "ranks").is_dir(), reason="NOT RUN: the token ranks are not built (make setup)"
)

SYSTEM = "You answer questions about the weather, and you are brief about it. " * 6
ASKED = "What is the weather like in San Francisco, and should I take an umbrella? " * 4
FOUND = "It is 14 degrees, cloudy, with light rain expected in the afternoon. " * 5
SAID = "Take an umbrella: light rain is expected in the afternoon. " * 3
ARGUMENTS = {"location": "San Francisco, CA", "unit": "celsius"}
PICTURE = "iVBORw0KGgo" * 20_000
SCHEMA = {
    "type": "object",
    "properties": {
        "location": {"type": "string", "description": "The city and state, e.g. San Francisco, CA"},
        "unit": {"type": "string", "description": "The unit of temperature", "enum": ["celsius", "fahrenheit"]},
    },
    "required": ["location"],
}
TOOL = {"name": "get_weather", "description": "Get the current weather in a given location"}
WRITTEN = json.dumps(ARGUMENTS, separators=(",", ":"))

CONVERSATION: dict[str, dict[str, Any]] = {
    "openai_chat": {
        "messages": [
            {"role": "system", "content": SYSTEM},
            {"role": "user", "content": ASKED},
            {
                "role": "assistant",
                "content": None,
                "tool_calls": [
                    {"id": "call_1", "type": "function", "function": {"name": "get_weather", "arguments": WRITTEN}}
                ],
            },
            {"role": "tool", "tool_call_id": "call_1", "content": [{"type": "text", "text": FOUND}]},
            {"role": "assistant", "content": [{"type": "text", "text": SAID}]},
        ],
        "tools": [{"type": "function", "function": {**TOOL, "parameters": SCHEMA}}],
    },
    "openai_responses": {
        "instructions": SYSTEM,
        "input": [
            {"role": "user", "content": [{"type": "input_text", "text": ASKED}]},
            {"type": "reasoning", "id": "rs_1", "summary": [], "encrypted_content": PICTURE},
            {
                "type": "function_call",
                "id": "fc_1",
                "call_id": "call_1",
                "name": "get_weather",
                "arguments": WRITTEN,
                "status": "completed",
            },
            {"type": "function_call_output", "call_id": "call_1", "output": [{"type": "input_text", "text": FOUND}]},
            {"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": SAID}]},
        ],
        "tools": [{"type": "function", **TOOL, "parameters": SCHEMA, "strict": True}],
    },
    "anthropic_messages": {
        "system": [{"type": "text", "text": SYSTEM, "cache_control": {"type": "ephemeral"}}],
        "messages": [
            {"role": "user", "content": ASKED},
            {
                "role": "assistant",
                "content": [
                    {"type": "redacted_thinking", "data": PICTURE},
                    {"type": "thinking", "thinking": "", "signature": PICTURE},
                    {"type": "tool_use", "id": "toolu_1", "name": "get_weather", "input": ARGUMENTS},
                ],
            },
            {
                "role": "user",
                "content": [
                    {"type": "tool_result", "tool_use_id": "toolu_1", "content": [{"type": "text", "text": FOUND}]}
                ],
            },
            {"role": "assistant", "content": [{"type": "text", "text": SAID}]},
        ],
        "tools": [{**TOOL, "input_schema": SCHEMA}],
    },
    "gemini": {
        "systemInstruction": {"parts": [{"text": SYSTEM}]},
        "contents": [
            {"role": "user", "parts": [{"text": ASKED}]},
            {
                "role": "model",
                "parts": [
                    {
                        "functionCall": {"id": "c1", "name": "get_weather", "args": ARGUMENTS},
                        "thoughtSignature": PICTURE,
                    }
                ],
            },
            {
                "role": "user",
                "parts": [{"functionResponse": {"id": "c1", "name": "get_weather", "response": {"result": FOUND}}}],
            },
            {"role": "model", "parts": [{"text": SAID}]},
        ],
        "tools": [{"functionDeclarations": [{**TOOL, "parameters": SCHEMA}]}],
    },
    "bedrock_converse": {
        "system": [{"text": SYSTEM}, {"cachePoint": {"type": "default"}}],
        "messages": [
            {"role": "user", "content": [{"text": ASKED}]},
            {
                "role": "assistant",
                "content": [
                    {"reasoningContent": {"redactedContent": PICTURE}},
                    {"toolUse": {"toolUseId": "t1", "name": "get_weather", "input": ARGUMENTS}},
                ],
            },
            {"role": "user", "content": [{"toolResult": {"toolUseId": "t1", "content": [{"text": FOUND}]}}]},
            {"role": "assistant", "content": [{"text": SAID}]},
        ],
        "toolConfig": {"tools": [{"toolSpec": {**TOOL, "inputSchema": {"json": SCHEMA}}}]},
    },
}


def snake(value: Any) -> Any:
    """Google's API takes its field names in snake_case, too."""
    if isinstance(value, list):
        return [snake(item) for item in value]
    if not isinstance(value, dict):
        return value
    return {
        "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name): snake(item)
        for name, item in value.items()
    }


@needs_ranks
@pytest.mark.parametrize("tokenizer", ["o200k_base", "claude"])
def test_the_same_conversation_costs_nearly_the_same_in_every_dialect(tokenizer: str) -> None:
    found = {
        dialect: estimate_request(dialect, body, tokenizer, "openai_chat").tokens
        for dialect, body in CONVERSATION.items()
    }
    assert max(found.values()) < min(found.values()) * 1.05, found


@pytest.mark.parametrize("upstream", ["openai_chat", "anthropic_messages", "gemini"])
def test_the_overheads_are_those_of_the_upstream(upstream: str) -> None:
    found = [quick_estimate(dialect, body, upstream) for dialect, body in CONVERSATION.items()]
    assert max(found) < min(found) * 1.05, found


def test_a_tool_prompt_is_counted_where_the_upstream_adds_one() -> None:
    body = CONVERSATION["openai_chat"]
    assert quick_estimate("openai_chat", body, "anthropic_messages") - quick_estimate("openai_chat", body) > 300


def test_both_spellings_of_gemini_are_read_alike() -> None:
    body = {
        **CONVERSATION["gemini"],
        "generationConfig": {"responseMimeType": "application/json", "responseJsonSchema": SCHEMA},
    }
    camel, other = contents("gemini", body), contents("gemini", snake(body))
    assert camel == other
    assert estimate_request("gemini", {"generateContentRequest": body}) == estimate_request("gemini", body)
    assert any("fahrenheit" in text for text in camel.texts)


def test_gemini_schemas_under_their_newer_name() -> None:
    declared = {"functionDeclarations": [{**TOOL, "parametersJsonSchema": SCHEMA}]}
    body = {**CONVERSATION["gemini"], "tools": [declared]}
    assert contents("gemini", body).tools == contents("gemini", CONVERSATION["gemini"]).tools


def test_a_batch_of_gemini_embeddings() -> None:
    one = {"content": {"parts": [{"text": "a" * 40}]}}
    assert estimate_request("gemini_embeddings", one).tokens == 10
    assert estimate_request("gemini_embeddings", {"requests": [one, one]}).tokens == 20


@pytest.mark.parametrize(
    ("item", "images"),
    [
        (
            {"type": "function_call_output", "call_id": "c", "output": [{"type": "input_image", "image_url": PICTURE}]},
            1,
        ),
        (
            {
                "type": "computer_call_output",
                "call_id": "c",
                "output": {"type": "computer_screenshot", "image_url": PICTURE},
            },
            1,
        ),
        ({"type": "image_generation_call", "id": "ig_1", "status": "completed", "result": PICTURE}, 1),
        ({"type": "item_reference", "id": "rs_1"}, 0),
        ({"type": "compaction", "encrypted_content": PICTURE}, 0),
    ],
)
def test_items_of_responses_that_hold_no_text(item: dict[str, Any], images: int) -> None:
    found = contents("openai_responses", {"input": [item]})
    assert (found.images, sum(map(len, found.texts))) == (images, 0)


def test_tools_of_responses_in_namespaces_and_with_grammars() -> None:
    custom = {"type": "custom", "name": "apply_patch", "format": {"type": "grammar", "definition": "start: line+"}}
    nested = {"type": "namespace", "name": "files", "tools": [{"type": "function", **TOOL}, custom]}
    found = contents("openai_responses", {"input": "x", "tools": [nested]})
    assert [tool["name"] for tool in found.tools] == ["files", "get_weather", "apply_patch"]
    assert any("start: line+" in text for text in found.texts)
    chat = contents("openai_chat", {"messages": [], "tools": [{"type": "custom", "custom": {"name": "patch"}}]})
    assert [tool["name"] for tool in chat.tools] == ["patch"]


def test_anthropic_documents_and_results() -> None:
    def ask(block: dict[str, Any]) -> Any:
        return contents("anthropic_messages", {"messages": [{"role": "user", "content": [block]}]})

    text = ask({"type": "document", "source": {"type": "text", "media_type": "text/plain", "data": "d" * 9}})
    assert text.texts == ("user", "d" * 9)
    assert text.files == 0
    assert ask({"type": "document", "source": {"type": "url", "url": "https://example.com/x.pdf"}}).files == 1
    inside = [{"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": PICTURE}}]
    result = ask({"type": "tool_result", "tool_use_id": "toolu_1", "is_error": True, "content": inside})
    assert (result.images, result.texts) == (1, ("user",))


@pytest.mark.parametrize(
    ("dialect", "body", "constant"),
    [
        (
            "openai_chat",
            {
                "messages": [
                    {"content": [{"type": "image_url", "image_url": {"url": f"data:image/png;base64,{PICTURE}"}}]}
                ]
            },
            765,
        ),
        ("openai_responses", {"input": [{"content": [{"type": "input_image", "image_url": PICTURE}]}]}, 765),
        (
            "anthropic_messages",
            {"messages": [{"content": [{"type": "image", "source": {"type": "base64", "data": PICTURE}}]}]},
            1600,
        ),
        ("bedrock_converse", {"messages": [{"content": [{"image": {"source": {"bytes": PICTURE}}}]}]}, 1600),
        ("gemini", {"contents": [{"parts": [{"inline_data": {"mime_type": "image/png", "data": PICTURE}}]}]}, 258),
    ],
)
def test_a_quick_estimate_counts_pictures_and_not_their_base64(
    dialect: str, body: dict[str, Any], constant: int
) -> None:
    assert constant <= quick_estimate(dialect, body) <= constant + 8


def test_a_quick_estimate_counts_bytes_not_characters() -> None:
    latin, greek = ({"contents": [{"parts": [{"text": letter * 400}]}]} for letter in "aé")
    assert quick_estimate("gemini", latin) == 2 + 100
    assert quick_estimate("gemini", greek) == 2 + 200


def _coding_agent() -> dict[str, Any]:
    """A request of about 100 KB, as coding agents send them: many tools, a long system prompt, a few turns."""
    tools = [{**TOOL, "description": "Reads a file and returns its lines. " * 60, "input_schema": SCHEMA}] * 25
    turns = CONVERSATION["anthropic_messages"]["messages"]
    plain = [{"role": "user", "content": ASKED}, {"role": "assistant", "content": SAID}]
    return {"system": [{"type": "text", "text": SYSTEM * 30}], "messages": (turns[:1] + plain) * 25, "tools": tools}


def test_a_quick_estimate_is_quick_and_near_the_long_one() -> None:
    body = _coding_agent()
    assert 90_000 < len(json.dumps(body)) < 130_000
    quick_estimate("anthropic_messages", body)
    best = 1.0
    for _ in range(20):
        start = time.process_time()
        tokens = quick_estimate("anthropic_messages", body)
        best = min(best, time.process_time() - start)
    print(f"\nquick estimate: {best * 1e3:.3f} ms, {tokens} tokens")
    assert best < 0.002  # 0.2 ms on an idle machine
    whole = estimate_request("anthropic_messages", body).tokens
    assert abs(tokens - whole) < whole * 0.1


def test_a_quick_estimate_loads_no_tokenizer(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("a tokenizer was loaded")

    monkeypatch.setattr("gateway.catalog.tokens._load", refuse)
    for dialect, body in CONVERSATION.items():
        assert quick_estimate(dialect, body) > 100
