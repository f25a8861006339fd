"""Requests of any client for an Anthropic upstream: the whole, and the knobs."""

from __future__ import annotations

from typing import Any

import pytest
from tests.wire.anthropic_messages.asking import asked, encode, said, words
from tests.wire.anthropic_messages.telling import CASES, USER, chat, data, decode, plain

from gateway.errors import CannotCarry
from gateway.neutral.request import Reasoning, ResponseFormat
from gateway.wire.anthropic_messages.codec import CODEC
from gateway.wire.anthropic_messages.thinking_encode import DEFAULT_LIMIT
from gateway.wire.codec import Upstream


def normal(body: dict[str, Any]) -> dict[str, Any]:
    """A request of this dialect in one of its equal forms: blocks instead of strings, the newer name of the output's format."""
    result = {**body}
    if isinstance(result.get("system"), str):
        result["system"] = [{"type": "text", "text": result["system"]}]
    result["messages"] = []
    for message in body["messages"]:
        content = message["content"]
        blocks = (
            [{"type": "text", "text": content}] if isinstance(content, str) else [_normal(block) for block in content]
        )
        result["messages"].append({**message, "content": blocks})
    result["tools"] = [
        {name: value for name, value in tool.items() if value != "custom"} for tool in body.get("tools", [])
    ]
    return result


def _normal(block: dict[str, Any]) -> dict[str, Any]:
    content = block.get("content")
    if (
        block["type"] == "tool_result"
        and isinstance(content, list)
        and len(content) == 1
        and content[0].keys() == {"type", "text"}
    ):
        return {**block, "content": content[0]["text"]}
    return {name: value for name, value in block.items() if not (name == "is_error" and value is None)}


@pytest.mark.parametrize("case", CASES)
def test_a_request_of_this_dialect_comes_back_as_it_was(case: str) -> None:
    original = data(case, "request")
    encoded = CODEC.encode_request(decode(original), Upstream(original["model"]))
    assert encoded.losses == ()
    assert normal(plain(encoded.body)) == normal(original)


def test_the_least_request() -> None:
    body, losses = encode(chat())
    assert body == {
        "model": "claude",
        "max_tokens": DEFAULT_LIMIT,
        "messages": [{"role": "user", "content": [{"type": "text", "text": "Hi"}]}],
    }
    assert losses == ["max_output_tokens: defaulted"]
    assert encode(chat(), max_output_tokens=64_000)[0]["max_tokens"] == 64_000


def test_a_limit_above_the_models_is_lowered() -> None:
    body, losses = encode(asked(max_output_tokens=100_000), max_output_tokens=64_000)
    assert body["max_tokens"] == 64_000
    assert losses == ["max_output_tokens: approximated"]
    assert encode(asked(), max_output_tokens=64_000) == (encode(asked())[0], [])


def test_knobs_without_a_form_are_noted() -> None:
    body, losses = encode(
        asked(
            seed=1,
            frequency_penalty=0.1,
            presence_penalty=0.1,
            logit_bias={"1": 1},
            logprobs=True,
            top_logprobs=2,
            verbosity="low",
            metadata={"a": "b"},
            cache_key="k",
            store=True,
            service_tier="flex",
            user="u" * 257,
            choices=1,
            extras={"openai_chat": {"prediction": {}}},
        )
    )
    assert body.keys() == {"model", "max_tokens", "messages"}
    fields = "seed frequency_penalty presence_penalty logit_bias verbosity metadata cache_key logprobs"
    fields += " top_logprobs store user service_tier prediction"
    assert losses == [f"{field}: dropped" for field in fields.split()]


def test_knobs_that_go_through() -> None:
    body, losses = encode(
        asked(temperature=0.2, top_k=3, stop=("a",), user="u", service_tier="default", stream=True, store=False)
    )
    assert losses == []
    assert (body["temperature"], body["top_k"], body["stop_sequences"], body["stream"]) == (0.2, 3, ["a"], True)
    assert (body["metadata"], body["service_tier"]) == ({"user_id": "u"}, "standard_only")


