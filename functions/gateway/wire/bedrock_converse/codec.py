"""The dialect's codec. Upstream only: no client speaks Converse to the gateway."""

from __future__ import annotations

from typing import Final

from gateway.wire.bedrock_converse.errors import decode_error
from gateway.wire.bedrock_converse.request import encode_request
from gateway.wire.bedrock_converse.response import decode_response
from gateway.wire.bedrock_converse.stream import ConverseDecoder
from gateway.wire.codec import Codec

CODEC: Final = Codec(
    dialect="bedrock_converse",
    encode_request=encode_request,
    decode_response=decode_response,
    decoder=ConverseDecoder,
    decode_error=decode_error,
)
