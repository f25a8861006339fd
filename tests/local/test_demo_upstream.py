"""The demo upstream, asked by the vendors' own clients."""

from __future__ import annotations

import contextlib
import json

import anthropic
import httpx
import openai
import pytest
from infra.local.demo_upstream.speech import embedding, tokens
from tests.local.asking import DEMO_UPSTREAM_KEY as KEY

WEATHER = {
    "type": "object",
    "properties": {"city": {"type": "string"}, "days": {"type": "integer"}},
    "required": ["city"],
}
CHAT_TOOL = {"type": "function", "function": {"name": "get_weather", "parameters": WEATHER}}


@pytest.fixture
def chat(url: str) -> openai.OpenAI:
    return openai.OpenAI(base_url=f"{url}/v1", api_key=KEY, max_retries=0)


@pytest.fixture
def claude(url: str) -> anthropic.Anthropic:
    return anthropic.Anthropic(base_url=url, api_key=KEY, max_retries=0)


def user(text: str) -> list[dict[str, str]]:
    return [{"role": "user", "content": text}]


class TestOpenAI:
    def test_answers_and_counts(self, chat):
        reply = chat.chat.completions.create(model="demo-gpt", messages=user("Count to 5"))
        assert reply.choices[0].message.content == "1, 2, 3, 4, 5."
        assert reply.choices[0].finish_reason == "stop"
        assert reply.usage.prompt_tokens == 3 + tokens("Count to 5") + tokens('""')
        assert reply.usage.completion_tokens == tokens("1, 2, 3, 4, 5.")
        assert reply.usage.total_tokens == reply.usage.prompt_tokens + reply.usage.completion_tokens

    def test_streams_the_same_answer(self, chat):
        whole = chat.chat.completions.create(model="demo-gpt", messages=user("Hello there"))
        stream = chat.chat.completions.create(
            model="demo-gpt", messages=user("Hello there"), stream=True, stream_options={"include_usage": True}
        )
        chunks = list(stream)
        text = "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices)
        assert text == whole.choices[0].message.content
        assert chunks[0].choices[0].delta.role == "assistant"
        assert len({chunk.id for chunk in chunks}) == 1
        assert chunks[-1].choices == []
        assert chunks[-1].usage == whole.usage
        assert all(chunk.usage is None for chunk in chunks[:-1])
        assert chunks[-2].choices[0].finish_reason == "stop"

    def test_usage_only_when_asked(self, chat):
        chunks = list(chat.chat.completions.create(model="demo-gpt", messages=user("Hello"), stream=True))
        assert all(chunk.choices for chunk in chunks)

    @pytest.mark.parametrize("stream", [False, True])
    def test_calls_the_tool_the_question_is_about(self, chat, stream):
        arguments = {"model": "demo-gpt", "messages": user("What is the weather in Rome?"), "tools": [CHAT_TOOL]}
        if stream:
            with chat.chat.completions.stream(**arguments) as events:
                message, reason = None, None
                for _event in events:
                    pass
                choice = events.get_final_completion().choices[0]
                message, reason = choice.message, choice.finish_reason
        else:
            choice = chat.chat.completions.create(**arguments).choices[0]
            message, reason = choice.message, choice.finish_reason
        assert reason == "tool_calls"
        assert message.tool_calls[0].function.name == "get_weather"
        assert json.loads(message.tool_calls[0].function.arguments) == {"city": "Rome"}

    def test_answers_with_the_tools_result(self, chat):
        call = {"id": "call_1", "type": "function", "function": {"name": "get_weather", "arguments": "{}"}}
        messages = [
            *user("What is the weather in Rome?"),
            {"role": "assistant", "tool_calls": [call]},
            {"role": "tool", "tool_call_id": "call_1", "content": "sunny, 30 °C"},
        ]
        reply = chat.chat.completions.create(model="demo-gpt", messages=messages, tools=[CHAT_TOOL])
        assert "sunny, 30 °C" in reply.choices[0].message.content

    def test_no_tool_without_a_reason(self, chat):
        reply = chat.chat.completions.create(model="demo-gpt", messages=user("Hello"), tools=[CHAT_TOOL])
        assert reply.choices[0].message.tool_calls is None

    def test_a_forced_tool_is_called(self, chat):
        reply = chat.chat.completions.create(
            model="demo-gpt", messages=user("Hello"), tools=[CHAT_TOOL], tool_choice="required"
        )
        assert reply.choices[0].message.tool_calls[0].function.name == "get_weather"

    def test_obeys_max_tokens_and_stop(self, chat):
        short = chat.chat.completions.create(model="demo-gpt", messages=user("Write 100 words"), max_tokens=5)
        assert short.choices[0].finish_reason == "length"
        assert short.usage.completion_tokens == 5
        stopped = chat.chat.completions.create(model="demo-gpt", messages=user("Count to 9"), stop=["4"])
        assert stopped.choices[0].message.content == "1, 2, 3, "

    def test_json_schema_output_fits(self, chat):
        schema = {
            "type": "object",
            "properties": {"n": {"type": "integer"}, "ok": {"type": "boolean"}},
            "required": ["n", "ok"],
        }
        form = {"type": "json_schema", "json_schema": {"name": "x", "schema": schema}}
        reply = chat.chat.completions.create(model="demo-gpt", messages=user("Give me JSON"), response_format=form)
        assert json.loads(reply.choices[0].message.content) == {"n": 1, "ok": True}

    @pytest.mark.parametrize("encoding", ["float", "base64"])
    def test_embeddings_are_the_same_each_time(self, chat, encoding):
        one = chat.embeddings.create(model="demo-embedding", input=["a cat", "a cat sat"], dimensions=64)
        two = chat.embeddings.create(
            model="demo-embedding", input=["a cat", "a cat sat"], dimensions=64, encoding_format=encoding
        )
        assert len(one.data[0].embedding) == 64
        other = two.data[0].embedding
        if encoding == "float":
            assert one.data[0].embedding == pytest.approx(other, abs=1e-6)
        else:
            assert isinstance(other, str | list)
        assert one.usage.prompt_tokens == tokens("a cat") + tokens("a cat sat")

    def test_models(self, chat):
        assert "demo-gpt" in [model.id for model in chat.models.list()]

    def test_responses(self, chat):
        reply = chat.responses.create(model="demo-gpt", input="Count to 3")
        assert reply.output_text == "1, 2, 3."
        with chat.responses.stream(model="demo-gpt", input="Count to 3") as events:
            kinds = [event.type for event in events]
            final = events.get_final_response()
        assert final.output_text == "1, 2, 3."
        assert final.usage == reply.usage
        assert (kinds[0], kinds[-1]) == ("response.created", "response.completed")

    @pytest.mark.parametrize(
        ("status", "kind"),
        [(429, openai.RateLimitError), (500, openai.InternalServerError), (400, openai.BadRequestError)],
    )
    def test_errors_on_demand(self, chat, status, kind):
        with pytest.raises(kind) as caught:
            chat.chat.completions.create(model=f"demo-error-{status}", messages=user("Hello"))
        assert caught.value.status_code == status
        assert caught.value.request_id.startswith("req_")
        assert caught.value.body["message"]

    def test_unknown_model(self, chat):
        with pytest.raises(openai.NotFoundError) as caught:
            chat.chat.completions.create(model="gpt-4o", messages=user("Hello"))
        assert caught.value.code == "model_not_found"

    def test_wrong_key(self, url):
        client = openai.OpenAI(base_url=f"{url}/v1", api_key="wrong", max_retries=0)
        with pytest.raises(openai.AuthenticationError) as caught:
            client.chat.completions.create(model="demo-gpt", messages=user("Hello"))
        assert caught.value.code == "invalid_api_key"


