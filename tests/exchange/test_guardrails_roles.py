"""Whose words guardrails look at, through the door of every dialect: by default a forbidden text passes in nobody's mouth."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from tests.exchange.guarded import answer, asking, guarded
from tests.upstream.server import Upstream
from tests.upstream.steps import JSON, reply

from gateway.neutral.guardrails import Guardrail

BAD = "about project falcon"
DENY = Guardrail("no-names", "deny", keywords=("project falcon",))
JUDGE = Guardrail("kind", "moderation", model="judge")
CALL = {"id": "t1", "type": "function", "function": {"name": "f", "arguments": "{}"}}
ITEM = {"type": "function_call", "call_id": "t1", "name": "f", "arguments": "{}"}
USE = {"type": "tool_use", "id": "t1", "name": "f", "input": {}}
SAYS: dict[str, dict[str, dict[str, Any]]] = {
    "openai_chat": {
        "system": {"messages": [{"role": "system", "content": BAD}, {"role": "user", "content": "hi"}]},
        "assistant": {"messages": [{"role": "assistant", "content": BAD}, {"role": "user", "content": "hi"}]},
        "user": {
            "messages": [
                {"role": "user", "content": "hi"},
                {"role": "assistant", "content": None, "tool_calls": [CALL]},
                {"role": "tool", "tool_call_id": "t1", "content": BAD},
            ]
        },
    },
    "openai_responses": {
        "system": {"instructions": BAD, "input": "hi"},
        "assistant": {"input": [{"role": "assistant", "content": BAD}, {"role": "user", "content": "hi"}]},
        "user": {"input": [ITEM, {"type": "function_call_output", "call_id": "t1", "output": BAD}]},
    },
    "anthropic_messages": {
        "system": {"system": BAD, "messages": [{"role": "user", "content": "hi"}]},
        "assistant": {
            "messages": [
                {"role": "user", "content": "hi"},
                {"role": "assistant", "content": BAD},
                {"role": "user", "content": "go on"},
            ]
        },
        "user": {
            "messages": [
                {"role": "user", "content": "hi"},
                {"role": "assistant", "content": [USE]},
                {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "t1", "content": BAD}]},
            ]
        },
    },
    "gemini": {
        "system": {"systemInstruction": {"parts": [{"text": BAD}]}},
        "assistant": {
            "contents": [{"role": "model", "parts": [{"text": BAD}]}, {"role": "user", "parts": [{"text": "hi"}]}]
        },
        "user": {
            "contents": [
                {"role": "user", "parts": [{"text": "hi"}]},
                {"role": "model", "parts": [{"functionCall": {"name": "f", "args": {}}}]},
                {"role": "user", "parts": [{"functionResponse": {"name": "f", "response": {"said": BAD}}}]},
            ]
        },
    },
}
CASES = [(client, who) for client, says in SAYS.items() for who in says]


@pytest.mark.parametrize(("client", "who"), CASES)
async def test_a_forbidden_word_passes_in_nobodys_mouth(client: str, who: str, upstream: Upstream) -> None:
    door = guarded(upstream, DENY)
    path, body = asking(client, "hi")
    assert (await door.ask("POST", path, body | SAYS[client][who])).status == 400
    assert not upstream.journal
    [found] = door.row.guardrails
    assert (found.guardrail, found.count) == ("no-names", 1)
    door.close()


@pytest.mark.parametrize(("client", "who"), CASES)
async def test_one_for_users_looks_at_users_and_tools(client: str, who: str, upstream: Upstream) -> None:
    door = guarded(upstream, replace(DENY, roles=("user",)))
    upstream.add(reply(200, answer(client, "ok"), JSON))
    path, body = asking(client, "hi")
    heard = await door.ask("POST", path, body | SAYS[client][who])
    assert heard.status == (400 if who == "user" else 200), heard.body
    door.close()


@pytest.mark.parametrize("narrow", [False, True])
@pytest.mark.parametrize(("client", "who"), [case for case in CASES if case[1] != "user"])
async def test_a_judge_hears_whom_its_rule_names(client: str, who: str, narrow: bool, upstream: Upstream) -> None:
    door = guarded(upstream, replace(JUDGE, roles=("user",)) if narrow else JUDGE)
    fine = json.dumps({"results": [{"flagged": False, "categories": {}, "category_scores": {}}]}).encode()
    upstream.add(reply(200, fine, JSON), reply(200, answer(client, "ok"), JSON))
    path, body = asking(client, "hi")
    assert (await door.ask("POST", path, body | SAYS[client][who])).status == 200
    assert (BAD in json.loads(upstream.journal[0].body)["input"]) is not narrow
    door.close()


async def test_no_client_narrows_one(upstream: Upstream) -> None:
    door = guarded(upstream, DENY)
    path, body = asking("openai_chat", "hi")
    body |= SAYS["openai_chat"]["system"] | {"roles": ["user"], "guardrails": [{"id": "no-names", "roles": ["user"]}]}
    assert (await door.ask("POST", path, body)).status == 400
    door.close()
