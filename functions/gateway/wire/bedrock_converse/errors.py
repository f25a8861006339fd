"""Bedrock's errors: https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html#API_runtime_Converse_Errors

The body is `{"message": "…"}`; the error's name stands in the header `x-amzn-errortype`, or in a stream in the frame's `:exception-type`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from gateway.neutral.response import Failed

_STATUS: Final = {
    "AccessDeniedException": 403,
    "ConflictException": 409,
    "InternalServerException": 500,
    # The model failed, not the request: AWS's 424 would tell a client that it is at fault. "Retry your request" is AWS's advice.
    "ModelErrorException": 502,
    "ModelNotReadyException": 429,
    "ModelStreamErrorException": 502,
    "ModelTimeoutException": 408,
    "ResourceNotFoundException": 404,
    "ServiceQuotaExceededException": 429,
    "ServiceUnavailableException": 503,
    "ThrottlingException": 429,
    "ValidationException": 400,
}
_NAMES: Final = {
    400: "ValidationException",
    403: "AccessDeniedException",
    404: "ResourceNotFoundException",
    408: "ModelTimeoutException",
    424: "ModelErrorException",
    429: "ThrottlingException",
    500: "InternalServerException",
    503: "ServiceUnavailableException",
}
_LIMIT: Final = 2000


def decode_error(status: int, data: Any) -> Failed:
    """An error answer. AWS writes the text as `message` or `Message`, and sometimes the name as `__type`."""
    members: Mapping[str, Any] = data if isinstance(data, Mapping) else {}
    name = _name(members.get("__type")) or _NAMES.get(status, "upstream_error")
    return Failed(_text(members) or f"Amazon Bedrock answered {status}.", _STATUS.get(name, status), name)


def stream_failure(kind: str, data: Any) -> Failed:
    """An exception within a stream; `kind` is its `:exception-type` (`throttlingException`)."""
    members: Mapping[str, Any] = data if isinstance(data, Mapping) else {}
    name = kind[:1].upper() + kind[1:]
    text = _text(members) or f"Amazon Bedrock ended the stream: {name[:100] or 'unknown error'}."
    return Failed(text, _STATUS.get(name, 502), name or "upstream_error")


def _name(value: Any) -> str:
    """`com.amazon.coral.service#ThrottlingException:http://…` → `ThrottlingException`."""
    return value.rpartition("#")[2].partition(":")[0] if isinstance(value, str) else ""


def _text(members: Mapping[str, Any]) -> str:
    for name in ("message", "Message", "originalMessage"):
        value = members.get(name)
        if isinstance(value, str) and value:
            return value[:_LIMIT]
    return ""
