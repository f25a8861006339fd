"""Tokens of sound and pictures, and the service tier, as the vendors' answers tell them."""

from __future__ import annotations

from gateway.neutral.usage import Usage, service_of
from gateway.wire.bedrock_converse.response import usage_of
from gateway.wire.gemini import response as gemini
from gateway.wire.openai_chat import response as chat
from gateway.wire.openai_responses import response as responses


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
