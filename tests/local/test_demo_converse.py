"""The demo upstream's Converse, asked by AWS's own client."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import boto3
import httpx
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError, EventStreamError
from tests.local.asking import DEMO_UPSTREAM_KEY

MODEL = "demo-converse"
WEATHER = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}
TOOLS = {"tools": [{"toolSpec": {"name": "get_weather", "inputSchema": {"json": WEATHER}}}]}
CALL = {"toolUse": {"toolUseId": "tooluse_1", "name": "get_weather", "input": {"city": "Rome"}}}
RESULT = {"toolResult": {"toolUseId": "tooluse_1", "content": [{"text": "sunny"}]}}


@pytest.fixture(scope="module")
def bedrock(url: str) -> Any:
    """Signs with made-up credentials: any signature is accepted."""
    return boto3.session.Session("AKIDDEMO", "made-up").client(
        "bedrock-runtime",
        region_name="eu-central-1",
        endpoint_url=url,
        config=Config(retries={"total_max_attempts": 1}),
    )


def user(*parts: Any) -> dict[str, Any]:
    return {"role": "user", "content": [{"text": part} if isinstance(part, str) else part for part in parts]}


def assistant(*parts: Any) -> dict[str, Any]:
    return user(*parts) | {"role": "assistant"}


def streamed(bedrock: Any, *messages: Mapping[str, Any], **more: Any) -> list[dict[str, Any]]:
    return list(bedrock.converse_stream(modelId=MODEL, messages=list(messages), **more)["stream"])


def deltas(events: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [event["contentBlockDelta"]["delta"] for event in events if "contentBlockDelta" in event]


def test_answers_and_counts(bedrock):
    reply = bedrock.converse(modelId=MODEL, messages=[user("Count to 5")], system=[{"text": "Be brief."}])
    assert reply["output"]["message"] == {"role": "assistant", "content": [{"text": "1, 2, 3, 4, 5."}]}
    assert reply["stopReason"] == "end_turn"
    usage = reply["usage"]
    assert usage["totalTokens"] == usage["inputTokens"] + usage["cacheReadInputTokens"] + usage["outputTokens"]


def test_streams_the_same_answer(bedrock):
    whole = bedrock.converse(modelId=MODEL, messages=[user("Hello there")])
    events = streamed(bedrock, user("Hello there"))
    assert "".join(delta["text"] for delta in deltas(events)) == whole["output"]["message"]["content"][0]["text"]
    names = [next(iter(event)) for event in events]
    assert names[0] == "messageStart"
    assert names[-3:] == ["contentBlockStop", "messageStop", "metadata"]
    assert "contentBlockStart" not in names
    assert events[-1]["metadata"]["usage"] == whole["usage"]


def test_calls_a_tool_and_answers_with_its_result(bedrock):
    asked = user("What is the weather in Rome?")
    reply = bedrock.converse(modelId=MODEL, messages=[asked], toolConfig=TOOLS)
    (call,) = reply["output"]["message"]["content"]
    assert call["toolUse"]["name"] == "get_weather"
    assert call["toolUse"]["input"] == {"city": "Rome"}
    assert reply["stopReason"] == "tool_use"
    events = streamed(bedrock, asked, toolConfig=TOOLS)
    assert json.loads("".join(delta["toolUse"]["input"] for delta in deltas(events))) == {"city": "Rome"}
    assert events[1]["contentBlockStart"]["start"]["toolUse"]["name"] == "get_weather"
    after = bedrock.converse(modelId=MODEL, messages=[asked, assistant(CALL), user(RESULT)], toolConfig=TOOLS)
    assert "sunny" in after["output"]["message"]["content"][0]["text"]


def test_a_forced_tool_and_none(bedrock):
    forced = {**TOOLS, "toolChoice": {"any": {}}}
    assert bedrock.converse(modelId=MODEL, messages=[user("Hello")], toolConfig=forced)["stopReason"] == "tool_use"
    none = {"tool_choice": {"type": "none"}}
    reply = bedrock.converse(
        modelId=MODEL, messages=[user("The weather?")], toolConfig=TOOLS, additionalModelRequestFields=none
    )
    assert reply["stopReason"] == "end_turn"


def test_thoughts_are_signed_and_wanted_back_unchanged(bedrock):
    thinking = {"additionalModelRequestFields": {"thinking": {"type": "enabled", "budget_tokens": 1024}}}
    reply = bedrock.converse(modelId=MODEL, messages=[user("Hello")], **thinking)
    thought, text = reply["output"]["message"]["content"]
    inner = thought["reasoningContent"]["reasoningText"]
    said = [delta["reasoningContent"] for delta in deltas(streamed(bedrock, user("Hello"), **thinking)) if "reasoningContent" in delta]  # fmt: skip
    assert "".join(part.get("text", "") for part in said) == inner["text"]
    assert said[-1] == {"signature": inner["signature"]}
    again = [user("Hello"), assistant(thought, text["text"]), user("And?")]
    assert bedrock.converse(modelId=MODEL, messages=again)["stopReason"] == "end_turn"
    inner["signature"] += "A"
    with pytest.raises(ClientError, match="signature"):
        bedrock.converse(modelId=MODEL, messages=again)


def test_length_stop_sequence_and_schema(bedrock):
    short = bedrock.converse(modelId=MODEL, messages=[user("Write 50 words")], inferenceConfig={"maxTokens": 4})
    assert short["stopReason"] == "max_tokens"
    stopped = bedrock.converse(
        modelId=MODEL,
        messages=[user("Count to 9")],
        inferenceConfig={"stopSequences": ["4"]},
        additionalModelResponseFieldPaths=["/stop_sequence"],
    )
    assert stopped["stopReason"] == "stop_sequence"
    assert stopped["additionalModelResponseFields"] == {"stop_sequence": "4"}
    form = {"type": "json_schema", "structure": {"jsonSchema": {"schema": json.dumps(WEATHER)}}}
    made = bedrock.converse(modelId=MODEL, messages=[user("Rome")], outputConfig={"textFormat": form})
    assert list(json.loads(made["output"]["message"]["content"][0]["text"])) == ["city"]


@pytest.mark.parametrize(
    ("status", "code"),
    [(400, "ValidationException"), (429, "ThrottlingException"), (500, "InternalServerException"), (503, "ServiceUnavailableException")],
)  # fmt: skip
def test_errors_on_demand(bedrock, status, code):
    for call in (bedrock.converse, bedrock.converse_stream):
        with pytest.raises(ClientError) as refused:
            call(modelId=f"demo-error-{status}", messages=[user("Hello")])
        assert refused.value.response["Error"]["Code"] == code
        assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == status


def test_a_stream_that_breaks_off(bedrock):
    stream = bedrock.converse_stream(modelId="demo-breaks", messages=[user("Count to 9")])["stream"]
    with pytest.raises(EventStreamError, match="breaks off"):
        list(stream)


@pytest.mark.parametrize(
    ("messages", "words"),
    [
        ([user("a"), user("b")], "alternate"),
        ([assistant("a")], "start with a user message"),
        ([user(" ")], "blank"),
        ([user("a"), assistant(CALL), user(RESULT)], "toolConfig field must be defined"),
        ([user("a"), assistant("b"), user(RESULT)], "toolConfig field must be defined"),
        ([user()], "is empty"),
    ],
)
def test_what_the_service_refuses(bedrock, messages, words):
    with pytest.raises(ClientError, match=words):
        bedrock.converse(modelId=MODEL, messages=messages)


@pytest.mark.parametrize("last", [user("b"), user({"toolResult": {"toolUseId": "other", "content": []}})])
def test_calls_must_be_answered(bedrock, last):
    with pytest.raises(ClientError, match="Expected toolResult"):
        bedrock.converse(modelId=MODEL, messages=[user("a"), assistant(CALL), last], toolConfig=TOOLS)


def test_credentials(url):
    path, body = f"{url}/model/demo-converse/converse", {"messages": [user("Count to 2")]}
    assert httpx.post(path, json=body, headers={"authorization": f"Bearer {DEMO_UPSTREAM_KEY}"}).status_code == 200
    for headers in ({}, {"authorization": "Bearer wrong"}, {"authorization": "AWS4-HMAC-SHA256 Credential=x"}):
        refused = httpx.post(path, json=body, headers=headers)
        assert refused.status_code == 403
        assert refused.json()["message"]
        assert refused.headers["x-amzn-errortype"] == "UnrecognizedClientException"


def test_a_model_with_escapes_in_its_path(url):
    headers = {"authorization": f"Bearer {DEMO_UPSTREAM_KEY}"}
    reply = httpx.post(f"{url}/model/demo-v1%3A0/converse", json={"messages": [user("Hello")]}, headers=headers)
    assert "demo-v1:0" in reply.json()["output"]["message"]["content"][0]["text"]
    assert httpx.post(f"{url}/model/demo-x/nonsense", json={}, headers=headers).status_code == 404
    nobody = httpx.post(f"{url}/model/nobody/converse", json={"messages": [user("Hello")]}, headers=headers)
    assert nobody.headers["x-amzn-errortype"] == "ResourceNotFoundException"
