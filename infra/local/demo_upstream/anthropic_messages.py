"""Anthropic's Messages API, as https://docs.claude.com/en/api/messages and …/messages-streaming describe it."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping
from typing import Any

from infra.local.demo_upstream.behaviour import Pace, UpstreamError
from infra.local.demo_upstream.speech import Answer, Question, Tool, answer, tokens, words
from infra.local.demo_upstream.web import Reply, Request, new_id, sse

MODELS = ("demo-claude",)
STOP = {"stop": "end_turn", "length": "max_tokens", "stop_sequence": "stop_sequence", "tool_call": "tool_use"}
KINDS = {
    400: "invalid_request_error",
    401: "authentication_error",
    402: "billing_error",
    403: "permission_error",
    404: "not_found_error",
    409: "conflict_error",
    413: "request_too_large",
    429: "rate_limit_error",
    504: "timeout_error",
    529: "overloaded_error",
}


def error(fault: UpstreamError) -> Reply:
    """The error body and the headers around it."""
    kind = KINDS.get(fault.status, "invalid_request_error" if fault.status < 500 else "api_error")
    identifier = new_id("req_")
    waits = {"retry-after": "1"} if fault.status == 429 else {}
    body = {"type": "error", "error": {"type": kind, "message": fault.message}, "request_id": identifier}
    return Reply(body, fault.status, {"request-id": identifier, **waits})


def models() -> Reply:
    """GET /v1/models."""
    rows = [
        {"type": "model", "id": name, "display_name": "Demo Claude", "created_at": "2026-01-01T00:00:00Z"}
        for name in MODELS
    ]
    return Reply({"data": rows, "has_more": False, "first_id": MODELS[0], "last_id": MODELS[-1]})


def _blocks(content: Any) -> list[Mapping[str, Any]]:
    if isinstance(content, str):
        return [{"type": "text", "text": content}]
    return [block for block in content if isinstance(block, Mapping)] if isinstance(content, list) else []


def _text(content: Any) -> str:
    texts = []
    for block in _blocks(content):
        nested = block.get("content") if block.get("type") == "tool_result" else None
        texts.append(_text(nested) if nested is not None else str(block.get("text", "")))
    return "\n".join(text for text in texts if text)


def _tool_result(message: Mapping[str, Any]) -> str | None:
    results = [block for block in _blocks(message.get("content")) if block.get("type") == "tool_result"]
    return _text(results) if results else None


def _force(choice: Any) -> str | None:
    if not isinstance(choice, Mapping) or choice.get("type") not in {"any", "tool"}:
        return None
    return str(choice.get("name", "any"))


def question(body: Mapping[str, Any]) -> Question:
    """The question in a Messages request; UpstreamError 400 when it is not one."""
    messages = body.get("messages")
    if not isinstance(messages, list) or not messages or not all(isinstance(item, Mapping) for item in messages):
        raise UpstreamError(400, "messages: at least one message is required")
    users = [_text(item.get("content")) for item in messages if item.get("role") == "user"]
    blocks = [block for item in messages for block in _blocks(item.get("content"))]
    spent = sum(3 + tokens(_text(item.get("content"))) for item in messages) + tokens(_text(body.get("system")))
    offered = tuple(Tool(str(tool.get("name", "")), tool.get("input_schema") or {}) for tool in body.get("tools") or ())
    return Question(
        model=str(body.get("model", "")),
        last=users[-1] if users else "",
        input_tokens=spent + tokens(json.dumps(body.get("tools") or "")),
        tools=() if (body.get("tool_choice") or {}).get("type") == "none" else offered,
        force=_force(body.get("tool_choice")),
        tool_result=_tool_result(messages[-1]),
        max_tokens=body.get("max_tokens"),
        stops=tuple(body.get("stop_sequences") or ()),
        images=sum(block.get("type") == "image" for block in blocks),
    )


def count(request: Request) -> Reply:
    """POST /v1/messages/count_tokens."""
    return Reply({"input_tokens": question(request.body).input_tokens})


async def create(request: Request, pace: Pace) -> Reply:
    """POST /v1/messages."""
    if not isinstance(request.body.get("max_tokens"), int):
        raise UpstreamError(400, "max_tokens: Field required")
    asked = question(request.body)
    said = answer(asked)
    await pace.begin()
    if request.body.get("stream"):
        return Reply(stream=_events(asked, said, pace), media_type="text/event-stream; charset=utf-8")
    message = _message(asked) | {"content": _content(said), "stop_reason": STOP[said.ended], "stop_sequence": said.stop}
    return Reply(message | {"usage": _usage(asked, said.output_tokens)})


def _usage(asked: Question, output: int) -> dict[str, Any]:
    return {
        "input_tokens": asked.input_tokens,
        "cache_creation_input_tokens": 0,
        "cache_read_input_tokens": 0,
        "cache_creation": {"ephemeral_5m_input_tokens": 0, "ephemeral_1h_input_tokens": 0},
        "output_tokens": output,
        "service_tier": "standard",
    }


def _message(asked: Question) -> dict[str, Any]:
    return {
        "id": new_id("msg_"),
        "type": "message",
        "role": "assistant",
        "model": asked.model,
        "content": [],
        "stop_reason": None,
        "stop_sequence": None,
        "usage": _usage(asked, 1),
    }


def _content(said: Answer) -> list[dict[str, Any]]:
    if said.call is None:
        return [{"type": "text", "text": said.text}]
    return [{"type": "tool_use", "id": new_id("toolu_"), "name": said.call.name, "input": said.call.arguments}]


async def _events(asked: Question, said: Answer, pace: Pace) -> AsyncIterator[bytes]:
    def event(kind: str, **fields: Any) -> bytes:
        return sse({"type": kind, **fields}, kind)

    block = _content(said)[0]
    start = {**block, "text": ""} if said.call is None else {**block, "input": {}}
    yield event("message_start", message=_message(asked))
    yield event("content_block_start", index=0, content_block=start)
    yield event("ping")
    async for delta in _deltas(said, pace):
        yield event("content_block_delta", index=0, delta=delta)
    yield event("content_block_stop", index=0)
    ending = {"stop_reason": STOP[said.ended], "stop_sequence": said.stop}
    yield event("message_delta", delta=ending, usage={"output_tokens": said.output_tokens})
    yield event("message_stop")


async def _deltas(said: Answer, pace: Pace) -> AsyncIterator[dict[str, Any]]:
    if said.call is None:
        async for word in pace.spaced(words(said.text)):
            yield {"type": "text_delta", "text": word}
        return
    yield {"type": "input_json_delta", "partial_json": ""}
    async for piece in pace.spaced(words(json.dumps(said.call.arguments, ensure_ascii=False))):
        yield {"type": "input_json_delta", "partial_json": piece}
