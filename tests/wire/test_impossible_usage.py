"""Usage that cannot be, as the dialects read it."""

from __future__ import annotations

from typing import Any

import pytest

from gateway.neutral.usage import IMPOSSIBLE, Usage
from gateway.wire.anthropic_messages import response as anthropic
from gateway.wire.openai_chat import response as chat
from gateway.wire.reading import impossible


@pytest.mark.parametrize(
    ("data", "verdict"),
    [
        (None, False),
        ("12", False),
        ({}, False),
        ({"prompt_tokens": 10**9, "completion_tokens": None}, False),
        ({"prompt_tokens": 10**9 + 1}, True),
        ({"prompt_tokens": -1}, True),
        ({"prompt_tokens": False}, True),
        ({"prompt_tokens": "12"}, True),
        ({"inputTokens": -1}, True),
        ({"candidatesTokenCount": -1}, True),
        ({"prompt_tokens_details": {"cached_tokens": -1}}, True),
        ({"promptTokensDetails": [{"modality": "AUDIO", "tokenCount": -1}]}, True),
        ({"cost": -0.5, "service_tier": "standard", "is_byok": True, "total_time": 1.5}, False),
    ],
)
def test_verdicts(data: Any, verdict: bool) -> None:
    assert impossible(data) is verdict


def test_a_usage_nested_without_end_is_no_trouble() -> None:
    data: Any = {"prompt_tokens": -1}
    for _ in range(900):
        data = {"a": data}
    assert not impossible(data)


def test_of_a_part_that_cannot_be_nothing_is_taken() -> None:
    """All of the input would be taken for cached, at a tenth of the price."""
    usage = {"prompt_tokens": 100, "completion_tokens": 5, "prompt_tokens_details": {"cached_tokens": 10**10}}
    assert chat.usage({"usage": usage}) == IMPOSSIBLE


def test_a_stream_that_ends_with_what_cannot_be_is_not_settled_at_its_beginning() -> None:
    early = anthropic.opening({"usage": {"input_tokens": 100, "output_tokens": 1}})
    assert early == Usage(fresh=100, output=1, source="estimated")
    late = anthropic.added(early, {"usage": {"output_tokens": -5}})
    assert late == Usage(fresh=100, output=1, source="impossible")
    assert late is not None
    assert not late.told


def test_a_stream_that_begins_with_what_cannot_be_stays_estimated() -> None:
    early = anthropic.opening({"usage": {"input_tokens": -100, "output_tokens": 1}})
    assert early == IMPOSSIBLE
    late = anthropic.added(early, {"usage": {"output_tokens": 5}})
    assert late == Usage(output=5, source="impossible")
