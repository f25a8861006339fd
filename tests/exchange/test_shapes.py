"""Shapes that are Chat Completions behind the door: unified completions, `/v1/chat`; and the relays of text completions, moderations, reranking."""

from __future__ import annotations

import json
from typing import Any

import pytest
from tests.exchange.fleet import ROUTE, fleet, provider, release
from tests.exchange.kit import KEY, Door
from tests.upstream.server import Upstream
from tests.upstream.steps import EVENTS, JSON, cut, events, pieces, reply

ANSWER = {
    "id": "chatcmpl-1",
    "object": "chat.completion",
    "created": 1,
    "model": "up-chat",
    "choices": [{"index": 0, "message": {"role": "assistant", "content": "Hello"}, "finish_reason": "stop"}],
    "usage": {"prompt_tokens": 1000, "completion_tokens": 500, "total_tokens": 1500},
}
ASK = {"model": "chat-model", "messages": [{"role": "user", "content": "Hi"}]}


def stream(*chunks: dict[str, Any], end: bool = True) -> bytes:
    data = [json.dumps({"id": "c", "model": "up-chat", **chunk}) for chunk in chunks]
    return "".join(f"data: {one}\n\n" for one in [*data, *(["[DONE]"] if end else [])]).encode()


def delta(text: str, finish: str | None = None) -> dict[str, Any]:
    return {"choices": [{"index": 0, "delta": {"content": text}, "finish_reason": finish}]}


STREAM = stream(delta("Hel"), delta("lo", "stop"), {"choices": [], "usage": ANSWER["usage"]})


def data_of(body: bytes) -> list[Any]:
    found = [line[6:] for line in body.decode().split("\n") if line.startswith("data: ")]
    return [one if one == "[DONE]" else json.loads(one) for one in found]


async def test_a_unified_answer_tells_provider_cost_and_time(door: Door, upstream: Upstream) -> None:
    upstream.add(reply(200, json.dumps(ANSWER).encode(), JSON))
    heard = await door.ask(
        "POST",
        "/v1/completions",
        ASK | {"stop_sequences": ["x"], "user_id": "u1", "temperature": 0, "max_tokens": 9, "skip_cache": True},
    )
    assert heard.status == 200
    found = heard.json()
    assert found["content"] == "Hello"
    assert found["provider"] == door.row.provider
    assert found["usage"] == ANSWER["usage"]
    assert found["request_id"] == door.row.id
    assert found["finish_reason"] == "stop"
    assert found["cached"] is False
    assert found["latency_ms"] >= 0
    assert found["timestamp"].endswith("+00:00")
    assert found["cost"]["currency"] == "USD"
    assert round(found["cost"]["total_cost"] * 1e9) == door.row.cost.nano_usd
    assert found["cost"]["input_cost"] + found["cost"]["output_cost"] == pytest.approx(found["cost"]["total_cost"])
    sent = json.loads((await upstream.seen())[0].body)
    assert sent == {
        "model": "up-chat",
        "messages": ASK["messages"],
        "stop": ["x"],
        "user": "u1",
        "temperature": 0,
        "max_tokens": 9,
    }
    assert door.row.dialect == "unified"
    assert int(heard.header(b"content-length") or 0) == len(heard.body)


@pytest.mark.parametrize("path", ["/v1/completions", "/v1/completions/stream", "/v1/chat"])
async def test_the_clients_own_id_comes_back_whatever_the_provider_calls_it(
    door: Door, upstream: Upstream, path: str
) -> None:
    theirs, mine = ("x-request-id", "up"), (("authorization", f"Bearer {KEY}"), ("x-correlation-id", "t-1"))
    stream, whole = events(STREAM, (*EVENTS, theirs)), reply(200, json.dumps(ANSWER).encode(), (*JSON, theirs))
    upstream.add(stream if path.endswith("stream") else whole)
    heard = await door.ask("POST", path, ASK, headers=mine)
    assert (heard.status, heard.header(b"x-request-id"), door.row.upstream_request_id) == (200, b"t-1", "up")
    refused = await door.ask("POST", path, {}, headers=mine)
    assert (refused.status, refused.header(b"x-request-id")) == (400, b"t-1")


