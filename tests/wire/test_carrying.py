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


_NEEDY: Any = ["anthropic_messages", "gemini", "bedrock_converse"]


@pytest.mark.parametrize("dialect", _NEEDY)
def test_instructions_alone_are_a_question_everywhere(dialect: Any) -> None:
    """OpenAI answers a system message alone, and clients ask so."""
    alone = tuple(Message("system", (Text(text),)) for text in ("Be brief.", "Say hi."))
    encoded = codec(dialect).encode_request(Request("openai_chat", "m", alone), Upstream("up"))
    body = orjson.loads(orjson.dumps(encoded.body))
    turns = body["contents"] if dialect == "gemini" else body["messages"]
    assert [turn["role"] for turn in turns] == ["user"]
    assert b"Say hi." in orjson.dumps(turns)
    assert b"Be brief." in orjson.dumps(body)
    assert b"Be brief." not in orjson.dumps(turns)
    assert ("messages", "approximated") in {(loss.field, loss.action) for loss in encoded.losses}


@pytest.mark.parametrize("dialect", ["anthropic_messages", "bedrock_converse"])
def test_a_conversation_that_the_assistant_begins_and_ends(dialect: Any) -> None:
    """Both vendors refuse it as it is: it must begin with the user, and not end in white space."""
    said = Request("openai_chat", "m", (Message("assistant", (Text("So: "),)),))
    encoded = codec(dialect).encode_request(said, Upstream("up"))
    turns = orjson.loads(orjson.dumps(encoded.body))["messages"]
    assert [turn["role"] for turn in turns] == ["user", "assistant"]
    assert turns[-1]["content"][-1]["text"] == "So:"