class TestAnthropic:
    def test_answers_and_counts(self, claude):
        reply = claude.messages.create(model="demo-claude", max_tokens=100, messages=user("Count to 5"))
        assert reply.content[0].text == "1, 2, 3, 4, 5."
        assert reply.stop_reason == "end_turn"
        counted = claude.messages.count_tokens(model="demo-claude", messages=user("Count to 5"))
        assert reply.usage.input_tokens == counted.input_tokens > 0
        assert reply.usage.output_tokens == tokens("1, 2, 3, 4, 5.")

    def test_streams_the_same_answer(self, claude):
        arguments = {"model": "demo-claude", "max_tokens": 100, "messages": user("Hello there"), "system": "Be brief"}
        whole = claude.messages.create(**arguments)
        with claude.messages.stream(**arguments) as events:
            kinds = [event.type for event in events]
            final = events.get_final_message()
        assert final.content[0].text == whole.content[0].text
        assert final.usage.output_tokens == whole.usage.output_tokens
        assert final.usage.input_tokens == whole.usage.input_tokens
        assert kinds[0] == "message_start"
        assert kinds[-1] == "message_stop"

    def test_the_raw_stream_has_a_ping_and_event_names(self, url):
        body = {"model": "demo-claude", "max_tokens": 9, "stream": True, "messages": user("Hello")}
        headers = {"x-api-key": KEY, "anthropic-version": "2023-06-01"}
        lines = httpx.post(f"{url}/v1/messages", json=body, headers=headers).text.splitlines()
        events = [line.removeprefix("event: ") for line in lines if line.startswith("event: ")]
        data = [json.loads(line.removeprefix("data: "))["type"] for line in lines if line.startswith("data: ")]
        assert events == data
        assert "ping" in events

    @pytest.mark.parametrize("stream", [False, True])
    def test_calls_the_tool_the_question_is_about(self, claude, stream):
        tool = {"name": "get_weather", "input_schema": WEATHER}
        arguments = {
            "model": "demo-claude",
            "max_tokens": 100,
            "messages": user("The weather in New York?"),
            "tools": [tool],
        }
        if stream:
            with claude.messages.stream(**arguments) as events:
                reply = events.get_final_message()
        else:
            reply = claude.messages.create(**arguments)
        assert reply.stop_reason == "tool_use"
        assert reply.content[0].name == "get_weather"
        assert reply.content[0].input == {"city": "New York"}

    def test_answers_with_the_tools_result(self, claude):
        use = {"type": "tool_use", "id": "toolu_1", "name": "get_weather", "input": {}}
        result = {"type": "tool_result", "tool_use_id": "toolu_1", "content": [{"type": "text", "text": "rain"}]}
        messages = [*user("weather?"), {"role": "assistant", "content": [use]}, {"role": "user", "content": [result]}]
        tool = {"name": "get_weather", "input_schema": WEATHER}
        reply = claude.messages.create(model="demo-claude", max_tokens=100, messages=messages, tools=[tool])
        assert "rain" in reply.content[0].text

    def test_stop_reasons(self, claude):
        short = claude.messages.create(model="demo-claude", max_tokens=4, messages=user("Write 50 words"))
        assert (short.stop_reason, short.usage.output_tokens) == ("max_tokens", 4)
        stopped = claude.messages.create(
            model="demo-claude", max_tokens=99, messages=user("Count to 9"), stop_sequences=["4"]
        )
        assert (stopped.stop_reason, stopped.stop_sequence) == ("stop_sequence", "4")

    def test_models(self, claude):
        assert [model.id for model in claude.models.list()] == ["demo-claude"]

    @pytest.mark.parametrize(
        ("status", "kind"), [(429, "rate_limit_error"), (529, "overloaded_error"), (500, "api_error")]
    )
    def test_errors_on_demand(self, claude, status, kind):
        with pytest.raises(anthropic.APIStatusError) as caught:
            claude.messages.create(model=f"demo-claude-error-{status}", max_tokens=9, messages=user("Hello"))
        assert caught.value.status_code == status
        assert caught.value.body["error"]["type"] == kind

    def test_the_version_header_is_required(self, url):
        reply = httpx.post(f"{url}/v1/messages", json={}, headers={"x-api-key": KEY})
        assert reply.status_code == 400
        assert reply.json()["error"]["type"] == "invalid_request_error"

    def test_wrong_key(self, url):
        with pytest.raises(anthropic.AuthenticationError):
            anthropic.Anthropic(base_url=url, api_key="wrong", max_retries=0).models.list()


