"""Guardrails as the official clients meet them: a refusal, an answer that was filtered, words that were masked on the way in and out."""

from __future__ import annotations

import json

import anthropic
import httpx
import openai
import pytest
from google.genai import errors as google
from tests.e2e.doors import Call
from tests.exchange.guarded import MAIL, MASKED, SAID, answer, stream
from tests.upstream.background import BackgroundUpstream
from tests.upstream.steps import JSON, events, reply

FALCON = "Tell me about Project Falcon."


def _speaks(upstream: BackgroundUpstream, client: str, text: str) -> None:
    """The upstream says a text, whole or as a stream that parts within it."""
    whole, streamed = reply(200, answer(client, text), JSON), events(stream(client, text[:15], text[15:]))
    if client == "gemini":
        upstream.add(whole, path="/v1beta/models/scripted:generateContent", method="POST")
        upstream.add(streamed, path="/v1beta/models/scripted:streamGenerateContent", method="POST")
    else:
        upstream.add(lambda asked: streamed if asked.json().get("stream") else whole, model="scripted")


def _asked(upstream: BackgroundUpstream) -> str:
    return upstream.journal[-1].body.decode()


def _found(call: Call) -> list[tuple[str, str, str]]:
    """What the guardrails found, as the row has it; and what was found stands nowhere in it."""
    row = call.row()
    assert MAIL not in str(row)
    return [(one["guardrail"], one["stage"], one["action"]) for one in json.loads(row["guardrails"])]


def _each_has_verdicts(call: Call, count: int) -> None:
    assert all(json.loads(row["guardrails"]) for row in call.rows(count))


BOTH = [("mail-masked", "input", "mask"), ("mail-masked", "output", "mask")]


def test_openai(call: Call, upstream: BackgroundUpstream) -> None:
    client = call.openai().chat.completions
    _speaks(upstream, "openai_chat", SAID)
    said = [{"role": "user", "content": SAID}]
    whole = client.create(model="guarded-chat", messages=said)  # type: ignore[arg-type]
    assert (whole.choices[0].message.content, whole.choices[0].finish_reason) == (MASKED, "stop")
    assert MASKED in _asked(upstream)
    assert _found(call) == BOTH
    told = client.create(model="guarded-chat", messages=said, stream=True)  # type: ignore[arg-type]
    assert "".join(chunk.choices[0].delta.content or "" for chunk in told if chunk.choices) == MASKED

    calls = len(upstream.journal)
    with pytest.raises(openai.BadRequestError) as refused:
        client.create(model="guarded-chat", messages=[{"role": "user", "content": FALCON}])
    assert (refused.value.code, refused.value.param) == ("guardrail_blocked", None)
    assert "Not that project." in refused.value.message
    assert refused.value.response.headers["x-gateway-guardrails"] == "falcon;block"
    assert len(upstream.journal) == calls

    _speaks(upstream, "openai_chat", FALCON)
    filtered = client.create(model="guarded-chat", messages=[{"role": "user", "content": "hi"}])
    assert (filtered.choices[0].message.content, filtered.choices[0].finish_reason) == ("", "content_filter")
    ended = [*client.create(model="guarded-chat", messages=[{"role": "user", "content": "hi"}], stream=True)]
    assert [choice.finish_reason for chunk in ended for choice in chunk.choices][-1] == "content_filter"
    assert "Falcon" not in str(ended)
    _each_has_verdicts(call, 5)


def test_anthropic(call: Call, upstream: BackgroundUpstream) -> None:
    client = call.anthropic().messages
    _speaks(upstream, "anthropic_messages", SAID)
    whole = client.create(model="guarded-claude", max_tokens=64, messages=[{"role": "user", "content": SAID}])
    assert whole.content[0].text == MASKED  # type: ignore[union-attr]
    assert MASKED in _asked(upstream)
    assert _found(call) == BOTH
    with client.stream(model="guarded-claude", max_tokens=64, messages=[{"role": "user", "content": "hi"}]) as told:
        assert told.get_final_text() == MASKED
    with pytest.raises(anthropic.BadRequestError) as refused:
        client.create(model="guarded-claude", max_tokens=64, messages=[{"role": "user", "content": FALCON}])
    assert "Not that project." in refused.value.message
    _speaks(upstream, "anthropic_messages", FALCON)
    filtered = client.create(model="guarded-claude", max_tokens=64, messages=[{"role": "user", "content": "hi"}])
    assert (filtered.content, filtered.stop_reason) == ([], "refusal")
    with client.stream(model="guarded-claude", max_tokens=64, messages=[{"role": "user", "content": "hi"}]) as told:
        assert told.get_final_message().stop_reason == "refusal"
    _each_has_verdicts(call, 5)


def test_gemini(call: Call, upstream: BackgroundUpstream) -> None:
    client = call.google().models
    _speaks(upstream, "gemini", SAID)
    assert client.generate_content(model="guarded-gemini", contents=SAID).text == MASKED
    assert MASKED in _asked(upstream)
    assert _found(call) == BOTH
    told = client.generate_content_stream(model="guarded-gemini", contents="hi")
    assert "".join(part.text or "" for part in told) == MASKED
    with pytest.raises(google.ClientError) as refused:
        client.generate_content(model="guarded-gemini", contents=FALCON)
    assert (refused.value.code, refused.value.message) == (400, "Not that project.")
    _speaks(upstream, "gemini", FALCON)
    filtered = client.generate_content(model="guarded-gemini", contents="hi").candidates or []
    assert [str(one.finish_reason) for one in filtered] == ["FinishReason.SAFETY"]
    last = [*client.generate_content_stream(model="guarded-gemini", contents="hi")][-1].candidates or []
    assert [str(one.finish_reason) for one in last] == ["FinishReason.SAFETY"]
    _each_has_verdicts(call, 5)


def test_no_header_and_no_member_switches_one_off(call: Call, upstream: BackgroundUpstream) -> None:
    body = {
        "model": "guarded-chat",
        "messages": [{"role": "user", "content": FALCON}],
        "guardrails": [],
        "metadata": {"guardrails": "off"},
    }
    calls = len(upstream.journal)
    with call.http() as client:
        told: httpx.Response = client.post(
            "/v1/chat/completions", json=body, headers={"x-gateway-guardrails": "off", "x-gateway-cache": "off"}
        )
    assert (told.status_code, told.json()["error"]["code"]) == (400, "guardrail_blocked")
    assert len(upstream.journal) == calls
