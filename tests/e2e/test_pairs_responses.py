"""The official `openai` client's Responses through each door, in front of every dialect an upstream speaks."""

from __future__ import annotations

import base64
import json
from typing import Any

import openai
import pytest
from tests.e2e import pairs
from tests.e2e.doors import Call
from tests.e2e.pairs import UPSTREAMS, City, Spent, Upstream, check_row

every_upstream = pytest.mark.parametrize("upstream", UPSTREAMS, ids=lambda upstream: upstream.dialect)
every_form = pytest.mark.parametrize("stream", [False, True], ids=["whole", "stream"])
TOOLS: Any = [
    {"type": "function", "name": name, "description": about, "parameters": schema, "strict": False}
    for name, about, schema in pairs.TOOLS
]
THINKING: Any = {"reasoning": {"effort": "high", "summary": "auto"}, "include": ["reasoning.encrypted_content"]}


def ask(call: Call, upstream: Upstream, given: Any, stream: bool, **more: Any) -> Any:
    """The whole response, streamed through the client's own accumulator or not. Nothing is stored: the gateway has no store."""
    client = call.openai()
    asked = {"model": upstream.model, "input": given, "max_output_tokens": pairs.room(upstream), "store": False, **more}
    if not stream:
        return client.responses.create(**asked)
    with client.responses.stream(**asked) as events:
        numbers = [event.sequence_number for event in events]
        if upstream.dialect != "openai_responses":  # where it is, its numbers are relayed
            assert numbers == list(range(len(numbers)))
        return events.get_final_response()


def items(response: Any, kind: str) -> list[Any]:
    """The output items of one type."""
    return [item for item in response.output if item.type == kind]


def back(response: Any) -> list[dict[str, Any]]:
    """The output as it goes into the next request."""
    found: list[dict[str, Any]] = [item.model_dump(exclude_none=True, mode="json") for item in response.output]
    for item in found:
        item.pop("parsed_arguments", None)
        item.pop("status", None)
        for part in item.get("content") or ():
            part.pop("parsed", None)
    return found


def check_usage(usage: Any, expected: Spent) -> None:
    """The client's fields say what the upstream counted."""
    assert (usage.input_tokens, usage.output_tokens) == (expected.input, expected.output)
    assert usage.total_tokens == expected.input + expected.output
    assert usage.input_tokens_details.cached_tokens == expected.cached
    assert usage.output_tokens_details.reasoning_tokens == expected.thoughts


@every_form
@every_upstream
def test_text(call: Call, upstream: Upstream, stream: bool) -> None:
    response = ask(call, upstream, pairs.SAY, stream, instructions=pairs.SYSTEM)
    assert (response.output_text, response.status, response.error) == (pairs.TEXT, "completed", None)
    assert [item.type for item in response.output] == ["message"]
    assert response.object == "response"
    turn = upstream.dialect != "openai_responses"
    expected = pairs.spent(upstream, pairs.SAY, pairs.TEXT, pairs.SYSTEM, system_turn=turn)
    check_usage(response.usage, expected)
    check_row(call.row(), upstream, expected, stream=stream)


@every_form
@every_upstream
@pytest.mark.parametrize("parallel", [False, True], ids=["one", "parallel"])
def test_tools_over_two_turns(call: Call, upstream: Upstream, stream: bool, parallel: bool) -> None:
    question, place = (pairs.TWICE, "Oslo") if parallel else (pairs.WEATHER, "Rome")
    asked = [{"role": "user", "content": question}]
    first = ask(call, upstream, asked, stream, tools=TOOLS)
    made = items(first, "function_call")
    assert first.status == "completed"
    assert [(item.name, json.loads(item.arguments)) for item in made] == [("get_weather", {"place": place})] * (
        2 if parallel else 1
    )
    assert len({item.call_id for item in made}) == len(made)
    results = pairs.RESULTS[: len(made)]
    answers = [
        {"type": "function_call_output", "call_id": item.call_id, "output": text}
        for item, text in zip(made, results, strict=True)
    ]
    second = ask(call, upstream, [*asked, *back(first), *answers], stream, tools=TOOLS)
    assert (second.output_text, second.status) == (pairs.tool_answer(results), "completed")
    for row in call.rows(2):
        check_row(row, upstream, stream=stream)


