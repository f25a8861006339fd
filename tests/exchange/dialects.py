"""The smallest conversation in every dialect: what a client asks, what an upstream answers, and how a client reads it."""

from __future__ import annotations

import json
from typing import Any, Final

from gateway.wire import eventstream

WORDS: Final = "Hello there."
MODELS: Final = {
    "openai_chat": "chat-model",
    "openai_responses": "responses-model",
    "anthropic_messages": "claude-model",
    "gemini": "gemini-model",
    "bedrock_converse": "bedrock-model",
}
CLIENTS: Final = ("openai_chat", "openai_responses", "anthropic_messages", "gemini")


def asked(client: str, model: str, *, stream: bool, **more: Any) -> tuple[str, dict[str, Any]]:
    """Target and body of a request that says "hi"."""
    said = [{"role": "user", "content": "hi"}]
    if client == "gemini":
        action = "streamGenerateContent?alt=sse" if stream else "generateContent"
        return f"/v1beta/models/{model}:{action}", {"contents": [{"role": "user", "parts": [{"text": "hi"}]}], **more}
    if client == "openai_responses":
        return "/v1/responses", {"model": model, "input": "hi", "stream": stream, **more}
    if client == "anthropic_messages":
        return "/v1/messages", {"model": model, "max_tokens": 64, "messages": said, "stream": stream, **more}
    return "/v1/chat/completions", {"model": model, "messages": said, "stream": stream, **more}


def whole(upstream: str) -> bytes:
    """An upstream's whole answer: WORDS, 9 tokens in, 3 out."""
    return json.dumps(_WHOLE[upstream]).encode()


_RESPONSE: Final[dict[str, Any]] = {
    "id": "resp_1",
    "object": "response",
    "created_at": 1790000000,
    "status": "completed",
    "model": "up-responses",
    "output": [
        {
            "id": "msg_1",
            "type": "message",
            "role": "assistant",
            "status": "completed",
            "content": [{"type": "output_text", "text": WORDS, "annotations": [], "logprobs": []}],
        }
    ],
    "parallel_tool_calls": True,
    "tool_choice": "auto",
    "tools": [],
    "usage": {
        "input_tokens": 9,
        "input_tokens_details": {"cached_tokens": 0, "cache_write_tokens": 0},
        "output_tokens": 3,
        "output_tokens_details": {"reasoning_tokens": 0},
        "total_tokens": 12,
    },
}
_WHOLE: Final[dict[str, dict[str, Any]]] = {
    "openai_chat": {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1790000000,
        "model": "up-chat",
        "choices": [{"index": 0, "message": {"role": "assistant", "content": WORDS}, "finish_reason": "stop"}],
        "usage": {"prompt_tokens": 9, "completion_tokens": 3, "total_tokens": 12},
    },
    "openai_responses": _RESPONSE,
    "anthropic_messages": {
        "id": "msg_1",
        "type": "message",
        "role": "assistant",
        "model": "up-claude",
        "content": [{"type": "text", "text": WORDS}],
        "stop_reason": "end_turn",
        "stop_sequence": None,
        "usage": {"input_tokens": 9, "output_tokens": 3},
    },
    "gemini": {
        "candidates": [{"content": {"role": "model", "parts": [{"text": WORDS}]}, "finishReason": "STOP", "index": 0}],
        "usageMetadata": {"promptTokenCount": 9, "candidatesTokenCount": 3, "totalTokenCount": 12},
        "modelVersion": "up-gemini",
        "responseId": "r1",
    },
    "bedrock_converse": {
        "output": {"message": {"role": "assistant", "content": [{"text": WORDS}]}},
        "stopReason": "end_turn",
        "usage": {"inputTokens": 9, "outputTokens": 3, "totalTokens": 12},
        "metrics": {"latencyMs": 1},
    },
}


def _sse(*events: dict[str, Any]) -> list[bytes]:
    return [
        (f"event: {event['type']}\n" if "type" in event else "").encode()
        + b"data: "
        + json.dumps(event).encode()
        + b"\n\n"
        for event in events
    ]


def _chunk(**more: Any) -> dict[str, Any]:
    return {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1, "model": "up-chat", **more}


def _said(text: str, reason: str | None = None) -> dict[str, Any]:
    return _chunk(choices=[{"index": 0, "delta": {"content": text}, "finish_reason": reason}])


def _frame(kind: str, data: dict[str, Any]) -> bytes:
    told = {":message-type": "event", ":event-type": kind, ":content-type": "application/json"}
    headers = [eventstream.Header(name, "string", value) for name, value in told.items()]
    return eventstream.encode(headers, json.dumps(data).encode())


