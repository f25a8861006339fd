"""Ways around guardrails, and that they lead nowhere: texts that a provider may read and that were not looked at."""

from __future__ import annotations

import json
from typing import Any

import pytest
from tests.exchange.guarded import MAIL, SAID, answer, asking, guarded, pii
from tests.exchange.kit import KEY
from tests.upstream.server import Upstream
from tests.upstream.steps import JSON, reply

from gateway.neutral.guardrails import Guardrail

AUTH = ("authorization", f"Bearer {KEY}")


@pytest.mark.parametrize(
    "raw",
    [
        b'{"model": "r-openai_chat", "messages": [{"role": "user", "content": "a falcon", "content": "no"}]}',
        b'{"model": "r-openai_chat", "messages": [{"role": "user", "content": "no", "c\\u006fntent": "a falcon"}]}',
        b'{"model": "r-openai_chat", "messages": [' + b"[" * 1_010 + b"1" + b"]" * 1_010 + b"]}",
    ],
)
async def test_a_text_that_others_may_read_in_another_way_is_refused(raw: bytes, upstream: Upstream) -> None:
    door = guarded(upstream, Guardrail("d", "deny", keywords=("falcon",)))
    answer = await door.ask("POST", "/v1/chat/completions", raw)
    assert answer.status == 400
    assert "messages" in answer.body.decode() or "twice" in answer.body.decode()
    assert upstream.journal == []


@pytest.mark.parametrize(
    "spoil",
    [
        {"headers": [("x-gateway-strict", "perhaps")]},
        {"raw": b'{"messages": [{"role": "user", "content": "jane.doe@example.org"}]}'},
        {
            "raw": b'{"model": "r-openai_chat", "messages": [{"role": "user", "content": "jane.doe@example.org", "content": ""}]}'
        },
        {"headers": [("idempotency-key", "k")], "times": 2},
    ],
)
async def test_no_log_keeps_a_text_that_no_guardrail_has_read(spoil: dict[str, Any], upstream: Upstream) -> None:
    door = guarded(upstream, pii("mask"))
    target, body = asking("openai_chat", SAID)
    for _ in range(spoil.get("times", 1)):
        upstream.add(reply(200, answer("openai_chat", "Hello."), JSON))
        await door.ask("POST", target, spoil.get("raw", body), [AUTH, *spoil.get("headers", [])])
    assert len(door.logs.rows) == spoil.get("times", 1)
    assert MAIL not in repr(door.logs.rows)


async def test_a_log_keeps_what_no_guardrail_has_to_read_and_what_they_have_read(upstream: Upstream) -> None:
    door = guarded(upstream, pii("annotate"))
    upstream.add(*[reply(200, answer("openai_chat", "Hello."), JSON)] * 2)
    target, body = asking("openai_chat", SAID)
    await door.ask("POST", target, body)
    await door.ask("POST", target, {**body, "model": "oai/up-chat"})
    assert all(SAID in (row.request_body or "") for row in door.logs.rows)


@pytest.mark.parametrize("client", ["openai_chat", "anthropic_messages", "gemini"])
@pytest.mark.parametrize(("action", "code"), [("mask", 400), ("block", 400), ("annotate", 200)])
async def test_what_is_too_deep_to_be_written_again_is_refused_with_a_reason(
    client: str, action: str, code: int, upstream: Upstream
) -> None:
    upstream.add(reply(200, answer(client, "Hello."), JSON))
    target, body = asking(client, SAID)
    name = "contents" if client == "gemini" else "messages"
    deep: Any = "a word"
    for _ in range(400):
        deep = [deep]
    written = json.dumps({**body, name: [*body[name], {"role": "user", "content": deep}]}).encode()
    heard = await guarded(upstream, pii(action)).ask("POST", target, written)
    assert heard.status == code, heard.body
    if action == "mask":
        assert f"'{name}' is nested too deeply" in heard.json()["error"]["message"]
    assert MAIL.encode() not in heard.body
