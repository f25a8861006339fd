"""The codec of Responses, for clients and for upstreams."""

from __future__ import annotations

from typing import Final

from gateway.wire.codec import Codec
from gateway.wire.openai_responses import errors
from gateway.wire.openai_responses.decode_request import decode_request
from gateway.wire.openai_responses.decode_response import decode_response
from gateway.wire.openai_responses.decode_stream import ResponsesDecoder
from gateway.wire.openai_responses.encode_request import encode_request
from gateway.wire.openai_responses.encode_response import encode_response
from gateway.wire.openai_responses.encode_stream import ResponsesEncoder
from gateway.wire.openai_responses.names import DIALECT

CODEC: Final = Codec(
    dialect=DIALECT,
    encode_request=encode_request,
    decode_response=decode_response,
    decoder=ResponsesDecoder,
    decode_error=errors.decode_error,
    decode_request=decode_request,
    encode_response=encode_response,
    encoder=ResponsesEncoder,
    names={
        "parallel_tools": "parallel_tool_calls",
        "format": "text.format",
        "verbosity": "text.verbosity",
        "cache_key": "prompt_cache_key",
        "user": "safety_identifier",
        "logprobs": "include",
    },
)
