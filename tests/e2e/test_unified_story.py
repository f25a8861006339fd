"""A day with one API for all models: which providers there are, an answer, a stream, wishes, what it cost, the cache, and what goes wrong."""

from __future__ import annotations

import json
from typing import Any

import httpx
from tests.e2e.doors import Call
from tests.upstream.background import BackgroundUpstream
from tests.upstream.steps import JSON, events, reply

MESSAGES = [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Hi"}]
ANSWER: dict[str, Any] = {
    "id": "c",
    "object": "chat.completion",
    "created": 1,
    "model": "scripted",
    "choices": [{"index": 0, "message": {"role": "assistant", "content": "Hello"}, "finish_reason": "stop"}],
    "usage": {"prompt_tokens": 1000, "completion_tokens": 500, "total_tokens": 1500},
}


def _stream() -> bytes:
    chunks: list[dict[str, Any]] = [
        {"id": "c", "model": "scripted", "choices": [{"index": 0, "delta": {"content": text}, "finish_reason": end}]}
        for text, end in (("Hel", None), ("lo", "stop"))
    ]
    chunks.append({"id": "c", "model": "scripted", "choices": [], "usage": ANSWER["usage"]})
    return b"".join(b"data: " + json.dumps(one).encode() + b"\n\n" for one in chunks) + b"data: [DONE]\n\n"


def _detail(answer: httpx.Response, status: int) -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    assert set(answer.json()) == {"detail"}
    detail: dict[str, Any] = answer.json()["detail"]
    assert {"error", "message"} <= set(detail)
    return detail


def _words(text: str) -> set[str]:
    return set(text.split())


def test_providers_and_their_health(call: Call) -> None:
    with call.http() as client:
        listed = client.get("/v1/providers").json()
        assert listed["total"] == len(listed["providers"])
        (mine,) = (one for one in listed["providers"] if one["name"] == "up-openai")
        fields = "name display_name is_available supported_models default_model capabilities health"
        assert set(mine) == _words(fields)
        assert "chat-scripted" in mine["supported_models"]
        health = client.get("/v1/providers/up-openai/health").json()
        assert set(health) == _words("is_healthy latency_ms p50 p95 p99 success_rate error_count last_error last_check")
        assert _detail(client.get("/v1/providers/nobody/health"), 404)["error"] == "not_found"
        stats = client.get("/v1/cache/stats").json()
        assert set(stats) == _words("enabled size hits misses hit_rate evictions")
        assert client.delete("/v1/cache").status_code < 300
    call.rows(len(call.ids))


def test_an_answer_that_tells_its_provider_and_its_cost(call: Call, upstream: BackgroundUpstream) -> None:
    upstream.add(reply(200, json.dumps(ANSWER).encode(), JSON), model="scripted")
    body = {
        "messages": MESSAGES,
        "model": "chat-scripted",
        "temperature": 0.7,
        "max_tokens": 100,
        "stop_sequences": ["END"],
        "routing": {"strategy": "fallback", "preferred_providers": ["openai"], "required_capabilities": []},
        "skip_cache": True,
        "user_id": "u-1",
        "metadata": {"trace": [1]},
    }
    with call.http() as client:
        told = client.post("/v1/completions", json=body, headers={"x-correlation-id": "trace-1"})
    assert told.status_code == 200, told.text
    found = told.json()
    fields = "id content model provider usage cost latency_ms cached request_id timestamp finish_reason"
    assert set(found) == _words(fields)
    assert (found["content"], found["provider"], found["cached"]) == ("Hello", "up-openai", False)
    assert found["cost"] == {"input_cost": 0.003, "output_cost": 0.0075, "total_cost": 0.0105, "currency": "USD"}
    assert told.headers["x-request-id"] == "trace-1"
    sent = json.loads(upstream.journal[-1].body)
    assert set(sent) == {"model", "messages", "temperature", "max_tokens", "stop", "user"}
    assert call.row()["provider"] == "up-openai"


def test_a_stream_of_flat_chunks(call: Call, upstream: BackgroundUpstream) -> None:
    upstream.add(events(_stream()), model="scripted")
    with call.http() as client:
        said = client.post("/v1/completions/stream", json={"messages": MESSAGES, "model": "chat-scripted"})
    lines = [line.removeprefix("data: ") for line in said.text.split("\n") if line.startswith("data: ")]
    assert lines[-1] == "[DONE]"
    chunks = [json.loads(line) for line in lines[:-1]]
    assert "".join(one["content"] for one in chunks) == "Hello"
    assert chunks[-1]["usage"] == ANSWER["usage"]
    assert {one["provider"] for one in chunks} == {"up-openai"}
    assert call.row()["output_tokens"] == 500


def test_what_is_wrong_is_named(call: Call) -> None:
    misspelt = {"messages": MESSAGES, "model": "chat-scripted", "provider": "opnai"}
    unknown = {"messages": MESSAGES, "model": "chat-scripted", "api_base": "http://127.0.0.1"}
    with call.http() as client:
        assert _detail(client.post("/v1/completions", json=misspelt), 400)["param"] == "provider"
        assert _detail(client.post("/v1/completions", json=unknown), 400)["param"] == "api_base"
        missing = client.post("/v1/completions", json={"messages": MESSAGES, "model": "x"})
        assert _detail(missing, 404)["error"] == "model_not_found"
    with call.http(None) as nobody:
        refused = nobody.post("/v1/completions/stream", json={"messages": MESSAGES})
        assert _detail(refused, 401)["error"] == "invalid_api_key"
    call.rows(4)
