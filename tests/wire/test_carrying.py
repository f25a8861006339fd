"""What counts as lost, and what models are told of tools that take free text."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from gateway.neutral.blocks import Text
from gateway.neutral.request import Message, Request, Tool
from gateway.wire.carrying import Carrying
from gateway.wire.codec import Upstream
from gateway.wire.codecs import codec

_IDLE: dict[str, Any] = {
    "frequency_penalty": 0.0, "presence_penalty": 0, "logit_bias": {}, "metadata": {}, "logprobs": False, "top_logprobs": 0,
}  # fmt: skip


def _asked(**members: Any) -> Request:
    return Request("openai_chat", "m", (Message("user", (Text("hi"),)),), **members)


def test_knobs_that_say_nothing_are_not_lost() -> None:
    """Clients that always send `frequency_penalty: 0` may be strict all the same."""
    carrying = Carrying()
    carrying.drop_set(_asked(**_IDLE), _IDLE, "no such knob")
    assert carrying.losses == ()


def test_knobs_that_say_something_are() -> None:
    carrying = Carrying()
    carrying.drop_set(_asked(frequency_penalty=0.1, seed=0, logprobs=True), [*_IDLE, "seed"], "no such knob")
    assert [loss.field for loss in carrying.losses] == ["frequency_penalty", "logprobs", "seed"]


@pytest.mark.parametrize("dialect", ["anthropic_messages", "gemini", "bedrock_converse", "openai_chat"])
def test_a_model_is_told_the_grammar_of_a_tool_that_takes_free_text(dialect: Any) -> None:
    """Without it Codex's apply_patch is a tool whose input nobody can write."""
    grammar = {"type": "grammar", "syntax": "lark", "definition": "start: begin_patch"}
    tool = Tool("apply_patch", "Edits files.", custom=True, format=grammar, at="tools[0]")
    encoded = codec(dialect).encode_request(_asked(tools=(tool,)), Upstream("up"))
    said = orjson.dumps(encoded.body)
    assert b"start: begin_patch" in said
    assert said.count(b"Edits files.") == 1
