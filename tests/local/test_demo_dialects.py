"""The demo upstream does the same things on the same words in every dialect, as the vendors' own clients see it."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import anthropic
import httpx
import openai
import pytest
from google import genai
from google.genai import errors as genai_errors
from google.genai import types
from tests.local.asking import DEMO_UPSTREAM_KEY as KEY

SCHEMA = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}
QUESTION = "What is the weather in Rome?"
PICTURE = base64.b64encode(b"not really a picture").decode()


@dataclass(frozen=True)
class Turns:
    """Two turns: the calls of the first, the text of the second, thought and input and cached tokens of the first."""

    calls: list[tuple[str, Any]]
    text: str
    thought: int
    input: int
    cached: int


def _chat_call(message: Any) -> dict[str, Any]:
    return {"id": message.id, "type": "function", "function": message.function.model_dump()}


def chat(url: str, question: str, think: bool = False) -> Turns:
    client = openai.OpenAI(base_url=f"{url}/v1", api_key=KEY, max_retries=0)
    tools = [{"type": "function", "function": {"name": "get_weather", "parameters": SCHEMA}}]
    messages: list[Any] = [{"role": "user", "content": question}]
    more = {"reasoning_effort": "high"} if think else {}
    with client.chat.completions.stream(
        model="demo-gpt", messages=messages, tools=tools, stream_options={"include_usage": True}, **more
    ) as stream:
        for _event in stream:
            pass
        first = stream.get_final_completion()
    calls = first.choices[0].message.tool_calls or []
    messages.append({"role": "assistant", "tool_calls": [_chat_call(call) for call in calls]})
    messages += [{"role": "tool", "tool_call_id": call.id, "content": "sunny"} for call in calls]
    second = client.chat.completions.create(model="demo-gpt", messages=messages, tools=tools, **more)
    usage = first.usage
    assert usage is not None
    return Turns(
        [(call.function.name, json.loads(call.function.arguments)) for call in calls],
        second.choices[0].message.content or "",
        usage.completion_tokens_details.reasoning_tokens,
        usage.prompt_tokens,
        usage.prompt_tokens_details.cached_tokens,
    )


def responses(url: str, question: str, think: bool = False) -> Turns:
    client = openai.OpenAI(base_url=f"{url}/v1", api_key=KEY, max_retries=0)
    tools: Any = [{"type": "function", "name": "get_weather", "parameters": SCHEMA, "strict": True}]
    more: Any = {"store": False, "include": ["reasoning.encrypted_content"]}
    if think:
        more["reasoning"] = {"effort": "high", "summary": "auto"}
    items: list[Any] = [{"role": "user", "content": question}]
    with client.responses.stream(model="gpt-5-codex", input=items, tools=tools, **more) as stream:
        numbers = [event.sequence_number for event in stream]
        first = stream.get_final_response()
    assert numbers == list(range(len(numbers)))
    calls = [item for item in first.output if item.type == "function_call"]
    items += [item.model_dump(exclude_none=True, exclude={"parsed_arguments"}) for item in first.output]
    items += [{"type": "function_call_output", "call_id": call.call_id, "output": "sunny"} for call in calls]
    second = client.responses.create(model="gpt-5-codex", input=items, tools=tools, **more)
    usage = first.usage
    assert usage is not None
    return Turns(
        [(call.name, json.loads(call.arguments)) for call in calls],
        second.output_text,
        usage.output_tokens_details.reasoning_tokens,
        usage.input_tokens,
        usage.input_tokens_details.cached_tokens,
    )


def claude(url: str, question: str, think: bool = False) -> Turns:
    client = anthropic.Anthropic(base_url=url, api_key=KEY, max_retries=0)
    tools: Any = [{"name": "get_weather", "input_schema": SCHEMA}]
    more: Any = {"max_tokens": 2000}
    if think:
        more["thinking"] = {"type": "enabled", "budget_tokens": 1024}
    messages: list[Any] = [{"role": "user", "content": question}]
    with client.messages.stream(model="demo-claude", messages=messages, tools=tools, **more) as stream:
        first = stream.get_final_message()
    calls = [block for block in first.content if block.type == "tool_use"]
    thought = "".join(block.thinking for block in first.content if block.type == "thinking")
    messages.append({"role": "assistant", "content": [block.model_dump(exclude_none=True) for block in first.content]})
    results = [{"type": "tool_result", "tool_use_id": call.id, "content": "sunny"} for call in calls]
    messages.append({"role": "user", "content": results})
    second = client.messages.create(model="demo-claude", messages=messages, tools=tools, **more)
    text = "".join(block.text for block in second.content if block.type == "text")
    usage = first.usage
    cached = usage.cache_read_input_tokens or 0
    return Turns([(call.name, call.input) for call in calls], text, len(thought), usage.input_tokens + cached, cached)


def gemini(url: str, question: str, think: bool = False) -> Turns:
    client = genai.Client(api_key=KEY, http_options=types.HttpOptions(base_url=url))
    declared = types.FunctionDeclaration(name="get_weather", parameters_json_schema=SCHEMA)
    config = types.GenerateContentConfig(
        tools=[types.Tool(function_declarations=[declared])],
        automatic_function_calling=types.AutomaticFunctionCallingConfig(disable=True),
        thinking_config=types.ThinkingConfig(include_thoughts=True) if think else None,
    )
    contents: Any = [types.Content(role="user", parts=[types.Part(text=question)])]
    parts: list[types.Part] = []
    for chunk in client.models.generate_content_stream(model="demo-gemini", contents=contents, config=config):
        parts += chunk.candidates[0].content.parts
        usage = chunk.usage_metadata
    calls = [part.function_call for part in parts if part.function_call]
    assert any(part.thought_signature for part in parts) is think
    results = [types.Part.from_function_response(name=call.name, response={"result": "sunny"}) for call in calls]
    contents += [types.Content(role="model", parts=parts), types.Content(role="user", parts=results)]
    second = client.models.generate_content(model="demo-gemini", contents=contents, config=config)
    return Turns(
        [(call.name, call.args) for call in calls],
        second.text or "",
        usage.thoughts_token_count or 0,
        usage.prompt_token_count,
        usage.cached_content_token_count or 0,
    )


EVERY: dict[str, Callable[..., Turns]] = {"chat": chat, "responses": responses, "claude": claude, "gemini": gemini}
every = pytest.mark.parametrize("converse", EVERY.values(), ids=EVERY)


@every
def test_a_conversation_with_a_tool(url: str, converse: Callable[..., Turns]) -> None:
    turns = converse(url, QUESTION)
    assert turns.calls == [("get_weather", {"city": "Rome"})]
    assert turns.text == "The tool answered: sunny"
    assert (turns.thought, turns.cached) == (0, 0)
    assert turns.input > 10


@every
def test_two_calls_in_parallel(url: str, converse: Callable[..., Turns]) -> None:
    turns = converse(url, f"{QUESTION} Ask in parallel.")
    assert turns.calls == [("get_weather", {"city": "Rome"})] * 2
    assert turns.text == "The tool answered: sunny\nsunny"


@every
def test_it_thinks_when_asked_and_its_signature_comes_back(url: str, converse: Callable[..., Turns]) -> None:
    turns = converse(url, QUESTION, think=True)
    assert turns.thought > 10
    assert turns.calls == [("get_weather", {"city": "Rome"})]
    assert turns.text == "The tool answered: sunny"


@every
def test_a_cached_prompt(url: str, converse: Callable[..., Turns]) -> None:
    turns = converse(url, f"{QUESTION} Is the answer cached?")
    assert turns.cached == turns.input // 2 > 0


def post(url: str, path: str, body: dict[str, Any]) -> httpx.Response:
    headers = {"x-api-key": KEY, "anthropic-version": "2023-06-01"} if path == "/v1/messages" else {}
    headers = headers or {"authorization": f"Bearer {KEY}", "x-goog-api-key": KEY}
    return httpx.post(url + path, json=body, headers=headers)


FOREIGN = base64.b64encode(b"another vendor's").decode()
CALL = {"type": "function", "function": {"name": "f", "arguments": "{}"}}


@pytest.mark.parametrize(
    ("path", "body", "said"),
    [
        (
            "/v1/messages",
            {
                "messages": [
                    {"role": "user", "content": "Hello"},
                    {"role": "assistant", "content": [{"type": "thinking", "thinking": "x", "signature": FOREIGN}]},
                ]
            },
            "signature",
        ),
        (
            "/v1/messages",
            {"messages": [{"role": "user", "content": [{"type": "tool_result", "tool_use_id": "t", "content": "x"}]}]},
            "tool_use_id",
        ),
        (
            "/v1/messages",
            {
                "messages": [
                    {"role": "assistant", "content": [{"type": "tool_use", "id": "t.1", "name": "f", "input": {}}]}
                ]
            },
            "pattern",
        ),
        (
            "/v1/messages",
            {
                "messages": [
                    {"role": "assistant", "content": [{"type": "tool_use", "id": "t", "name": "f", "input": {}}]},
                    {"role": "user", "content": "never mind"},
                ]
            },
            "without `tool_result`",
        ),
        ("/v1/messages", {"messages": [{"role": "user", "content": [{"type": "text", "text": " "}]}]}, "non-empty"),
        (
            "/v1/chat/completions",
            {"messages": [{"role": "tool", "tool_call_id": "c", "content": "x"}]},
            "preceding message",
        ),
        (
            "/v1/chat/completions",
            {
                "messages": [
                    {"role": "assistant", "tool_calls": [{"id": "c", **CALL}]},
                    {"role": "user", "content": "x"},
                ]
            },
            "Missing: c",
        ),
        (
            "/v1/responses",
            {"input": [{"type": "reasoning", "id": "rs_1", "summary": [], "encrypted_content": FOREIGN}]},
            "could not be verified",
        ),
        (
            "/v1/responses",
            {"input": [{"type": "function_call_output", "call_id": "c", "output": "x"}]},
            "No tool call found",
        ),
        (
            "/v1/responses",
            {"input": [{"type": "function_call", "call_id": "c", "name": "f", "arguments": "{}"}]},
            "No tool output found",
        ),
        (
            "/v1beta/models/demo-gemini:generateContent",
            {"contents": [{"parts": [{"text": "x", "thoughtSignature": FOREIGN}]}]},
            "Corrupted",
        ),
        (
            "/v1beta/models/demo-gemini:generateContent",
            {"contents": [{"parts": [{"functionResponse": {"name": "f", "response": {}}}]}]},
            "function response parts",
        ),
    ],
)
def test_what_the_vendors_refuse(url: str, path: str, body: dict[str, Any], said: str) -> None:
    reply = post(url, path, {"model": "demo-any", "max_tokens": 99, **body})
    assert reply.status_code == 400
    assert said in reply.json()["error"]["message"]


USED = [
    {"role": "user", "content": "weather?"},
    {"role": "assistant", "content": [{"type": "tool_use", "id": "t", "name": "f", "input": {}}]},
    {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "t", "content": "x"}]},
]


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"thinking": {"type": "enabled", "budget_tokens": 1000}}, "1024"),
        ({"max_tokens": 1024}, "max_tokens"),
        ({"temperature": 0.5}, "temperature"),
        ({"tool_choice": {"type": "any"}}, "tool_choice"),
        ({"messages": USED}, "Expected `thinking`"),
    ],
)
def test_what_goes_ill_with_thinking_at_anthropic(url: str, more: dict[str, Any], said: str) -> None:
    thinking = {"type": "enabled", "budget_tokens": 1024}
    body = {"model": "demo-claude", "max_tokens": 2000, "thinking": thinking, "messages": USED[:1]}
    assert post(url, "/v1/messages", body).status_code == 200
    reply = post(url, "/v1/messages", body | more)
    assert (reply.status_code, reply.json()["error"]["type"]) == (400, "invalid_request_error")
    assert said in reply.json()["error"]["message"]
    assert post(url, "/v1/messages", body | {"messages": USED, "thinking": {"type": "adaptive"}}).status_code == 200


def test_a_model_of_responses_alone_is_refused_on_chat(url: str) -> None:
    reply = post(url, "/v1/chat/completions", {"model": "gpt-5-codex", "messages": [{"role": "user", "content": "Hi"}]})
    assert reply.status_code == 404
    assert "v1/responses" in reply.json()["error"]["message"]


def test_json_by_a_schema_in_every_dialect(url: str) -> None:
    form = {"type": "json_schema", "name": "x", "schema": SCHEMA}
    whole = post(url, "/v1/responses", {"model": "demo-gpt", "input": "JSON about Oslo", "text": {"format": form}})
    config = {"format": {"type": "json_schema", "schema": SCHEMA}}
    messages = [{"role": "user", "content": "JSON about Oslo"}]
    block = post(
        url, "/v1/messages", {"model": "demo-claude", "max_tokens": 99, "messages": messages, "output_config": config}
    )
    wanted = {"responseMimeType": "application/json", "responseJsonSchema": SCHEMA}
    contents = [{"parts": [{"text": "JSON about Oslo"}]}]
    part = post(url, "/v1beta/models/demo-gemini:generateContent", {"contents": contents, "generationConfig": wanted})
    texts = [
        whole.json()["output"][0]["content"][0]["text"],
        block.json()["content"][0]["text"],
        part.json()["candidates"][0]["content"]["parts"][0]["text"],
    ]
    assert [json.loads(text) for text in texts] == [{"city": "Oslo"}] * 3


URI = f"data:image/png;base64,{PICTURE}"
SOURCE = {"type": "base64", "media_type": "image/png", "data": PICTURE}
SHOWN: dict[str, list[dict[str, Any]]] = {
    "/v1/chat/completions": [
        {"type": "image_url", "image_url": {"url": URI}},
        {"type": "file", "file": {"file_data": URI}},
    ],
    "/v1/responses": [{"type": "input_image", "image_url": URI}, {"type": "input_file", "file_data": URI}],
    "/v1/messages": [{"type": "image", "source": SOURCE}, {"type": "document", "source": SOURCE}],
    "/v1beta/models/demo-gemini:generateContent": [
        {"inlineData": {"mimeType": "image/png", "data": PICTURE}},
        {"inlineData": {"mimeType": "application/pdf", "data": PICTURE}},
    ],
}


@pytest.mark.parametrize(("path", "parts"), SHOWN.items())
def test_pictures_and_files_are_seen_in_every_dialect(url: str, path: str, parts: list[dict[str, Any]]) -> None:
    said = [{"role": "user", "content": parts}]
    body = {"messages": said, "input": said, "contents": [{"parts": parts}]}
    assert "I was shown 1 image and 1 file." in post(url, path, {"model": "demo-any", "max_tokens": 99, **body}).text


def test_a_custom_tool_takes_free_text(url: str) -> None:
    client = openai.OpenAI(base_url=f"{url}/v1", api_key=KEY, max_retries=0)
    tools: Any = [
        {"type": "namespace", "name": "files", "description": "", "tools": [{"type": "custom", "name": "patch"}]}
    ]
    stream = client.responses.create(model="demo-gpt", input="Please patch it", tools=tools, stream=True)
    events = list(stream)
    text = "".join(event.delta for event in events if event.type == "response.custom_tool_call_input.delta")
    assert text == "Please patch it"
    assert events[-1].response.output[0].input == text


def test_a_stream_that_breaks_off_says_so_in_the_vendors_way(url: str) -> None:
    ask = {"stream": True, "max_tokens": 999, "messages": [{"role": "user", "content": "Write 50 words"}]}
    client = openai.OpenAI(base_url=f"{url}/v1", api_key=KEY, max_retries=0)
    with pytest.raises(openai.APIError, match="breaks off"):
        list(client.chat.completions.create(model="demo-breaks", **ask))
    claude = anthropic.Anthropic(base_url=url, api_key=KEY, max_retries=0)
    with pytest.raises(anthropic.APIStatusError, match="breaks off"):
        list(claude.messages.create(model="demo-claude-breaks", **ask))
    events = list(client.responses.create(model="demo-breaks", input="Write 50 words", stream=True))
    assert (events[-1].type, events[-1].response.error.code) == ("response.failed", "server_error")
    google = genai.Client(api_key=KEY, http_options=types.HttpOptions(base_url=url))
    with pytest.raises(genai_errors.APIError, match="breaks off"):
        list(google.models.generate_content_stream(model="demo-gemini-breaks", contents="Write 50 words"))
