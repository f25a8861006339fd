"""The official `anthropic` client through each door, in front of every dialect an upstream speaks."""

from __future__ import annotations

import base64
from typing import Any

import anthropic
import pytest
from tests.e2e import pairs
from tests.e2e.doors import Call
from tests.e2e.pairs import UPSTREAMS, City, Spent, Upstream, check_row

every_upstream = pytest.mark.parametrize("upstream", UPSTREAMS, ids=lambda upstream: upstream.dialect)
every_form = pytest.mark.parametrize("stream", [False, True], ids=["whole", "stream"])
TOOLS: Any = [{"name": name, "description": about, "input_schema": schema} for name, about, schema in pairs.TOOLS]
THINKING: Any = {"thinking": {"type": "enabled", "budget_tokens": 2048}}


def said(content: Any) -> list[Any]:
    """A conversation of one question."""
    return [{"role": "user", "content": content}]


def ask(call: Call, upstream: Upstream, messages: list[Any], stream: bool, **more: Any) -> Any:
    """The whole message, streamed through the client's own accumulator or not."""
    client = call.anthropic()
    asked = {"model": upstream.model, "messages": messages, "max_tokens": pairs.room(upstream), **more}
    if not stream:
        return client.messages.create(**asked)
    with client.messages.stream(**asked) as events:
        for _event in events:
            pass
        return events.get_final_message()


def blocks(message: Any, kind: str) -> list[Any]:
    """The blocks of one type."""
    return [block for block in message.content if block.type == kind]


def text(message: Any) -> str:
    """All text of a message."""
    return "".join(block.text for block in blocks(message, "text"))


def back(message: Any) -> dict[str, Any]:
    """The message as it goes into the next request."""
    content = [block.model_dump(exclude_none=True, mode="json") for block in message.content]
    for block in content:
        block.pop("parsed_output", None)
        block.pop("__json_buf", None)
    return {"role": "assistant", "content": content}


def check_usage(usage: Any, expected: Spent) -> None:
    """The client's fields say what the upstream counted."""
    assert (usage.input_tokens, usage.output_tokens) == (expected.input - expected.cached, expected.output)
    assert (usage.cache_read_input_tokens or 0) == expected.cached


@every_form
@every_upstream
def test_text(call: Call, upstream: Upstream, stream: bool) -> None:
    message = ask(call, upstream, said(pairs.SAY), stream, system=pairs.SYSTEM)
    assert (text(message), message.stop_reason, message.role) == (pairs.TEXT, "end_turn", "assistant")
    assert [block.type for block in message.content] == ["text"]
    expected = pairs.spent(upstream, pairs.SAY, pairs.TEXT, pairs.SYSTEM)
    check_usage(message.usage, expected)
    check_row(call.row(), upstream, expected, stream=stream)


@every_form
@every_upstream
@pytest.mark.parametrize("parallel", [False, True], ids=["one", "parallel"])
def test_tools_over_two_turns(call: Call, upstream: Upstream, stream: bool, parallel: bool) -> None:
    question, place = (pairs.TWICE, "Oslo") if parallel else (pairs.WEATHER, "Rome")
    first = ask(call, upstream, said(question), stream, tools=TOOLS)
    made = blocks(first, "tool_use")
    assert first.stop_reason == "tool_use"
    assert [(block.name, block.input) for block in made] == [("get_weather", {"place": place})] * (2 if parallel else 1)
    assert len({block.id for block in made}) == len(made)
    results = pairs.RESULTS[: len(made)]
    answers = [
        {"type": "tool_result", "tool_use_id": block.id, "content": text}
        for block, text in zip(made, results, strict=True)
    ]
    second = ask(call, upstream, [*said(question), back(first), *said(answers)], stream, tools=TOOLS)
    assert (text(second), second.stop_reason) == (pairs.tool_answer(results), "end_turn")
    for row in call.rows(2):
        check_row(row, upstream, stream=stream)


@every_form
@every_upstream
@pytest.mark.parametrize("choice", ["any", "tool", "none"])
def test_tool_choice(call: Call, upstream: Upstream, stream: bool, choice: str) -> None:
    named: Any = {"type": choice, **({"name": "get_weather"} if choice == "tool" else {})}
    question = pairs.WEATHER if choice == "none" else "Go on"
    message = ask(call, upstream, said(question), stream, tools=TOOLS, tool_choice=named)
    made = [block.name for block in blocks(message, "tool_use")]
    assert made == {"any": ["get_time"], "tool": ["get_weather"], "none": []}[choice]
    check_row(call.row(), upstream, stream=stream)


@every_form
@every_upstream
def test_pictures(call: Call, upstream: Upstream, stream: bool) -> None:
    source = {"type": "base64", "media_type": "image/png", "data": base64.b64encode(pairs.PNG).decode()}
    content = [{"type": "text", "text": pairs.HELLO}, {"type": "image", "source": source}]
    message = ask(call, upstream, said(content), stream)
    assert text(message) == pairs.seen(upstream)
    check_row(call.row(), upstream, stream=stream)


