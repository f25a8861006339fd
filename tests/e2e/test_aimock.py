"""An upstream that nobody here wrote, @copilotkit/aimock, behind the gateway: text, tools, truncation and 429, in every pair of dialects."""

from __future__ import annotations

import json
from typing import Any

import anthropic
import openai
import pytest
from google.genai import errors as google
from tests.e2e import test_pairs_chat, test_pairs_gemini, test_pairs_messages, test_pairs_responses
from tests.e2e.doors import Call
from tests.e2e.pairs import Upstream

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


UPSTREAMS = (
    Upstream("only-chat-aimock", "aimock-chat-only", "openai_chat", "mock-model"),
    Upstream("responses-aimock", "aimock-openai", "openai_responses", "gpt-5-codex"),
    Upstream("claude-aimock", "aimock-anthropic", "anthropic_messages", "mock-model"),
    Upstream("gemini-aimock", "aimock-gemini", "gemini", "mock-model"),
    Upstream("bedrock-aimock", "aimock-bedrock", "bedrock_converse", "anthropic.claude-mock"),
)
every_upstream = pytest.mark.parametrize("upstream", UPSTREAMS, ids=lambda upstream: upstream.dialect)
Made = list[dict[str, Any]]


def ask_chat(call: Call, upstream: Upstream, text: str, stream: bool) -> tuple[str, Made]:
    answer = test_pairs_chat.ask(call, upstream, said(text), stream, tools=test_pairs_chat.TOOLS)
    message = answer.choices[0].message
    made = [(part.function.name, json.loads(part.function.arguments)) for part in message.tool_calls or ()]
    return message.content or "", named(made)


def ask_responses(call: Call, upstream: Upstream, text: str, stream: bool) -> tuple[str, Made]:
    answer = test_pairs_responses.ask(call, upstream, text, stream, tools=test_pairs_responses.TOOLS)
    calls = test_pairs_responses.items(answer, "function_call")
    return answer.output_text, named([(item.name, json.loads(item.arguments)) for item in calls])


def ask_messages(call: Call, upstream: Upstream, text: str, stream: bool) -> tuple[str, Made]:
    message = test_pairs_messages.ask(call, upstream, said(text), stream, tools=test_pairs_messages.TOOLS)
    calls = test_pairs_messages.blocks(message, "tool_use")
    return test_pairs_messages.text(message), named([(block.name, block.input) for block in calls])


def ask_gemini(call: Call, upstream: Upstream, text: str, stream: bool) -> tuple[str, Made]:
    answer = test_pairs_gemini.ask(call, upstream, text, stream, **test_pairs_gemini.TOOLS)
    return test_pairs_gemini.text(answer), named([(item.name, item.args) for item in test_pairs_gemini.calls(answer)])


def named(made: list[tuple[str, Any]]) -> Made:
    return [{"name": name, "arguments": arguments} for name, arguments in made]


ASK = {
    "openai_chat": ask_chat,
    "openai_responses": ask_responses,
    "anthropic_messages": ask_messages,
    "gemini": ask_gemini,
}
RAISES: dict[str, type[Exception]] = {
    "openai_chat": openai.APIError,
    "openai_responses": openai.APIError,
    "anthropic_messages": anthropic.APIError,
    "gemini": google.APIError,
}


@pytest.mark.parametrize(("text", "count"), [("say hello", 0), ("call two tools", 2)])
@pytest.mark.parametrize("stream", [False, True], ids=["whole", "stream"])
@every_upstream
@pytest.mark.parametrize("client", ASK)
def test_every_pair(call: Call, client: str, upstream: Upstream, stream: bool, text: str, count: int) -> None:
    answer, made = ASK[client](call, upstream, text, stream)
    assert made == PLACES[:count]
    assert answer == ("" if count else HELLO)
    row = call.row()
    assert (row["status"], row["stream"], row.get("error")) == (200, stream, None)
    assert row["provider"] == upstream.provider


@every_upstream
@pytest.mark.parametrize("client", ASK)
def test_rate_limits_in_every_pair(call: Call, client: str, upstream: Upstream) -> None:
    # AWS's errors are {"message"}; this mock answers for it with an error of Anthropic's, whose words nobody looks for there.
    words = "answered 429" if upstream.dialect == "bedrock_converse" else "slow down"
    with pytest.raises(RAISES[client], match=words) as raised:
        ASK[client](call, upstream, "too many", False)
    assert getattr(raised.value, "status_code", None) or getattr(raised.value, "code", None) == 429
    assert call.row()["status"] == 429
