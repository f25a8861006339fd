"""Claude Code's attribution block goes to Anthropic and to nobody else: it changes with every request."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from gateway.wire.codec import Upstream
from gateway.wire.codecs import codec

BLOCK = {"type": "text", "text": "x-anthropic-billing-header: cc_version=2.1.0; cc_entrypoint=cli; cch=a1b2c;"}
PROMPT = {"type": "text", "text": "You are Claude Code."}


def written(dialect: Any, system: list[dict[str, Any]]) -> tuple[bytes, list[str]]:
    messages = codec("anthropic_messages")
    assert messages.decode_request is not None
    said = {"max_tokens": 5, "system": system, "messages": [{"role": "user", "content": "hi"}]}
    encoded = codec(dialect).encode_request(messages.decode_request(said, model="m", stream=True), Upstream("m"))
    return orjson.dumps(encoded.body), [loss.field for loss in encoded.losses]


@pytest.mark.parametrize("dialect", ["openai_chat", "openai_responses", "gemini", "bedrock_converse"])
def test_others_do_not_see_it_and_it_is_named(dialect: str) -> None:
    body, losses = written(dialect, [BLOCK, PROMPT])
    assert b"billing" not in body
    assert b"You are Claude Code." in body
    assert "system.x-anthropic-billing-header" in losses


def test_anthropic_gets_it_first() -> None:
    body, losses = written("anthropic_messages", [BLOCK, PROMPT])
    assert [block["text"] for block in orjson.loads(body)["system"]] == [BLOCK["text"], PROMPT["text"]]
    assert losses == []


def test_it_is_a_prompt_like_any_other_where_it_is_the_only_one() -> None:
    assert b"billing" in written("openai_chat", [BLOCK])[0]
