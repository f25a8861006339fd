"""The codec of Chat Completions, for clients and for upstreams."""

from __future__ import annotations

from typing import Final

from gateway.wire.codec import Codec
from gateway.wire.openai_chat import errors
from gateway.wire.openai_chat.decode_request import decode_request
from gateway.wire.openai_chat.decode_response import decode_response
from gateway.wire.openai_chat.decode_stream import ChatDecoder
from gateway.wire.openai_chat.encode_request import encode_request
from gateway.wire.openai_chat.encode_response import encode_response
from gateway.wire.openai_chat.encode_stream import ChatEncoder

CODEC: Final = Codec(
    dialect="openai_chat",
    encode_request=encode_request,
    decode_response=decode_response,
    decoder=ChatDecoder,
    decode_error=errors.decode,
    decode_request=decode_request,
    encode_response=encode_response,
    encoder=ChatEncoder,
    names={
        "max_output_tokens": "max_completion_tokens",
        "choices": "n",
        "parallel_tools": "parallel_tool_calls",
        "format": "response_format",
        "reasoning": "reasoning_effort",
        "cache_key": "prompt_cache_key",
        "stream_usage": "stream_options",
    },
)