@every_form
@every_upstream
@pytest.mark.parametrize("choice", ["required", "named", "none"])
def test_tool_choice(call: Call, upstream: Upstream, stream: bool, choice: str) -> None:
    named: Any = {"type": "function", "name": "get_weather"} if choice == "named" else choice
    question = pairs.WEATHER if choice == "none" else "Go on"
    response = ask(call, upstream, question, stream, tools=TOOLS, tool_choice=named)
    made = [item.name for item in items(response, "function_call")]
    assert made == {"required": ["get_time"], "named": ["get_weather"], "none": []}[choice]
    check_row(call.row(), upstream, stream=stream)


@every_form
@every_upstream
def test_custom_tools_come_back_as_custom_calls(call: Call, upstream: Upstream, stream: bool) -> None:
    """Codex's own kind of tool, free text instead of JSON, reaches models that know functions alone."""
    tools: Any = [{"type": "custom", "name": "apply_patch", "description": "Applies a patch."}]
    question = "Please patch this: *** Begin"
    first = ask(call, upstream, [{"role": "user", "content": question}], stream, tools=tools)
    made = items(first, "custom_tool_call")
    # What a model that knows functions alone writes into the schema's one text is the custom call's input.
    wrote = question if upstream.dialect == "openai_responses" else "Begin"
    assert [(item.name, item.input) for item in made] == [("apply_patch", wrote)]
    answer = {"type": "custom_tool_call_output", "call_id": made[0].call_id, "output": "Done"}
    turns = [{"role": "user", "content": question}, *back(first), answer]
    second = ask(call, upstream, turns, stream, tools=tools)
    assert second.output_text == pairs.tool_answer(["Done"])
    lossy = upstream.dialect != "openai_responses"
    for row in call.rows(2):
        assert bool(pairs.lost(row)) == lossy
        check_row(row, upstream, None, pairs.lost(row), stream)


@every_form
@every_upstream
def test_pictures(call: Call, upstream: Upstream, stream: bool) -> None:
    url = "data:image/png;base64," + base64.b64encode(pairs.PNG).decode()
    parts = [{"type": "input_text", "text": pairs.HELLO}, {"type": "input_image", "image_url": url, "detail": "auto"}]
    response = ask(call, upstream, [{"role": "user", "content": parts}], stream)
    assert response.output_text == pairs.seen(upstream)
    check_row(call.row(), upstream, stream=stream)


@every_form
@every_upstream
def test_structured_output(call: Call, upstream: Upstream, stream: bool) -> None:
    client = call.openai()
    asked: Any = {"model": upstream.model, "input": pairs.ABOUT_CITY, "text_format": City, "store": False}
    asked["max_output_tokens"] = 999
    if stream:
        with client.responses.stream(**asked) as events:
            for _event in events:
                pass
            response: Any = events.get_final_response()
    else:
        response = client.responses.parse(**asked)
    assert response.output_parsed == pairs.CITY
    check_row(call.row(), upstream, stream=stream)


# Vendors that are told in tokens how much to think.
IN_TOKENS = ("anthropic_messages", "gemini")


def effort_lost(upstream: Upstream) -> list[str]:
    """What becomes of `reasoning`: of its effort, and of the wish for a summary."""
    if upstream.dialect == "openai_chat":
        return ["reasoning: dropped"]
    return ["reasoning: approximated"] if upstream.dialect in IN_TOKENS else []


