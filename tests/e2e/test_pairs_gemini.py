"""The official `google-genai` client through each door, in front of every dialect an upstream speaks."""

from __future__ import annotations

import json
from typing import Any

import pytest
from google.genai import errors, types
from tests.e2e import pairs
from tests.e2e.doors import Call
from tests.e2e.pairs import UPSTREAMS, City, Spent, Upstream, check_row

every_upstream = pytest.mark.parametrize("upstream", UPSTREAMS, ids=lambda upstream: upstream.dialect)
every_form = pytest.mark.parametrize("stream", [False, True], ids=["whole", "stream"])
DECLARED: Any = [{"name": name, "description": about, "parameters_json_schema": it} for name, about, it in pairs.TOOLS]
BY_HAND = {"automatic_function_calling": {"disable": True}}
TOOLS: Any = {"tools": [{"function_declarations": DECLARED}], **BY_HAND}
THINKING: Any = {"thinking_config": {"include_thoughts": True, "thinking_budget": 2048}}


def ask(call: Call, upstream: Upstream, contents: Any, stream: bool, api: str | None = "v1beta", **config: Any) -> Any:
    """A response that has everything the chunks had when it is streamed."""
    models = call.google(api_version=api).models
    config = {"max_output_tokens": pairs.room(upstream), **config}
    if not stream:
        return models.generate_content(model=upstream.model, contents=contents, config=config)
    chunks = list(models.generate_content_stream(model=upstream.model, contents=contents, config=config))
    whole = chunks[-1]
    whole.candidates[0].content = types.Content(
        role="model",
        parts=[
            part
            for chunk in chunks
            for part in (
                chunk.candidates[0].content.parts if chunk.candidates and chunk.candidates[0].content else None
            )
            or []
        ],
    )
    assert all(not chunk.candidates[0].finish_reason for chunk in chunks[:-1] if chunk.candidates)
    return whole


def text(response: Any) -> str:
    """The text without thoughts."""
    return "".join(part.text or "" for part in response.candidates[0].content.parts if not part.thought)


def thoughts(response: Any) -> str:
    """The thoughts."""
    return "".join(part.text or "" for part in response.candidates[0].content.parts if part.thought)


def calls(response: Any) -> list[Any]:
    """The function calls."""
    return [part.function_call for part in response.candidates[0].content.parts if part.function_call]


def finish(response: Any) -> str:
    """The reason to stop."""
    return str(response.candidates[0].finish_reason.value)


def check_usage(usage: Any, expected: Spent) -> None:
    """The client's fields say what the upstream counted."""
    assert usage.prompt_token_count == expected.input
    assert (usage.cached_content_token_count or 0) == expected.cached
    assert usage.candidates_token_count == expected.output - expected.thoughts
    assert (usage.thoughts_token_count or 0) == expected.thoughts
    assert usage.total_token_count == expected.input + expected.output


@every_form
@every_upstream
@pytest.mark.parametrize("api", ["v1beta", None], ids=["v1beta", "the client's default"])
def test_text(call: Call, upstream: Upstream, stream: bool, api: str | None) -> None:
    response = ask(call, upstream, pairs.SAY, stream, api, system_instruction=pairs.SYSTEM)
    assert (text(response), finish(response)) == (pairs.TEXT, "STOP")
    assert response.candidates[0].content.role == "model"
    expected = pairs.spent(upstream, pairs.SAY, pairs.TEXT, pairs.SYSTEM)
    check_usage(response.usage_metadata, expected)
    check_row(call.row(), upstream, expected, stream=stream)


def turn(*parts: Any) -> Any:
    """A turn of the user."""
    return types.Content(role="user", parts=list(parts))