class TestGemini:
    def ask(self, url, operation, body, **query):
        path = f"{url}/v1beta/models/{operation}"
        return httpx.post(path, json=body, params=query, headers={"x-goog-api-key": KEY})

    def test_generate(self, url):
        body = {"contents": [{"role": "user", "parts": [{"text": "Count to 3"}]}]}
        reply = self.ask(url, "demo-gemini:generateContent", body).json()
        assert reply["candidates"][0]["content"] == {"parts": [{"text": "1, 2, 3."}], "role": "model"}
        assert reply["candidates"][0]["finishReason"] == "STOP"
        usage = reply["usageMetadata"]
        assert usage["totalTokenCount"] == usage["promptTokenCount"] + usage["candidatesTokenCount"]
        counted = self.ask(url, "demo-gemini:countTokens", body).json()
        assert counted["totalTokens"] == usage["promptTokenCount"]

    def test_stream_as_events_and_as_array(self, url):
        body = {"contents": [{"parts": [{"text": "Count to 3"}]}]}
        events = self.ask(url, "demo-gemini:streamGenerateContent", body, alt="sse")
        assert events.headers["content-type"].startswith("text/event-stream")
        parsed = [json.loads(part.removeprefix("data: ")) for part in events.text.split("\r\n\r\n") if part]
        array = self.ask(url, "demo-gemini:streamGenerateContent", body)
        assert array.headers["content-type"].startswith("application/json")
        for responses in (parsed, array.json()):
            texts = [item["candidates"][0]["content"]["parts"][0]["text"] for item in responses]
            assert "".join(texts) == "1, 2, 3."
            assert [item["candidates"][0].get("finishReason") for item in responses] == [None, None, "STOP"]

    def test_function_call(self, url):
        declared = {"name": "get_weather", "parameters": {"type": "OBJECT", "properties": {"city": {"type": "STRING"}}}}
        body = {
            "contents": [{"role": "user", "parts": [{"text": "The weather in Oslo?"}]}],
            "tools": [{"functionDeclarations": [declared]}],
        }
        part = self.ask(url, "demo-gemini:generateContent", body).json()["candidates"][0]["content"]["parts"][0]
        assert part == {"functionCall": {"name": "get_weather", "args": {"city": "Oslo"}}}

    def test_embed(self, url):
        reply = self.ask(url, "demo-gemini-embedding:embedContent", {"content": {"parts": [{"text": "a cat"}]}})
        assert reply.json()["embedding"]["values"] == embedding("a cat", 256)

    def test_errors(self, url):
        missing = self.ask(url, "demo-gemini:generateContent", {})
        assert (missing.status_code, missing.json()["error"]["status"]) == (400, "INVALID_ARGUMENT")
        limited = self.ask(url, "demo-gemini-error-429:generateContent", {})
        assert limited.json()["error"]["status"] == "RESOURCE_EXHAUSTED"
        assert limited.json()["error"]["details"][0]["retryDelay"] == "1s"
        refused = httpx.get(f"{url}/v1beta/models", params={"key": "wrong"})
        assert (refused.status_code, refused.json()["error"]["status"]) == (401, "UNAUTHENTICATED")


