"""Whole and streamed answers of Bedrock, in every piece they may come in, and as botocore reads them."""

from __future__ import annotations

from typing import Any

import orjson
import pytest
from tests.wire.bedrock_converse.aws_side import ANSWERS, frames, load, parsed
from tests.wire.bedrock_converse.telling import decode, theirs, told, whole

from gateway.errors import BadAnswer
from gateway.neutral.blocks import Opaque, ToolCall
from gateway.neutral.response import Failed, Finished
from gateway.wire.bedrock_converse.codec import CODEC


@pytest.mark.parametrize("case", ANSWERS)
def test_a_whole_and_a_streamed_answer_say_what_is_expected(case: str) -> None:
    expected = load(f"{case}.expected.json")
    assert whole(case) == expected
    assert told(decode(b"".join(frames(case)))) == expected


@pytest.mark.parametrize("case", ANSWERS)
def test_botocore_reads_the_same(case: str) -> None:
    """Also that the fixtures are what AWS's shapes say: an unknown member would be left out by its parser."""
    expected, read = load(f"{case}.expected.json"), theirs(case)
    for name in ("text", "thinking", "signature", "redacted", "calls"):
        assert read[name] == expected[name]
    assert {**expected["usage"], **read["usage"]} == expected["usage"]
    answer = load(f"{case}.response.json")
    found = parsed(orjson.dumps(answer))
    assert found["stopReason"] == answer["stopReason"]
    assert len(found["output"]["message"]["content"]) == len(answer["output"]["message"]["content"])
    for ours, known in zip(answer["output"]["message"]["content"], found["output"]["message"]["content"], strict=True):
        assert ours.keys() == known.keys()
    assert found["usage"] == answer["usage"]


@pytest.mark.parametrize("case", ANSWERS)
def test_every_cut(case: str) -> None:
    """Every offset: two pieces say the same as one; what was cut off there is a failure and never a good end."""
    data = b"".join(frames(case))
    expected = decode(data)
    assert isinstance(expected[-1], Finished)
    for cut in range(len(data)):
        decoder = CODEC.decoder("seed")
        first = decoder.feed(data[:cut])
        assert not any(isinstance(event, Finished | Failed) for event in first)
        assert first + decoder.feed(data[cut:]) + decoder.close() == expected
        ended = decode(data[:cut])
        assert ended[:-1] == first
        assert isinstance(ended[-1], Failed)


@pytest.mark.parametrize("case", ANSWERS)
def test_byte_by_byte(case: str) -> None:
    data = b"".join(frames(case))
    assert decode(data, 1) == decode(data)


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"output": {}},
        {"output": {"message": {"content": "text"}}},
        {"output": {"message": {"content": [{"text": "a", "image": {}}]}}},
        {"output": {"message": {"content": [{"toolUse": {"input": {}}}]}}},
        {"output": {"message": {"content": [{"text": 5}]}}},
        {"message": "Nope"},
    ],
)
def test_what_is_no_answer(data: dict[str, Any]) -> None:
    with pytest.raises(BadAnswer):
        CODEC.decode_response(data, "seed")


@pytest.mark.parametrize(
    "part",
    [
        {"image": {"format": "png", "source": {"s3Location": {"uri": "s3://b/k"}}}},
        {"image": {"source": {"bytes": "AAEC"}}},
        {"image": {"format": "png", "error": {"message": "none"}}},
        {"reasoningContent": {"tomorrow": 1}},
        {"searchResult": {"title": "t"}},
    ],
)
def test_blocks_without_a_form_here_are_kept_as_they_are(part: dict[str, Any]) -> None:
    ((kind, value),) = part.items()
    response = CODEC.decode_response({"output": {"message": {"content": [part]}}}, "s")
    assert response.choices[0].blocks == (Opaque("bedrock_converse", kind, value),)


def test_an_answer_without_usage_or_ids() -> None:
    data = {"output": {"message": {"content": [{"toolUse": {"name": "f", "input": {}}}]}}}
    response = CODEC.decode_response(data, "req1")
    assert response.usage is None
    assert response.choices[0].stop is None
    assert response.choices[0].blocks == (ToolCall("tooluse_req1_0", "f", "{}"),)


@pytest.mark.parametrize("given", ["", None, 5])
def test_an_id_that_is_none_is_made_of_the_seed_and_the_place(given: Any) -> None:
    call = {"toolUse": {"name": "f", "toolUseId": given}}
    response = CODEC.decode_response({"output": {"message": {"content": [{"text": "a"}, call, call]}}}, "req1")
    ids = [block.id for block in response.choices[0].blocks if isinstance(block, ToolCall)]
    assert ids == ["tooluse_req1_1", "tooluse_req1_2"]


def test_the_tier_and_what_is_bedrocks_own() -> None:
    answer = {**load("cached_usage.response.json"), "trace": {"promptRouter": {"invokedModelId": "x"}}}
    response = CODEC.decode_response(answer, "s")
    assert response.service_tier == "priority"
    assert response.extras == {"bedrock_converse": {"trace": {"promptRouter": {"invokedModelId": "x"}}}}
    asked_for = load("stop_sequence.response.json")
    assert CODEC.decode_response(asked_for, "s").extras == {}
    asked_for["additionalModelResponseFields"]["more"] = 1
    assert list(CODEC.decode_response(asked_for, "s").extras["bedrock_converse"]) == ["additionalModelResponseFields"]
    last = decode(b"".join(frames("cached_usage")))[-1]
    assert isinstance(last, Finished)
    assert last.service_tier == "priority"


@pytest.mark.parametrize(
    ("status", "data", "expected"),
    [
        (429, {"message": "Too many tokens"}, Failed("Too many tokens", 429, "ThrottlingException")),
        (400, {"message": "Bad model"}, Failed("Bad model", 400, "ValidationException")),
        (403, {"Message": "No access"}, Failed("No access", 403, "AccessDeniedException")),
        (404, {"message": "Gone"}, Failed("Gone", 404, "ResourceNotFoundException")),
        (408, {"message": "Slow"}, Failed("Slow", 408, "ModelTimeoutException")),
        (424, {"message": "Model broke"}, Failed("Model broke", 502, "ModelErrorException")),
        (429, {"__type": "ModelNotReadyException", "message": "x"}, Failed("x", 429, "ModelNotReadyException")),
        (400, {"__type": "com.amazon.coral.service#ThrottlingException", "message": "x"}, Failed("x", 429, "ThrottlingException")),
        (503, None, Failed("Amazon Bedrock answered 503.", 503, "ServiceUnavailableException")),
        (500, ["?"], Failed("Amazon Bedrock answered 500.", 500, "InternalServerException")),
        (418, {"message": ""}, Failed("Amazon Bedrock answered 418.", 418, "upstream_error")),
    ],
)  # fmt: skip
def test_errors(status: int, data: Any, expected: Failed) -> None:
    assert CODEC.decode_error(status, data) == expected
