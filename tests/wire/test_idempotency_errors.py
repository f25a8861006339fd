"""What a client is told of its idempotency key, in the words of its dialect."""

from __future__ import annotations

import json
from typing import Any

import pytest

from gateway.errors import GatewayError, IdempotencyInProgress, IdempotencyMismatch
from gateway.ingress.endpoints import error_form

CHAT, RESPONSES, MESSAGES = "/v1/chat/completions", "/v1/responses", "/v1/messages"
GEMINI = "/v1beta/models/m:generateContent"


def told(error: GatewayError, path: str) -> Any:
    return json.loads(error_form(path).render(error, "req_1"))


@pytest.mark.parametrize("path", [CHAT, RESPONSES])
@pytest.mark.parametrize(
    ("kind", "status", "code"),
    [(IdempotencyInProgress, 409, "idempotency_key_in_use"), (IdempotencyMismatch, 422, "idempotency_key_reused")],
)
def test_openai(kind: type[IdempotencyInProgress | IdempotencyMismatch], status: int, code: str, path: str) -> None:
    error = kind()
    assert error.status == status
    found = told(error, path)["error"]
    assert (found["type"], found["code"], found["param"]) == ("invalid_request_error", code, "Idempotency-Key")
    assert "Idempotency-Key" in found["message"]


def test_anthropic() -> None:
    found = [told(error, MESSAGES)["error"] for error in (IdempotencyInProgress(), IdempotencyMismatch())]
    assert [one["type"] for one in found] == ["conflict_error", "invalid_request_error"]
    assert all("Idempotency-Key" in one["message"] for one in found)


def test_gemini_which_is_told_the_wait_in_the_body_too() -> None:
    running, other = (told(error, GEMINI)["error"] for error in (IdempotencyInProgress(), IdempotencyMismatch()))
    assert (running["code"], running["status"]) == (409, "ABORTED")
    assert running["details"] == [{"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "1s"}]
    assert (other["code"], other["status"]) == (422, "INVALID_ARGUMENT")
    assert "details" not in other


def test_only_the_one_that_passes_is_to_be_repeated() -> None:
    """`x-should-retry` is what the SDKs of OpenAI and Anthropic go by before the status."""
    running, other = IdempotencyInProgress(), IdempotencyMismatch()
    assert (running.retryable, running.headers) == (True, {"retry-after": "1", "x-should-retry": "true"})
    assert (other.retryable, other.headers) == (False, {"x-should-retry": "false"})
