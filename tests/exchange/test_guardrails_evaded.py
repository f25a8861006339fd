"""Ways around guardrails, and that they lead nowhere: texts that a provider may read and that were not looked at."""

from __future__ import annotations

import pytest
from tests.exchange.guarded import guarded
from tests.upstream.server import Upstream

from gateway.neutral.guardrails import Guardrail


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
