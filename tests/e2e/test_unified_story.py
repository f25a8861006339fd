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


def test_one_api_for_all_models(call: Call, upstream: BackgroundUpstream) -> None:
    with call.http() as client:
        listed = client.get("/v1/providers").json()
        assert listed["total"] == len(listed["providers"])
        (mine,) = (one for one in listed["providers"] if one["name"] == "up-openai")
        assert set(mine) == set(
            "name display_name is_available supported_models default_model capabilities health".split()
        )
        assert "chat-scripted" in mine["supported_models"]
        health = client.get("/v1/providers/up-openai/health").json()
        assert set(health) == set(
            "is_healthy latency_ms p50 p95 p99 success_rate error_count last_error last_check".split()
        )
        assert _detail(client.get("/v1/providers/nobody/health"), 404)["error"] == "not_found"

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
        told = client.post("/v1/completions", json=body, headers={"x-correlation-id": "trace-1"})
        assert told.status_code == 200, told.text
        found = told.json()
        assert set(found) == set(
            "id content model provider usage cost latency_ms cached request_id timestamp finish_reason".split()
        )
        assert (found["content"], found["provider"], found["cached"]) == ("Hello", "up-openai", False)
        assert found["cost"] == {"input_cost": 0.003, "output_cost": 0.0075, "total_cost": 0.0105, "currency": "USD"}
        assert told.headers["x-request-id"] == "trace-1"
        sent = json.loads(upstream.journal[-1].body)
        assert set(sent) == {"model", "messages", "temperature", "max_tokens", "stop", "user"}

        upstream.add(events(_stream()), model="scripted")
        said = client.post("/v1/completions/stream", json={"messages": MESSAGES, "model": "chat-scripted"})
        lines = [line.removeprefix("data: ") for line in said.text.split("\n") if line.startswith("data: ")]
        assert lines[-1] == "[DONE]"
        chunks = [json.loads(line) for line in lines[:-1]]
        assert "".join(one["content"] for one in chunks) == "Hello"
        assert chunks[-1]["usage"] == ANSWER["usage"]
        assert {one["provider"] for one in chunks} == {"up-openai"}

        stats = client.get("/v1/cache/stats").json()
        assert set(stats) == set("enabled size hits misses hit_rate evictions".split())
        assert client.delete("/v1/cache").status_code < 300

        misspelt = {"messages": MESSAGES, "model": "chat-scripted", "provider": "opnai"}
        assert _detail(client.post("/v1/completions", json=misspelt), 400)["param"] == "provider"
        unknown = {"messages": MESSAGES, "model": "chat-scripted", "api_base": "http://127.0.0.1"}
        assert _detail(client.post("/v1/completions", json=unknown), 400)["param"] == "api_base"
        assert _detail(client.post("/v1/completions", json={"messages": MESSAGES, "model": "x"}), 404)["error"]
    with call.http(None) as nobody:
        refused = nobody.post("/v1/completions/stream", json={"messages": MESSAGES})
        assert _detail(refused, 401)["error"] == "invalid_api_key"
    answered = call.rows(len(call.ids))
    assert [row["status"] for row in answered if row["status"] == 200 and row.get("model")] == [200, 200]
