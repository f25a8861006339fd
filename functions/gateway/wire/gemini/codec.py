"""Gemini, both ways. https://ai.google.dev/api/generate-content"""

from __future__ import annotations

from typing import Final

from gateway.wire.codec import Codec
from gateway.wire.gemini.errors import decode_error
from gateway.wire.gemini.request_decode import decode_request
from gateway.wire.gemini.request_encode import encode_request
from gateway.wire.gemini.response_decode import decode_response
from gateway.wire.gemini.response_encode import encode_response
from gateway.wire.gemini.stream_decode import GeminiDecoder
from gateway.wire.gemini.stream_encode import GeminiEncoder

CODEC: Final = Codec(
    dialect="gemini",
    encode_request=encode_request,
    decode_response=decode_response,
    decoder=GeminiDecoder,
    decode_error=decode_error,
    decode_request=decode_request,
    encode_response=encode_response,
    encoder=GeminiEncoder,
    names={
        "temperature": "generationConfig.temperature",
        "top_p": "generationConfig.topP",
        "top_k": "generationConfig.topK",
        "max_output_tokens": "generationConfig.maxOutputTokens",
        "stop": "generationConfig.stopSequences",
        "seed": "generationConfig.seed",
        "presence_penalty": "generationConfig.presencePenalty",
        "frequency_penalty": "generationConfig.frequencyPenalty",
        "choices": "generationConfig.candidateCount",
        "logprobs": "generationConfig.responseLogprobs",
        "top_logprobs": "generationConfig.logprobs",
        "format": "generationConfig.responseMimeType",
        "reasoning": "generationConfig.thinkingConfig",
        "messages": "contents",
        "tool_choice": "toolConfig.functionCallingConfig",
        "service_tier": "serviceTier",
    },
)