@every_form
@every_upstream
def test_thoughts_come_out_and_go_back(call: Call, upstream: Upstream, stream: bool) -> None:
    asked = [{"role": "user", "content": pairs.THINK}]
    first = ask(call, upstream, asked, stream, **THINKING)
    assert first.output_text == "forty-two"
    # Gemini signs the last part of its text: the signature comes when the text is over.
    signed = ["reasoning"] if upstream.dialect == "gemini" else []
    assert [item.type for item in first.output] == ["reasoning", "message", *signed]
    summary = "".join(part.text for part in items(first, "reasoning")[0].summary)
    assert summary == pairs.thought(pairs.THINK)
    expected = pairs.spent(upstream, pairs.THINK, "forty-two", thinking=summary)
    check_usage(first.usage, expected)
    turns = [*asked, *back(first), {"role": "user", "content": "Say: again"}]
    second = ask(call, upstream, turns, stream, **THINKING)
    assert second.output_text == "again"
    rows = call.rows(2)
    assert (rows[0]["output_tokens"], rows[0]["reasoning_tokens"]) == (expected.output, expected.thoughts)
    for row in rows:
        check_row(row, upstream, None, effort_lost(upstream), stream)


@every_form
@every_upstream
def test_thoughts_with_tools(call: Call, upstream: Upstream, stream: bool) -> None:
    """The upstream refuses a second turn whose signatures are not its own, unchanged."""
    asked = [{"role": "user", "content": pairs.WEATHER}]
    first = ask(call, upstream, asked, stream, tools=TOOLS, **THINKING)
    made = items(first, "function_call")
    assert [item.name for item in made] == ["get_weather"]
    assert first.output[0].type == "reasoning"
    answers = [{"type": "function_call_output", "call_id": made[0].call_id, "output": "7 degrees"}]
    second = ask(call, upstream, [*asked, *back(first), *answers], stream, tools=TOOLS, **THINKING)
    assert second.output_text == pairs.tool_answer(["7 degrees"])
    for row in call.rows(2):
        check_row(row, upstream, None, effort_lost(upstream), stream)


@every_form
@every_upstream
def test_the_limit_of_tokens(call: Call, upstream: Upstream, stream: bool) -> None:
    asked: Any = {"model": upstream.model, "input": pairs.LONG, "max_output_tokens": 16, "store": False}
    response = call.openai().responses.create(**asked, stream=stream)
    if stream:
        last = list(response)[-1]
        assert last.type == "response.incomplete"
        response = last.response
    assert (response.output_text, response.status) == (pairs.CUT, "incomplete")
    assert response.incomplete_details.reason == "max_output_tokens"
    check_row(call.row(), upstream, stream=stream)


@every_upstream
def test_what_got_lost_is_said_or_refused(call: Call, upstream: Upstream) -> None:
    create = call.openai().responses.create
    asked: Any = {"model": upstream.model, "input": pairs.THINK, "store": False, "truncation": "auto"}
    asked["max_output_tokens"] = 99
    raw = create_raw(call, asked)
    told = [entry.strip() for entry in raw.headers.get("x-gateway-losses", "").split(",") if entry]
    lossy = upstream.dialect != "openai_responses"
    assert told == (["truncation;dropped"] if lossy else [])
    strict = {"x-gateway-strict": "true"}
    if lossy:
        with pytest.raises(openai.BadRequestError) as raised:
            create(**asked, extra_headers=strict)
        assert raised.value.param == "truncation"
    else:
        assert create(**asked, extra_headers=strict).output_text == "forty-two"
    rows = call.rows(2)
    check_row(rows[0], upstream, losses=["truncation: dropped"] if lossy else [])
    assert rows[1]["status"] == (400 if lossy else 200)


def create_raw(call: Call, asked: Any) -> Any:
    """The answer with its headers."""
    return call.openai().responses.with_raw_response.create(**asked)


@pytest.mark.parametrize("upstream", UPSTREAMS[:1] + UPSTREAMS[2:], ids=lambda upstream: upstream.dialect)
def test_conversations_that_only_openai_stores_are_refused(call: Call, upstream: Upstream) -> None:
    with pytest.raises(openai.BadRequestError) as raised:
        call.openai().responses.create(model=upstream.model, input="hi", previous_response_id="resp_123")
    assert raised.value.param == "previous_response_id"
    assert call.row()["status"] == 400