async def test_a_unified_answer_names_the_model_that_answered_where_a_route_was_asked(upstream: Upstream) -> None:
    door = fleet(release(provider("a", upstream.url)))
    whole, chunks = json.dumps(ANSWER | {"model": ROUTE}).encode(), STREAM.replace(b"up-chat", ROUTE.encode())
    upstream.add(reply(200, whole, JSON), events(chunks))
    heard = await door.ask("POST", "/v1/completions", ASK | {"model": ROUTE})
    assert heard.json()["model"] == "m-a"
    heard = await door.ask("POST", "/v1/completions/stream", ASK | {"model": ROUTE})
    assert {one["model"] for one in data_of(heard.body)[:-1]} == {"m-a"}


async def test_who_has_no_key_is_told_so_in_both_shapes_of_the_path(door: Door) -> None:
    """Whose shape is meant shows in the body, and nobody's body is read without a key."""
    heard = await door.ask("POST", "/v1/completions", ASK, headers=())
    assert (heard.status, set(heard.json())) == (401, {"error", "detail"})
    assert heard.json()["error"]["code"] == heard.json()["detail"]["error"] == "invalid_api_key"
    heard = await door.ask("POST", "/v1/completions", {"prompt": "x", "model": "nobody"})
    assert (heard.status, set(heard.json())) == (404, {"error"})


@pytest.mark.parametrize("size", [1, 5, 10_000])
async def test_a_unified_stream_is_reshaped_however_it_is_cut(door: Door, upstream: Upstream, size: int) -> None:
    upstream.add(events(STREAM, parts=pieces(STREAM, size)))
    heard = await door.ask("POST", "/v1/completions/stream", ASK)
    found = data_of(heard.body)
    assert found[-1] == "[DONE]"
    assert "".join(chunk["content"] for chunk in found[:-1]) == "Hello"
    assert set(found[0]) == {"id", "content", "model", "provider", "finish_reason", "usage"}
    assert found[-2]["usage"] == ANSWER["usage"]
    assert found[-3]["finish_reason"] == "stop"
    assert door.row.usage.output == 500
    assert door.row.error is None


async def test_a_unified_stream_that_breaks_ends_with_an_error_and_without_done(door: Door, upstream: Upstream) -> None:
    whole = stream(delta("Hel"), delta("lo"))
    upstream.add(cut(whole, whole.index(b"lo")))
    heard = await door.ask("POST", "/v1/completions/stream", ASK)
    found = data_of(heard.body)
    assert found[0]["content"] == "Hel"
    assert set(found[-1]) == {"error"}
    assert isinstance(found[-1]["error"], str)
    assert "[DONE]" not in found
    assert door.row.error == "upstream_reset"


@pytest.mark.parametrize(
    ("change", "param"),
    [
        ({"messages": []}, "messages"),
        ({"messages": [{"role": "user"}]}, "messages[0].content"),
        ({"messages": [{"role": "boss", "content": "x"}]}, "messages[0].role"),
        ({"messages": [{"role": "user", "content": "x", "y": 1}]}, "messages[0].y"),
        ({"stream": True}, "stream"),
        ({"api_base": "http://127.0.0.1"}, "api_base"),
        ({"provider": 5}, "provider"),
        ({"routing": []}, "routing"),
        ({"routing": {"provider": "oai"}}, "routing.provider"),
        ({"routing": {"colour": "red"}}, "routing.colour"),
        ({"routing": {"strategy": "cheapest"}}, "routing.strategy"),
        ({"routing": {"preferred_providers": ["opnai"]}}, "routing.preferred_providers"),
        ({"routing": {"exclude_providers": ["opnai"]}}, "routing.exclude_providers"),
        ({"routing": {"required_capabilities": ["vison"]}}, "routing.required_capabilities"),
        ({"provider": "opnai"}, "provider"),
        ({"skip_cache": "yes"}, "skip_cache"),
        ({"temperature": 2.1}, "temperature"),
        ({"temperature": True}, "temperature"),
        ({"top_p": -0.1}, "top_p"),
        ({"max_tokens": 0}, "max_tokens"),
        ({"max_tokens": 1.5}, "max_tokens"),
        ({"stop_sequences": "x"}, "stop_sequences"),
        ({"user_id": 5}, "user_id"),
        ({"metadata": []}, "metadata"),
        ({"messages": [{"role": "tool", "content": "x", "tool_call_id": 1}]}, "messages[0].tool_call_id"),
    ],
)
async def test_a_wrong_unified_request_names_its_field(
    door: Door, upstream: Upstream, change: dict[str, Any], param: str
) -> None:
    heard = await door.ask("POST", "/v1/completions", ASK | change)
    assert heard.status == 400
    assert heard.json()["detail"]["error"] == "invalid_request"
    assert heard.json()["detail"]["param"] == param
    assert upstream.journal == []