@every_form
@every_upstream
def test_structured_output(call: Call, upstream: Upstream, stream: bool) -> None:
    client = call.anthropic()
    asked: Any = {"model": upstream.model, "messages": said(pairs.ABOUT_CITY), "max_tokens": 999, "output_format": City}
    if stream:
        with client.messages.stream(**asked) as events:
            for _event in events:
                pass
            message: Any = events.get_final_message()
    else:
        message = client.messages.parse(**asked)
    assert message.parsed_output == pairs.CITY
    # OpenAI's demand a name for a schema; this client has none.
    named = ["output_config.format: defaulted"] if upstream.dialect in {"openai_chat", "openai_responses"} else []
    check_row(call.row(), upstream, None, named, stream)


def thinking_lost(upstream: Upstream, *, text: bool) -> list[str]:
    """What becomes of a budget where vendors are told in words how much to think, and of the signature behind Gemini's text."""
    if upstream.dialect == "gemini":
        return ["signature: dropped"] if text else []
    words = upstream.dialect in {"openai_chat", "openai_responses"}
    return ["thinking: approximated"] if words else []


@every_form
@every_upstream
def test_thoughts_come_out_and_go_back(call: Call, upstream: Upstream, stream: bool) -> None:
    first = ask(call, upstream, said(pairs.THINK), stream, **THINKING)
    assert text(first) == "forty-two"
    assert "".join(block.thinking for block in blocks(first, "thinking")) == pairs.thought(pairs.THINK)
    assert first.content[0].type == "thinking"
    expected = pairs.spent(upstream, pairs.THINK, "forty-two", thinking=pairs.thought(pairs.THINK))
    check_usage(first.usage, expected)
    turns = [*said(pairs.THINK), back(first), *said("Say: again")]
    second = ask(call, upstream, turns, stream, **THINKING)
    assert text(second) == "again"
    rows = call.rows(2)
    assert (rows[0]["output_tokens"], rows[0]["reasoning_tokens"]) == (expected.output, expected.thoughts)
    for row in rows:
        check_row(row, upstream, None, thinking_lost(upstream, text=True), stream)


@every_form
@every_upstream
def test_thoughts_with_tools(call: Call, upstream: Upstream, stream: bool) -> None:
    """The upstream refuses a second turn whose signatures are not its own, unchanged."""
    first = ask(call, upstream, said(pairs.WEATHER), stream, tools=TOOLS, **THINKING)
    made = blocks(first, "tool_use")
    assert [block.name for block in made] == ["get_weather"]
    assert first.content[0].type == "thinking"
    answers = [{"type": "tool_result", "tool_use_id": made[0].id, "content": "7 degrees"}]
    second = ask(call, upstream, [*said(pairs.WEATHER), back(first), *said(answers)], stream, tools=TOOLS, **THINKING)
    assert text(second) == pairs.tool_answer(["7 degrees"])
    for row, text_came in zip(call.rows(2), (False, True), strict=True):
        check_row(row, upstream, None, thinking_lost(upstream, text=text_came), stream)


@every_form
@every_upstream
def test_the_limit_of_tokens(call: Call, upstream: Upstream, stream: bool) -> None:
    message = ask(call, upstream, said(pairs.LONG), stream, max_tokens=16)
    assert (text(message), message.stop_reason) == (pairs.CUT, "max_tokens")
    check_row(call.row(), upstream, stream=stream)


@every_form
@every_upstream
def test_stop_sequences(call: Call, upstream: Upstream, stream: bool) -> None:
    message = ask(call, upstream, said(pairs.COUNT), stream, stop_sequences=["4"])
    if upstream.dialect == "openai_responses":
        assert (text(message), message.stop_reason) == ("1, 2, 3, 4, 5, 6, 7, 8, 9, 10.", "end_turn")
        losses = ["stop_sequences: dropped"]
    else:
        told = upstream.dialect in {"anthropic_messages", "bedrock_converse"}
        assert (text(message), message.stop_reason) == ("1, 2, 3, ", "stop_sequence" if told else "end_turn")
        assert message.stop_sequence == ("4" if told else None)
        losses = []
    check_row(call.row(), upstream, None, losses, stream)


@every_upstream
def test_counting(call: Call, upstream: Upstream) -> None:
    raw = call.anthropic().messages.with_raw_response.count_tokens(
        model=upstream.model, messages=said(pairs.SAY), system=pairs.SYSTEM, tools=TOOLS
    )
    exact = upstream.dialect == "anthropic_messages"
    assert raw.headers.get("x-gateway-token-count") == (None if exact else "estimated")
    assert 60 < raw.parse().input_tokens < 700
    row = call.row()
    assert (row["status"], row["path"], row["provider"]) == (200, "/v1/messages/count_tokens", upstream.provider)


@every_upstream
def test_what_got_lost_is_said_or_refused(call: Call, upstream: Upstream) -> None:
    asked: Any = {"model": upstream.model, "messages": said(pairs.THINK), "max_tokens": 99, "extra_body": {"top_k": 40}}
    lossy = upstream.dialect == "openai_responses"
    messages = call.anthropic().messages
    raw = messages.with_raw_response.create(**asked)
    told = [entry.strip() for entry in raw.headers.get("x-gateway-losses", "").split(",") if entry]
    assert told == (["top_k;dropped"] if lossy else [])
    strict = {"x-gateway-strict": "true"}
    if lossy:
        with pytest.raises(anthropic.BadRequestError, match="top_k"):
            messages.create(**asked, extra_headers=strict)
    else:
        assert text(messages.create(**asked, extra_headers=strict)) == "forty-two"
    assert [row["status"] for row in call.rows(2)] == [200, 400 if lossy else 200]