@pytest.mark.parametrize(
    ("members", "upstream", "kept", "noted"),
    [
        ({"temperature": 1.7}, {}, {"temperature": 1}, ["temperature: approximated"]),
        ({"temperature": 0.5, "top_p": 0.5}, {}, {"temperature": 0.5}, ["top_p: dropped"]),
        ({"temperature": 0.5, "top_p": 1}, {}, {"temperature": 0.5}, []),
        ({"top_p": 0.5}, {}, {"top_p": 0.5}, []),
        ({"temperature": 1, "top_p": 0.95}, {}, {"top_p": 0.95}, []),
        ({"temperature": 1, "top_p": 1}, {}, {"temperature": 1}, []),
        (
            {"temperature": 0.5, "top_p": 0.5, "top_k": 1},
            words("no_sampling"),
            {},
            ["temperature: dropped", "top_p: dropped", "top_k: dropped"],
        ),
        ({"temperature": 1}, words("no_sampling"), {}, []),
        (
            {"temperature": 0.5, "top_p": 0.9, "top_k": 1, "reasoning": Reasoning(budget=2_000)},
            {},
            {},
            ["temperature: dropped", "top_k: dropped", "top_p: dropped"],
        ),
        ({"top_p": 0.97, "reasoning": Reasoning(budget=2_000)}, {}, {"top_p": 0.97}, []),
    ],
)
def test_sampling(members: dict[str, Any], upstream: dict[str, Any], kept: dict[str, Any], noted: list[str]) -> None:
    body, losses = encode(asked(**members), **upstream)
    assert {name: body[name] for name in ("temperature", "top_p", "top_k") if name in body} == kept
    assert losses == noted


def test_stop_sequences_of_white_space_are_left_out() -> None:
    body, losses = encode(asked(stop=("\n", "a")))
    assert body["stop_sequences"] == ["a"]
    assert losses == ["stop: dropped"]
    assert "stop_sequences" not in encode(asked(stop=("\n",)))[0]


SCHEMA = {"type": "object", "properties": {"a": {"type": "string"}}, "required": ["a"], "additionalProperties": False}


def test_an_answer_by_a_schema() -> None:
    form = ResponseFormat("json_schema", SCHEMA, "x", None, True)
    body, losses = encode(asked(format=form))
    assert body["output_config"] == {"format": {"type": "json_schema", "schema": SCHEMA}}
    assert losses == []
    opened = ResponseFormat("json_schema", {"type": "object", "properties": {}}, "x", "A thing.")
    body, losses = encode(asked(format=opened))
    assert body["output_config"]["format"]["schema"] == {
        "type": "object",
        "properties": {},
        "additionalProperties": False,
        "description": "A thing.",
    }
    assert losses == ["format: approximated"]
    told, noted = encode(asked(format=form), **words("reasoning"))
    assert "output_config" not in told
    assert '"required":["a"]' in told["system"][-1]["text"]
    assert noted == ["format: approximated"]


@pytest.mark.parametrize("upstream", [{}, words("tools")])
def test_a_schema_nested_without_end_is_refused(upstream: dict[str, Any]) -> None:
    schema: dict[str, Any] = {"type": "object"}
    for _ in range(300):
        schema = {"type": "object", "properties": {"a": schema}}
    with pytest.raises(CannotCarry):
        encode(asked(format=ResponseFormat("json_schema", schema)), **upstream)


def test_any_json_is_asked_for_in_words() -> None:
    body, losses = encode(asked(said("Be brief.", "system"), USER, format=ResponseFormat("json_object")))
    assert len(body["system"]) == 2
    assert "JSON" in body["system"][1]["text"]
    assert losses == ["format: approximated"]
    assert encode(asked(format=ResponseFormat("text"))) == encode(asked())