async def test_a_providers_refusal_is_told_in_the_unified_shape(door: Door, upstream: Upstream) -> None:
    body = {"error": {"message": "too long", "type": "invalid_request_error", "param": None, "code": "x"}}
    upstream.add(reply(400, json.dumps(body).encode(), JSON))
    heard = await door.ask("POST", "/v1/completions", ASK)
    assert heard.status == 400
    detail = heard.json()["detail"]
    assert (detail["error"], detail["message"], detail["retryable"]) == ("provider_error", "too long", False)


async def test_a_provider_that_is_named_is_asked_first_also_for_a_model_that_is_only_its_own(
    upstream: Upstream,
) -> None:
    door = fleet(release(provider("a", upstream.url), provider("b", upstream.url), strategy="cost"))
    for model, sent in ((ROUTE, "up-b"), ("unlisted", "unlisted"), ("b/unlisted", "unlisted")):
        upstream.add(reply(200, json.dumps(ANSWER).encode(), JSON))
        body = {"messages": ASK["messages"], "provider": "b", "routing": {"preferred_providers": ["a"]}}
        body |= {"metadata": {"deep": [1]}, "model": model}
        heard = await door.ask("POST", "/v1/completions", body)
        assert heard.status == 200, heard.body
        asked = json.loads(upstream.journal[-1].body)
        assert (asked["model"], set(asked)) == (sent, {"model", "messages"})
        assert heard.json()["provider"] == "b"
    upstream.add(reply(500, b"{}", JSON), reply(200, json.dumps(ANSWER).encode(), JSON))
    heard = await door.ask("POST", "/v1/completions", ASK | {"model": ROUTE, "provider": "b"})
    assert heard.json()["provider"] == "a", "it falls back to the others"


async def test_required_capabilities_are_checked(door: Door, upstream: Upstream) -> None:
    heard = await door.ask("POST", "/v1/completions", ASK | {"routing": {"required_capabilities": ["vision"]}})
    assert heard.status == 400
    assert heard.json()["detail"]["error"] == "invalid_request"
    assert upstream.journal == []


async def test_a_provider_that_is_out_of_reach_is_told_with_its_name(door: Door, upstream: Upstream) -> None:
    upstream.add(*[cut(b"", 0)] * 4)
    heard = await door.ask("POST", "/v1/completions", ASK)
    assert heard.status >= 500
    detail = heard.json()["detail"]
    assert (detail["error"], detail["provider"], detail["retryable"]) == ("provider_error", door.row.provider, True)


async def test_chat_answers_under_the_name_that_was_asked_for(door: Door, upstream: Upstream) -> None:
    upstream.add(reply(200, json.dumps(ANSWER).encode(), JSON))
    heard = await door.ask("POST", "/v1/chat", ASK | {"max_tokens": 5})
    assert heard.json() == ANSWER | {"model": "chat-model"}
    upstream.add(events(STREAM))
    heard = await door.ask("POST", "/v1/chat", ASK | {"stream": True})
    found = data_of(heard.body)
    assert {chunk["model"] for chunk in found[:-1]} == {"chat-model"}
    assert found[-1] == "[DONE]"
    heard = await door.ask("POST", "/v1/chat", ASK | {"tools": []})
    assert heard.status == 400
    assert heard.json()["error"]["param"] == "tools"
    assert heard.json()["detail"] == heard.json()["error"]["message"]


