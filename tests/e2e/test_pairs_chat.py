"""The official `openai` client's Chat Completions through each door, in front of every dialect an upstream speaks."""

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
    {"type": "function", "function": {"name": name, "description": about, "parameters": schema}}
    for name, about, schema in pairs.TOOLS
]


def said(text: str, system: str = "") -> list[Any]:
    """A conversation of one question."""
    before = [{"role": "system", "content": system}] if system else []
    return [*before, {"role": "user", "content": text}]


def ask(call: Call, upstream: Upstream, messages: list[Any], stream: bool, **more: Any) -> Any:
    """The whole completion, streamed through the client's own accumulator or not."""
    client = call.openai()
    asked = {"model": upstream.model, "messages": messages, "max_tokens": pairs.room(upstream), **more}
    if not stream:
        return client.chat.completions.create(**asked)
    with client.chat.completions.stream(**asked, stream_options={"include_usage": True}) as events:
        for _event in events:
            pass
        return events.get_final_completion()


def check_usage(usage: Any, expected: Spent) -> None:
    """The client's fields say what the upstream counted."""
    assert (usage.prompt_tokens, usage.completion_tokens) == (expected.input, expected.output)
    assert usage.total_tokens == expected.input + expected.output
    assert usage.prompt_tokens_details.cached_tokens == expected.cached
    assert usage.completion_tokens_details.reasoning_tokens == expected.thoughts


@every_form
@every_upstream
def test_text(call: Call, upstream: Upstream, stream: bool) -> None:
    answer = ask(call, upstream, said(pairs.SAY, pairs.SYSTEM), stream)
    choice = answer.choices[0]
    assert (choice.message.content, choice.finish_reason, choice.message.role) == (pairs.TEXT, "stop", "assistant")
    assert not choice.message.tool_calls
    assert answer.object == "chat.completion"
    assert answer.created > 1_700_000_000
    expected = pairs.spent(upstream, pairs.SAY, pairs.TEXT, pairs.SYSTEM)
    check_usage(answer.usage, expected)
    check_row(call.row(), upstream, expected, stream=stream)


@every_form
@every_upstream
@pytest.mark.parametrize("parallel", [False, True], ids=["one", "parallel"])
def test_tools_over_two_turns(call: Call, upstream: Upstream, stream: bool, parallel: bool) -> None:
    question, place = (pairs.TWICE, "Oslo") if parallel else (pairs.WEATHER, "Rome")
    first = ask(call, upstream, said(question), stream, tools=TOOLS)
    made = first.choices[0].message.tool_calls
    assert first.choices[0].finish_reason == "tool_calls"
    assert [(part.function.name, json.loads(part.function.arguments)) for part in made] == [
        ("get_weather", {"place": place})
    ] * (2 if parallel else 1)
    assert len({part.id for part in made}) == len(made)
    results = pairs.RESULTS[: len(made)]
    turns = [
        *said(question),
        first.choices[0].message.model_dump(exclude_none=True, include={"role", "content", "tool_calls"}),
        *({"role": "tool", "tool_call_id": part.id, "content": text} for part, text in zip(made, results, strict=True)),
    ]
    second = ask(call, upstream, turns, stream, tools=TOOLS)
    assert second.choices[0].message.content == pairs.tool_answer(results)
    assert second.choices[0].finish_reason == "stop"
    for row in call.rows(2):
        check_row(row, upstream, stream=stream)


@every_form
@every_upstream
@pytest.mark.parametrize("choice", ["required", "named", "none"])
def test_tool_choice(call: Call, upstream: Upstream, stream: bool, choice: str) -> None:
    named: Any = {"type": "function", "function": {"name": "get_weather"}} if choice == "named" else choice
    answer = ask(
        call, upstream, said(pairs.WEATHER if choice == "none" else "Go on"), stream, tools=TOOLS, tool_choice=named
    )
    made = [part.function.name for part in answer.choices[0].message.tool_calls or []]
    assert made == {"required": ["get_time"], "named": ["get_weather"], "none": []}[choice]
    check_row(call.row(), upstream, stream=stream)


@every_form
@every_upstream
def test_pictures(call: Call, upstream: Upstream, stream: bool) -> None:
    url = "data:image/png;base64," + base64.b64encode(pairs.PNG).decode()
    parts = [{"type": "text", "text": pairs.HELLO}, {"type": "image_url", "image_url": {"url": url}}]
    answer = ask(call, upstream, [{"role": "user", "content": parts}], stream)
    assert answer.choices[0].message.content == pairs.seen(upstream)
    check_row(call.row(), upstream, stream=stream)


@every_form
@every_upstream
def test_structured_output(call: Call, upstream: Upstream, stream: bool) -> None:
    asked: Any = {
        "model": upstream.model,
        "messages": said(pairs.ABOUT_CITY),
        "response_format": City,
        "max_tokens": 999,
    }
    client = call.openai()
    if stream:
        with client.chat.completions.stream(**asked) as events:
            answer: Any = events.get_final_completion()
    else:
        answer = client.chat.completions.parse(**asked)
    assert answer.choices[0].message.parsed == pairs.CITY
    check_row(call.row(), upstream, stream=stream)


# Vendors that are told in tokens how much to think.
IN_TOKENS = ("anthropic_messages", "gemini")


def effort_lost(upstream: Upstream) -> list[str]:
    """What becomes of `reasoning_effort`."""
    return ["reasoning_effort: approximated"] if upstream.dialect in IN_TOKENS else []