@every_form
@every_upstream
@pytest.mark.parametrize("parallel", [False, True], ids=["one", "parallel"])
def test_tools_over_two_turns(call: Call, upstream: Upstream, stream: bool, parallel: bool) -> None:
    question, place = (pairs.TWICE, "Oslo") if parallel else (pairs.WEATHER, "Rome")
    asked = turn(types.Part.from_text(text=question))
    first = ask(call, upstream, [asked], stream, **TOOLS)
    made = calls(first)
    assert finish(first) == "STOP"
    assert [(item.name, item.args) for item in made] == [("get_weather", {"place": place})] * (2 if parallel else 1)
    results = pairs.RESULTS[: len(made)]
    answers = [
        types.Part(function_response=types.FunctionResponse(id=item.id, name=item.name, response={"result": result}))
        for item, result in zip(made, results, strict=True)
    ]
    second = ask(call, upstream, [asked, first.candidates[0].content, turn(*answers)], stream, **TOOLS)
    assert (text(second), finish(second)) == (pairs.tool_answer(results), "STOP")
    for row in call.rows(2):
        check_row(row, upstream, stream=stream)


@every_form
@every_upstream
def test_a_chat_that_calls_functions_itself(call: Call, upstream: Upstream, stream: bool) -> None:
    """The client's own loop: it makes a declaration of a Python function, calls it and sends the result."""
    asked: list[str] = []

    def get_weather(place: str) -> str:
        """The weather at a place."""
        asked.append(place)
        return "7 degrees"

    config: Any = {"tools": [get_weather], "max_output_tokens": 999}
    chat = call.google().chats.create(model=upstream.model, config=config)
    answers = chat.send_message_stream(pairs.WEATHER) if stream else [chat.send_message(pairs.WEATHER)]
    said = "".join(answer.text or "" for answer in answers)
    assert asked == ["Rome"]
    assert said == pairs.tool_answer(["7 degrees"])
    # The client declares what the function returns, too; only Gemini reads that.
    lost = [] if upstream.dialect == "gemini" else ["tools[0].functionDeclarations[0].responseJsonSchema: dropped"]
    for row in call.rows(2):
        check_row(row, upstream, None, lost, stream)


@every_form
@every_upstream
@pytest.mark.parametrize("mode", ["ANY", "named", "NONE"])
def test_tool_choice(call: Call, upstream: Upstream, stream: bool, mode: str) -> None:
    calling: Any = {"mode": "ANY", "allowed_function_names": ["get_weather"]} if mode == "named" else {"mode": mode}
    question = pairs.WEATHER if mode == "NONE" else "Go on"
    response = ask(call, upstream, question, stream, tool_config={"function_calling_config": calling}, **TOOLS)
    assert [item.name for item in calls(response)] == {"ANY": ["get_time"], "named": ["get_weather"], "NONE": []}[mode]
    check_row(call.row(), upstream, stream=stream)


@every_form
@every_upstream
def test_pictures(call: Call, upstream: Upstream, stream: bool) -> None:
    parts: Any = [pairs.HELLO, types.Part.from_bytes(data=pairs.PNG, mime_type="image/png")]
    response = ask(call, upstream, parts, stream)
    assert text(response) == pairs.seen(upstream)
    check_row(call.row(), upstream, stream=stream)


@every_form
@every_upstream
@pytest.mark.parametrize("how", ["response_schema", "response_json_schema"])
def test_structured_output(call: Call, upstream: Upstream, stream: bool, how: str) -> None:
    schema: Any = City if how == "response_schema" else City.model_json_schema()
    response = ask(call, upstream, pairs.ABOUT_CITY, stream, response_mime_type="application/json", **{how: schema})
    assert City.model_validate_json(text(response)) == pairs.CITY
    if not stream:
        parsed = response.parsed
        assert parsed == (pairs.CITY if how == "response_schema" else json.loads(pairs.CITY.model_dump_json()))
    # OpenAI's demand a name for a schema, Claude's a schema whose objects are closed.
    became = {"gemini": [], "anthropic_messages": ["approximated"], "bedrock_converse": ["approximated"]}
    changes = became.get(upstream.dialect, ["defaulted"])
    losses = [f"generationConfig.responseMimeType: {change}" for change in changes]
    check_row(call.row(), upstream, None, losses, stream)


def thinking_lost(upstream: Upstream) -> list[str]:
    """What becomes of a budget where vendors are told in words how much to think."""
    words = upstream.dialect in {"openai_chat", "openai_responses"}
    return ["generationConfig.thinkingConfig: approximated"] if words else []


