"""A day with the hub's own paths: somebody registers, an administrator adds a key, a request is answered, logs and figures tell of it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest
from tests.e2e.doors import Call, Door
from tests.e2e.local_stack import LocalStack
from tests.upstream.background import BackgroundUpstream
from tests.upstream.steps import JSON, reply

PASSWORD = "a good long pass phrase"
ANSWER = (
    b'{"id":"c","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"Hello"},\
"finish_reason":"stop"}],"usage":{"prompt_tokens":12,"completion_tokens":18,"total_tokens":30}}'
)


@contextmanager
def hub(stack: LocalStack, username: str, password: str) -> Iterator[httpx.Client]:
    """A client that signed in by the hub's path."""
    with httpx.Client(base_url=stack.url, timeout=20.0) as client:
        told = client.post("/v1/auth/login", json={"username": username, "password": password}).raise_for_status()
        assert told.json()["token_type"] == "bearer"
        client.headers["authorization"] = f"Bearer {told.json()['access_token']}"
        yield client


def _until(ask: Callable[[], Any], what: str) -> Any:
    """What `ask` gives once it is anything: configuration and figures arrive within seconds."""
    deadline = time.monotonic() + 20
    while not (found := ask()):
        assert time.monotonic() < deadline, what
        time.sleep(0.1)
    return found


@pytest.fixture
def settled(stack: LocalStack, addresses: Any) -> Iterator[None]:
    """A provider at the test's upstream, and `smart` on it. Gone again afterwards."""
    with stack.admin() as admin:
        provider = {
            "id": "hub-story",
            "kind": "openai_compatible",
            "base_url": addresses.upstream,
            "allow_private": True,
        }
        admin.post("/api/admin/providers", json=provider).raise_for_status()
        route = {"id": "smart", "targets": [{"provider": "hub-story", "model": "hub-story-model"}]}
        admin.post("/api/admin/routes", json=route).raise_for_status()
        yield
        admin.delete("/api/admin/routes/smart").raise_for_status()
        admin.delete("/api/admin/providers/hub-story").raise_for_status()


def test_register_sign_in_add_a_key_chat_and_see_it(
    stack: LocalStack, local_door: Door, upstream: BackgroundUpstream, settled: None
) -> None:
    with httpx.Client(base_url=stack.url, timeout=20.0) as nobody:
        body = {"username": "hub-kim", "password": PASSWORD, "email": "kim@example.com"}
        made = nobody.post("/v1/auth/register", json=body).raise_for_status().json()
        assert (made["role"], made["is_active"], made["last_login"]) == ("user", True, None)
        again = nobody.post("/v1/auth/register", json=body)
        assert (again.status_code, set(again.json())) == (400, {"error", "detail"})
    with hub(stack, "hub-kim", PASSWORD) as kim, hub(stack, "admin", stack.secrets.admin_password) as boss:
        assert kim.get("/v1/auth/me").json()["last_login"] >= made["created_at"]
        assert kim.get("/v1/admin/keys").status_code == 403
        assert kim.get("/v1/admin/logs").json() == []
        given = {"provider": "hub-story", "key_value": stack.secrets.provider_key, "name": "Of the story"}
        key = boss.post("/v1/admin/keys", json={**given, "daily_quota": 500_000}).raise_for_status().json()
        assert stack.secrets.provider_key not in str(boss.get("/v1/admin/keys").json())
        virtual = {"name": "Kim's program", "user_id": made["id"]}
        secret = boss.post("/api/admin/keys", json=virtual).raise_for_status().json()["secret"]
        call = local_door.call()
        upstream.add(reply(200, ANSWER, JSON), model="hub-story-model")
        _chats(call, secret)
        (row,) = (one for one in kim.get("/v1/admin/logs").json() if one["total_tokens"])
        assert (row["model"], row["provider"], row["total_tokens"]) == ("smart", "hub-story", 30)
        assert row["api_key_id"] is None
        seen = next(one for one in boss.get("/v1/admin/logs").json() if one["id"] == row["id"])
        assert seen["api_key_id"] == key["id"]
        stats = _until(lambda: _counted(kim), "the figures did not arrive")
        assert stats["total_tokens"] == 30
        assert stats["model_share"][0]["value"] == 100.0
        assert stats["avg_latency"] > 0
        assert stats["usage_data"][-1]["tokens"] == 30
        assert boss.get("/v1/admin/stats").json()["total_requests"] >= 1
        gone = boss.delete(f"/v1/admin/keys/{key['id']}")
        assert gone.json() == {"status": "success", "message": "Key deleted"}


def _chats(call: Call, secret: str) -> None:
    """One answer, as soon as the gateway knows the key and the route."""
    body = {"model": "smart", "messages": [{"role": "user", "content": "Hi"}], "max_tokens": 512}
    with call.http(secret) as client:
        assert _until(lambda: b"hub-story" in _planned(client, body), "the route did not arrive")
        told = client.post("/v1/chat", json=body)
        assert told.status_code == 200, told.text
        assert told.json()["model"] == "smart"
        assert told.json()["choices"][0]["message"]["content"] == "Hello"
    call.door.rows.expected[call.agent] = -1  # waiting for the configuration left rows of its own


def _planned(client: httpx.Client, body: dict[str, Any]) -> bytes:
    return client.post("/v1/chat", json=body, headers={"x-gateway-dry-run": "true"}).content


def _counted(client: httpx.Client) -> Any:
    told = client.get("/v1/admin/stats").raise_for_status().json()
    return told if told["total_tokens"] else None
