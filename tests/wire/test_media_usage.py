"""Tokens of sound and pictures, and the service tier, as the vendors' answers tell them."""

from __future__ import annotations

from typing import Any

import pytest

from gateway.neutral.usage import IMPOSSIBLE, Usage, service_of
from gateway.wire.bedrock_converse.response import usage_of
from gateway.wire.gemini import response as gemini
from gateway.wire.openai_chat import response as chat
from gateway.wire.openai_media import speech, transcriptions
from gateway.wire.openai_responses import response as responses
from gateway.wire.rerank import request as rerank_request
from gateway.wire.rerank import response as rerank


def test_chat_completions() -> None:
    """https://platform.openai.com/docs/guides/audio: text and sound in, both out."""
    usage = {
        "prompt_tokens": 120,
        "completion_tokens": 60,
        "total_tokens": 180,
        "prompt_tokens_details": {"cached_tokens": 10, "audio_tokens": 80, "image_tokens": 5},
        "completion_tokens_details": {"reasoning_tokens": 8, "audio_tokens": 40, "text_tokens": 12},
    }
    assert chat.usage({"usage": usage, "service_tier": "flex"}) == Usage(
        fresh=110,
        cache_read=10,
        output=60,
        reasoning=8,
        source="upstream",
        audio_input=80,
        audio_output=40,
        image_input=5,
        service="flex",
    )


def test_parts_are_no_more_than_the_whole() -> None:
    details = {"audio_tokens": 999, "image_tokens": 999}
    usage = {
        "prompt_tokens": 5,
        "completion_tokens": 3,
        "prompt_tokens_details": details,
        "completion_tokens_details": details,
    }
    found = chat.usage({"usage": usage})
    assert found is not None
    assert (found.audio_input, found.image_input, found.audio_output, found.image_output) == (5, 5, 3, 3)


def test_responses() -> None:
    found = responses.usage({"usage": {"input_tokens": 5, "output_tokens": 3}, "service_tier": "priority"})
    assert found == Usage(fresh=5, output=3, source="upstream", service="priority")


def test_converse() -> None:
    answer = {"usage": {"inputTokens": 5, "outputTokens": 3}, "serviceTier": {"type": "priority"}}
    assert usage_of(answer) == Usage(fresh=5, output=3, source="upstream", service="priority")


def test_gemini() -> None:
    usage = {
        "promptTokenCount": 100,
        "cachedContentTokenCount": 40,
        "candidatesTokenCount": 1_300,
        "thoughtsTokenCount": 7,
        "promptTokensDetails": [{"modality": "TEXT", "tokenCount": 30}, {"modality": "AUDIO", "tokenCount": 70}],
        "cacheTokensDetails": [{"modality": "AUDIO", "tokenCount": 40}],
        "candidatesTokensDetails": [{"modality": "IMAGE", "tokenCount": 1_290}, "odd", {"modality": "TEXT"}],
    }
    assert gemini.usage({"usageMetadata": usage}) == Usage(
        fresh=60, cache_read=40, output=1_307, reasoning=7, source="upstream", audio_input=30, image_output=1_290
    )
    assert gemini.usage({"usageMetadata": {"promptTokenCount": 1, "promptTokensDetails": 7}}) == Usage(
        fresh=1, source="upstream"
    )


def test_only_tiers_at_other_prices_are_told() -> None:
    words = ("priority", "flex", "default", "auto", "standard", None, 7, ["flex"])
    assert [service_of(word) for word in words] == ["priority", "flex", "", "", "", "", "", ""]


@pytest.mark.parametrize(
    ("body", "usage"),
    [
        ({"usage": {"total_tokens": 30}}, Usage(fresh=30, source="upstream")),
        ({"usage": {"prompt_tokens": 20, "total_tokens": 30}}, Usage(fresh=20, source="upstream")),
        ({"meta": {"billed_units": {"search_units": 2}}}, Usage(searches=2, source="upstream")),
        (
            {"meta": {"billed_units": {"search_units": 1}, "tokens": {"input_tokens": 9}}},
            Usage(fresh=9, searches=1, source="upstream"),
        ),
        ({"meta": {"billed_units": {"search_units": -2}}}, None),
        ({"meta": {"billed_units": {"search_units": "2"}}}, None),
        ({"meta": {"tokens": {"input_tokens": -1}}}, IMPOSSIBLE),
        ({"results": []}, None),
    ],
)
def test_reranking(body: dict[str, Any], usage: Usage | None) -> None:
    """https://docs.cohere.com/reference/rerank, https://docs.voyageai.com/reference/reranker-api, https://jina.ai/reranker"""
    assert rerank.usage(body) == usage


@pytest.mark.parametrize(
    ("documents", "searches"),
    [
        ([], 0),
        (["x"] * 100, 1),
        (["x"] * 101, 2),
        (["x" * 498], 1),
        (["x" * 600] * 51, 2),
        ([{"text": "x" * 60_000}], 2),
    ],
)
def test_the_most_searches_of_a_request(documents: list[Any], searches: int) -> None:
    """A search is a query with up to 100 documents of up to 500 tokens: https://docs.cohere.com/docs/rerank-overview"""
    assert rerank_request.most({"query": "q", "documents": documents}).searches == searches


def test_transcriptions() -> None:
    """https://platform.openai.com/docs/api-reference/audio/json-object, https://docs.mistral.ai/capabilities/audio_transcription"""
    tokens = {"type": "tokens", "input_tokens": 14, "input_token_details": {"audio_tokens": 10}, "output_tokens": 45}
    assert transcriptions.usage({"usage": tokens}) == Usage(fresh=14, audio_input=10, output=45, source="upstream")
    assert transcriptions.usage({"usage": {"type": "duration", "seconds": 9}}) == Usage(
        audio_ms_in=9000, source="upstream"
    )
    assert transcriptions.usage({"duration": 8.47}) == Usage(audio_ms_in=8470, source="upstream")
    mistral = {"prompt_audio_seconds": 203, "prompt_tokens": 4, "completion_tokens": 635, "total_tokens": 3264}
    assert transcriptions.usage({"usage": mistral}) == Usage(audio_ms_in=203_000, source="upstream")


@pytest.mark.parametrize(
    ("body", "seconds"),
    [
        ({"input": "a" * 120}, 30),
        # https://platform.openai.com/docs/api-reference/audio/createSpeech#audio_createspeech-speed
        ({"input": "a" * 120, "speed": 0.25}, 120),
        ({"input": "a" * 120, "speed": 4}, 30),
        ({"input": "a" * 120, "speed": -1}, 120),
        ({"input": "a" * 120, "speed": "slow"}, 30),
        # "seven hundred seventy-seven thousand …"; a sign of Chinese is a syllable.
        ({"input": "7" * 12}, 20),
        ({"input": "你好" * 60}, 60),
    ],
)
def test_the_longest_that_a_text_may_be_spoken(body: dict[str, Any], seconds: int) -> None:
    most, usual = speech.most(body), speech.asked(body)
    assert most.audio_ms_out >= seconds * 1000
    assert most.output == most.audio_output == most.audio_ms_out // 1000 * 21
    assert (most.characters, usual.characters) == (len(body["input"]),) * 2
