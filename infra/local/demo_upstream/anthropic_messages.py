"""Anthropic's Messages API, as https://docs.claude.com/en/api/messages and …/messages-streaming describe it."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any

from infra.local.demo_upstream.behaviour import Pace, UpstreamError
from infra.local.demo_upstream.speech import Answer, Question, Tool, answer, sign, tokens, words
from infra.local.demo_upstream.web import Reply, Request, new_id, sse

MODELS = ("demo-claude",)
DIALECT = "anthropic_messages"
# What a block is while none of its deltas has come.
EMPTY: Mapping[str, Mapping[str, Any]] = {
    "text": {"text": ""},
    "thinking": {"thinking": "", "signature": ""},
    "tool_use": {"input": {}},
}
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


def _own_text(message: Mapping[str, Any]) -> str:
    return _text([block for block in _blocks(message.get("content")) if block.get("type") != "tool_result"])


def _results(messages: Sequence[Mapping[str, Any]]) -> str | None:
    """The tools' answers in the newest message; UpstreamError 400 where calls and answers are not those of neighbouring messages."""
    open_calls: list[str] = []
    results: list[Mapping[str, Any]] = []
    for number, message in enumerate(messages):
        blocks = _blocks(message.get("content"))
        results = [block for block in blocks if block.get("type") == "tool_result"]
        answered = [str(block.get("tool_use_id")) for block in results]
        place = f"messages.{number}"
        for identifier in answered:
            if identifier not in open_calls:
                words = "Each `tool_result` block must have a corresponding `tool_use` block in the previous message."
                raise UpstreamError(
                    400, f"{place}: unexpected `tool_use_id` found in `tool_result` blocks: {identifier}. {words}"
                )
        if set(open_calls) - set(answered):
            words = "`tool_use` ids were found without `tool_result` blocks immediately after"
            raise UpstreamError(400, f"{place}: {words}: {', '.join(open_calls)}.")
        open_calls = [str(block.get("id")) for block in blocks if block.get("type") == "tool_use"]
    return _text(results) if results else None


def _check(messages: Sequence[Mapping[str, Any]]) -> None:
    """What the Messages API refuses in blocks: ids of other letters, empty texts, thoughts that are not its own."""
    for block in (block for message in messages for block in _blocks(message.get("content"))):
        kind = block.get("type")
        if kind == "text" and not str(block.get("text", "")).strip():
            raise UpstreamError(400, "messages: text content blocks must be non-empty")
        if kind == "tool_use" and not re.fullmatch(r"[a-zA-Z0-9_-]+", str(block.get("id", ""))):
            raise UpstreamError(400, "messages: tool_use.id: String should match pattern '^[a-zA-Z0-9_-]+$'")
        if kind == "tool_use" and not isinstance(block.get("input"), Mapping):
            raise UpstreamError(400, "messages: tool_use.input: Input should be a valid dictionary")
        if kind == "thinking" and block.get("signature") != sign(DIALECT, str(block.get("thinking", ""))):
            raise UpstreamError(400, "messages: Invalid `signature` in `thinking` block")


def _check_thinking(body: Mapping[str, Any], messages: Sequence[Mapping[str, Any]]) -> None:
    """What the Messages API refuses of thinking with a budget.

    https://platform.claude.com/docs/en/build-with-claude/extended-thinking#extended-thinking-with-tool-use
    """
    thinking = body.get("thinking") or {}
    if thinking.get("type") != "enabled":
        return
    budget = thinking.get("budget_tokens")
    if not isinstance(budget, int) or budget < 1024:
        raise UpstreamError(400, "thinking.enabled.budget_tokens: Input should be greater than or equal to 1024")
    if "max_tokens" in body and budget >= body["max_tokens"]:
        raise UpstreamError(400, "`max_tokens` must be greater than `thinking.budget_tokens`.")
    if body.get("temperature", 1) != 1:
        raise UpstreamError(400, "`temperature` may only be set to 1 when thinking is enabled.")
    if _force(body.get("tool_choice")) is not None:
        raise UpstreamError(400, "Thinking may not be enabled when tool_choice forces tool use.")
    before = _blocks(messages[-2].get("content")) if len(messages) > 1 and _results(messages) is not None else []
    if before and before[0].get("type") not in {"thinking", "redacted_thinking"}:
        found = f"Expected `thinking` or `redacted_thinking`, but found `{before[0].get('type')}`"
        raise UpstreamError(400, f"messages.{len(messages) - 2}.content.0.type: {found}.")


def _force(choice: Any) -> str | None:
    if not isinstance(choice, Mapping) or choice.get("type") not in {"any", "tool"}:
        return None
    return str(choice.get("name", "any"))