@every_form
@every_upstream
def test_thoughts_come_out_and_go_back(call: Call, upstream: Upstream, stream: bool) -> None:
    asked = turn(types.Part.from_text(text=pairs.THINK))
    first = ask(call, upstream, [asked], stream, **THINKING)
    assert text(first) == "forty-two"
    assert thoughts(first) == pairs.thought(pairs.THINK)
    expected = pairs.spent(upstream, pairs.THINK, "forty-two", thinking=thoughts(first))
    check_usage(first.usage_metadata, expected)
    again = turn(types.Part.from_text(text="Say: again"))
    second = ask(call, upstream, [asked, first.candidates[0].content, again], stream, **THINKING)
    assert text(second) == "again"
    rows = call.rows(2)
    assert (rows[0]["output_tokens"], rows[0]["reasoning_tokens"]) == (expected.output, expected.thoughts)
    for row in rows:
        check_row(row, upstream, None, thinking_lost(upstream), stream)


@every_form
@every_upstream
def test_thoughts_with_tools(call: Call, upstream: Upstream, stream: bool) -> None:
    """The upstream refuses a second turn whose signatures are not its own, unchanged."""
    asked = turn(types.Part.from_text(text=pairs.WEATHER))
    first = ask(call, upstream, [asked], stream, **TOOLS, **THINKING)
    made = calls(first)
    assert [item.name for item in made] == ["get_weather"]
    response = types.FunctionResponse(id=made[0].id, name=made[0].name, response={"result": "7 degrees"})
    turns = [asked, first.candidates[0].content, turn(types.Part(function_response=response))]
    second = ask(call, upstream, turns, stream, **TOOLS, **THINKING)
    assert text(second) == pairs.tool_answer(["7 degrees"])
    for row in call.rows(2):
        check_row(row, upstream, None, thinking_lost(upstream), stream)


@every_form
@every_upstream
def test_the_limit_of_tokens(call: Call, upstream: Upstream, stream: bool) -> None:
    response = ask(call, upstream, pairs.LONG, stream, max_output_tokens=16)
    assert (text(response), finish(response)) == (pairs.CUT, "MAX_TOKENS")
    check_row(call.row(), upstream, stream=stream)


@every_upstream
def test_counting(call: Call, upstream: Upstream) -> None:
    counted = call.google().models.count_tokens(model=upstream.model, contents=pairs.SAY)
    assert 20 < (counted.total_tokens or 0) < 500
    row = call.row()
    assert (row["status"], row["provider"]) == (200, upstream.provider)
    assert row["path"].endswith(":countTokens")


def test_embeddings(call: Call) -> None:
    embedded = call.google().models.embed_content(model="demo-gemini-embedding", contents="hello")
    assert embedded.embeddings
    assert len(embedded.embeddings[0].values or []) == 256
    assert call.row()["status"] == 200


def test_models(call: Call) -> None:
    client = call.google()
    names = {model.name for model in client.models.list()}
    assert {f"models/{upstream.model}" for upstream in UPSTREAMS} <= names
    assert client.models.get(model="demo-claude").name == "models/demo-claude"
    with pytest.raises(errors.ClientError) as raised:
        client.models.get(model="demo-nothing")
    assert (raised.value.code, raised.value.status) == (404, "NOT_FOUND")


@every_upstream
def test_what_got_lost_is_said_or_refused(call: Call, upstream: Upstream) -> None:
    lossy = upstream.dialect in {"openai_responses", "anthropic_messages", "bedrock_converse"}
    assert text(ask(call, upstream, pairs.THINK, False, seed=7)) == "forty-two"
    strict: Any = {"headers": {"x-gateway-strict": "true"}}
    if lossy:
        with pytest.raises(errors.ClientError, match="seed") as raised:
            ask(call, upstream, pairs.THINK, False, seed=7, http_options=strict)
        assert (raised.value.code, raised.value.status) == (400, "INVALID_ARGUMENT")
    else:
        ask(call, upstream, pairs.THINK, False, seed=7, http_options=strict)
    rows = call.rows(2)
    lost = ["generationConfig.seed: dropped"] if lossy else []
    check_row(rows[0], upstream, None, lost)
    assert rows[1]["status"] == (400 if lossy else 200)