def streamed(upstream: str) -> list[bytes]:
    """An upstream's stream of WORDS in two deltas, event by event."""
    first, second = WORDS[:6], WORDS[6:]
    if upstream == "openai_chat":
        usage = _chunk(choices=[], usage=_WHOLE["openai_chat"]["usage"])
        return [*_sse(_said(first), _said(second), _said("", "stop"), usage), b"data: [DONE]\n\n"]
    if upstream == "anthropic_messages":
        message = {
            **_WHOLE[upstream],
            "content": [],
            "stop_reason": None,
            "usage": {"input_tokens": 9, "output_tokens": 1},
        }
        return _sse(
            {"type": "message_start", "message": message},
            {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}},
            {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": first}},
            {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": second}},
            {"type": "content_block_stop", "index": 0},
            {
                "type": "message_delta",
                "delta": {"stop_reason": "end_turn", "stop_sequence": None},
                "usage": {"output_tokens": 3},
            },
            {"type": "message_stop"},
        )
    if upstream == "gemini":
        one = {
            "candidates": [{"content": {"role": "model", "parts": [{"text": first}]}, "index": 0}],
            "responseId": "r1",
        }
        two = json.loads(json.dumps(_WHOLE["gemini"]).replace(WORDS, second))
        return _sse(one, two)
    if upstream == "bedrock_converse":
        return [
            _frame("messageStart", {"role": "assistant"}),
            _frame("contentBlockDelta", {"contentBlockIndex": 0, "delta": {"text": first}}),
            _frame("contentBlockDelta", {"contentBlockIndex": 0, "delta": {"text": second}}),
            _frame("contentBlockStop", {"contentBlockIndex": 0}),
            _frame("messageStop", {"stopReason": "end_turn"}),
            _frame("metadata", {"usage": _WHOLE[upstream]["usage"], "metrics": {"latencyMs": 1}}),
        ]
    return _responses_events(first, second)


def _responses_events(first: str, second: str) -> list[bytes]:
    item = _RESPONSE["output"][0]
    part = item["content"][0]
    at = {"item_id": "msg_1", "output_index": 0, "content_index": 0}
    begun = {**_RESPONSE, "status": "in_progress", "output": [], "usage": None}
    events: list[dict[str, Any]] = [
        {"type": "response.created", "response": begun},
        {
            "type": "response.output_item.added",
            "output_index": 0,
            "item": {**item, "status": "in_progress", "content": []},
        },
        {"type": "response.content_part.added", **at, "part": {**part, "text": ""}},
        {"type": "response.output_text.delta", **at, "delta": first, "logprobs": []},
        {"type": "response.output_text.delta", **at, "delta": second, "logprobs": []},
        {"type": "response.output_text.done", **at, "text": WORDS, "logprobs": []},
        {"type": "response.content_part.done", **at, "part": part},
        {"type": "response.output_item.done", "output_index": 0, "item": item},
        {"type": "response.completed", "response": _RESPONSE},
    ]
    return _sse(*({**event, "sequence_number": number} for number, event in enumerate(events)))


CONTENT_TYPE: Final = {"bedrock_converse": "application/vnd.amazon.eventstream"}


def read(client: str, body: bytes) -> tuple[str, int, int]:
    """What a client of the dialect reads in a whole answer: text, input tokens, output tokens."""
    data = json.loads(body)
    if client == "openai_chat":
        return (
            data["choices"][0]["message"]["content"],
            data["usage"]["prompt_tokens"],
            data["usage"]["completion_tokens"],
        )
    if client == "openai_responses":
        return data["output"][0]["content"][0]["text"], data["usage"]["input_tokens"], data["usage"]["output_tokens"]
    if client == "anthropic_messages":
        return data["content"][0]["text"], data["usage"]["input_tokens"], data["usage"]["output_tokens"]
    usage = data["usageMetadata"]
    text = "".join(part["text"] for part in data["candidates"][0]["content"]["parts"])
    return text, usage["promptTokenCount"], usage["candidatesTokenCount"]


def events(body: bytes) -> list[Any]:
    """The data of every event of a client's stream, `[DONE]` as text."""
    found: list[Any] = []
    for block in body.split(b"\n\n"):
        for line in block.split(b"\n"):
            if line.startswith(b"data: "):
                data = line[6:]
                found.append(data.decode() if data == b"[DONE]" else json.loads(data))
    return found


def text_of(client: str, body: bytes) -> str:
    """The text a client of the dialect puts together from a stream."""
    found = [event for event in events(body) if isinstance(event, dict)]
    if client == "openai_chat":
        return "".join(c["delta"].get("content") or "" for event in found for c in event.get("choices", []))
    if client == "openai_responses":
        return "".join(event["delta"] for event in found if event["type"] == "response.output_text.delta")
    if client == "anthropic_messages":
        return "".join(event["delta"].get("text", "") for event in found if event["type"] == "content_block_delta")
    return "".join(
        part.get("text", "")
        for event in found
        for one in event.get("candidates", [])
        for part in one.get("content", {}).get("parts", [])
    )


def ended_well(client: str, body: bytes) -> bool:
    """Whether a client would take the stream for complete."""
    found = events(body)
    if client == "openai_chat":
        return "[DONE]" in found
    if client == "gemini":
        return any(one.get("finishReason") for event in found for one in event.get("candidates", []))
    good = {"openai_responses": {"response.completed", "response.incomplete"}, "anthropic_messages": {"message_stop"}}
    return any(event.get("type") in good[client] for event in found)


def ended_badly(client: str, body: bytes) -> bool:
    """Whether the last event is the dialect's error."""
    last = events(body)[-1]
    if client == "openai_responses":
        return last["type"] in {"error", "response.failed"}
    return isinstance(last, dict) and bool(last.get("error"))
