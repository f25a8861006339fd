"""Anthropic Messages, both ways. https://platform.claude.com/docs/en/api/messages"""

from __future__ import annotations

from typing import Final

from gateway.wire.anthropic_messages.answer_decode import decode_error, decode_response
from gateway.wire.anthropic_messages.answer_encode import encode_response
from gateway.wire.anthropic_messages.request_decode import decode_request
from gateway.wire.anthropic_messages.request_encode import encode_request
from gateway.wire.anthropic_messages.stream_decode import MessagesDecoder
from gateway.wire.anthropic_messages.stream_encode import MessagesEncoder
from gateway.wire.codec import Codec

CODEC: Final = Codec(
    dialect="anthropic_messages",
    encode_request=encode_request,
    decode_response=decode_response,
    decoder=MessagesDecoder,
    decode_error=decode_error,
    decode_request=decode_request,
    encode_response=encode_response,
    encoder=MessagesEncoder,
    names={
        "max_output_tokens": "max_tokens",
        "stop": "stop_sequences",
        "parallel_tools": "tool_choice.disable_parallel_tool_use",
        "format": "output_config.format",
        "reasoning": "thinking",
        "user": "metadata.user_id",
    },
)
