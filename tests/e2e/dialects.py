"""How a client of each dialect recognises an error, in a body and in a stream, and a good end."""

from __future__ import annotations

import json
from typing import Any

PATH = {"chat": "/v1/chat/completions", "claude": "/v1/messages"}


def request(prefix: str, model: str, stream: bool = False, **more: Any) -> dict[str, Any]:
    """A small valid request of the dialect."""
    body = {"model": model, "max_tokens": 16, "messages": [{"role": "user", "content": "hi"}], **more}
    return {**body, "stream": True} if stream else body


def error_in_body(path: str, content: bytes) -> dict[str, Any]:
    """The error object of an answer in the dialect of the path; AssertionError when it is not one."""
    data = json.loads(content)
    error: dict[str, Any] = data["error"]
    assert isinstance(error["message"], str)
    assert error["message"]
    assert isinstance(error["type"], str)
    if path.startswith("/v1/messages"):
        assert data["type"] == "error"
        assert set(error) == {"type", "message"}
    else:
        assert set(data) == {"error"}
        assert set(error) == {"message", "type", "param", "code"}
    return error


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
    return isinstance(data, dict) and bool(data.get("error"))


def ends_well(prefix: str, content: bytes) -> bool:
    """Whether a client would take the stream for complete: its terminal event is there, whole."""
    seen = [data for _name, data in events_of(content)]
    return any(data == "[DONE]" or (isinstance(data, dict) and data.get("type") == "message_stop") for data in seen)
