"""An upstream that nobody here wrote, @copilotkit/aimock, behind the gateway: text, tools, truncation and 429 in both dialects."""

from __future__ import annotations

import json
from typing import Any

import anthropic
import openai
import pytest
from tests.e2e.doors import Call

PLACES = [{"name": "get_weather", "arguments": {"place": "Oslo"}}, {"name": "get_time", "arguments": {"place": "Rome"}}]
HELLO = "Hello from a mock that speaks every dialect."
CHAT_TOOLS: Any = [
    {
        "type": "function",
        "function": {
            "name": entry["name"],
            "parameters": {"type": "object", "properties": {"place": {"type": "string"}}},
        },
    }
    for entry in PLACES
]
CLAUDE_TOOLS: Any = [
    {"name": entry["name"], "input_schema": {"type": "object", "properties": {"place": {"type": "string"}}}}
    for entry in PLACES
]


def said(text: str) -> Any:
    return [{"role": "user", "content": text}]


@pytest.mark.parametrize(("text", "count"), [("say hello", 0), ("call a tool", 1), ("call two tools", 2)])
@pytest.mark.parametrize("stream", [False, True], ids=["whole", "stream"])
def test_openai(call: Call, text: str, count: int, stream: bool) -> None:
    client = call.openai()
    if stream:
        with client.chat.completions.stream(
            model="chat-aimock", messages=said(text), tools=CHAT_TOOLS, stream_options={"include_usage": True}
        ) as events:
            answer = events.get_final_completion()
    else:
        answer = client.chat.completions.create(model="chat-aimock", messages=said(text), tools=CHAT_TOOLS)  # type: ignore[assignment]
    message: Any = answer.choices[0].message
    made = [
        {"name": part.function.name, "arguments": json.loads(part.function.arguments)}
        for part in message.tool_calls or []
    ]
    assert made == PLACES[:count]
    if not count:
        assert message.content == HELLO
    row = call.row()
    assert (row["status"], row["stream"], row.get("error")) == (200, stream, None)
    assert row["input_tokens"] > 0


@pytest.mark.parametrize(("text", "count"), [("say hello", 0), ("call a tool", 1), ("call two tools", 2)])
@pytest.mark.parametrize("stream", [False, True], ids=["whole", "stream"])
def test_anthropic(call: Call, text: str, count: int, stream: bool) -> None:
    client, asked = (
        call.anthropic(),
        {"model": "claude-aimock", "max_tokens": 200, "messages": said(text), "tools": CLAUDE_TOOLS},
    )
    if stream:
        with client.messages.stream(**asked) as events:
            message: anthropic.types.Message = events.get_final_message()
    else:
        message = client.messages.create(**asked)
    made = [{"name": block.name, "arguments": block.input} for block in message.content if block.type == "tool_use"]
    assert made == PLACES[:count]
    if not count:
        assert "".join(block.text for block in message.content if block.type == "text") == HELLO
    assert call.row()["status"] == 200


def test_truncated_streams_are_errors(call: Call) -> None:
    with pytest.raises(openai.APIError):
        list(call.openai().chat.completions.create(model="chat-aimock", messages=said("be cut off"), stream=True))
    with pytest.raises(anthropic.APIError):
        list(
            call.anthropic().messages.create(
                model="claude-aimock", max_tokens=99, messages=said("be cut off"), stream=True
            )
        )
    assert all(row["error"] for row in call.rows(2))


def test_rate_limits_pass_through(call: Call) -> None:
    with pytest.raises(openai.RateLimitError) as chat:
        call.openai().chat.completions.create(model="chat-aimock", messages=said("too many"))
    with pytest.raises(anthropic.RateLimitError) as claude:
        call.anthropic().messages.create(model="claude-aimock", max_tokens=9, messages=said("too many"))
    assert chat.value.response.headers["retry-after"] == claude.value.response.headers["retry-after"] == "7"
    assert [row["status"] for row in call.rows(2)] == [429, 429]