async def test_errors_of_chat_have_a_detail(door: Door, upstream: Upstream) -> None:
    body = {"error": {"message": "too long", "type": "invalid_request_error", "param": None, "code": "x"}}
    upstream.add(reply(400, json.dumps(body).encode(), JSON))
    heard = await door.ask("POST", "/v1/chat", ASK)
    assert (heard.status, heard.json()) == (400, body | {"detail": "too long"})
    heard = await door.ask("POST", "/v1/chat", ASK, headers=())
    assert (heard.status, set(heard.json())) == (401, {"error", "detail"})
    whole = stream(delta("Hel"), delta("lo"))
    upstream.add(cut(whole, whole.index(b"lo")))
    heard = await door.ask("POST", "/v1/chat", ASK | {"stream": True})
    assert set(data_of(heard.body)[-1]) == {"error", "detail"}


@pytest.mark.parametrize("path", ["/v1/providers/nobody/health", "/v1/completions/stream"])
async def test_what_is_not_there_is_told_in_the_unified_shape(door: Door, path: str) -> None:
    heard = await door.ask("GET", path)
    assert heard.status in {404, 405}
    assert set(heard.json()) == {"detail"}
    assert {"error", "message"} <= set(heard.json()["detail"])


async def test_text_completions_pass_untouched(door: Door, upstream: Upstream) -> None:
    answer = {"id": "cmpl", "choices": [{"text": "Hello", "index": 0}], "usage": ANSWER["usage"]}
    upstream.add(reply(200, json.dumps(answer).encode(), JSON))
    heard = await door.ask("POST", "/v1/completions", {"model": "chat-model", "prompt": "Say hello"})
    assert heard.body == json.dumps(answer).encode()
    sent = (await upstream.seen())[0]
    assert sent.target.endswith("/v1/completions")
    assert door.logs.rows[-1].usage.output == 500
    raw = stream(
        {"choices": [{"text": "He"}]}, {"choices": [{"text": "llo"}]}, {"choices": [], "usage": ANSWER["usage"]}
    )
    upstream.add(events(raw))
    heard = await door.ask("POST", "/v1/completions", {"model": "chat-model", "prompt": "x", "stream": True})
    assert b'"usage"' not in heard.body
    assert [one["choices"][0]["text"] for one in data_of(heard.body)[:-1]] == ["He", "llo"]
    assert door.logs.rows[-1].usage.output == 500


async def test_moderations_and_reranking_are_counted(door: Door, upstream: Upstream) -> None:
    upstream.add(reply(200, b'{"id":"m","model":"x","results":[{"flagged":false}]}', JSON))
    heard = await door.ask("POST", "/v1/moderations", {"model": "embed-model", "input": "hello there"})
    assert heard.status == 200
    assert door.logs.rows[-1].usage.source == "estimated"
    assert door.logs.rows[-1].usage.fresh > 0
    answer = b'{"results":[{"index":0,"relevance_score":0.9}],"meta":{"billed_units":{"input_tokens":42}}}'
    upstream.add(reply(200, answer, JSON))
    body = {"model": "embed-model", "query": "q", "documents": ["a", "b"]}
    heard = await door.ask("POST", "/v1/rerank", body)
    assert heard.body == answer
    assert door.logs.rows[-1].usage.fresh == 42
    for wrong in ({"query": ""}, {"documents": []}, {"query": None}):
        assert (await door.ask("POST", "/v1/rerank", body | wrong)).status == 400


@pytest.mark.parametrize(("path", "theirs"), [("/v1/completions/stream", b'"choices"'), ("/v1/chat", b"up-chat")])
async def test_a_stream_is_one_however_its_type_is_spelled(
    door: Door, upstream: Upstream, path: str, theirs: bytes
) -> None:
    upstream.add(reply(200, STREAM, (("content-type", "Text/Event-Stream; Charset=UTF-8"),)))
    heard = await door.ask("POST", path, ASK | ({"stream": True} if path == "/v1/chat" else {}))
    assert b"Hel" in heard.body
    assert theirs not in heard.body
