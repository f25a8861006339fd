"""How a client of each dialect recognises an error, in a body and in a stream, and a good end."""

from __future__ import annotations

import json
from typing import Any

PATH = {"chat": "/v1/chat/completions", "responses": "/v1/responses", "claude": "/v1/messages"}
GOOGLE_STATUS = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    429: "RESOURCE_EXHAUSTED",
}


def request(prefix: str, model: str, stream: bool = False, **more: Any) -> dict[str, Any]:
    """A small valid request of the dialect."""
    body = {"model": model, "max_tokens": 16, "messages": [{"role": "user", "content": "hi"}], **more}
    if prefix == "responses":
        body = {"model": model, "input": "hi", "store": False, **more}
    return {**body, "stream": True} if stream else body


def error_in_body(path: str, content: bytes) -> dict[str, Any]:
    """The error object of an answer in the dialect of the path; AssertionError when it is not one."""
    data = json.loads(content)
    error: dict[str, Any] = data["error"]
    assert isinstance(error["message"], str)
    assert error["message"]
    if speaks_gemini(path):
        assert set(data) == {"error"}
        assert set(error) <= {"code", "message", "status", "details"}
        assert isinstance(error["code"], int)
        assert error["status"] == GOOGLE_STATUS.get(error["code"], error["status"])
        return error
    assert isinstance(error["type"], str)
    if path.startswith("/v1/messages"):
        assert data["type"] == "error"
        assert set(error) == {"type", "message"}
    else:
        assert set(data) == {"error"}
        assert set(error) == {"message", "type", "param", "code"}
    return error


def speaks_gemini(path: str) -> bool:
    """Whether a path is one of Gemini's."""
    return path.startswith("/v1beta") or (path.startswith("/v1/models/") and ":" in path)


def events_of(content: bytes) -> list[tuple[str | None, Any]]:
    """Name and decoded data of every whole event of a stream; text that is not JSON stays text."""
    found = []
    for block in content.replace(b"\r\n", b"\n").split(b"\n\n")[:-1]:
        lines = [line.partition(b":") for line in block.split(b"\n")]
        name = next((value.strip().decode() for key, _, value in lines if key == b"event"), None)
        data = b"\n".join(value.removeprefix(b" ") for key, _, value in lines if key == b"data")
        if data:
            found.append((name, _decoded(data)))
    return found


def _decoded(data: bytes) -> Any:
    try:
        return json.loads(data)
    except ValueError:
        return data.decode(errors="replace")


def ends_with_error(prefix: str, content: bytes) -> bool:
    """Whether the last event of a stream is the dialect's own error event."""
    found = events_of(content)
    if not found:
        return False
    name, data = found[-1]
    if prefix == "claude":
        return name == "error" and isinstance(data, dict) and data.get("type") == "error" and bool(data.get("error"))
    if prefix == "responses":
        failed = isinstance(data, dict) and data.get("type") in {"error", "response.failed"}
        return failed and name == data["type"]
    return isinstance(data, dict) and bool(data.get("error"))


def ends_well(prefix: str, content: bytes) -> bool:
    """Whether a client would take the stream for complete: its terminal event is there, whole."""
    seen = [data for _name, data in events_of(content)]
    if prefix == "gemini":
        return gemini_is_over(seen)
    terminal = {"message_stop", "response.completed", "response.incomplete"}
    return any(data == "[DONE]" or (isinstance(data, dict) and data.get("type") in terminal) for data in seen)


def gemini_is_over(seen: list[Any]) -> bool:
    """Whether every candidate that began has said why it ended, or the prompt was blocked: Gemini has no terminal event."""
    open_ones: dict[int, bool] = {}
    for data in seen:
        if not isinstance(data, dict):
            return False
        if (data.get("promptFeedback") or {}).get("blockReason"):
            return True
        for one in data.get("candidates") or ():
            number = one.get("index", 0)
            open_ones[number] = open_ones.get(number, True) and not one.get("finishReason")
    return bool(open_ones) and not any(open_ones.values())