def _held(messages: Sequence[Mapping[str, Any]], kind: str) -> int:
    """Blocks of a kind, also those inside the answers of tools."""
    blocks = [block for message in messages for block in _blocks(message.get("content"))]
    inner = [part for block in blocks if block.get("type") == "tool_result" for part in _blocks(block.get("content"))]
    return sum(block.get("type") == kind for block in [*blocks, *inner])


def _schema(body: Mapping[str, Any]) -> Mapping[str, Any] | None:
    form = (body.get("output_config") or {}).get("format") or body.get("output_format") or {}
    return (form.get("schema") or {}) if form.get("type") == "json_schema" else None


def _thinks(body: Mapping[str, Any]) -> bool | None:
    kind = (body.get("thinking") or {}).get("type")
    return None if kind is None else kind in {"enabled", "adaptive"}


def question(body: Mapping[str, Any]) -> Question:
    """The question in a Messages request; UpstreamError 400 when it is not one."""
    messages = body.get("messages")
    if not isinstance(messages, list) or not messages or not all(isinstance(item, Mapping) for item in messages):
        raise UpstreamError(400, "messages: at least one message is required")
    _check(messages)
    _check_thinking(body, messages)
    users = [_own_text(item) for item in messages if item.get("role") == "user" and _own_text(item)]
    spent = sum(3 + tokens(_text(item.get("content"))) for item in messages) + tokens(_text(body.get("system")))
    offered = tuple(Tool(str(tool.get("name", "")), tool.get("input_schema") or {}) for tool in body.get("tools") or ())
    return Question(
        model=str(body.get("model", "")),
        last=users[-1] if users else "",
        input_tokens=spent + tokens(json.dumps(body.get("tools") or "")),
        tools=() if (body.get("tool_choice") or {}).get("type") == "none" else offered,
        force=_force(body.get("tool_choice")),
        tool_result=_results(messages),
        schema=_schema(body),
        max_tokens=body.get("max_tokens"),
        stops=tuple(body.get("stop_sequences") or ()),
        images=_held(messages, "image"),
        files=_held(messages, "document"),
        think=_thinks(body),
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
    ending = {"stop_reason": STOP[said.ended], "stop_sequence": said.stop}
    return Reply(_message(asked) | {"content": _content(said), "usage": _usage(asked, _spent(said)), **ending})


def _spent(said: Answer) -> int:
    return said.output_tokens + said.thought_tokens


def _usage(asked: Question, output: int) -> dict[str, Any]:
    return {
        "input_tokens": asked.input_tokens - asked.cached_tokens,
        "cache_creation_input_tokens": 0,
        "cache_read_input_tokens": asked.cached_tokens,
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
    thought = {"type": "thinking", "thinking": said.thought, "signature": sign(DIALECT, said.thought)}
    calls = [
        {"type": "tool_use", "id": new_id("toolu_"), "name": call.name, "input": call.arguments} for call in said.calls
    ]
    return [*([thought] if said.thought else []), *(calls or [{"type": "text", "text": said.text}])]


async def _events(asked: Question, said: Answer, pace: Pace) -> AsyncIterator[bytes]:
    def event(kind: str, **fields: Any) -> bytes:
        return sse({"type": kind, **fields}, kind)

    yield event("message_start", message=_message(asked))
    yield event("ping")
    try:
        for index, block in enumerate(_content(said)):
            yield event("content_block_start", index=index, content_block={**block, **EMPTY[block["type"]]})
            async for delta in _deltas(block, pace):
                yield event("content_block_delta", index=index, delta=delta)
            yield event("content_block_stop", index=index)
    except UpstreamError as fault:
        yield event("error", error={"type": "api_error", "message": fault.message})
        return
    ending = {"stop_reason": STOP[said.ended], "stop_sequence": said.stop}
    yield event("message_delta", delta=ending, usage={"output_tokens": _spent(said)})
    yield event("message_stop")


async def _deltas(block: Mapping[str, Any], pace: Pace) -> AsyncIterator[dict[str, Any]]:
    if block["type"] == "text":
        async for word in pace.spaced(words(block["text"])):
            yield {"type": "text_delta", "text": word}
    elif block["type"] == "thinking":
        async for word in pace.spaced(words(block["thinking"])):
            yield {"type": "thinking_delta", "thinking": word}
        yield {"type": "signature_delta", "signature": block["signature"]}
    else:
        yield {"type": "input_json_delta", "partial_json": ""}
        async for piece in pace.spaced(words(json.dumps(block["input"], ensure_ascii=False))):
            yield {"type": "input_json_delta", "partial_json": piece}
