"""Errors of OpenAI Responses. As HTTP bodies they are OpenAI's (`openai_chat.errors`); here is what ends a stream that has begun.

A stream ends badly with two events, as OpenAI's own service does it, since clients look at different ones:

- `error`, the error once flat, as the API reference has it (openai-python's `ResponseErrorEvent`), and once more as an `error` object:
  openai-python and openai-node raise for an event whose data has one (`_streaming.py`), whatever its type.
- `response.failed` with the response object as far as it is known: Codex (`codex-api/src/sse/responses.rs`) knows this one alone. Its
  `error.code` decides what Codex does next: `context_length_exceeded`, `insufficient_quota`, `usage_not_included` and `invalid_prompt` are
  final, anything else is tried again, `rate_limit_exceeded` after the "try again in 1.3s" of the message. Later versions read `error` too.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import orjson

from gateway.errors import GatewayError
from gateway.neutral.response import Failed
from gateway.wire import sse
from gateway.wire.openai_chat import errors as openai_errors

_TYPES: Final = {
    401: "authentication_error",
    402: "insufficient_quota",
    403: "permission_error",
    429: "rate_limit_error",
}
# Words for a failed response (openai-python `ResponseError.code`) that the gateway's own codes stand for.
_CODES: Final = {402: "insufficient_quota", 408: "server_error", 429: "rate_limit_exceeded"}
_KEPT: Final = frozenset(
    [
        "context_length_exceeded",
        "insufficient_quota",
        "usage_not_included",
        "rate_limit_exceeded",
        "invalid_prompt",
        "cyber_policy",
        "server_is_overloaded",
        "slow_down",
    ]
)

# Codes of a failed response that say the request is at fault.
_REQUEST: Final = frozenset(
    [
        "context_length_exceeded",
        "invalid_prompt",
        "data_residency_mismatch",
        "bio_policy",
        "misalignment_policy_violation",
        "empty_image_file",
        "failed_to_download_image",
        "unsupported_image_media_type",
    ]
)


def status_of(kind: str) -> int:
    """The HTTP status that an error type or code stands for; 502 for one that is not known."""
    if kind in _REQUEST or kind.startswith(("invalid_", "image_")):
        return 400
    return 429 if kind == "usage_not_included" else openai_errors.status_of(kind)


def in_stream(held: Mapping[str, Any]) -> Failed:
    """The error of a failed response or of an `error` event (its `error` object, or the event itself where it is flat)."""
    message = held.get("message")
    names = [
        name for name in (held.get("code"), held.get("type")) if isinstance(name, str) and name not in ("", "error")
    ]
    found = [status_of(name) for name in names if status_of(name) != 502]
    param = held.get("param")
    return Failed(
        message if isinstance(message, str) and message else "The provider reported an error.",
        found[0] if found else 502,
        names[0][:64] if names else "upstream_error",
        param if isinstance(param, str) else None,
    )


def decode_error(status: int, data: Any) -> Failed:
    """An upstream's error answer."""
    return openai_errors.decode(status, data)


def as_body(failed: Failed) -> bytes:
    """A failure as an HTTP body."""
    return openai_errors.encode(failed)


def failed_events(failed: Failed, response: Mapping[str, Any], number: int) -> bytes:
    """The two events; `number` is the first one's sequence number."""
    code = _code(failed)
    kind = _TYPES.get(failed.status, "server_error" if failed.status >= 500 else "invalid_request_error")
    held = {"type": kind, "code": code, "message": failed.message, "param": failed.param}
    first = {**held, "type": "error", "sequence_number": number, "error": held}
    last = {
        "type": "response.failed",
        "sequence_number": number + 1,
        "response": {**response, "status": "failed", "error": {"code": code, "message": failed.message}},
    }
    return sse.encode("error", orjson.dumps(first)) + sse.encode("response.failed", orjson.dumps(last))


def _code(failed: Failed) -> str:
    """The word a client acts on: those that Codex treats in their own way stay, others become the API's own."""
    if failed.code in _KEPT:
        return failed.code
    return _CODES.get(failed.status, "server_error" if failed.status >= 500 else "invalid_prompt")


def failure_of(error: GatewayError) -> Failed:
    """An error of ours as the end of a stream."""
    return Failed(error.message, error.status, error.code, error.param)


def ending(request_id: str) -> dict[str, Any]:
    """A response object of which nothing is known, with what openai-python's `Response` demands."""
    return {
        "id": f"resp_{request_id}",
        "object": "response",
        "created_at": 0,
        "model": "",
        "output": [],
        "parallel_tool_calls": True,
        "tool_choice": "auto",
        "tools": [],
        "incomplete_details": None,
        "instructions": None,
        "metadata": {},
        "temperature": None,
        "top_p": None,
        "usage": None,
    }


def stream_error(error: GatewayError, request_id: str) -> bytes:
    """The mid-stream form where nothing of the stream is known; `ResponsesRelay.failure` knows more."""
    return failed_events(failure_of(error), ending(request_id), 0)