BAD_BODIES = [
    b"",
    b"{",
    b"[]",
    b"null",
    b'"x"',
    b"\xff\xfe",
    b"[" * 5000,
    b'{"model": 3}',
    b'{"model":"demo-gpt","messages":"x"}',
]


@pytest.mark.parametrize(
    "path", ["/v1/chat/completions", "/v1/messages", "/v1/embeddings", "/v1beta/models/demo-x:generateContent"]
)
@pytest.mark.parametrize("body", BAD_BODIES, ids=range(len(BAD_BODIES)))
def test_nonsense_is_refused_in_the_vendors_shape(url, path, body):
    headers = {"authorization": f"Bearer {KEY}", "x-goog-api-key": KEY, "anthropic-version": "2023-06-01"}
    reply = httpx.post(url + path, content=body, headers=headers)
    assert reply.status_code == 400
    assert reply.json()["error"]["message"]


def test_a_client_that_leaves_does_not_disturb_the_next(url):
    body = {"model": "demo-slow", "stream": True, "messages": user("Hello")}
    with contextlib.suppress(httpx.ReadTimeout):
        httpx.post(f"{url}/v1/chat/completions", json=body, headers={"authorization": f"Bearer {KEY}"}, timeout=0.2)
    assert httpx.get(f"{url}/v1/models", headers={"authorization": f"Bearer {KEY}"}).status_code == 200
