"""A little reader of Messages streams that knows the vendor's rules and nothing of the encoder.

https://platform.claude.com/docs/en/build-with-claude/streaming#event-types
"""

from __future__ import annotations

import json
from typing import Any

DELTAS = {
    "text": {"text_delta", "citations_delta"},
    "thinking": {"thinking_delta", "signature_delta"},
    "tool_use": {"input_json_delta"},
    "server_tool_use": {"input_json_delta"},
}
FILLED = {"text", "thinking", "tool_use"}


def parse(stream: bytes) -> list[dict[str, Any]]:
    """The events; each has an `event:` line that names its type, one `data:` line and a blank line."""
    assert not stream or stream.endswith(b"\n\n")
    found = []
    for piece in stream.decode().split("\n\n")[:-1]:
        first, second = piece.split("\n")
        assert first.startswith("event: ")
        assert second.startswith("data: ")
        data = json.loads(second.removeprefix("data: "))
        assert data["type"] == first.removeprefix("event: ")
        found.append(data)
    return found


def check(stream: bytes) -> list[dict[str, Any]]:
    """Assert the grammar of a whole stream; returns its blocks as a client would hold them."""
    events = [event for event in parse(stream) if event["type"] != "ping"]
    kinds = [event["type"] for event in events]
    if kinds == ["error"]:
        return []
    assert kinds[0] == "message_start"
    assert kinds.count("message_start") == 1
    assert events[0]["message"]["content"] == []
    assert kinds[-1] in ("message_stop", "error")
    assert sum(kinds.count(kind) for kind in ("message_stop", "error")) == 1
    if kinds[-1] == "message_stop":
        assert kinds[-2] == "message_delta"
        assert kinds.count("message_delta") == 1
        assert events[-2]["delta"]["stop_reason"]
        assert events[-2]["usage"]["output_tokens"] >= 0
    else:
        assert set(events[-1]["error"]) == {"type", "message"}
    return _blocks([event for event in events if event["type"].startswith("content_block")], kinds[-1] == "error")


def _blocks(events: list[dict[str, Any]], cut: bool) -> list[dict[str, Any]]:
    blocks: list[dict[str, Any]] = []
    is_open, deltas, sealed = False, 0, False
    for event in events:
        if event["type"] == "content_block_start":
            assert not is_open
            assert event["index"] == len(blocks)
            blocks.append({**event["content_block"], "json": ""})
            is_open, deltas, sealed = True, 0, False
            continue
        assert is_open
        assert event["index"] == len(blocks) - 1
        block = blocks[-1]
        if event["type"] == "content_block_stop":
            assert deltas or block["type"] not in FILLED
            is_open = False
            if block["json"]:
                block["input"] = json.loads(block["json"])
            continue
        assert not sealed  # a signature is the last of its block
        assert event["delta"]["type"] in DELTAS[block["type"]]
        sealed = event["delta"]["type"] == "signature_delta"
        deltas += 1
        _grow(block, event["delta"])
    assert cut or not is_open
    return blocks


def _grow(block: dict[str, Any], delta: dict[str, Any]) -> None:
    for name, member in (("text", "text"), ("thinking", "thinking"), ("partial_json", "json")):
        block_member = delta.get(name)
        if block_member is not None:
            block[member] += block_member
    if "signature" in delta:
        block["signature"] = delta["signature"]
    if "citation" in delta:
        block.setdefault("citations", []).append(delta["citation"])