@every_form
@every_upstream
def test_thoughts_come_out_and_go_back(call: Call, upstream: Upstream, stream: bool) -> None:
    """Open models' servers, DeepSeek and OpenRouter put thoughts into `reasoning_content`; signatures ride in `reasoning_details`."""
    first = ask(call, upstream, said(pairs.THINK), stream, reasoning_effort="high")
    message = first.choices[0].message
    assert message.content == "forty-two"
    if upstream.dialect == "openai_responses":  # shows summaries to clients that ask for them, which this one cannot
        assert not hasattr(message, "reasoning_content")
        assert message.reasoning_details[0]["signature"]
    else:
        assert message.reasoning_content == pairs.thought(pairs.THINK)
    expected = pairs.spent(upstream, pairs.THINK, "forty-two", thinking=pairs.thought(pairs.THINK))
    check_usage(first.usage, expected)
    turns = [*said(pairs.THINK), message.model_dump(exclude_none=True, exclude={"parsed"}), *said("Say: again")]
    second = ask(call, upstream, turns, stream, reasoning_effort="high")
    assert second.choices[0].message.content == "again"
    rows = call.rows(2)
    check_row(rows[0], upstream, expected, effort_lost(upstream), stream)
    check_row(rows[1], upstream, None, effort_lost(upstream), stream)


@every_form
@every_upstream
def test_thoughts_with_tools(call: Call, upstream: Upstream, stream: bool) -> None:
    """The upstream refuses a second turn whose signatures are not its own, unchanged."""
    first = ask(call, upstream, said(pairs.WEATHER), stream, tools=TOOLS, reasoning_effort="high")
    message = first.choices[0].message
    assert [part.function.name for part in message.tool_calls] == ["get_weather"]
    back = message.model_dump(exclude_none=True, exclude={"parsed"})
    for part in back["tool_calls"]:
        part["function"].pop("parsed_arguments", None)
    results = [{"role": "tool", "tool_call_id": part.id, "content": "7 degrees"} for part in message.tool_calls]
    second = ask(call, upstream, [*said(pairs.WEATHER), back, *results], stream, tools=TOOLS, reasoning_effort="high")
    assert second.choices[0].message.content == pairs.tool_answer(["7 degrees"])
    for row in call.rows(2):
        check_row(row, upstream, None, effort_lost(upstream), stream)


@every_form
@every_upstream
def test_the_limit_of_tokens(call: Call, upstream: Upstream, stream: bool) -> None:
    answer = call.openai().chat.completions.create(
        model=upstream.model,
        messages=said(pairs.LONG),
        max_tokens=16,
        stream=stream,
        **({"stream_options": {"include_usage": True}} if stream else {}),
    )
    if stream:
        chunks = list(answer)
        text = "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices)
        finish = [chunk.choices[0].finish_reason for chunk in chunks if chunk.choices][-1]
    else:
        text, finish = answer.choices[0].message.content, answer.choices[0].finish_reason
    assert (text, finish) == (pairs.CUT, "length")
    check_row(call.row(), upstream, stream=stream)


@every_form
@every_upstream
def test_stop_sequences(call: Call, upstream: Upstream, stream: bool) -> None:
    answer = ask(call, upstream, said(pairs.COUNT), stream, stop=["4"])
    lacks = upstream.dialect == "openai_responses"
    assert answer.choices[0].message.content == ("1, 2, 3, 4, 5, 6, 7, 8, 9, 10." if lacks else "1, 2, 3, ")
    assert answer.choices[0].finish_reason == "stop"
    check_row(call.row(), upstream, losses=["stop: dropped"] if lacks else [], stream=stream)


KNOBS: Any = {"seed": 7, "logit_bias": {"50256": -100}, "frequency_penalty": 0.5}
LACKED = {
    "openai_chat": [],
    "openai_responses": ["seed", "logit_bias", "frequency_penalty"],
    "anthropic_messages": ["seed", "logit_bias", "frequency_penalty"],
    "gemini": ["logit_bias"],
    "bedrock_converse": ["seed", "logit_bias", "frequency_penalty"],
}


@every_upstream
def test_what_got_lost_is_said(call: Call, upstream: Upstream) -> None:
    raw = call.openai().chat.completions.with_raw_response.create(
        model=upstream.model, messages=said(pairs.THINK), max_tokens=99, **KNOBS
    )
    lacked = LACKED[upstream.dialect]
    told = {entry.strip() for entry in raw.headers.get("x-gateway-losses", "").split(",") if entry}
    losses = [f"{name}: dropped" for name in lacked]
    assert told == {loss.replace(": ", ";") for loss in losses}
    check_row(call.row(), upstream, losses=losses)


@every_upstream
def test_strict_refuses_instead(call: Call, upstream: Upstream) -> None:
    create = call.openai().chat.completions.create
    asked: Any = {"model": upstream.model, "messages": said(pairs.THINK), "extra_headers": {"x-gateway-strict": "true"}}
    assert create(**asked).choices[0].message.content == "forty-two", "a default is no loss"
    lacked = LACKED[upstream.dialect]
    if not lacked:
        assert create(**asked, **KNOBS).choices[0].message.content == "forty-two"
        assert [row["status"] for row in call.rows(2)] == [200, 200]
        return
    with pytest.raises(openai.BadRequestError) as raised:
        create(**asked, **KNOBS)
    assert raised.value.param in lacked
    assert [row["status"] for row in call.rows(2)] == [200, 400]
